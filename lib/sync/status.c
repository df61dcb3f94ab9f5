/* The sync status of an organization, for its staff: queue, pauses,
 * webhooks, dead letters. */

#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "db/shared_state.h"
#include "db/statements.h"
#include "desk/issue_link.h"
#include "desk/organization.h"
#include "desk/sync_job.h"
#include "sync/pause.h"
#include "sync/silence.h"
#include "sync/sync.h"

enum { QUEUE, WATERMARK, LINKED, FAILURES, FAILURE_COUNT, STATEMENTS };

/* An organization's dead letters: changes that Linear did not take, and such
 * from which something else could not be derived. Takes its id, twice. */
#define DEAD                                                                  \
	"(SELECT j.issue_id, i.issue_number, i.title, j.error_code AS code, " \
	"j.error_text, j.attempts, j.dirty_since AS since FROM sync_job j "   \
	"JOIN issue i ON i.id = j.issue_id WHERE j.organization_id = ? "      \
	"AND j.state = 'dead' AND i.deleted_at IS NULL "                      \
	"UNION ALL SELECT f.issue_id, i.issue_number, i.title, "              \
	"f.consumer, f.error_text, f.attempts, f.since "                      \
	"FROM outbox_failure f JOIN issue i ON i.id = f.issue_id "            \
	"WHERE f.organization_id = ? AND f.state = 'dead') d"

static struct stmt sql[] = {
    [QUEUE] = {"SELECT COALESCE(SUM(q.waits), 0), "
	       "MIN(IF(q.waits, q.since, NULL)), "
	       "(SELECT COUNT(*) FROM " DEAD ") FROM (SELECT "
	       "j.state = 'ready' AS waits, j.dirty_since AS since "
	       "FROM sync_job j WHERE j.organization_id = ? "
	       "UNION ALL SELECT COALESCE(i.linear_team_id, o.linear_team_id) "
	       "IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sync_job j "
	       "WHERE j.issue_id = x.issue_id), x.since FROM outbox x "
	       "JOIN issue i ON i.id = x.issue_id "
	       "JOIN organization o ON o.id = i.organization_id "
	       "WHERE o.id = ?) q"},
    [WATERMARK] = {"SELECT linear_watermark FROM organization WHERE id = ?"},
    [LINKED] = {"SELECT COALESCE(SUM(n), 0) FROM issue_count "
		"WHERE scope = 'organization' AND scope_id = ? AND synced"},
    [FAILURES] = {"SELECT * FROM " DEAD
		  " ORDER BY since, issue_id, code LIMIT ? OFFSET ?"},
    [FAILURE_COUNT] = {"SELECT COUNT(*) FROM " DEAD},
};

const struct statements sync_status_statements = {sql, STATEMENTS};

static enum err
read_team_status(struct sync_status *s, struct ctx *c, int64_t id)
{
	struct organization *org;
	struct rows rows;
	enum err e = organization_get(&org, c, id);

	if (e)
		return e;
	s->team_id = org->linear_team_id;
	s->team_name = org->linear_team_name;
	e = db_one(&rows, c->db, &sql[WATERMARK], ARGS(arg_int(id)));
	if (e)
		return e;
	s->watermark = col_time(&rows);
	return db_number(&s->linked, c->db, &sql[LINKED], ARGS(arg_int(id)));
}

static enum err
read_queue(struct sync_status *s, struct ctx *c, int64_t id)
{
	struct rows rows;
	const struct arg org = arg_int(id);
	enum err e =
	    db_one(&rows, c->db, &sql[QUEUE], ARGS(org, org, org, org));

	if (e)
		return e;
	s->queued = col_int(&rows);
	s->oldest = col_time(&rows);
	s->dead = col_int(&rows);
	return OK;
}

static enum err
read_shared_state(struct sync_status *s, struct ctx *c)
{
	struct shared_state paused, refused, webhook, unheard, pass;
	enum err e = shared_state_get(&paused, c, STATE_PAUSED);

	if (!e)
		e = shared_state_get(&refused, c, STATE_REFUSED);
	if (!e)
		e = shared_state_get(&webhook, c, STATE_WEBHOOK);
	if (!e)
		e = shared_state_get(&unheard, c, STATE_UNHEARD);
	if (!e)
		e = shared_state_get(&pass, c, STATE_RECONCILE);
	if (e)
		return e;
	s->paused = pause_reason(&paused);
	s->paused_until = paused.until;
	s->key_works = s->configured && !refused.value;
	s->webhooks_arrive = webhooks_arrive(&webhook, &unheard, c->now);
	s->last_webhook = webhook.updated_at;
	s->last_reconcile = pass.updated_at;
	return OK;
}

enum err
sync_status(struct sync_status *out, struct ctx *c, const struct actor *who)
{
	struct sync_status s = {.configured = c->conf->linear_api_key != NULL};
	enum err e = read_team_status(&s, c, who->organization_id);

	if (!e)
		e = read_queue(&s, c, who->organization_id);
	if (!e)
		e = read_shared_state(&s, c);
	if (!e)
		*out = s;
	return e;
}

static void
read_failure(struct sync_failure *f, struct rows *r)
{
	f->issue_id = col_int(r);
	f->issue_number = col_text(r);
	f->issue_title = col_text(r);
	f->code = col_text(r);
	f->text = col_text(r);
	f->attempts = col_int(r);
	f->since = col_text(r);
}

enum err
sync_failures(struct sync_failures *out, struct ctx *c, const struct actor *who,
	      int64_t limit, int64_t offset)
{
	const struct arg org = arg_int(who->organization_id);
	struct rows rows, count;
	struct sync_failure *f;
	enum err e = db_query(&rows, c->db, &sql[FAILURES],
			      ARGS(org, org, arg_int(limit), arg_int(offset)));

	if (!e)
		e = db_one(&count, c->db, &sql[FAILURE_COUNT], ARGS(org, org));
	if (e)
		return e;
	out->count = col_int(&count);
	out->n = rows.count;
	out->list = f = arena_alloc(c->arena, (rows.count + 1) * sizeof(*f));
	while (rows_next(&rows))
		read_failure(f++, &rows);
	return OK;
}

/* The arguments of sync_retry, for db_transaction. */
struct retrying {
	struct ctx *c;
	int64_t organization_id, issue_id;
};

static enum err
retry_dead_letter(void *arg)
{
	const struct retrying *r = arg;
	enum err e = job_retry(r->c, r->issue_id, r->organization_id);

	return e ? e : issue_set_pending(r->c, r->issue_id);
}

enum err
sync_retry(struct ctx *c, const struct actor *who, int64_t issue_id)
{
	struct retrying r = {c, who->organization_id, issue_id};

	return db_transaction(c->db, retry_dead_letter, &r);
}
