-- Sets the count of a server. KEYS: the counter; ARGV: the server, its count, for how many milliseconds it holds.
if ARGV[2] == '0' then
    redis.call('HDEL', KEYS[1], ARGV[1])
else
    local time = redis.call('TIME')
    local forgotten = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[3])
    redis.call('HSET', KEYS[1], ARGV[1], string.format('%s %.0f', ARGV[2], forgotten))
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return 1
