/* The state of the sync for staff, the teams that an owner can choose from, and
 * Linear's webhooks. Calls that talk to Linear about issues are in
 * linear_now.c. */

#include "cgi/handlers.h"
#include "cgi/page.h"
#include "cgi/view.h"
#include "desk/organization.h"
#include "desk/outbox.h"
#include "events/events.h"
#include "sync/sync.h"
#include "sync/webhook.h"

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
	int64_t n;
	enum err e = sync_retry(r->ctx, &r->actor, r->id), f;

	if (e && e != ERR_NOTFOUND)
		return e;
	f = events_retry_now(&n, r->ctx, r->actor.organization_id, r->id);
	if (f || (e && !n))
		return f ? f : e;
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
