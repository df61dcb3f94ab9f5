/* The shapes of answers that several endpoints share; see view.h. */

#include "view.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/enum_name.h"

const struct enum_name role_labels[] = {{"Customer", ROLE_CUSTOMER},
					{"Employee", ROLE_EMPLOYEE},
					{"Owner", ROLE_VENDOR},
					{NULL, 0}};

/* The labels of profiles: an owner has a vendor profile. */
static const struct enum_name profile_labels[] = {{"Customer", ROLE_CUSTOMER},
						  {"Employee", ROLE_EMPLOYEE},
						  {"Vendor", ROLE_VENDOR},
						  {NULL, 0}};

static void
word(struct jsonout *j, const char *key, const struct enum_name *words,
     int value)
{
	json_string(j, key, enum_name_text(words, value));
}

/* {id, full_name} of the assignee, and for staff their e-mail address. */
static void
view_assignee(struct jsonout *j, const struct req *r, const struct issue *i)
{
	if (!i->kind.assigned_to) {
		json_null(j, "assigned_to");
		return;
	}
	json_object(j, "assigned_to");
	json_integer(j, "id", i->kind.assigned_to);
	json_string(j, "full_name", i->assignee_name);
	if (actor_is_staff(&r->actor))
		json_string(j, "email", i->assignee_email);
	json_end(j);
}

static void
view_resolver(struct jsonout *j, const struct issue *i)
{
	if (!i->resolved_by) {
		json_null(j, "resolved_by");
		return;
	}
	json_object(j, "resolved_by");
	json_integer(j, "id", i->resolved_by);
	json_string(j, "full_name", i->resolver_name);
	json_end(j);
}

static void
view_issue_vendor(struct jsonout *j, const struct req *r, const struct issue *i)
{
	if (!i->vendor_id) {
		json_null(j, "vendor");
		return;
	}
	json_object(j, "vendor");
	json_integer(j, "id", i->vendor_id);
	json_string(j, "name", i->vendor_name);
	if (actor_is_staff(&r->actor))
		json_string(j, "email", i->vendor_email);
	json_end(j);
}

/* What an issue names by ids. */
static void
view_people(struct jsonout *j, const struct req *r, const struct issue *i)
{
	const bool by_linear = i->resolved_at && !i->resolved_by;

	json_string(j, "organization_name", i->organization_name);
	view_issue_vendor(j, r, i);
	json_string(j, "vendor_name", i->vendor_name);
	json_string(j, "order_number", i->order_number);
	view_assignee(j, r, i);
	json_string(j, "assigned_to_name", i->assignee_name);
	json_string(j, "raised_by_customer_name", i->raiser_name);
	json_string(j, "raised_by_customer_email", i->raiser_email);
	json_string(j, "created_by_name",
		    i->created_by ? i->creator_name : "Linear");
	view_resolver(j, i);
	json_string(j, "resolved_by_name",
		    by_linear ? "Linear" : i->resolver_name);
}

/* Only staff see the ids in Linear. Customers see the link, and whether the
 * issue has arrived there. */
static void
view_linear(struct jsonout *j, const struct req *r, const struct issue *i)
{
	const bool staff = actor_is_staff(&r->actor);
	enum sync_state state =
	    r->ctx->conf->linear_api_key ? i->sync_state : SYNC_OFF;

	json_string(j, "linear_issue_id",
		    staff && i->kind.synced_to_linear ? i->linear_id : NULL);
	word(j, "sync_state", sync_state_words, (int)state);
}

/* A field as it is, and the label of a choice beside it; null where only staff
 * see it. */
static void
view_field(struct jsonout *j, enum issue_field_id id, bool shown,
	   struct issue_value v)
{
	const struct issue_field *f = &issue_fields[id];

	if (shown)
		issue_value_json(j, id, v);
	else
		json_null(j, f->name);
	if (!f->labels)
		return;
	json_string(j, f->label_name,
		    shown ? enum_name_text(f->labels, (int)v.number) : NULL);
}

/* The files of the issue itself. */
static const char *
view_description(const struct req *r, const struct issue *i,
		 const struct comments *comments, const char *text)
{
	if (!i->attachment_count)
		return text;
	return view_text(r, text, i->id, 0, comments ? comments->files : NULL,
			 comments ? comments->n_files : 0);
}

/* The fields of ISSUE_FIELDS that are shown as they are. */
static void
view_fields(struct jsonout *j, const struct req *r, const struct issue *i,
	    const struct comments *comments)
{
	for (int n = 0; n < ISSUE_FIELD_MAX; n++) {
		const enum issue_field_id id = (enum issue_field_id)n;
		const struct issue_field *f = &issue_fields[id];

		struct issue_value v = issue_value(i, id);

		if (id == ISSUE_FIELD_DESCRIPTION)
			v.text = view_description(r, i, comments, v.text);
		if (f->viewers == VIEWERS_ANYONE || f->viewers == VIEWERS_STAFF)
			view_field(j, id, issue_field_shown(f, r->actor.role),
				   v);
	}
}

void
view_issue_members(struct jsonout *j, const struct req *r,
		   const struct issue *i, const struct comments *comments)
{
	json_integer(j, "id", i->id);
	json_string(j, "code", i->issue_number);
	view_fields(j, r, i, comments);
	view_people(j, r, i);
	view_linear(j, r, i);
	if (!comments)
		return;
	json_string(j, "linear_description",
		    view_description(r, i, comments, i->linear_description));
	json_string(j, "linear_warning", i->linear_warning);
	view_attachments(j, "attachments", r, comments->files,
			 comments->n_files, 0);
	view_comments(j, "comments", r, comments);
}

void
view_issue(struct jsonout *j, const char *key, const struct req *r,
	   const struct issue *i, const struct comments *comments)
{
	json_object(j, key);
	view_issue_members(j, r, i, comments);
	json_end(j);
}

void
view_linear_data(struct jsonout *j, const char *key, const struct issue *i)
{
	if (!i->kind.synced_to_linear) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	json_string(j, "id", i->linear_id);
	json_string(j, "identifier", i->linear_identifier);
	json_string(j, "url", i->linear_url);
	json_string(j, "title", i->title);
	json_string(j, "state", i->linear_state);
	json_end(j);
}

void
view_comment(struct jsonout *j, const char *key, const struct req *r,
	     const struct comment *m, const struct attachment *files, size_t n)
{
	json_object(j, key);
	json_integer(j, "id", m->id);
	json_integer(j, "issue", m->issue_id);
	json_id(j, "author", m->author_id);
	json_string(j, "author_name", m->author_name);
	word(j, "author_kind", author_words, (int)m->author_kind);
	json_string(j, "content",
		    m->author_kind == AUTHOR_LINEAR
			? view_text(r, m->content, m->issue_id, m->id, files, n)
			: m->content);
	json_bool(j, "is_internal", m->is_internal);
	json_string(j, "source", comment_source(m));
	json_string(j, "linear_comment_id",
		    actor_is_staff(&r->actor) && m->synced_to_linear
			? m->linear_id
			: NULL);
	json_bool(j, "synced_to_linear",
		  m->synced_to_linear && !m->linear_dirty);
	view_attachments(j, "attachments", r, files, n, m->id);
	json_string(j, "created_at", m->created_at);
	json_string(j, "updated_at", m->updated_at);
	json_end(j);
}

void
view_comments(struct jsonout *j, const char *key, const struct req *r,
	      const struct comments *comments)
{
	json_array(j, key);
	for (size_t i = 0; i < comments->n; i++)
		view_comment(j, NULL, r, &comments->list[i], comments->files,
			     comments->n_files);
	json_end(j);
}

void
view_organization(struct jsonout *j, const char *key,
		  const struct organization *o, bool outsider)
{
	json_object(j, key);
	json_integer(j, "id", o->id);
	json_string(j, "name", o->name);
	json_string(j, "slug", o->slug);
	if (!outsider) {
		json_bool(j, "is_active", o->is_active);
		json_bool(j, "is_listed", o->is_listed);
		json_bool(j, "staff_may_raise", o->staff_may_raise);
		json_string(j, "time_zone", o->time_zone);
		word(j, "mail_in", mail_in_words, (int)o->mail_in);
		json_string(j, "mail_address", o->mail_address);
		json_string(j, "linear_team_id", o->linear_team_id);
		json_string(j, "linear_team_name", o->linear_team_name);
		json_string(j, "created_at", o->created_at);
		json_string(j, "updated_at", o->updated_at);
	}
	json_end(j);
}

/* The one role of a profile, as the role object that clients expect. */
static void
view_role(struct jsonout *j, const char *key, enum role role)
{
	json_object(j, key);
	json_integer(j, "id", role);
	json_string(j, "name", enum_name_text(role_labels, (int)role));
	json_string(j, "slug", enum_name_text(role_names, (int)role));
	json_bool(j, "is_primary", true);
	json_end(j);
}

void
view_roles(struct jsonout *j, const char *key, enum role role)
{
	json_array(j, key);
	view_role(j, NULL, role);
	json_end(j);
}

static void
view_profile_organization(struct jsonout *j, const struct profile *p)
{
	if (p->shown_id) {
		json_object(j, "organization");
		json_integer(j, "id", p->shown_id);
		json_string(j, "name", p->organization_name);
		json_string(j, "slug", p->organization_slug);
		json_end(j);
	} else {
		json_null(j, "organization");
	}
	json_id(j, "organization_id", p->shown_id);
	json_string(j, "organization_name", p->organization_name);
}

void
view_active(struct jsonout *j, bool is_active)
{
	json_bool(j, "is_active", is_active);
	json_string(j, "status", is_active ? "active" : "inactive");
	json_string(j, "status_display", is_active ? "Active" : "Inactive");
}

void
view_profile(struct jsonout *j, const char *key, const struct profile *p,
	     int64_t active_id)
{
	json_object(j, key);
	json_integer(j, "id", p->id);
	json_integer(j, "user", p->user_id);
	json_string(j, "user_email", p->user_email);
	word(j, "profile_type", role_names, (int)p->role);
	word(j, "profile_type_display", profile_labels, (int)p->role);
	view_profile_organization(j, p);
	json_bool(j, "is_primary", p->id == active_id);
	json_bool(j, "is_owner", p->role == ROLE_VENDOR);
	view_active(j, p->is_active);
	view_roles(j, "roles", p->role);
	json_string(j, "created_at", p->created_at);
	json_end(j);
}

void
view_user(struct jsonout *j, const char *key, const struct user *u,
	  const struct profile *profiles, size_t n, int64_t active_id)
{
	const struct profile *active = NULL;

	json_object(j, key);
	json_integer(j, "id", u->id);
	json_string(j, "username", u->username);
	json_string(j, "email", u->email);
	json_bool(j, "email_verified", u->email_verified);
	json_string(j, "first_name", u->first_name);
	json_string(j, "last_name", u->last_name);
	json_string(j, "full_name", u->full_name);
	json_bool(j, "is_active", u->is_active);
	json_bool(j, "wants_mail", u->wants_mail);
	json_string(j, "mail_bounced_at", u->mail_bounced_at);
	json_string(j, "last_login_at", u->last_login_at);
	json_array(j, "profiles");
	for (size_t i = 0; i < n; i++) {
		view_profile(j, NULL, &profiles[i], active_id);
		if (profiles[i].id == active_id)
			active = &profiles[i];
	}
	json_end(j);
	if (active)
		view_profile(j, "active_profile", active, active_id);
	else
		json_null(j, "active_profile");
	json_end(j);
}

void
view_login(struct jsonout *j, const struct login *login,
	   const struct profile *profiles, size_t n)
{
	json_string(j, "token", login->token);
	json_string(j, "access", login->token);
	json_string(j, "token_type", "Bearer");
	json_string(j, "expires_at", login->expires_at);
	view_user(j, "user", login->user, profiles, n, login->profile_id);
}
