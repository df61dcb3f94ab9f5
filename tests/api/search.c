/* What `search=` finds: words of every script, in every text that is indexed,
 * and nothing that the searching person may not know. */

#include <string.h>

#include "base/arena.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "web/input.h"

static struct world w;

static void
setup(void)
{
	fixture_begin();
	make_world(&w);
}

/* The number of issues that the person finds. */
static int64_t
found_by(const struct person *p, const char *query)
{
	const struct answer *a =
	    GET(p->token, text("/api/issues/?search=%s",
			       percent_encode(test_arena(), query)));

	expect_status(a, 200);
	return int_at(a, "count");
}

#define expect_found(p, query, n)                                      \
	do {                                                           \
		const int64_t found_ = found_by(p, query);             \
		ck_assert_msg(found_ == (n), "'%s' finds %lld", query, \
			      (long long)found_);                      \
	} while (0)

/* A text, queries that find it, and queries that do not. */
static const struct {
	const char *text, *by[6], *not_by[4];
} rows[] = {
    {"The \u201cprinter\u201d is on fire",
     {"printer", "\u201cprinter\u201d", "PRINT", "fire"},
     {"rinter"}},
    {"L\u2019imprimante ne marche pas",
     {"imprimante", "l'imprimante", "L\u2019imprimante"},
     {"limprimante"}},
    {"login\u2014screen is blank", {"screen", "login", "login-screen"}, {0}},
    {"Order no.\u00a04711", {"4711", "no.\u00a04711", "471"}, {"711"}},
    {"Votre \u00abdevis\u00bb", {"devis", "\u00abdevis\u00bb"}, {0}},
    {"\u6211\u4eec\u5728\u4e0a\u6d77\u7684\u529e\u516c\u5ba4",
     {"\u4e0a\u6d77", "\u529e\u516c\u5ba4", "\u5ba4", "\u6211",
      "\u4e0a\u6d77\u7684\u529e"},
     {"\u6d77\u4e0a", "\u4e0a\u529e"}},
    {"Gera\u0308t defekt", {"Ger\u00e4t", "gera\u0308t", "GERAT", "ger"}, {0}},
    {"\uff21\uff22\uff23\uff11\uff12", {"abc12", "ABC", "\uff41\uff42"}, {0}},
    {"Stra\u00dfe", {"strasse", "STRA\u1e9eE", "stra\u00df", "stras"}, {0}},
    {"\ufb01nal o\ufb03ce", {"final", "office", "\ufb01nal"}, {0}},
    {"\u0130stanbul, ISPARTA",
     {"istanbul", "ISTANBUL", "\u0131stanbul", "\u0131sparta", "isparta"},
     {0}},
    {"\u0141\u00f3d\u017a \u00d8rsted",
     {"lodz", "\u0142\u00f3d\u017a", "orsted"},
     {0}},
    {"\ud504\ub9b0\ud130\uac00 \uace0\uc7a5",
     {"\ud504\ub9b0\ud130", "\uace0\uc7a5", "\ud504\ub9b0"},
     {"\ub9b0\ud130"}},
    {"\u0645\u064e\u0631\u0652\u062d\u064e\u0628\u064b\u0627",
     {"\u0645\u0631\u062d\u0628\u0627", "\u0645\u064e\u0631\u062d"},
     {0}},
    {"\u0627\u0644\u0623\u0645\u0631 \u0664\u0667\u0661\u0661",
     {"\u0627\u0644\u0627\u0645\u0631", "4711"},
     {0}},
    {"\u0e40\u0e04\u0e23\u0e37\u0e48\u0e2d\u0e07\u0e1e\u0e34\u0e21\u0e1e"
     "\u0e4c\u0e40\u0e2a\u0e35\u0e22",
     {"\u0e1e\u0e34\u0e21\u0e1e\u0e4c", "\u0e40\u0e2a\u0e35\u0e22",
      "\u0e40\u0e04\u0e23\u0e37\u0e48\u0e2d\u0e07"},
     {"\u0e40\u0e23\u0e35\u0e22\u0e19"}},
    {"\u3053\u306e\u30d7\u30ea\u30f3\u30bf\u30fc\u30a8\u30e9\u30fc",
     {"\u30a8\u30e9\u30fc", "\u30d7\u30ea\u30f3\u30bf\u30fc",
      "\uff74\uff97\uff70", "\u3053\u306e"},
     {"\u30a8\u30fc"}},
    {"\u041f\u0440\u0438\u043d\u0442\u0435\u0440 \u0435\u0449\u0451",
     {"\u043f\u0440\u0438\u043d\u0442\u0435\u0440", "\u0435\u0449\u0435"},
     {0}},
    {"docket.conf and snake_case",
     {"docket.conf", "conf", "snake_case", "case"},
     {"ocket"}},
    {"Lie\u00adferung", {"lieferung", "liefer"}, {"ferung"}},
};

static void
expect_row(int i, int64_t n)
{
	for (size_t k = 0; k < COUNT(rows[i].by) && rows[i].by[k]; k++) {
		expect_found(&w.employee, rows[i].by[k], n);
		expect_found(&w.customer, rows[i].by[k], n);
		expect_found(&w.stranger, rows[i].by[k], 0);
		expect_found(&w.outsider, rows[i].by[k], 0);
	}
	for (size_t k = 0; k < COUNT(rows[i].not_by) && rows[i].not_by[k]; k++)
		expect_found(&w.employee, rows[i].not_by[k], 0);
}

static int64_t
raise_with(const char *title, const char *description)
{
	const struct answer *a =
	    POST(w.customer.token, "/api/client/issues/raise/",
		 json("{'organization':%lld,'title':'%s','description':'%s'}",
		      (long long)w.org, title, description));

	expect_status(a, 201);
	await_derived();
	return int_at(a, "issue.id");
}

static int64_t
comment_on(int64_t id, const struct person *by, const char *content,
	   bool internal)
{
	const struct answer *a =
	    POST(by->token, issue_path(id, "add_comment/"),
		 json("{'content':'%s','internal':%s}", content,
		      internal ? "true" : "false"));

	expect_status(a, 201);
	return int_at(a, "comment.id");
}

START_TEST(found_in_every_text)
{
	int64_t id;

	/* an issue for each text, which no query for another text finds */
	(void)raise_with(text("%s", rows[_i].text), "");
	(void)raise_with("t", text("%s", rows[_i].text));
	id = raise_with("t", "");
	expect_row(_i, 2);
	(void)comment_on(id, &w.customer, rows[_i].text, false);
	expect_row(_i, 3);
	id = raise_with("t", "");
	(void)comment_on(id, &w.employee, rows[_i].text, false);
	expect_row(_i, 4);
}
END_TEST

START_TEST(internal_comments_are_found_by_staff_only)
{
	const int64_t id = raise_with("Printer", "");

	(void)comment_on(id, &w.employee, "printer: zebrafish", true);
	expect_found(&w.employee, "zebrafish", 1);
	expect_found(&w.vendor, "zebra printer", 1);
	expect_found(&w.customer, "zebrafish", 0);
	expect_found(&w.customer, "printer", 1);
	expect_found(&w.stranger, "printer", 0);
	expect_found(&w.outsider, "zebrafish", 0);
}
END_TEST

START_TEST(customers_are_found_by_staff)
{
	const char *name = w.customer.full_name;

	(void)raise_with("Printer", "");
	raise_issue(&w.stranger, w.org, "Printer");
	expect_found(&w.employee, name, 1);
	expect_found(&w.employee, w.customer.email, 1);
	expect_found(&w.employee, text("printer %s", name), 1);
	expect_found(&w.customer, name, 0);
	expect_found(&w.customer, w.customer.email, 0);
	expect_found(&w.outsider, name, 0);
	/* after a new name, the index is updated in the background */
	expect_status(PATCH(w.customer.token, "/api/users/me/",
			    "{\"first_name\":\"Wilhelmina\"}"),
		      200);
	index_again();
	expect_found(&w.employee, "Wilhelmina", 1);
	expect_found(&w.employee, name, 0);
	expect_found(&w.customer, "Wilhelmina", 0);
	expect_found(&w.customer, "printer", 1);
}
END_TEST

START_TEST(texts_that_have_changed)
{
	const int64_t id = raise_with("Walrus", "Tusk");
	const struct answer *a;

	(void)comment_on(id, &w.employee, "walrus seal", false);
	(void)comment_on(id, &w.employee, "tusk otter", true);
	a = PATCH(w.employee.token, issue_path(id, ""),
		  "{\"title\":\"Penguin\",\"description\":\"Beak\"}");
	expect_status(a, 200);
	expect_found(&w.employee, "penguin beak", 1);
	expect_found(&w.customer, "penguin beak", 1);
	/* the comments still contain the word */
	expect_found(&w.customer, "walrus", 1);
	expect_found(&w.customer, "tusk", 0);
	expect_found(&w.employee, "tusk", 1);
	expect_found(&w.employee, w.customer.full_name, 1);
	a = DELETE(w.vendor.token, issue_path(id, ""));
	expect_status(a, 204);
	expect_found(&w.employee, "penguin", 0);
	ck_assert_int_eq(
	    sql_int("SELECT COUNT(*) FROM search_word WHERE issue_id = ?",
		    ARGS(arg_int(id))),
	    0);
}
END_TEST

START_TEST(comments_that_have_changed)
{
	const int64_t id = raise_with("Walrus", "");
	const int64_t one = comment_on(id, &w.customer, "otter seal", false);
	const int64_t two = comment_on(id, &w.employee, "otter whale", false);
	const struct answer *a;

	a = PATCH(w.customer.token,
		  issue_path(id, text("comments/%lld/", (long long)one)),
		  "{\"content\":\"heron seal\"}");
	expect_status(a, 200);
	expect_found(&w.employee, "heron seal", 1);
	expect_found(&w.employee, "otter", 1); /* the other one */
	a = DELETE(w.employee.token,
		   issue_path(id, text("comments/%lld/", (long long)two)));
	expect(a, a->status < 300);
	expect_found(&w.employee, "otter", 0);
	expect_found(&w.customer, "whale", 0);
	expect_found(&w.customer, "heron", 1);
	expect_found(&w.customer, "walrus", 1);
}
END_TEST

static int64_t old_issue;

/* As an older version has indexed it. */
static void
index_by_old_words(void)
{
	static const char *const old[] = {"\u201cger\u00e4t\u201d",
					  "\u4e0a\u6d77\u51fa\u79df", "kaputt"};

	sql_run("DELETE FROM search_word WHERE issue_id = ?",
		ARGS(arg_int(old_issue)));
	for (size_t i = 0; i < COUNT(old); i++)
		sql_run(
		    "INSERT INTO issue_word (organization_id, word, "
		    "issue_id) VALUES (?, ?, ?)",
		    ARGS(arg_int(w.org), arg_text(old[i]), arg_int(old_issue)));
}

static void
find_by_old_words(void)
{
	index_by_old_words();
	expect_found(&w.employee, "KAPUTT", 1);
	expect_found(&w.customer, "kaputt", 1);
	expect_found(&w.employee, "\u4e0a\u6d77\u51fa\u79df", 1);
	expect_found(&w.employee, "kaputt \u4e0a\u6d77", 1);
	expect_found(&w.stranger, "kaputt", 0);
	expect_found(&w.outsider, "kaputt", 0);
	expect_found(&w.employee, "gerat", 0);
}

/* An issue that an older version has indexed is found by the words of that
 * version until it is indexed again, which docket-sync does every few
 * seconds. */
START_TEST(issues_indexed_by_older_versions)
{
	const int64_t id = old_issue =
	    raise_with("\u201cGer\u00e4t\u201d", "\u4e0a\u6d77\u51fa\u79df");

	(void)comment_on(id, &w.employee, "Oyster", true);
	await_derived();
	while_locked(id, find_by_old_words);
	index_again();
	ck_assert_int_eq(
	    sql_int("SELECT COUNT(*) FROM issue_word WHERE issue_id = ?",
		    ARGS(arg_int(id))),
	    0);
	expect_found(&w.employee, "kaputt", 0);
	expect_found(&w.employee, "gerat", 1);
	expect_found(&w.employee, "\u51fa\u79df", 1);
	expect_found(&w.employee, "oyster", 1);
	expect_found(&w.customer, "oyster", 0);
	expect_found(&w.customer, "gerat", 1);
	expect_found(&w.employee, w.customer.full_name, 1);
}
END_TEST

/* Indexing was interrupted, and has left some or all of the new words. */
START_TEST(indexing_again_repeats)
{
	const int64_t id = raise_with("Walrus", "");
	const int64_t before =
	    sql_int("SELECT COUNT(*) FROM search_word WHERE issue_id = ?",
		    ARGS(arg_int(id)));

	for (int i = 0; i < 2; i++) {
		sql_run("INSERT INTO issue_word (organization_id, word, "
			"issue_id) VALUES (?, 'x', ?)",
			ARGS(arg_int(w.org), arg_int(id)));
		index_again();
		ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM search_word "
					 "WHERE issue_id = ?",
					 ARGS(arg_int(id))),
				 before);
	}
	expect_found(&w.customer, "walrus", 1);
}
END_TEST

START_TEST(numbers_are_words)
{
	const int64_t id = raise_with("Walrus", "");
	const char *number = sql_text(
	    "SELECT issue_number FROM issue WHERE id = ?", ARGS(arg_int(id)));

	raise_issue(&w.customer, w.org, "Another");
	expect_found(&w.employee, number, 1);
	expect_found(&w.employee, number + 4, 1);
	expect_found(&w.employee, strrchr(number, '-') + 1, 1);
	/* with non-breaking hyphens, as some programs paste it */
	expect_found(
	    &w.employee,
	    text("ISS\u2011%.4s\u2011%s", number + 4, strrchr(number, '-') + 1),
	    1);
}
END_TEST

START_TEST(queries_without_words)
{
	(void)raise_with("Walrus", "");
	/* no filter */
	expect_found(&w.employee, "", 1);
	expect_found(&w.employee, " ", 1);
	expect_found(&w.employee, "\u3000\u200b\ufeff", 1);
	/* no word */
	expect_found(&w.employee, "\u201c!\u201d", 0);
	/* what a word has around it */
	expect_found(&w.employee, "\x01walrus\x1f", 1);
	expect_found(&w.employee, "%walrus_", 1);
}
END_TEST

Suite *
search_suite(void)
{
	Suite *s = suite_create("search");
	TCase *t = add_case(s, "search", setup);

	tcase_add_loop_test(t, found_in_every_text, 0, COUNT(rows));
	tcase_add_test(t, internal_comments_are_found_by_staff_only);
	tcase_add_test(t, customers_are_found_by_staff);
	tcase_add_test(t, texts_that_have_changed);
	tcase_add_test(t, comments_that_have_changed);
	tcase_add_test(t, issues_indexed_by_older_versions);
	tcase_add_test(t, indexing_again_repeats);
	tcase_add_test(t, numbers_are_words);
	tcase_add_test(t, queries_without_words);
	return s;
}
