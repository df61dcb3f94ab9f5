#include "desk/erasure.h"

#include "db/db.h"
#include "db/statements.h"
#include "desk/handover.h"
#include "desk/search_index.h"
#include "desk/security_log.h"
#include "desk/token.h"

#define BATCH	10000 /* rows that a transaction looks at */
#define AT_ONCE 20    /* batches that a request waits for */

enum {
	OWNED,
	OWNERS_LOCK,
	OTHER_OWNERS,
	ERASE_USER,
	END_PROFILES,
	FORGET_NETWORKS,
	FORGET_PROOF,
	FORGET_ANSWERS,
	VOID_MAILS,
	BEGIN,
	NEXT,
	COMMENTS,
	ACTIVITIES,
	NOTIFICATIONS,
	ADDRESSES,
	ADVANCE,
	END,
	STATEMENTS
};

static struct stmt sql[] = {
    [OWNED] = {"SELECT p.id, p.organization_id, o.name FROM profile p "
	       "JOIN organization o ON o.id = p.organization_id "
	       "WHERE p.user_id = ? AND p.kind = 'vendor' AND p.is_active"},
    [OWNERS_LOCK] = {"UPDATE organization SET updated_at = ? WHERE id = ?"},
    [OTHER_OWNERS] = {"SELECT COUNT(*) FROM profile p "
		      "JOIN user u ON u.id = p.user_id "
		      "WHERE p.organization_id = ? AND p.kind = 'vendor' "
		      "AND p.is_active AND u.is_active "
		      "AND u.password_hash <> '' AND p.id <> ?"},
    [ERASE_USER] = {"UPDATE user SET is_active = FALSE, wants_mail = FALSE, "
		    "email_verified = FALSE, password_hash = '', "
		    "first_name = ?, last_name = '', "
		    "username = CONCAT('deleted-', id), "
		    "email = CONCAT('deleted-', id, '@deleted.invalid') "
		    "WHERE id = ?",
		    true},
    [END_PROFILES] = {"UPDATE profile SET is_active = FALSE "
		      "WHERE user_id = ?",
		      true},
    [FORGET_NETWORKS] = {"DELETE FROM login_network WHERE user_id = ?"},
    [FORGET_PROOF] = {"DELETE FROM email_proof WHERE user_id = ?"},
    [FORGET_ANSWERS] = {"DELETE FROM idempotency WHERE user_id = ?"},
    [VOID_MAILS] = {"UPDATE mail_job SET address = NULL, "
		    "state = IF(state = 'due', 'void', state) "
		    "WHERE user_id = ?"},
    [BEGIN] = {"INSERT IGNORE INTO erasure (user_id, created_at) "
	       "VALUES (?, ?)"},
    [NEXT] = {"SELECT user_id, behind_id, GREATEST("
	      "(SELECT COALESCE(MAX(id), 0) FROM comment), "
	      "(SELECT COALESCE(MAX(id), 0) FROM activity), "
	      "(SELECT COALESCE(MAX(id), 0) FROM notification)) "
	      "FROM erasure WHERE done_at IS NULL ORDER BY user_id LIMIT 1 "
	      "FOR UPDATE"},
    [COMMENTS] = {"UPDATE comment SET author_name = ? "
		  "WHERE id > ? AND id <= ? AND author_id = ?"},
    [ACTIVITIES] = {"UPDATE activity SET actor_name = ? "
		    "WHERE id > ? AND id <= ? AND actor_id = ?"},
    [NOTIFICATIONS] = {"UPDATE notification SET actor_name = ? "
		       "WHERE id > ? AND id <= ? AND actor_id = ?"},
    [ADDRESSES] = {"UPDATE security_log SET address = NULL "
		   "WHERE user_id = ? AND address IS NOT NULL LIMIT ?"},
    [ADVANCE] = {"UPDATE erasure SET behind_id = ? WHERE user_id = ?"},
    [END] = {"UPDATE erasure SET done_at = ? WHERE user_id = ?"},
};

const struct statements erasure_statements = {sql, STATEMENTS};

/* A person who goes, in the making. */
struct erasing {
	struct ctx *c;
	const struct actor *who;
	int64_t user_id;
};

/* The row of each organization is written, not only locked, so that its last
 * two owners cannot both go, not even on two nodes of a cluster. */
static enum err
check_owned(struct erasing *g)
{
	struct ctx *c = g->c;
	struct rows owned, others;
	enum err e =
	    db_query(&owned, c->db, &sql[OWNED], ARGS(arg_int(g->user_id)));

	while (!e && rows_next(&owned)) {
		const int64_t profile = col_int(&owned), org = col_int(&owned);

		e = db_run(c->db, &sql[OWNERS_LOCK],
			   ARGS(arg_time(c->now), arg_int(org)));
		if (!e)
			e = db_one(&others, c->db, &sql[OTHER_OWNERS],
				   ARGS(arg_int(org), arg_int(profile)));
		if (e || col_int(&others) > 0)
			continue;
		(void)fault_add(&c->faults, "non_field_errors",
				"%s must keep at least one owner. Make "
				"somebody else an owner first.",
				col_text(&owned));
		e = ERR_CONFLICT;
	}
	return e;
}

static enum err
erase_account(struct erasing *g)
{
	static const int forgotten[] = {END_PROFILES, FORGET_NETWORKS,
					FORGET_PROOF, FORGET_ANSWERS,
					VOID_MAILS};
	struct ctx *c = g->c;
	const struct arg user = arg_int(g->user_id);
	enum err e =
	    db_run(c->db, &sql[ERASE_USER], ARGS(arg_text(ERASED_NAME), user));

	for (size_t i = 0; !e && i < sizeof(forgotten) / sizeof(forgotten[0]);
	     i++)
		e = db_run(c->db, &sql[forgotten[i]], ARGS(user));
	return e ? e : token_revoke_all(c, g->user_id, 0);
}

static enum err
erase(void *arg)
{
	struct erasing *g = arg;
	struct ctx *c = g->c;
	enum err e = check_owned(g);

	if (!e)
		e = handover_begin_all(c, ERASED_NAME, g->user_id);
	if (!e)
		e = erase_account(g);
	if (!e)
		e = search_person_changed(c, g->user_id);
	if (!e)
		e = security_log_add(c, SECURITY_PERSON_ERASED, g->who,
				     g->user_id, NULL);
	return e ? e
		 : db_run(c->db, &sql[BEGIN],
			  ARGS(arg_int(g->user_id), arg_time(c->now)));
}

/* A batch of names in the making. */
struct batch {
	struct ctx *c;
	bool *more;
};

static enum err
rename_batch(struct ctx *c, int64_t user_id, int64_t behind)
{
	static const int tables[] = {COMMENTS, ACTIVITIES, NOTIFICATIONS};
	enum err e = OK;

	for (size_t i = 0; !e && i < sizeof(tables) / sizeof(tables[0]); i++)
		e = db_run(c->db, &sql[tables[i]],
			   ARGS(arg_text(ERASED_NAME), arg_int(behind),
				arg_int(behind + BATCH), arg_int(user_id)));
	return e ? e
		 : db_run(c->db, &sql[ADVANCE],
			  ARGS(arg_int(behind + BATCH), arg_int(user_id)));
}

static enum err
work_off(void *arg)
{
	struct batch *b = arg;
	struct ctx *c = b->c;
	int64_t user_id, behind;
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[NEXT], NO_ARGS);

	*b->more = e == OK;
	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	user_id = col_int(&rows);
	behind = col_int(&rows);
	if (behind < col_int(&rows))
		return rename_batch(c, user_id, behind);
	e = db_run(c->db, &sql[ADDRESSES],
		   ARGS(arg_int(user_id), arg_int(BATCH)));
	if (e || db_affected(c->db) == BATCH)
		return e;
	return db_run(c->db, &sql[END],
		      ARGS(arg_time(c->now), arg_int(user_id)));
}

enum err
erasure_catch_up(bool *more, struct ctx *c)
{
	struct batch b = {c, more};

	return db_transaction(c->db, work_off, &b);
}

enum err
person_erase(struct ctx *c, const struct actor *who, int64_t user_id)
{
	struct erasing g = {c, who, user_id};
	bool more = true;
	enum err e = db_transaction(c->db, erase, &g);

	for (int i = 0; !e && more && i < AT_ONCE; i++)
		e = erasure_catch_up(&more, c);
	return e;
}
