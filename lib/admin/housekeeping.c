#include "admin/housekeeping.h"

#include "base/conf.h"
#include "db/db.h"
#include "db/shared_state.h"
#include "desk/account_mail.h"
#include "desk/email_proof.h"
#include "desk/idempotency.h"
#include "desk/issue_age.h"
#include "desk/issue_count.h"
#include "desk/lockout.h"
#include "desk/mail_in.h"
#include "desk/mail_job.h"
#include "desk/notification.h"
#include "desk/security_log.h"
#include "desk/sync_job.h"
#include "desk/token.h"
#include "desk/trend.h"
#include "files/sweep.h"
#include "sync/download.h"
#include "sync/pending_write.h"
#include "sync/webhook.h"

#define DAY (86400 * USEC_PER_SEC)

/* Longer than anything is postponed, and than our clocks differ. */
#define LONG (3600 * USEC_PER_SEC)

/* Releases what a wrong clock scheduled. */
static enum err
release_far_ahead(struct ctx *c)
{
	const usec_t after = c->now + LONG;
	enum err e = job_release_far_ahead(c, after);

	if (!e)
		e = webhook_release_far_ahead(c, after);
	if (!e)
		e = download_expedite(c, after);
	if (!e)
		e = mail_in_release_far_ahead(c, after);
	if (!e)
		e = notification_release_mails(
		    c, after + c->conf->mail_burst_s * USEC_PER_SEC);
	return e ? e : mail_job_release_far_ahead(c, after);
}

/* Deletes what a person no longer needs to log in, or to repeat a request. */
static enum err
purge_access(bool *more, struct ctx *c)
{
	bool failures = false, shares = false, proofs = false, log = false;
	int64_t n;
	enum err e = token_purge(&n, c);

	if (!e)
		e = idempotency_purge(&n, c);
	if (!e)
		e = lockout_purge(&failures, c);
	if (!e)
		e = account_mail_purge(&shares, c);
	if (!e)
		e = email_proof_purge(&proofs, c);
	if (!e)
		e = security_log_purge(&log, c);
	*more = failures || shares || proofs || log;
	return e;
}

/* Deletes what has been sent and received. */
static enum err
purge_exchanges(bool *more, struct ctx *c)
{
	bool deliveries = false, mails = false, mails_in = false;
	enum err e = pending_write_purge(c, c->now - DAY);

	if (!e)
		e = webhook_purge(&deliveries, c, c->now - 7 * DAY);
	if (!e)
		e = mail_job_purge(&mails, c, c->now - 30 * DAY);
	if (!e)
		e = mail_in_purge(&mails_in, c, c->now - MAIL_IN_DAYS * DAY);
	*more = deliveries || mails || mails_in;
	return e;
}

/* Files whose time has come, and once a day those that no row has. */
static enum err
sweep_files(struct ctx *c)
{
	struct files_swept swept;
	enum err e = files_sweep(&swept, c, false);

	return e ? e : files_sweep_disk_daily(&swept, c);
}

enum err
housekeep(bool *more, struct ctx *c)
{
	bool access = false, exchanges = false, ages = false;
	enum err e = purge_access(&access, c);

	if (!e)
		e = job_retry_dead(c, c->now - DAY);
	if (!e)
		e = release_far_ahead(c);
	if (!e)
		e = purge_exchanges(&exchanges, c);
	if (!e)
		e = sweep_files(c);
	if (!e)
		e = issue_age_note(&ages, c);
	*more = access || exchanges || ages;
	return e;
}

enum err
recount_if_asked(struct ctx *c)
{
	struct shared_state state;
	int64_t n;
	enum err e = shared_state_get(&state, c, STATE_RECOUNT);

	if (e || !state.value)
		return e;
	db_be_patient(c->db, true);
	e = count_repair(&n, c);
	if (!e)
		e = trend_repair(&n, c);
	if (!e)
		e = unread_repair(&n, c);
	db_be_patient(c->db, false);
	return e ? e : shared_state_clear(c, STATE_RECOUNT);
}
