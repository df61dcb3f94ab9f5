/* What comes from Linear by itself: the stored webhook deliveries, and the
 * reconcile pass that finds what no webhook reported. */

#include "base/arena.h"
#include "base/log.h"
#include "docket-sync.h"
#include "sync/inbox.h"

/* The most deliveries in a row; then other work has its turn. */
#define BATCH 100

/* The pauses after a failed pass. */
#define PAUSE_MIN (5 * USEC_PER_SEC)
#define PAUSE_MAX (60 * USEC_PER_SEC)

bool
inbox_drain(struct daemon *d)
{
	enum err e = OK;
	int n = 0;

	for (; !e && n < BATCH; n++) {
		struct ctx c = daemon_ctx(d, d->arena);

		e = inbox_work(&c);
		arena_reset(d->arena);
	}
	daemon_note_db(d, e == ERR_NOTFOUND ? OK : e);
	if (n > 1 || !e)
		d->news.next = 0;
	if (!e)
		d->next_poll = 0;
	return !e;
}

/* --- the reconcile pass -------------------------------------------------- */

/* Nobody waits for the pass, so it may use only spare budget. But while the
 * breaker is tripped its request is as good a probe as any other, and if
 * nothing else is to be sent it is the only one. */
static bool
may_ask(const struct daemon *d, usec_t now)
{
	return breaker_room(&d->breaker, now, 1) > 0 &&
	       (d->breaker.reason || breaker_spare(&d->breaker, now) > 0);
}

static void
forget_pass(struct daemon *d)
{
	d->pass.phase = PASS_NONE;
	arena_reset(d->pass.arena);
	arena_reset(d->pass.page_arenas[0]);
	arena_reset(d->pass.page_arenas[1]);
}

static void
end_pass(struct daemon *d)
{
	log_event(
	    LOG_DEBUG, "reconciled", "found",
	    arena_printf(d->arena, "%lld", (long long)d->pass.reconcile.found),
	    NULL);
	d->pass.wait = 0;
	d->more = d->more || d->pass.reconcile.found > 0;
	forget_pass(d);
}

/* The pass failed; the next one starts soon, from the same watermark. */
static void
give_up_pass(struct daemon *d, const char *why)
{
	struct ctx c = daemon_ctx(d, d->arena);

	daemon_note_db(d, reconcile_abort(&c));
	log_event(LOG_INFO, "reconcile_cut_short", "reason", why, NULL);
	d->pass.wait = d->pass.wait ? 2 * d->pass.wait : PAUSE_MIN;
	if (d->pass.wait > PAUSE_MAX)
		d->pass.wait = PAUSE_MAX;
	d->pass.next = clock_monotonic() + d->pass.wait;
	forget_pass(d);
}

/* The arena for the next page: of the two, the one that does not hold the
 * answer with that page's cursor. */
static struct arena *
turn_page(struct daemon *d)
{
	struct arena *a = d->pass.page_arenas[1];

	d->pass.page_arenas[1] = d->pass.page_arenas[0];
	d->pass.page_arenas[0] = a;
	arena_reset(a);
	return a;
}

static void
ask_for_page(struct daemon *d)
{
	if (!may_ask(d, clock_now()))
		return;
	breaker_begin(&d->breaker);
	linear_send(d->linear, d->pass.page_arenas[0], &d->pass.page, NULL);
	d->pass.phase = PASS_SENT;
}

/* A step of the pass is done: asks for the next page, if there is one. */
static void
step(struct daemon *d, enum err e, bool more)
{
	daemon_note_db(d, e == ERR_UPSTREAM ? OK : e);
	if (e) {
		give_up_pass(d, e == ERR_DB ? "database" : "not understood");
		return;
	}
	if (!more) {
		end_pass(d);
		return;
	}
	d->pass.phase = PASS_WAITS;
	if (!d->stopping)
		ask_for_page(d);
}

static void
begin_pass(struct daemon *d)
{
	struct ctx c = daemon_ctx(d, d->arena);
	const usec_t now = clock_monotonic();
	bool ours = false, more = false;
	enum err e;

	if (now < d->pass.next || !may_ask(d, c.now))
		return;
	d->pass.next = now + USEC_PER_SEC;
	e = reconcile_claim(&ours, &c, d->breaker.reason != 0);
	daemon_note_db(d, e);
	if (e || !ours)
		return;
	c = daemon_ctx(d, d->pass.arena);
	e = reconcile_begin(&more, &d->pass.page, &d->pass.reconcile, &c);
	step(d, e, more);
}

void
pass_run(struct daemon *d)
{
	if (d->pass.phase == PASS_NONE)
		begin_pass(d);
	else if (d->pass.phase == PASS_WAITS)
		ask_for_page(d);
}

void
pass_take_answer(struct daemon *d, const struct linear_answer *answer)
{
	struct ctx c = daemon_ctx(d, turn_page(d));
	bool more = false;
	enum err e;

	if (answer->outcome != LINEAR_OK) {
		give_up_pass(d, answer->text);
		return;
	}
	e = reconcile_continue(&more, &d->pass.page, &d->pass.reconcile, &c,
			       answer);
	step(d, e, more);
}

void
pass_stop(struct daemon *d)
{
	if (d->pass.phase != PASS_NONE)
		give_up_pass(d, "stopping");
}
