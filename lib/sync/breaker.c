/* The circuit breaker of an API key. It trips after some failures in a row,
 * or at once if Linear refuses or limits the key. While it is tripped no
 * request is sent until the pause is over; then one request probes. If the
 * probe fails the next pause is longer, within the limits of `pauses`; if it
 * succeeds the breaker is reset.
 *
 * Nothing here touches the database or the network: the callers pass the
 * answers and the time. Sharing the state with other processes is in
 * pause.c. */

#include "sync/breaker.h"

/* So many failures in a row are more than bad luck. */
#define PATIENCE 5

/* The time in which an empty bucket fills. */
#define HOUR (3600 * USEC_PER_SEC)

/* The first pause and the longest. */
static const struct {
	usec_t first, longest;
} pauses[] = {
    [LINEAR_RETRY] = {USEC_PER_SEC, 15 * USEC_PER_SEC},
    [LINEAR_AUTH] = {5 * USEC_PER_SEC, 60 * USEC_PER_SEC},
    [LINEAR_LIMITED] = {60 * USEC_PER_SEC, BREAKER_PAUSE_MAX},
};

size_t
breaker_room(const struct breaker *br, usec_t now, size_t most)
{
	if (!br->reason)
		return most;
	return now >= br->until && !br->probing && most ? 1 : 0;
}

void
breaker_begin(struct breaker *br)
{
	if (br->reason)
		br->probing = true;
}

/* The bucket is not empty, so a smaller limit was hit, which is soon over. */
static bool
is_brief(const struct linear_answer *a)
{
	return a->outcome == LINEAR_LIMITED && a->budget.remaining > 0 &&
	       a->budget.points_remaining != 0;
}

/* The pause that Linear asks for; 0: none. */
static usec_t
asked_pause(const struct linear_answer *a)
{
	const int64_t s = a->budget.retry_after_s;

	if (s <= 0)
		return 0;
	return s > BREAKER_PAUSE_MAX / USEC_PER_SEC ? BREAKER_PAUSE_MAX
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

/* The pause grows while the reason lasts. It is never shorter than what
 * Linear asks for. */
static enum breaker_event
breaker_trip(struct breaker *br, const struct linear_answer *a, usec_t now)
{
	const usec_t asked = asked_pause(a);
	usec_t longest = pauses[a->outcome].longest;

	if (is_brief(a))
		longest = 15 * USEC_PER_SEC;
	br->wait = br->reason == a->outcome ? 2 * br->wait : first_pause(a);
	if (br->wait > longest)
		br->wait = longest;
	if (br->wait < asked)
		br->wait = asked;
	br->reason = a->outcome;
	br->until = now + br->wait;
	return BREAKER_PAUSED;
}

/* Linear has answered, so it can be reached and accepts the key. */
static enum breaker_event
breaker_reset(struct breaker *br)
{
	bool was_closed = br->reason != 0;

	br->reason = 0;
	br->failures = 0;
	br->is_shared = false;
	return was_closed ? BREAKER_RESUMED : BREAKER_SAME;
}

static void
note_budget(struct breaker *br, const struct linear_budget *b, usec_t now)
{
	if (b->limit < 0)
		return;
	br->budget = *b;
	br->budget_at = now;
}

enum breaker_event
breaker_record(struct breaker *br, const struct linear_answer *a, usec_t now)
{
	bool late = br->reason && now < br->until;

	note_budget(br, &a->budget, now);
	br->probing = false;
	switch (a->outcome) {
	case LINEAR_AUTH:
	case LINEAR_LIMITED:
		return late ? BREAKER_SAME : breaker_trip(br, a, now);
	case LINEAR_RETRY:
		if (a->is_issue_specific && !br->reason)
			return BREAKER_SAME;
		br->failures++;
		if (late || (!br->reason && br->failures < PATIENCE))
			return BREAKER_SAME;
		return breaker_trip(br, a, now);
	case LINEAR_OK:
	case LINEAR_DUPLICATE:
	case LINEAR_NOT_FOUND:
	case LINEAR_ARCHIVED:
	case LINEAR_STALE:
	case LINEAR_INVALID:
		break;
	}
	return late ? BREAKER_SAME : breaker_reset(br);
}

/* What is left of a bucket above its reserve of one fifth. A bucket refills
 * steadily, by its limit per hour. */
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
is_only_suspect(const struct breaker *br, int64_t issue_id)
{
	for (size_t i = 0; i < 2; i++)
		if (br->suspects[i] && br->suspects[i] != issue_id)
			return false;
	return issue_id != BREAKER_NO_ISSUE;
}

void
breaker_classify(struct breaker *br, struct linear_answer *a, int64_t issue_id,
		 bool writes)
{
	int64_t *suspect = &br->suspects[writes];

	if (is_well(a->outcome)) {
		br->suspects[false] = 0;
		if (writes)
			*suspect = 0;
	} else if (a->outcome == LINEAR_RETRY) {
		if (*suspect != issue_id)
			*suspect = *suspect ? BREAKER_NO_ISSUE : issue_id;
		a->is_issue_specific =
		    a->answered && is_only_suspect(br, issue_id);
	}
}

enum breaker_event
breaker_adopt(struct breaker *br, enum linear_outcome reason, usec_t since,
	      usec_t until)
{
	const bool was_open = br->reason == 0, is_news = br->reason != reason;

	br->is_shared = true;
	if (!is_news && (reason == LINEAR_AUTH || until <= br->until))
		return BREAKER_SAME;
	br->reason = reason;
	br->wait = until > since ? until - since : pauses[reason].first;
	br->until = reason == LINEAR_AUTH ? since : until;
	return was_open ? BREAKER_PAUSED : BREAKER_SAME;
}

enum breaker_event
breaker_end_shared(struct breaker *br)
{
	return br->is_shared ? breaker_reset(br) : BREAKER_SAME;
}

size_t
breaker_spare(const struct breaker *br, usec_t now)
{
	const struct linear_budget *b = &br->budget;
	const usec_t since = now - br->budget_at;
	double spare;

	if (b->points_limit > 0 &&
	    above_reserve(b->points_limit, b->points_remaining, since) < 0)
		return 0;
	if (b->limit <= 0)
		return BREAKER_UNLIMITED;
	spare = above_reserve(b->limit, b->remaining, since);
	return spare < 1 ? 0 : (size_t)spare;
}

usec_t
breaker_refill_time(const struct breaker *br)
{
	return br->budget.limit > 0 ? HOUR / br->budget.limit : USEC_PER_SEC;
}

const char *
breaker_reason_text(enum linear_outcome reason)
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
