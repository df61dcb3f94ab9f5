/* Reading a response: its header fields, and its JSON by path. client.h
 * explains the functions. */

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/json.h"
#include "client.h"

const char *
header(const struct answer *a, const char *name)
{
	size_t n = strlen(name), len;

	for (const char *p = a->head; *p; p += len + strspn(p + len, "\r\n")) {
		len = strcspn(p, "\r\n");
		if (len > n && p[n] == ':' && strncasecmp(p, name, n) == 0) {
			size_t skip = n + 1 + strspn(p + n + 1, " ");

			return arena_memdup(test_arena(), p + skip, len - skip);
		}
		if (len == 0)
			break;
	}
	return NULL;
}

/* An element of an array by its index, or a member of an object by its name. */
static const struct json *
child(const struct json *j, const char *name)
{
	if (!json_is_array(j))
		return json_get(j, name);
	j = json_first(j);
	for (long i = strtol(name, NULL, 10); j && i > 0; i--)
		j = json_next(j);
	return j;
}

const struct json *
at(const struct answer *a, const char *path)
{
	const struct json *j = a->json;
	size_t n;

	for (; j && *path; path += n + (path[n] == '.')) {
		n = strcspn(path, ".");
		j = child(j, arena_memdup(test_arena(), path, n));
	}
	return j;
}
