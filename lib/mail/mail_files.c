#include "mail_files.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "desk/activity.h"
#include "desk/issue.h"
#include "desk/mail_in.h"
#include "files/kind.h"
#include "files/name.h"

static bool
is_too_large(const struct ctx *c, const struct incoming_file *from)
{
	return !from->size || from->size > (size_t)c->conf->files_max;
}

/* Looks at a complete file; false: it is not to be kept. */
static bool
describe_file(struct attachment_new *to, struct ctx *c,
	      const struct incoming *content, const struct incoming_file *from)
{
	const char *name = file_name(c->arena, from->name);
	struct file_kind kind;

	*to = (struct attachment_new){.filename = name ? name : "file",
				      .size = content->size,
				      .sha256 = content->sha256,
				      .source = ATTACHMENT_MAIL,
				      .state = attachment_first_state(c)};
	file_look(&kind, content, to->filename);
	to->content_type = arena_strdup(c->arena, kind.content_type);
	to->width = kind.width;
	to->height = kind.height;
	return !file_is_denied(c->conf->files_deny, kind.content_type,
			       to->filename);
}

static bool
write_mail_file(bool *kept, struct mail_files *f, struct ctx *c,
		const struct incoming_file *from)
{
	struct incoming *content = &f->contents[f->n];

	*kept = false;
	if (!incoming_begin(content, c->conf))
		return false;
	if (!incoming_add(content, from->data, from->size) ||
	    !incoming_end(content)) {
		incoming_drop(content, c->conf);
		return false;
	}
	*kept = describe_file(&f->files[f->n], c, content, from);
	if (!*kept)
		incoming_drop(content, c->conf);
	return true;
}

bool
mail_files_write(struct mail_files *f, struct ctx *c,
		 const struct incoming_mail *mail)
{
	bool kept;

	*f = (struct mail_files){0};
	for (size_t i = 0; i < mail->n_files; i++) {
		const struct incoming_file *from = &mail->files[i];

		kept = false;
		if (f->n < MAIL_FILES_MAX && !is_too_large(c, from) &&
		    !write_mail_file(&kept, f, c, from))
			return false;
		if (kept)
			f->n++;
		else
			f->left_out++;
	}
	return true;
}

bool
mail_files_read(struct mail_files *f, struct ctx *c, int64_t mail_id)
{
	struct incoming_child *child;
	struct incoming_mail mail;
	const char *raw, *why;
	size_t n;

	*f = (struct mail_files){0};
	if (mail_in_raw(&raw, &n, c, mail_id))
		return false;
	child = n ? incoming_mail_begin(raw, n, NULL) : NULL;
	if (!child)
		return !n;
	/* a mail that cannot be read any more is accepted without its files */
	return incoming_mail_end(&mail, &why, child, c->arena) !=
		   INCOMING_PARSED ||
	       mail_files_write(f, c, &mail);
}

void
mail_files_drop(struct mail_files *f, struct ctx *c)
{
	for (size_t i = 0; i < f->n; i++)
		incoming_drop(&f->contents[i], c->conf);
	f->n = 0;
}

/* A content_keep. */
static bool
keep_mail_file(void *arg, struct ctx *c, int64_t organization_id,
	       const char *sha256)
{
	struct mail_files *f = arg;

	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->contents[i].sha256, sha256) == 0)
			return incoming_keep(&f->contents[i], c->conf,
					     organization_id);
	return false;
}

enum err
mail_files_attach(struct mail_files *f, struct ctx *c, const struct actor *who,
		  int64_t issue_id, int64_t comment_id, bool is_internal)
{
	struct issue *issue;
	int64_t id;
	enum err e = f->n ? issue_lock(&issue, c, who, issue_id) : OK;

	f->refused = 0;
	for (size_t i = 0; !e && i < f->n; i++) {
		e = attachment_add_within(&id, c, who, issue, comment_id,
					  is_internal, &f->files[i],
					  keep_mail_file, f);
		if (!e && !comment_id)
			e = attachment_record(
			    c, who, issue, f->files[i].filename, is_internal);
		if (e == ERR_INVALID || e == ERR_FULL) {
			f->refused++;
			e = OK;
		}
	}
	return e;
}
