#include "linear_world.h"

#include <check.h>
#include <stddef.h>

#include "tests/lib/client.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/simulator.h"

void
set_up_linear(struct world *w)
{
	fixture_begin();
	linear_well();
	make_world(w);
	link_to_team(w->org, TEAM_FREE);
	raise_issue(&w->customer, w->org, unique("First"));
	expect_no_jobs(w->org);
}

struct answer *
raise_titled(const struct world *w, const char *title, const char *priority)
{
	return POST(w->customer.token, "/api/client/issues/raise/",
		    json("{'organization':%lld,'title':'%s',"
			 "'description':'All about it.','priority':'%s'}",
			 (long long)w->org, title, priority));
}

int64_t
expect_queued(const struct answer *a)
{
	expect_status(a, 201);
	expect(a, a->micros < SLOW);
	expect_text(a, "message",
		    "Issue raised successfully; Linear sync is queued");
	expect_null(a, "linear_data");
	expect_bool(a, "issue.synced_to_linear", false);
	expect_text(a, "issue.sync_state", "pending");
	expect_null(a, "issue.linear_issue_url");
	return int_at(a, "issue.id");
}

void
expect_arrival(const struct world *w, int64_t issue, const char *title)
{
	struct answer *a;

	expect_no_jobs(w->org);
	(void)linear_await(linear_id_of(issue));
	ck_assert_int_eq(linear_count(title), 1);
	a = GET(w->vendor.token, issue_path(issue, ""));
	expect_bool(a, "synced_to_linear", true);
	expect_text(a, "sync_state", "synced");
}
