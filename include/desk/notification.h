#ifndef DESK_NOTIFICATION_H
#define DESK_NOTIFICATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "base/enum_name.h"
#include "desk/issue.h"

/* In the order of the enum notification.kind. */
enum notice {
	NOTICE_RAISED = 1,
	NOTICE_REPLIED,
	NOTICE_STATUS,
	NOTICE_RESOLVED,
	NOTICE_REOPENED,
	NOTICE_ASSIGNED,
	NOTICE_ATTACHED, /* files that came without a comment */
	NOTICE_INFECTED	 /* the scanner found malware in a file */
};

extern const struct enum_name notice_words[];

struct notification {
	int64_t id, issue_id;
	const char *issue_number, *issue_title;
	enum notice kind;
	enum status status;
	const char *actor_name;
	const char *created_at;
	bool is_read;
};

/* What people are notified of. */
struct notice_cause {
	enum notice kind;
	const struct actor *who;   /* did it */
	const struct issue *issue; /* its id, organization and raised_by */
	enum status status;	   /* of the issue, after it */
	bool is_public;		   /* the customer may know */
	int64_t assigned_to;	   /* 0: nobody */
	int64_t comment_id;	   /* 0: none */
	usec_t at;
};

/* Notifications to be added, all at once. What a cause points to must stay
 * until they are written. */
struct notices;
struct notices *notices_new(struct ctx *c);

/* Adds the notifications of one event. What staff or Linear did is for the
 * customer. What the customer did is for the assignee, or for all staff if
 * nobody is assigned or the assignee has left. Malware is for all staff and, in
 * a public file, for the customer. Nobody is notified of what they did
 * themselves. */
void notify(struct notices *t, const struct notice_cause *n);

/* Inside a transaction that locks their issues. Notifications of files that
 * follow a recent one, which nobody has read or was mailed, are left out: a
 * burst of files makes one. */
enum err notices_write(struct ctx *c, struct notices *t) MUST_CHECK;

/* Marks as read, for all their readers, those notifications of an issue that
 * are no longer shown, since the issue is deleted or withdrawn, or a comment
 * is. Inside the transaction that derives it, which locks the issue. */
enum err notices_hide(struct ctx *c, int64_t issue_id) MUST_CHECK;

struct notification_page {
	struct notification *list;
	size_t n;
	int64_t count;	/* of the list: exact up to 100 behind the page */
	int64_t unread; /* all of them */
};

/* Newest first, among the newest thousand for the person and the newest
 * thousand for the staff that they belong to. */
enum err notification_list(struct notification_page *out, struct ctx *c,
			   const struct actor *who, bool unread_only,
			   int64_t limit, int64_t offset) MUST_CHECK;

/* How many are unread, from counters. What is no longer shown counts until
 * that is derived. */
enum err notification_count_unread(int64_t *out, struct ctx *c,
				   const struct actor *who) MUST_CHECK;

/* Marks one (ERR_NOTFOUND), or all that exist now, as read. */
enum err notification_read(struct ctx *c, const struct actor *who,
			   int64_t id) MUST_CHECK;
enum err notification_read_all(struct ctx *c,
			       const struct actor *who) MUST_CHECK;

/* A counter of unread notifications that differs from the rows. */
struct unread_miscount {
	int64_t scope; /* notification_count.scope */
	const char *name;
	int64_t scope_id, stored, real;
};

/* Compares every counter with the rows, in one statement, so that the result is
 * exact while others work. At most `limit` of the differences. */
enum err unread_find_wrong(struct unread_miscount **out, size_t *n,
			   struct ctx *c, int64_t limit) MUST_CHECK;

/* Corrects them, while others work; *n: how many were wrong. */
enum err unread_repair(int64_t *n, struct ctx *c) MUST_CHECK;

/* Replaces the name that notifications keep of a user, in those with ids from
 * behind + 1 to `to`. */
enum err notification_rename_actor(struct ctx *c, int64_t user_id,
				   const char *name, int64_t behind,
				   int64_t to) MUST_CHECK;

/* Makes mails due now that are scheduled after `latest`, which happens only
 * under a wrong clock. */
enum err notification_release_mails(struct ctx *c, usec_t latest) MUST_CHECK;

/* Notes that every reader of these notifications has them in a mail_job.
 * `ids` is a JSON array. */
enum err notification_mark_mailed(struct ctx *c, const char *ids) MUST_CHECK;

/* After a restore, mails about these may have been sent already: all that are
 * due; those about changes before the restore that are derived, or learnt of
 * from Linear, only now. Released, they are due; discarded, they are never
 * mailed. *n: how many. */
enum err notification_hold_mails(int64_t *n, struct ctx *c) MUST_CHECK;
enum err notification_hold_late(struct ctx *c, usec_t restored_at) MUST_CHECK;
enum err notification_release_held(int64_t *n, struct ctx *c,
				   bool discard) MUST_CHECK;

#endif
