#include "web/route.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Reads an id at s. Returns the number of its digits, 0 if there is no id or it
 * has more than 18 digits. */
static size_t
read_path_id(const char *s, int64_t *id)
{
	size_t n = strspn(s, "0123456789");
	int64_t v = 0;

	if (n == 0 || n > 18)
		return 0;
	for (size_t i = 0; i < n; i++)
		v = v * 10 + (s[i] - '0');
	*id = v;
	return n;
}

static bool
matches(const char *pattern, const char *path, int64_t ids[ROUTE_IDS])
{
	size_t n;

	while (*pattern) {
		if (*pattern == '{') {
			n = read_path_id(path, ids++);
			if (!n)
				return false;
			pattern = strchr(pattern, '}') + 1;
			path += n;
		} else if (*pattern++ != *path++) {
			return false;
		}
	}
	return *path == '\0';
}

const struct route *
route_find(const struct route *table, enum method method, const char *path,
	   int64_t ids[ROUTE_IDS], unsigned *allow)
{
	*allow = 0;
	for (const struct route *r = table; r->pattern; r++) {
		memset(ids, 0, ROUTE_IDS * sizeof(*ids));
		if (!matches(r->pattern, path, ids))
			continue;
		if (r->method == method)
			return r;
		*allow |= r->method;
	}
	memset(ids, 0, ROUTE_IDS * sizeof(*ids));
	return NULL;
}

void
route_allow(char out[64], unsigned methods)
{
	static const char *const names[] = {"GET, HEAD", "POST",   "PUT",
					    "PATCH",	 "DELETE", "OPTIONS"};
	size_t n = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (methods & (1U << i))
			n += (size_t)snprintf(out + n, 64 - n, "%s%s",
					      n ? ", " : "", names[i]);
}
