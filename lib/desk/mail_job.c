/* The rows of the tables mail_job and mail_notice; beside mail_job_upkeep.c no
 * other file writes them. A mail is `due` until it was sent, is `void` when
 * there is nothing left to say, and `dead` when the server refused it for good.
 * A lease says which process sends it. When a lease is broken, its owner stays
 * in the row: the mail may have been sent, so nothing may be added to it any
 * more. Which mails are made of which notifications is decided in
 * lib/mail/gather.c, what they say in lib/mail/content.c, and how often
 * strangers may cause one in account_mail.c. */
#include "desk/mail_job.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/lease.h"
#include "db/statements.h"
#include "mail_job_state.h"

/* Between two tests of an organization. */
#define TEST_PAUSE (10 * USEC_PER_SEC)

#define LEASE_S 180
enum {
	ADD_ACCOUNT,
	ADD_TEST,
	LAST_TEST,
	ADD_NOTICES,
	TAKE_NOTICES,
	ADD_DIGEST,
	LIST_NOTICES,
	COUNT_MORE,
	DUE,
	LEASE,
	END,
	BOUNCED,
	RELEASE,
	LEASE_OWNERS,
	BREAK_LEASES,
	EXPEDITE,
	STATEMENTS
};

static struct stmt sql[] = {
    [ADD_ACCOUNT] =
	{"INSERT INTO mail_job (user_id, kind, address, organization_id, "
	 "about_id, state, due_at, created_at) "
	 "VALUES (?, ?, ?, ?, ?, IF(?, 'void', 'due'), ?, ?)"},
    /* through the key by_kind, both */
    [ADD_TEST] = {"INSERT INTO mail_job (kind, address, organization_id, "
		  "due_at, created_at) SELECT 'test', ?, ?, ?, ? FROM DUAL "
		  "WHERE NOT EXISTS (SELECT 1 FROM mail_job m "
		  "WHERE m.user_id IS NULL AND m.kind = 'test' "
		  "AND m.organization_id = ? AND m.created_at > ?)"},
    [LAST_TEST] = {"SELECT state + 0, address, created_at, error "
		   "FROM mail_job WHERE user_id IS NULL AND kind = 'test' "
		   "AND organization_id = ? "
		   "ORDER BY created_at DESC, id DESC LIMIT 1"},
    [ADD_NOTICES] = {"INSERT INTO mail_job (user_id, kind, issue_id, due_at, "
		     "created_at) VALUES (?, 'notices', ?, ?, ?)"},
    /* also notifications that are not due yet: the burst is still going on */
    [TAKE_NOTICES] =
	{"INSERT INTO mail_notice (notification_id, user_id, mail_id) "
	 "SELECT n.id, u.id, ? FROM notification n JOIN user u ON u.id = ? "
	 "WHERE n.issue_id = ? AND n.mail_state = 'due' "
	 "AND (n.user_id = u.id OR (NOT n.actor_id <=> u.id "
	 "AND EXISTS (SELECT 1 FROM profile p WHERE p.user_id = u.id "
	 "AND p.organization_id = n.organization_id AND p.is_active))) "
	 "AND NOT EXISTS (SELECT 1 FROM mail_notice m "
	 "WHERE m.notification_id = n.id AND m.user_id = u.id)"},
    [ADD_DIGEST] = {"INSERT INTO mail_job (user_id, kind, due_at, created_at) "
		    "VALUES (?, 'digest', ?, ?)"},
    [LIST_NOTICES] =
	{"INSERT INTO mail_notice (notification_id, user_id, mail_id) "
	 "SELECT j.id, ?, ? FROM JSON_TABLE(?, '$[*]' COLUMNS "
	 "(id BIGINT PATH '$')) j"},
    [COUNT_MORE] = {"UPDATE mail_job SET more = more + ? WHERE id = ?"},
    [DUE] = {"SELECT id, user_id, kind + 0, attempts, created_at "
	     "FROM mail_job WHERE state = 'due' AND due_at <= ? "
	     "AND (lease_until IS NULL OR lease_until < ?) "
	     "ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED"},
    [LEASE] = {"UPDATE mail_job m JOIN JSON_TABLE(?, '$[*]' COLUMNS "
	       "(id BIGINT PATH '$')) j ON j.id = m.id "
	       "SET m.lease_owner = ?, m.lease_until = ?"},
    [END] = {"UPDATE mail_job SET state = ?, error = LEFT(?, 500), "
	     "sent_at = ?, lease_owner = NULL, lease_until = NULL "
	     "WHERE id = ? AND lease_owner = ?"},
    [BOUNCED] = {"UPDATE mail_job SET state = 'dead', error = LEFT(?, 500) "
		 "WHERE id = ? AND state = 'sent'"},
    [RELEASE] = {"UPDATE mail_job SET due_at = ?, attempts = attempts + ?, "
		 "error = LEFT(?, 500), lease_owner = NULL, "
		 "lease_until = NULL WHERE id = ? AND lease_owner = ?"},
    [LEASE_OWNERS] = {"SELECT DISTINCT lease_owner FROM mail_job "
		      "WHERE state = 'due' AND lease_until > ?"},
    [BREAK_LEASES] = {"UPDATE mail_job SET lease_until = ? "
		      "WHERE state = 'due' AND lease_owner = ?"},
    [EXPEDITE] = {"UPDATE mail_job SET due_at = ? WHERE state = 'due' "
		  "AND attempts > 0 AND due_at > ?"},
};

const struct statements mail_job_statements = {sql, STATEMENTS};

/* --- adding -------------------------------------------------------------- */

enum err
mail_job_add_account(struct ctx *c, const struct account_mail *m,
		     const char *address)
{
	const bool is_void = !m->user_id && !m->organization_id;

	return db_run(c->db, &sql[ADD_ACCOUNT],
		      ARGS(arg_id(m->user_id), arg_int(m->kind),
			   arg_text(address), arg_id(m->organization_id),
			   arg_id(m->about_id), arg_int(is_void),
			   arg_time(c->now), arg_time(c->now)));
}

enum err
mail_job_add_test(struct ctx *c, int64_t organization_id, const char *address)
{
	const struct arg id = arg_int(organization_id), now = arg_time(c->now);

	return db_run(c->db, &sql[ADD_TEST],
		      ARGS(arg_text(address), id, now, now, id,
			   arg_time(c->now - TEST_PAUSE)));
}

static enum mail_test_state
test_state(int64_t state)
{
	return state == MAIL_SENT   ? TEST_SENT
	       : state == MAIL_DEAD ? TEST_FAILED
				    : TEST_WAITING;
}

enum err
mail_job_last_test(struct mail_test *out, struct ctx *c,
		   int64_t organization_id)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[LAST_TEST],
			    ARGS(arg_int(organization_id)));

	*out = (struct mail_test){.state = TEST_NONE};
	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	out->state = test_state(col_int(&rows));
	out->address = col_text(&rows);
	out->created_at = col_text(&rows);
	out->error = col_text(&rows);
	return OK;
}

enum err
mail_job_add_notices(int64_t *id, struct ctx *c, int64_t user_id,
		     int64_t issue_id)
{
	enum err e = db_run(c->db, &sql[ADD_NOTICES],
			    ARGS(arg_int(user_id), arg_int(issue_id),
				 arg_time(c->now), arg_time(c->now)));

	if (!e)
		*id = db_insert_id(c->db);
	return e;
}

enum err
mail_job_take_notices(struct ctx *c, int64_t id, int64_t user_id,
		      int64_t issue_id)
{
	return db_run(c->db, &sql[TAKE_NOTICES],
		      ARGS(arg_int(id), arg_int(user_id), arg_int(issue_id)));
}

enum err
mail_job_add_digest(int64_t *id, struct ctx *c, int64_t user_id, usec_t due_at)
{
	enum err e =
	    db_run(c->db, &sql[ADD_DIGEST],
		   ARGS(arg_int(user_id), arg_time(due_at), arg_time(c->now)));

	if (!e)
		*id = db_insert_id(c->db);
	return e;
}

enum err
mail_job_list_notices(struct ctx *c, int64_t id, int64_t user_id,
		      const char *notice_ids)
{
	return db_run(
	    c->db, &sql[LIST_NOTICES],
	    ARGS(arg_int(user_id), arg_int(id), arg_text(notice_ids)));
}

enum err
mail_job_count_more(struct ctx *c, int64_t id, int64_t more)
{
	return db_run(c->db, &sql[COUNT_MORE],
		      ARGS(arg_int(more), arg_int(id)));
}

/* --- sending ------------------------------------------------------------- */

struct leasing {
	struct ctx *c;
	const char *owner;
	struct mail_job *out;
	size_t count, n;
};

static enum err
lease_mail_jobs(void *arg)
{
	struct leasing *l = arg;
	struct ctx *c = l->c;
	int64_t *ids = arena_alloc(c->arena, (l->n + 1) * sizeof(*ids));
	struct rows rows;
	enum err e = db_query(
	    &rows, c->db, &sql[DUE],
	    ARGS(arg_time(c->now), arg_time(c->now), arg_int((int64_t)l->n)));

	l->count = 0;
	while (!e && rows_next(&rows)) {
		struct mail_job *j = &l->out[l->count++];

		j->id = col_int(&rows);
		j->user_id = col_int(&rows);
		j->kind = (enum mail_kind)col_int(&rows);
		j->attempts = col_int(&rows);
		j->created_at = col_time(&rows);
		ids[l->count - 1] = j->id;
	}
	return e ? e
		 : lease_rows(c, &sql[LEASE], ids, l->count, l->owner,
			      c->now + LEASE_S * USEC_PER_SEC);
}

enum err
mail_job_lease(struct mail_job *out, size_t *count, struct ctx *c,
	       const char *owner, size_t n)
{
	struct leasing l = {.c = c, .owner = owner, .out = out, .n = n};
	enum err e = db_transaction(c->db, lease_mail_jobs, &l);

	*count = e ? 0 : l.count;
	return e;
}

static enum err
mail_job_end(struct ctx *c, const char *owner, int64_t id, int state,
	     const char *error)
{
	return db_run(c->db, &sql[END],
		      ARGS(arg_int(state), arg_text(error),
			   arg_time(state == MAIL_SENT ? clock_now() : 0),
			   arg_int(id), arg_text(owner)));
}

enum err
mail_job_sent(struct ctx *c, const char *owner, int64_t id)
{
	return mail_job_end(c, owner, id, MAIL_SENT, NULL);
}

enum err
mail_job_void(struct ctx *c, const char *owner, int64_t id)
{
	return mail_job_end(c, owner, id, MAIL_VOID, NULL);
}

enum err
mail_job_dead_letter(struct ctx *c, const char *owner, int64_t id,
		     const char *error)
{
	return mail_job_end(c, owner, id, MAIL_DEAD, error);
}

enum err
mail_job_release(struct ctx *c, const char *owner, int64_t id, usec_t due_at,
		 const char *error)
{
	return db_run(c->db, &sql[RELEASE],
		      ARGS(arg_time(due_at), arg_int(error != NULL),
			   arg_text(error), arg_int(id), arg_text(owner)));
}

enum err
mail_job_bounced(bool *was_sent, struct ctx *c, int64_t id, const char *error)
{
	enum err e =
	    db_run(c->db, &sql[BOUNCED], ARGS(arg_text(error), arg_int(id)));

	*was_sent = !e && db_affected(c->db) > 0;
	return e;
}

/* The owner stays in the row: the mail may have been sent. */
enum err
mail_job_break_leases(struct ctx *c, const char *host)
{
	struct rows rows;
	const char *owner;
	enum err e =
	    db_query(&rows, c->db, &sql[LEASE_OWNERS], ARGS(arg_time(c->now)));

	while (!e && (owner = lease_next_dead(&rows, host)))
		e = db_run(c->db, &sql[BREAK_LEASES],
			   ARGS(arg_time(c->now - 1), arg_text(owner)));
	return e;
}

enum err
mail_job_expedite(struct ctx *c)
{
	return db_run(c->db, &sql[EXPEDITE],
		      ARGS(arg_time(c->now), arg_time(c->now)));
}
