#ifndef MAIL_DEED_H
#define MAIL_DEED_H

#include "base/ctx.h"
#include "desk/mail_in.h"
#include "sender.h"

/* Issues of one person by mail within an hour; what is beyond is held. */
#define MAIL_ISSUES_MAX 10

/* What mails do, inside the caller's transaction; for apply.c and accept.c.
 * Each fills in what the outcome says of it: deed, ids and reason. */

/* What a mail brings. */
struct mail_files;

struct mail_text {
	const char *subject, *content;
	struct mail_files *files; /* that came with it; NULL: none */
};

/* A comment of `by`. If the issue is resolved, a customer reopens it by that;
 * if it can no longer be reopened, their mail becomes a new issue that names
 * the old one. ERR_NOTFOUND: they do not see the issue any more. ERR_INVALID:
 * there is no text. ERR_LIMITED. */
enum err deed_answer(struct mail_in_outcome *out, struct ctx *c,
		     const struct correspondent *by,
		     const struct mail_text *text) MUST_CHECK;

/* A comment alone, maybe an internal one. */
enum err deed_comment(struct mail_in_outcome *out, struct ctx *c,
		      const struct actor *who, int64_t issue_id,
		      const char *content, bool is_internal) MUST_CHECK;

/* An issue of that person. ERR_INVALID, ERR_LIMITED. */
enum err deed_raise(struct mail_in_outcome *out, struct ctx *c,
		    const struct mail_raiser *raiser, int64_t organization_id,
		    const struct mail_text *text) MUST_CHECK;

/* An entry in the history of an issue, which only staff see; `who` NULL:
 * Docket. Does nothing if the issue was deleted. */
enum err deed_note(struct ctx *c, const struct actor *who,
		   int64_t organization_id, int64_t issue_id, const char *field,
		   const char *text) MUST_CHECK;

/* The text of a mail as comments may be, at most `max` characters. "": nothing
 * of it is visible. */
const char *deed_text(struct ctx *c, const struct mail_text *text, size_t max);

#endif
