-- Counts one less for a server. KEYS: the counter; ARGV: the server.
local field = redis.call('HGET', KEYS[1], ARGV[1])
local count, forgotten = string.match(field or '', '^(%d+) (%d+)$')
if count and tonumber(count) > 1 then
    redis.call('HSET', KEYS[1], ARGV[1], string.format('%d %s', tonumber(count) - 1, forgotten))
else
    redis.call('HDEL', KEYS[1], ARGV[1])
end
return 1
