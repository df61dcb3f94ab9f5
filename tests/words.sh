#!/bin/bash
# The words that we use, in comments, messages, tests, the portal and the README.
# Prints each line with a word that must not be there, and fails if there is one.
#
# People are "they", and sentences do not need "whom" or "whoever". A term has one
# spelling. A line with "words.sh:" and a reason is exempt.
set -euo pipefail
cd "$(dirname "$0")/.."

# Extended regular expressions, matched as whole words; the case matters.
wrong_words() {
	cat <<-'EOF'
	[Hh]e|[Hh]im|[Hh]is|[Hh]imself|[Ww]hoever|[Ww]hom
	[Oo]rganis[a-z]+|[Ss]ynchronis[a-z]+|[Aa]uthoris[a-z]+|[Rr]ecognis[a-z]+|[Nn]ormalis[a-z]+
	[Ww]eb[ -]hooks?|[Dd]ata base|[Tt]ime stamps?|[Bb]ack end|[Ff]ront end
	Github|Javascript|MySql|Mysql|Mariadb|Openapi
	EOF
}

words=$(wrong_words | paste -sd'|')
found=$(git grep -nwE -- "$words" -- '*.c' '*.h' '*.def' '*.js' '*.sh' '*.sql' '*.html' \
	'*.graphql' '*.md' '*.in' '*.env' Makefile nginx tools tests \
	':!tests/linear/schema.graphql' ':!tests/words.sh' ':!*package-lock.json'
	grep -vF 'words.sh:' || true)
[[ ! $found ]] || {
	printf '%s\n' "$found"
	exit 1
}
