/* Statements and transactions that survive idle connections and lost races.
 *
 * Before each statement a closed connection is replaced, except inside a
 * transaction, which keeps its own. A statement outside a transaction runs
 * again when it lost a race (ERR_AGAIN), or when the connection broke before
 * the server can have executed it; a query, which changes nothing, after any
 * broken connection. A transaction runs again as a whole, with a fresh BEGIN.
 * When its connection breaks, the rest of it fails fast with ERR_DB.
 *
 * Statements that change users, profiles or tokens are marked in their table
 * (`changes_actors`): once they are committed, the generation number that
 * guards the processes' caches is increased (auth_generation.h).
 *
 * The connection and the meaning of errors are in connection.c, prepared
 * statements in statement.c, arguments and rows in rows.c. */
#include "db/db.h"

#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "base/high_water.h"
#include "connection.h"
#include "db/auth_generation.h"
#include "statement.h"

#define MAX_RUNS  10
#define TIMEOUT_S 60

struct db {
	struct connection connection;
	struct arena *arena;
	bool in_transaction;
	bool changed_actors; /* by statements that are not committed yet */
	int64_t affected, insert_id;
	unsigned long transactions;
};

struct db *
db_new(const struct conf *conf)
{
	struct db *db = xmalloc(sizeof(*db));

	*db = (struct db){.connection = {.conf = conf, .timeout_s = TIMEOUT_S}};
	auth_generation_open(conf->auth_generation_file, false);
	high_water_open(conf->high_water_file, false);
	return db;
}

void
db_free(struct db *db)
{
	if (!db)
		return;
	connection_close(&db->connection);
	connection_library_end();
	free(db);
}

void
db_be_patient(struct db *db, bool patient)
{
	/* a connection keeps the timeout that it was opened with */
	connection_close(&db->connection);
	db->connection.timeout_s = patient ? 0 : TIMEOUT_S;
}

void
db_attach(struct db *db, struct arena *a)
{
	db->arena = a;
	db->connection.statements = 0;
	db->connection.error[0] = '\0';
}

struct arena *
db_use_arena(struct db *db, struct arena *a)
{
	struct arena *before = db->arena;

	db->arena = a;
	return before;
}

static bool
is_connected(const struct db *db)
{
	return db->connection.my != NULL;
}

/* The connection broke inside the transaction, which is thereby rolled back. */
static bool
is_lost(const struct db *db)
{
	return db->in_transaction && !is_connected(db);
}

/* Opens a connection for the next statement, if there is none. */
static enum err
ensure_connected(struct db *db)
{
	struct connection *c = &db->connection;

	c->not_executed = false;
	if (db->in_transaction)
		return is_connected(db) ? OK : ERR_DB;
	if (c->my && (c->is_read_only || connection_was_closed(c)))
		connection_close(c);
	return c->my ? OK : connection_open(c);
}

static enum err
query_once(struct rows *out, struct db *db, struct stmt *s,
	   const struct arg *args, size_t n)
{
	enum err e = ensure_connected(db);

	if (!e)
		e = statement_execute(&db->connection, s, args, n);
	return e ? e : statement_fetch(out, &db->connection, s, db->arena);
}

/* A random pause, up to 2 ms doubled with each run. */
static void
short_pause(int run)
{
	struct timespec ts = {.tv_nsec = (long)random_below(2000000U << run)};

	ts.tv_nsec %= 1000000000L;
	nanosleep(&ts, NULL);
}

/* Whether to run again after a lost race; pauses if so. Inside a transaction a
 * single statement never does: the whole transaction runs again. */
static bool
runs_again(const struct db *db, enum err e, int runs)
{
	if (e != ERR_AGAIN || db->in_transaction || runs >= MAX_RUNS)
		return false;
	short_pause(runs < 6 ? runs : 6);
	return true;
}

enum err
db_query(struct rows *out, struct db *db, struct stmt *s,
	 const struct arg *args, size_t n)
{
	enum err e = query_once(out, db, s, args, n);

	if (e == ERR_DB && !is_connected(db) && !db->in_transaction)
		e = query_once(out, db, s, args, n);
	for (int runs = 1; runs_again(db, e, runs); runs++)
		e = query_once(out, db, s, args, n);
	return e;
}

enum err
db_one(struct rows *out, struct db *db, struct stmt *s, const struct arg *args,
       size_t n)
{
	struct rows rows = {0};
	enum err e = db_query(&rows, db, s, args, n);

	if (e)
		return e;
	if (!rows_next(&rows))
		return ERR_NOTFOUND;
	*out = rows;
	return OK;
}

enum err
db_number(int64_t *out, struct db *db, struct stmt *s, const struct arg *args,
	  size_t n)
{
	struct rows rows;
	enum err e = db_one(&rows, db, s, args, n);

	if (!e)
		*out = col_int(&rows);
	return e;
}

enum err
db_exists(bool *out, struct db *db, struct stmt *s, const struct arg *args,
	  size_t n)
{
	struct rows rows;
	enum err e = db_one(&rows, db, s, args, n);

	*out = !e;
	return e == ERR_NOTFOUND ? OK : e;
}

/* Invalidates the caches of all processes, once the change is committed. */
static void
bump_auth_generation(struct db *db)
{
	if (!db->changed_actors || db->in_transaction)
		return;
	auth_generation_bump();
	db->changed_actors = false;
}

static enum err
run_once(struct db *db, struct stmt *s, const struct arg *args, size_t n)
{
	enum err e = ensure_connected(db);

	return e ? e : statement_execute(&db->connection, s, args, n);
}

enum err
db_run(struct db *db, struct stmt *s, const struct arg *args, size_t n)
{
	enum err e = run_once(db, s, args, n);

	if (e == ERR_DB && db->connection.not_executed && !db->in_transaction)
		e = run_once(db, s, args, n);
	for (int runs = 1; runs_again(db, e, runs); runs++)
		e = run_once(db, s, args, n);
	if (e)
		return e;
	db->affected = statement_affected_rows(s);
	db->insert_id = statement_insert_id(s);
	if (db->insert_id > 0)
		high_water_id(db->insert_id);
	db->changed_actors |= s->changes_actors;
	bump_auth_generation(db);
	return OK;
}

int64_t
db_affected(const struct db *db)
{
	return db->affected;
}

int64_t
db_insert_id(const struct db *db)
{
	return db->insert_id;
}

static enum err
command(struct db *db, const char *sql)
{
	enum err e = ensure_connected(db);

	return e ? e : connection_command(&db->connection, sql);
}

/* One run. When the connection breaks at BEGIN, nothing is lost yet. */
static enum err
run_transaction(struct db *db, enum err (*body)(void *arg), void *arg)
{
	enum err e = command(db, "BEGIN");

	if (e == ERR_DB && !is_connected(db))
		e = command(db, "BEGIN");
	if (e)
		return e;
	db->in_transaction = true;
	db->transactions++;
	e = body(arg);
	if (!e)
		e = command(db, "COMMIT");
	if (e && !is_lost(db))
		(void)command(db, "ROLLBACK");
	if (e && is_lost(db))
		e = ERR_DB;
	db->in_transaction = false;
	bump_auth_generation(db);
	return e;
}

enum err
db_transaction(struct db *db, enum err (*body)(void *arg), void *arg)
{
	enum err e;
	int runs = 0;

	if (db->in_transaction)
		return body(arg);
	do
		e = run_transaction(db, body, arg);
	while (runs_again(db, e, ++runs));
	return e;
}

unsigned long
db_transactions(const struct db *db)
{
	return db->transactions;
}

enum err
db_check(struct db *db, struct stmt *s)
{
	enum err e = ensure_connected(db);

	return e ? e : statement_prepare(&db->connection, s);
}

void
db_forget(struct stmt *s)
{
	statement_close(s);
}

enum err
db_script(struct db *db, const char *sql)
{
	return command(db, sql);
}

bool
db_was_made(const struct db *db)
{
	return db->connection.was_made;
}

unsigned
db_statements(const struct db *db)
{
	return db->connection.statements;
}

const char *
db_error(const struct db *db)
{
	return db->connection.error;
}
