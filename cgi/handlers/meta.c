#include "base/conf.h"
#include "cgi/handlers.h"
#include "desk/organization.h"

/* GET /api/health/: does a request reach the database? And what does the login
 * page have to offer? */
enum err
do_health(struct req *r)
{
	struct organization *any;
	struct jsonout *j;
	/* any lookup will do: whether it finds something says nothing */
	enum err e = organization_get(&any, r->ctx, 0);

	if (e != ERR_NOTFOUND)
		return ERR_DB;
	j = reply(r, 200);
	json_string(j, "status", "ok");
	json_bool(j, "signup", r->ctx->conf->signup);
	return OK;
}
