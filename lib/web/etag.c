/* Conditional requests (RFC 9110, 13). A tag is a fingerprint of the answer's
 * bytes, so that it is exact whatever the answer was made from. The tag of a
 * thing that can be changed begins with its version, which If-Match names. */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fingerprint.h"
#include "http_private.h"

/* Whether a list of tags (RFC 9110, 13.1.2) holds `tag`. Web servers change the
 * tag of an answer that they compress: nginx makes it weak (W/"x"), Apache adds
 * to it ("x-gzip"). Both count. */
static bool
tag_listed(const char *list, const char *tag)
{
	const size_t n = strlen(tag) - 1; /* without the closing quote */

	if (strcmp(list, "*") == 0)
		return true;
	for (const char *p = strchr(list, '"'); p; p = strchr(p + 1, '"'))
		if (strncmp(p, tag, n) == 0 && (p[n] == '"' || p[n] == '-'))
			return true;
	return false;
}

bool
reply_tagged(struct req *r, const char *tag)
{
	const char *seen = http_header(r, "If-None-Match");

	reply_header(r, "ETag", tag);
	r->tagged = true;
	if (r->method != METHOD_GET || !seen || !tag_listed(seen, tag))
		return false;
	reply_empty(r, 304);
	r->elsewhere = NULL;
	return true;
}

void
reply_tag(struct req *r)
{
	char print[FINGERPRINT_TEXT], tag[48];

	if (r->status != 200 || !r->type || r->tagged ||
	    (r->method != METHOD_GET && !r->version))
		return;
	fingerprint(print, r->out.data, r->out.len);
	if (r->version)
		snprintf(tag, sizeof(tag), "\"v%lld-%s\"",
			 (long long)r->version, print);
	else
		snprintf(tag, sizeof(tag), "\"%s\"", print);
	(void)reply_tagged(r, tag);
}

/* The version that a tag of ours begins with, or -1. */
static int64_t
tag_version(const char *tag)
{
	char *end;
	long long version;

	if (strncmp(tag, "W/", 2) == 0)
		tag += 2;
	if (strncmp(tag, "\"v", 2) != 0 || !isdigit((unsigned char)tag[2]))
		return -1;
	version = strtoll(tag + 2, &end, 10);
	return *end == '-' && version > 0 ? version : -1;
}

int64_t
http_if_match(struct req *r)
{
	const char *tag = http_header(r, "If-Match");
	int64_t newest = -1;

	if (!tag || strcmp(tag, "*") == 0)
		return 0;
	while (*tag) {
		const int64_t version = tag_version(tag);

		if (version > newest)
			newest = version;
		tag += strcspn(tag, ",");
		tag += strspn(tag, ", \t");
	}
	return newest;
}
