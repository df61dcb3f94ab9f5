# Functions for tests that are shell scripts, which source this file and end with
# `report`. A check prints nothing if it passes.
# shellcheck shell=bash

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

within() { # seconds, command…
	local end=$((SECONDS + $1))
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
