/* Raising issues: by a customer, with any active organization, and by staff for
 * one of their customers. Idempotency makes a retry safe: when the issue was
 * created but its answer was lost, the key leads to the issue, and the answer
 * is made again. */

#include "base/conf.h"
#include "cgi/handlers.h"
#include "cgi/view.h"
#include "desk/customer.h"
#include "desk/idempotency.h"
#include "desk/outbox.h"

#define RAISE_FIELDS                                               \
	{"title", FIELD_LINE, F_REQUIRED, 1, TITLE_MAX, NULL},     \
	    {"description",   FIELD_TEXT, F_REQUIRED | F_BLANK, 0, \
	     DESCRIPTION_MAX, NULL},                               \
	    {"priority", FIELD_CHOICE, 0, 0, 0, priority_words},   \
	    {"category", FIELD_CHOICE, 0, 0, 0, category_words},   \
	    {"vendor", FIELD_ID, F_NULL, 1, INT64_MAX, NULL},      \
	    {"order", FIELD_ID, F_NULL, 1, INT64_MAX, NULL},       \
	    ATTACHMENTS_INPUT, FIELDS_END

const struct field in_issue_raise[] = {
    {"organization", FIELD_ID, F_REQUIRED, 1, INT64_MAX, NULL}, RAISE_FIELDS};

const struct field in_issue_raise_own[] = {
    {"organization", FIELD_ID, F_NULL, 1, INT64_MAX, NULL},
    {"on_behalf_of", FIELD_PERSON, 0, 1, 254, NULL},
    RAISE_FIELDS};

/* The issue as it is now: as it was raised, or read again if Linear answered
 * meanwhile. */
static enum err
raised_issue(const struct issue **out, struct req *r,
	     const struct issue_outcome *o)
{
	const bool answered = o->queued && outbox_wake_and_wait(r->ctx, o->id);
	struct issue *now;
	enum err e;

	if (o->raised && !answered) {
		*out = o->raised;
		return OK;
	}
	e = issue_get(&now, r->ctx, &r->actor, o->id);
	if (!e)
		*out = now;
	return e;
}

/* Answers with the issue, and with what Linear has of it already. */
static enum err
reply_raised(struct req *r, const struct issue_outcome *out)
{
	struct comments comments = {NULL, 0, NULL, 0};
	const struct issue *issue;
	struct attachment *files;
	struct jsonout *j;
	bool synced;
	enum err e = raised_issue(&issue, r, out);

	if (!e)
		e = attachment_list(&files, &comments.n_files, r->ctx,
				    &r->actor, issue);
	if (e)
		return e;
	comments.files = files;
	synced = issue->kind.synced_to_linear;
	j = reply(r, 201);
	json_string(j, "message",
		    synced ? "Issue raised successfully and synced to Linear"
		    : out->queued && r->ctx->conf->linear_api_key
			? "Issue raised successfully; Linear sync is queued"
			: "Issue raised successfully");
	view_issue(j, "issue", r, issue, &comments);
	view_linear_data(j, "linear_data", issue);
	return OK;
}

static enum err
raise_in(struct req *r, int64_t organization_id, int64_t raised_by)
{
	const struct attaching files = attachments_asked(r);
	const struct issue_new new = {
	    .files = &files,
	    .organization_id = organization_id,
	    .raised_by = raised_by,
	    .title = in_text(r, "title"),
	    .description = in_text(r, "description"),
	    .priority = has_value(r, "priority")
			    ? (enum priority)in_int(r, "priority")
			    : PRIORITY_MEDIUM,
	    .category = has_value(r, "category")
			    ? (enum category)in_int(r, "category")
			    : CATEGORY_GENERAL,
	    .vendor_id = in_int(r, "vendor"),
	    .order_id = in_int(r, "order")};
	const struct idempotency *key = r->ctx->idempotency;
	struct issue_outcome out = {.queued = true};
	enum err e = OK;

	/* raised before, but the answer was lost */
	if (key && key->resource_id)
		out.id = key->resource_id;
	else
		e = issue_raise(&out, r->ctx, &r->actor, &new);
	return e ? e : reply_raised(r, &out);
}

/* POST /api/client/issues/raise/: a customer raises an issue. */
enum err
do_issue_raise(struct req *r)
{
	return raise_in(r, in_int(r, "organization"), 0);
}

/* The organization that a customer means who leaves it out: the only one of
 * their issues, else the only active one. */
static enum err
find_only_organization(int64_t *id, struct req *r)
{
	static const enum organization_list lists[] = {ORGANIZATIONS_RAISED,
						       ORGANIZATIONS_ACTIVE};
	struct organization *list;
	int64_t total;
	size_t n = 0;
	enum err e = OK;

	for (size_t i = 0; !e && n != 1 && i < 2; i++)
		e = organization_list(&list, &n, &total, r->ctx, lists[i],
				      r->actor.user_id, 2, 0);
	if (e)
		return e;
	if (n != 1)
		return fault_add(&r->ctx->faults, "organization",
				 "This field is required.");
	*id = list[0].id;
	return OK;
}

static enum err
raise_own(struct req *r)
{
	int64_t organization = in_int(r, "organization");
	enum err e = OK;

	if (has_value(r, "on_behalf_of"))
		e = ERR_FORBIDDEN;
	if (!e && !organization)
		e = find_only_organization(&organization, r);
	return e ? e : raise_in(r, organization, 0);
}

/* Whether the owner lets staff raise issues for customers. */
static enum err
check_staff_may_raise(struct req *r)
{
	struct organization *o;
	enum err e = organization_get(&o, r->ctx, r->actor.organization_id);

	return e ? e : o->staff_may_raise ? OK : ERR_FORBIDDEN;
}

/* The customer that on_behalf_of names. Anybody who is not a customer of the
 * organization gets the same error, so that it does not reveal who has an
 * account. */
static enum err
find_customer(int64_t *user_id, struct req *r)
{
	enum err e;

	if (!has_value(r, "on_behalf_of"))
		return fault_add(&r->ctx->faults, "on_behalf_of",
				 "This field is required.");
	e = customer_find(user_id, r->ctx, r->actor.organization_id,
			  in_int(r, "on_behalf_of"),
			  in_text(r, "on_behalf_of"));
	return e == ERR_NOTFOUND
		   ? fault_add(&r->ctx->faults, "on_behalf_of",
			       "Your organization has no such customer.")
		   : e;
}

static enum err
raise_for_customer(struct req *r)
{
	const int64_t own = r->actor.organization_id;
	int64_t customer = 0;
	enum err e = check_staff_may_raise(r);

	if (!e && in_int_or(r, "organization", own) != own)
		e = fault_add(&r->ctx->faults, "organization",
			      "This must be your own organization.");
	if (!e)
		e = find_customer(&customer, r);
	return e ? e : raise_in(r, own, customer);
}

/* POST /api/issues/raise/ and /api/issues/: raises an issue. Customers may
 * leave the organization out where only one can be meant. Staff raise for one
 * of their customers, where their organization allows it. */
enum err
do_issue_raise_own(struct req *r)
{
	return actor_is_staff(&r->actor) ? raise_for_customer(r) : raise_own(r);
}
