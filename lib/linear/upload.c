/* Where Linear wants a file to be sent: the answer to fileUpload. What is read
 * here becomes a URL and header lines of a request, so only plain values are
 * accepted. */

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "connection.h"
#include "linear/client.h"

#define HEADERS_MAX   16
#define URL_MAX	      4000
#define ASSET_URL_MAX 500

/* A URL without characters that end a line, or a link in Markdown. */
static bool
is_plain_url(const char *url, size_t max)
{
	return is_visible_word(url, max) && !strpbrk(url, "()<>[]\\\"`|");
}

bool
linear_has_file(const char *url, const char *files_url)
{
	const size_t n = strlen(files_url);

	return strncmp(url, files_url, n) == 0 && url[n] == '/';
}

bool
linear_is_safe_url(const char *url, const char *files_url)
{
	return strncmp(url, "https://", 8) == 0 ||
	       (strncmp(url, "http://", 7) == 0 &&
		strncmp(files_url, "http://", 7) == 0);
}

static bool
is_header_name(const char *s)
{
	if (!s || !*s)
		return false;
	for (; *s; s++)
		if (!isalnum((unsigned char)*s) && !strchr("-_", *s))
			return false;
	return true;
}

static bool
is_header_value(const char *s)
{
	if (!s)
		return false;
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || (unsigned char)*s >= 0x7f)
			return false;
	return true;
}

static bool
read_headers(const char **out, struct arena *a, const struct json *list)
{
	size_t n = 0;

	for (const struct json *j = json_first(list); j; j = json_next(j)) {
		const char *key = json_text(json_get(j, "key"));
		const char *value = json_text(json_get(j, "value"));

		if (n == HEADERS_MAX || !is_header_name(key) ||
		    !is_header_value(value))
			return false;
		out[n++] = arena_printf(a, "%s: %s", key, value);
	}
	return true;
}

bool
linear_read_upload(struct linear_upload *out, struct arena *a,
		   const struct linear_answer *answer, const char *content_type,
		   const char *files_url)
{
	const struct json *j =
	    json_path(answer->data, "fileUpload", "uploadFile", NULL);
	/* and the content type, and a NULL */
	const char **lines = arena_alloc(a, (HEADERS_MAX + 2) * sizeof(*lines));

	*out = (struct linear_upload){
	    .asset_url = json_text(json_get(j, "assetUrl")),
	    .upload_url = json_text(json_get(j, "uploadUrl")),
	    .headers = lines};
	for (size_t i = 0; i < HEADERS_MAX + 2; i++)
		lines[i] = NULL;
	lines[0] = arena_printf(a, "Content-Type: %s", content_type);
	return is_plain_url(out->asset_url, ASSET_URL_MAX) &&
	       linear_has_file(out->asset_url, files_url) &&
	       is_visible_word(out->upload_url, URL_MAX) &&
	       linear_is_safe_url(out->upload_url, files_url) &&
	       read_headers(lines + 1, a, json_get(j, "headers"));
}
