#include "sync/pause.h"

#include <string.h>

#include "desk/sync_job.h"
#include "linear/client.h"

/* The reason as it is stored in the shared state. */
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
pause_share(struct ctx *c, struct breaker *br)
{
	enum err e = shared_state_extend(
	    c, STATE_PAUSED, linear_outcome_words[br->reason], br->until);

	if (!e && br->reason == LINEAR_AUTH)
		e = shared_state_set(c, STATE_REFUSED, "", 0);
	br->is_shared = !e;
	return e;
}

enum err
pause_end(struct ctx *c)
{
	enum err e = shared_state_clear(c, STATE_PAUSED);

	if (!e)
		e = shared_state_clear(c, STATE_REFUSED);
	return e ? e : job_expedite(c);
}

enum err
pause_adopt(enum breaker_event *out, struct ctx *c, struct breaker *br)
{
	struct shared_state paused;
	enum err e = shared_state_get(&paused, c, STATE_PAUSED);

	*out = BREAKER_SAME;
	if (!e &&
	    paused.until > c->now + BREAKER_PAUSE_MAX + CLOCKS_DIFFER_MAX) {
		paused.value = NULL;
		e = shared_state_clear(c, STATE_PAUSED);
	}
	if (!e)
		*out = paused.value
			   ? breaker_adopt(br, outcome_of(paused.value),
					   paused.updated_at, paused.until)
			   : breaker_end_shared(br);
	return e;
}

const char *
pause_reason(const struct shared_state *paused)
{
	return paused->value ? breaker_reason_text(outcome_of(paused->value))
			     : NULL;
}
