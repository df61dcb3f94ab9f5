#ifndef DESK_SECURITY_LOG_H
#define DESK_SECURITY_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "base/enum_name.h"

/* The security log: who did what to an account or to the access to an
 * organization, from where and when. Entries are never changed, except that
 * housekeeping deletes old ones and erasing a person deletes their addresses.
 */

/* In the order of the enum security_log.event. Add new ones at the end of both.
 */
enum security_event {
	SECURITY_LOGIN = 1,
	SECURITY_LOGIN_FAILED,
	SECURITY_LOCKED, /* too many wrong passwords */
	SECURITY_LOGOUT,
	SECURITY_SIGNED_UP,
	SECURITY_RESET_ASKED,
	SECURITY_RESET_DONE, /* a password set by a mailed link or an invitation
			      */
	SECURITY_PASSWORD_CHANGED,
	SECURITY_EMAIL_CHANGE_ASKED,
	SECURITY_EMAIL_CHANGED,
	SECURITY_EMAIL_PROVED,
	SECURITY_ROLE_INVITED,
	SECURITY_ROLE_ACCEPTED,
	SECURITY_ROLE_DECLINED,
	SECURITY_ROLE_ACTIVATED,
	SECURITY_ROLE_DEACTIVATED,
	SECURITY_ROLE_CHANGED,
	SECURITY_TOKEN_MADE,
	SECURITY_TOKEN_ENDED,
	SECURITY_SESSION_ENDED, /* from the list of sessions */
	SECURITY_TEAM_TIED,
	SECURITY_TEAM_UNTIED,
	SECURITY_ISSUES_EXPORTED,
	SECURITY_PERSON_EXPORTED,
	SECURITY_PERSON_ERASED,
	SECURITY_ACCOUNT_ACTIVATED,
	SECURITY_ACCOUNT_DEACTIVATED
};

extern const struct enum_name security_event_words[];

#define SECURITY_DETAILS_MAX 255 /* characters; what is longer is cut */

/* Adds an entry, inside the transaction that does what it describes. `who` did
 * it: their user (0: unknown, or docketctl), and their organization, whose
 * owners will see the entry (0: that of a customer). user_id: the account that
 * it concerns; 0: none. `details` (may be NULL) is a name or a role, never a
 * secret. The client address is the context's. */
enum err security_log_add(struct ctx *c, enum security_event event,
			  const struct actor *who, int64_t user_id,
			  const char *details) MUST_CHECK;

struct security_entry {
	int64_t id;
	enum security_event event;
	int64_t actor_id, user_id, organization_id; /* 0: none */
	const char *actor_name, *user_name;	    /* NULL: none */
	const char *address; /* of the client; NULL: not by a request */
	const char *details; /* NULL: none */
	const char *created_at;
};

/* Newest first: the entries of the actor's organization or, with `mine`, those
 * that concern the actor's own account. *total stops at COUNT_CAP (issue.h). */
enum err security_log_list(struct security_entry **out, size_t *n,
			   int64_t *total, struct ctx *c,
			   const struct actor *who, bool mine, int64_t limit,
			   int64_t offset) MUST_CHECK;

/* Deletes the client addresses of at most `limit` entries that concern the
 * user; *more: there may be others. */
enum err security_log_forget_addresses(bool *more, struct ctx *c,
				       int64_t user_id,
				       int64_t limit) MUST_CHECK;

/* Deletes a batch of entries that are older than 400 days, and of failed logins
 * with unknown names after a week; *more: there may be others. */
enum err security_log_purge(bool *more, struct ctx *c) MUST_CHECK;

/* How an entry is selected and read, for security_log.c and
 * admin_security.c. */
#define SECURITY_COLUMNS                                                    \
	"l.id, l.event + 0, l.actor_id, l.user_id, l.organization_id, "     \
	"IF(a.id IS NULL, NULL, " SQL_FULL_NAME(                            \
	    "a") "), IF(u.id IS NULL, "                                     \
		 "NULL, " SQL_FULL_NAME(                                    \
		     "u") "), l.address, l.details, l.created_at "          \
			  "FROM security_log l LEFT JOIN user a ON a.id = " \
			  "l.actor_id "                                     \
			  "LEFT JOIN user u ON u.id = l.user_id "

struct rows;
void security_log_read(struct security_entry *out, struct rows *r);

#endif
