#include "seed_issues.h"

#include <stddef.h>
#include <string.h>

#include "base/json.h"
#include "tests/lib/client.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"

static int64_t
raise_with(const struct person *who, int64_t org, const char *about,
	   const char *fields)
{
	struct answer *a =
	    POST(who->token, "/api/client/issues/raise/",
		 json("{'organization':%lld,'description':'about %s',%s}",
		      (long long)org, about, fields));

	expect_status(a, 201);
	return int_at(a, "issue.id");
}

void
set_up_four_issues(struct world *w, int64_t ids[ISSUES])
{
	fixture_begin();
	make_world(w);
	ids[PIPE] = raise_with(&w->customer, w->org, "water",
			       "'title':'Pipe leaks','priority':'low'");
	ids[LAMP] = raise_with(&w->customer, w->org, "it",
			       "'title':'Lamp flickers','priority':'urgent',"
			       "'category':'quality'");
	ids[DESK] =
	    raise_with(&w->customer, w->org, "it",
		       text("'title':'Desk late','priority':'high',"
			    "'category':'delivery','vendor':%lld,'order':%lld",
			    (long long)w->supplier, (long long)w->order));
	ids[BILL] = raise_with(&w->stranger, w->org, "it",
			       "'title':'Bill wrong','category':'billing'");
	expect_status(
	    POST(w->vendor.token, issue_path(ids[LAMP], "assign/"),
		 json("{'employee_id':%lld}", (long long)w->employee.profile)),
	    200);
	expect_status(
	    POST(w->vendor.token, issue_path(ids[DESK], "resolve/"), NULL),
	    200);
	expect_status(
	    POST(w->vendor.token, issue_path(ids[BILL], "close/"), NULL), 200);
}

const char *
title_letters(const struct answer *a)
{
	char *s = text("%s", "");
	const struct json *j;

	for (j = json_first(at(a, "results")); j; j = json_next(j))
		s = text("%s%c", s, *json_text(json_get(j, "title")));
	return s;
}

void
expect_titles(const char *token, const char *query, const char *wanted)
{
	struct answer *a = GET(token, text("/api/issues/?%s", query));

	expect_status(a, 200);
	expect_keys(a, "", PAGE_KEYS);
	ck_assert_msg(strcmp(title_letters(a), wanted) == 0,
		      "?%s gives %s, not %s", query, title_letters(a), wanted);
	expect_int(a, "count", (int64_t)strlen(wanted));
}
