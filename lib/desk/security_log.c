/* The security log: its entries are added in the transactions that they
 * describe, listed for owners and for people themselves, and deleted after a
 * time. Entries about names that no account has are deleted sooner, since
 * strangers can cause any number of them. security_log.h has the events. */

#include "desk/security_log.h"
#include "base/enum_name.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/issue.h"
#include "desk/list_page.h"
#include "desk/user.h"
#include "purge.h"

#define DAY		  (86400 * USEC_PER_SEC)
#define KEPT		  (400 * DAY)
#define UNKNOWN_NAME_KEPT (7 * DAY)
#define PURGE_BATCH	  1000

enum {
	ADD,
	OF_ORGANIZATION,
	OF_ORGANIZATION_COUNT,
	OF_USER,
	OF_USER_COUNT,
	FORGET_ADDRESSES,
	PURGE,
	PURGE_UNKNOWN_NAMES,
	STATEMENTS
};

#define NEWEST_FIRST "ORDER BY l.id DESC " SQL_PAGE

static struct stmt sql[] = {
    [ADD] = {"INSERT INTO security_log (event, actor_id, user_id, "
	     "organization_id, address, details, created_at) "
	     "VALUES (?, ?, ?, ?, ?, LEFT(?, ?), ?)"},
    [OF_ORGANIZATION] = {"SELECT " SECURITY_COLUMNS
			 "WHERE l.organization_id = ? " NEWEST_FIRST},
    [OF_ORGANIZATION_COUNT] = {SQL_COUNT_CAPPED(
	"FROM security_log WHERE organization_id = ? ")},
    [OF_USER] = {"SELECT " SECURITY_COLUMNS
		 "WHERE l.user_id = ? " NEWEST_FIRST},
    [OF_USER_COUNT] = {SQL_COUNT_CAPPED(
	"FROM security_log WHERE user_id = ? ")},
    [FORGET_ADDRESSES] = {"UPDATE security_log SET address = NULL "
			  "WHERE user_id = ? AND address IS NOT NULL LIMIT ?"},
    [PURGE] = {"DELETE FROM security_log WHERE created_at < ? "
	       "ORDER BY created_at LIMIT ?"},
    [PURGE_UNKNOWN_NAMES] = {"DELETE FROM security_log WHERE user_id IS NULL "
			     "AND event IN ('login_failed', 'locked', "
			     "'reset_asked') AND created_at < ? LIMIT ?"},
};

const struct statements security_log_statements = {sql, STATEMENTS};

const struct enum_name security_event_words[] = {
    {"login", SECURITY_LOGIN},
    {"login_failed", SECURITY_LOGIN_FAILED},
    {"locked", SECURITY_LOCKED},
    {"logout", SECURITY_LOGOUT},
    {"signed_up", SECURITY_SIGNED_UP},
    {"reset_asked", SECURITY_RESET_ASKED},
    {"reset_done", SECURITY_RESET_DONE},
    {"password_changed", SECURITY_PASSWORD_CHANGED},
    {"email_change_asked", SECURITY_EMAIL_CHANGE_ASKED},
    {"email_changed", SECURITY_EMAIL_CHANGED},
    {"email_proved", SECURITY_EMAIL_PROVED},
    {"role_invited", SECURITY_ROLE_INVITED},
    {"role_accepted", SECURITY_ROLE_ACCEPTED},
    {"role_declined", SECURITY_ROLE_DECLINED},
    {"role_activated", SECURITY_ROLE_ACTIVATED},
    {"role_deactivated", SECURITY_ROLE_DEACTIVATED},
    {"role_changed", SECURITY_ROLE_CHANGED},
    {"token_made", SECURITY_TOKEN_MADE},
    {"token_ended", SECURITY_TOKEN_ENDED},
    {"session_ended", SECURITY_SESSION_ENDED},
    {"team_tied", SECURITY_TEAM_TIED},
    {"team_untied", SECURITY_TEAM_UNTIED},
    {"issues_exported", SECURITY_ISSUES_EXPORTED},
    {"person_exported", SECURITY_PERSON_EXPORTED},
    {"person_erased", SECURITY_PERSON_ERASED},
    {"account_activated", SECURITY_ACCOUNT_ACTIVATED},
    {"account_deactivated", SECURITY_ACCOUNT_DEACTIVATED},
    {NULL, 0}};

enum err
security_log_add(struct ctx *c, enum security_event event,
		 const struct actor *who, int64_t user_id, const char *details)
{
	return db_run(c->db, &sql[ADD],
		      ARGS(arg_int(event), arg_id(who->user_id),
			   arg_id(user_id), arg_id(who->organization_id),
			   arg_text(c->client), arg_text(details),
			   arg_int(SECURITY_DETAILS_MAX), arg_time(c->now)));
}

void
security_log_read(struct security_entry *out, struct rows *r)
{
	out->id = col_int(r);
	out->event = (enum security_event)col_int(r);
	out->actor_id = col_int(r);
	out->user_id = col_int(r);
	out->organization_id = col_int(r);
	out->actor_name = col_text(r);
	out->user_name = col_text(r);
	out->address = col_text(r);
	out->details = col_text(r);
	out->created_at = col_text(r);
}

enum err
security_log_list(struct security_entry **out, size_t *n, int64_t *total,
		  struct ctx *c, const struct actor *who, bool mine,
		  int64_t limit, int64_t offset)
{
	const struct arg whose =
	    arg_int(mine ? who->user_id : who->organization_id);
	struct rows rows;
	struct security_entry *s;
	enum err e = db_number(
	    total, c->db, &sql[mine ? OF_USER_COUNT : OF_ORGANIZATION_COUNT],
	    ARGS(whose, arg_int(COUNT_CAP)));

	if (!e)
		e = db_query(&rows, c->db,
			     &sql[mine ? OF_USER : OF_ORGANIZATION],
			     ARGS(whose, arg_int(limit), arg_int(offset)));
	if (e)
		return e;
	*n = rows.count;
	*out = s = arena_alloc(c->arena, (rows.count + 1) * sizeof(*s));
	while (rows_next(&rows))
		security_log_read(s++, &rows);
	return OK;
}

enum err
security_log_forget_addresses(bool *more, struct ctx *c, int64_t user_id,
			      int64_t limit)
{
	*more = false;
	return purge_batch(more, c, &sql[FORGET_ADDRESSES],
			   ARGS(arg_int(user_id), arg_int(limit)), limit);
}

enum err
security_log_purge(bool *more, struct ctx *c)
{
	enum err e;

	*more = false;
	e = purge_batch(more, c, &sql[PURGE],
			ARGS(arg_time(c->now - KEPT), arg_int(PURGE_BATCH)),
			PURGE_BATCH);
	return e ? e
		 : purge_batch(more, c, &sql[PURGE_UNKNOWN_NAMES],
			       ARGS(arg_time(c->now - UNKNOWN_NAME_KEPT),
				    arg_int(PURGE_BATCH)),
			       PURGE_BATCH);
}
