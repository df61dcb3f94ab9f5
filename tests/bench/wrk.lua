-- For wrk: METHOD and BODY come from the environment. "{n}" in the path or the
-- body is a number that grows with each second request, "{a|b}" is a for the
-- first and b for the second. Ends with the figures of the sample on one line.
wrk.method = os.getenv("METHOD") or "GET"
wrk.body = os.getenv("BODY")
if wrk.body then
	wrk.headers["Content-Type"] = "application/json"
end

local first, count = tonumber(os.getenv("FIRST") or 1), 0

local function fill_in(text)
	text = text:gsub("{n}", first + math.floor(count / 2))
	return (text:gsub("{([^{}|]*)|([^{}|]*)}", count % 2 == 0 and "%1" or "%2"))
end

local text = (os.getenv("REQUEST_PATH") or "") .. (wrk.body or "")
if text:find("{n}", 1, true) or text:find("{[^{}|]*|") then
	local path, body = os.getenv("REQUEST_PATH"), wrk.body
	function request()
		local r = wrk.format(nil, fill_in(path), nil, body and fill_in(body))
		count = count + 1
		return r
	end
end

function done(summary, latency)
	local e = summary.errors
	print(string.format("sample\t%.1f\t%.3f\t%.3f\t%d\t%d",
		summary.requests / (summary.duration / 1e6),
		latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
		e.connect + e.read + e.write + e.status + e.timeout,
		summary.requests > 0 and summary.bytes / summary.requests or 0))
end
