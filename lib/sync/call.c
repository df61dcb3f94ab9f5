#include "call.h"

#include "db/shared_state.h"
#include "sync/pause.h"

/* Made on first use, kept for ever. */
static struct {
	struct linear *linear;
	struct gate gate;
} own;

/* That there is no answer does not hold back others: somebody who waits may
 * well try. */
static enum err
note(struct ctx *c, const struct linear_answer *answer)
{
	if (answer->outcome == LINEAR_RETRY)
		return OK;
	switch (gate_note(&own.gate, answer, c->now)) {
	case GATE_PAUSED:
		return pause_share(c, &own.gate);
	case GATE_RESUMED:
		return pause_end(c);
	case GATE_SAME:
		break;
	}
	return OK;
}

enum err
sync_call(struct linear_answer *out, struct ctx *c,
	  const struct linear_request *r)
{
	enum gate_event event;
	enum err e;

	c->now = clock_now();
	e = pause_adopt(&event, c, &own.gate);
	if (e)
		return e;
	if (own.gate.reason == LINEAR_LIMITED && c->now < own.gate.until) {
		*out = (struct linear_answer){
		    .outcome = LINEAR_LIMITED,
		    .code = linear_outcome_words[LINEAR_LIMITED],
		    .text = gate_reason(LINEAR_LIMITED),
		    .unsent = true};
		return OK;
	}
	if (!own.linear)
		own.linear = linear_new(c->conf);
	linear_call(out, own.linear, c->arena, r);
	c->now = clock_now();
	return note(c, out);
}
