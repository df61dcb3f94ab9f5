# What the tests of docketctl share, beside shell.sh.
# shellcheck shell=bash

# A report of the sanitizers belongs to the output of what it is about.
unset ASAN_OPTIONS UBSAN_OPTIONS
ctl() { "$DOCKETCTL" "$@"; }

# JSON of a verb, by a JavaScript expression: `it` is the document.
json() { # expression, verb…
	local expression=$1
	shift
	ctl "$@" --json | js "$expression"
}
holds() { # expression, verb…
	local out
	out=$(json "$@") || return 1
	[[ $out == true ]] || { ctl "${@:2}" --json; return 1; }
}
