/* The teams that an organization may be tied to. */

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/json.h"
#include "call.h"
#include "db/db.h"
#include "db/statements.h"
#include "sync/sync.h"

#define TEAMS_MAX 1000

enum { TIED, ORGANIZATIONS, STATEMENTS };

static struct stmt sql[] = {
    [TIED] = {"SELECT id, linear_team_id FROM organization "
	      "WHERE linear_team_id IS NOT NULL"},
    [ORGANIZATIONS] = {"SELECT COUNT(*) FROM "
		       "(SELECT id FROM organization LIMIT 2) o"},
};

const struct statements sync_teams_statements = {sql, STATEMENTS};

static size_t
read_teams(struct sync_team *teams, size_t n, struct arena *a,
	   const struct linear_page *page)
{
	for (const struct json *j = json_first(page->nodes); j && n < TEAMS_MAX;
	     j = json_next(j)) {
		teams[n].id = linear_read_id(json_get(j, "id"));
		teams[n].key = linear_read_name(a, json_get(j, "key"));
		teams[n].name = linear_read_name(a, json_get(j, "name"));
		n += teams[n].id != NULL;
	}
	return n;
}

/* All pages. */
static enum err
fetch_all_teams(struct sync_team *teams, size_t *n, struct ctx *c)
{
	struct linear_page page = {.next = NULL};
	const char *after;
	struct linear_answer answer;
	struct linear_request request;
	enum err e;

	*n = 0;
	do {
		after = page.next;
		request = linear_team_list(c->arena, after);
		e = sync_call(&answer, c, &request);
		if (e)
			return e;
		if (answer.outcome != LINEAR_OK ||
		    !linear_read_list(&page, "teams", &answer, after)) {
			(void)fault_add(&c->faults, "linear", "%s",
					answer.text ? answer.text
						    : "Linear's answer was "
						      "not understood.");
			return ERR_UPSTREAM;
		}
		*n = read_teams(teams, *n, c->arena, &page);
	} while (page.next && *n < TEAMS_MAX);
	return OK;
}

enum err
sync_teams(struct sync_team **out, size_t *n, struct ctx *c)
{
	struct sync_team *teams =
	    arena_alloc(c->arena, (TEAMS_MAX + 1) * sizeof(*teams));
	size_t found = 0;
	enum err e = OK;

	if (c->conf->linear_api_key)
		e = fetch_all_teams(teams, &found, c);
	if (!e) {
		*out = teams;
		*n = found;
	}
	return e;
}

/* What owners may choose if LINEAR_TEAMS is unset: with several
 * organizations nothing tells whose a team is. */
static enum err
is_only_organization(bool *out, struct ctx *c)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[ORGANIZATIONS], NO_ARGS);

	if (!e)
		*out = col_int(&rows) <= 1;
	return e;
}

static bool
is_team_configured(const struct conf *conf, const char *team_id)
{
	return conf_lists(conf->linear_teams, "*") ||
	       conf_lists(conf->linear_teams, team_id);
}

enum err
sync_team_is_offered(bool *out, struct ctx *c, const char *team_id)
{
	if (!c->conf->linear_teams)
		return is_only_organization(out, c);
	*out = is_team_configured(c->conf, team_id);
	return OK;
}

/* The organization that the team is tied to; 0: none. */
static int64_t
owner_of_team(struct rows tied, const char *team_id)
{
	while (rows_next(&tied)) {
		int64_t organization = col_int(&tied);

		if (strcmp(col_text(&tied), team_id) == 0)
			return organization;
	}
	return 0;
}

enum err
sync_teams_for(struct sync_team **out, size_t *n, struct ctx *c,
	       const struct actor *who)
{
	struct sync_team *teams = NULL;
	size_t found = 0;
	struct rows tied;
	bool any = false;
	enum err e = sync_teams(&teams, &found, c);

	if (!e && !c->conf->linear_teams)
		e = is_only_organization(&any, c);
	if (!e)
		e = db_query(&tied, c->db, &sql[TIED], NULL, 0);
	if (e)
		return e;
	*n = 0;
	for (size_t i = 0; i < found; i++) {
		const int64_t owner = owner_of_team(tied, teams[i].id);

		if (owner == who->organization_id ||
		    (!owner &&
		     (any || is_team_configured(c->conf, teams[i].id))))
			teams[(*n)++] = teams[i];
	}
	*out = teams;
	return OK;
}
