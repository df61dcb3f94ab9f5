/* One job under way.
 *
 * A slot plans its next request (task_plan), sends it, and applies the answer
 * (task_apply), until the job is done, given back or dead. If the database
 * fails, the slot keeps its answer and tries again in the next round; its lease
 * keeps others away meanwhile. Which jobs begin is in jobs.c. */

#include "slot.h"

#include "base/arena.h"
#include "base/log.h"

/* Files that are sent at once: each has its time, so they must share the line
 * with few others. */
#define UPLOADS_MAX 4
#define UPLOAD_WAIT (500 * USEC_PER_MSEC)

static const char *const step_words[] = {[STEP_NONE] = "none",
					 [STEP_TEAM] = "team",
					 [STEP_USER] = "user",
					 [STEP_GET] = "get",
					 [STEP_CREATE] = "create",
					 [STEP_UPDATE] = "update",
					 [STEP_LINK] = "link",
					 [STEP_UNARCHIVE] = "unarchive",
					 [STEP_THREAD] = "thread",
					 [STEP_COMMENT] = "comment",
					 [STEP_COMMENT_EDIT] = "edit",
					 [STEP_COMMENT_WITHDRAW] = "withdraw",
					 [STEP_FILE_ASK] = "file_ask",
					 [STEP_FILE_PUT] = "file_put",
					 [STEP_FILES] = "files",
					 [STEP_FILES_EDIT] = "files_edit",
					 [STEP_FILES_WITHDRAW] =
					     "files_withdraw"};

bool
slot_writes(const struct slot *s)
{
	const enum step step = s->task.step;

	return step != STEP_NONE && step != STEP_TEAM && step != STEP_USER &&
	       step != STEP_GET;
}

bool
slot_asks_linear(const struct slot *s)
{
	return s->task.step != STEP_FILE_PUT;
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

/* No request may begin now: the job goes back to the queue, and is due again
 * after that time. */
static void
slot_put_back(struct daemon *d, struct slot *s, usec_t wait)
{
	struct ctx c = daemon_ctx(d, s->task.arena);
	enum err e =
	    job_release(&c, d->owner, &s->task.job, c.now + wait, NULL, NULL);

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

/* How many files are being sent, or about to be. */
static size_t
count_uploads(const struct daemon *d)
{
	size_t n = 0;

	for (size_t i = 0; i < LINEAR_PARALLEL; i++) {
		const struct slot *s = &d->jobs.slots[i];

		n += (s->phase == PHASE_SENT || s->phase == PHASE_APPLY) &&
		     (s->task.step == STEP_FILE_ASK ||
		      s->task.step == STEP_FILE_PUT);
	}
	return n;
}

static void
slot_send(struct daemon *d, struct slot *s, const struct linear_request *r)
{
	if (slot_asks_linear(s))
		breaker_begin(&d->breaker);
	linear_send(d->linear, s->task.arena, r, s);
	s->sent_at = clock_monotonic();
	s->phase = PHASE_SENT;
}

/* Plans until there is something to send, or nothing more to do. */
void
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
	if (s->task.step == STEP_FILE_ASK) /* nobody waits for files */
		d->jobs.on_end(d, s->task.job.issue_id, true);
	if (d->stopping || !breaker_room(&d->breaker, c.now, 1))
		slot_put_back(d, s, 0);
	else if (s->task.step == STEP_FILE_ASK &&
		 count_uploads(d) >= UPLOADS_MAX)
		slot_put_back(d, s, UPLOAD_WAIT);
	else if (is_being_asked(d, s))
		s->task.rounds--;
	else
		slot_send(d, s, &request);
}

void
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
	d->news.next = 0; /* the answer may have changed the issue */
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

void
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
