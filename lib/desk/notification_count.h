#ifndef DESK_NOTIFICATION_COUNT_H
#define DESK_NOTIFICATION_COUNT_H

#include "db/db.h"
#include "desk/notification.h"

/* The counters of unread notifications (table notification_count); for
 * notification*.c and profile.c only. */

/* How many notifications are unread: for the person alone, and for the staff
 * that the actor belongs to. */
struct unread {
	int64_t own, staff;
};

/* Two columns of a statement that tell it; they take UNREAD_ARGS arguments. */
#define UNREAD_CELL(scope)                                          \
	"COALESCE((SELECT n FROM notification_count WHERE scope = " \
	"'" scope "' AND scope_id = ?), 0)"
#define UNREAD_COLUMNS     \
	UNREAD_CELL("own") \
	", " UNREAD_CELL("staff") " - " UNREAD_CELL("seen")
#define UNREAD_ARGS 3
void unread_args(struct arg out[UNREAD_ARGS], const struct actor *who);
void unread_read(struct unread *out, struct rows *rows);

enum err unread_of_actor(struct unread *out, struct ctx *c,
			 const struct actor *who) MUST_CHECK;

/* A notification that is about to be added; 0: not to them, or nobody's. */
struct notice_added {
	int64_t user_id, staff_of;	    /* the reader, one of them */
	int64_t actor_id;		    /* who did it */
	int64_t organization_id, raised_by; /* of the issue */
};

/* Inside the transaction that adds them, before it does: then one that marks
 * all as read waits, and no notification that it has not seen gets an id that
 * it counts as read. */
enum err unread_add(struct ctx *c, const struct notice_added *list,
		    size_t n) MUST_CHECK;

/* Inside a transaction, before the mark is written: one less is unread, of the
 * person's own or of the staff's. */
enum err unread_take(struct ctx *c, int64_t profile_id, bool own) MUST_CHECK;

/* Marks as read, for all their readers, what is no longer shown: of an issue,
 * or of all; counts nothing. In notification_read.c. */
enum err notices_mark_hidden(struct ctx *c, int64_t issue_id) MUST_CHECK;
enum err notices_mark_all_hidden(struct ctx *c) MUST_CHECK;

/* Marks all notifications that exist now as read by the profile. */
enum err unread_end(struct ctx *c, int64_t profile_id) MUST_CHECK;

#endif
