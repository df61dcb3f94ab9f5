#include "security_entries.h"

#include <stddef.h>

#include "tests/lib/client.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"

struct answer *
log_of(const struct person *p, bool mine)
{
	struct answer *a = GET(p->token, mine ? "/api/security-log/?mine=true"
					      : "/api/security-log/");

	expect_status(a, 200);
	return a;
}

void
expect_newest(const struct answer *a, const char *event,
	      const struct person *actor, int64_t user)
{
	expect_keys(a, "", PAGE_KEYS);
	expect_keys(a, "results.0", ENTRY_KEYS);
	expect_text(a, "results.0.event", event);
	if (actor) {
		expect_int(a, "results.0.actor", actor->user);
		expect_text(a, "results.0.actor_name", actor->full_name);
	} else {
		expect_null(a, "results.0.actor");
	}
	if (user)
		expect_int(a, "results.0.user", user);
	expect_text(a, "results.0.address", "127.0.0.1");
	expect_time(a, "results.0.created_at");
}
