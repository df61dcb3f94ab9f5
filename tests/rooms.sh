#!/bin/bash
# The rooms of the house, and what may stand where. Prints each line that breaks
# one of the rules below, and fails if there is one.
#
# lib/ is divided into rooms. include/<room>/ holds the headers that other rooms
# may use. A room's private headers lie beside its .c files, and only that room
# and the unit tests include them.
set -euo pipefail
cd "$(dirname "$0")/.."

# Which rooms each room may use, beside itself.
may_use() { # room
	case $1 in
	base) ;;
	mime) echo base mail ;;
	web | db | linear) echo base ;;
	desk) echo base db ;;
	events) echo base db desk ;;
	sync) echo base db desk linear files ;;
	mail) echo base db desk files ;;
	files) echo base db desk ;;
	admin) echo base db desk events sync mail files ;;
	cgi) echo base web db desk events sync mail files ;;
	tools) echo base web db desk events linear sync mail mime files admin ;;
	esac
}

# Foreign libraries are each known to one file, which hides them.
hidden_headers=(mysql.h curl/curl.h fcgiapp.h sodium.h xxhash.h cjson/cJSON.h uninorm.h
	uniwbrk.h unicase.h unictype.h idn2.h cmark-gfm.h magic.h libxml/HTMLparser.h seccomp.h iconv.h)

# Words (extended regular expressions), and where they must not stand.
forbidden_words() {
	cat <<-'EOF'
	\b(malloc|calloc|realloc|strdup|free)\(  cgi/*.c cgi/*/*.c
	"(SELECT|INSERT|UPDATE|DELETE|REPLACE)[[:blank:]]  cgi/*.c cgi/*/*.c tools/*/*.c lib/base/*.c lib/web/*.c
	\bgetenv\(  cgi/*.c cgi/*/*.c tools/*/*.c
	EOF
}

bad=0
complain() {
	printf '%s\n' "$*"
	bad=1
}

room_of() { # path
	case $1 in
	lib/*/* | include/*/*) cut -d/ -f2 <<<"$1" ;;
	*) echo "${1%%/*}" ;;
	esac
}

shopt -s nullglob
files=(include/*/*.h lib/*/*.[ch] cgi/*.[ch] cgi/*/*.[ch] tools/*/*.[ch])

check_include() { # file, line, header
	local from to
	[[ ! -e $(dirname "$1")/$3 ]] || return 0
	if [[ -e include/$3 ]]; then
		from=$(room_of "$1") to=${3%%/*}
		[[ " $from $(may_use "$from") " == *" $to "* ]] ||
			complain "$1:$2: $from may not use $3"
	elif [[ -e lib/$3 ]]; then
		complain "$1:$2: $3 is private to lib/${3%%/*}"
	fi
}

# One spelling of a header, so that the rules below see it.
while IFS=: read -r file line _; do
	complain "$file:$line: write the header as \"room/name.h\""
done < <(grep -nHE '^#include ("(\.\.|lib/|include/)|<(base|web|db|desk|events|linear|sync|mail|mime|files|admin)/)' \
	"${files[@]}" || true)

while IFS=: read -r file line header; do
	check_include "$file" "$line" "$header"
done < <(grep -nHE '^#include "' "${files[@]}" |
	sed -E 's/^([^:]*:[0-9]+):#include "([^"]*)".*/\1:\2/')

for header in "${hidden_headers[@]}"; do
	mapfile -t includers < <(grep -lF "#include <$header>" "${files[@]}")
	((${#includers[@]} < 2)) ||
		complain "$header has more than one includer: ${includers[*]}"
done

# GMime is known to one file of each of two rooms: files reads a form's headers in a
# worker with it, mime whole mails in a process of their own.
for room in lib/* cgi tools; do
	mapfile -t includers < <(grep -lrF "#include <gmime/gmime.h>" "$room")
	if ((${#includers[@]} > 1)) || [[ ${includers[*]} && $room != lib/@(files|mime) ]]; then
		complain "gmime/gmime.h must not be included here: ${includers[*]}"
	fi
done

while read -r word places; do
	# The places are patterns: they are meant to be expanded here.
	# shellcheck disable=SC2086
	while IFS=: read -r file line _; do
		complain "$file:$line: $word must not stand here"
	done < <(grep -nHE -- "$word" $places /dev/null || true)
done < <(forbidden_words)

# A reader must be able to grep: no two files define a function of the same name.
# clang-format puts the name of each definition at the beginning of a line.
sources=(lib/*/*.c cgi/*.c cgi/*/*.c tools/*/*.c)
while read -r name; do
	[[ $name != main ]] || continue
	complain "$name() is in $(grep -lE "^$name\(" "${sources[@]}" | tr '\n' ' ')"
done < <(for file in "${sources[@]}"; do
	{ grep -ohE "^[a-z_0-9]+\\(" "$file" || true; } | sort -u
done | tr -d '(' | sort | uniq -d)

# Each table of the schema is written by one module: a file, and those that have its
# name and more (mail_job.c, mail_job_upkeep.c).
while read -r table; do
	mapfile -t writers < <(grep -lEi \
		"\"[^\"]*(INSERT (IGNORE )?INTO|REPLACE INTO|UPDATE|DELETE FROM) \`?$table\b" \
		lib/*/*.c || true)
	others=$(printf '%s\n' "${writers[@]:1}" | grep -v "^${writers[0]%.c}_" || true)
	[[ ! $others ]] ||
		complain "table $table is written by ${writers[*]}"
done < <(sed -nE 's/^CREATE TABLE IF NOT EXISTS ([a-z_]+).*/\1/p' schema.sql)

# Migrations are numbered from 1, and each change of a table says how it is made.
marks=$(sed -nE 's/^-- Migration ([0-9]+): .+/\1/p' schema.sql)
[[ $marks == "$(seq "$(wc -l <<<"$marks")")" ]] ||
	complain "schema.sql: the migrations are not numbered 1, 2, 3, ..."
while read -r statement; do
	[[ $statement == *'ALGORITHM = INSTANT'* || $statement == *'/* copies */'* ||
		$statement == *'ALGORITHM = INPLACE, LOCK = NONE'* ]] ||
		complain "schema.sql: without ALGORITHM: $statement"
done < <(sed -n '/^-- Migration 1:/,$p' schema.sql | sed 's/^--.*//' | tr -s '\n\t ' ' ' |
	tr ';' '\n' | grep 'ALTER TABLE')

exit $bad
