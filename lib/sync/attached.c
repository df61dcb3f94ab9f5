/* Which files of an issue Linear is to have, and how replies refer to them.
 * What is sent when is decided in plan.c, and what follows from the answers in
 * apply_file.c; everything is derived from the rows of attachments:
 * linear_asset_url is where the file can be seen, once it is there, and
 * sent_to_linear says that a reply refers to it. */

#include "sync/attached.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/conf.h"
#include "linear/text.h"

/* The most that a name and its reference grow to. */
#define REFERENCE_MAX ((size_t)4096)

enum err
attached_load(struct attached *out, struct ctx *c, const struct issue *issue)
{
	*out = (struct attached){0};
	return issue->attachment_count ? attachment_list_for_linear(
					     &out->list, &out->n, c, issue->id)
				       : OK;
}

static bool
is_for_linear(const struct attachment *a)
{
	return !a->is_deleted && !a->is_internal &&
	       a->state == ATTACHMENT_READY;
}

static bool
is_referred_to(const struct attachment *a)
{
	return is_for_linear(a) && a->linear_asset_url;
}

const struct attachment *
attached_unsent(const struct attached *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (is_for_linear(&f->list[i]) && !f->list[i].linear_asset_url)
			return &f->list[i];
	return NULL;
}

const struct attachment *
attached_outdated(const struct attached *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].sent_to_linear != is_referred_to(&f->list[i]))
			return &f->list[i];
	return NULL;
}

/* Linear shows pictures of its own storage. */
static bool
is_picture(const struct attachment *a, const char *files_url)
{
	return strncmp(a->content_type, "image/", 6) == 0 &&
	       strncmp(a->linear_asset_url, files_url, strlen(files_url)) == 0;
}

const char *
attached_references(struct arena *a, const struct attached *f,
		    int64_t comment_id, const char *files_url)
{
	const char *text;
	struct buf b;

	buf_init(&b, (f->n + 1) * REFERENCE_MAX);
	for (size_t i = 0; i < f->n; i++) {
		const struct attachment *file = &f->list[i];

		if (file->comment_id == comment_id && is_referred_to(file))
			buf_printf(&b, "\n\n%s[%s](%s)",
				   is_picture(file, files_url) ? "!" : "",
				   linear_name(a, file->filename),
				   file->linear_asset_url);
	}
	text = arena_memdup(a, b.len ? b.data : "", b.len);
	buf_release(&b);
	return text;
}

enum err
attached_mark(struct ctx *c, const struct attached *f, int64_t comment_id)
{
	enum err e = OK;

	for (size_t i = 0; !e && i < f->n; i++) {
		const struct attachment *file = &f->list[i];

		if (file->comment_id == comment_id &&
		    file->sent_to_linear != is_referred_to(file))
			e = attachment_set_sent(c, file, is_referred_to(file));
	}
	return e;
}

/* A line that refers to one of the files. */
static bool
is_reference(const struct attachment *list, size_t n, const char *line,
	     size_t length)
{
	for (size_t i = 0; i < n; i++) {
		const char *url = list[i].linear_asset_url;

		if (url && memmem(line, length, url, strlen(url)))
			return true;
	}
	return false;
}

enum err
attached_strip(const char **out, struct ctx *c, int64_t comment_id,
	       const char *body)
{
	struct attachment *list;
	struct buf b;
	size_t n, length;
	enum err e = attachment_all_of_comment(&list, &n, c, comment_id);

	*out = body;
	if (e || !n)
		return e;
	buf_init(&b, strlen(body) + 1);
	for (const char *p = body; *p; p += length) {
		length = strcspn(p, "\n");
		length += p[length] == '\n';
		if (!is_reference(list, n, p, length))
			buf_add(&b, p, length);
	}
	*out = arena_memdup(c->arena, b.len ? b.data : "", b.len);
	buf_release(&b);
	return OK;
}

enum err
attached_set_link(struct ctx *c, const struct attachment *a)
{
	return attachment_set_asset(
	    c, a,
	    arena_printf(c->arena, "%s/issues/%lld/#attachment-%lld",
			 c->conf->public_url, (long long)a->issue_id,
			 (long long)a->id));
}
