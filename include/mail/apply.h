#ifndef MAIL_APPLY_H
#define MAIL_APPLY_H

#include "base/ctx.h"
#include "desk/mail_in.h"
#include "mail/incoming.h"

/* What follows from a mail that came in, and from what staff decide about one
 * that is held. */

/* Decides about a mail that `owner` has leased, does what follows, and writes
 * the state, in one transaction. `why` says why it was not read. Returns OK as
 * well if another process has applied it meanwhile; *state is then 0. A mail
 * that was not read for a reason that may pass (INCOMING_FAILED) is tried again
 * a few times; *state is then MAIL_IN_NEW. */
enum err mail_apply(enum mail_in_state *state, struct ctx *c, const char *owner,
		    const struct mail_in_job *job, enum incoming_result result,
		    const char *why,
		    const struct incoming_mail *mail) MUST_CHECK;

/* Staff accept a mail that is held: it becomes a comment of the person who was
 * to answer, or an issue of its sender. If that person may no longer comment,
 * or is staff, it becomes an internal comment of the one who accepts it.
 * *out: the mail after that. ERR_NOTFOUND; ERR_CONFLICT: it is not held;
 * ERR_LIMITED: see quota.h. */
enum err mail_accept(struct mail_in **out, struct ctx *c,
		     const struct actor *who, int64_t id) MUST_CHECK;

/* Staff discard a mail that is held. ERR_NOTFOUND, ERR_CONFLICT. */
enum err mail_discard(struct mail_in **out, struct ctx *c,
		      const struct actor *who, int64_t id) MUST_CHECK;

#endif
