/* Finds and replaces the URLs of Linear's files in texts. The texts are
 * Markdown, but nothing of it is parsed beyond the link that a URL stands in:
 * from the bracket before its text to the parenthesis after the URL, on one
 * line. A URL that stands elsewhere is replaced alone. */

#include "desk/asset_text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

/* The longest URL that is stored. */
#define URL_MAX 500

/* In bytes: a longer text before a URL is not taken for its link. */
#define LABEL_MAX 1000

/* The longest text that is made here: longer than any that is accepted. */
#define RESTORED_MAX ((size_t)1024 * 1024)

static bool
is_path_char(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("-._~%/", c));
}

/* The length of the URL at `p`, which begins with files_url; 0: it has no path.
 */
static size_t
url_length(const char *p, size_t base)
{
	size_t n = base;

	if (p[n] != '/')
		return 0;
	while (is_path_char(p[n]))
		n++;
	/* the sentence's own */
	while (n > base && strchr("./", p[n - 1]))
		n--;
	return n > base && n <= URL_MAX ? n : 0;
}

/* The rest of a URL: its query and fragment. */
static const char *
skip_query(const char *p)
{
	if (*p == '?' || *p == '#')
		p += strcspn(p, " \t\r\n()<>[]\"'`");
	return p;
}

static bool
is_escaped_at(const char *text, const char *p)
{
	size_t n = 0;

	while (p > text && p[-1] == '\\') {
		p--;
		n++;
	}
	return n % 2 == 1;
}

/* The bracket that the one at `close` ends, on the same line and not before
 * `text`; NULL: none. */
static const char *
find_bracket(const char *text, const char *close)
{
	const char *p = close;
	int depth = 0;

	if (close - text > LABEL_MAX)
		text = close - LABEL_MAX;
	while (p > text && p[-1] != '\n') {
		p--;
		if (is_escaped_at(text, p))
			continue;
		if (*p == ']')
			depth++;
		else if (*p == '[' && depth-- == 0)
			return p;
	}
	return NULL;
}

/* If the URL from `url` to `end` is the target of a link that begins at or
 * after `text`, *out becomes the whole link. */
static void
widen_to_link(struct asset *out, struct arena *a, const char *text,
	      const char *url, const char *end)
{
	const bool angled = url > text && url[-1] == '<' && *end == '>';
	const char *p = angled ? url - 1 : url, *open;

	end += angled;
	if (p < text + 2 || p[-1] != '(' || p[-2] != ']' || *end != ')')
		return;
	open = find_bracket(text, p - 2);
	if (!open)
		return;
	out->is_link = true;
	out->is_image =
	    open > text && open[-1] == '!' && !is_escaped_at(text, open - 1);
	out->at = open - out->is_image;
	out->length = (size_t)(end + 1 - out->at);
	out->label = arena_memdup(a, open + 1, (size_t)(p - 2 - (open + 1)));
}

/* Without the backslashes of Markdown. */
static const char *
unescape_name(struct arena *a, const char *s)
{
	char *out = arena_strdup(a, s), *q = out;

	for (const char *p = s; *p; p++) {
		if (*p == '\\' && ispunct((unsigned char)p[1]))
			p++;
		*q++ = *p;
	}
	*q = '\0';
	return out;
}

static bool
is_a_name(const char *s)
{
	return s && *s && !strstr(s, "://");
}

/* The text of a link that shows its own URL: the target follows. */
static bool
is_label(const char *text, const char *p, size_t n)
{
	return p > text && p[-1] == '[' && strncmp(p + n, "](", 2) == 0;
}

bool
asset_next(struct asset *out, struct arena *a, const char *files_url,
	   const char *text, const char *from)
{
	const size_t base = strlen(files_url);
	const char *name, *p = strstr(from, files_url);
	size_t n = 0;

	for (; p; p = strstr(p + base, files_url)) {
		n = url_length(p, base);
		if (n && !is_label(text, p, n))
			break;
	}
	if (!p)
		return false;
	*out = (struct asset){.url = arena_memdup(a, p, n), .at = p};
	out->length = (size_t)(skip_query(p + n) - p);
	widen_to_link(out, a, from, p, p + out->length);
	name = out->is_link ? unescape_name(a, out->label) : NULL;
	if (!is_a_name(name))
		out->label = name = strrchr(out->url, '/') + 1;
	out->filename = name;
	return true;
}

/* --- replacing ------------------------------------------------------------ */

struct replacing {
	struct arena *a;
	asset_find *find;
	const void *arg;
	const char *url; /* for all of them, if find is NULL */
};

static void
put_url(struct buf *b, const struct asset *f, const char *url)
{
	if (f->is_link)
		buf_printf(b, "%s[%s](%s)", f->is_image ? "!" : "", f->label,
			   url);
	else
		buf_adds(b, url);
}

/* What takes the place of a file. */
static void
put_shown(struct buf *b, const struct asset *f, enum asset_shown how,
	  int64_t id)
{
	char url[64];

	switch (how) {
	case ASSET_UNKNOWN:
		buf_add(b, f->at, f->length);
		break;
	case ASSET_READY:
		(void)snprintf(url, sizeof(url), "/api/attachments/%lld/",
			       (long long)id);
		put_url(b, f, url);
		break;
	case ASSET_AWAITED:
		buf_printf(b, "%s (this file is being fetched)", f->label);
		break;
	case ASSET_MISSING:
		buf_printf(b, "%s (this file is not available)", f->label);
		break;
	}
}

static void
put_target(struct buf *b, const struct asset *f, const char *url)
{
	buf_printf(b, "[%s](%s)", f->label, url);
}

static void
put_asset(struct buf *b, const struct replacing *r, const struct asset *f)
{
	enum asset_shown how;
	int64_t id = 0;

	if (!r->find) {
		put_target(b, f, r->url);
		return;
	}
	how = r->find(&id, r->arg, f->url);
	put_shown(b, f, how, id);
}

static const char *
replace_assets(const struct replacing *r, const char *files_url,
	       const char *text)
{
	const char *p = text, *out;
	struct asset f;
	struct buf b;

	if (!text || !strstr(text, files_url))
		return text;
	buf_init(&b, 4 * strlen(text) + RESTORED_MAX);
	while (asset_next(&f, r->a, files_url, text, p)) {
		buf_add(&b, p, (size_t)(f.at - p));
		put_asset(&b, r, &f);
		p = f.at + f.length;
	}
	buf_adds(&b, p);
	out = b.overflow ? text : arena_memdup(r->a, b.data, b.len);
	buf_release(&b);
	return out;
}

const char *
asset_show(struct arena *a, const char *files_url, const char *text,
	   asset_find *find, const void *arg)
{
	const struct replacing r = {.a = a, .find = find, .arg = arg};

	return replace_assets(&r, files_url, text);
}

const char *
asset_link(struct arena *a, const char *files_url, const char *text,
	   const char *url)
{
	const struct replacing r = {.a = a, .url = url};

	return replace_assets(&r, files_url, text);
}

/* --- and back ------------------------------------------------------------- */

/* The text with `is` in place of each `was`. */
static const char *
replace_text(struct arena *a, const char *text, const char *was,
	     const struct asset *is)
{
	const char *p = text, *at, *out;
	struct buf b;

	if (!strstr(text, was))
		return text;
	buf_init(&b, RESTORED_MAX);
	for (; (at = strstr(p, was)) != NULL; p = at + strlen(was)) {
		buf_add(&b, p, (size_t)(at - p));
		buf_add(&b, is->at, is->length);
	}
	buf_adds(&b, p);
	out = b.overflow ? text : arena_memdup(a, b.data, b.len);
	buf_release(&b);
	return out;
}

static const char *
restore_one(const struct replacing *r, const char *text, const struct asset *f)
{
	struct buf b;
	int64_t id = 0;

	if (r->find(&id, r->arg, f->url) == ASSET_UNKNOWN)
		return text;
	buf_init(&b, RESTORED_MAX);
	for (int how = ASSET_READY; how <= ASSET_MISSING; how++) {
		buf_clear(&b);
		put_shown(&b, f, (enum asset_shown)how, id);
		text = replace_text(r->a, text, b.data, f);
	}
	buf_clear(&b);
	put_target(&b, f, r->url);
	text = replace_text(r->a, text, b.data, f);
	buf_release(&b);
	return text;
}

const char *
asset_restore(struct arena *a, const char *files_url, const char *stored,
	      const char *text, asset_find *find, const void *arg,
	      const char *url)
{
	const struct replacing r = {
	    .a = a, .find = find, .arg = arg, .url = url};
	const char *p = stored;
	struct asset f;

	while (asset_next(&f, a, files_url, stored, p)) {
		text = restore_one(&r, text, &f);
		p = f.at + f.length;
	}
	return text;
}
