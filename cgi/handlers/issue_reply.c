/* The answers to changes of an issue, shared by several handlers. */

#include "base/arena.h"
#include "base/conf.h"
#include "base/enum_name.h"
#include "cgi/handlers.h"
#include "cgi/view.h"
#include "desk/outbox.h"

/* "Issue resolved successfully", and whether Linear has it already. */
static const char *
change_message(struct req *r, const char *done, bool queued, bool synced)
{
	if (!queued || !r->ctx->conf->linear_api_key)
		return done;
	return arena_printf(r->ctx->arena, "%s%s", done,
			    synced ? " and synced to Linear"
				   : "; Linear sync is queued");
}

enum err
reply_stale(struct req *r)
{
	struct issue *now;

	reply_err(r, ERR_STALE);
	if (issue_get(&now, r->ctx, &r->actor, r->id) == OK)
		view_issue(&r->json, "issue", r, now, NULL);
	return OK;
}

enum err
check_if_match(struct req *r)
{
	const int64_t version = http_if_match(r);
	struct issue *now;
	enum err e = version ? issue_get(&now, r->ctx, &r->actor, r->id) : OK;

	if (e || !version)
		return e;
	return now->version == version ? OK : ERR_STALE;
}

/* The result of a change. */
struct outcome {
	const struct issue_outcome *change;
	const struct issue *issue;
	struct comments comments;
	bool synced;
	const char *message;
};

static void
view_outcome(struct req *r, const struct outcome *o, enum reply_shape shape)
{
	struct jsonout *j = reply(r, 200);

	r->version = o->issue->version;
	if (shape != REPLY_ISSUE) {
		json_string(j, "message", o->message);
		view_issue(j, "issue", r, o->issue, &o->comments);
	}
	if (shape != REPLY_MESSAGE)
		json_bool(j, "linear_synced", o->synced);
	if (shape == REPLY_MERGED)
		json_string(j, "previous_status",
			    enum_name_text(status_words,
					   (int)o->change->previous_status));
	if (shape != REPLY_MESSAGE)
		view_issue_members(j, r, o->issue, &o->comments);
}

enum err
reply_change(struct req *r, const struct issue_change *change, const char *done,
	     enum reply_shape shape)
{
	struct issue_change ch = *change;
	struct issue_outcome out;
	struct outcome o = {.change = &out};
	struct issue_shown shown;
	enum err e;

	ch.if_version = http_if_match(r);
	e = issue_change(&out, r->ctx, &r->actor, r->id, &ch);
	if (e == ERR_STALE)
		return reply_stale(r);
	if (!e && out.queued)
		(void)outbox_wake_and_wait(r->ctx, r->id);
	if (!e)
		e = issue_show(&shown, r->ctx, &r->actor, r->id);
	if (e)
		return e;
	o.issue = shown.issue;
	o.comments = comments_of(&shown);
	/* read from the row: the daemon's answer may have been late */
	o.synced = shown.issue->sync_state == SYNC_SYNCED;
	o.message = change_message(r, done, out.queued, o.synced);
	view_outcome(r, &o, shape);
	return OK;
}
