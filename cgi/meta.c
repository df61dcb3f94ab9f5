#include "handlers.h"
#include "organization.h"

/* GET /api/health/: does a request reach the database? */
void
do_health(struct req *r)
{
	struct organization *any;
	/* any lookup will do: whether it finds something says nothing */
	enum err e = organization_get(&any, r->ctx, 0);

	if (e != ERR_NOTFOUND) {
		(void)reply_err(r, ERR_DB);
		return;
	}
	json_string(reply(r, 200), "status", "ok");
}
