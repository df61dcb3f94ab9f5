#include "sync/breaker.h"

/* Failures in a row that mean more than bad luck. */
#define PATIENCE 5

/* In which a bucket fills. */
#define HOUR (3600 * USEC_PER_SEC)

/* The first pause and the longest. */
static const struct {
	usec_t first, longest;
} pauses[] = {
    [LINEAR_RETRY] = {USEC_PER_SEC, 15 * USEC_PER_SEC},
    [LINEAR_AUTH] = {5 * USEC_PER_SEC, 60 * USEC_PER_SEC},
    [LINEAR_LIMITED] = {60 * USEC_PER_SEC, GATE_PAUSE_MAX},
};

size_t
gate_room(const struct gate *g, usec_t now, size_t most)
{
	if (!g->reason)
		return most;
	return now >= g->until && !g->probing && most ? 1 : 0;
}

void
gate_begin(struct gate *g)
{
	if (g->reason)
		g->probing = true;
}

/* The bucket is not empty, so what was refused is something smaller than the
 * hour's share, and soon over. */
static bool
is_brief(const struct linear_answer *a)
{
	return a->outcome == LINEAR_LIMITED && a->budget.remaining > 0 &&
	       a->budget.points_remaining != 0;
}

/* What Linear asks for; 0: nothing. */
static usec_t
asked_pause(const struct linear_answer *a)
{
	const int64_t s = a->budget.retry_after_s;

	if (s <= 0)
		return 0;
	return s > GATE_PAUSE_MAX / USEC_PER_SEC ? GATE_PAUSE_MAX
						 : s * USEC_PER_SEC;
}

static usec_t
first_pause(const struct linear_answer *a)
{
	const usec_t asked = asked_pause(a);

	if (asked)
		return asked;
	return is_brief(a) ? USEC_PER_SEC : pauses[a->outcome].first;
}

/* A reason that lasts makes the pauses grow; what Linear asks for is never cut
 * short. */
static enum gate_event
close_gate(struct gate *g, const struct linear_answer *a, usec_t now)
{
	const usec_t asked = asked_pause(a);
	usec_t longest = pauses[a->outcome].longest;

	if (is_brief(a))
		longest = 15 * USEC_PER_SEC;
	g->wait = g->reason == a->outcome ? 2 * g->wait : first_pause(a);
	if (g->wait > longest)
		g->wait = longest;
	if (g->wait < asked)
		g->wait = asked;
	g->reason = a->outcome;
	g->until = now + g->wait;
	return GATE_PAUSED;
}

/* Linear has said something, so it is there, and takes the key. */
static enum gate_event
open_gate(struct gate *g)
{
	bool was_closed = g->reason != 0;

	g->reason = 0;
	g->failures = 0;
	g->is_shared = false;
	return was_closed ? GATE_RESUMED : GATE_SAME;
}

static void
note_budget(struct gate *g, const struct linear_budget *b, usec_t now)
{
	if (b->limit < 0)
		return;
	g->budget = *b;
	g->budget_at = now;
}

enum gate_event
gate_note(struct gate *g, const struct linear_answer *a, usec_t now)
{
	bool late = g->reason && now < g->until;

	note_budget(g, &a->budget, now);
	g->probing = false;
	switch (a->outcome) {
	case LINEAR_AUTH:
	case LINEAR_LIMITED:
		return late ? GATE_SAME : close_gate(g, a, now);
	case LINEAR_RETRY:
		if (a->own_fault && !g->reason)
			return GATE_SAME;
		g->failures++;
		if (late || (!g->reason && g->failures < PATIENCE))
			return GATE_SAME;
		return close_gate(g, a, now);
	case LINEAR_OK:
	case LINEAR_DUPLICATE:
	case LINEAR_NOT_FOUND:
	case LINEAR_ARCHIVED:
	case LINEAR_STALE:
	case LINEAR_INVALID:
		break;
	}
	return late ? GATE_SAME : open_gate(g);
}

/* What is left of a bucket above its reserve, which is a fifth. A bucket
 * refills all the time, by its limit an hour. */
static double
above_reserve(int64_t limit, int64_t remaining, usec_t since)
{
	const double left =
	    (double)remaining + (double)limit * (double)since / (double)HOUR;

	return left - (double)limit / 5;
}

static bool
is_well(enum linear_outcome outcome)
{
	return outcome != LINEAR_RETRY && outcome != LINEAR_AUTH &&
	       outcome != LINEAR_LIMITED;
}

static bool
is_suspect_alone(const struct gate *g, int64_t issue_id)
{
	for (size_t i = 0; i < 2; i++)
		if (g->suspects[i] && g->suspects[i] != issue_id)
			return false;
	return issue_id != GATE_NO_ISSUE;
}

void
gate_blame(struct gate *g, struct linear_answer *a, int64_t issue_id,
	   bool writes)
{
	int64_t *suspect = &g->suspects[writes];

	if (is_well(a->outcome)) {
		g->suspects[false] = 0;
		if (writes)
			*suspect = 0;
	} else if (a->outcome == LINEAR_RETRY) {
		if (*suspect != issue_id)
			*suspect = *suspect ? GATE_NO_ISSUE : issue_id;
		a->own_fault = a->answered && is_suspect_alone(g, issue_id);
	}
}

enum gate_event
gate_heed(struct gate *g, enum linear_outcome reason, usec_t since,
	  usec_t until)
{
	const bool was_open = g->reason == 0, is_news = g->reason != reason;

	g->is_shared = true;
	if (!is_news && (reason == LINEAR_AUTH || until <= g->until))
		return GATE_SAME;
	g->reason = reason;
	g->wait = until > since ? until - since : pauses[reason].first;
	g->until = reason == LINEAR_AUTH ? since : until;
	return was_open ? GATE_PAUSED : GATE_SAME;
}

enum gate_event
gate_relent(struct gate *g)
{
	return g->is_shared ? open_gate(g) : GATE_SAME;
}

size_t
gate_spare(const struct gate *g, usec_t now)
{
	const struct linear_budget *b = &g->budget;
	const usec_t since = now - g->budget_at;
	double spare;

	if (b->points_limit > 0 &&
	    above_reserve(b->points_limit, b->points_remaining, since) < 0)
		return 0;
	if (b->limit <= 0)
		return GATE_UNLIMITED;
	spare = above_reserve(b->limit, b->remaining, since);
	return spare < 1 ? 0 : (size_t)spare;
}

usec_t
gate_refill(const struct gate *g)
{
	return g->budget.limit > 0 ? HOUR / g->budget.limit : USEC_PER_SEC;
}

const char *
gate_reason(enum linear_outcome reason)
{
	switch (reason) {
	case LINEAR_AUTH:
		return "Linear refuses the API key.";
	case LINEAR_LIMITED:
		return "Linear limits the number of requests.";
	case LINEAR_RETRY:
		return "Linear cannot be reached.";
	case LINEAR_OK:
	case LINEAR_DUPLICATE:
	case LINEAR_NOT_FOUND:
	case LINEAR_ARCHIVED:
	case LINEAR_STALE:
	case LINEAR_INVALID:
		break;
	}
	return NULL;
}
