#include "sync_fact.h"

#include <string.h>

#include "db.h"
#include "linear.h"
#include "statements.h"
#include "sync_job.h"

/* Our own clocks do not differ by more: a wrong one told what is of a later
 * time. */
#define CLOCKS_DIFFER (3600 * USEC_PER_SEC)

enum { GET, SET, PAUSE, CLEAR, RENEW, MAKE, STATEMENTS };

static struct stmt sql[] = {
    [GET] = {"SELECT value, until, updated_at FROM sync_fact WHERE name = ?"},
    [SET] = {"INSERT INTO sync_fact (name, value, until, updated_at) "
	     "VALUES (?, LEFT(?, 1000), ?, ?) ON DUPLICATE KEY UPDATE "
	     "value = VALUES(value), until = VALUES(until), "
	     "updated_at = VALUES(updated_at)"},
    /* whichever ends later; assigned from left to right, `until` is compared
     * before it changes */
    [PAUSE] = {"INSERT INTO sync_fact (name, value, until, updated_at) "
	       "VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE "
	       "value = IF(until > VALUES(until), value, VALUES(value)), "
	       "updated_at = IF(until > VALUES(until), updated_at, "
	       "VALUES(updated_at)), "
	       "until = IF(until > VALUES(until), until, VALUES(until))"},
    [CLEAR] = {"DELETE FROM sync_fact WHERE name = ?"},
    [RENEW] = {"UPDATE sync_fact SET updated_at = ? WHERE name = ? "
	       "AND (updated_at <= ? OR updated_at > ?)"},
    [MAKE] = {"INSERT IGNORE INTO sync_fact (name, value, updated_at) "
	      "VALUES (?, '', ?)"},
};

const struct statements sync_fact_statements = {sql, STATEMENTS};

static usec_t
col_time(struct rows *r)
{
	const char *text = col_text(r);
	usec_t t = 0;

	if (text)
		(void)clock_parse(&t, text);
	return t;
}

enum err
fact_get(struct fact *out, struct ctx *c, const char *name)
{
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[GET], ARGS(arg_text(name)));

	if (e)
		return e;
	*out = (struct fact){0};
	if (rows_next(&rows)) {
		out->value = col_text(&rows);
		out->until = col_time(&rows);
		out->updated_at = col_time(&rows);
	}
	return OK;
}

static enum err
set_at(struct ctx *c, const char *name, const char *value, usec_t until,
       usec_t at)
{
	return db_run(c->db, &sql[SET],
		      ARGS(arg_text(name), arg_text(value), arg_time(until),
			   arg_time(at)));
}

enum err
fact_set(struct ctx *c, const char *name, const char *value, usec_t until)
{
	return set_at(c, name, value, until, c->now);
}

enum err
fact_clear(struct ctx *c, const char *name)
{
	return db_run(c->db, &sql[CLEAR], ARGS(arg_text(name)));
}

enum err
fact_claim(bool *ours, struct ctx *c, const char *name, usec_t before)
{
	enum err e =
	    db_run(c->db, &sql[RENEW],
		   ARGS(arg_time(c->now), arg_text(name), arg_time(before),
			arg_time(c->now + CLOCKS_DIFFER)));

	*ours = !e && db_affected(c->db) > 0;
	if (e || *ours)
		return e;
	e = db_run(c->db, &sql[MAKE], ARGS(arg_text(name), arg_time(c->now)));
	*ours = !e && db_affected(c->db) > 0;
	return e;
}

/* --- the gate ------------------------------------------------------------ */

/* The word of the fact that says why. */
static enum linear_outcome
outcome_of(const char *word)
{
	static const enum linear_outcome reasons[] = {LINEAR_AUTH,
						      LINEAR_LIMITED};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (strcmp(word, linear_outcome_words[reasons[i]]) == 0)
			return reasons[i];
	return LINEAR_RETRY;
}

enum err
facts_pause(struct ctx *c, struct gate *g)
{
	enum err e = db_run(c->db, &sql[PAUSE],
			    ARGS(arg_text(FACT_PAUSED),
				 arg_text(linear_outcome_words[g->reason]),
				 arg_time(g->until), arg_time(c->now)));

	if (!e && g->reason == LINEAR_AUTH)
		e = fact_set(c, FACT_REFUSED, "", 0);
	g->is_shared = !e;
	return e;
}

enum err
facts_resume(struct ctx *c)
{
	enum err e = fact_clear(c, FACT_PAUSED);

	if (!e)
		e = fact_clear(c, FACT_REFUSED);
	return e ? e : job_hurry(c);
}

enum err
facts_heed(enum gate_event *out, struct ctx *c, struct gate *g)
{
	struct fact paused;
	enum err e = fact_get(&paused, c, FACT_PAUSED);

	*out = GATE_SAME;
	if (!e && paused.until > c->now + GATE_PAUSE_MAX + CLOCKS_DIFFER) {
		paused.value = NULL;
		e = fact_clear(c, FACT_PAUSED);
	}
	if (!e)
		*out = paused.value ? gate_heed(g, outcome_of(paused.value),
						paused.updated_at, paused.until)
				    : gate_relent(g);
	return e;
}

const char *
facts_pause_reason(const struct fact *paused)
{
	return paused->value ? gate_reason(outcome_of(paused->value)) : NULL;
}

/* --- silence ------------------------------------------------------------- */

/* How long a webhook may be on its way. */
#define IN_TRANSIT (60 * USEC_PER_SEC)

static bool
is_missed(const struct fact *webhook, const struct fact *unheard)
{
	return unheard->updated_at > webhook->updated_at;
}

/* The first one is kept, since it is the one that had time enough to come. */
enum err
facts_unheard(struct ctx *c, usec_t at)
{
	struct fact webhook, unheard;
	enum err e = fact_get(&webhook, c, FACT_WEBHOOK);

	if (!e)
		e = fact_get(&unheard, c, FACT_UNHEARD);
	if (e || is_missed(&webhook, &unheard))
		return e;
	return set_at(c, FACT_UNHEARD, "", 0, at);
}

bool
facts_webhooks_arrive(const struct fact *webhook, const struct fact *unheard,
		      usec_t now)
{
	return !is_missed(webhook, unheard) ||
	       now < unheard->updated_at + IN_TRANSIT;
}
