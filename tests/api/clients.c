#include "clients.h"

#include "tests/lib/client.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

void
expect_role(const struct answer *a, const char *at, int id, const char *name,
	    const char *slug)
{
	expect(a, length_at(a, at) == 1);
	expect_keys(a, text("%s.0", at), "id name slug is_primary");
	expect_int(a, text("%s.0.id", at), id);
	expect_text(a, text("%s.0.name", at), name);
	expect_text(a, text("%s.0.slug", at), slug);
	expect_bool(a, text("%s.0.is_primary", at), true);
}

const char *
permissions_path(const struct person *p, int64_t org)
{
	return text("/api/user-roles/user_permissions/?user_id=%lld"
		    "&organization_id=%lld",
		    (long long)p->user, (long long)org);
}
