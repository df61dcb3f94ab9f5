#ifndef SYNC_FACT_H
#define SYNC_FACT_H

#include "ctx.h"
#include "sync_gate.h"

/* What all daemons and workers know of the sync (table sync_fact), by name. */

#define FACT_PAUSED    "paused"	 /* why; until when it is not tried again */
#define FACT_REFUSED   "refused" /* Linear does not take the key */
#define FACT_MAIL      "mail"	 /* the same of the mail server */
#define FACT_WEBHOOK   "webhook" /* when the last one came */
#define FACT_UNHEARD   "unheard" /* when one was missing, first since then */
#define FACT_PASS      "pass" /* when one of the daemons began the last pass */
#define FACT_RECONCILE "reconcile" /* when the last pass ended */
#define FACT_SWEEP     "sweep"	   /* the last issue that it looked for */

struct fact {
	const char *value; /* NULL: there is no such fact */
	usec_t until, updated_at;
};

enum err fact_get(struct fact *out, struct ctx *c, const char *name) MUST_CHECK;
enum err fact_set(struct ctx *c, const char *name, const char *value,
		  usec_t until) MUST_CHECK;
enum err fact_clear(struct ctx *c, const char *name) MUST_CHECK;

/* Sets it if it is not newer than that, or of a time that is yet to come, which
 * a wrong clock told; of those who try at once, one has *ours. */
enum err fact_claim(bool *ours, struct ctx *c, const char *name,
		    usec_t before) MUST_CHECK;

/* --- the gate, which all that use the key share -------------------------- */

/* Tells the others that it was closed, or opened: then what waited for that is
 * due now. A pause that another one told of meanwhile, and that ends later,
 * stays. */
enum err facts_pause(struct ctx *c, struct gate *g) MUST_CHECK;
enum err facts_resume(struct ctx *c) MUST_CHECK;

/* Closes or opens it as another one told; *out says which. */
enum err facts_heed(enum gate_event *out, struct ctx *c,
		    struct gate *g) MUST_CHECK;

/* Why Linear is paused, for a person; NULL: it is not. */
const char *facts_pause_reason(const struct fact *paused);

/* --- silence ------------------------------------------------------------- */

/* Linear was found changed at that time, and no webhook had told of it. */
enum err facts_unheard(struct ctx *c, usec_t at) MUST_CHECK;

/* False: one is missing, and none has come since, though it had a minute. */
bool facts_webhooks_arrive(const struct fact *webhook,
			   const struct fact *unheard, usec_t now);

#endif
