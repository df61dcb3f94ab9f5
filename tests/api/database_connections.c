/* db/db.h on a real server: transactions are committed, rolled back, and run
 * again after a lost race; broken connections are opened again, and nothing
 * runs outside of the transaction that it belongs to. */

#include <string.h>

#include "database.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/fixture.h"
#include "unit/runner.h"

enum {
	ECHO_TEXT,
	WHO,
	NOT_PRIMARY,
	READ_ONLY,
	READ_ONLY_MODE,
	COMMIT_FAILED,
	IDLE_SECONDS,
	ONE_IDLE_SECOND,
	STATEMENTS
};

static struct stmt sql[STATEMENTS] = {
    [ECHO_TEXT] = {"SELECT ?, LENGTH(?)", 0, 0},
    [WHO] = {"SELECT CONNECTION_ID()", 0, 0},
    /* errors that servers report during a failover */
    [NOT_PRIMARY] = {"SIGNAL SQLSTATE '08S01' SET MYSQL_ERRNO = 1047", 0, 0},
    [READ_ONLY] = {"SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1290", 0, 0},
    [READ_ONLY_MODE] = {"SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1836", 0, 0},
    [COMMIT_FAILED] = {"SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1180", 0, 0},
    [IDLE_SECONDS] = {"SELECT @@idle_transaction_timeout", 0, 0},
    [ONE_IDLE_SECOND] = {"SET SESSION idle_transaction_timeout = 1", 0, 0},
};

/* For the second connection. */
static struct stmt kill_sql = {.sql = "KILL ?"};

struct work {
	const char *slug;
	int runs, lose; /* how many runs lose a race */
	enum err end;
};

static enum err
do_work(void *arg)
{
	struct work *w = arg;
	enum err e = insert_organization(w->slug);

	if (!e && w->runs++ < w->lose)
		e = ERR_AGAIN;
	return e ? e : w->end;
}

START_TEST(commit_and_rollback)
{
	struct work w = {.slug = unique("slug")};

	w.end = ERR_INVALID;
	ck_assert_int_eq(db_transaction(scratch_db, do_work, &w), ERR_INVALID);
	ck_assert_int_eq(count_slug(w.slug), 0);
	w.end = OK;
	ck_assert_int_eq(db_transaction(scratch_db, do_work, &w), OK);
	ck_assert_int_eq(count_slug(w.slug), 1);
}
END_TEST

START_TEST(a_lost_race_is_retried)
{
	struct work w = {.slug = unique("slug"), .lose = 3};

	ck_assert_int_eq(db_transaction(scratch_db, do_work, &w), OK);
	ck_assert_int_eq(w.runs, 4);
	ck_assert_int_eq(count_slug(w.slug), 1);
	w = (struct work){.slug = unique("slug"), .lose = 1000};
	ck_assert_int_eq(db_transaction(scratch_db, do_work, &w), ERR_AGAIN);
	ck_assert_int_eq(w.runs, 10);
	ck_assert_int_eq(count_slug(w.slug), 0);
}
END_TEST

static int64_t
connection(void)
{
	struct rows r;

	ck_assert_int_eq(db_one(&r, scratch_db, &sql[WHO], NO_ARGS), OK);
	return col_int(&r);
}

static const char is_open[] =
    "SELECT COUNT(*) FROM information_schema.processlist WHERE id = ?";

/* Kills our connection from another one, and waits until it has ended. */
static void
break_connection(int64_t id)
{
	ck_assert_int_eq(db_run(other_db, &kill_sql, ARGS(arg_int(id))), OK);
	ck_assert_int_eq(sql_await(0, is_open, ARGS(arg_int(id))), 0);
}

START_TEST(a_broken_connection_is_reopened)
{
	const int64_t first = connection();
	struct rows r;

	ck_assert_int_eq(connection(), first);
	break_connection(first);
	/* a statement that was prepared on the old connection */
	ck_assert_int_ne(connection(), first);
	ck_assert_int_eq(db_one(&r, scratch_db, &sql[ECHO_TEXT],
				ARGS(arg_text("x"), arg_text("x"))),
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
		ck_assert_int_eq(insert_organization(slug), OK);
		ck_assert_int_eq(count_slug(slug), 1);
	}
	ck_assert_str_eq(db_error(scratch_db), "");
}
END_TEST

START_TEST(a_transaction_begins_on_a_new_connection)
{
	struct work w = {.slug = unique("slug")};

	break_connection(connection());
	ck_assert_int_eq(db_transaction(scratch_db, do_work, &w), OK);
	ck_assert_int_eq(count_slug(w.slug), 1);
}
END_TEST

/* A transaction of a process that stops until the server has ended it. */
struct stop {
	const char *slug;
	int runs;
	int64_t idle_seconds;
};

static enum err
stop_within(void *arg)
{
	struct stop *s = arg;
	const int64_t id = connection();
	struct rows r;
	enum err e = insert_organization(s->slug);

	if (e || s->runs++ > 0)
		return e;
	e = db_one(&r, scratch_db, &sql[IDLE_SECONDS], NO_ARGS);
	s->idle_seconds = e ? 0 : col_int(&r);
	if (!e)
		e = db_run(scratch_db, &sql[ONE_IDLE_SECOND], NO_ARGS);
	ck_assert_int_eq(sql_await(0, is_open, ARGS(arg_int(id))), 0);
	return e ? e : insert_organization(text("%s-2", s->slug));
}

START_TEST(a_stopped_process_does_not_keep_its_locks)
{
	struct stop s = {.slug = unique("slug")};

	ck_assert_int_eq(db_transaction(scratch_db, stop_within, &s), ERR_DB);
	ck_assert_int_eq(s.idle_seconds, 60);
	ck_assert_int_eq(count_slug(s.slug), 0);
	ck_assert_int_eq(db_transaction(scratch_db, stop_within, &s), OK);
	ck_assert_int_eq(count_slug(s.slug), 1);
	ck_assert_int_eq(count_slug(text("%s-2", s.slug)), 0);
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
	e = insert_organization(f->slug);
	if (!e && f->runs++ < f->refused)
		e = db_run(scratch_db, f->refusal, NO_ARGS);
	return e;
}

START_TEST(a_failover_retries_the_transaction)
{
	const bool reconnects = _i != COMMIT_FAILED;
	struct failover f = {
	    .slug = unique("slug"), .refusal = &sql[_i], .refused = 2};

	ck_assert_int_eq(db_transaction(scratch_db, fail_over, &f), OK);
	ck_assert_int_eq(f.runs, 3);
	ck_assert_int_eq(count_slug(f.slug), 1);
	ck_assert_int_eq(f.connections[0] != f.connections[1], reconnects);
	f = (struct failover){
	    .slug = unique("slug"), .refusal = &sql[_i], .refused = 1000};
	ck_assert_int_eq(db_transaction(scratch_db, fail_over, &f), ERR_AGAIN);
	ck_assert_int_eq(f.runs, 10);
	ck_assert_int_eq(count_slug(f.slug), 0);
}
END_TEST

START_TEST(a_failover_retries_a_single_write)
{
	db_attach(scratch_db, test_arena());
	ck_assert_int_eq(db_run(scratch_db, &sql[_i], NO_ARGS), ERR_AGAIN);
	ck_assert_uint_eq(db_statements(scratch_db), 10);
	ck_assert_int_eq(insert_organization(unique("slug")), OK);
}
END_TEST

static enum err
lose_connection(void *arg)
{
	struct work *w = arg;

	if (insert_organization(w->slug) != OK)
		return ERR_DB;
	break_connection(connection());
	/* the next statement must not run outside of the transaction */
	w->end = insert_organization(text("%s-2", w->slug));
	w->runs++;
	return insert_organization(text("%s-3", w->slug)) ? ERR_DB : OK;
}

START_TEST(a_transaction_that_lost_its_connection_is_lost)
{
	struct work w = {.slug = unique("slug")};

	ck_assert_int_eq(db_transaction(scratch_db, lose_connection, &w),
			 ERR_DB);
	ck_assert_int_eq(w.runs, 1);
	ck_assert_int_eq(w.end, ERR_DB);
	ck_assert_int_eq(count_slug(w.slug), 0);
	ck_assert_int_eq(count_slug(text("%s-2", w.slug)), 0);
	ck_assert_int_eq(count_slug(text("%s-3", w.slug)), 0);
	w = (struct work){.slug = unique("slug")};
	ck_assert_int_eq(db_transaction(scratch_db, do_work, &w), OK);
}
END_TEST

START_TEST(no_server)
{
	struct conf nowhere = scratch_conf;
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

Suite *
database_connections_suite(void)
{
	Suite *s = suite_create("database_connections");
	TCase *t = tcase_create("database_connections");

	tcase_add_checked_fixture(t, database_set_up, database_tear_down);
	tcase_add_test(t, commit_and_rollback);
	tcase_add_test(t, a_lost_race_is_retried);
	tcase_add_test(t, a_broken_connection_is_reopened);
	tcase_add_test(t, a_single_write_survives_an_idle_connection);
	tcase_add_test(t, a_transaction_begins_on_a_new_connection);
	tcase_add_test(t, a_stopped_process_does_not_keep_its_locks);
	tcase_add_loop_test(t, a_failover_retries_the_transaction, NOT_PRIMARY,
			    IDLE_SECONDS);
	tcase_add_loop_test(t, a_failover_retries_a_single_write, NOT_PRIMARY,
			    IDLE_SECONDS);
	tcase_add_test(t, a_transaction_that_lost_its_connection_is_lost);
	tcase_add_test(t, no_server);
	suite_add_tcase(s, t);
	return s;
}
