/* Organizations: lists of those that a user may know of, one, and changes by
 * its owner. Outsiders see its name only. A new Linear team is checked with
 * Linear, so that such a request has to wait: see dispatch_wait_for_linear().
 */

#include <string.h>

#include "base/time_zone.h"
#include "cgi/dispatch.h"
#include "cgi/handlers.h"
#include "cgi/page.h"
#include "cgi/view.h"
#include "sync/sync.h"

#define ALL_MAX 10000 /* in a plain array */

static bool
is_outsider(const struct req *r, const struct organization *o)
{
	return !actor_is_staff(&r->actor) || r->actor.organization_id != o->id;
}

static void
view_list(struct jsonout *j, const struct req *r,
	  const struct organization *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		view_organization(j, NULL, &list[i], is_outsider(r, &list[i]));
}

const struct field in_organization_page[] = {PAGE_INPUTS(PAGE_SIZE_MAX),
					     FIELDS_END};

/* GET /api/organizations/: the active organizations, in pages. */
enum err
do_organization_page(struct req *r)
{
	const struct list_page asked = page_asked(r, PAGE_SIZE);
	struct organization *list;
	struct jsonout *j;
	int64_t total;
	size_t n;
	enum err e =
	    organization_list(&list, &n, &total, r->ctx, ORGANIZATIONS_ACTIVE,
			      r->actor.user_id, asked.limit, asked.offset);

	if (e)
		return e;
	j = page_reply(r, &asked, total);
	if (!j)
		return OK;
	json_array(j, "results");
	view_list(j, r, list, n);
	json_end(j);
	return OK;
}

static enum err
reply_plain(struct req *r, enum organization_list which)
{
	struct organization *list;
	int64_t total;
	size_t n;
	enum err e = organization_list(&list, &n, &total, r->ctx, which,
				       r->actor.user_id, ALL_MAX, 0);

	if (!e)
		view_list(reply_array(r, 200), r, list, n);
	return e;
}

/* GET …/all_organizations/ and /api/client/organizations/: the organizations
 * that the user can raise an issue about. */
enum err
do_organization_all(struct req *r)
{
	return reply_plain(r, ORGANIZATIONS_ACTIVE);
}

/* GET …/my_organizations/: where the user is on the staff or has raised an
 * issue. */
enum err
do_organization_mine(struct req *r)
{
	return reply_plain(r, ORGANIZATIONS_MINE);
}

/* GET /api/organizations/{id}/: outsiders see the name of one that is active
 * and that they may know of. */
enum err
do_organization_show(struct req *r)
{
	struct organization *o;
	enum err e = organization_find(&o, r->ctx, &r->actor, r->id);

	if (e)
		return e;
	reply_other(r, 200, "application/json");
	view_organization(&r->json, NULL, o, is_outsider(r, o));
	return OK;
}

const struct field in_organization_update[] = {
    {"name", FIELD_LINE, 0, 1, 255, NULL},
    {"linear_team_id", FIELD_UUID, F_NULL, 0, 0, NULL},
    {"is_listed", FIELD_BOOL, 0, 0, 0, NULL},
    {"staff_may_raise", FIELD_BOOL, 0, 0, 0, NULL},
    {"time_zone", FIELD_LINE, 0, 1, TIME_ZONE_MAX - 1, NULL},
    {"mail_in", FIELD_CHOICE, 0, 0, 0, mail_in_words},
    FIELDS_END};

/* Whether the input gives the organization another team than it has, or none.
 * Clients send whole organizations, most of which is unchanged. */
static enum err
changes_team(bool *out, struct req *r)
{
	const char *team_id = in_text(r, "linear_team_id");
	struct organization *o;
	enum err e;

	*out = false;
	if (!has_value(r, "linear_team_id") && !is_null(r, "linear_team_id"))
		return OK;
	e = organization_get(&o, r->ctx, r->id);
	if (!e && team_id && o->linear_team_id)
		*out = strcmp(o->linear_team_id, team_id) != 0;
	else if (!e)
		*out = team_id || o->linear_team_id;
	return e;
}

static enum err
refuse_offer(struct req *r)
{
	return fault_add(&r->ctx->faults, "linear_team_id",
			 "This team is not offered here. Ask the operator to "
			 "name it in LINEAR_TEAMS, or to tie it with docketctl "
			 "organization tie.");
}

/* A new team must be one that owners may choose, and must exist in Linear. */
static enum err
set_team(struct organization_change *change, struct req *r)
{
	const char *team_id = in_text(r, "linear_team_id");
	bool offered = false;
	enum err e = sync_team_is_offered(&offered, r->ctx, team_id);

	if (!e && !offered)
		e = refuse_offer(r);
	if (e)
		return e;
	change->linear_team_id = team_id;
	e = sync_team_name(&change->linear_team_name, r->ctx, team_id);
	if (e == ERR_NOTFOUND)
		return fault_add(&r->ctx->faults, "linear_team_id",
				 "Linear has no such team.");
	return e;
}

/* PATCH /api/organizations/{id}/: owners change their own organization. */
enum err
do_organization_update(struct req *r)
{
	struct organization_change change = {
	    .name = in_text(r, "name"),
	    .set_listed = has_value(r, "is_listed"),
	    .is_listed = in_int(r, "is_listed"),
	    .set_staff_may_raise = has_value(r, "staff_may_raise"),
	    .staff_may_raise = in_int(r, "staff_may_raise"),
	    .time_zone = in_text(r, "time_zone"),
	    .mail_in = (enum mail_in_mode)in_int(r, "mail_in")};
	struct organization *o;
	bool asks_linear;
	enum err e = ERR_NOTFOUND;

	if (r->actor.organization_id == r->id)
		e = changes_team(&change.set_team, r);
	asks_linear = change.set_team && has_value(r, "linear_team_id");
	if (!e && asks_linear)
		e = dispatch_wait_for_linear(r);
	if (r->status)
		return e;
	if (!e && asks_linear)
		e = set_team(&change, r);
	if (!e)
		e = organization_update(r->ctx, &r->actor, r->id, &change);
	if (!e)
		e = organization_get(&o, r->ctx, r->id);
	if (e)
		return e;
	reply_other(r, 200, "application/json");
	view_organization(&r->json, NULL, o, false);
	return OK;
}
