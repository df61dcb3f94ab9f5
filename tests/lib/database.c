/* Direct access to the database, to see what a call of the API has really
 * changed; database.h explains the functions. */

#include "database.h"

#include <check.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/ctx.h"
#include "client.h"
#include "fixture.h"

#define STATEMENTS_MAX 200
/* A modulus that keeps digests from overflowing. */
#define PRIME INT64_C(2147483647)

/* Prepares each text once: a statement is valid as long as its connection. */
static struct stmt statements[STATEMENTS_MAX];

static struct stmt *
statement(const char *sql)
{
	size_t i = 0;

	while (statements[i].sql && strcmp(statements[i].sql, sql) != 0)
		i++;
	ck_assert_uint_lt(i, STATEMENTS_MAX - 1);
	if (!statements[i].sql)
		statements[i].sql = arena_strdup(test_arena(), sql);
	return &statements[i];
}

static struct rows
query(const char *sql, const struct arg *args, size_t n)
{
	struct rows rows;
	enum err e =
	    db_query(&rows, fixture_ctx()->db, statement(sql), args, n);

	ck_assert_msg(!e, "%s: %s", sql, db_error(fixture_ctx()->db));
	return rows;
}

int64_t
sql_int(const char *sql, const struct arg *args, size_t n)
{
	struct rows rows = query(sql, args, n);

	return rows_next(&rows) ? col_int(&rows) : 0;
}

const char *
sql_text(const char *sql, const struct arg *args, size_t n)
{
	struct rows rows = query(sql, args, n);

	return rows_next(&rows) ? col_text(&rows) : NULL;
}

void
sql_run(const char *sql, const struct arg *args, size_t n)
{
	enum err e = db_run(fixture_ctx()->db, statement(sql), args, n);

	ck_assert_msg(!e, "%s: %s", sql, db_error(fixture_ctx()->db));
}

void
close_idle_connections(void)
{
	static const char idle[] = "SELECT id FROM "
				   "information_schema.processlist "
				   "WHERE command = 'Sleep' AND "
				   "user = SUBSTRING_INDEX(USER(), '@', 1) "
				   "AND id <> CONNECTION_ID()";
	static const char gone[] = "SELECT COUNT(*) FROM "
				   "information_schema.processlist "
				   "WHERE id = ?";
	struct rows rows = query(idle, NO_ARGS);

	while (rows_next(&rows)) {
		const int64_t id = col_int(&rows);

		/* it may have ended by itself meanwhile */
		(void)!db_run(fixture_ctx()->db, statement("KILL ?"),
			      ARGS(arg_int(id)));
		ck_assert_int_eq(sql_await(0, gone, ARGS(arg_int(id))), 0);
	}
}

void
rest(void)
{
	const struct timespec ms20 = {.tv_nsec = 20 * 1000 * 1000};

	nanosleep(&ms20, NULL);
}

int64_t
sql_await(int64_t wanted, const char *sql, const struct arg *args, size_t n)
{
	const usec_t end = clock_monotonic() + AWAIT_S * USEC_PER_SEC;
	int64_t v;

	while ((v = sql_int(sql, args, n)) != wanted && clock_monotonic() < end)
		rest();
	return v;
}

void
await_derived(void)
{
	ck_assert_int_eq(sql_await(0, "SELECT COUNT(*) FROM outbox", NO_ARGS),
			 0);
}

/* The arguments of look_within(). */
struct looking {
	struct db *db;
	int64_t issue;
	void (*look)(void);
};

static enum err
look_within(void *arg)
{
	static struct stmt lock = {
	    .sql = "SELECT id FROM issue WHERE id = ? FOR UPDATE"};
	const struct looking *l = arg;
	struct rows row;

	ck_assert_int_eq(db_one(&row, l->db, &lock, ARGS(arg_int(l->issue))),
			 OK);
	l->look();
	return OK;
}

void
while_locked(int64_t issue, void (*look)(void))
{
	struct looking l = {db_new(fixture_ctx()->conf), issue, look};

	db_attach(l.db, test_arena());
	ck_assert_int_eq(db_transaction(l.db, look_within, &l), OK);
	db_free(l.db);
}

/* A digest of the rows of a table that belong to the organization. It leaves
 * out columns that docket-sync changes: a mail may just become due. */
static int64_t
table_digest(const char *table, const char *key, int64_t org)
{
	const char *columns =
	    sql_text("SELECT GROUP_CONCAT('QUOTE(', column_name, ')') "
		     "FROM information_schema.columns "
		     "WHERE table_schema = DATABASE() AND table_name = ? "
		     "AND column_name NOT LIKE 'mail\\_%'",
		     ARGS(arg_text(table)));

	return sql_int(text("SELECT COUNT(*) + SUM(CRC32(CONCAT_WS('|', %s))) "
			    "FROM %s WHERE %s = ?",
			    columns, table, key),
		       ARGS(arg_int(org)));
}

int64_t
database_digest(int64_t org)
{
	struct rows rows = query("SELECT table_name "
				 "FROM information_schema.columns "
				 "WHERE table_schema = DATABASE() "
				 "AND column_name = 'organization_id' "
				 "AND table_name <> 'security_log' "
				 "ORDER BY table_name",
				 NO_ARGS);
	int64_t digest;

	await_derived();
	digest = table_digest("organization", "id", org);
	ck_assert_uint_gt(rows.count, 5);
	while (rows_next(&rows))
		digest = digest % PRIME * 31 +
			 table_digest(col_text(&rows), "organization_id", org);
	digest =
	    digest % PRIME * 31 + sql_int("SELECT COUNT(*) FROM user", NO_ARGS);
	return digest % PRIME * 31 +
	       sql_int("SELECT COUNT(*) FROM organization", NO_ARGS);
}
