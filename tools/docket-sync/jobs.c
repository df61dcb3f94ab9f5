/* The jobs under way: each in a slot, with at most one request pending.
 *
 * A slot plans its next request (task_plan), sends it, and applies the
 * answer (task_apply), until the job is done, given back or dead. If the
 * database fails, the slot keeps its answer and tries again in the next
 * round; its lease keeps others away meanwhile. How many slots are used
 * depends on the breaker, on the request budget, and on who waits. */

#include "base/arena.h"
#include "base/log.h"
#include "db/db.h"
#include "docket-sync.h"
#include "sync/pause.h"

static const char *const step_words[] = {
    [STEP_NONE] = "none",	  [STEP_TEAM] = "team",
    [STEP_USER] = "user",	  [STEP_GET] = "get",
    [STEP_CREATE] = "create",	  [STEP_UPDATE] = "update",
    [STEP_LINK] = "link",	  [STEP_UNARCHIVE] = "unarchive",
    [STEP_THREAD] = "thread",	  [STEP_COMMENT] = "comment",
    [STEP_COMMENT_EDIT] = "edit", [STEP_COMMENT_WITHDRAW] = "withdraw"};

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

static const char *
int_text(struct arena *a, int64_t v)
{
	return arena_printf(a, "%lld", (long long)v);
}

static void
log_outcome(const struct slot *s, enum log_level level, const char *event)
{
	struct arena *a = s->task.arena;

	log_event(level, event, "issue", int_text(a, s->task.job.issue_id),
		  "step", step_words[s->task.step], "requests",
		  int_text(a, s->task.rounds - 1), "code", s->answer.code,
		  "text", s->answer.text, NULL);
}

/* The job is over for now: a process that waits for it gets an ack. */
static void
slot_finish(struct daemon *d, struct slot *s, enum verdict verdict)
{
	bool done = verdict == TASK_DONE;

	switch (verdict) {
	case TASK_DONE:
		d->jobs.done++;
		log_outcome(s, LOG_DEBUG, "synced");
		break;
	case TASK_RETRY:
		d->jobs.failed++;
		log_outcome(s, LOG_INFO, "sync_delayed");
		break;
	case TASK_DEAD:
		d->jobs.failed++;
		log_outcome(s, LOG_WARN, "sync_failed");
		break;
	case TASK_LOST:
	case TASK_SEND:
	case TASK_AGAIN:
		break;
	}
	d->jobs.on_end(d, s->task.job.issue_id, done);
	s->phase = PHASE_FREE;
	arena_reset(s->task.arena);
}

/* A database call failed. If the database is away the slot stays as it is,
 * to try again; otherwise the failure is issue-specific. */
static void
slot_on_error(struct daemon *d, struct slot *s, enum err e)
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
		slot_finish(d, s, verdict);
}

/* No request may begin now: the job goes back to the queue. */
static void
slot_put_back(struct daemon *d, struct slot *s)
{
	struct ctx c = daemon_ctx(d, s->task.arena);
	enum err e = job_release(&c, d->owner, &s->task.job, c.now, NULL, NULL);

	daemon_note_db(d, e);
	if (!e)
		slot_finish(d, s, TASK_LOST);
}

/* Another issue's request asks the same already; once it is answered this
 * one plans again, with the cache filled. */
static bool
is_being_asked(const struct daemon *d, const struct slot *s)
{
	const enum step step = s->task.step;

	if (step != STEP_TEAM && step != STEP_USER)
		return false;
	for (size_t i = 0; i < LINEAR_PARALLEL; i++)
		if (d->jobs.slots[i].phase == PHASE_SENT &&
		    d->jobs.slots[i].task.step == step)
			return true;
	return false;
}

/* Plans until there is something to send, or nothing more to do. */
static void
slot_plan(struct daemon *d, struct slot *s)
{
	struct ctx c = daemon_ctx(d, s->task.arena);
	struct linear_request request;
	enum verdict verdict;
	enum err e;

	do
		e = task_plan(&verdict, &request, &s->task, &c);
	while (!e && verdict == TASK_AGAIN);
	if (e) {
		slot_on_error(d, s, e);
		return;
	}
	daemon_note_db(d, OK);
	if (verdict != TASK_SEND) {
		slot_finish(d, s, verdict);
		return;
	}
	if (d->stopping || !breaker_room(&d->breaker, c.now, 1)) {
		slot_put_back(d, s);
		return;
	}
	if (is_being_asked(d, s)) {
		s->task.rounds--;
		return;
	}
	breaker_begin(&d->breaker);
	linear_send(d->linear, s->task.arena, &request, s);
	s->sent_at = clock_monotonic();
	s->phase = PHASE_SENT;
}

static void
slot_apply(struct daemon *d, struct slot *s)
{
	struct ctx c = daemon_ctx(d, s->task.arena);
	enum verdict verdict;
	enum err e = task_apply(&verdict, &s->task, &c, &s->answer);

	if (e) {
		slot_on_error(d, s, e);
		return;
	}
	daemon_note_db(d, OK);
	s->phase = PHASE_PLAN;
	if (verdict == TASK_AGAIN)
		slot_plan(d, s);
	else
		slot_finish(d, s, verdict);
}

static struct slot *
find_free_slot(struct daemon *d)
{
	for (size_t i = 0; i < LINEAR_PARALLEL; i++)
		if (d->jobs.slots[i].phase == PHASE_FREE)
			return &d->jobs.slots[i];
	return NULL;
}

static void
slot_start(struct daemon *d, const struct sync_job *job)
{
	struct slot *s = find_free_slot(d);
	struct arena *a = s->task.arena;

	s->phase = PHASE_PLAN;
	s->answer = (struct linear_answer){0};
	s->task = (struct task){
	    .arena = a, .owner = d->owner, .cache = d->jobs.cache, .job = *job};
	slot_plan(d, s);
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

void
jobs_poll(struct daemon *d)
{
	struct linear_answer answer;
	struct slot *s;
	void *tag;

	while (linear_take(&answer, &tag, d->linear)) {
		s = tag; /* NULL: not of a job */
		breaker_classify(&d->breaker, &answer,
				 s ? s->task.job.issue_id : BREAKER_NO_ISSUE,
				 s && step_writes(s->task.step));
		jobs_record_answer(d, &answer);
		if (!s) {
			d->jobs.on_other_answer(d, &answer);
			continue;
		}
		d->jobs.on_answer(d, clock_monotonic() - s->sent_at);
		s->answer = answer;
		s->phase = PHASE_APPLY;
		slot_apply(d, s);
	}
	for (size_t i = 0; i < LINEAR_PARALLEL; i++) {
		s = &d->jobs.slots[i];
		if (s->phase == PHASE_APPLY)
			slot_apply(d, s);
		else if (s->phase == PHASE_PLAN)
			slot_plan(d, s);
	}
}
