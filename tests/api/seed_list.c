/* The calls that the seed system documents, field by field: lists of issues,
 * with their filters and pages. */

#include <string.h>

#include "seed_issues.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"

static struct world w;
static int64_t ids[ISSUES];

static void
set_up(void)
{
	set_up_four_issues(&w, ids);
}

START_TEST(list_of_staff)
{
	struct answer *a = GET(w.employee.token, "/api/issues/");

	expect_status(a, 200);
	expect_keys(a, "", PAGE_KEYS);
	expect_int(a, "count", ISSUES);
	expect_null(a, "next");
	expect_null(a, "previous");
	ck_assert_str_eq(title_letters(a), "BDLP");
	for (int i = 0; i < ISSUES; i++)
		expect_keys(a, text("results.%d", i), ISSUE_ROW_KEYS);
	expect_text(a, "results.2.assigned_to_name", w.employee.full_name);
	expect_keys(a, "results.2.assigned_to", "id full_name email");
	expect_text(a, "results.2.raised_by_customer_name",
		    w.customer.full_name);
	expect_text(a, "results.2.raised_by_customer_email", w.customer.email);
	expect_text(a, "results.2.status", "in_progress");
}
END_TEST

START_TEST(list_of_customers)
{
	struct answer *a = GET(w.customer.token, "/api/issues/");

	expect_int(a, "count", 3);
	ck_assert_str_eq(title_letters(a), "DLP");
	expect_keys(a, "results.1", ISSUE_ROW_KEYS);
	expect_keys(a, "results.1.assigned_to", "id full_name");
	expect_without(a, w.employee.email);
	a = GET(w.customer.token, "/api/client/issues/");
	ck_assert_str_eq(title_letters(a), "DLP");
	expect_keys(a, "results.0", ISSUE_ROW_KEYS);
	ck_assert_str_eq(title_letters(GET(w.stranger.token, "/api/issues/")),
			 "B");
	a = GET(w.employee.token, "/api/client/issues/");
	expect_error(a, 403, "permission_denied", NULL);
}
END_TEST

START_TEST(list_of_another_organization)
{
	expect_titles(w.outsider.token, "", "");
}
END_TEST

START_TEST(list_filtered)
{
	static const char *const rows[][2] = {
	    {"status=open", "P"},
	    {"status=in_progress", "L"},
	    {"status=resolved", "D"},
	    {"status=closed", "B"},
	    {"priority=low", "P"},
	    {"priority=medium", "B"},
	    {"priority=high", "D"},
	    {"priority=urgent", "L"},
	    {"priority=critical", "L"},
	    {"category=general", "P"},
	    {"category=quality", "L"},
	    {"category=billing", "B"},
	    {"category=payment", "B"},
	    {"category=other", ""},
	    {"is_client_issue=true", "BDLP"},
	    {"is_client_issue=false", ""},
	    {"synced_to_linear=false", "BDLP"},
	    {"synced_to_linear=true", ""},
	    {"assigned_to=none", "BDP"},
	    {"assigned_to=me", "L"},
	    {"status=in_progress&priority=urgent", "L"},
	    {"status=in_progress&priority=low", ""},
	    {"status=&priority=", "BDLP"},
	    {"unknown=1", "BDLP"},
	    {"search=pipe", "P"},
	    {"search=PIP", "P"},
	    {"search=water", "P"},
	    {"search=ipe", ""},
	    {"search=desk+late", "D"},
	    {"search=desk+leaks", ""},
	    {"search=it", "BDL"},
	    {"search=it&status=closed", "B"},
	    {"search=%25", ""},
	    {"search=+", "BDLP"},
	    {"search=%20", "BDLP"},
	    {"search=%20%09%0a%20", "BDLP"},
	    {"search=%C2%A0%E2%80%83%E3%80%80", "BDLP"},
	    {"search=%20&status=open", "P"},
	    {"search=+desk+", "D"},
	    {"created_after=2000-01-01", "BDLP"},
	    {"created_before=2000-01-01", ""},
	    {"updated_after=2000-01-01T00:00:00Z", "BDLP"},
	    {"updated_before=2000-01-01T00:00:00%2B02:00", ""},
	    {"created_before=0001-01-01", ""},
	    {"created_after=0001-01-01", "BDLP"},
	    {"created_before=9999-12-31T23:59:59.999999Z", "BDLP"},
	    {"ordering=created_at", "PLDB"},
	    {"ordering=-created_at", "BDLP"},
	    {"ordering=updated_at", "PLDB"},
	    {"ordering=-updated_at", "BDLP"},
	    {"ordering=priority", "PBDL"},
	    {"ordering=-priority", "LDBP"},
	    {"ordering=status", "PLDB"},
	    {"ordering=-status", "BDLP"},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		expect_titles(w.employee.token, rows[i][0], rows[i][1]);
}
END_TEST

/* Times at and before the epoch are valid as well. */
START_TEST(list_filtered_by_the_epoch)
{
	expect_titles(w.employee.token, "created_before=1970-01-01", "");
	expect_titles(w.employee.token, "created_after=1970-01-01", "BDLP");
	expect_titles(w.employee.token, "updated_before=1970-01-01", "");
	expect_titles(w.employee.token, "created_after=1969-12-31T23:59:59.5Z",
		      "BDLP");
	expect_titles(w.employee.token, "created_before=1969-12-31T23:59:59.5Z",
		      "");
}
END_TEST

START_TEST(list_filtered_by_ids)
{
	const char *t = w.employee.token;
	struct answer *a = GET(t, issue_path(ids[BILL], ""));

	expect_titles(t, text("vendor=%lld", (long long)w.supplier), "D");
	expect_titles(t, text("vendor=%lld", (long long)w.other_supplier), "");
	expect_titles(t, text("order=%lld", (long long)w.order), "D");
	expect_titles(
	    t, text("assigned_to=%lld", (long long)w.employee.profile), "L");
	expect_titles(t, text("assigned_to=%lld", (long long)w.vendor.profile),
		      "");
	expect_titles(t,
		      text("raised_by_customer=%lld",
			   (long long)int_at(a, "raised_by_customer")),
		      "B");
	expect_titles(t, text("organization=%lld", (long long)w.org), "BDLP");
	expect_titles(t, text("organization=%lld", (long long)w.other_org), "");
}
END_TEST

START_TEST(list_found_by_number)
{
	struct answer *a = GET(w.employee.token, issue_path(ids[DESK], ""));
	const char *number = text_at(a, "issue_number");

	expect_titles(w.employee.token, text("search=%s", number), "D");
	expect_titles(w.employee.token, text("search=iss%s", number + 3), "D");
	expect_titles(w.employee.token,
		      text("search=%s+late", strrchr(number, '-') + 1), "D");
	expect_titles(w.employee.token, text("search=%.8s", number), "BDLP");
	expect_titles(w.employee.token, "search=iss-1999", "");
	expect_titles(w.employee.token, text("search=%s+late", number + 4),
		      "D");
	expect_titles(w.customer.token, text("search=%s+late", number + 4),
		      "D");
	/* parts that all issue numbers have do not find every issue */
	expect_titles(w.employee.token, text("search=%.4s", number + 4), "");
}
END_TEST

START_TEST(list_refuses_invalid_filters)
{
	static const char *const rows[][2] = {
	    {"status=done", "status"},
	    {"status=OPEN", "status"},
	    {"priority=5", "priority"},
	    {"category=none", "category"},
	    {"is_client_issue=maybe", "is_client_issue"},
	    {"synced_to_linear=2", "synced_to_linear"},
	    {"assigned_to=you", "assigned_to"},
	    {"assigned_to=0", "assigned_to"},
	    {"vendor=x", "vendor"},
	    {"order=-1", "order"},
	    {"raised_by_customer=1.5", "raised_by_customer"},
	    {"organization=99999999999999999999", "organization"},
	    {"created_after=today", "created_after"},
	    {"created_before=2026-02-30", "created_before"},
	    {"updated_after=1", "updated_after"},
	    {"updated_before=2026-01-01T25:00", "updated_before"},
	    {"created_after=0001-01-01T00:00:00%2B14:00", "created_after"},
	    {"created_before=9999-12-31T23:00:00-14:00", "created_before"},
	    {"ordering=title", "ordering"},
	    {"page=0", "page"},
	    {"page=one", "page"},
	    {"page_size=0", "page_size"},
	    {"page_size=101", "page_size"},
	    {"search=%ff", "search"},
	    {"search=%00", "search"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct answer *a =
		    GET(w.employee.token, text("/api/issues/?%s", rows[i][0]));

		expect_error(a, 400, "invalid", rows[i][1]);
	}
}
END_TEST

START_TEST(list_by_pages)
{
	const char *t = w.employee.token;
	struct answer *a = GET(t, "/api/issues/?page_size=3&ordering=status"
				  "&search=");
	const char *next;

	expect_int(a, "count", ISSUES);
	ck_assert_str_eq(title_letters(a), "PLD");
	expect_null(a, "previous");
	next = text_at(a, "next");
	expect(a, strncmp(next, "http://", 7) == 0);
	expect(a, strstr(next, "page=2") && strstr(next, "page_size=3") &&
		      strstr(next, "ordering=status"));
	a = GET(t, next);
	expect_status(a, 200);
	expect_int(a, "count", ISSUES);
	ck_assert_str_eq(title_letters(a), "B");
	expect_null(a, "next");
	a = GET(t, text_at(a, "previous"));
	ck_assert_str_eq(title_letters(a), "PLD");
	a = GET(t, "/api/issues/?page_size=3&page=3");
	expect_error(a, 404, "not_found", NULL);
	a = GET(t, "/api/issues/?page=2");
	expect_error(a, 404, "not_found", NULL);
	expect_status(GET(w.outsider.token, "/api/issues/?page=1"), 200);
}
END_TEST

Suite *
seed_list_suite(void)
{
	Suite *s = suite_create("seed_list");
	TCase *t = add_case(s, "list", set_up);

	tcase_add_test(t, list_of_staff);
	tcase_add_test(t, list_of_customers);
	tcase_add_test(t, list_of_another_organization);
	tcase_add_test(t, list_filtered);
	tcase_add_test(t, list_filtered_by_the_epoch);
	tcase_add_test(t, list_filtered_by_ids);
	tcase_add_test(t, list_found_by_number);
	tcase_add_test(t, list_refuses_invalid_filters);
	tcase_add_test(t, list_by_pages);
	return s;
}
