# What must be so under every web server: the tests of shared hosting share it.
# shellcheck shell=bash
# shellcheck disable=SC2154 # kit, scratch and auth are the script's

main_suites="seed_login seed_raise seed_list seed_show seed_change seed_actions seed_organization"

# Runs the script again within an instance with the settings that the tests need.
in_hosting_instance() { # script
	if [[ ! ${DOCKETCTL:-} ]]; then
		forget_settings BUILD STATE PORT
		PORT=${PORT:-$(free_port)} LINEAR_WEBHOOK_SECRET=$(two_secrets)
		export PORT LINEAR_WEBHOOK_SECRET CORS_ORIGINS=https://portal.example.com SIGNUP=on
		export LOGIN_RATE=1000r/s RAISES_PER_HOUR=5000 COMMENTS_PER_HOUR=5000
	fi
	in_own_instance "hosting-$(basename "$1")" "$1"
	export CK_DEFAULT_TIMEOUT=${CK_DEFAULT_TIMEOUT:-180}
}

fails() { ! "$@"; } # command…

api_suite() { # name
	CK_RUN_SUITE=$1 timeout 300 build/asan/tests/api >"$scratch/suite.log" 2>&1 || {
		grep -vE '^Running|^ *ok ' "$scratch/suite.log" | cut -c-600 | head -60
		return 1
	}
	! grep -q 'Checks: 0,' "$scratch/suite.log"
}

# The status and the body of a response, on two lines.
answer() { curl -s -m 60 -w '\n%{http_code} %{content_type}' "$@"; } # curl's arguments…

bytes() { head -c "$1" /dev/zero | tr '\0' x; } # how many

test_paths() {
	check "a path of two parts" says '"status":"ok"' answer "$BASE_URL/api/health/"
	check "a query" says '"results":[' answer "$BASE_URL/api/issues/?page_size=1" "${auth[@]}"
	check "an unknown filter value" says '400 application/json' \
		answer "$BASE_URL/api/issues/?status=none" "${auth[@]}"
	check "the next page" says "\"next\":\"$BASE_URL/api/issues/?page_size=1&page=2\"" \
		answer "$BASE_URL/api/issues/?page_size=1" "${auth[@]}"
	check "without its last slash" says "$BASE_URL/api/issues/?a=b" \
		curl -s -o /dev/null -w '%{redirect_url}' "$BASE_URL/api/issues?a=b"
	check "an unknown path" says '"code":"not_found"' answer "$BASE_URL/api/nonsense/"
	check "another method" says '"code":"method_not_allowed"' \
		answer -X DELETE "$BASE_URL/api/health/"
	check "slashes and dots" says '"status":"ok"' \
		answer --path-as-is "$BASE_URL//api/./x/../health/"
	check "no token" says '"code":"not_authenticated"' answer "$BASE_URL/api/issues/"
	check "a page of the portal" says '200 text/html' answer "$BASE_URL/issues/7"
	check "a file of the portal" says '200 text/css' answer "$BASE_URL/css/base.css"
	check "no such file" says '404 text/html' answer "$BASE_URL/nothing"
	check "the program itself" fails curl -fs "$BASE_URL/docket.fcgi"
}

test_bodies() { # code of the answer to a body in chunks
	local n path
	for n in 262145 400000 3000000; do
		bytes "$n" >"$scratch/body"
		for path in client/issues/raise nonsense; do
			check "$n bytes to $path" says "\"status_code\":4" answer \
				"$BASE_URL/api/$path/" -H 'Content-Type: application/json' \
				-H 'Expect:' "${auth[@]}" --data-binary "@$scratch/body"
		done
		check "$n bytes" says '"code":"too_large"' answer "$BASE_URL/api/issues/" \
			-H 'Content-Type: application/json' -H 'Expect:' "${auth[@]}" \
			--data-binary "@$scratch/body"
	done
	bytes 100000 >"$scratch/body"
	check "as large as an issue can be" says '"code":"parse_error"' answer \
		"$BASE_URL/api/issues/" -H 'Content-Type: application/json' "${auth[@]}" \
		--data-binary "@$scratch/body"
	check "in chunks" says "\"code\":\"$1\"" answer "$BASE_URL/api/issues/" \
		-H 'Content-Type: application/json' -H 'Transfer-Encoding: chunked' \
		"${auth[@]}" -d '{"title":""}'
	bytes 200000 >"$scratch/body"
	check "in many chunks" says '"status_code":4' answer "$BASE_URL/api/issues/" \
		-H 'Content-Type: application/json' -H 'Transfer-Encoding: chunked' \
		-H 'Expect:' "${auth[@]}" --data-binary "@$scratch/body"
}

# The headers of a response, one on a line.
headers() { curl -s -m 60 -o /dev/null -D - "$@" | tr -d '\r'; } # curl's arguments…

test_headers() {
	local path name
	for path in api/health/ api/nonsense/ api/docs/ issues/7 css/base.css; do
		for name in X-Content-Type-Options Referrer-Policy Cross-Origin-Opener-Policy \
			Content-Security-Policy; do
			check "$name of $path, once" lines 1 \
				eval "headers '$BASE_URL/$path' | grep -i '^$name: '"
		done
	done
	check "the API shows nothing" says "Content-Security-Policy: default-src 'none'" \
		headers "$BASE_URL/api/health/"
	check "an id" says 'X-Request-Id: ' headers "$BASE_URL/api/health/"
	check "an origin that may read" says 'Access-Control-Allow-Origin: https://portal.example.com' \
		headers "$BASE_URL/api/health/" -H 'Origin: https://portal.example.com'
}

# A file comes back as it was sent, and in part.
test_files() {
	local issue id url
	head -c 100000 /dev/urandom >"$scratch/file"
	issue=$(answer "$BASE_URL/api/issues/?page_size=1" "${auth[@]}" |
		sed -nE 's/.*"results":\[\{"id":([0-9]+),.*/\1/p')
	id=$(answer "$BASE_URL/api/issues/$issue/attachments/?filename=a%20%C3%BC.bin" \
		-H 'Content-Type: application/octet-stream' "${auth[@]}" \
		--data-binary "@$scratch/file" |
		sed -nE 's/.*"attachment":\{"id":([0-9]+),.*/\1/p')
	url=$BASE_URL/api/attachments/$id/
	curl -s -m 60 -o "$scratch/file.back" "$url" "${auth[@]}" || true
	check "a file comes back" cmp "$scratch/file" "$scratch/file.back"
	curl -s -m 60 -o "$scratch/file.part" -r 1000-1999 "$url" "${auth[@]}" || true
	check "a part of it" cmp "$scratch/file.part" <(tail -c +1001 "$scratch/file" | head -c 1000)
	check "its name" says "filename*=UTF-8''a%20%C3%BC.bin" headers "$url" "${auth[@]}"
	check "nothing runs in it" says "Content-Security-Policy: sandbox; default-src 'none'" \
		headers "$url" "${auth[@]}"
	check "it is still the same" says ' 304 ' headers "$url" "${auth[@]}" \
		-H "If-None-Match: \"$(sha256sum "$scratch/file" | cut -d' ' -f1)\""
	check "a form" says '"filename":"file"' answer "$BASE_URL/api/attachments/" \
		"${auth[@]}" -F "file=@$scratch/file"
}

# Everything that needs no particular server. Sets auth, the arguments of curl for
# an owner's requests.
test_server() { # code of the answer to a body in chunks
	auth=(-H "Authorization: Token $(login sahel)")
	test_paths
	test_bodies "$1"
	test_headers
	test_files
}

test_suites() {
	local suite
	for suite in ${SUITES:-$main_suites}; do
		check "$suite" api_suite "$suite"
	done
}
