#!/bin/bash
# Who may know whom. Prints each line of lib/, include/, cgi/ and tools/ that
# breaks a rule of the tables below; none is the only good result.
set -euo pipefail
cd "$(dirname "$0")/.."

# The layers: the modules of each, and the layers that it may include. A
# module of lib/ that is in no list is an entity: one table's struct and SQL.
layer_of() { # path of a .c or .h
	case $1 in
	cgi/main.c | cgi/dispatch.[ch]) echo main; return ;;
	cgi/*) echo cgi; return ;;
	tools/*) echo tools; return ;;
	esac
	case $(basename "${1%.[ch]}") in
	address | arena | buf | clock | conf | crypto | err | log | share | stamp | utf8 | unicode) echo base ;;
	json | jsonout | actor | ctx | nudge | transfer) echo base ;;
	field) echo field ;;
	http | route | transport | cgi | fcgi) echo web ;;
	db | statements) echo data ;;
	admin | admin_*) echo admin ;;
	graphql | linear*) echo linear ;;
	auth | sync* | mail* | housekeeping | push | pull | reconcile | webhook) echo service ;;
	*) echo entity ;;
	esac
}

may_include() { # layer
	case $1 in
	base) echo base ;;
	field) echo base field ;;
	web) echo base field web ;;
	data) echo base data ;;
	linear) echo base linear ;;
	entity) echo base field data entity ;;
	# Reads across tenants: no business of the workers'.
	admin) echo base field data entity admin ;;
	service) echo base field data entity linear service ;;
	cgi) echo base field web entity service cgi main ;;
	main) echo base field web data entity service cgi main ;;
	tools) echo base field data entity admin linear service tools ;;
	esac
}

# Foreign libraries are each known to one file, which hides them.
hidden_headers=(mysql.h curl/curl.h fcgiapp.h sodium.h cjson/cJSON.h uninorm.h
	uniwbrk.h unicase.h unictype.h idn2.h)

# Words (extended regular expressions), and where they have no business.
forbidden_words() {
	cat <<-'EOF'
	\b(malloc|calloc|realloc|strdup|free)\(  cgi/*.c
	"(SELECT|INSERT|UPDATE|DELETE|REPLACE)[[:blank:]]  cgi/*.c tools/*.c lib/http.c lib/route.c lib/field.c
	\bgetenv\(  cgi/*.c tools/*.c
	EOF
}

bad=0
complain() {
	printf '%s\n' "$*"
	bad=1
}

shopt -s nullglob
files=(include/*.h lib/*.[ch] lib/*/*.[ch] cgi/*.[ch] tools/*.[ch])

while IFS=: read -r file line header; do
	from=$(layer_of "$file") to=$(layer_of "$header")
	[[ ! -e cgi/$header ]] || to=$(layer_of "cgi/$header")
	[[ " $(may_include "$from") " == *" $to "* ]] ||
		complain "$file:$line: $from may not include $header, which is $to"
done < <(grep -nHE '^#include "' "${files[@]}" |
	sed -E 's/^([^:]*:[0-9]+):#include "([^"]*)".*/\1:\2/')

for header in "${hidden_headers[@]}"; do
	mapfile -t includers < <(grep -lF "#include <$header>" "${files[@]}")
	((${#includers[@]} < 2)) ||
		complain "$header has more than one includer: ${includers[*]}"
done

while read -r word places; do
	# The places are patterns: they are meant to be expanded here.
	# shellcheck disable=SC2086
	while IFS=: read -r file line _; do
		complain "$file:$line: $word has no business here"
	done < <(grep -nHE -- "$word" $places /dev/null || true)
done < <(forbidden_words)

exit $bad
