# What tests that are shell scripts share: instances of their own, requests, the
# database, and checks. They source this file from the top of the working copy, and
# end with `report`. A check prints nothing if it passes.
# shellcheck shell=bash

# --- instances ------------------------------------------------------------

# What an instance may be given. A developer's own settings must not reach the
# tests, nor those of one test another.
instance_settings=(ACCESS_LOG BUILD CLAMD_REQUIRED CLAMD_SOCKET COMMENTS_PER_HOUR CONNECTIONS_MAX CORS_ORIGINS
	DB_BUFFER_POOL DB_HOST DB_NAME DB_PASSWORD DB_PORT DB_SOCKET DB_TLS_CA DB_USER DEMO
	DOCKET_CONF FILES_DENY FILES_DIR FILES_MAX FILES_QUOTA LINEAR_API_KEY LINEAR_API_URL LINEAR_FILES_URL LINEAR_RECONCILE_S LINEAR_TEAMS
	LINEAR_WAIT_MS LINEAR_WEBHOOK_SECRET LINEAR_WORKERS LISTEN LOGIN_RATE
	LOG_LEVEL MAILBOX MAILBOX_PORT MAILBOX_SMTP_PORT MAIL_BURST_S MAIL_DIGEST_S
	MAIL_AUTHSERV MAIL_FROM MAIL_IN_DOMAIN MAIL_IN_SECRET PORT PUBLIC_URL RAISES_PER_HOUR REOPEN_DAYS SIGNUP SIMULATOR
	SIMULATOR_PORT SMTP_URL STATE TOKEN_TTL_HOURS UNPROVED_RAISES_PER_HOUR
	UPLOADS_MAX UPLOADS_PER_HOUR WORKERS)

# Unsets them all, except those named.
forget_settings() { # settings to keep…
	local setting
	for setting in "${instance_settings[@]}"; do
		[[ " $* " == *" $setting "* ]] || unset "$setting"
	done
	unset MAKEFLAGS MAKELEVEL
}

# Prints the first of four free ports in a row: for nginx, the simulator, and two for
# the mailbox.
free_port() {
	local port i
	while :; do
		port=$((20000 + RANDOM % 10000))
		for i in 0 1 2 3; do
			! (: <>/dev/tcp/127.0.0.1/$((port + i))) 2>/dev/null || continue 2
		done
		echo "$port"
		return
	done
}

# Two secrets, as while they are rotated.
two_secrets() { echo "present-$RANDOM$RANDOM,previous-$RANDOM$RANDOM"; }

# The settings that the API's suite needs, and the tests that share its instance.
# shellcheck disable=SC2034 # for the scripts
suite_settings=(CORS_ORIGINS SIGNUP MAIL_BURST_S MAIL_DIGEST_S LINEAR_WEBHOOK_SECRET
	MAIL_IN_SECRET MAIL_IN_DOMAIN MAIL_AUTHSERV MAIL_FROM LOGIN_RATE CONNECTIONS_MAX
	UPLOADS_MAX RAISES_PER_HOUR COMMENTS_PER_HOUR UNPROVED_RAISES_PER_HOUR)
take_suite_settings() {
	export CORS_ORIGINS=https://portal.example.com SIGNUP=on MAIL_BURST_S=2 MAIL_DIGEST_S=4
	LINEAR_WEBHOOK_SECRET=$(two_secrets)
	MAIL_IN_SECRET=$(two_secrets)
	export LINEAR_WEBHOOK_SECRET MAIL_IN_SECRET
	export MAIL_IN_DOMAIN=in.example.com MAIL_AUTHSERV=mx.example.com MAIL_FROM=desk@in.example.com
	# The tests log in and send requests more often than people do.
	export LOGIN_RATE=1000r/s CONNECTIONS_MAX=1000 UPLOADS_MAX=200
	# They also raise more; the tests of these limits use them up.
	export RAISES_PER_HOUR=5000 COMMENTS_PER_HOUR=5000 UNPROVED_RAISES_PER_HOUR=5000
}

# Prints what the sanitizers found in any process of the instance; fails if that is
# anything.
sanitizers_are_silent() {
	local reports
	reports=$(compgen -G "$STATE/log/asan.*") || return 0
	# shellcheck disable=SC2086 # one word per report
	cat $reports
	return 1
}

# Runs the script again within an instance of its own, with the settings that it has
# exported, and exits with its status. Returns at once if the script runs in one
# already. SCRATCH names the directory for its STATE; without it, there is a temporary
# one. Uses the build for the tests if there is one.
in_own_instance() { # name, script
	local name=$1 scratch status=1
	[[ ! ${DOCKETCTL:-} ]] || return 0
	scratch=${SCRATCH:-$(mktemp -d)}
	mkdir -p "$scratch"
	export STATE=$scratch/$name
	[[ ! -x build/asan/docket.fcgi ]] || export BUILD=${BUILD:-asan}
	if tools/instance start >"$scratch/$name.start"; then
		status=0
		tools/instance exec "$2" || status=$?
		tools/instance stop >/dev/null
	else
		cat "$scratch/$name.start"
	fi
	sanitizers_are_silent || status=1
	[[ ${SCRATCH:-} ]] || rm -rf "$scratch"
	exit $status
}

# Installs what the tests of a directory need from npm, unless that was done.
install_modules() { # directory
	[[ ! $1/node_modules/.package-lock.json -nt $1/package-lock.json ]] || return 0
	npm ci --prefix "$1" --ignore-scripts --no-audit --no-fund --loglevel=error && return 0
	echo "npm ci failed in $1: is the npm registry reachable?" >&2
	return 1
}

# --- requests, and the database -------------------------------------------

# Sends a request that must succeed; prints the body of the response.
call() { # token or '', method, path under /api, body
	curl -fsS -m 60 -X "$2" "$BASE_URL/api$3" -H 'Content-Type: application/json' \
		${1:+-H "Authorization: Token $1"} ${4:+-d "$4"}
}

# The same, whatever the response is; prints its status.
status_of() { curl -s -m 60 -o /dev/null -w '%{http_code}' "$@"; } # curl's arguments…

# Prints the value of a JavaScript expression, where `it` is the JSON on stdin.
js() { node -p "const it = JSON.parse(require('fs').readFileSync(0)); $1"; }

# Prints a token, or "undefined" if the login is refused.
login() { # name, password
	curl -s -m 60 "$BASE_URL/api/auth/login/" -H 'Content-Type: application/json' \
		-d "{\"username\":\"$1\",\"password\":\"${2:-test123456}\"}" | js it.token
}

# Runs statements; prints a line for each row.
sql() { # statements
	MYSQL_PWD=$DB_PASSWORD mariadb --no-defaults --socket="$DB_SOCKET" \
		--user="$DB_USER" "$DB_NAME" --skip-column-names --batch -e "$1"
}

# --- checks ---------------------------------------------------------------

failures=0 checks=0
check() { # what, command…
	local what=$1 out
	shift
	checks=$((checks + 1))
	if ! out=$("$@" 2>&1); then
		failures=$((failures + 1))
		printf 'failed: %s\n%s\n' "$what" "$out"
	fi
}

says() { # text, command…: its output contains the text; its status is ignored
	local words=$1 out
	shift
	out=$("$@" 2>&1)
	[[ $out == *"$words"* ]] || { printf '%s\n' "$out"; return 1; }
}

exits() { # status, command…
	local want=$1 got=0
	shift
	"$@" || got=$?
	((got == want)) || { echo "exit status $got"; return 1; }
}

lines() { # number, command…
	local want=$1 got
	shift
	got=$("$@" 2>&1 | wc -l)
	((got == want)) || { echo "$got lines"; return 1; }
}

# Waits for what takes so many seconds at most, with nothing else to do for the machine.
# One that is slow and busy may take four times as long.
within() { # seconds, command…
	local end=$((SECONDS + 4 * $1))
	shift
	until "$@" >/dev/null 2>&1; do
		((SECONDS < end)) || { "$@"; return 1; }
		sleep 0.2
	done
}

all_well() { # no check has failed so far
	((failures == 0))
}

report() { # name
	printf '%s: %d checks, %d failures\n' "$1" $checks $failures
	all_well
}
