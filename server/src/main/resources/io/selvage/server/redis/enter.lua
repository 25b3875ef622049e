-- Counts one more for a server, unless all servers together have as many as are allowed.
-- KEYS: the counter, whose fields are servers with their counts and when these are forgotten;
-- ARGV: the server, the most, for how many milliseconds its count holds. Returns 1 if it is counted.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local own, total = 0, 0
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
    local count, forgotten = string.match(fields[i + 1], '^(%d+) (%d+)$')
    if not count or tonumber(forgotten) <= now then
        redis.call('HDEL', KEYS[1], fields[i])
    else
        total = total + tonumber(count)
        own = fields[i] == ARGV[1] and tonumber(count) or own
    end
end
if total >= tonumber(ARGV[2]) then
    return 0
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%d %.0f', own + 1, now + tonumber(ARGV[3])))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
