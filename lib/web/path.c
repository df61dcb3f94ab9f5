/* Where a request's path comes from.
 *
 * nginx passes it decoded and normalized in DOCUMENT_URI. The other web servers
 * have no variable that is the same whatever their rules are: PATH_INFO is
 * empty or cut where a rule rewrites to the program, SCRIPT_NAME may be a part
 * of the path. So it is made from REQUEST_URI, which all of them pass as the
 * client sent it, in the way that nginx does it. The program may lie in a
 * folder of the site: what precedes the API's path is then the folder of
 * SCRIPT_NAME, or one above it. */

#include <string.h>

#include "base/arena.h"
#include "http_private.h"

bool
http_is_api(const char *path)
{
	static const char api[] = "/api/";

	return strncmp(path, api, sizeof(api) - 1) == 0;
}

/* The path and query of a target, which may be a whole URL (RFC 9112, 3.2.2).
 */
static const char *
skip_host(const char *target)
{
	const char *host = *target == '/' ? NULL : strstr(target, "://");

	return host ? host + 3 + strcspn(host + 3, "/?") : target;
}

/* Removes empty and "." segments and resolves ".." (RFC 3986, 5.2.4), in
 * place. False: it does not begin with a slash, or leads above the root. */
static bool
path_normalize(char *path)
{
	size_t len = 1, n;

	if (*path != '/')
		return false;
	for (const char *p = path + 1;; p += n + 1) {
		const bool is_last = !p[n = strcspn(p, "/")];

		if (n == 2 && strncmp(p, "..", n) == 0) {
			if (len == 1)
				return false;
			for (len--; path[len - 1] != '/';)
				len--;
		} else if (n && (n != 1 || *p != '.')) {
			memmove(path + len, p, n);
			len += n;
			if (!is_last)
				path[len++] = '/';
		}
		if (is_last)
			break;
	}
	path[len] = '\0';
	return true;
}

/* How many bytes of the path precede that of the API: SCRIPT_NAME or a folder
 * above it. */
static size_t
base_length(const char *path, const char *script)
{
	size_t n = strlen(script);

	while (n && (strncmp(path, script, n) != 0 || !http_is_api(path + n)))
		for (n--; n && script[n] != '/';)
			n--;
	return n;
}

static void
set_base(struct req *r, const char *base, size_t n)
{
	struct buf encoded;

	buf_init(&encoded, HEAD_MAX);
	uri_add(&encoded, base, n);
	r->base = arena_memdup(r->ctx->arena, encoded.data, encoded.len);
	buf_release(&encoded);
}

static void
take_target(struct req *r, const char *target)
{
	const size_t n = strcspn(target, "?#");
	const char *query = target + n + (target[n] == '?');
	char *path = percent_decode_path(r->ctx->arena, target, n);
	size_t base;

	r->query = target[n] == '?'
		       ? arena_memdup(r->ctx->arena, query, strcspn(query, "#"))
		       : "";
	if (!path || !path_normalize(path))
		return;
	base = base_length(path, request_param(r, "SCRIPT_NAME"));
	set_base(r, path, base);
	r->path = path + base;
}

void
request_find_path(struct req *r)
{
	const char *uri = request_param(r, "DOCUMENT_URI"),
		   *target = request_param(r, "REQUEST_URI"),
		   *script = request_param(r, "SCRIPT_NAME");

	r->base = r->path = "";
	if (!*uri && *target) {
		take_target(r, skip_host(target));
		return;
	}
	if (!*uri) {
		uri = request_param(r, "PATH_INFO");
		set_base(r, script, strlen(script));
	}
	r->path = arena_strdup(r->ctx->arena, uri);
	r->query =
	    arena_strdup(r->ctx->arena, request_param(r, "QUERY_STRING"));
}
