#include "desk/list_revision.h"

#include "db/db.h"
#include "db/statements.h"
#include "desk/issue_count.h"

/* Longer than any process caches names: see LIFETIME in issue_names.c. */
#define NAMES_SETTLE_MINUTES 3

enum { OF_ORGANIZATION, OF_CUSTOMER, STATEMENTS };

/* The sum of the changes, and when a name was changed last. 0: of all. */
#define REVISION                                                        \
	"SELECT COALESCE(SUM(IF(r.category = 'general', r.n, 0)), 0), " \
	"COALESCE(MAX(IF(r.category = 'delivery', r.n, 0)), 0) FROM "
#define OF_ALL REVISION "issue_count r WHERE r.scope = 'revision' "

static struct stmt sql[] = {
    [OF_ORGANIZATION] = {OF_ALL "AND r.scope_id IN (0, ?)"},
    [OF_CUSTOMER] = {OF_ALL "AND r.scope_id = 0 UNION ALL " REVISION
			    "customer k STRAIGHT_JOIN issue_count r "
			    "ON r.scope = 'revision' "
			    "AND r.scope_id = k.organization_id "
			    "WHERE k.user_id = ?"},
};

const struct statements list_revision_statements = {sql, STATEMENTS};

/* The arguments of revision_run(). */
struct revision_call {
	struct ctx *c;
	const struct renamed *who;
	struct stmt *statement;
	const struct arg *args;
	size_t n;
};

static enum err
run_within(void *arg)
{
	const struct revision_call *k = arg;
	enum err e = db_run(k->c->db, k->statement, k->args, k->n);

	if (e)
		return e;
	return k->who->user_id
		   ? count_renamed_person(k->c, k->who->user_id)
		   : count_renamed_organization(k->c, k->who->organization_id);
}

enum err
revision_run(struct ctx *c, const struct renamed *who, struct stmt *s,
	     const struct arg *args, size_t n)
{
	struct revision_call k = {c, who, s, args, n};

	return db_transaction(c->db, run_within, &k);
}

enum err
revision_read(struct list_revision *out, bool *known, struct ctx *c,
	      const struct actor *who)
{
	const bool customer = who->role == ROLE_CUSTOMER;
	struct rows rows;
	int64_t renamed;
	enum err e = db_query(
	    &rows, c->db, &sql[customer ? OF_CUSTOMER : OF_ORGANIZATION],
	    ARGS(arg_int(customer ? who->user_id : who->organization_id)));

	if (e)
		return e;
	*out = (struct list_revision){.changes = 0};
	while (rows_next(&rows)) {
		out->changes += col_int(&rows);
		renamed = col_int(&rows);
		if (renamed > out->renamed)
			out->renamed = renamed;
	}
	*known =
	    c->now / (60 * USEC_PER_SEC) >= out->renamed + NAMES_SETTLE_MINUTES;
	return OK;
}
