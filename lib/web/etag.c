/* Conditional requests (RFC 9110, 13). A tag is a fingerprint of the answer's
 * bytes, so that it is exact whatever the answer was made from. The tag of a
 * thing that can be changed begins with its version, which If-Match names.
 * Where it is known from what an answer is made, its tag also holds a
 * fingerprint of that, by which an answer is known to be unchanged before it is
 * made. */

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

/* Tags of answers that have a state: "s", its fingerprint, "-", and that of the
 * answer. */
#define PRINT	    ((size_t)FINGERPRINT_TEXT - 1)
#define STATE_TAG   "\"s%.*s-%.*s\""
#define STATE_PRINT 2 /* where they stand */
#define BODY_PRINT  (STATE_PRINT + PRINT + 1)

/* The first such tag in a list whose fingerprint at that place is this one, or
 * NULL. */
static const char *
tag_with(const char *list, size_t place, const char *print)
{
	for (const char *p = strstr(list, "\"s"); p; p = strstr(p + 1, "\"s"))
		if (strcspn(p + 1, "\"") + 1 >= BODY_PRINT + PRINT &&
		    strncmp(p + place, print, PRINT) == 0)
			return p;
	return NULL;
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

bool
reply_unchanged(struct req *r, const char *state)
{
	const char *seen = http_header(r, "If-None-Match"), *known;
	char print[FINGERPRINT_TEXT], tag[48];

	r->state = state;
	fingerprint(print, state, strlen(state));
	known = seen ? tag_with(seen, STATE_PRINT, print) : NULL;
	if (!known)
		return false;
	snprintf(tag, sizeof(tag), STATE_TAG, (int)PRINT, known + STATE_PRINT,
		 (int)PRINT, known + BODY_PRINT);
	reply_header(r, "ETag", tag);
	r->tagged = true;
	reply_empty(r, 304);
	return true;
}

static void
write_tag(char *out, size_t n, const struct req *r, const char *print)
{
	char state[FINGERPRINT_TEXT];

	if (r->version) {
		snprintf(out, n, "\"v%lld-%s\"", (long long)r->version, print);
	} else if (r->state) {
		fingerprint(state, r->state, strlen(r->state));
		snprintf(out, n, STATE_TAG, (int)PRINT, state, (int)PRINT,
			 print);
	} else {
		snprintf(out, n, "\"%s\"", print);
	}
}

void
reply_tag(struct req *r)
{
	char print[FINGERPRINT_TEXT], tag[48];
	const char *seen;

	if (r->status != 200 || !r->type || r->tagged ||
	    (r->method != METHOD_GET && !r->version))
		return;
	fingerprint(print, r->out.data, r->out.len);
	write_tag(tag, sizeof(tag), r, print);
	if (reply_tagged(r, tag))
		return;
	/* The answer is the same, though the client's tag has no state, or
	 * another one. From now on it has this tag. */
	seen = http_header(r, "If-None-Match");
	snprintf(tag, sizeof(tag), "\"%s\"", print);
	if (r->method == METHOD_GET && seen &&
	    (tag_listed(seen, tag) || tag_with(seen, BODY_PRINT, print)))
		reply_empty(r, 304);
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
