#include "db/db.h"

#include <assert.h>
#include <mysql.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "db/auth_generation.h"

#define MAX_ARGS    80
#define MAX_COLUMNS 64
#define MAX_RUNS    10

/* Of mysqld_error.h and errmsg.h, whose names differ between the two clients.
 */
enum {
	NOT_PRIMARY = 1047, /* a Galera node that is not of the majority */
	SERVER_SHUTDOWN = 1053,
	COMMIT_FAILED = 1180, /* of Galera: the certification failed */
	LOCK_WAIT_TIMEOUT = 1205,
	DEADLOCK = 1213,
	OPTION_FORBIDS = 1290, /* --read-only */
	READ_ONLY_MODE = 1836,
	DUPLICATE_KEY = 1062,
	OUT_OF_RANGE = 1264,
	TRUNCATED = 1265, /* such as a number that an ENUM has no word for */
	WRONG_COLLATION = 1267,
	WRONG_VALUE = 1292,
	WRONG_STRING = 1366,
	TOO_LONG = 1406,
	UNKNOWN_STATEMENT = 1243,
	REPREPARE = 1615,
	CONNECTION_KILLED = 1927,
	CLIENT_IDLE = 4031, /* of MySQL: it closed what was idle */
	SERVER_GONE = 2006,
	SERVER_LOST = 2013
};

struct cell {
	int64_t i;
	const char *s;
	size_t n;
};

struct db {
	const struct conf *conf;
	struct arena *arena;
	MYSQL *my;	     /* NULL: not connected */
	unsigned answer_s;   /* how long a statement may take; 0: for ever */
	unsigned generation; /* grows with each connection */
	bool in_transaction;
	bool lost;	     /* the connection broke inside a transaction */
	bool not_run;	     /* the connection broke before the statement ran */
	bool moved;	     /* the server takes no writes: connect again */
	bool changed_actors; /* by what is not committed yet */
	unsigned statements;
	int64_t affected, insert_id;
	char error[512];
};

struct arg
arg_int(int64_t v)
{
	return (struct arg){.type = ARG_INT, .i = v};
}

struct arg
arg_id(int64_t v)
{
	return (struct arg){.type = v ? ARG_INT : ARG_NULL, .i = v};
}

struct arg
arg_text(const char *s)
{
	return arg_bytes(s, s ? strlen(s) : 0);
}

struct arg
arg_bytes(const void *p, size_t n)
{
	return (struct arg){.type = p ? ARG_TEXT : ARG_NULL, .s = p, .n = n};
}

struct arg
arg_time(usec_t t)
{
	return (struct arg){.type = t ? ARG_TIME : ARG_NULL, .i = t};
}

struct db *
db_new(const struct conf *conf)
{
	struct db *db = xmalloc(sizeof(*db));

	*db = (struct db){.conf = conf, .answer_s = 60};
	auth_generation_open(conf->auth_generation_file, false);
	return db;
}

static void
disconnect(struct db *db)
{
	if (db->my)
		mysql_close(db->my);
	db->my = NULL;
}

void
db_free(struct db *db)
{
	if (!db)
		return;
	disconnect(db);
	mysql_library_end();
	free(db);
}

void
db_be_patient(struct db *db)
{
	disconnect(db); /* a connection keeps the patience that it began with */
	db->answer_s = 0;
}

void
db_attach(struct db *db, struct arena *a)
{
	db->arena = a;
	db->statements = 0;
	db->error[0] = '\0';
}

static void
note_error(struct db *db, unsigned number, const char *text)
{
	(void)snprintf(db->error, sizeof(db->error), "%u: %s", number, text);
}

/* Strict, UTC, and each statement sees what is committed: with REPEATABLE
 * READ the readers of counters would wait for each other. */
static bool
set_session(MYSQL *my)
{
	static const char *const settings[] = {
	    "SET SESSION sql_mode='STRICT_ALL_TABLES,"
	    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', "
	    "time_zone='+00:00', innodb_lock_wait_timeout=10",
	    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"};

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (mysql_query(my, settings[i]) != 0)
			return false;
	return true;
}

/* Over a network the kernel probes an idle connection: firewalls on the way
 * keep it, and was_closed() sees when one has dropped it. */
static void
keep_alive(MYSQL *my)
{
	static const struct {
		int option, value;
	} settings[] = {
	    {TCP_KEEPIDLE, 60}, {TCP_KEEPINTVL, 10}, {TCP_KEEPCNT, 3}};
	const int fd = (int)mysql_get_socket(my);

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		(void)setsockopt(fd, IPPROTO_TCP, settings[i].option,
				 &settings[i].value, sizeof(int));
}

static enum err
connect_anew(struct db *db)
{
	const struct conf *c = db->conf;
	const unsigned wait_s = 5;

	db->my = mysql_init(NULL);
	if (!db->my)
		abort(); /* out of memory */
	mysql_options(db->my, MYSQL_OPT_CONNECT_TIMEOUT, &wait_s);
	mysql_options(db->my, MYSQL_OPT_READ_TIMEOUT, &db->answer_s);
	mysql_options(db->my, MYSQL_OPT_WRITE_TIMEOUT, &db->answer_s);
	mysql_options(db->my, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	if (!mysql_real_connect(db->my, c->db_socket ? NULL : c->db_host,
				c->db_user, c->db_password, c->db_name,
				(unsigned)c->db_port, c->db_socket,
				CLIENT_FOUND_ROWS) ||
	    !set_session(db->my)) {
		note_error(db, mysql_errno(db->my), mysql_error(db->my));
		disconnect(db);
		return ERR_DB;
	}
	if (!c->db_socket)
		keep_alive(db->my);
	db->generation++;
	db->moved = false;
	return OK;
}

/* The server sends nothing unasked but the news that it closes the connection,
 * because that was idle for too long or because the server stops. Polling the
 * socket costs a microsecond and no round trip. */
static bool
was_closed(const struct db *db)
{
	struct pollfd p = {.fd = (int)mysql_get_socket(db->my),
			   .events = POLLIN};

	return poll(&p, 1, 0) != 0;
}

/* A connection for the next statement. A transaction keeps its own. */
static enum err
ensure_connected(struct db *db)
{
	db->not_run = false;
	if (db->in_transaction)
		return db->my ? OK : ERR_DB;
	if (db->my && (db->moved || was_closed(db)))
		disconnect(db);
	return db->my ? OK : connect_anew(db);
}

static bool
connection_broke(unsigned number)
{
	return number == SERVER_GONE || number == SERVER_LOST ||
	       number == SERVER_SHUTDOWN || number == CONNECTION_KILLED ||
	       number == CLIENT_IDLE;
}

/* After a failover: a new connection may reach the server that does. */
static bool
takes_no_writes(unsigned number)
{
	return number == NOT_PRIMARY || number == OPTION_FORBIDS ||
	       number == READ_ONLY_MODE;
}

static enum err
classify(struct db *db, unsigned number, const char *text)
{
	note_error(db, number, text);
	if (connection_broke(number)) {
		disconnect(db);
		db->lost = db->in_transaction;
		/* It could not be sent, or the answer is an error. Without an
		 * answer nobody knows. */
		db->not_run = number != SERVER_LOST;
		return ERR_DB;
	}
	if (number == DUPLICATE_KEY)
		return ERR_CONFLICT;
	if (number == OUT_OF_RANGE || number == TRUNCATED ||
	    number == WRONG_COLLATION || number == WRONG_VALUE ||
	    number == WRONG_STRING || number == TOO_LONG)
		return ERR_VALUE;
	if (takes_no_writes(number))
		db->moved = true;
	if (number == DEADLOCK || number == LOCK_WAIT_TIMEOUT ||
	    number == COMMIT_FAILED || takes_no_writes(number))
		return ERR_AGAIN;
	return ERR_DB;
}

static enum err
prepare(struct db *db, struct stmt *s)
{
	my_bool measure = 0;

	if (s->handle && s->generation == db->generation)
		return OK;
	/* of an earlier connection: mysql_close detached it */
	if (s->handle)
		mysql_stmt_close(s->handle);
	s->handle = mysql_stmt_init(db->my);
	if (!s->handle)
		abort(); /* out of memory */
	mysql_stmt_attr_set(s->handle, STMT_ATTR_UPDATE_MAX_LENGTH, &measure);
	if (mysql_stmt_prepare(s->handle, s->sql, strlen(s->sql)) != 0) {
		enum err e = classify(db, mysql_stmt_errno(s->handle),
				      mysql_stmt_error(s->handle));

		mysql_stmt_close(s->handle);
		s->handle = NULL;
		db->not_run = !db->my; /* only prepared, so far */
		return e;
	}
	s->generation = db->generation;
	return OK;
}

void
db_forget(struct stmt *s)
{
	/* of an earlier connection: mysql_close detached it */
	if (s->handle)
		mysql_stmt_close(s->handle);
	s->handle = NULL;
}

static MYSQL_TIME
time_of(usec_t t)
{
	usec_t micros = t % USEC_PER_SEC;
	time_t secs;
	struct tm tm;

	if (micros < 0) /* before 1970 */
		micros += USEC_PER_SEC;
	secs = (time_t)((t - micros) / USEC_PER_SEC);
	gmtime_r(&secs, &tm);
	return (MYSQL_TIME){.year = (unsigned)tm.tm_year + 1900,
			    .month = (unsigned)tm.tm_mon + 1,
			    .day = (unsigned)tm.tm_mday,
			    .hour = (unsigned)tm.tm_hour,
			    .minute = (unsigned)tm.tm_min,
			    .second = (unsigned)tm.tm_sec,
			    .second_part = (unsigned long)micros,
			    .time_type = MYSQL_TIMESTAMP_DATETIME};
}

static void
bind_arg(MYSQL_BIND *b, MYSQL_TIME *when, const struct arg *a)
{
	switch (a->type) {
	case ARG_NULL:
		b->buffer_type = MYSQL_TYPE_NULL;
		return;
	case ARG_INT:
		b->buffer_type = MYSQL_TYPE_LONGLONG;
		b->buffer = (void *)(uintptr_t)&a->i;
		return;
	case ARG_TEXT:
		b->buffer_type = MYSQL_TYPE_STRING;
		b->buffer = (void *)(uintptr_t)a->s;
		b->buffer_length = a->n;
		return;
	case ARG_TIME:
		*when = time_of(a->i);
		b->buffer_type = MYSQL_TYPE_DATETIME;
		b->buffer = when;
		return;
	}
}

static enum err
execute(struct db *db, struct stmt *s, const struct arg *args, size_t n)
{
	MYSQL_BIND binds[MAX_ARGS] = {0};
	MYSQL_TIME times[MAX_ARGS];
	enum err e = prepare(db, s);

	if (e)
		return e;
	assert(n <= MAX_ARGS && mysql_stmt_param_count(s->handle) == n);
	for (size_t i = 0; i < n; i++)
		bind_arg(&binds[i], &times[i], &args[i]);
	db->statements++;
	if ((n && mysql_stmt_bind_param(s->handle, binds)) ||
	    mysql_stmt_execute(s->handle) != 0)
		return classify(db, mysql_stmt_errno(s->handle),
				mysql_stmt_error(s->handle));
	return OK;
}

static bool
is_number(enum enum_field_types type)
{
	switch ((int)type) {
	case MYSQL_TYPE_TINY:
	case MYSQL_TYPE_SHORT:
	case MYSQL_TYPE_INT24:
	case MYSQL_TYPE_LONG:
	case MYSQL_TYPE_LONGLONG:
	case MYSQL_TYPE_FLOAT:
	case MYSQL_TYPE_DOUBLE:
	case MYSQL_TYPE_DECIMAL:
	case MYSQL_TYPE_NEWDECIMAL:
	case MYSQL_TYPE_YEAR:
		return true;
	default:
		return false;
	}
}

/* How each column of a result is fetched. */
struct fetch {
	MYSQL_STMT *st;
	unsigned columns;
	MYSQL_BIND bind[MAX_COLUMNS];
	int64_t numbers[MAX_COLUMNS];
	MYSQL_TIME times[MAX_COLUMNS];
	unsigned long lengths[MAX_COLUMNS];
	my_bool nulls[MAX_COLUMNS];
};

static void
bind_columns(struct fetch *f, const MYSQL_RES *meta)
{
	const MYSQL_FIELD *fields =
	    mysql_fetch_fields((MYSQL_RES *)(uintptr_t)meta);

	memset(f->bind, 0, f->columns * sizeof(f->bind[0]));
	for (unsigned i = 0; i < f->columns; i++) {
		MYSQL_BIND *b = &f->bind[i];

		b->is_null = &f->nulls[i];
		b->length = &f->lengths[i];
		if (is_number(fields[i].type)) {
			b->buffer_type = MYSQL_TYPE_LONGLONG;
			b->buffer = &f->numbers[i];
		} else if (fields[i].type == MYSQL_TYPE_DATETIME ||
			   fields[i].type == MYSQL_TYPE_TIMESTAMP) {
			b->buffer_type = MYSQL_TYPE_DATETIME;
			b->buffer = &f->times[i];
		} else {
			/* no room: only its length comes, then read_text
			 * fetches it into the arena, once */
			b->buffer_type = MYSQL_TYPE_STRING;
		}
	}
}

static void
put_digits(char *out, unsigned long v, int n)
{
	while (n-- > 0) {
		out[n] = (char)('0' + v % 10);
		v /= 10;
	}
}

/* As clock_iso would, without going through time_t: a list page shows a
 * hundred of them. */
static const char *
time_text(struct arena *a, const MYSQL_TIME *t)
{
	char *s = arena_memdup(a, "0000-00-00T00:00:00.000000Z", 27);

	put_digits(s, t->year, 4);
	put_digits(s + 5, t->month, 2);
	put_digits(s + 8, t->day, 2);
	put_digits(s + 11, t->hour, 2);
	put_digits(s + 14, t->minute, 2);
	put_digits(s + 17, t->second, 2);
	put_digits(s + 20, t->second_part, 6);
	return s;
}

static bool
read_text(struct fetch *f, unsigned i, struct arena *a, struct cell *cell)
{
	MYSQL_BIND b = {.buffer_type = MYSQL_TYPE_STRING};
	unsigned long n = f->lengths[i];
	char *s = arena_alloc(a, n + 1);

	b.buffer = s;
	b.buffer_length = n;
	b.length = &n;
	cell->s = s;
	cell->n = n;
	return n == 0 || mysql_stmt_fetch_column(f->st, &b, i, 0) == 0;
}

static bool
read_row(struct fetch *f, struct arena *a, struct cell *cells)
{
	for (unsigned i = 0; i < f->columns; i++) {
		if (f->nulls[i])
			continue;
		if (f->bind[i].buffer_type == MYSQL_TYPE_LONGLONG)
			cells[i].i = f->numbers[i];
		else if (f->bind[i].buffer_type == MYSQL_TYPE_DATETIME)
			cells[i].s = time_text(a, &f->times[i]);
		else if (!read_text(f, i, a, &cells[i]))
			return false;
	}
	return true;
}

/* Every row into the arena: nothing of a result outlives this call, so that
 * no caller has anything to free. */
static enum err
store(struct rows *out, struct db *db, struct stmt *s, MYSQL_RES *meta)
{
	struct fetch f;
	struct cell *cells;
	size_t count, at = 0;
	int got;

	f.st = s->handle;
	f.columns = mysql_stmt_field_count(f.st);
	assert(f.columns <= MAX_COLUMNS);
	bind_columns(&f, meta);
	if (mysql_stmt_bind_result(f.st, f.bind) != 0 ||
	    mysql_stmt_store_result(f.st) != 0)
		return classify(db, mysql_stmt_errno(f.st),
				mysql_stmt_error(f.st));
	count = (size_t)mysql_stmt_num_rows(f.st);
	cells = arena_alloc(db->arena, count * f.columns * sizeof(*cells));
	for (;
	     (got = mysql_stmt_fetch(f.st)) == 0 || got == MYSQL_DATA_TRUNCATED;
	     at += f.columns)
		if (!read_row(&f, db->arena, cells + at))
			return ERR_DB;
	*out = (struct rows){cells, count, f.columns, 0, 0};
	return got == MYSQL_NO_DATA ? OK : ERR_DB;
}

static enum err
query_once(struct rows *out, struct db *db, struct stmt *s,
	   const struct arg *args, size_t n)
{
	MYSQL_RES *meta;
	enum err e = ensure_connected(db);

	if (!e)
		e = execute(db, s, args, n);
	if (e)
		return e;
	meta = mysql_stmt_result_metadata(s->handle);
	assert(meta);
	e = store(out, db, s, meta);
	mysql_free_result(meta);
	if (db->my)
		mysql_stmt_free_result(s->handle);
	return e;
}

static void
short_pause(int run)
{
	struct timespec ts = {.tv_nsec = (long)random_below(2000000U << run)};

	ts.tv_nsec %= 1000000000L;
	nanosleep(&ts, NULL);
}

/* After a lost race: true, after a pause, when it is to run again. Inside of a
 * transaction all of that is. */
static bool
runs_again(const struct db *db, enum err e, int runs)
{
	if (e != ERR_AGAIN || db->in_transaction || runs >= MAX_RUNS)
		return false;
	short_pause(runs < 6 ? runs : 6);
	return true;
}

/* Reading again does no harm. */
enum err
db_query(struct rows *out, struct db *db, struct stmt *s,
	 const struct arg *args, size_t n)
{
	enum err e;

	if (db->lost)
		return ERR_DB;
	e = query_once(out, db, s, args, n);
	if (e == ERR_DB && !db->my && !db->in_transaction)
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
db_exists(bool *out, struct db *db, struct stmt *s, const struct arg *args,
	  size_t n)
{
	struct rows rows;
	enum err e = db_one(&rows, db, s, args, n);

	*out = !e;
	return e == ERR_NOTFOUND ? OK : e;
}

/* What others remember must not outlive what they would read now. */
static void
advance_stamp(struct db *db)
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

	return e ? e : execute(db, s, args, n);
}

/* A statement outside of a transaction is one of its own: it runs again when
 * the server has certainly not carried it out. */
enum err
db_run(struct db *db, struct stmt *s, const struct arg *args, size_t n)
{
	enum err e;

	if (db->lost)
		return ERR_DB;
	e = run_once(db, s, args, n);
	if (e == ERR_DB && db->not_run && !db->in_transaction)
		e = run_once(db, s, args, n);
	for (int runs = 1; runs_again(db, e, runs); runs++)
		e = run_once(db, s, args, n);
	if (e)
		return e;
	db->affected = (int64_t)mysql_stmt_affected_rows(s->handle);
	db->insert_id = (int64_t)mysql_stmt_insert_id(s->handle);
	db->changed_actors |= s->changes_actors;
	advance_stamp(db);
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

	if (e)
		return e;
	db->statements++;
	if (mysql_query(db->my, sql) != 0)
		return classify(db, mysql_errno(db->my), mysql_error(db->my));
	return OK;
}

/* One attempt. A connection that breaks at BEGIN has lost nothing yet. */
static enum err
run_transaction(struct db *db, enum err (*body)(void *arg), void *arg)
{
	enum err e = command(db, "BEGIN");

	if (e == ERR_DB && !db->my)
		e = command(db, "BEGIN");
	if (e)
		return e;
	db->in_transaction = true;
	db->lost = false;
	e = body(arg);
	if (!e && !db->lost)
		e = command(db, "COMMIT");
	if (e && !db->lost)
		(void)command(db, "ROLLBACK");
	if (e && db->lost)
		e = ERR_DB;
	db->in_transaction = false;
	db->lost = false;
	advance_stamp(db);
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

enum err
db_check(struct db *db, struct stmt *s)
{
	enum err e = ensure_connected(db);

	return e ? e : prepare(db, s);
}

enum err
db_script(struct db *db, const char *sql)
{
	return command(db, sql);
}

unsigned
db_statements(const struct db *db)
{
	return db->statements;
}

const char *
db_error(const struct db *db)
{
	return db->error;
}

bool
rows_next(struct rows *r)
{
	if (r->next_row == r->count)
		return false;
	r->next_row++;
	r->next_column = 0;
	return true;
}

static const struct cell *
next_cell(struct rows *r)
{
	assert(r->next_row > 0 && r->next_column < r->columns);
	return &r->cells[(r->next_row - 1) * r->columns + r->next_column++];
}

int64_t
col_int(struct rows *r)
{
	return next_cell(r)->i;
}

bool
col_bool(struct rows *r)
{
	return next_cell(r)->i != 0;
}

const char *
col_text(struct rows *r)
{
	return next_cell(r)->s;
}

const char *
col_bytes(struct rows *r, size_t *n)
{
	const struct cell *c = next_cell(r);

	*n = c->n;
	return c->s;
}
