-- For wrk: METHOD, REQUEST_PATH, BODY and HEADER ("Name: value") come from the
-- environment. In each of them "{n}" is a number that grows with each request, and
-- begins again after RUN of them, once; then "{a|b}" is a for the first time and b
-- for the second. "{count}" grows with each request; "{id}" is a number from 1 to
-- IDS, far from the last one. Ends with the figures of the sample on one line.
wrk.method = os.getenv("METHOD") or "GET"
wrk.body = os.getenv("BODY")
if wrk.body then
	wrk.headers["Content-Type"] = "application/json"
end

local path, body = os.getenv("REQUEST_PATH"), wrk.body
-- more than there are connections, so that no two change the same thing at once
local RUN = 256
local first, count = tonumber(os.getenv("FIRST") or 1), 0
local ids = tonumber(os.getenv("IDS") or 1)
local name, value = (os.getenv("HEADER") or ""):match("^([^:]+): *(.*)$")
if name then
	wrk.headers[name] = value
end

local function fill_in(text)
	local twice, again = math.floor(count / (2 * RUN)), math.floor(count / RUN) % 2 == 1
	text = text:gsub("{n}", first + twice * RUN + count % RUN)
	text = text:gsub("{count}", string.format("%d", first * 100000 + count))
	text = text:gsub("{id}", 1 + (first + count) * 7919 % ids)
	return (text:gsub("{([^{}|]*)|([^{}|]*)}", again and "%2" or "%1"))
end

local text = table.concat({ path, body or "", value or "" }, "\n")
if text ~= fill_in(text) then
	function request()
		if name then
			wrk.headers[name] = fill_in(value)
		end
		local r = wrk.format(nil, fill_in(path), nil, body and fill_in(body))
		count = count + 1
		return r
	end
end

function done(summary, latency)
	local e = summary.errors
	print(string.format("sample\t%.1f\t%.3f\t%.3f\t%d\t%d\t%d",
		summary.requests / (summary.duration / 1e6),
		latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
		e.connect + e.read + e.write + e.status + e.timeout,
		summary.requests > 0 and summary.bytes / summary.requests or 0,
		summary.requests))
end
