#include "base/conf.h"
#include "cgi/handlers.h"
#include "desk/organization.h"

/* GET /api/health/: whether the service reaches its database, and whether the
 * login page offers sign-up. */
enum err
do_health(struct req *r)
{
	struct organization *any;
	struct jsonout *j;
	/* any query will do: there is no organization 0 */
	enum err e = organization_get(&any, r->ctx, 0);

	if (e != ERR_NOTFOUND)
		return ERR_DB;
	j = reply(r, 200);
	json_string(j, "status", "ok");
	json_bool(j, "signup", r->ctx->conf->signup);
	return OK;
}
