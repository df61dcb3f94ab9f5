#include "admin/housekeeping.h"

#include "base/conf.h"
#include "desk/account_mail.h"
#include "desk/email_proof.h"
#include "desk/idempotency.h"
#include "desk/lockout.h"
#include "desk/mail_job.h"
#include "desk/notification.h"
#include "desk/security_log.h"
#include "desk/sync_job.h"
#include "desk/token.h"
#include "sync/pending_write.h"
#include "sync/webhook.h"

#define DAY (86400 * USEC_PER_SEC)

/* Longer than anything is postponed, and than our clocks differ. */
#define LONG (3600 * USEC_PER_SEC)

enum err
housekeep(bool *more, struct ctx *c)
{
	bool more_mails = false, more_log = false, more_failures = false,
	     more_shares = false, more_proofs = false;
	int64_t n;
	enum err e = token_purge(&n, c);

	*more = false;
	if (!e)
		e = idempotency_purge(&n, c);
	if (!e)
		e = lockout_purge(&more_failures, c);
	if (!e)
		e = account_mail_purge(&more_shares, c);
	if (!e)
		e = email_proof_purge(&more_proofs, c);
	if (!e)
		e = pending_write_purge(c, c->now - DAY);
	if (!e)
		e = job_retry_dead(c, c->now - DAY);
	if (!e)
		e = job_release_far_ahead(c, c->now + LONG);
	if (!e)
		e = webhook_release_far_ahead(c, c->now + LONG);
	if (!e)
		e = notification_release_mails(
		    c, c->now + LONG + c->conf->mail_burst_s * USEC_PER_SEC);
	if (!e)
		e = mail_job_release_far_ahead(c, c->now + LONG);
	if (!e)
		e = webhook_purge(more, c, c->now - 7 * DAY);
	if (!e)
		e = mail_job_purge(&more_mails, c, c->now - 30 * DAY);
	if (!e)
		e = security_log_purge(&more_log, c);
	*more = *more || more_mails || more_log || more_failures ||
		more_shares || more_proofs;
	return e;
}
