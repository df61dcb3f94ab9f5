/* What comes from Linear by itself, and the pass that finds what did not. */

#include "arena.h"
#include "conf.h"
#include "docket-sync.h"
#include "log.h"
#include "sync_inbox.h"

/* Then others have their turn. */
#define BATCH 100

void
inward_work(struct daemon *d)
{
	enum err e = OK;
	int n = 0;

	for (; !e && n < BATCH; n++) {
		struct ctx c = daemon_ctx(d, d->arena);

		e = inbox_work(&c);
		arena_reset(d->arena);
	}
	daemon_note_db(d, e == ERR_NOTFOUND ? OK : e);
	if (!e)
		d->next_poll = 0; /* there may be more */
}

static void
end_pass(struct daemon *d)
{
	log_event(LOG_DEBUG, "reconciled", "found",
		  arena_printf(d->arena, "%lld", (long long)d->pass.found),
		  NULL);
	d->is_passing = false;
	arena_reset(d->pass_arena);
}

/* It failed; the next one is begun soon, and from where this one did. */
static void
give_up_pass(struct daemon *d, const char *why)
{
	struct ctx c = daemon_ctx(d, d->arena);
	enum err e = reconcile_give_up(&c);

	daemon_note_db(d, e);
	log_event(LOG_INFO, "reconcile_cut_short", "reason", why, NULL);
	d->is_passing = false;
	d->next_pass = c.now + 5 * USEC_PER_SEC;
	arena_reset(d->pass_arena);
}

/* A step of the pass is done: on with the next request, if there is one. */
static void
step(struct daemon *d, enum err e, bool more,
     const struct linear_request *request)
{
	if (e || d->stopping) {
		give_up_pass(d, d->stopping   ? "stopping"
				: e == ERR_DB ? "database"
					      : "not understood");
		return;
	}
	if (!more) {
		end_pass(d);
		return;
	}
	gate_begin(&d->gate);
	linear_send(d->linear, d->pass_arena, request, &d->pass);
}

void
inward_begin_pass(struct daemon *d)
{
	struct ctx c = daemon_ctx(d, d->arena);
	struct linear_request request;
	bool ours = false, more = false;
	enum err e;

	if (d->is_passing || c.now < d->next_pass || d->gate.reason ||
	    gate_is_scarce(&d->gate, c.now))
		return;
	d->next_pass = c.now + USEC_PER_SEC;
	e = reconcile_claim(&ours, &c);
	daemon_note_db(d, e);
	if (e || !ours)
		return;
	d->is_passing = true;
	c = daemon_ctx(d, d->pass_arena);
	e = reconcile_begin(&more, &request, &d->pass, &c);
	step(d, e, more, &request);
}

void
inward_go_on(struct daemon *d, const struct linear_answer *answer)
{
	struct ctx c = daemon_ctx(d, d->pass_arena);
	struct linear_request request;
	bool more = false;
	enum err e;

	if (answer->outcome != LINEAR_OK) {
		give_up_pass(d, answer->text);
		return;
	}
	e = reconcile_go_on(&more, &request, &d->pass, &c, answer);
	step(d, e, more, &request);
}
