/* The calls that talk to Linear while the client waits, for which nginx has a
 * pool of workers of their own; the state of the sync for staff; and Linear's
 * webhooks. */

#include "base/arena.h"
#include "base/enum_name.h"
#include "cgi/handlers.h"
#include "cgi/page.h"
#include "cgi/view.h"
#include "desk/organization.h"
#include "desk/outbox.h"
#include "sync/sync.h"
#include "sync/webhook.h"

#define FETCH_DEFAULT 50
#define FETCH_MAX     250
#define BULK_MAX      100

/* nginx waits two minutes, and the last issue may take long, too */
#define BULK_TIME (40 * USEC_PER_SEC)

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
	*comments = (struct comments){shown.comments, shown.n_comments};
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

static void
view_time(struct jsonout *j, const char *key, usec_t t)
{
	char text[CLOCK_TEXT];

	json_string(j, key, t ? clock_iso(text, t) : NULL);
}

/* GET /api/linear/status/ */
enum err
do_linear_status(struct req *r)
{
	struct sync_status s;
	struct jsonout *j;
	enum err e = sync_status(&s, r->ctx, &r->actor);

	if (e)
		return e;
	j = reply(r, 200);
	json_bool(j, "configured", s.configured);
	json_bool(j, "key_works", s.key_works);
	if (s.team_id) {
		json_object(j, "team");
		json_string(j, "id", s.team_id);
		json_string(j, "name", s.team_name);
		json_end(j);
	} else {
		json_null(j, "team");
	}
	json_integer(j, "queue_length", s.queued);
	if (s.oldest)
		json_integer(j, "queue_age_s",
			     (r->ctx->now - s.oldest) / USEC_PER_SEC);
	else
		json_null(j, "queue_age_s");
	json_integer(j, "dead_letters", s.dead);
	json_string(j, "paused_reason", s.paused);
	view_time(j, "paused_until", s.paused_until);
	json_bool(j, "webhooks_arrive", s.webhooks_arrive);
	view_time(j, "last_webhook_at", s.last_webhook);
	view_time(j, "last_reconcile_at", s.last_reconcile);
	view_time(j, "known_up_to", s.watermark);
	json_integer(j, "linked_issues", s.linked);
	return OK;
}

const struct field in_linear_failures[] = {PAGE_INPUTS(PAGE_SIZE_MAX),
					   FIELDS_END};

/* GET /api/linear/failures/: the dead letters, with the reasons. */
enum err
do_linear_failures(struct req *r)
{
	const struct list_page asked = page_asked(r, PAGE_SIZE);
	struct sync_failures f;
	struct jsonout *j;
	enum err e =
	    sync_failures(&f, r->ctx, &r->actor, asked.limit, asked.offset);

	if (e)
		return e;
	j = page_reply(r, &asked, f.count);
	if (!j)
		return OK;
	json_array(j, "results");
	for (size_t i = 0; i < f.n; i++) {
		json_object(j, NULL);
		json_integer(j, "id", f.list[i].issue_id);
		json_integer(j, "issue", f.list[i].issue_id);
		json_string(j, "issue_number", f.list[i].issue_number);
		json_string(j, "issue_title", f.list[i].issue_title);
		json_string(j, "code", f.list[i].code);
		json_string(j, "reason", f.list[i].text);
		json_integer(j, "attempts", f.list[i].attempts);
		json_string(j, "since", f.list[i].since);
		json_end(j);
	}
	json_end(j);
	return OK;
}

/* POST /api/linear/failures/{id}/retry/ */
enum err
do_linear_retry(struct req *r)
{
	enum err e = sync_retry(r->ctx, &r->actor, r->id);

	if (e)
		return e;
	outbox_wake(r->ctx);
	return reply_message(r, "Retry scheduled");
}

/* GET /api/linear/teams/: the teams that an owner can link the organization to.
 */
enum err
do_linear_teams(struct req *r)
{
	struct sync_team *teams;
	struct jsonout *j;
	size_t n;
	enum err e = sync_teams_for(&teams, &n, r->ctx, &r->actor);

	if (e)
		return e;
	j = reply(r, 200);
	json_array(j, "teams");
	for (size_t i = 0; i < n; i++) {
		json_object(j, NULL);
		json_string(j, "id", teams[i].id);
		json_string(j, "key", teams[i].key);
		json_string(j, "name", teams[i].name);
		json_end(j);
	}
	json_end(j);
	return OK;
}

/* POST /api/webhooks/linear/: checks the signature, stores the delivery and
 * answers. docket-sync applies it. */
enum err
do_linear_webhook(struct req *r)
{
	const struct webhook_request request = {
	    .delivery = http_header(r, "Linear-Delivery"),
	    .signature = http_header(r, "Linear-Signature"),
	    .body = r->body,
	    .body_len = r->body_len};
	enum webhook_outcome outcome;
	enum err e = webhook_receive(&outcome, r->ctx, &request);

	if (e == ERR_UPSTREAM)
		return reply_error(r, 503, "webhook_not_configured",
				   "No webhook secret is configured.");
	if (e == ERR_CREDENTIALS)
		return reply_error(r, 401, "invalid_signature",
				   "Invalid signature.");
	if (e)
		return e;
	if (outcome == WEBHOOK_STORED)
		outbox_wake(r->ctx);
	return reply_message(r, outcome == WEBHOOK_STORED ? "Webhook received"
				: outcome == WEBHOOK_REPEATED
				    ? "Duplicate delivery"
				    : "Webhook ignored");
}
