/* What is done with mails that came in beside applying them: the operator has
 * some applied again, old ones are deleted, and people are forgotten. The other
 * writer of the tables is mail_in.c. */
#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/mail_in.h"

/* A mail has up to 35 MiB: few in one transaction. */
#define PURGE_MAX 20

enum {
	RETRY,
	RETRY_ALL,
	HOLD_NEW,
	RELEASE_FAR,
	RELEASE_LEASED,
	OLD,
	DELETE_PARTS,
	DELETE,
	OF_USER,
	FORGET,
	STATEMENTS
};

#define SET_RETRY                                                         \
	"UPDATE mail_in SET state = 'new', reason = NULL, "               \
	"attempts = 0, run_at = ?, decided_at = NULL, "                   \
	"decided_by = NULL WHERE deed IS NULL AND EXISTS (SELECT 1 FROM " \
	"mail_in_part p WHERE p.mail_id = mail_in.id) "

static struct stmt sql[] = {
    [RETRY] = {SET_RETRY "AND id = ? AND state <> 'new'"},
    [RETRY_ALL] = {SET_RETRY
		   "AND (state = 'failed' "
		   "OR (state = 'held' AND organization_id IS NULL))"},
    /* for the operator: it is not known yet whose they are */
    [HOLD_NEW] = {"UPDATE mail_in SET state = 'held', reason = ?, "
		  "decided_at = ?, lease_owner = NULL, lease_until = NULL "
		  "WHERE state = 'new'"},
    [RELEASE_FAR] = {"UPDATE mail_in SET run_at = ? WHERE state = 'new' "
		     "AND run_at > ?"},
    [RELEASE_LEASED] = {"UPDATE mail_in SET lease_until = ? "
			"WHERE state = 'new' AND lease_until > ?"},
    [OLD] = {"SELECT id FROM mail_in WHERE received_at < ? LIMIT ?"},
    [DELETE_PARTS] = {"DELETE FROM mail_in_part WHERE mail_id = ?"},
    [DELETE] = {"DELETE FROM mail_in WHERE id = ?"},
    /* by the address only if it is proved: else others could erase them */
    [OF_USER] = {"SELECT m.id FROM mail_in m WHERE m.user_id = ? UNION "
		 "SELECT m.id FROM mail_in m JOIN user u ON u.id = ? "
		 "AND u.proved_email = "
		 "LOWER(COALESCE(m.from_address, m.sender))"},
    [FORGET] = {"UPDATE mail_in SET sender = NULL, from_address = NULL, "
		"from_name = NULL, subject = NULL, content = NULL, "
		"whole = NULL, reason = NULL, state = "
		"IF(state IN ('new', 'held'), 'discarded', state) "
		"WHERE id = ?"},
};

const struct statements mail_in_upkeep_statements = {sql, STATEMENTS};

enum err
mail_in_retry(int64_t *n, struct ctx *c, int64_t id)
{
	enum err e =
	    id ? db_run(c->db, &sql[RETRY], ARGS(arg_time(c->now), arg_int(id)))
	       : db_run(c->db, &sql[RETRY_ALL], ARGS(arg_time(c->now)));

	*n = e ? 0 : db_affected(c->db);
	return e;
}

enum err
mail_in_hold(int64_t *n, struct ctx *c)
{
	enum err e = db_run(c->db, &sql[HOLD_NEW],
			    ARGS(arg_text("The database was restored: this "
					  "e-mail may have been applied "
					  "already."),
				 arg_time(c->now)));

	*n = e ? 0 : db_affected(c->db);
	return e;
}

enum err
mail_in_release_far_ahead(struct ctx *c, usec_t after)
{
	enum err e = db_run(c->db, &sql[RELEASE_FAR],
			    ARGS(arg_time(c->now), arg_time(after)));

	return e ? e
		 : db_run(c->db, &sql[RELEASE_LEASED],
			  ARGS(arg_time(c->now - 1), arg_time(after)));
}

/* The arguments of delete_mail_in(). */
struct mail_in_deleting {
	struct ctx *c;
	int64_t id;
};

static enum err
delete_mail_in(void *arg)
{
	const struct mail_in_deleting *d = arg;
	enum err e = db_run(d->c->db, &sql[DELETE_PARTS], ARGS(arg_int(d->id)));

	return e ? e : db_run(d->c->db, &sql[DELETE], ARGS(arg_int(d->id)));
}

enum err
mail_in_purge(bool *more, struct ctx *c, usec_t before)
{
	struct mail_in_deleting d = {.c = c};
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[OLD],
			      ARGS(arg_time(before), arg_int(PURGE_MAX)));

	*more = !e && rows.count == PURGE_MAX;
	while (!e && rows_next(&rows)) {
		d.id = col_int(&rows);
		e = db_transaction(c->db, delete_mail_in, &d);
	}
	return e;
}

enum err
mail_in_forget_user(struct ctx *c, int64_t user_id)
{
	struct rows rows;
	int64_t id;
	enum err e = db_query(&rows, c->db, &sql[OF_USER],
			      ARGS(arg_int(user_id), arg_int(user_id)));

	while (!e && rows_next(&rows)) {
		id = col_int(&rows);
		e = db_run(c->db, &sql[DELETE_PARTS], ARGS(arg_int(id)));
		if (!e)
			e = db_run(c->db, &sql[FORGET], ARGS(arg_int(id)));
	}
	return e;
}
