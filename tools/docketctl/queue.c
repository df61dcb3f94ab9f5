/* The queue to Linear, what else could not follow from changes, and the check
 * of the database. */
#include <stdio.h>

#include "admin/admin.h"
#include "admin/reindex.h"
#include "db/db.h"
#include "db/migrate.h"
#include "desk/issue_count.h"
#include "desk/notification.h"
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

/* The counters that are wrong, at most MISCOUNTS_SHOWN of each kind. */
struct wrong_counters {
	struct miscount *issues;
	struct unread_miscount *unread;
	size_t n_issues, n_unread;
};

static enum err
find_wrong_counters(struct wrong_counters *out, struct ctx *c)
{
	enum err e =
	    count_find_wrong(&out->issues, &out->n_issues, c, MISCOUNTS_SHOWN);

	return e ? e
		 : unread_find_wrong(&out->unread, &out->n_unread, c,
				     MISCOUNTS_SHOWN);
}

static enum err
repair_counters(int64_t *n, struct ctx *c)
{
	int64_t unread = 0;
	enum err e = count_repair(n, c);

	if (!e)
		e = unread_repair(&unread, c);
	*n += unread;
	return e;
}

static void
put_miscount(struct table *s, const struct miscount *m)
{
	put_text_cell(s, m->scope);
	put_int_cell(s, m->scope_id);
	put_text_cell(s, m->status);
	put_text_cell(s, m->priority);
	put_text_cell(s, m->category);
	put_bool_cell(s, m->is_client_issue);
	put_bool_cell(s, m->synced);
	put_int_cell(s, m->stored);
	put_int_cell(s, m->real);
}

static void
put_unread_miscount(struct table *s, const struct unread_miscount *m)
{
	put_text_cell(s, m->name);
	put_int_cell(s, m->scope_id);
	for (int i = 0; i < 5; i++) /* they are not divided further */
		put_text_cell(s, NULL);
	put_int_cell(s, m->stored);
	put_int_cell(s, m->real);
}

static void
print_wrong_counters(struct call *call, const struct wrong_counters *w)
{
	static const char *const columns[] = {
	    "scope",	       "scope_id", "status", "priority", "category",
	    "is_client_issue", "synced",   "stored", "real",	 NULL};
	struct table s;

	table_init(&s, call, columns);
	for (size_t i = 0; i < w->n_issues; i++)
		put_miscount(&s, &w->issues[i]);
	for (size_t i = 0; i < w->n_unread; i++)
		put_unread_miscount(&s, &w->unread[i]);
	table_print_list(&s);
}

static enum err
verb_check(struct call *call)
{
	struct ctx *c = call->c;
	struct wrong_counters wrong = {.n_issues = 0};
	const char *refused;
	size_t prepared, n;
	int64_t repaired = 0;
	enum err e = statements_check(&refused, &prepared, c);

	if (e)
		return refuse(call, e, "%s, in: %s", db_error(c->db), refused);
	if (given_switch(call, "repair"))
		e = repair_counters(&repaired, c);
	if (!e)
		e = find_wrong_counters(&wrong, c);
	if (e)
		return e;
	if (repaired)
		fprintf(stderr, "docketctl: check: %lld counters repaired\n",
			(long long)repaired);
	n = wrong.n_issues + wrong.n_unread;
	if (n || call->json)
		print_wrong_counters(call, &wrong);
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
