#ifndef SYNC_FACT_H
#define SYNC_FACT_H

#include "ctx.h"

/* What all daemons and workers know of the sync (table sync_fact), by name. */

#define FACT_PAUSED    "paused"	 /* why; until when it is not tried again */
#define FACT_LIMITED   "limited" /* until when Linear wants no requests */
#define FACT_REFUSED   "refused" /* Linear does not take the key */
#define FACT_MAIL      "mail"	 /* the same of the mail server */
#define FACT_WEBHOOK   "webhook" /* when the last one came */
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
/* ERR_UPSTREAM, with a fault "linear", while Linear limits what the key may
 * ask: all tenants share that. */
enum err fact_check_limit(struct ctx *c) MUST_CHECK;
enum err fact_clear(struct ctx *c, const char *name) MUST_CHECK;

#endif
