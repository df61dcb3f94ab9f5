#include "call.h"

#include "base/conf.h"
#include "sync/pause.h"

/* Created on first use, kept until the process ends. */
static struct {
	struct linear *linear;
	struct breaker breaker;
} own;

/* A missing answer does not pause the other processes: the person who waits
 * may try again. */
static enum err
record_answer(struct ctx *c, const struct linear_answer *answer)
{
	if (answer->outcome == LINEAR_RETRY)
		return OK;
	switch (breaker_record(&own.breaker, answer, c->now)) {
	case BREAKER_PAUSED:
		return pause_share(c, &own.breaker);
	case BREAKER_RESUMED:
		return pause_end(c);
	case BREAKER_SAME:
		break;
	}
	return OK;
}

enum err
sync_call(struct linear_answer *out, struct ctx *c,
	  const struct linear_request *r)
{
	enum breaker_event event;
	enum err e;

	c->now = clock_now();
	e = pause_adopt(&event, c, &own.breaker);
	if (e)
		return e;
	if (own.breaker.reason == LINEAR_LIMITED &&
	    c->now < own.breaker.until) {
		*out = (struct linear_answer){
		    .outcome = LINEAR_LIMITED,
		    .code = linear_outcome_words[LINEAR_LIMITED],
		    .text = breaker_reason_text(LINEAR_LIMITED),
		    .unsent = true};
		return OK;
	}
	if (!own.linear)
		own.linear = linear_new(c->conf);
	linear_call(out, own.linear, c->arena, r);
	c->now = clock_now();
	return record_answer(c, out);
}

enum err
sync_upstream_fault(struct ctx *c, const char *text)
{
	(void)fault_add(&c->faults, "linear", "%s",
			text ? text : "Linear did not answer.");
	return ERR_UPSTREAM;
}

enum err
sync_no_team(struct ctx *c)
{
	return fault_add(&c->faults, "organization",
			 "The organization is not tied to a Linear team.");
}

enum err
sync_ask(struct linear_answer *out, struct ctx *c,
	 const struct linear_request *r)
{
	enum err e;

	if (!c->conf->linear_api_key)
		return sync_upstream_fault(c,
					   "No Linear API key is configured.");
	e = sync_call(out, c, r);
	if (e)
		return e;
	return out->outcome == LINEAR_OK ? OK
					 : sync_upstream_fault(c, out->text);
}
