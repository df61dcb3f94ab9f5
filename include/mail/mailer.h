#ifndef MAIL_MAILER_H
#define MAIL_MAILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

/* Sends the mails that are due, several at once, through transfers that also
 * carry other requests. If a mail was sent but that was not recorded (a crash
 * in between, a lost reply), it is sent again with the same Message-ID. No mail
 * is lost, and no other mail is sent twice. */

struct mailer;
struct transfers;

#define MAIL_PARALLEL 8

/* Without conf->smtp_url it does nothing. `owner` (db/lease.h) must outlive it.
 */
struct mailer *mailer_new(const struct conf *conf, struct transfers *t,
			  const char *owner);
void mailer_free(struct mailer *m);

/* The number of mails that are being sent. */
size_t mailer_busy(const struct mailer *m);

/* Makes mails from notifications, leases mails that are due, and starts to send
 * them. *more: call again, there is more to do. */
enum err mailer_begin(bool *more, struct mailer *m, struct ctx *c) MUST_CHECK;

enum mail_verdict {
	MAIL_WENT,    /* the server has accepted it */
	MAIL_LATER,   /* it will be tried again */
	MAIL_AWAY,    /* the server cannot be reached, or refuses TLS or the
		       * login: all mails wait */
	MAIL_GIVEN_UP /* a dead letter */
};

/* For the log, so without address and text. */
struct mail_report {
	enum mail_verdict verdict;
	int64_t id;
	long status;  /* of SMTP; 0: no reply */
	bool resumed; /* the server is available again */
};

/* Records the outcome of one mail. ERR_NOTFOUND: none has finished. ERR_DB: it
 * will be recorded later. */
enum err mailer_take(struct mail_report *out, struct mailer *m,
		     struct ctx *c) MUST_CHECK;

#endif
