/* The jobs under way: each in a slot (slot.c), with at most one request
 * pending. How many slots are used depends on the breaker, on the request
 * budget, and on who waits. Answers are passed to their slots; in each round
 * the slots that the database or another request held up are tried again. */

#include "base/arena.h"
#include "base/log.h"
#include "docket-sync.h"
#include "slot.h"
#include "sync/pause.h"

void
jobs_init(struct daemon *d)
{
	for (size_t i = 0; i < LINEAR_PARALLEL; i++)
		d->jobs.slots[i].task.arena = arena_new();
}

void
jobs_release(struct daemon *d)
{
	for (size_t i = 0; i < LINEAR_PARALLEL; i++)
		arena_free(d->jobs.slots[i].task.arena);
}

size_t
jobs_busy(const struct daemon *d)
{
	size_t n = 0;

	for (size_t i = 0; i < LINEAR_PARALLEL; i++)
		n += d->jobs.slots[i].phase != PHASE_FREE;
	return n;
}

static bool
jobs_has(const struct daemon *d, int64_t issue_id)
{
	for (size_t i = 0; i < LINEAR_PARALLEL; i++)
		if (d->jobs.slots[i].phase != PHASE_FREE &&
		    d->jobs.slots[i].task.job.issue_id == issue_id)
			return true;
	return false;
}

/* How many more requests may begin now. */
static size_t
room_for_requests(const struct daemon *d)
{
	usec_t now = clock_now();
	size_t busy = jobs_busy(d);
	size_t n = breaker_room(&d->breaker, now, LINEAR_PARALLEL);

	return n > busy ? n - busy : 0;
}

/* How many jobs of the queue may begin: a fifth of the slots, and of the
 * hourly budget, is kept for issues that somebody waits for. Once that fifth
 * is being used, the queue goes on at half the rate at which the budget
 * refills. */
static size_t
room_for_queue(struct daemon *d)
{
	const size_t n = room_for_requests(d), busy = jobs_busy(d);
	const size_t kept = LINEAR_PARALLEL / 5;
	const size_t spare = breaker_spare(&d->breaker, clock_now());
	const usec_t now = clock_monotonic();

	if (d->breaker.reason) /* it is a probe */
		return n;
	if (n <= kept)
		return 0;
	if (spare > busy)
		return n - kept < spare - busy ? n - kept : spare - busy;
	if (spare > 0 || now < d->jobs.next_frugal)
		return 0;
	d->jobs.next_frugal = now + 2 * breaker_refill_time(&d->breaker);
	return 1;
}

bool
jobs_begin(struct daemon *d)
{
	struct sync_job jobs[LINEAR_PARALLEL];
	struct ctx c = daemon_ctx(d, d->arena);
	size_t n = room_for_queue(d), count;
	enum err e;

	if (!n) /* when one ends, others may begin */
		return d->more && jobs_busy(d) > 0;
	e = job_lease(jobs, &count, &c, d->owner, &d->jobs.turns, n,
		      breaker_spare(&d->breaker, c.now) > 0);
	daemon_note_db(d, e);
	for (size_t i = 0; !e && i < count; i++)
		slot_start(d, &jobs[i]);
	return !e && count == n;
}

enum err
jobs_begin_one(struct daemon *d, int64_t issue_id)
{
	struct ctx c = daemon_ctx(d, d->arena);
	struct sync_job job;
	enum err e;

	if (jobs_has(d, issue_id))
		return OK;
	if (!room_for_requests(d))
		return ERR_LIMITED;
	e = job_lease_in_turn(&job, &c, d->owner, issue_id);
	daemon_note_db(d, e == ERR_DB ? e : OK);
	if (e == ERR_LIMITED)
		d->more = true;
	if (!e)
		slot_start(d, &job);
	return e;
}

/* --- the breaker --------------------------------------------------------- */

static void
on_paused(struct daemon *d)
{
	log_event(LOG_WARN, "sync_paused", "reason",
		  breaker_reason_text(d->breaker.reason), NULL);
	d->jobs.on_pause(d);
}

static void
on_resumed(struct daemon *d)
{
	d->next_poll = 0;
	log_event(LOG_INFO, "sync_resumed", NULL);
}

static void
jobs_record_answer(struct daemon *d, const struct linear_answer *answer)
{
	struct ctx c = daemon_ctx(d, d->arena);

	switch (breaker_record(&d->breaker, answer, c.now)) {
	case BREAKER_PAUSED:
		daemon_note_db(d, pause_share(&c, &d->breaker));
		on_paused(d);
		break;
	case BREAKER_RESUMED:
		daemon_note_db(d, pause_end(&c));
		on_resumed(d);
		break;
	case BREAKER_SAME:
		break;
	}
}

void
jobs_adopt_pause(struct daemon *d)
{
	struct ctx c = daemon_ctx(d, d->arena);
	enum breaker_event event;

	daemon_note_db(d, pause_adopt(&event, &c, &d->breaker));
	if (event == BREAKER_PAUSED)
		on_paused(d);
	else if (event == BREAKER_RESUMED)
		on_resumed(d);
}

/* --- answers ------------------------------------------------------------- */

static void
take_answer(struct daemon *d, struct slot *s, struct linear_answer *answer)
{
	if (!s || slot_asks_linear(s)) {
		breaker_classify(&d->breaker, answer,
				 s ? s->task.job.issue_id : BREAKER_NO_ISSUE,
				 s && slot_writes(s));
		jobs_record_answer(d, answer);
	}
	if (!s) {
		d->jobs.on_other_answer(d, answer);
		return;
	}
	if (slot_asks_linear(s))
		d->jobs.on_answer(d, clock_monotonic() - s->sent_at);
	s->answer = *answer;
	s->phase = PHASE_APPLY;
	slot_apply(d, s);
}

void
jobs_poll(struct daemon *d)
{
	struct linear_answer answer;
	struct slot *s;
	void *tag;

	while (linear_take(&answer, &tag, d->linear))
		take_answer(d, tag, &answer); /* NULL: not of a job */
	for (size_t i = 0; i < LINEAR_PARALLEL; i++) {
		s = &d->jobs.slots[i];
		if (s->phase == PHASE_APPLY)
			slot_apply(d, s);
		else if (s->phase == PHASE_PLAN)
			slot_plan(d, s);
	}
}
