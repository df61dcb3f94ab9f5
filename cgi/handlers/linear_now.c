/* The calls that send issues to Linear, or read them from there, while the
 * client waits. nginx has a pool of workers of their own for them. */

#include "base/arena.h"
#include "base/enum_name.h"
#include "cgi/handlers.h"
#include "cgi/view.h"
#include "sync/sync.h"

#define FETCH_DEFAULT 50
#define FETCH_MAX     250
#define BULK_MAX      100

/* nginx waits two minutes, and the last issue may take long, too */
#define BULK_TIME (40 * USEC_PER_SEC)

/* --- one issue, or some -------------------------------------------------- */

/* The issue as it is now, with its comments. */
static enum err
load_issue(struct issue **issue, struct comments *comments, struct req *r,
	   int64_t id)
{
	struct issue_shown shown;
	enum err e = issue_show(&shown, r->ctx, &r->actor, id);

	if (e)
		return e;
	*issue = shown.issue;
	*comments = comments_of(&shown);
	return OK;
}

static enum err
refuse_sync(struct req *r, enum err e)
{
	if (e == ERR_STALE)
		return reply_stale(r);
	if (e == ERR_CONFLICT)
		return reply_error(r, 400, "not_in_linear",
				   r->ctx->faults.first->text);
	return e;
}

/* POST /api/issues/{id}/sync_to_linear/: at once, before all other jobs. */
enum err
do_sync_to_linear(struct req *r)
{
	struct issue *issue;
	struct comments comments;
	struct jsonout *j;
	enum err e = check_if_match(r);

	if (!e)
		e = sync_push_now(r->ctx, &r->actor, r->id);
	if (!e)
		e = load_issue(&issue, &comments, r, r->id);
	if (e)
		return refuse_sync(r, e);
	j = reply(r, 200);
	json_string(j, "message", "Issue synced to Linear successfully");
	view_issue(j, "issue", r, issue, &comments);
	view_linear_data(j, "linear_data", issue);
	return OK;
}

/* POST /api/issues/{id}/sync_from_linear/: applies what Linear has. */
enum err
do_sync_from_linear(struct req *r)
{
	struct issue *issue;
	struct comments comments;
	struct jsonout *j;
	enum err e = check_if_match(r);

	if (!e)
		e = sync_pull_now(r->ctx, &r->actor, r->id);
	if (!e)
		e = load_issue(&issue, &comments, r, r->id);
	if (e)
		return refuse_sync(r, e);
	j = reply(r, 200);
	json_string(j, "message", "Issue synced from Linear successfully");
	view_issue(j, "issue", r, issue, &comments);
	view_issue_members(j, r, issue, &comments);
	return OK;
}

const struct field in_bulk_sync_to_linear[] = {
    {"issue_ids", FIELD_IDS, F_REQUIRED, 1, BULK_MAX, NULL}, FIELDS_END};

/* Pushes one of the issues and adds its result. ERR_DB ends the whole request.
 */
static enum err
bulk_sync_one(struct req *r, struct jsonout *j, int64_t id, usec_t deadline,
	      int64_t *synced)
{
	struct issue *issue = NULL;
	const bool late = clock_monotonic() > deadline;
	enum err e = OK, found;

	faults_init(&r->ctx->faults, r->ctx->arena);
	if (!late)
		e = sync_push_now(r->ctx, &r->actor, id);
	found = issue_get(&issue, r->ctx, &r->actor, id);
	if (e == ERR_DB || found == ERR_DB)
		return ERR_DB;
	json_object(j, NULL);
	json_integer(j, "issue_id", id);
	json_string(j, "issue_number", found ? NULL : issue->issue_number);
	if (!e && !found && !late) {
		json_string(j, "status", "synced");
		json_string(j, "linear_url", issue->linear_url);
		(*synced)++;
	} else {
		const struct fault *why = r->ctx->faults.first;

		json_string(j, "status", "failed");
		json_string(j, "error",
			    found  ? "Not found."
			    : late ? "There was not enough time for this "
				     "issue. Please send it again."
			    : why  ? why->text
				   : "Linear cannot be reached.");
	}
	json_end(j);
	return OK;
}

/* POST /api/issues/bulk_sync_to_linear/ */
enum err
do_bulk_sync_to_linear(struct req *r)
{
	const struct value *ids = input_get(&r->input, "issue_ids");
	const usec_t deadline = clock_monotonic() + BULK_TIME;
	struct jsonout *j = reply(r, 200);
	int64_t synced = 0;
	enum err e = OK;

	json_array(j, "results");
	for (size_t i = 0; !e && i < ids->n; i++)
		e = bulk_sync_one(r, j, ids->ids[i], deadline, &synced);
	json_end(j);
	json_string(j, "message",
		    arena_printf(r->ctx->arena, "Synced %lld issues to Linear",
				 (long long)synced));
	json_integer(j, "synced_count", synced);
	json_integer(j, "failed_count", (int64_t)ids->n - synced);
	return e;
}

/* --- the issues of a team ------------------------------------------------ */

const struct field in_fetch_from_linear[] = {
    {"limit", FIELD_INT, F_QUERY | F_EITHER, 1, FETCH_MAX, NULL},
    {"sync", FIELD_BOOL, F_QUERY | F_EITHER, 0, 0, NULL},
    {"after", FIELD_LINE, F_QUERY | F_EITHER | F_NULL, 0, 200, NULL},
    FIELDS_END};

static void
view_linear_issue(struct jsonout *j, const struct linear_issue *i)
{
	char time[CLOCK_TEXT];

	json_object(j, NULL);
	json_string(j, "id", i->id);
	json_string(j, "identifier", i->identifier);
	json_string(j, "url", i->url);
	json_string(j, "title", i->title);
	json_string(j, "description", i->description);
	json_string(j, "state", i->state_name);
	json_string(j, "state_type", i->state_type);
	json_integer(j, "priority", i->priority);
	json_string(j, "assignee", i->assignee_name);
	json_string(j, "created_at", clock_iso(time, i->created_at));
	json_string(j, "updated_at", clock_iso(time, i->updated_at));
	json_end(j);
}

static void
view_imported(struct jsonout *j, const struct imported *m)
{
	json_object(j, NULL);
	json_string(j, "linear_id", m->theirs.id);
	json_integer(j, "issue_id", m->issue_id);
	json_string(j, "issue_number", m->issue_number);
	json_string(j, "action",
		    enum_name_text(import_action_words, (int)m->action));
	json_end(j);
}

/* How many of them were imported. */
static size_t
count_kept(const struct import *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		n += m->list[i].action != IMPORT_NONE;
	return n;
}

static void
view_import(struct req *r, const struct import *m, const struct organization *o)
{
	struct jsonout *j = reply(r, 200);
	const size_t kept = count_kept(m);

	json_string(j, "message",
		    arena_printf(r->ctx->arena,
				 kept ? "Fetched %zu issues from Linear, "
					"synced %zu to CRM"
				      : "Fetched %zu issues from Linear",
				 m->n, kept));
	json_array(j, "linear_issues");
	for (size_t i = 0; i < m->n; i++)
		view_linear_issue(j, &m->list[i].theirs);
	json_end(j);
	json_array(j, "synced_issues");
	for (size_t i = 0; i < m->n; i++)
		if (m->list[i].action != IMPORT_NONE)
			view_imported(j, &m->list[i]);
	json_end(j);
	json_object(j, "page_info");
	json_bool(j, "has_next_page", m->more);
	json_string(j, "end_cursor", m->next);
	json_end(j);
	json_object(j, "organization");
	json_integer(j, "id", o->id);
	json_string(j, "name", o->name);
	json_string(j, "linear_team_id", o->linear_team_id);
	json_end(j);
}

/* GET and POST /api/issues/fetch_from_linear/: the team's issues. With
 * sync=true, each one is imported: it creates an issue or updates the linked
 * one. */
enum err
do_fetch_from_linear(struct req *r)
{
	const int64_t limit = in_int_or(r, "limit", FETCH_DEFAULT);
	struct organization *o;
	struct import m;
	enum err e = organization_get(&o, r->ctx, r->actor.organization_id);

	if (!e)
		e = sync_import(&m, r->ctx, &r->actor, limit,
				in_text(r, "after"), in_int(r, "sync"));
	if (!e)
		view_import(r, &m, o);
	return e;
}
