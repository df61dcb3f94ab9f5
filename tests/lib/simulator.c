#include "simulator.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "client.h"
#include "database.h"
#include "expect.h"
#include "fixture.h"

static const char *
control(const char *what)
{
	return text("%s/control/%s", getenv("SIMULATOR_URL"), what);
}

void
linear_faults(const char *rules)
{
	expect_status(
	    POST(NULL, control("faults"), json("{'rules':%s}", rules)), 200);
}

void
linear_down(void)
{
	linear_faults("[{'kind':'drop_before'}]");
}

void
linear_well(void)
{
	linear_faults("[]");
}

struct answer *
linear_issue(const char *id)
{
	return GET(NULL, control(text("issue/%s", id)));
}

struct answer *
linear_await(const char *id)
{
	const usec_t end = clock_monotonic() + AWAIT_S * USEC_PER_SEC;
	struct answer *a;

	while ((a = linear_issue(id))->status != 200 && clock_monotonic() < end)
		rest();
	expect_status(a, 200);
	return a;
}

const char *
linear_create(const char *team, const char *title)
{
	struct answer *a =
	    POST(NULL, control("act"),
		 json("{'do':'create','team':'%s','title':'%s'}", team, title));

	expect_status(a, 200);
	return text_at(a, "issue.id");
}

void
linear_move(const char *id, const char *state)
{
	expect_status(
	    POST(NULL, control("act"),
		 json("{'do':'move','issue':'%s','state':'%s'}", id, state)),
	    200);
}

int
linear_count(const char *title)
{
	struct answer *a = GET(NULL, control("state"));
	const struct json *j;
	int n = 0;

	for (j = json_first(at(a, "issues")); j; j = json_next(j)) {
		const char *s = json_text(json_get(j, "title"));

		n += s && strcmp(s, title) == 0;
	}
	return n;
}

void
linear_mend(void)
{
	client_begin();
	linear_well();
	client_end();
}

const char *
linear_id_of(int64_t issue)
{
	return sql_text("SELECT linear_id FROM issue WHERE id = ?",
			ARGS(arg_int(issue)));
}

void
expect_no_jobs(int64_t org)
{
	await_derived(); /* before that, there may be no job yet */
	ck_assert_int_eq(
	    sql_await(0,
		      "SELECT COUNT(*) FROM sync_job WHERE organization_id = ?",
		      ARGS(arg_int(org))),
	    0);
}
