/* ?search= on the lists of staff, suppliers, orders and customers. */

#include <string.h>

#include "base/ctx.h"
#include "base/json.h"
#include "desk/directory.h"
#include "desk/order.h"
#include "desk/supplier.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"

static struct world w;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
}

static struct actor
owner_of(int64_t org)
{
	return (struct actor){.role = ROLE_VENDOR, .organization_id = org};
}

static int64_t
make_supplier(int64_t org, const char *name)
{
	const struct actor who = owner_of(org);
	int64_t id;

	ck_assert_int_eq(supplier_create(&id, fixture_ctx(), &who, name, NULL),
			 OK);
	return id;
}

static int64_t
make_order(int64_t org, const struct person *buyer, const char *number,
	   const char *title)
{
	const struct actor who = owner_of(org);
	const struct order_new new = {
	    .user_id = buyer->user, .number = number, .title = title};
	int64_t id;

	ck_assert_int_eq(order_create(&id, fixture_ctx(), &who, &new), OK);
	return id;
}

/* The ids that a search finds, as "1 2 ", in the order of the answer. */
static const char *
found(const struct person *who, const char *list, const char *search)
{
	const struct answer *a =
	    GET(who->token, text("/api/%s/?search=%s", list, search));
	const char *ids = "";
	size_t n = 0;

	expect_status(a, 200);
	for (const struct json *j = json_first(at(a, "results")); j;
	     j = json_next(j), n++) {
		int64_t id;

		ck_assert(json_int(&id, json_get(j, "id")));
		ids = text("%s%lld ", ids, (long long)id);
	}
	expect_int(a, "count", (int64_t)n);
	return ids;
}

static const char *
ids(int64_t a, int64_t b)
{
	return b ? text("%lld %lld ", (long long)a, (long long)b)
		 : text("%lld ", (long long)a);
}

START_TEST(suppliers_by_words)
{
	const int64_t mill = make_supplier(w.org, "Mühle & Söhne"),
		      north = make_supplier(w.org, "North Mill-Works"),
		      kanji = make_supplier(w.org, "東京製粉"),
		      odd = make_supplier(w.org, "100%_pure");
	int64_t milk;

	make_supplier(w.other_org, "Northern Elsewhere");
	ck_assert_str_eq(found(&w.employee, "vendors", "north"), ids(north, 0));
	ck_assert_str_eq(found(&w.employee, "vendors", "MUH"), ids(mill, 0));
	ck_assert_str_eq(found(&w.employee, "vendors", "m%C3%BChle+s"),
			 ids(mill, 0));
	/* in any order, each by its beginning, and all of them */
	ck_assert_str_eq(found(&w.employee, "vendors", "wo+nor"),
			 ids(north, 0));
	ck_assert_str_eq(found(&w.employee, "vendors", "north+sohne"), "");
	ck_assert_str_eq(found(&w.employee, "vendors", "ills"), "");
	/* in the order of the words that were found: milk, mill */
	milk = make_supplier(w.org, "Zebra Milk");
	ck_assert_str_eq(found(&w.employee, "vendors", "mil"),
			 ids(milk, north));
	ck_assert_str_eq(found(&w.employee, "vendors", "%E4%BA%AC%E8%A3%BD"),
			 ids(kanji, 0));
	ck_assert_str_eq(found(&w.employee, "vendors", "100%25"), ids(odd, 0));
	ck_assert_str_eq(found(&w.employee, "vendors", "%25"), "");
	ck_assert_str_eq(found(&w.employee, "vendors", "_"), "");
	/* staff of another organization, and a customer without an order */
	ck_assert_str_eq(found(&w.outsider, "vendors", "muhle"), "");
	ck_assert_str_eq(
	    found(&w.stranger, "vendors",
		  text("muhle&organization=%lld", (long long)w.org)),
	    "");
	ck_assert_str_eq(
	    found(&w.customer, "vendors",
		  text("muhle&organization=%lld", (long long)w.org)),
	    ids(mill, 0));
	/* their addresses are not words of theirs */
	ck_assert_str_eq(
	    found(&w.customer, "vendors",
		  text("example&organization=%lld", (long long)w.org)),
	    "");
}
END_TEST

START_TEST(orders_by_words)
{
	const int64_t mine = make_order(w.org, &w.customer, "PO-2026-77",
					"Blue chairs"),
		      other = make_order(w.org, &w.stranger, "PO-2026-78",
					 "Blue tables");

	make_order(w.other_org, &w.stranger, "PO-2026-79", "Blue elsewhere");
	ck_assert_str_eq(found(&w.employee, "orders", "po-2026-7+blue"),
			 ids(mine, other));
	ck_assert_str_eq(found(&w.employee, "orders", "blue+ta"),
			 ids(other, 0));
	ck_assert_str_eq(found(&w.customer, "orders", "blue"), ids(mine, 0));
	ck_assert_str_eq(found(&w.customer, "orders", "tables"), "");
	ck_assert_str_eq(found(&w.outsider, "orders", "chairs"), "");
}
END_TEST

static void
rename_person(const struct person *p, const char *first, const char *last)
{
	expect_status(
	    PATCH(p->token, "/api/users/me/",
		  json("{'first_name':'%s','last_name':'%s'}", first, last)),
	    200);
}

START_TEST(staff_by_names)
{
	rename_person(&w.employee, "Zoë", "Q.-Ångström");
	ck_assert_str_eq(found(&w.vendor, "employees", "angs+zoe"),
			 ids(w.employee.profile, 0));
	/* two words of one person begin so */
	rename_person(&w.employee, "Zed", "Zedkin");
	ck_assert_str_eq(found(&w.vendor, "employees", "zed"),
			 ids(w.employee.profile, 0));
	ck_assert_str_eq(found(&w.vendor, "employees", "zoe"), "");
	ck_assert_str_eq(found(&w.vendor, "employees", w.employee.username),
			 ids(w.employee.profile, 0));
	ck_assert_str_eq(found(&w.outsider, "employees", "zed"), "");
	expect_status(
	    PATCH(w.vendor.token,
		  text("/api/employees/%lld/", (long long)w.employee.profile),
		  json("{'is_active':false}")),
	    200);
	ck_assert_str_eq(found(&w.vendor, "employees", "zed"), "");
	ck_assert_str_eq(found(&w.vendor, "employees", "zed&all=true"),
			 ids(w.employee.profile, 0));
}
END_TEST

static int64_t
record_of(const struct person *p, int64_t org)
{
	return sql_int("SELECT id FROM customer WHERE user_id = ? "
		       "AND organization_id = ?",
		       ARGS(arg_int(p->user), arg_int(org)));
}

START_TEST(customers_by_names_and_addresses)
{
	int64_t mine, other;
	struct answer *a;

	expect_int(GET(w.employee.token, "/api/customers/"), "count", 0);
	rename_person(&w.stranger, "Yvonne", "Yüksel");
	raise_issue(&w.customer, w.org, "t");
	raise_issue(&w.stranger, w.org, "t");
	raise_issue(&w.stranger, w.other_org, "t");
	await_derived();
	mine = record_of(&w.customer, w.org);
	other = record_of(&w.stranger, w.org);
	a = GET(w.employee.token, "/api/customers/");
	expect_keys(a, "", PAGE_KEYS);
	expect_keys(a, "results.0",
		    "id user full_name email is_active created_at");
	expect_int(a, "count", 2);
	expect_int(a, "results.0.id", other);
	expect_int(a, "results.0.user", w.stranger.user);
	expect_text(a, "results.0.full_name", "Yvonne Yüksel");
	expect_int(a, "results.1.id", mine);
	ck_assert_str_eq(found(&w.employee, "customers", "yuk"), ids(other, 0));
	ck_assert_str_eq(found(&w.employee, "customers", w.customer.email),
			 ids(mine, 0));
	ck_assert_str_eq(found(&w.outsider, "customers", "yuk"),
			 ids(record_of(&w.stranger, w.other_org), 0));
	/* another name is known at once, in each organization */
	rename_person(&w.stranger, "Xenia", "Yüksel");
	ck_assert_str_eq(found(&w.employee, "customers", "xenia+yuk"),
			 ids(other, 0));
	ck_assert_str_eq(found(&w.employee, "customers", "yvonne"), "");
	ck_assert_str_eq(found(&w.outsider, "customers", "xenia"),
			 ids(record_of(&w.stranger, w.other_org), 0));
}
END_TEST

static const char *const lists[] = {"employees", "vendors", "orders",
				    "customers"};

/* What an older version made has no words until docket-sync writes them. */
START_TEST(words_are_written_again)
{
	const struct arg org = arg_int(w.org);
	const char *before[COUNT(lists)];
	bool more = true;

	raise_issue(&w.customer, w.org, "t");
	await_derived();
	make_supplier(w.org, "cable works");
	make_order(w.org, &w.customer, "C-1", "cables");
	rename_person(&w.customer, "Cab", "Le");
	rename_person(&w.employee, "Cab", "Man");
	for (size_t i = 0; i < COUNT(lists); i++) {
		before[i] = found(&w.vendor, lists[i], "cab");
		ck_assert_str_ne(before[i], "");
	}
	sql_run("DELETE FROM directory_word WHERE organization_id = ?",
		ARGS(org));
	sql_run("INSERT INTO directory_word (organization_id, kind, word, "
		"entry_id) SELECT organization_id, 'supplier', 'stale', id "
		"FROM vendor WHERE organization_id = ?",
		ARGS(org));
	ck_assert_int_eq(directory_all_changed(fixture_ctx()), OK);
	while (more)
		ck_assert_int_eq(directory_catch_up(&more, fixture_ctx()), OK);
	/* a daemon may have taken some of it */
	ck_assert_int_eq(sql_await(0,
				   "SELECT COUNT(*) FROM sync_fact WHERE name "
				   "= 'directory'",
				   NO_ARGS),
			 0);
	for (size_t i = 0; i < COUNT(lists); i++)
		ck_assert_str_eq(found(&w.vendor, lists[i], "cab"), before[i]);
	ck_assert_str_eq(found(&w.vendor, "vendors", "stale"), "");
}
END_TEST

START_TEST(found_ones_are_paged)
{
	struct answer *a;

	for (int i = 0; i < 7; i++)
		make_supplier(w.org, text("Page %c", 'a' + i));
	a = GET(w.employee.token, "/api/vendors/?search=page&page_size=3");
	expect_int(a, "count", 7);
	expect_text(a, "results.0.name", "Page a");
	a = GET(w.employee.token, text_at(a, "next"));
	a = GET(w.employee.token, text_at(a, "next"));
	ck_assert_uint_eq(length_at(a, "results"), 1);
	expect_text(a, "results.0.name", "Page g");
	expect_null(a, "next");
}
END_TEST

Suite *
directory_search_suite(void)
{
	Suite *s = suite_create("directory_search");
	TCase *t = add_case(s, "directory", set_up);

	tcase_add_test(t, suppliers_by_words);
	tcase_add_test(t, orders_by_words);
	tcase_add_test(t, staff_by_names);
	tcase_add_test(t, customers_by_names_and_addresses);
	tcase_add_test(t, words_are_written_again);
	tcase_add_test(t, found_ones_are_paged);
	return s;
}
