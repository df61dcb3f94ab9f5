/* The verbs about organizations. Each change prints the organization as it is
 * then. Links to teams of Linear are in team.c, the export is in export.c. */
#include "admin/admin.h"
#include "base/enum_name.h"
#include "base/time_zone.h"
#include "desk/issue_count.h"
#include "docketctl.h"

static const char *const list_columns[] = {"id",	"name",	       "slug",
					   "is_active", "linear_team", "staff",
					   "issues",	"created_at",  NULL};

static enum err
verb_organization_list(struct call *call)
{
	const struct admin_page page = {given_text(call, "search"),
					given_page(call)};
	struct organization_line *o;
	struct table s;
	int64_t total;
	size_t n;
	enum err e = admin_organizations(&o, &n, &total, call->c, &page);

	if (e)
		return e;
	table_init(&s, call, list_columns);
	for (size_t i = 0; i < n; i++) {
		put_int_cell(&s, o[i].id);
		put_text_cell(&s, o[i].name);
		put_text_cell(&s, o[i].slug);
		put_bool_cell(&s, o[i].is_active);
		put_text_cell(&s, o[i].linear_team_name ? o[i].linear_team_name
							: o[i].linear_team_id);
		put_int_cell(&s, o[i].staff);
		put_int_cell(&s, o[i].issues);
		put_text_cell(&s, o[i].created_at);
	}
	table_print_list(&s);
	say_more(call, n, total);
	return OK;
}

static void
print_organization_row(struct call *call, const struct organization *o,
		       const struct issue_stats *stats)
{
	static const char *const columns[] = {"id",
					      "name",
					      "slug",
					      "is_active",
					      "is_listed",
					      "staff_may_raise",
					      "time_zone",
					      "mail_in",
					      "mail_address",
					      "linear_team_id",
					      "linear_team_name",
					      "open",
					      "in_progress",
					      "resolved",
					      "closed",
					      "created_at",
					      "updated_at",
					      NULL};
	struct table s;

	table_init(&s, call, columns);
	put_int_cell(&s, o->id);
	put_text_cell(&s, o->name);
	put_text_cell(&s, o->slug);
	put_bool_cell(&s, o->is_active);
	put_bool_cell(&s, o->is_listed);
	put_bool_cell(&s, o->staff_may_raise);
	put_text_cell(&s, o->time_zone);
	put_text_cell(&s, enum_name_text(mail_in_words, (int)o->mail_in));
	put_text_cell(&s, o->mail_address);
	put_text_cell(&s, o->linear_team_id);
	put_text_cell(&s, o->linear_team_name);
	for (int i = STATUS_OPEN; i <= STATUS_CLOSED; i++)
		put_int_cell(&s, stats->by_status[i]);
	put_text_cell(&s, o->created_at);
	put_text_cell(&s, o->updated_at);
	table_print_one(&s);
}

static enum err
print_organization(struct call *call, int64_t id)
{
	struct organization *o;
	struct issue_stats stats;
	struct actor who;
	enum err e = organization_get(&o, call->c, id);

	if (e)
		return e;
	who = operator_of(o);
	e = count_stats(&stats, call->c, &who);
	if (!e)
		print_organization_row(call, o, &stats);
	return e;
}

static enum err
verb_organization_show(struct call *call)
{
	struct organization *o;
	enum err e = find_organization_argument(
	    &o, call, given_text(call, "organization"));

	return e ? e : print_organization(call, o->id);
}

/* Not digits alone: arguments take a slug or an id. */
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
verb_organization_create(struct call *call)
{
	const char *slug = given_text(call, "slug");
	int64_t id;
	enum err e;

	if (slug && !is_slug(slug))
		return refuse(
		    call, ERR_INVALID,
		    "a slug has lower-case letters, digits and dashes, "
		    "and not only digits");
	e = organization_create(&id, call->c, given_text(call, "name"), slug);
	if (e == ERR_CONFLICT)
		return refuse(call, e,
			      "another organization has this slug; choose one "
			      "with --slug");
	return e ? e : print_organization(call, id);
}

enum err
change_organization(struct call *call, const struct organization_change *ch)
{
	struct organization *o;
	struct actor who;
	enum err e = find_organization_argument(
	    &o, call, given_text(call, "organization"));

	if (e)
		return e;
	who = operator_of(o);
	e = organization_update(call->c, &who, o->id, ch);
	return e ? e : print_organization(call, o->id);
}

static enum err
verb_organization_rename(struct call *call)
{
	const struct organization_change ch = {.name =
						   given_text(call, "name")};

	return change_organization(call, &ch);
}

static enum err
verb_organization_activate(struct call *call)
{
	static const struct organization_change ch = {.set_active = true,
						      .is_active = true};

	return change_organization(call, &ch);
}

static enum err
verb_organization_deactivate(struct call *call)
{
	static const struct organization_change ch = {.set_active = true};

	return change_organization(call, &ch);
}

static enum err
verb_organization_listed(struct call *call)
{
	const struct organization_change ch = {
	    .set_listed = true, .is_listed = given_int(call, "switch", 0)};

	return change_organization(call, &ch);
}

static enum err
verb_organization_staff_may_raise(struct call *call)
{
	const struct organization_change ch = {
	    .set_staff_may_raise = true,
	    .staff_may_raise = given_int(call, "switch", 0)};

	return change_organization(call, &ch);
}

static enum err
verb_organization_mail_in(struct call *call)
{
	const struct organization_change ch = {
	    .mail_in = (enum mail_in_mode)given_int(call, "mode", 0)};

	return change_organization(call, &ch);
}

static enum err
verb_organization_time_zone(struct call *call)
{
	const struct organization_change ch = {.time_zone =
						   given_text(call, "zone")};

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
	       "its name in URLs (default: made from the name)"),
    PARAMS_END};
static const struct param switch_params[] = {
    ORGANIZATION, ARGUMENT_CHOICE("switch", on_off, "on|off", "on or off"),
    PARAMS_END};
static const struct param mail_in_params[] = {
    ORGANIZATION,
    ARGUMENT_CHOICE("mode", mail_in_words, "off|known|anyone",
		    "whose mails raise issues"),
    PARAMS_END};
static const struct param rename_params[] = {
    ORGANIZATION, ARGUMENT("name", F_REQUIRED, 255, "NAME", "its new name"),
    PARAMS_END};

static const struct param time_zone_params[] = {
    ORGANIZATION,
    ARGUMENT("zone", F_REQUIRED, TIME_ZONE_MAX - 1, "ZONE",
	     "a name such as Europe/Berlin"),
    PARAMS_END};

const struct verb organization_verbs[] = {
    {"organization list", "Lists organizations", list_params,
     verb_organization_list},
    {"organization show", "Shows an organization, and how many issues it has",
     one, verb_organization_show},
    {"organization create", "Creates an organization", create_params,
     verb_organization_create},
    {"organization rename", "Renames an organization", rename_params,
     verb_organization_rename},
    {"organization listed",
     "Sets whether outsiders see an organization in lists", switch_params,
     verb_organization_listed},
    {"organization staff-may-raise",
     "Sets whether staff may raise issues for customers", switch_params,
     verb_organization_staff_may_raise},
    {"organization time-zone", "Sets the time zone of the dashboard's days",
     time_zone_params, verb_organization_time_zone},
    {"organization mail-in", "Sets whose mails to an organization raise issues",
     mail_in_params, verb_organization_mail_in},
    {"organization export", "Prints all data of an organization as JSON", one,
     export_organization},
    {"organization deactivate", "Deactivates an organization: no new issues",
     one, verb_organization_deactivate},
    {"organization activate", "Activates an organization again", one,
     verb_organization_activate},
    VERBS_END};
