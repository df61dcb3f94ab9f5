/* The export of issues as CSV. */

#include <string.h>

#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

static struct world w;

static int64_t issue;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
	issue = raise_issue(&w.customer, w.org, "Subject");
}

/* The number of lines of a text. */
static size_t
lines(const char *s)
{
	size_t n = 0;

	while ((s = strchr(s, '\n')) != NULL) {
		n++;
		s++;
	}
	return n;
}

START_TEST(export)
{
	struct answer *a;

	raise_issue(&w.customer, w.org, "Comma, \\\"quoted\\\"");
	raise_issue(&w.stranger, w.org, "=1+1");
	a = GET(w.employee.token, "/api/issues/export/");
	expect_status(a, 200);
	expect(a, strncmp(header(a, "Content-Type"), "text/csv", 8) == 0);
	expect(a, strstr(header(a, "Content-Disposition"), "attachment"));
	expect(a, strncmp(a->text, "\xef\xbb\xbfissue_number,", 16) == 0);
	expect(a, lines(a->text) == 4);
	expect_with(a, "\"Comma, \"\"quoted\"\"\"");
	/* a spreadsheet must not execute it as a formula */
	expect_without(a, "\"=1+1\"");
	a = GET(w.employee.token, "/api/issues/export/?search=comma");
	expect(a, lines(a->text) == 2);
	a = GET(w.employee.token, "/api/issues/export/?status=closed");
	expect(a, lines(a->text) == 1);
	a = GET(w.stranger.token, "/api/issues/export/");
	expect(a, lines(a->text) == 2);
	a = GET(w.employee.token, "/api/issues/export/?status=done");
	expect_error(a, 400, "invalid", "status");
}
END_TEST

/* One cell of the text at *s, as a spreadsheet reads it: up to the separator
 * or the end of the line, without the quotes around it; a quote in its middle
 * is a letter. NULL at the end. */
static const char *
next_cell(const char **s, char separator)
{
	static char cell[4000];
	size_t n = 0;
	bool quoted = **s == '"';

	if (!**s)
		return NULL;
	for (*s += quoted; **s; (*s)++) {
		if (quoted && **s == '"' && (*s)[1] == '"')
			(*s)++;
		else if (quoted && **s == '"') {
			quoted = false;
			continue;
		} else if (!quoted && **s == '\r' && (*s)[1] == '\n') {
			continue;
		} else if (!quoted && (**s == separator || **s == '\n')) {
			(*s)++;
			break;
		}
		cell[n++] = **s;
		ck_assert_uint_lt(n, sizeof(cell));
	}
	cell[n] = '\0';
	return cell;
}

static const char *const formulas[] = {
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\uff1d"
    "1",
    "\uff0b"
    "1",
    "\uff0d"
    "1",
    "\uff20"
    "1",
};

/* Text before a formula that makes some spreadsheet split the cell there, as
 * JSON.
 */
static const char *const around[][2] = {
    {"", ""},
    {"x;", ";y"},
    {"x,", ",y"},
    {"x\\t", "\\ty"},
    {"x\\n", "\\ny"},
    {"x\\r\\n", ""},
    {"x;\\\"", "\\\";y"},
    {"x\\\";\\\"", ""},
    {"\\\"", ""},
    {"x\\\"\\n", ""},
    {"\\\"\\n;\\\"\\\"", ""},
};

static void
expect_no_formula(const char *csv)
{
	static const char separators[] = ",;\t";

	for (const char *p = separators; *p; p++) {
		const char *s = csv, *cell;

		while ((cell = next_cell(&s, *p)) != NULL) {
			for (; *cell == '"'; cell++)
				;
			ck_assert_msg(!*cell || !strchr("=+-@\t\r", *cell),
				      "split at '%c': %s", *p, cell);
			for (size_t i = 4; i < COUNT(formulas); i++)
				ck_assert_msg(strncmp(cell, formulas[i], 3),
					      "split at '%c': %s", *p, cell);
		}
	}
}

START_TEST(exported_cells_are_never_formulas)
{
	struct answer *a;

	for (size_t i = 0; i < COUNT(around); i++) {
		for (size_t k = 0; k < COUNT(formulas); k++) {
			a = POST(w.customer.token, "/api/client/issues/raise/",
				 text("{\"title\":\"t\",\"organization\":%lld,"
				      "\"description\":\"%s%s%s\"}",
				      (long long)w.org, around[i][0],
				      formulas[k], around[i][1]));
			expect_status(a, 201);
		}
	}
	raise_issue(&w.customer, w.org, "x;=1+1;y, K\u00f6ln");
	a = GET(w.employee.token, "/api/issues/export/");
	expect_status(a, 200);
	expect_no_formula(a->text + 3);
	/* and people can still read it */
	expect_with(a, "\"x;'=1+1;y, K\u00f6ln\"");
}
END_TEST

/* Times of every year that the database can store, in both directions. */
START_TEST(times_of_every_year)
{
	static const int years[] = {1, 9, 99, 100, 999, 1000, 9999};
	const int64_t id = raise_issue(&w.customer, w.org, "Old");
	struct answer *a;

	for (size_t i = 0; i < COUNT(years); i++) {
		const char *day = text("%04d-03-04", years[i]);

		sql_run("UPDATE issue SET created_at = ?, updated_at = ? "
			"WHERE id = ?",
			ARGS(arg_text(day), arg_text(day), arg_int(id)));
		a = GET(w.employee.token,
			text("/api/issues/%lld/", (long long)id));
		expect_text(a, "created_at", text("%sT00:00:00.000000Z", day));
		a = GET(w.employee.token,
			text("/api/issues/?created_after=%s&created_before=%s",
			     day, day));
		expect_int(a, "count", 1);
		a = GET(w.employee.token,
			text("/api/issues/?updated_before=%s&updated_after=%s"
			     "&cursor=&ordering=updated_at&page_size=1",
			     day, day));
		expect_int(a, "count", 1);
	}
}
END_TEST

/* An export of several batches has each issue once. */
START_TEST(export_of_many)
{
	struct answer *a;

	for (int i = 0; i < 120; i++)
		raise_issue(&w.customer, w.org, text("Row %d", i));
	a = GET(w.employee.token, "/api/issues/export/");
	expect(a, lines(a->text) == 122);
	for (int i = 0; i < 120; i++)
		expect_with(a, text("\"Row %d\"", i));
}
END_TEST

Suite *
desk_export_suite(void)
{
	Suite *s = suite_create("desk_export");
	TCase *t = add_case(s, "export", set_up);

	tcase_add_test(t, export);
	tcase_add_test(t, exported_cells_are_never_formulas);
	tcase_add_test(t, export_of_many);
	tcase_add_test(t, times_of_every_year);
	return s;
}
