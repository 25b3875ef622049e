-- Puts a request into a leaky bucket, unless it overflows then. In thousandths of a request and milliseconds of this server's clock.
-- KEYS: the bucket; ARGV: what leaks, in how long, the burst, "1" to count the request. Returns what is in it besides the request.
local leak, per, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local bucket = redis.call('HMGET', KEYS[1], 'excess', 'last')
local excess, last = 0, now
if bucket[1] then
    last = math.max(now, tonumber(bucket[2]))
    local leaked = math.floor(leak * (last - tonumber(bucket[2])) / per)
    excess = math.max(0, tonumber(bucket[1]) - leaked + 1000)
end
if excess <= burst and ARGV[4] == '1' then
    redis.call('HSET', KEYS[1], 'excess', string.format('%.0f', excess), 'last', string.format('%.0f', last))
    redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.ceil((excess + 1000) * per / leak) + 1000))
end
return excess
