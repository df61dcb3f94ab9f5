#include "sync/silence.h"

/* How long a webhook may take to arrive. */
#define IN_TRANSIT (60 * USEC_PER_SEC)

static bool
is_missed(const struct shared_state *webhook,
	  const struct shared_state *unheard)
{
	return unheard->updated_at > webhook->updated_at;
}

/* The first missed change is kept: its webhook has had the most time to
 * come. */
enum err
silence_record(struct ctx *c, usec_t at)
{
	struct shared_state webhook, unheard;
	enum err e = shared_state_get(&webhook, c, STATE_WEBHOOK);

	if (!e)
		e = shared_state_get(&unheard, c, STATE_UNHEARD);
	if (e || is_missed(&webhook, &unheard))
		return e;
	return shared_state_set_at(c, STATE_UNHEARD, "", 0, at);
}

bool
webhooks_arrive(const struct shared_state *webhook,
		const struct shared_state *unheard, usec_t now)
{
	return !is_missed(webhook, unheard) ||
	       now < unheard->updated_at + IN_TRANSIT;
}
