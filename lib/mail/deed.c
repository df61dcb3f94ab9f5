/* What mails that came in do: comments, and issues. It goes through the same
 * functions as what people do in the portal, with an actor that is marked
 * by_mail, so that rights, history, notifications and Linear are the same. */
#include "deed.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/json.h"
#include "base/unicode.h"
#include "desk/activity.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "mail_files.h"

#define DAY  (86400 * USEC_PER_SEC)
#define HOUR (3600 * USEC_PER_SEC)

/* By mail, an issue is reopened at most once within so long: two programs that
 * answer each other, and look like people, could go on for ever. */
#define REOPEN_PAUSE (600 * USEC_PER_SEC)

#define CUT "\n\n[The e-mail was longer. Staff see all of it.]"

/* At most `max` characters. */
static const char *
cut_characters(struct ctx *c, const char *s, size_t max)
{
	size_t at = 0;

	while (max-- && s[at])
		at += utf8_sequence(s + at, strlen(s + at));
	return arena_memdup(c->arena, s, at);
}

/* The same, and says so. */
static const char *
cut_text(struct ctx *c, const char *s, size_t max)
{
	if (utf8_length(s) <= max)
		return s;
	return arena_printf(c->arena, "%s%s",
			    cut_characters(c, s, max - strlen(CUT)), CUT);
}

const char *
deed_text(struct ctx *c, const struct mail_text *text, size_t max)
{
	const char *clean =
	    text->content ? text_clean(c->arena, text->content, true) : "";

	if (!*clean && text->files && text->files->n)
		return "(The e-mail has files, but no text.)";
	return cut_text(c, clean, max);
}

static enum err
refuse_empty(struct ctx *c)
{
	return fault_add(&c->faults, "non_field_errors",
			 "The e-mail has no text.");
}

enum err
deed_comment(struct mail_in_outcome *out, struct ctx *c,
	     const struct actor *who, int64_t issue_id, const char *content,
	     bool is_internal)
{
	struct issue *issue;
	enum err e;

	if (!*content)
		return refuse_empty(c);
	e = issue_lock(&issue, c, who, issue_id);
	if (!e)
		e = comment_add_within(&out->comment_id, c, who, issue, content,
				       is_internal, NULL);
	out->deed = MAIL_IN_COMMENT;
	out->issue_id = issue_id;
	out->organization_id = e ? 0 : issue->kind.organization_id;
	return e;
}

/* The same with the files of the mail. */
static enum err
comment_with_files(struct mail_in_outcome *out, struct ctx *c,
		   const struct correspondent *by, const struct mail_text *text)
{
	enum err e = deed_comment(out, c, &by->who, by->issue_id,
				  deed_text(c, text, COMMENT_MAX), false);

	return e || !text->files
		   ? e
		   : mail_files_attach(text->files, c, &by->who, by->issue_id,
				       out->comment_id, false);
}

/* --- answers to issues that are settled ---------------------------------- */

static enum err
may_reopen(bool *out, struct ctx *c, const struct correspondent *by)
{
	int64_t n = 0;
	enum err e = mail_in_count(&n, c, MAIL_IN_OF_ISSUE, by->issue_id,
				   MAIL_IN_REOPENING, c->now - REOPEN_PAUSE);

	*out = !e && n == 0;
	return e;
}

static enum err
reopen(struct mail_in_outcome *out, struct ctx *c,
       const struct correspondent *by, const struct mail_text *text)
{
	const struct issue_change change = {.act = ACT_REOPEN};
	struct issue_outcome changed;
	bool may = false;
	enum err e = may_reopen(&may, c, by);

	if (!e && may)
		e = issue_change_within(&changed, c, &by->who, by->issue_id,
					&change);
	if (!e)
		e = comment_with_files(out, c, by, text);
	if (!e && may)
		out->deed = MAIL_IN_REOPENING;
	return e;
}

static const char *
title_of(struct ctx *c, const struct mail_text *text)
{
	const char *title =
	    text_clean(c->arena, text->subject ? text->subject : "", false);

	return *title ? cut_characters(c, title, TITLE_MAX)
		      : "E-mail without a subject";
}

static enum err
raise_new(struct mail_in_outcome *out, struct ctx *c, const struct actor *who,
	  int64_t organization_id, const struct mail_text *text,
	  const char *description)
{
	const struct issue_new new = {.organization_id = organization_id,
				      .title = title_of(c, text),
				      .description = description,
				      .priority = PRIORITY_MEDIUM,
				      .category = CATEGORY_GENERAL};
	struct issue_outcome raised;
	enum err e = issue_raise(&raised, c, who, &new);

	if (e)
		return e;
	out->deed = MAIL_IN_ISSUE;
	out->issue_id = raised.id;
	out->organization_id = organization_id;
	return text->files
		   ? mail_files_attach(text->files, c, who, raised.id, 0, false)
		   : OK;
}

/* The decision about an answer counts comments only. Staff who accept a mail
 * are not limited. */
static enum err
check_successors(const struct mail_in_outcome *out, struct ctx *c)
{
	int64_t n = 0;
	enum err e = out->decided_by
			 ? OK
			 : mail_in_count(&n, c, MAIL_IN_OF_USER, out->user_id,
					 MAIL_IN_ISSUE, c->now - HOUR);

	if (e || n < MAIL_ISSUES_MAX)
		return e;
	(void)fault_add(&c->faults, "non_field_errors",
			"The sender has written too many e-mails within an "
			"hour.");
	return ERR_LIMITED;
}

static enum err
raise_successor(struct mail_in_outcome *out, struct ctx *c,
		const struct correspondent *by, const struct mail_text *text)
{
	const char *end =
	    arena_printf(c->arena, "\n\nThis follows %s.", by->issue_number);
	const char *content = deed_text(c, text, DESCRIPTION_MAX - strlen(end));
	enum err e = *content ? check_successors(out, c) : refuse_empty(c);

	return e ? e
		 : raise_new(out, c, &by->who, by->organization_id, text,
			     arena_printf(c->arena, "%s%s", content, end));
}

enum err
deed_answer(struct mail_in_outcome *out, struct ctx *c,
	    const struct correspondent *by, const struct mail_text *text)
{
	const usec_t window = c->conf->reopen_days * DAY;

	out->user_id = by->user_id;
	if (by->who.role != ROLE_CUSTOMER ||
	    (by->status != STATUS_RESOLVED && by->status != STATUS_CLOSED))
		return comment_with_files(out, c, by, text);
	if (by->status == STATUS_RESOLVED && by->resolved_at &&
	    c->now - by->resolved_at <= window)
		return reopen(out, c, by, text);
	return raise_successor(out, c, by, text);
}

/* --- issues -------------------------------------------------------------- */

enum err
deed_raise(struct mail_in_outcome *out, struct ctx *c,
	   const struct mail_raiser *raiser, int64_t organization_id,
	   const struct mail_text *text)
{
	const struct actor who = {.role = ROLE_CUSTOMER,
				  .user_id = raiser->user_id,
				  .name = raiser->name,
				  .by_mail = true};

	out->user_id = raiser->user_id;
	return raise_new(out, c, &who, organization_id, text,
			 deed_text(c, text, DESCRIPTION_MAX));
}

/* --- notes for staff ----------------------------------------------------- */

enum err
deed_note(struct ctx *c, const struct actor *who, int64_t organization_id,
	  int64_t issue_id, const char *field, const char *text)
{
	const struct actor docket = {.role = ROLE_EMPLOYEE,
				     .organization_id = organization_id,
				     .name = "Docket"};
	const struct actor *actor = who ? who : &docket;
	struct issue *issue;
	enum err e = issue_lock(&issue, c, actor, issue_id);

	if (!e)
		e = activity_add(c, actor, organization_id, issue_id, field,
				 NULL, text, ACTIVITY_INTERNAL);
	return e == ERR_NOTFOUND ? OK : e;
}
