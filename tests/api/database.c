/* db/db.h on a real server: values are stored and read unchanged, and broken
 * connections are opened again. */

#include <signal.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "db/shared_state.h"
#include "suites.h"
#include "sync/pause.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/fixture.h"
#include "unit/runner.h"

static struct conf conf;
static struct db *db, *killer;

/* The statements of these tests; each is prepared on first use. */
enum {
	ECHO_ALL,
	ECHO_TEXT,
	ECHO_TIME,
	NOTHING,
	MANY,
	WHO,
	INSERT,
	CHANGE,
	READ,
	HOW_MANY,
	LONGER,
	BROKEN,
	NOT_PRIMARY,
	READ_ONLY,
	READ_ONLY_MODE,
	COMMIT_FAILED,
	STATEMENTS
};

static struct stmt sql[STATEMENTS] = {
    [ECHO_ALL] = {"SELECT CAST(? AS SIGNED), ?, CAST(? AS DATETIME(6)), ?", 0,
		  0},
    [ECHO_TEXT] = {"SELECT ?, LENGTH(?)", 0, 0},
    [ECHO_TIME] = {"SELECT CAST(CAST(? AS DATETIME(6)) AS CHAR)", 0, 0},
    [NOTHING] = {"SELECT 1 FROM DUAL WHERE 1 = 0", 0, 0},
    [MANY] = {"SELECT seq, CONCAT('row ', seq) FROM seq_1_to_1000", 0, 0},
    [WHO] = {"SELECT CONNECTION_ID()", 0, 0},
    [INSERT] = {"INSERT INTO organization (name, slug, created_at, updated_at) "
		"VALUES (?, ?, NOW(6), NOW(6))",
		0, 0},
    [CHANGE] = {"UPDATE organization SET name = ? WHERE slug = ?", 0, 0},
    [READ] = {"SELECT name FROM organization WHERE slug = ?", 0, 0},
    [HOW_MANY] = {"SELECT COUNT(*) FROM organization WHERE slug = ?", 0, 0},
    [LONGER] = {"UPDATE organization SET slug = REPEAT('x', 81) "
		"WHERE slug = ?",
		0, 0},
    [BROKEN] = {"SELECT nonsense FROM nowhere", 0, 0},
    /* errors that servers report during a failover */
    [NOT_PRIMARY] = {"SIGNAL SQLSTATE '08S01' SET MYSQL_ERRNO = 1047", 0, 0},
    [READ_ONLY] = {"SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1290", 0, 0},
    [READ_ONLY_MODE] = {"SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1836", 0, 0},
    [COMMIT_FAILED] = {"SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1180", 0, 0},
};

/* For the second connection: a statement belongs to one connection. */
static struct stmt kill_sql = {.sql = "KILL ?"};

static void
set_up(void)
{
	char why[256];

	fixture_begin();
	ck_assert(conf_load(&conf, why, sizeof(why)));
	db = db_new(&conf);
	killer = db_new(&conf);
	db_attach(db, test_arena());
	db_attach(killer, test_arena());
}

static void
tear_down(void)
{
	db_free(db);
	db_free(killer);
	fixture_end();
}

START_TEST(values_come_back)
{
	static const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN};
	const usec_t t = INT64_C(1795328652622645);
	struct rows r;

	for (size_t i = 0; i < COUNT(numbers); i++) {
		ck_assert_int_eq(
		    db_one(&r, db, &sql[ECHO_ALL],
			   ARGS(arg_int(numbers[i]), arg_text("text"),
				arg_time(t), arg_id(0))),
		    OK);
		ck_assert_int_eq(col_int(&r), numbers[i]);
		ck_assert_str_eq(col_text(&r), "text");
		ck_assert_str_eq(col_text(&r), "2026-11-22T06:24:12.622645Z");
		ck_assert_ptr_null(col_text(&r));
	}
	ck_assert_uint_eq(db_statements(db), COUNT(numbers));
	ck_assert_str_eq(db_error(db), "");
}
END_TEST

START_TEST(texts_come_back)
{
	static char large[1 << 20];
	const char *const texts[] = {"",
				     "'",
				     "\"",
				     "\\",
				     "'; DROP TABLE issue; -- ",
				     "%_?",
				     "\xf0\x9f\x98\x80 \xc3\xa9\n\r\t",
				     large};
	struct rows r;
	size_t n;

	memset(large, 'x', sizeof(large) - 1);
	for (size_t i = 0; i < COUNT(texts); i++) {
		ck_assert_int_eq(
		    db_one(&r, db, &sql[ECHO_TEXT],
			   ARGS(arg_text(texts[i]), arg_text(texts[i]))),
		    OK);
		ck_assert_str_eq(col_text(&r), texts[i]);
		ck_assert_int_eq(col_int(&r), (int64_t)strlen(texts[i]));
	}
	ck_assert_int_eq(
	    db_one(&r, db, &sql[ECHO_TEXT],
		   ARGS(arg_bytes("a\0b", 3), arg_bytes("a\0b", 3))),
	    OK);
	ck_assert_mem_eq(col_bytes(&r, &n), "a\0b", 3);
	ck_assert_uint_eq(n, 3);
	ck_assert_int_eq(db_one(&r, db, &sql[ECHO_TEXT],
				ARGS(arg_text(NULL), arg_bytes(NULL, 5))),
			 OK);
	ck_assert_ptr_null(col_text(&r));
	ck_assert_int_eq(col_int(&r), 0);
}
END_TEST

START_TEST(times_come_back)
{
	static const char *const times[] = {
	    "1970-01-01 00:00:00.000001", "1969-12-31 23:59:59.500000",
	    "1969-12-31 23:59:59.000000", "2000-02-29 12:00:00.999999",
	    "9999-12-31 23:59:59.999999"};
	struct rows r;
	usec_t t;

	for (size_t i = 0; i < COUNT(times); i++) {
		ck_assert(clock_parse(&t, times[i]));
		ck_assert_int_eq(
		    db_one(&r, db, &sql[ECHO_TIME], ARGS(arg_time(t))), OK);
		ck_assert_str_eq(col_text(&r), times[i]);
	}
}
END_TEST

START_TEST(no_rows_and_many)
{
	struct rows r;
	int64_t n = 0;

	ck_assert_int_eq(db_query(&r, db, &sql[NOTHING], NO_ARGS), OK);
	ck_assert(!rows_next(&r));
	ck_assert_int_eq(db_one(&r, db, &sql[NOTHING], NO_ARGS), ERR_NOTFOUND);
	ck_assert_int_eq(db_query(&r, db, &sql[MANY], NO_ARGS), OK);
	while (rows_next(&r)) {
		n++;
		ck_assert_int_eq(col_int(&r), n);
		ck_assert_str_eq(col_text(&r), text("row %lld", (long long)n));
	}
	ck_assert_int_eq(n, 1000);
}
END_TEST

START_TEST(one_argument_too_few_aborts)
{
	struct rows r;

	drop_stderr();
	(void)!db_query(&r, db, &sql[ECHO_TEXT], ARGS(arg_int(1)));
}
END_TEST

static enum err
insert(const char *slug)
{
	return db_run(db, &sql[INSERT], ARGS(arg_text("name"), arg_text(slug)));
}

static int64_t
how_many(const char *slug)
{
	struct rows r;

	ck_assert_int_eq(db_one(&r, db, &sql[HOW_MANY], ARGS(arg_text(slug))),
			 OK);
	return col_int(&r);
}

START_TEST(changes)
{
	const char *slug = unique("slug");

	ck_assert_int_eq(insert(slug), OK);
	ck_assert_int_gt(db_insert_id(db), 0);
	ck_assert_int_eq(db_affected(db), 1);
	ck_assert_int_eq(insert(slug), ERR_CONFLICT);
	ck_assert_str_ne(db_error(db), "");
	ck_assert_int_eq(
	    db_run(db, &sql[CHANGE], ARGS(arg_text("other"), arg_text(slug))),
	    OK);
	ck_assert_int_eq(db_affected(db), 1);
	ck_assert_int_eq(
	    db_run(db, &sql[CHANGE], ARGS(arg_text("other"), arg_text("none"))),
	    OK);
	ck_assert_int_eq(db_affected(db), 0);
	/* nothing is truncated silently */
	ck_assert_int_eq(db_run(db, &sql[LONGER], ARGS(arg_text(slug))),
			 ERR_VALUE);
}
END_TEST

START_TEST(statements_are_checked)
{
	ck_assert_int_eq(db_check(db, &sql[READ]), OK);
	ck_assert_int_eq(db_check(db, &sql[BROKEN]), ERR_DB);
	ck_assert_ptr_nonnull(strstr(db_error(db), "nowhere"));
}
END_TEST

/* --- transactions --------------------------------------------------------- */

struct work {
	const char *slug;
	int runs, lose; /* how many runs lose a race */
	enum err end;
};

static enum err
do_work(void *arg)
{
	struct work *w = arg;
	enum err e = insert(w->slug);

	if (!e && w->runs++ < w->lose)
		e = ERR_AGAIN;
	return e ? e : w->end;
}

START_TEST(commit_and_rollback)
{
	struct work w = {.slug = unique("slug")};

	w.end = ERR_INVALID;
	ck_assert_int_eq(db_transaction(db, do_work, &w), ERR_INVALID);
	ck_assert_int_eq(how_many(w.slug), 0);
	w.end = OK;
	ck_assert_int_eq(db_transaction(db, do_work, &w), OK);
	ck_assert_int_eq(how_many(w.slug), 1);
}
END_TEST

START_TEST(a_lost_race_is_retried)
{
	struct work w = {.slug = unique("slug"), .lose = 3};

	ck_assert_int_eq(db_transaction(db, do_work, &w), OK);
	ck_assert_int_eq(w.runs, 4);
	ck_assert_int_eq(how_many(w.slug), 1);
	w = (struct work){.slug = unique("slug"), .lose = 1000};
	ck_assert_int_eq(db_transaction(db, do_work, &w), ERR_AGAIN);
	ck_assert_int_eq(w.runs, 10);
	ck_assert_int_eq(how_many(w.slug), 0);
}
END_TEST

/* --- connections ---------------------------------------------------------- */

static int64_t
connection(void)
{
	struct rows r;

	ck_assert_int_eq(db_one(&r, db, &sql[WHO], NO_ARGS), OK);
	return col_int(&r);
}

/* Kills our connection from another one, and waits until it has ended. */
static void
break_connection(int64_t id)
{
	static const char gone[] = "SELECT COUNT(*) FROM "
				   "information_schema.processlist "
				   "WHERE id = ?";

	ck_assert_int_eq(db_run(killer, &kill_sql, ARGS(arg_int(id))), OK);
	ck_assert_int_eq(sql_await(5, 0, gone, ARGS(arg_int(id))), 0);
}

START_TEST(a_broken_connection_is_reopened)
{
	const int64_t first = connection();
	struct rows r;

	ck_assert_int_eq(connection(), first);
	break_connection(first);
	/* a statement that was prepared on the old connection */
	ck_assert_int_ne(connection(), first);
	ck_assert_int_eq(
	    db_one(&r, db, &sql[ECHO_TEXT], ARGS(arg_text("x"), arg_text("x"))),
	    OK);
}
END_TEST

/* With statements that were prepared on the broken connection, and others. */
START_TEST(a_single_write_survives_an_idle_connection)
{
	const char *slug = unique("slug");

	for (int i = 0; i < 2; i++) {
		slug = text("%s-%d", slug, i);
		break_connection(connection());
		ck_assert_int_eq(insert(slug), OK);
		ck_assert_int_eq(how_many(slug), 1);
	}
	ck_assert_str_eq(db_error(db), "");
}
END_TEST

START_TEST(a_transaction_begins_on_a_new_connection)
{
	struct work w = {.slug = unique("slug")};

	break_connection(connection());
	ck_assert_int_eq(db_transaction(db, do_work, &w), OK);
	ck_assert_int_eq(how_many(w.slug), 1);
}
END_TEST

/* A transaction during a failover. */
struct failover {
	const char *slug;
	struct stmt *refusal;
	int runs, refused; /* how many runs are refused */
	int64_t connections[2];
};

static enum err
fail_over(void *arg)
{
	struct failover *f = arg;
	enum err e;

	f->connections[f->runs > 0] = connection();
	e = insert(f->slug);
	if (!e && f->runs++ < f->refused)
		e = db_run(db, f->refusal, NO_ARGS);
	return e;
}

START_TEST(a_failover_retries_the_transaction)
{
	const bool reconnects = _i != COMMIT_FAILED;
	struct failover f = {
	    .slug = unique("slug"), .refusal = &sql[_i], .refused = 2};

	ck_assert_int_eq(db_transaction(db, fail_over, &f), OK);
	ck_assert_int_eq(f.runs, 3);
	ck_assert_int_eq(how_many(f.slug), 1);
	ck_assert_int_eq(f.connections[0] != f.connections[1], reconnects);
	f = (struct failover){
	    .slug = unique("slug"), .refusal = &sql[_i], .refused = 1000};
	ck_assert_int_eq(db_transaction(db, fail_over, &f), ERR_AGAIN);
	ck_assert_int_eq(f.runs, 10);
	ck_assert_int_eq(how_many(f.slug), 0);
}
END_TEST

START_TEST(a_failover_retries_a_single_write)
{
	db_attach(db, test_arena());
	ck_assert_int_eq(db_run(db, &sql[_i], NO_ARGS), ERR_AGAIN);
	ck_assert_uint_eq(db_statements(db), 10);
	ck_assert_int_eq(insert(unique("slug")), OK);
}
END_TEST

static enum err
lose_connection(void *arg)
{
	struct work *w = arg;

	if (insert(w->slug) != OK)
		return ERR_DB;
	break_connection(connection());
	/* the next statement must not run outside of the transaction */
	w->end = insert(text("%s-2", w->slug));
	w->runs++;
	return insert(text("%s-3", w->slug)) ? ERR_DB : OK;
}

START_TEST(a_transaction_that_lost_its_connection_is_lost)
{
	struct work w = {.slug = unique("slug")};

	ck_assert_int_eq(db_transaction(db, lose_connection, &w), ERR_DB);
	ck_assert_int_eq(w.runs, 1);
	ck_assert_int_eq(w.end, ERR_DB);
	ck_assert_int_eq(how_many(w.slug), 0);
	ck_assert_int_eq(how_many(text("%s-2", w.slug)), 0);
	ck_assert_int_eq(how_many(text("%s-3", w.slug)), 0);
	w = (struct work){.slug = unique("slug")};
	ck_assert_int_eq(db_transaction(db, do_work, &w), OK);
}
END_TEST

START_TEST(no_server)
{
	struct conf nowhere = conf;
	struct rows r;
	struct db *none;

	nowhere.db_socket = "/nonexistent.sock";
	none = db_new(&nowhere);
	db_attach(none, test_arena());
	ck_assert_int_eq(db_query(&r, none, &sql[WHO], NO_ARGS), ERR_DB);
	ck_assert_str_ne(db_error(none), "");
	db_free(none);
}
END_TEST

/* --- facts --------------------------------------------------------------- */

/* One of us tells of a pause that it begins now. */
static void
note_pause(struct ctx *c, enum linear_outcome reason, usec_t seconds)
{
	struct breaker g = {.reason = reason,
			    .until = c->now + seconds * USEC_PER_SEC};

	ck_assert_int_eq(pause_share(c, &g), OK);
	ck_assert(g.is_shared);
}

/* What all know of it. */
static void
is_paused(struct ctx *c, enum linear_outcome reason, usec_t since, usec_t until)
{
	struct shared_state paused;

	ck_assert_int_eq(shared_state_get(&paused, c, STATE_PAUSED), OK);
	ck_assert_str_eq(paused.value, linear_outcome_words[reason]);
	ck_assert_int_eq(paused.updated_at, since);
	ck_assert_int_eq(paused.until, until);
}

static enum err
pause_at_once(void *arg)
{
	struct ctx *c = arg;
	const usec_t s = USEC_PER_SEC, start = c->now;
	struct shared_state refused;

	ck_assert_int_eq(shared_state_clear(c, STATE_PAUSED), OK);
	ck_assert_int_eq(shared_state_clear(c, STATE_REFUSED), OK);
	note_pause(c, LINEAR_LIMITED, 60);
	is_paused(c, LINEAR_LIMITED, start, start + 60 * s);
	c->now += s;
	note_pause(c, LINEAR_RETRY, 15);
	is_paused(c, LINEAR_LIMITED, start, start + 60 * s);
	ck_assert_int_eq(shared_state_get(&refused, c, STATE_REFUSED), OK);
	ck_assert_ptr_null(refused.value);
	note_pause(c, LINEAR_AUTH, 5);
	is_paused(c, LINEAR_LIMITED, start, start + 60 * s);
	ck_assert_int_eq(shared_state_get(&refused, c, STATE_REFUSED), OK);
	ck_assert_str_eq(refused.value, "");
	/* it ends later */
	note_pause(c, LINEAR_RETRY, 90);
	is_paused(c, LINEAR_RETRY, start + s, start + 91 * s);
	/* that was over a while ago */
	c->now += 100 * s;
	note_pause(c, LINEAR_AUTH, 5);
	is_paused(c, LINEAR_AUTH, start + 101 * s, start + 106 * s);
	return ERR_INVALID; /* rolls back, so that others never see it */
}

START_TEST(the_pause_that_ends_later_is_kept)
{
	struct ctx c = {
	    .db = db, .arena = test_arena(), .conf = &conf, .now = clock_now()};

	ck_assert_int_eq(db_transaction(db, pause_at_once, &c), ERR_INVALID);
}
END_TEST

Suite *
database_suite(void)
{
	Suite *s = suite_create("database");
	TCase *t = tcase_create("database");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, values_come_back);
	tcase_add_test(t, texts_come_back);
	tcase_add_test(t, times_come_back);
	tcase_add_test(t, no_rows_and_many);
	tcase_add_test_raise_signal(t, one_argument_too_few_aborts, SIGABRT);
	tcase_add_test(t, changes);
	tcase_add_test(t, statements_are_checked);
	tcase_add_test(t, commit_and_rollback);
	tcase_add_test(t, a_lost_race_is_retried);
	tcase_add_test(t, a_broken_connection_is_reopened);
	tcase_add_test(t, a_single_write_survives_an_idle_connection);
	tcase_add_test(t, a_transaction_begins_on_a_new_connection);
	tcase_add_loop_test(t, a_failover_retries_the_transaction, NOT_PRIMARY,
			    STATEMENTS);
	tcase_add_loop_test(t, a_failover_retries_a_single_write, NOT_PRIMARY,
			    STATEMENTS);
	tcase_add_test(t, a_transaction_that_lost_its_connection_is_lost);
	tcase_add_test(t, no_server);
	tcase_add_test(t, the_pause_that_ends_later_is_kept);
	suite_add_tcase(s, t);
	return s;
}
