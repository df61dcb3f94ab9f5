#ifndef DESK_MAIL_IN_H
#define DESK_MAIL_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "base/enum_name.h"
#include "desk/list_page.h"

/* Mails that came in (tables mail_in and mail_in_part). The door (door.h)
 * stores a mail once for each recipient, however often it is delivered.
 * docket-sync leases it (db/lease.h), has it parsed (incoming.h), and applies
 * it (apply.h): what it does and its state commit together, so that this
 * happens once. Then it is kept for MAIL_IN_DAYS, with the reason of its state.
 */

#define MAIL_IN_DAYS 90

/* In the order of mail_in.state. */
enum mail_in_state {
	MAIL_IN_NEW = 1,
	MAIL_IN_DONE,	  /* it did something: see mail_in_deed */
	MAIL_IN_HELD,	  /* staff decide */
	MAIL_IN_AUTO,	  /* sent by a program: it does nothing */
	MAIL_IN_BOUNCE,	  /* a mail of ours came back */
	MAIL_IN_REFUSED,  /* it is for nobody, or may not do what it asks for */
	MAIL_IN_FAILED,	  /* it cannot be read */
	MAIL_IN_DISCARDED /* by staff, who held it */
};

/* In the order of mail_in.deed. */
enum mail_in_deed {
	MAIL_IN_COMMENT = 1,
	MAIL_IN_REOPENING, /* a comment, by which a customer reopened */
	MAIL_IN_ISSUE,
	MAIL_IN_BOUNCED /* it ended the mail that it is about */
};

extern const struct enum_name mail_in_state_words[], mail_in_deed_words[];

/* --- the door --- */

/* Stores a mail, unless that recipient has one with this hash already. `sender`
 * NULL: it is not known. */
enum err mail_in_store(struct ctx *c, const char *recipient, const char *sender,
		       const unsigned char *message_hash, const char *raw,
		       size_t n) MUST_CHECK;

/* How many mails a recipient got since then. */
enum err mail_in_count_of_recipient(int64_t *out, struct ctx *c,
				    const char *recipient,
				    usec_t since) MUST_CHECK;

/* --- docket-sync --- */

struct mail_in_job {
	int64_t id;
	const char *recipient;
	const char *sender; /* of the envelope; NULL: not known */
	usec_t received_at;
	int64_t attempts; /* failed ones */
};

/* Leases up to n new mails. */
enum err mail_in_lease(struct mail_in_job *out, size_t *count, struct ctx *c,
		       const char *owner, size_t n) MUST_CHECK;

/* All bytes of a mail, in the arena. */
enum err mail_in_raw(const char **raw, size_t *n, struct ctx *c,
		     int64_t id) MUST_CHECK;

/* Gives the lease back; the mail is due again at `run_at`. `failed`: the
 * attempt counts. */
enum err mail_in_release(struct ctx *c, const char *owner, int64_t id,
			 usec_t run_at, bool failed) MUST_CHECK;

/* Frees the leases of processes of this machine that no longer run. */
enum err mail_in_break_leases(struct ctx *c, const char *host) MUST_CHECK;

/* Inside a transaction: locks a mail that is still new and leased by `owner`.
 * ERR_NOTFOUND: it is not, any more. */
enum err mail_in_lock(struct ctx *c, const char *owner, int64_t id) MUST_CHECK;

/* What was decided about a mail. Texts may be NULL, ids 0. */
struct mail_in_outcome {
	enum mail_in_state state;
	const char *reason; /* a sentence for staff */
	enum mail_in_deed deed;
	int64_t organization_id, issue_id, comment_id, user_id;
	const char *from, *from_name, *subject;
	const char *content, *whole; /* `whole` NULL: the same */
	int64_t decided_by;	     /* user; 0: Docket */
};

/* Inside a transaction that has locked it: writes the outcome, and ends the
 * lease. */
enum err mail_in_end(struct ctx *c, int64_t id,
		     const struct mail_in_outcome *o) MUST_CHECK;

/* How many mails of a user, to an organization, or about an issue did that
 * since then. deed 0: anything. */
enum mail_in_owner {
	MAIL_IN_OF_USER,
	MAIL_IN_OF_ORGANIZATION,
	MAIL_IN_OF_ISSUE
};
enum err mail_in_count(int64_t *out, struct ctx *c, enum mail_in_owner which,
		       int64_t id, enum mail_in_deed deed,
		       usec_t since) MUST_CHECK;

/* --- staff --- */

struct mail_in {
	int64_t id;
	enum mail_in_state state;
	const char *reason;
	enum mail_in_deed deed; /* 0: none */
	const char *recipient, *from, *from_name, *subject;
	int64_t organization_id, issue_id, comment_id, user_id;
	const char *issue_number; /* NULL: none */
	int64_t size;
	const char *received_at, *decided_at;
	int64_t decided_by;
	const char *content, *whole; /* by mail_in_get() and mail_in_hold() */
};

/* Those of the actor's organization, the newest first. state 0: all. */
enum err mail_in_list(struct mail_in **out, size_t *n, int64_t *total,
		      struct ctx *c, const struct actor *who,
		      enum mail_in_state state,
		      const struct list_page *page) MUST_CHECK;

/* Whether any came to the actor's organization, and how many wait for a
 * decision: at most 1,000 are counted. */
enum err mail_in_summary(bool *any, int64_t *held, struct ctx *c,
			 const struct actor *who) MUST_CHECK;

/* One of the actor's organization. ERR_NOTFOUND. */
enum err mail_in_get(struct mail_in **out, struct ctx *c,
		     const struct actor *who, int64_t id) MUST_CHECK;

/* The same inside a transaction, which locks it. */
enum err mail_in_get_locked(struct mail_in **out, struct ctx *c,
			    const struct actor *who, int64_t id) MUST_CHECK;

/* --- the operator --- */

/* Those of all organizations, and of none. */
enum err mail_in_list_all(struct mail_in **out, size_t *n, int64_t *total,
			  struct ctx *c, enum mail_in_state state,
			  const struct list_page *page) MUST_CHECK;
enum err mail_in_get_any(struct mail_in **out, struct ctx *c,
			 int64_t id) MUST_CHECK;

/* Makes mails new again that did nothing: that one; 0: all that failed, or are
 * held since a restore. *n: how many there were. */
enum err mail_in_retry(int64_t *n, struct ctx *c, int64_t id) MUST_CHECK;

/* --- housekeeping --- */

/* After a restore: holds all mails that wait, for the operator, since they may
 * have been applied already. *n: how many. */
enum err mail_in_hold(int64_t *n, struct ctx *c) MUST_CHECK;

/* Releases what is scheduled, or leased, until after then: only a wrong clock
 * can have put it so far ahead. */
enum err mail_in_release_far_ahead(struct ctx *c, usec_t after) MUST_CHECK;

/* Deletes some of the mails that came before then. *more: there may be others.
 */
enum err mail_in_purge(bool *more, struct ctx *c, usec_t before) MUST_CHECK;

/* Before a person is erased: deletes what mails by them say, and the mails that
 * wait. */
enum err mail_in_forget_user(struct ctx *c, int64_t user_id) MUST_CHECK;

#endif
