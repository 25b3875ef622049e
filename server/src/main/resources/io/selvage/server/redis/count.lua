-- How many all servers together have now. KEYS: the counter.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local total = 0
for _, value in ipairs(redis.call('HVALS', KEYS[1])) do
    local count, forgotten = string.match(value, '^(%d+) (%d+)$')
    if count and tonumber(forgotten) > now then
        total = total + tonumber(count)
    end
end
return total
