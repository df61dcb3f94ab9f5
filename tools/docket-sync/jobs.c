/* The jobs under way: each in a slot, with one request in the air at most. */

#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "db/db.h"
#include "db/shared_state.h"
#include "docket-sync.h"
#include "sync/pause.h"

static const char *const step_words[] = {
    [STEP_NONE] = "none",     [STEP_TEAM] = "team",
    [STEP_USER] = "user",     [STEP_GET] = "get",
    [STEP_CREATE] = "create", [STEP_UPDATE] = "update",
    [STEP_LINK] = "link",     [STEP_UNARCHIVE] = "unarchive",
    [STEP_THREAD] = "thread", [STEP_COMMENT] = "comment",
    [STEP_EDIT] = "edit",     [STEP_WITHDRAW] = "withdraw"};

static bool
step_writes(enum step step)
{
	return step != STEP_NONE && step != STEP_TEAM && step != STEP_USER &&
	       step != STEP_GET;
}

void
jobs_init(struct daemon *d)
{
	for (size_t i = 0; i < LINEAR_PARALLEL; i++)
		d->slots[i].task.arena = arena_new();
}

void
jobs_release(struct daemon *d)
{
	for (size_t i = 0; i < LINEAR_PARALLEL; i++)
		arena_free(d->slots[i].task.arena);
}

size_t
jobs_busy(const struct daemon *d)
{
	size_t n = 0;

	for (size_t i = 0; i < LINEAR_PARALLEL; i++)
		n += d->slots[i].phase != PHASE_FREE;
	return n;
}

bool
jobs_has(const struct daemon *d, int64_t issue_id)
{
	for (size_t i = 0; i < LINEAR_PARALLEL; i++)
		if (d->slots[i].phase != PHASE_FREE &&
		    d->slots[i].task.job.issue_id == issue_id)
			return true;
	return false;
}

static const char *
number(struct arena *a, int64_t v)
{
	return arena_printf(a, "%lld", (long long)v);
}

static void
log_outcome(struct daemon *d, const struct slot *s, enum log_level level,
	    const char *event)
{
	struct arena *a = s->task.arena;

	(void)d;
	log_event(level, event, "issue", number(a, s->task.job.issue_id),
		  "step", step_words[s->task.step], "requests",
		  number(a, s->task.rounds - 1), "code", s->answer.code, "text",
		  s->answer.text, NULL);
}

/* The job is over for now: whoever waits for it is told. */
static void
end(struct daemon *d, struct slot *s, enum verdict verdict)
{
	bool done = verdict == TASK_DONE;

	switch (verdict) {
	case TASK_DONE:
		d->done++;
		log_outcome(d, s, LOG_DEBUG, "synced");
		break;
	case TASK_RETRY:
		d->failed++;
		log_outcome(d, s, LOG_INFO, "sync_delayed");
		break;
	case TASK_DEAD:
		d->failed++;
		log_outcome(d, s, LOG_WARN, "sync_failed");
		break;
	case TASK_LOST:
	case TASK_SEND:
	case TASK_AGAIN:
		break;
	}
	waiters_tell(d, s->task.job.issue_id, done ? NUDGE_DONE : NUDGE_LATER);
	s->phase = PHASE_FREE;
	arena_reset(s->task.arena);
}

/* A piece of work on the database failed. Where the database is to blame the
 * job stays as it is, to be gone on with; else something is wrong with the
 * issue. */
static void
stumble(struct daemon *d, struct slot *s, enum err e)
{
	struct ctx c = daemon_ctx(d, s->task.arena);
	enum verdict verdict;

	if (e == ERR_DB || e == ERR_AGAIN) {
		daemon_note_db(d, e);
		return;
	}
	s->answer.code = "internal";
	s->answer.text = "Docket could not apply this change.";
	e = task_fault(&verdict, &s->task, &c, false, s->answer.code,
		       s->answer.text);
	daemon_note_db(d, e);
	if (!e)
		end(d, s, verdict);
}

/* No request may begin now: the job goes back to the queue. */
static void
put_back(struct daemon *d, struct slot *s)
{
	struct ctx c = daemon_ctx(d, s->task.arena);
	enum err e = job_release(&c, d->owner, &s->task.job, c.now, NULL, NULL);

	daemon_note_db(d, e);
	if (!e)
		end(d, s, TASK_LOST);
}

/* The same is asked already, for another issue: when that is answered, this
 * one plans again. */
static bool
is_being_asked(const struct daemon *d, const struct slot *s)
{
	const enum step step = s->task.step;

	if (step != STEP_TEAM && step != STEP_USER)
		return false;
	for (size_t i = 0; i < LINEAR_PARALLEL; i++)
		if (d->slots[i].phase == PHASE_SENT &&
		    d->slots[i].task.step == step)
			return true;
	return false;
}

/* Plans until there is something to send, or nothing more to do. */
static void
plan(struct daemon *d, struct slot *s)
{
	struct ctx c = daemon_ctx(d, s->task.arena);
	struct linear_request request;
	enum verdict verdict;
	enum err e;

	do
		e = task_plan(&verdict, &request, &s->task, &c);
	while (!e && verdict == TASK_AGAIN);
	if (e) {
		stumble(d, s, e);
		return;
	}
	daemon_note_db(d, OK);
	if (verdict != TASK_SEND) {
		end(d, s, verdict);
		return;
	}
	if (d->stopping || !gate_room(&d->gate, c.now, 1)) {
		put_back(d, s);
		return;
	}
	if (is_being_asked(d, s)) {
		s->task.rounds--;
		return;
	}
	gate_begin(&d->gate);
	linear_send(d->linear, s->task.arena, &request, s);
	s->sent_at = clock_monotonic();
	s->phase = PHASE_SENT;
}

static void
apply(struct daemon *d, struct slot *s)
{
	struct ctx c = daemon_ctx(d, s->task.arena);
	enum verdict verdict;
	enum err e = task_apply(&verdict, &s->task, &c, &s->answer);

	if (e) {
		stumble(d, s, e);
		return;
	}
	daemon_note_db(d, OK);
	s->phase = PHASE_PLAN;
	if (verdict == TASK_AGAIN)
		plan(d, s);
	else
		end(d, s, verdict);
}

static struct slot *
free_slot(struct daemon *d)
{
	for (size_t i = 0; i < LINEAR_PARALLEL; i++)
		if (d->slots[i].phase == PHASE_FREE)
			return &d->slots[i];
	return NULL;
}

static void
begin(struct daemon *d, const struct sync_job *job)
{
	struct slot *s = free_slot(d);
	struct arena *a = s->task.arena;

	s->phase = PHASE_PLAN;
	s->answer = (struct linear_answer){0};
	s->task = (struct task){
	    .arena = a, .owner = d->owner, .cache = d->cache, .job = *job};
	plan(d, s);
}

/* How many more may begin now. */
static size_t
room(const struct daemon *d)
{
	usec_t now = clock_now();
	size_t busy = jobs_busy(d);
	size_t n = gate_room(&d->gate, now, LINEAR_PARALLEL);

	return n > busy ? n - busy : 0;
}

/* How many may begin of what nobody waits for just now: a fifth of the places,
 * and of the hour's requests, is kept for nudges. When that fifth is begun the
 * queue goes on at half the pace at which requests come back. */
static size_t
room_for_queue(struct daemon *d)
{
	const size_t n = room(d), busy = jobs_busy(d);
	const size_t kept = LINEAR_PARALLEL / 5;
	const size_t spare = gate_spare(&d->gate, clock_now());
	const usec_t now = clock_monotonic();

	if (d->gate.reason) /* it is a probe */
		return n;
	if (n <= kept)
		return 0;
	if (spare > busy)
		return n - kept < spare - busy ? n - kept : spare - busy;
	if (spare > 0 || now < d->next_frugal)
		return 0;
	d->next_frugal = now + 2 * gate_refill(&d->gate);
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
	e = job_lease(jobs, &count, &c, d->owner, &d->turns, n,
		      gate_spare(&d->gate, c.now) > 0);
	daemon_note_db(d, e);
	for (size_t i = 0; !e && i < count; i++)
		begin(d, &jobs[i]);
	return !e && count == n;
}

enum err
jobs_begin_one(struct daemon *d, int64_t issue_id)
{
	struct ctx c = daemon_ctx(d, d->arena);
	struct sync_job job;
	enum err e;

	if (!room(d))
		return ERR_LIMITED;
	e = job_lease_in_turn(&job, &c, d->owner, issue_id);
	daemon_note_db(d, e == ERR_DB ? e : OK);
	if (e == ERR_LIMITED)
		d->more = true;
	if (!e)
		begin(d, &job);
	return e;
}

/* --- the gate ------------------------------------------------------------ */

static void
say_paused(struct daemon *d)
{
	log_event(LOG_WARN, "sync_paused", "reason",
		  gate_reason(d->gate.reason), NULL);
	waiters_dismiss(d);
}

static void
say_resumed(struct daemon *d)
{
	d->next_poll = 0;
	log_event(LOG_INFO, "sync_resumed", NULL);
}

void
jobs_note_gate(struct daemon *d, const struct linear_answer *answer)
{
	struct ctx c = daemon_ctx(d, d->arena);

	switch (gate_note(&d->gate, answer, c.now)) {
	case GATE_PAUSED:
		daemon_note_db(d, pause_share(&c, &d->gate));
		say_paused(d);
		break;
	case GATE_RESUMED:
		daemon_note_db(d, pause_end(&c));
		say_resumed(d);
		break;
	case GATE_SAME:
		break;
	}
}

void
jobs_heed_gate(struct daemon *d)
{
	struct ctx c = daemon_ctx(d, d->arena);
	enum gate_event event;

	daemon_note_db(d, pause_adopt(&event, &c, &d->gate));
	if (event == GATE_PAUSED)
		say_paused(d);
	else if (event == GATE_RESUMED)
		say_resumed(d);
}

void
jobs_go_on(struct daemon *d)
{
	struct linear_answer answer;
	struct slot *s;
	void *tag;

	while (linear_take(&answer, &tag, d->linear)) {
		s = tag == &d->pass ? NULL : tag;
		gate_blame(&d->gate, &answer,
			   s ? s->task.job.issue_id : GATE_NO_ISSUE,
			   s && step_writes(s->task.step));
		jobs_note_gate(d, &answer);
		if (!s) {
			inward_go_on(d, &answer);
			continue;
		}
		waiters_note_time(d, clock_monotonic() - s->sent_at);
		s->answer = answer;
		s->phase = PHASE_APPLY;
		apply(d, s);
	}
	for (size_t i = 0; i < LINEAR_PARALLEL; i++) {
		s = &d->slots[i];
		if (s->phase == PHASE_APPLY)
			apply(d, s);
		else if (s->phase == PHASE_PLAN)
			plan(d, s);
	}
}
