/* Teams of Linear, and which organizations are linked to them. */
#include <stdlib.h>
#include <strings.h>

#include "admin/admin.h"
#include "base/conf.h"
#include "docketctl.h"
#include "sync/sync.h"

static int
compare_names(const void *a, const void *b)
{
	const struct sync_team *x = a, *y = b;

	return strcasecmp(x->name ? x->name : "", y->name ? y->name : "");
}

/* Reads the teams that the API key can see, by name. */
static enum err
fetch_teams(struct sync_team **out, size_t *n, struct call *call)
{
	enum err e;

	if (!call->c->conf->linear_api_key)
		return refuse(call, ERR_UPSTREAM, "LINEAR_API_KEY is not set");
	e = sync_teams(out, n, call->c);
	if (!e)
		qsort(*out, *n, sizeof(**out), compare_names);
	return e;
}

static enum err
verb_team_list(struct call *call)
{
	static const char *const columns[] = {"id", "key", "name",
					      "organization", NULL};
	struct sync_team *teams;
	const char *owner;
	struct table s;
	size_t n;
	enum err e = fetch_teams(&teams, &n, call);

	if (e)
		return e;
	table_init(&s, call, columns);
	for (size_t i = 0; i < n; i++) {
		e = admin_team_owner(&owner, call->c, teams[i].id);
		if (e)
			return e;
		put_text_cell(&s, teams[i].id);
		put_text_cell(&s, teams[i].key);
		put_text_cell(&s, teams[i].name);
		put_text_cell(&s, owner);
	}
	table_print_list(&s);
	return OK;
}

static bool
team_matches(const struct sync_team *t, const char *which)
{
	return strcasecmp(t->id, which) == 0 ||
	       (t->key && strcasecmp(t->key, which) == 0) ||
	       (t->name && strcasecmp(t->name, which) == 0);
}

/* Finds the team with that id, key or name. */
static enum err
find_team(const struct sync_team **out, struct call *call, const char *which)
{
	const struct sync_team *found = NULL;
	struct sync_team *teams;
	size_t n;
	enum err e = fetch_teams(&teams, &n, call);

	if (e)
		return e;
	for (size_t i = 0; i < n; i++) {
		if (!team_matches(&teams[i], which))
			continue;
		if (found)
			return refuse(call, ERR_CONFLICT,
				      "several teams are called %s; give an "
				      "id or a key",
				      which);
		found = &teams[i];
	}
	if (!found)
		return refuse(call, ERR_NOTFOUND,
			      "Linear shows no team %s; team list shows "
			      "which there are",
			      which);
	*out = found;
	return OK;
}

static enum err
verb_organization_tie(struct call *call)
{
	struct organization_change change = {.set_team = true};
	const struct sync_team *team = NULL;
	enum err e = find_team(&team, call, given_text(call, "team"));

	if (e)
		return e;
	change.linear_team_id = team->id;
	change.linear_team_name = team->name;
	return change_organization(call, &change);
}

static enum err
verb_organization_untie(struct call *call)
{
	static const struct organization_change change = {.set_team = true};

	return change_organization(call, &change);
}

static const struct param tie_params[] = {
    ORGANIZATION,
    PARAM_LINE("team", F_REQUIRED, 255, "TEAM",
	       "its name, key or id, as team list shows it"),
    PARAMS_END};
static const struct param untie_params[] = {ORGANIZATION, PARAMS_END};

const struct verb team_verbs[] = {
    {"team list", "Lists the teams of Linear that the key can see", NULL,
     verb_team_list},
    {"organization tie", "Links an organization to a Linear team", tie_params,
     verb_organization_tie},
    {"organization untie", "Unlinks an organization from its Linear team",
     untie_params, verb_organization_untie},
    VERBS_END};
