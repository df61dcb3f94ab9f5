/* The queue to Linear, what else could not follow from changes, and the check
 * of the database. */
#include <stdio.h>

#include "admin/admin.h"
#include "admin/reindex.h"
#include "db/db.h"
#include "db/migrate.h"
#include "desk/issue_count.h"
#include "desk/outbox.h"
#include "desk/sync_job.h"
#include "docketctl.h"
#include "events/events.h"

#define MISCOUNTS_SHOWN 1000

static enum err
verb_queue(struct call *call)
{
	static const char *const columns[] = {
	    "issue_id",	   "issue_number", "organization", "state", "attempts",
	    "dirty_since", "run_at",	   "error_code",   "error", NULL};
	const struct list_page page = given_page(call);
	struct job_line *j;
	struct table s;
	int64_t total;
	size_t n;
	enum err e = admin_jobs(&j, &n, &total, call->c,
				given_switch(call, "dead"), &page);

	if (e)
		return e;
	table_init(&s, call, columns);
	for (size_t i = 0; i < n; i++) {
		put_int_cell(&s, j[i].issue_id);
		put_text_cell(&s, j[i].issue_number);
		put_text_cell(&s, j[i].organization);
		put_text_cell(&s, j[i].is_dead	   ? "dead"
				  : j[i].is_leased ? "running"
						   : "ready");
		put_int_cell(&s, j[i].attempts);
		put_text_cell(&s, j[i].dirty_since);
		put_text_cell(&s, j[i].run_at);
		put_text_cell(&s, j[i].error_code);
		put_text_cell(&s, j[i].error_text);
	}
	table_print_list(&s);
	say_more(call, n, total);
	return OK;
}

static enum err
verb_failures(struct call *call)
{
	static const char *const columns[] = {
	    "issue_id", "issue_number", "organization", "consumer", "state",
	    "attempts", "since",	"run_at",	"error",    NULL};
	const struct list_page page = given_page(call);
	struct event_failure *f;
	struct table s;
	int64_t total;
	size_t n;
	enum err e = events_failures(&f, &n, &total, call->c, 0,
				     given_switch(call, "dead"), page.limit,
				     page.offset);

	if (e)
		return e;
	table_init(&s, call, columns);
	for (size_t i = 0; i < n; i++) {
		put_int_cell(&s, f[i].issue_id);
		put_text_cell(&s, f[i].issue_number);
		put_text_cell(&s, f[i].organization);
		put_text_cell(&s, f[i].consumer);
		put_text_cell(&s, f[i].is_dead ? "dead" : "ready");
		put_int_cell(&s, f[i].attempts);
		put_text_cell(&s, f[i].since);
		put_text_cell(&s, f[i].run_at);
		put_text_cell(&s, f[i].error_text);
	}
	table_print_list(&s);
	say_more(call, n, total);
	return OK;
}

static enum err
verb_retry(struct call *call)
{
	int64_t id, n, failures;
	enum err e = given_one_or_all(&id, call, "issue", "an issue");

	if (!e)
		e = job_retry_any(&n, call->c, id);
	if (!e)
		e = events_retry_now(&failures, call->c, 0, id);
	if (e)
		return e;
	n += failures;
	if (id && !n)
		return refuse(call, ERR_NOTFOUND, "no job waits for issue %lld",
			      (long long)id);
	outbox_wake(call->c);
	table_print_count(call, "retried", n);
	return OK;
}

static void
print_miscounts(struct call *call, const struct miscount *m, size_t n)
{
	static const char *const columns[] = {
	    "scope",	       "scope_id", "status", "priority", "category",
	    "is_client_issue", "synced",   "stored", "real",	 NULL};
	struct table s;

	table_init(&s, call, columns);
	for (size_t i = 0; i < n; i++) {
		put_text_cell(&s, m[i].scope);
		put_int_cell(&s, m[i].scope_id);
		put_text_cell(&s, m[i].status);
		put_text_cell(&s, m[i].priority);
		put_text_cell(&s, m[i].category);
		put_bool_cell(&s, m[i].is_client_issue);
		put_bool_cell(&s, m[i].synced);
		put_int_cell(&s, m[i].stored);
		put_int_cell(&s, m[i].real);
	}
	table_print_list(&s);
}

static enum err
verb_check(struct call *call)
{
	struct ctx *c = call->c;
	const char *refused;
	struct miscount *m;
	size_t prepared, n;
	int64_t repaired = 0;
	enum err e = statements_check(&refused, &prepared, c);

	if (e)
		return refuse(call, e, "%s, in: %s", db_error(c->db), refused);
	if (given_switch(call, "repair"))
		e = count_repair(&repaired, c);
	if (!e)
		e = count_find_wrong(&m, &n, c, MISCOUNTS_SHOWN);
	if (e)
		return e;
	if (repaired)
		fprintf(stderr, "docketctl: check: %lld counters repaired\n",
			(long long)repaired);
	if (n || call->json)
		print_miscounts(call, m, n);
	else
		say(call, "All is well: %zu statements, every counter.",
		    prepared);
	return n ? refuse(call, ERR_CONFLICT,
			  "%zu counters are wrong; --repair corrects them", n)
		 : OK;
}

static enum err
verb_reindex(struct call *call)
{
	static const char *const columns[] = {"issues",
					      "counters_corrected",
					      "trend_corrected",
					      "notifications_missing",
					      "notifications_surplus",
					      NULL};
	struct reindexed r;
	struct table s;
	enum err e;

	db_be_patient(call->c->db, true);
	e = reindex_all(&r, call->c);
	if (e)
		return e;
	table_init(&s, call, columns);
	put_int_cell(&s, r.issues);
	put_int_cell(&s, r.counters);
	put_int_cell(&s, r.trend);
	put_int_cell(&s, r.missing_notices);
	put_int_cell(&s, r.surplus_notices);
	table_print_one(&s);
	return OK;
}

static const struct param no_params[] = {PARAMS_END};
static const struct param queue_params[] = {
    PARAM_SWITCH("dead", "only dead letters"), PARAMS_LIST, PARAMS_END};
static const struct param retry_params[] = {
    ARGUMENT_ID("issue", 0, "ISSUE", "id of the issue"),
    PARAM_SWITCH("all", "all dead letters"), PARAMS_END};
static const struct param check_params[] = {
    PARAM_SWITCH("repair", "correct the counters that are wrong"), PARAMS_END};

const struct verb queue_verbs[] = {
    {"queue", "Lists the issues that wait for Linear", queue_params,
     verb_queue},
    {"failures",
     "Lists issues for which search, notifications or the like could not "
     "follow",
     queue_params, verb_failures},
    {"retry", "Retries an issue now, or all dead letters", retry_params,
     verb_retry},
    {"reindex",
     "Rebuilds search index, trend and counters; compares notifications",
     no_params, verb_reindex},
    {"check", "Checks the schema, every statement and every counter",
     check_params, verb_check},
    VERBS_END};
