/* Runs migrations (schema.sql says how they are written).
 *
 * The table schema_version has a row for each migration that a database has. A
 * migration of rows alone is one transaction with its row, so that it runs
 * exactly once, also if two docketctl run it. Any other may be interrupted
 * between a statement and its row, and then begins again: the server refuses
 * what was made already, which counts as success.
 *
 * An ALTER TABLE waits until the transactions that use the table end, and later
 * ones wait behind it. So it waits for a second only, gives up its place,
 * and tries again. Reading scripts is script.c, plans are migrate_plan.c. */
#include "db/migrate.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "db/db.h"
#include "db/script.h"
#include "db/statements.h"
#include "migration_text.h"
#include "version.h"

#define LOCK_WAIT  "SET SESSION lock_wait_timeout = 1"
#define LOCK_TRIES 120 /* with a second between them */

#define BATCH 1000 /* ids */

/* Copying as many rows takes about a second, for which writers wait. */
#define COPIED_FREELY 20000

static const struct timespec a_second = {.tv_sec = 1};

enum {
	TABLES,
	OTHERS,
	HAS_TABLE,
	HAS_VERSION,
	HAS_LATER,
	ADD_VERSION,
	STATEMENTS
};

static struct stmt sql[] = {
    [TABLES] = {"SELECT COUNT(*) FROM information_schema.tables "
		"WHERE table_schema = DATABASE()"},
    [OTHERS] = {"SELECT COUNT(*) FROM information_schema.processlist "
		"WHERE db = DATABASE() AND id <> CONNECTION_ID()"},
    [HAS_TABLE] = {"SELECT 1 FROM information_schema.tables "
		   "WHERE table_schema = DATABASE() AND table_name = ?"},
    [HAS_VERSION] = {"SELECT 1 FROM schema_version WHERE version = ?"},
    [HAS_LATER] = {"SELECT 1 FROM schema_version WHERE version >= ? LIMIT 1"},
    [ADD_VERSION] = {"INSERT INTO schema_version (version, name, applied_at) "
		     "VALUES (?, ?, UTC_TIMESTAMP(6))"},
};

const struct statements migrate_statements = {sql, STATEMENTS};

struct run {
	struct ctx *c;
	const struct script_part *part;
	size_t statements;
	bool may_copy;
};

enum err
count_tables(size_t *n, struct ctx *c)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[TABLES], NO_ARGS);

	if (!e)
		*n = (size_t)col_int(&rows);
	return e;
}

enum err
count_other_connections(int64_t *n, struct ctx *c)
{
	return db_number(n, c->db, &sql[OTHERS], NO_ARGS);
}

enum err
has_migration(bool *out, struct ctx *c, int64_t version)
{
	return db_exists(out, c->db, &sql[HAS_VERSION], ARGS(arg_int(version)));
}

enum err
has_versions(bool *out, struct ctx *c)
{
	return db_exists(out, c->db, &sql[HAS_TABLE],
			 ARGS(arg_text("schema_version")));
}

enum err
schema_check(struct ctx *c)
{
	bool found;
	enum err e = has_versions(&found, c);

	if (!e && found)
		e = db_exists(&found, c->db, &sql[HAS_LATER],
			      ARGS(arg_int(SCHEMA_VERSION)));
	return !e && !found ? ERR_STALE : e;
}

bool
schema_is_older(const struct conf *conf)
{
	struct ctx c = {.db = db_new(conf), .arena = arena_new()};
	enum err e;

	db_attach(c.db, c.arena);
	e = schema_check(&c);
	db_free(c.db);
	arena_free(c.arena);
	return e == ERR_STALE;
}

void
schema_wait(const struct conf *conf, void (*say_so)(void))
{
	if (!schema_is_older(conf))
		return;
	say_so();
	do
		nanosleep(&a_second, NULL);
	while (schema_is_older(conf));
}

static enum err
add_version(const struct run *r)
{
	enum err e =
	    db_run(r->c->db, &sql[ADD_VERSION],
		   ARGS(arg_int(r->part->version), arg_text(r->part->name)));

	return e == ERR_CONFLICT ? OK : e;
}

/* Runs a statement outside a transaction until it gets its locks. */
static enum err
run_patiently(struct run *r, const char *statement)
{
	struct db *db = r->c->db;
	enum err e = db_script(db, statement);

	for (int tries = 1; e == ERR_AGAIN && tries < LOCK_TRIES; tries++) {
		nanosleep(&a_second, NULL);
		e = db_script(db, statement);
	}
	r->statements++;
	return e && db_was_made(db) ? OK : e;
}

/* Runs a statement for a range of ids after another. */
static enum err
run_in_batches(struct run *r, const char *statement, const char *table)
{
	struct arena *a = r->c->arena;
	int64_t first, last;
	enum err e = find_id_range(&first, &last, r->c, table);

	for (; !e && first <= last; first += BATCH)
		e = run_patiently(
		    r, fill_in_range(a, statement, first, first + BATCH - 1));
	return e;
}

/* Runs an ALTER TABLE that may have to copy the table: at once if nothing is
 * left to change, else beside the writers where the server can do that
 * (MariaDB >= 11.2), else while they wait, if that is short or allowed. */
static enum err
run_copy(struct run *r, const char *statement)
{
	static const char *const ways[] = {"ALGORITHM = INSTANT",
					   "ALGORITHM = COPY, LOCK = NONE"};
	const char *table = table_of(r->c->arena, statement);
	int64_t rows;
	enum err e;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		e = run_patiently(
		    r, arena_printf(r->c->arena, "%s, %s", statement, ways[i]));
		if (e != ERR_DB)
			return e;
	}
	e = estimate_rows(&rows, r->c, table);
	if (!e && rows > COPIED_FREELY && !r->may_copy)
		return fault_add(&r->c->faults, table,
				 "Writers have to wait while this table is "
				 "copied (see --plan). Run it at a quiet hour "
				 "with --allow-copy.");
	return e ? e : run_patiently(r, statement);
}

static enum err
run_statement(struct run *r, const char *statement)
{
	const char *table = batch_table(r->c->arena, statement);

	if (table)
		return run_in_batches(r, statement, table);
	return is_copy(statement) ? run_copy(r, statement)
				  : run_patiently(r, statement);
}

static enum err
run_statements(struct run *r, const char *text)
{
	const char *statement;
	enum err e = OK;

	while (!e && (statement = script_next(r->c->arena, &text)))
		e = run_statement(r, statement);
	return e;
}

/* The body of the transaction of a migration that changes only rows. */
static enum err
run_rows_only(void *arg)
{
	struct run *r = arg;
	const char *text = r->part->text, *statement;
	enum err e =
	    db_run(r->c->db, &sql[ADD_VERSION],
		   ARGS(arg_int(r->part->version), arg_text(r->part->name)));

	while (!e && (statement = script_next(r->c->arena, &text))) {
		e = db_script(r->c->db, statement);
		r->statements++;
	}
	return e;
}

static enum err
run_migration(struct run *r)
{
	enum err e;

	if (is_rows_only(r->part->text)) {
		e = db_transaction(r->c->db, run_rows_only, r);
		return e == ERR_CONFLICT ? OK : e;
	}
	e = run_statements(r, r->part->text);
	return e ? e : add_version(r);
}

/* Runs a part of the script, unless the database has it. */
static enum err
run_part(struct run *r, bool is_new_database)
{
	bool done;
	enum err e;

	if (!r->part->version)
		return run_statements(r, r->part->text);
	if (is_new_database)
		return add_version(r);
	e = has_migration(&done, r->c, r->part->version);
	return e || done ? e : run_migration(r);
}

enum err
migrate(struct migration *out, struct ctx *c, const char *script, bool may_copy)
{
	struct script_part part;
	struct run r = {.c = c, .part = &part, .may_copy = may_copy};
	struct migration m = {0};
	enum err e;

	db_be_patient(c->db, true);
	e = count_tables(&m.before, c);
	if (!e)
		e = db_script(c->db, LOCK_WAIT);
	while (!e && script_part_next(&part, c->arena, &script)) {
		e = run_part(&r, m.before == 0);
		m.version = part.version;
	}
	if (!e)
		e = count_tables(&m.after, c);
	m.statements = r.statements;
	if (!e)
		*out = m;
	return e;
}

enum err
statements_check(const char **refused, size_t *n, struct ctx *c)
{
	const struct statements *const *set;
	size_t count = 0;
	enum err e;

	for (set = all_statements; *set; set++) {
		for (size_t i = 0; i < (*set)->n; i++, count++) {
			e = db_check(c->db, &(*set)->table[i]);
			if (e) {
				*refused = (*set)->table[i].sql;
				return e;
			}
		}
	}
	*n = count;
	return OK;
}
