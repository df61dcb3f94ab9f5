#include "desk/invitation.h"

#include "cgi/handlers.h"
#include "cgi/page.h"
#include "cgi/view.h"

static void
view_invitation(struct jsonout *j, const struct invitation *i)
{
	json_object(j, NULL);
	json_integer(j, "id", i->id);
	json_object(j, "organization");
	json_integer(j, "id", i->organization_id);
	json_string(j, "name", i->organization_name);
	json_string(j, "slug", i->organization_slug);
	json_end(j);
	json_string(j, "profile_type",
		    enum_name_text(role_names, (int)i->role));
	json_string(j, "created_at", i->created_at);
	json_string(j, "expires_at", i->expires_at);
	json_end(j);
}

/* GET /api/invitations/: the invitations to the user's confirmed address. */
enum err
do_invitation_list(struct req *r)
{
	struct invitation *list;
	struct jsonout *j;
	size_t n;
	enum err e = invitation_list(&list, &n, r->ctx, &r->actor);

	if (e)
		return e;
	j = page_reply_whole(r, n);
	json_array(j, "results");
	for (size_t i = 0; i < n; i++)
		view_invitation(j, &list[i]);
	json_end(j);
	return OK;
}

/* POST /api/invitations/{id}/accept/: adds the user to the staff. */
enum err
do_invitation_accept(struct req *r)
{
	enum err e = invitation_accept(r->ctx, &r->actor, r->id);

	if (e == ERR_CONFLICT)
		return reply_error(
		    r, 409, "conflict",
		    "You are already on the staff of this organization.");
	return e ? e : reply_message(r, "Invitation accepted successfully");
}

/* POST /api/invitations/{id}/decline/ */
enum err
do_invitation_decline(struct req *r)
{
	enum err e = invitation_decline(r->ctx, &r->actor, r->id);

	return e ? e : reply_message(r, "Invitation declined successfully");
}
