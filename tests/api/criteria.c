/* Every criterion of ISSUE_CRITERIA, whichever there are, on random data: what
 * the API lists, counts and exports must be what plain SQL finds, in the same
 * order, also together with a time and with a second criterion; what a list
 * shows must have the value that was asked for; and what only staff may filter
 * by changes nothing for customers. A new criterion needs no test of its own,
 * unless its values are ids of a new kind (then random_id() in criteria_data.c
 * has to know some) or its comparison is new (then is_fitting() has to know
 * what fits). */

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "criteria_data.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"

static struct issue_order_name {
	const char *query, *sql;
} order_names[] = {
    {"created_at", "i.created_at, i.id"},
    {"-created_at", "i.created_at DESC, i.id DESC"},
    {"updated_at", "i.updated_at, i.id"},
    {"-updated_at", "i.updated_at DESC, i.id DESC"},
    {"priority", "i.priority + 0, i.created_at, i.id"},
    {"-priority", "i.priority + 0 DESC, i.created_at DESC, i.id DESC"},
    {"status", "i.status + 0, i.created_at, i.id"},
    {"-status", "i.status + 0 DESC, i.created_at DESC, i.id DESC"},
};

/* Runs a statement that is not used again: sql_text() would keep it. */
static const char *
sql_once(const char *sql)
{
	struct db *db = fixture_ctx()->db;
	struct stmt s = {.sql = sql};
	struct rows rows;
	enum err e = db_query(&rows, db, &s, NO_ARGS);

	ck_assert_msg(!e, "%s: %s", sql, db_error(db));
	db_forget(&s);
	return rows_next(&rows) ? col_text(&rows) : NULL;
}

/* The ids that plain SQL finds, each with a comma behind it. */
static const char *
wanted_ids(const char *conditions, const char *order)
{
	const char *ids =
	    sql_once(text("SELECT GROUP_CONCAT(i.id, ',' ORDER BY %s "
			  "SEPARATOR '') FROM issue i "
			  "WHERE i.organization_id = %lld "
			  "AND i.deleted_at IS NULL%s",
			  order, (long long)criteria_world.org, conditions));

	return ids ? ids : "";
}

static const char *
ids_of(const struct answer *a)
{
	const struct json *row;
	const char *ids = "";
	int64_t id;

	for (row = json_first(at(a, "results")); row; row = json_next(row)) {
		expect(a, json_int(&id, json_get(row, "id")));
		ids = text("%s%lld,", ids, (long long)id);
	}
	return ids;
}

/* The list, page by page. */
static void
expect_pages(const char *token, const char *query, const char *wanted)
{
	const char *next = text("/api/issues/?%s&page_size=7&cursor=", query);
	const char *ids = "";
	struct answer *a = NULL;

	for (int i = 0; next && i < CRITERIA_ISSUES; i++) {
		a = GET(token, next);
		expect_status(a, 200);
		ids = text("%s%s", ids, ids_of(a));
		next = json_text(at(a, "next"));
	}
	ck_assert_msg(strcmp(ids, wanted) == 0, "%s by pages: %s, not %s",
		      query, ids, wanted);
}

static int64_t
commas(const char *s)
{
	int64_t n = 0;

	for (; *s; s++)
		n += *s == ',';
	return n;
}

static void
expect_list(const char *token, const char *query, const char *wanted)
{
	struct answer *a =
	    GET(token, text("/api/issues/?%s&page_size=100", query));
	const char *ids;

	expect_status(a, 200);
	ids = ids_of(a);
	ck_assert_msg(strcmp(ids, wanted) == 0, "%s lists %s, not %s", query,
		      ids, wanted);
	expect_int(a, "count", commas(wanted));
}

static void
expect_export(const char *query, const char *wanted)
{
	const struct answer *a = GET(criteria_world.employee.token,
				     text("/api/issues/export/?%s", query));
	const char *s = a->text, *number;
	char *end;

	expect_status(a, 200);
	for (; *wanted; wanted = end + 1) {
		number = sql_text("SELECT issue_number FROM issue WHERE id = ?",
				  ARGS(arg_int(strtoll(wanted, &end, 10))));
		s = strstr(s, text("\r\n\"%s\",", number));
		expect(a, s != NULL);
		s++;
	}
	expect(a, !strstr(s + 1, "\r\n\"ISS-"));
}

/* Whether what is shown is the value that was asked for. */
static bool
is_same(const struct json *m, const struct narrowed *n)
{
	const struct issue_criterion *t = &issue_criteria[n->criterion];
	int64_t id;

	switch (t->kind) {
	case CRITERION_CHOICE:
		return enum_name_find(t->words, n->value)->value ==
		       enum_name_find(t->words, json_text(m))->value;
	case CRITERION_BOOL:
		return json_true(m) == (*n->value == 't');
	case CRITERION_TIME:
		return strcmp(json_text(m), n->value) == 0;
	case CRITERION_ASSIGNEE:
		if (strcmp(n->value, "none") == 0)
			return json_is_null(m);
		break;
	case CRITERION_ID:
		break;
	}
	m = json_is_object(m) ? json_get(m, "id") : m;
	return json_int(&id, m) && id == strtoll(n->value, NULL, 10);
}

static bool
is_fitting(const struct json *m, const struct narrowed *n)
{
	switch (issue_criteria[n->criterion].comparison) {
	case COMPARE_EQUAL:
	case COMPARE_SAME:
		return is_same(m, n);
	case COMPARE_FROM:
		return strcmp(json_text(m), n->value) >= 0;
	case COMPARE_UP_TO:
		return strcmp(json_text(m), n->value) <= 0;
	}
	return false;
}

/* What staff see in the field is what they asked for. */
static void
expect_members(const struct narrowed *n)
{
	const struct answer *a =
	    GET(criteria_world.vendor.token,
		text("/api/issues/?%s&page_size=100", n->query));
	const struct issue_field *f = criterion_field(n->criterion);
	const struct json *row;

	expect_status(a, 200);
	if (f->viewers == VIEWERS_HIDDEN)
		return;
	for (row = json_first(at(a, "results")); row; row = json_next(row)) {
		expect(a, json_get(row, f->name) != NULL);
		expect(a, is_fitting(json_get(row, f->name), n));
	}
}

static struct narrowed
another_criterion(enum criterion than)
{
	struct narrowed n = {"", "", "", than};
	const enum criterion k = (enum criterion)repeatable(CRITERIA);

	if (k != than)
		(void)criterion_value(&n, k, (int)repeatable(2));
	return n;
}

static const char *
condition_for(enum role role, const struct narrowed *n)
{
	const enum issue_viewers viewers =
	    criterion_field(n->criterion)->viewers;

	if (role != ROLE_CUSTOMER)
		return n->sql;
	/* a customer's clients send their profile's organization */
	return viewers == VIEWERS_STAFF || viewers == VIEWERS_HIDDEN ||
		       n->criterion == BY_ORGANIZATION
		   ? ""
		   : n->sql;
}

/* The filters together, to staff and to a customer. */
static void
expect_found(const struct narrowed *list, size_t n, const char *order_query,
	     const char *order_sql)
{
	const char *query = text("ordering=%s", order_query);
	const char *staff = "", *own, *wanted;

	own = text(" AND i.raised_by = %lld AND NOT i.is_withdrawn",
		   (long long)criteria_world.customer.user);
	for (size_t i = 0; i < n; i++) {
		query = text("%s%s", query, list[i].query);
		staff =
		    text("%s%s", staff, condition_for(ROLE_EMPLOYEE, &list[i]));
		own = text("%s%s", own, condition_for(ROLE_CUSTOMER, &list[i]));
	}
	wanted = wanted_ids(staff, order_sql);
	expect_list(criteria_world.employee.token, query, wanted);
	if (repeatable(4) == 0)
		expect_pages(criteria_world.employee.token, query, wanted);
	if (repeatable(4) == 0)
		expect_export(query, wanted);
	expect_list(criteria_world.customer.token, query,
		    wanted_ids(own, order_sql));
}

START_TEST(every_criterion_against_sql)
{
	const enum criterion k = (enum criterion)_i;
	struct narrowed list[3];

	for (int i = 0; criterion_value(&list[0], k, i); i++) {
		expect_members(&list[0]);
		for (size_t o = 0; o < COUNT(order_names); o++) {
			list[1] = another_criterion(k);
			(void)criterion_value(&list[2],
					      repeatable(2) ? BY_CREATED_AFTER
							    : BY_UPDATED_BEFORE,
					      0);
			if (list[2].criterion == k ||
			    list[2].criterion == list[1].criterion)
				list[2] = another_criterion(k);
			if (list[2].criterion == list[1].criterion)
				list[2].query = list[2].sql = "";
			for (size_t n = 1; n <= 3; n += 2)
				expect_found(list, n, order_names[o].query,
					     order_names[o].sql);
		}
	}
}
END_TEST

/* Together with words, of which staff's lists walk along the rarer one. */
START_TEST(every_criterion_with_a_search)
{
	const enum criterion k = (enum criterion)_i;
	struct narrowed list[2] = {{"&search=issue+rarity",
				    " AND i.title LIKE '%rarity%'", "",
				    BY_STATUS}}; /* which everybody may see */

	for (int i = 0; criterion_value(&list[1], k, i); i++)
		for (size_t o = 0; o < COUNT(order_names); o++)
			expect_found(list, 2, order_names[o].query,
				     order_names[o].sql);
}
END_TEST

/* A criterion of which no issue has a value is not tested. */
START_TEST(every_criterion_has_values)
{
	struct narrowed n;

	for (int k = 0; k < CRITERIA; k++)
		ck_assert_msg(criterion_value(&n, (enum criterion)k, 1),
			      "random_id() knows none for %s",
			      issue_criteria[k].name);
}
END_TEST

/* Asking for what is false finds what is not true, and is not "either". */
START_TEST(false_is_not_either)
{
	for (int k = 0; k < CRITERIA; k++) {
		const struct issue_criterion *t = &issue_criteria[k];
		struct answer *yes, *no;

		if (t->kind != CRITERION_BOOL)
			continue;
		yes = GET(criteria_world.employee.token,
			  text("/api/issues/?%s=true", t->name));
		no = GET(criteria_world.employee.token,
			 text("/api/issues/?%s=false", t->name));
		ck_assert_int_gt(int_at(yes, "count"), 0);
		ck_assert_int_gt(int_at(no, "count"), 0);
		ck_assert_int_eq(int_at(yes, "count") + int_at(no, "count"),
				 CRITERIA_ISSUES);
	}
}
END_TEST

Suite *
criteria_suite(void)
{
	Suite *s = suite_create("criteria");
	TCase *t = add_case(s, "criteria", criteria_set_up);

	tcase_set_timeout(t, 300);
	tcase_add_test(t, every_criterion_has_values);
	tcase_add_test(t, false_is_not_either);
	tcase_add_loop_test(t, every_criterion_against_sql, 0, CRITERIA);
	tcase_add_loop_test(t, every_criterion_with_a_search, 0, CRITERIA);
	return s;
}
