#ifndef DESK_MAIL_JOB_H
#define DESK_MAIL_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

/* The queue of mails (table mail_job), and which notifications each mail is
 * about (table mail_notice). A process that sends a mail holds its lease
 * (db/lease.h). A mail that the server refuses for good becomes a dead letter.
 * What a mail says is worked out when it is sent: see lib/mail/content.h. */

/* In the order of mail_job.kind. */
enum mail_kind {
	MAIL_PASSWORD_RESET = 1,
	MAIL_NOTICES, /* about one issue */
	MAIL_CONFIRM_ADDRESS,
	MAIL_INVITATION,
	MAIL_ADDRESS_CHANGED,
	MAIL_PASSWORD_CHANGED,
	MAIL_DIGEST,	     /* about many issues */
	MAIL_RAISED_BY_MAIL, /* to somebody unknown whose mail raised an issue
			      */
	MAIL_TEST /* to an organization's own address, for its owner */
};

/* --- adding --- */

/* A mail about an account. */
struct account_mail {
	enum mail_kind kind;
	int64_t user_id; /* whose account; 0: an invitation to a person without
			  * one, or a reset that leads to no account */
	/* Where it goes, as user.email is written. Password mails go to the
	 * address that the account has when they are sent. */
	const char *address;
	int64_t organization_id; /* that invites or tests; else 0 */
	int64_t about_id; /* what the link is about, by kind; 0: nothing */
};

/* A mail about an account; `address` NULL: the account's own. A mail for nobody
 * (no user, no organization) is stored, but never sent: it costs the same. */
enum err mail_job_add_account(struct ctx *c, const struct account_mail *m,
			      const char *address) MUST_CHECK;

/* A mail to an organization's own address; none if it had one in the last ten
 * seconds. */
enum err mail_job_add_test(struct ctx *c, int64_t organization_id,
			   const char *address) MUST_CHECK;

/* What became of the last test. TEST_NONE: no test was sent, and the texts are
 * NULL. */
enum mail_test_state { TEST_NONE, TEST_WAITING, TEST_SENT, TEST_FAILED };
struct mail_test {
	enum mail_test_state state;
	const char *address, *created_at;
	const char *error; /* the mail server's words; NULL: none */
};
enum err mail_job_last_test(struct mail_test *out, struct ctx *c,
			    int64_t organization_id) MUST_CHECK;

/* A mail about one issue, due now; and all notifications about that issue which
 * the reader has not been mailed yet become part of a mail. */
enum err mail_job_add_notices(int64_t *id, struct ctx *c, int64_t user_id,
			      int64_t issue_id) MUST_CHECK;
enum err mail_job_take_notices(struct ctx *c, int64_t id, int64_t user_id,
			       int64_t issue_id) MUST_CHECK;

/* A digest; some notifications for it (a JSON array of ids); and a number of
 * others that it only counts. */
enum err mail_job_add_digest(int64_t *id, struct ctx *c, int64_t user_id,
			     usec_t due_at) MUST_CHECK;
enum err mail_job_list_notices(struct ctx *c, int64_t id, int64_t user_id,
			       const char *notice_ids) MUST_CHECK;
enum err mail_job_count_more(struct ctx *c, int64_t id,
			     int64_t more) MUST_CHECK;

/* --- sending --- */

struct mail_job {
	int64_t id, user_id;
	enum mail_kind kind;
	int64_t attempts;
	usec_t created_at;
};

/* Leases up to n mails that are due. */
enum err mail_job_lease(struct mail_job *out, size_t *count, struct ctx *c,
			const char *owner, size_t n) MUST_CHECK;

/* The outcome: sent; void (there is nothing left to say); a dead letter.
 * `error` is the server's message. Nothing happens if another process has the
 * lease by now. */
enum err mail_job_sent(struct ctx *c, const char *owner, int64_t id) MUST_CHECK;
enum err mail_job_void(struct ctx *c, const char *owner, int64_t id) MUST_CHECK;
enum err mail_job_dead_letter(struct ctx *c, const char *owner, int64_t id,
			      const char *error) MUST_CHECK;

/* A mail that was sent has come back; `error` is the other server's message. It
 * becomes a dead letter. *was_sent: it was sent, and had not come back before.
 */
enum err mail_job_bounced(bool *was_sent, struct ctx *c, int64_t id,
			  const char *error) MUST_CHECK;

/* Gives the lease back; the mail is due again at `due_at`. With an error, it
 * counts as a failed attempt. */
enum err mail_job_release(struct ctx *c, const char *owner, int64_t id,
			  usec_t due_at, const char *error) MUST_CHECK;

/* Frees the leases of processes of this machine that no longer run. */
enum err mail_job_break_leases(struct ctx *c, const char *host) MUST_CHECK;

/* Makes mails that wait after a failure due now: the server is back. */
enum err mail_job_expedite(struct ctx *c) MUST_CHECK;

/* --- housekeeping --- */

/* Makes a dead letter, or a mail that waits, due now; id 0: all dead letters.
 * *n: how many there were. */
enum err mail_job_retry(int64_t *n, struct ctx *c, int64_t id) MUST_CHECK;

/* After a restore: holds all mails that wait, since they may have been sent
 * already. Released, they are due; discarded, they are never sent. id 0: all
 * that are held. *n: how many. */
enum err mail_job_hold(int64_t *n, struct ctx *c) MUST_CHECK;
enum err mail_job_release_held(int64_t *n, struct ctx *c, int64_t id,
			       bool discard) MUST_CHECK;

/* Cancels all mails to the user that wait, of every kind, and deletes the
 * addresses of those that were sent. */
enum err mail_job_void_user(struct ctx *c, int64_t user_id) MUST_CHECK;

/* The same for mails that belong to no user, such as invitations, and were sent
 * to the address that the user has confirmed. */
enum err mail_job_void_unowned(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Cancels all mails to the user in the same way, and separates them from the
 * user: call before that is deleted. */
enum err mail_job_disown(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Releases mails that are scheduled, or leased, until after then: only a wrong
 * clock can have put them so far ahead. */
enum err mail_job_release_far_ahead(struct ctx *c, usec_t after) MUST_CHECK;

/* Deletes some of the mails that were sent or void before then, or those for
 * nobody. *more: there may be others. */
enum err mail_job_purge(bool *more, struct ctx *c, usec_t before) MUST_CHECK;
enum err mail_job_purge_nobody(bool *more, struct ctx *c,
			       usec_t before) MUST_CHECK;

#endif
