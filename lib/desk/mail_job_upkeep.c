/* What is done with mails in the queue beside sending them: the operator
 * retries, holds and releases them, those to people who left are cancelled, and
 * old ones are deleted. The other writer of the tables is mail_job.c. */
#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/mail_job.h"
#include "mail_job_state.h"
#include "purge.h"

#define PURGE_MAX   100
#define PURGE_BATCH 5000

enum {
	RETRY,
	RETRY_ALL,
	HOLD_DUE,
	RELEASE_HELD,
	VOID_USER,
	VOID_UNOWNED,
	DISOWN,
	RELEASE_DUE,
	RELEASE_LEASED,
	OLD,
	DELETE_NOTICES,
	DELETE_MAIL,
	PURGE_NOBODY,
	STATEMENTS
};

#define SET_RETRY                                                          \
	"UPDATE mail_job SET attempts = IF(state = 'dead', 0, attempts), " \
	"state = 'due', due_at = ? "

static struct stmt sql[] = {
    [RETRY] = {SET_RETRY "WHERE id = ? AND state IN ('due', 'dead')"},
    [RETRY_ALL] = {SET_RETRY "WHERE state = 'dead'"},
    [HOLD_DUE] = {"UPDATE mail_job SET state = 'held' WHERE state = 'due'"},
    [RELEASE_HELD] = {"UPDATE mail_job SET state = ?, due_at = ?, "
		      "lease_owner = NULL, lease_until = NULL "
		      "WHERE state = 'held' AND (? IS NULL OR id = ?)"},
    [VOID_USER] = {"UPDATE mail_job SET address = NULL, "
		   "state = IF(state IN ('due', 'held'), 'void', state) "
		   "WHERE user_id = ?"},
    /* through the key by_kind: there are few of them */
    [VOID_UNOWNED] =
	{"UPDATE mail_job m JOIN user u ON u.id = ? "
	 "AND u.proved_email = LOWER(m.address) COLLATE utf8mb4_bin "
	 "SET m.address = NULL, "
	 "m.state = IF(m.state IN ('due', 'held'), 'void', m.state) "
	 "WHERE m.user_id IS NULL "
	 "AND m.kind IN ('invitation', 'password_reset')"},
    [DISOWN] = {"UPDATE mail_job SET user_id = NULL WHERE user_id = ?"},
    [RELEASE_DUE] = {"UPDATE mail_job SET due_at = ? WHERE state = 'due' "
		     "AND due_at > ?"},
    [RELEASE_LEASED] = {"UPDATE mail_job SET lease_until = ? "
			"WHERE state = 'due' AND lease_until > ?"},
    [OLD] = {"SELECT id FROM mail_job WHERE state IN ('sent', 'void') "
	     "AND due_at < ? LIMIT ?"},
    [DELETE_NOTICES] = {"DELETE FROM mail_notice WHERE mail_id = ?"},
    [DELETE_MAIL] = {"DELETE FROM mail_job WHERE id = ?"},
    [PURGE_NOBODY] = {"DELETE FROM mail_job WHERE user_id IS NULL "
		      "AND state = 'void' AND created_at < ? LIMIT ?"},
};

const struct statements mail_job_upkeep_statements = {sql, STATEMENTS};

/* The owner stays, as in mail_job_break_leases. */
enum err
mail_job_release_far_ahead(struct ctx *c, usec_t after)
{
	enum err e = db_run(c->db, &sql[RELEASE_DUE],
			    ARGS(arg_time(c->now), arg_time(after)));

	return e ? e
		 : db_run(c->db, &sql[RELEASE_LEASED],
			  ARGS(arg_time(c->now - 1), arg_time(after)));
}

enum err
mail_job_retry(int64_t *n, struct ctx *c, int64_t id)
{
	enum err e =
	    id ? db_run(c->db, &sql[RETRY], ARGS(arg_time(c->now), arg_int(id)))
	       : db_run(c->db, &sql[RETRY_ALL], ARGS(arg_time(c->now)));

	if (!e)
		*n = db_affected(c->db);
	return e;
}

enum err
mail_job_hold(int64_t *n, struct ctx *c)
{
	enum err e = db_run(c->db, &sql[HOLD_DUE], NO_ARGS);

	*n = e ? 0 : db_affected(c->db);
	return e;
}

enum err
mail_job_release_held(int64_t *n, struct ctx *c, int64_t id, bool discard)
{
	enum err e = db_run(c->db, &sql[RELEASE_HELD],
			    ARGS(arg_int(discard ? MAIL_VOID : MAIL_DUE),
				 arg_time(c->now), arg_id(id), arg_id(id)));

	*n = e ? 0 : db_affected(c->db);
	return e;
}

enum err
mail_job_void_user(struct ctx *c, int64_t user_id)
{
	return db_run(c->db, &sql[VOID_USER], ARGS(arg_int(user_id)));
}

enum err
mail_job_void_unowned(struct ctx *c, int64_t user_id)
{
	return db_run(c->db, &sql[VOID_UNOWNED], ARGS(arg_int(user_id)));
}

enum err
mail_job_disown(struct ctx *c, int64_t user_id)
{
	enum err e = mail_job_void_user(c, user_id);

	return e ? e : db_run(c->db, &sql[DISOWN], ARGS(arg_int(user_id)));
}

/* Its notifications are older, so that they are not mailed again (see STALE in
 * lib/mail/gather.c). */
static enum err
mail_job_delete(struct ctx *c, int64_t id)
{
	enum err e = db_run(c->db, &sql[DELETE_NOTICES], ARGS(arg_int(id)));

	return e ? e : db_run(c->db, &sql[DELETE_MAIL], ARGS(arg_int(id)));
}

enum err
mail_job_purge(bool *more, struct ctx *c, usec_t before)
{
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[OLD],
			      ARGS(arg_time(before), arg_int(PURGE_MAX)));

	*more = !e && rows.count == PURGE_MAX;
	while (!e && rows_next(&rows))
		e = mail_job_delete(c, col_int(&rows));
	return e;
}

enum err
mail_job_purge_nobody(bool *more, struct ctx *c, usec_t before)
{
	return purge_batch(more, c, &sql[PURGE_NOBODY],
			   ARGS(arg_time(before), arg_int(PURGE_BATCH)),
			   PURGE_BATCH);
}
