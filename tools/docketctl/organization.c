/* Organizations. */
#include "admin/admin.h"
#include "base/enum_name.h"
#include "desk/issue_count.h"
#include "docketctl.h"

static const char *const list_columns[] = {"id",	"name",	       "slug",
					   "is_active", "linear_team", "staff",
					   "issues",	"created_at",  NULL};

static enum err
list(struct call *call)
{
	const struct admin_page page = {
	    .search = given_text(call, "search"),
	    .limit = given_int(call, "limit", LIST_DEFAULT),
	    .offset = given_int(call, "offset", 0)};
	struct organization_line *o;
	struct sheet s;
	int64_t total;
	size_t n;
	enum err e = admin_organizations(&o, &n, &total, call->c, &page);

	if (e)
		return e;
	sheet_init(&s, call, list_columns);
	for (size_t i = 0; i < n; i++) {
		put_int(&s, o[i].id);
		put_text(&s, o[i].name);
		put_text(&s, o[i].slug);
		put_bool(&s, o[i].is_active);
		put_text(&s, o[i].linear_team_name ? o[i].linear_team_name
						   : o[i].linear_team_id);
		put_int(&s, o[i].staff);
		put_int(&s, o[i].issues);
		put_text(&s, o[i].created_at);
	}
	sheet_print_list(&s);
	say_more(call, n, total);
	return OK;
}

static enum err
print(struct call *call, int64_t id)
{
	static const char *const columns[] = {"id",
					      "name",
					      "slug",
					      "is_active",
					      "is_listed",
					      "staff_may_raise",
					      "linear_team_id",
					      "linear_team_name",
					      "open",
					      "in_progress",
					      "resolved",
					      "closed",
					      "created_at",
					      "updated_at",
					      NULL};
	struct organization *o;
	struct issue_stats stats;
	struct actor who;
	struct sheet s;
	enum err e = organization_get(&o, call->c, id);

	if (e)
		return e;
	who = operator_of(o);
	e = count_stats(&stats, call->c, &who);
	if (e)
		return e;
	sheet_init(&s, call, columns);
	put_int(&s, o->id);
	put_text(&s, o->name);
	put_text(&s, o->slug);
	put_bool(&s, o->is_active);
	put_bool(&s, o->is_listed);
	put_bool(&s, o->staff_may_raise);
	put_text(&s, o->linear_team_id);
	put_text(&s, o->linear_team_name);
	for (int i = STATUS_OPEN; i <= STATUS_CLOSED; i++)
		put_int(&s, stats.by_status[i]);
	put_text(&s, o->created_at);
	put_text(&s, o->updated_at);
	sheet_print_one(&s);
	return OK;
}

static enum err
show(struct call *call)
{
	struct organization *o;
	enum err e =
	    find_organization(&o, call, given_text(call, "organization"));

	return e ? e : print(call, o->id);
}

/* Slugs are read where ids are, too. */
static bool
is_slug(const char *s)
{
	bool letter = false;

	for (; *s; s++) {
		letter = letter || (*s >= 'a' && *s <= 'z');
		if (!(*s >= 'a' && *s <= 'z') && !(*s >= '0' && *s <= '9') &&
		    *s != '-')
			return false;
	}
	return letter;
}

static enum err
create(struct call *call)
{
	const char *slug = given_text(call, "slug");
	int64_t id;
	enum err e;

	if (slug && !is_slug(slug))
		return refuse(call, ERR_INVALID,
			      "a slug is of small letters, digits and dashes, "
			      "and not of digits alone");
	e = organization_create(&id, call->c, given_text(call, "name"), slug);
	if (e == ERR_CONFLICT)
		return refuse(call, e,
			      "the slug is another organization's; choose one "
			      "with --slug");
	return e ? e : print(call, id);
}

enum err
change_organization(struct call *call, const struct organization_change *ch)
{
	struct organization *o;
	struct actor who;
	enum err e =
	    find_organization(&o, call, given_text(call, "organization"));

	if (e)
		return e;
	who = operator_of(o);
	e = organization_update(call->c, &who, o->id, ch);
	return e ? e : print(call, o->id);
}

static enum err
rename_it(struct call *call)
{
	const struct organization_change ch = {.name =
						   given_text(call, "name")};

	return change_organization(call, &ch);
}

static enum err
activate(struct call *call)
{
	static const struct organization_change ch = {.set_active = true,
						      .is_active = true};

	return change_organization(call, &ch);
}

static enum err
deactivate(struct call *call)
{
	static const struct organization_change ch = {.set_active = true};

	return change_organization(call, &ch);
}

static enum err
set_listed(struct call *call)
{
	const struct organization_change ch = {
	    .set_listed = true, .is_listed = given_int(call, "switch", 0)};

	return change_organization(call, &ch);
}

static enum err
set_staff_may_raise(struct call *call)
{
	const struct organization_change ch = {
	    .set_staff_may_raise = true,
	    .staff_may_raise = given_int(call, "switch", 0)};

	return change_organization(call, &ch);
}

static const struct enum_name on_off[] = {{"on", 1}, {"off", 0}, {NULL, 0}};

static const struct param one[] = {ORGANIZATION, PARAMS_END};
static const struct param list_params[] = {
    PARAM_LINE("search", 0, 255, "TEXT", "what the name or slug begins with"),
    PARAMS_LIST, PARAMS_END};
static const struct param create_params[] = {
    ARGUMENT("name", F_REQUIRED, 255, "NAME", "its name"),
    PARAM_LINE("slug", 0, 80, "SLUG",
	       "its word for addresses (default: made of the name)"),
    PARAMS_END};
static const struct param switch_params[] = {
    ORGANIZATION, ARGUMENT_CHOICE("switch", on_off, "on|off", "on or off"),
    PARAMS_END};
static const struct param rename_params[] = {
    ORGANIZATION, ARGUMENT("name", F_REQUIRED, 255, "NAME", "its new name"),
    PARAMS_END};

const struct verb organization_verbs[] = {
    {"organization list", "Lists organizations", list_params, list},
    {"organization show", "Shows one, and how many issues it has", one, show},
    {"organization create", "Makes one", create_params, create},
    {"organization rename", "Gives one another name", rename_params, rename_it},
    {"organization listed",
     "Sets whether outsiders find it in lists of organizations", switch_params,
     set_listed},
    {"organization staff-may-raise",
     "Sets whether its staff may raise issues for its customers", switch_params,
     set_staff_may_raise},
    {"organization export", "Prints all that it has, as JSON", one,
     export_organization},
    {"organization deactivate", "Lets it take no new issues", one, deactivate},
    {"organization activate", "Lets it take issues again", one, activate},
    VERBS_END};
