/* A person's own tokens: lists them, and creates personal ones up to a limit,
 * which holds against simultaneous requests. */

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/issue.h"
#include "desk/list_page.h"
#include "desk/security_log.h"
#include "desk/token.h"

#define OF_KIND                                      \
	"FROM token WHERE user_id = ? AND kind = ? " \
	"AND expires_at > ? "

enum { LIST, COUNT, LOCK_OWNER, STATEMENTS };

static struct stmt sql[] = {
    [LIST] = {"SELECT id, name, profile_id, address, created_at, "
	      "last_used_at, expires_at " OF_KIND "ORDER BY id DESC " SQL_PAGE},
    [COUNT] = {SQL_COUNT_CAPPED(OF_KIND)},
    [LOCK_OWNER] = {"SELECT id FROM user WHERE id = ? FOR UPDATE"},
};

const struct statements token_personal_statements = {sql, STATEMENTS};

static enum err
count_of_kind(int64_t *n, struct ctx *c, int64_t user_id, enum token_kind kind,
	      int64_t most)
{
	return db_number(n, c->db, &sql[COUNT],
			 ARGS(arg_int(user_id), arg_int(kind), arg_time(c->now),
			      arg_int(most)));
}

/* The lock makes simultaneous requests wait for each other, so that they cannot
 * exceed the limit together. */
static enum err
check_token_limit(struct ctx *c, int64_t user_id)
{
	struct rows rows;
	int64_t n = 0;
	enum err e =
	    db_one(&rows, c->db, &sql[LOCK_OWNER], ARGS(arg_int(user_id)));

	if (!e)
		e = count_of_kind(&n, c, user_id, TOKEN_PERSONAL,
				  TOKENS_MAX + 1);
	if (e || n < TOKENS_MAX)
		return e;
	(void)fault_add(&c->faults, "non_field_errors",
			"There are 100 personal tokens already. Delete one "
			"that you no longer need.");
	return ERR_CONFLICT;
}

/* The arguments of create_personal_within(). */
struct token_creation {
	struct ctx *c;
	const struct actor *who;
	struct token_new *new;
};

static enum err
create_personal_within(void *arg)
{
	struct token_creation *m = arg;
	struct token_new *new = m->new;
	enum err e = check_token_limit(m->c, new->user_id);

	if (!e)
		e = token_issue(new->text, &new->made.expires_at, m->c,
				new->user_id, new->made.profile_id,
				TOKEN_PERSONAL, new->made.name, new->expires);
	if (!e)
		new->made.id = db_insert_id(m->c->db);
	return e ? e
		 : security_log_add(m->c, SECURITY_TOKEN_MADE, m->who,
				    new->user_id, new->made.name);
}

enum err
token_create_personal(struct token_new *new, struct ctx *c,
		      const struct actor *who)
{
	struct token_creation m = {c, who, new};

	new->made.created_at = clock_text(c->arena, c->now);
	return db_transaction(c->db, create_personal_within, &m);
}

enum err
token_list(struct token **out, size_t *n, int64_t *total, struct ctx *c,
	   int64_t user_id, enum token_kind kind, int64_t limit, int64_t offset)
{
	struct rows rows;
	struct token *t;
	enum err e = count_of_kind(total, c, user_id, kind, COUNT_CAP);

	if (!e)
		e = db_query(&rows, c->db, &sql[LIST],
			     ARGS(arg_int(user_id), arg_int(kind),
				  arg_time(c->now), arg_int(limit),
				  arg_int(offset)));
	if (e)
		return e;
	*n = rows.count;
	*out = t = arena_alloc(c->arena, (rows.count + 1) * sizeof(*t));
	for (; rows_next(&rows); t++) {
		t->id = col_int(&rows);
		t->name = col_text(&rows);
		t->profile_id = col_int(&rows);
		t->address = col_text(&rows);
		t->created_at = col_text(&rows);
		t->last_used_at = col_text(&rows);
		t->expires_at = col_text(&rows);
	}
	return OK;
}
