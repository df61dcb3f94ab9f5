#ifndef MAIL_MAILER_H
#define MAIL_MAILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

/* Sends the mails that are due, several at once, beside whatever else its
 * transfers carry. A mail that was sent and not noted (a crash in between, an
 * answer that got lost) is sent again under the same Message-ID; nothing is
 * lost, and nothing else comes twice. */

struct mailer;
struct transfers;

#define MAIL_PARALLEL 8

/* conf->smtp_url may be NULL: then it never has anything to do. `owner` (see
 * sync_job.h) and `host` must outlive it. */
struct mailer *mailer_new(const struct conf *conf, struct transfers *t,
			  const char *owner, const char *host);
void mailer_free(struct mailer *m);

/* How many are under way. */
size_t mailer_busy(const struct mailer *m);

/* Gathers bursts, leases what is due and begins to send it. *more: there is
 * more to do than fitted. */
enum err mailer_begin(bool *more, struct mailer *m, struct ctx *c) MUST_CHECK;

enum mail_verdict {
	MAIL_WENT,  /* the server has it */
	MAIL_LATER, /* it will be tried again */
	MAIL_AWAY,  /* so will all others: the server is not to be reached, or
		     * does not let us in */
	MAIL_GIVEN_UP
};

/* For the log: no address, no text. */
struct mail_report {
	enum mail_verdict verdict;
	int64_t id;
	long status;  /* SMTP's; 0: none came */
	bool resumed; /* the server is back */
};

/* Notes the end of one mail. ERR_NOTFOUND: none has ended. ERR_DB: it will be
 * noted later. */
enum err mailer_take(struct mail_report *out, struct mailer *m,
		     struct ctx *c) MUST_CHECK;

#endif
