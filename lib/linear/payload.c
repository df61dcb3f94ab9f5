/* Reads issues, comments, teams and users, of answers or of webhooks. The
 * readers accept only what the database can hold: ids of at most LINEAR_ID_MAX
 * visible characters, cleaned texts, known times. They return false if a
 * required member is missing. */

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/unicode.h"
#include "linear/client.h"

/* --- members ------------------------------------------------------------- */

static usec_t
time_at(const struct json *j, const char *name)
{
	const char *text = json_text(json_get(j, name));
	usec_t t = 0;

	if (text)
		(void)clock_parse(&t, text);
	return t;
}

const char *
linear_read_id(const struct json *j)
{
	const char *id = json_text(j);

	return is_visible_word(id, LINEAR_ID_MAX) ? id : NULL;
}

static const char *
json_id_at(const struct json *j, const char *name)
{
	return linear_read_id(json_get(j, name));
}

/* 0 (no priority) if the value is not a priority. */
static int
priority_at(const struct json *j, const char *name)
{
	int64_t n = 0;

	(void)json_int(&n, json_get(j, name));
	return n >= 0 && n <= 4 ? (int)n : 0;
}

static const char *
text_at(const struct json *j, const char *name, const char *member)
{
	return json_text(json_get(json_get(j, name), member));
}

/* A text, cleaned like the texts of people here; NULL: not a text. */
static const char *
clean_at(struct arena *a, const struct json *j, const char *name, bool lines)
{
	const char *s = json_text(json_get(j, name));

	return s ? text_clean(a, s, lines) : NULL;
}

const char *
linear_read_name(struct arena *a, const struct json *j)
{
	const char *s = json_text(j);

	s = s ? text_clean(a, s, false) : NULL;
	return s && *s ? s : NULL;
}

static const char *
name_at(struct arena *a, const struct json *j, const char *name)
{
	return linear_read_name(a, json_get(j, name));
}

/* The name of a user, of an outside user of an integration, or of the
 * integration itself, which webhooks give as a string of JSON. NULL: none. */
static const char *
author_of(struct arena *a, const struct json *j)
{
	const char *name = name_at(a, json_get(j, "user"), "name"), *bot, *why;

	if (!name)
		name = name_at(a, json_get(j, "externalUser"), "name");
	if (!name)
		name = name_at(a, json_get(j, "botActor"), "name");
	bot = json_text(json_get(j, "botActor"));
	if (!name && bot)
		name =
		    name_at(a, json_parse(a, bot, strlen(bot), &why), "name");
	return name;
}

/* The cursor of the next page, or NULL if this is the last. An empty page
 * counts as the last, or the pages might never end. */
static const char *
next_page(const struct json *connection)
{
	const struct json *info = json_get(connection, "pageInfo");

	return json_first(json_get(connection, "nodes")) &&
		       json_true(json_get(info, "hasNextPage"))
		   ? json_text(json_get(info, "endCursor"))
		   : NULL;
}

/* --- issues and comments ------------------------------------------------- */

bool
linear_read_comment(struct linear_comment *out, struct arena *a,
		    const struct json *j)
{
	*out = (struct linear_comment){.id = json_id_at(j, "id"),
				       .body = clean_at(a, j, "body", true),
				       .parent_id = json_id_at(j, "parentId"),
				       .issue_id = json_id_at(j, "issueId"),
				       .author = author_of(a, j),
				       .created_at = time_at(j, "createdAt"),
				       .updated_at = time_at(j, "updatedAt")};
	return out->id && out->body;
}

static void
read_comment_list(struct linear_issue *out, struct arena *a,
		  const struct json *j)
{
	const struct json *nodes = json_get(j, "nodes"), *e;
	size_t n = 0;

	if (!json_is_array(nodes))
		return;
	for (e = json_first(nodes); e; e = json_next(e))
		n++;
	out->comments = arena_alloc(a, (n + 1) * sizeof(*out->comments));
	for (e = json_first(nodes); e; e = json_next(e))
		if (linear_read_comment(&out->comments[out->comment_count], a,
					e))
			out->comment_count++;
	out->has_comments =
	    !json_true(json_path(j, "pageInfo", "hasNextPage", NULL));
	out->comments_next = next_page(j);
}

bool
linear_read_issue(struct linear_issue *out, struct arena *a,
		  const struct json *j)
{
	const char *text = clean_at(a, j, "description", true);
	const struct json *assignee = json_get(j, "assignee");

	*out = (struct linear_issue){
	    .id = json_id_at(j, "id"),
	    .identifier = json_text(json_get(j, "identifier")),
	    .url = json_text(json_get(j, "url")),
	    .title = clean_at(a, j, "title", false),
	    .description = text ? text : "",
	    .state_id = json_id_at(json_get(j, "state"), "id"),
	    .state_type = text_at(j, "state", "type"),
	    .state_name = name_at(a, json_get(j, "state"), "name"),
	    .team_id = json_id_at(json_get(j, "team"), "id"),
	    .assignee_id = json_id_at(assignee, "id"),
	    .assignee_email = json_text(json_get(assignee, "email")),
	    .assignee_name = name_at(a, assignee, "name"),
	    .priority = priority_at(j, "priority"),
	    .created_at = time_at(j, "createdAt"),
	    .updated_at = time_at(j, "updatedAt"),
	    .completed_at = time_at(j, "completedAt"),
	    .archived = json_is_string(json_get(j, "archivedAt")),
	    .trashed = json_true(json_get(j, "trashed"))};
	if (!out->id || !out->title || !out->state_id || !out->state_type ||
	    !out->team_id || !out->updated_at ||
	    (json_is_object(assignee) && !out->assignee_id))
		return false;
	read_comment_list(out, a, json_get(j, "comments"));
	return true;
}

bool
linear_read_link(struct linear_link *out, const struct json *issue,
		 const char *prefix)
{
	const struct json *j =
	    json_first(json_path(issue, "attachments", "nodes", NULL));

	for (; j; j = json_next(j)) {
		const struct json *known = json_get(j, "metadata");
		const char *url = json_text(json_get(j, "url"));

		if (!url || strncmp(url, prefix, strlen(prefix)) != 0)
			continue;
		*out = (struct linear_link){
		    .url = url,
		    .category = json_text(json_get(known, "category")),
		    .number = json_text(json_get(known, "number")),
		    .customer = json_text(json_get(known, "customer"))};
		return true;
	}
	return false;
}

/* --- teams, users and pages ---------------------------------------------- */

bool
linear_read_team(struct linear_team *out, struct arena *a,
		 const struct linear_answer *answer)
{
	const struct json *j = json_get(answer->data, "team");
	const struct json *nodes = json_path(j, "states", "nodes", NULL), *e;
	size_t n = 0;

	*out = (struct linear_team){.id = json_id_at(j, "id"),
				    .name = name_at(a, j, "name")};
	if (!out->id || !json_is_array(nodes))
		return false;
	for (e = json_first(nodes); e; e = json_next(e))
		n++;
	out->states = arena_alloc(a, (n + 1) * sizeof(*out->states));
	for (e = json_first(nodes); e; e = json_next(e)) {
		struct linear_state s = {
		    .id = json_id_at(e, "id"),
		    .type = json_text(json_get(e, "type")),
		    .name = name_at(a, e, "name"),
		    .position = json_number(json_get(e, "position"), 0)};

		if (s.id && s.type)
			out->states[out->n++] = s;
	}
	return true;
}

const char *
linear_read_user(const struct linear_answer *answer)
{
	const struct json *nodes =
	    json_path(answer->data, "users", "nodes", NULL);

	return json_id_at(json_first(nodes), "id");
}

bool
linear_read_page(struct linear_page *out, const struct linear_answer *answer,
		 const char *after)
{
	return linear_read_list(out, "issues", answer, after);
}

bool
linear_read_list(struct linear_page *out, const char *name,
		 const struct linear_answer *answer, const char *after)
{
	const struct json *list = json_get(answer->data, name);

	out->nodes = json_get(list, "nodes");
	out->next = next_page(list);
	return json_is_array(out->nodes) &&
	       !(out->next && after && strcmp(out->next, after) == 0);
}
