/* Teams of Linear, and the organizations that are tied to them. */
#include <strings.h>

#include "admin.h"
#include "arena.h"
#include "conf.h"
#include "docketctl.h"
#include "json.h"
#include "linear.h"

struct team {
	const char *id, *key, *name;
	struct team *next;
};

/* By name. */
static void
insert(struct team **list, struct team *new)
{
	while (*list && strcasecmp((*list)->name, new->name) < 0)
		list = &(*list)->next;
	new->next = *list;
	*list = new;
}

static enum err
read_teams(struct team **list, struct linear_page *page, struct call *call,
	   const struct linear_answer *answer)
{
	if (answer->outcome != LINEAR_OK ||
	    !linear_read_list(page, "teams", answer))
		return refuse(call, ERR_UPSTREAM, "Linear: %s",
			      answer->text ? answer->text
					   : "no answer that makes sense");
	for (const struct json *e = json_first(page->nodes); e;
	     e = json_next(e)) {
		struct team *t = arena_alloc(call->c->arena, sizeof(*t));

		t->id = json_text(json_get(e, "id"));
		t->key = json_text(json_get(e, "key"));
		t->name = json_text(json_get(e, "name"));
		if (t->id && t->key && t->name)
			insert(list, t);
	}
	return OK;
}

/* All that the key can see. */
static enum err
fetch_teams(struct team **list, struct call *call)
{
	struct arena *a = call->c->arena;
	struct linear_page page = {NULL, NULL};
	struct linear_request request;
	struct linear_answer answer;
	struct linear *l;
	enum err e;

	if (!call->c->conf->linear_api_key)
		return refuse(call, ERR_UPSTREAM, "LINEAR_API_KEY is not set");
	*list = NULL;
	l = linear_new(call->c->conf);
	do {
		request = linear_team_list(a, page.next);
		linear_call(&answer, l, a, &request);
		e = read_teams(list, &page, call, &answer);
	} while (!e && page.next);
	linear_free(l);
	return e;
}

static enum err
list(struct call *call)
{
	static const char *const columns[] = {"id", "key", "name",
					      "organization", NULL};
	struct team *teams = NULL;
	const char *owner;
	struct sheet s;
	enum err e = fetch_teams(&teams, call);

	if (e)
		return e;
	sheet_init(&s, call, columns);
	for (const struct team *t = teams; t; t = t->next) {
		e = admin_team_owner(&owner, call->c, t->id);
		if (e)
			return e;
		put_text(&s, t->id);
		put_text(&s, t->key);
		put_text(&s, t->name);
		put_text(&s, owner);
	}
	sheet_print_list(&s);
	return OK;
}

static bool
fits(const struct team *t, const char *which)
{
	return strcasecmp(t->id, which) == 0 ||
	       strcasecmp(t->key, which) == 0 ||
	       strcasecmp(t->name, which) == 0;
}

/* The one team of that id, key or name. */
static enum err
find_team(const struct team **out, struct call *call, const char *which)
{
	const struct team *found = NULL;
	struct team *teams = NULL;
	enum err e = fetch_teams(&teams, call);

	if (e)
		return e;
	for (const struct team *t = teams; t; t = t->next) {
		if (!fits(t, which))
			continue;
		if (found)
			return refuse(call, ERR_CONFLICT,
				      "several teams are called %s; give an "
				      "id or a key",
				      which);
		found = t;
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
tie(struct call *call)
{
	struct organization_change change = {.set_team = true};
	const struct team *team = NULL;
	enum err e = find_team(&team, call, given_text(call, "team"));

	if (e)
		return e;
	change.linear_team_id = team->id;
	change.linear_team_name = team->name;
	return change_organization(call, &change);
}

static enum err
untie(struct call *call)
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
    {"team list", "Lists the teams of Linear that the key can see", NULL, list},
    {"organization tie", "Ties it to a Linear team, where its issues go",
     tie_params, tie},
    {"organization untie", "Unties it from its Linear team", untie_params,
     untie},
    VERBS_END};
