#!/bin/bash
# words.sh [PATH…]: the words that we use, in comments, messages, tests, the portal
# and the README. Prints each line with a word that must not be there, and fails if
# there is one. Without a path it examines everything, as `make check` does.
#
# People are "they", and plain sentences do without "whom" and "whoever". A term has
# one spelling.
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
(($#)) || set -- .
found=$(git grep -nIwE -- "$words" -- "$@" ':!tests/linear/schema.graphql' \
	':!tests/words.sh' ':!*package-lock.json' ':!lib/data' \
	':!nginx/html/vendor' || true)
[[ ! $found ]] || {
	printf '%s\n' "$found"
	exit 1
}
