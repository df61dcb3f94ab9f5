#ifndef MAIL_QUEUE_H
#define MAIL_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "desk/account_mail.h"
#include "mail/compose.h"

/* The mails that are to be sent (table mail_job): those about accounts from
 * account_mail.h, those about issues from mail_gather.h. Who sends one holds
 * its lease, a committed row, as with sync_job. */

struct mail_job {
	int64_t id, user_id;
	enum mail_kind kind;
	int64_t attempts;
	usec_t created_at;
};

/* Leases up to n mails that are due. */
enum err mail_lease(struct mail_job *out, size_t *count, struct ctx *c,
		    const char *owner, size_t n) MUST_CHECK;

/* What it is about, as things are now. ERR_NOTFOUND: nothing is left to say,
 * or nobody to say it to. Makes the token of a link. */
enum err mail_load(struct mail_content *out, struct ctx *c,
		   const struct mail_job *job) MUST_CHECK;

/* How it ended; `error` is the server's words. A release with an error counts
 * as a failure. Nothing happens when the lease is another's by now. */
enum err mail_sent(struct ctx *c, const char *owner, int64_t id) MUST_CHECK;
enum err mail_void(struct ctx *c, const char *owner, int64_t id) MUST_CHECK;
enum err mail_bury(struct ctx *c, const char *owner, int64_t id,
		   const char *error) MUST_CHECK;
enum err mail_release(struct ctx *c, const char *owner, int64_t id,
		      usec_t due_at, const char *error) MUST_CHECK;

/* Leases of processes of this machine that are no more are free. */
enum err mail_break_leases(struct ctx *c, const char *host) MUST_CHECK;

/* What waits out a failure is due now: the server is back. */
enum err mail_hurry(struct ctx *c) MUST_CHECK;

/* As job_release_far_ahead. */
enum err mail_recall(struct ctx *c, usec_t after) MUST_CHECK;

/* Forgets some of the mails that went, or had nothing to say, before then;
 * *more: there may be others. */
enum err mail_purge(bool *more, struct ctx *c, usec_t before) MUST_CHECK;

#endif
