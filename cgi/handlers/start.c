#include "base/conf.h"
#include "cgi/handlers.h"
#include "cgi/view.h"
#include "desk/issue_count.h"
#include "desk/mail_in.h"
#include "desk/notification.h"
#include "desk/organization.h"

/* What depends on the profile that the token acts as. */
struct acting {
	struct organization *organization; /* of staff, else NULL */
	struct issue_stats stats;
	int64_t unread;
	bool has_mail; /* some came to the organization */
	int64_t held;  /* and so many of these wait for a decision */
};

static enum err
acting_load(struct acting *out, struct req *r)
{
	enum err e = count_stats(&out->stats, r->ctx, &r->actor);

	if (!e)
		e = notification_count_unread(&out->unread, r->ctx, &r->actor);
	if (!e && actor_is_staff(&r->actor))
		e = organization_find(&out->organization, r->ctx, &r->actor,
				      r->actor.organization_id);
	if (!e && actor_is_staff(&r->actor) && r->ctx->conf->mail_in_domain)
		e = mail_in_summary(&out->has_mail, &out->held, r->ctx,
				    &r->actor);
	return e;
}

/* GET /api/start/: what a client needs before it can show anything, in one
 * request: the account, its permissions, and its counts. */
enum err
do_start(struct req *r)
{
	const bool has_profile = r->actor.role != ROLE_NONE;
	struct acting acting = {0};
	struct profile *profiles;
	struct jsonout *j;
	struct user *user;
	size_t n;
	enum err e = user_get(&user, r->ctx, r->actor.user_id);

	if (!e)
		e = profile_list(&profiles, &n, r->ctx, r->actor.user_id);
	if (!e && has_profile)
		e = acting_load(&acting, r);
	if (e)
		return e;
	j = reply(r, 200);
	view_user(j, "user", user, profiles, n, r->actor.profile_id);
	write_permissions(j, r->actor.role, acting.organization);
	json_integer(j, "unread_count", acting.unread);
	if (acting.has_mail)
		json_integer(j, "held_mail_count", acting.held);
	else
		json_null(j, "held_mail_count");
	if (!has_profile) {
		json_null(j, "stats");
		return OK;
	}
	json_object(j, "stats");
	write_stats(j, &acting.stats);
	json_end(j);
	return OK;
}
