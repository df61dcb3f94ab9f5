#ifndef DB_SHARED_STATE_H
#define DB_SHARED_STATE_H

#include "base/ctx.h"

/* Small values that all daemons and workers share (table sync_fact), by name.
 */

#define STATE_PAUSED	"paused"  /* why; until when it is not tried again */
#define STATE_REFUSED	"refused" /* Linear does not take the key */
#define STATE_MAIL	"mail"	  /* the same of the mail server */
#define STATE_WEBHOOK	"webhook" /* when the last one came */
#define STATE_UNHEARD	"unheard" /* when one was missing, first since then */
#define STATE_PASS	"pass" /* when one of the daemons began the last pass */
#define STATE_RECONCILE "reconcile" /* when the last pass ended */
#define STATE_SWEEP	"sweep"	    /* the last issue that it looked for */

/* The clocks of our own machines do not differ by more. A later time was
 * written under a wrong clock. */
#define CLOCKS_DIFFER_MAX (3600 * USEC_PER_SEC)

struct shared_state {
	const char *value; /* NULL: there is no such fact */
	usec_t until, updated_at;
};

enum err shared_state_get(struct shared_state *out, struct ctx *c,
			  const char *name) MUST_CHECK;
enum err shared_state_set(struct ctx *c, const char *name, const char *value,
			  usec_t until) MUST_CHECK;
enum err shared_state_clear(struct ctx *c, const char *name) MUST_CHECK;

/* The same, as of another time than now. */
enum err shared_state_set_at(struct ctx *c, const char *name, const char *value,
			     usec_t until, usec_t at) MUST_CHECK;

/* The same, unless the present value holds until a later time. */
enum err shared_state_extend(struct ctx *c, const char *name, const char *value,
			     usec_t until) MUST_CHECK;

/* Renews a value that was set before then, or by a clock that is ahead. When
 * several processes try at once, one of them gets *ours. */
enum err shared_state_claim(bool *ours, struct ctx *c, const char *name,
			    usec_t before) MUST_CHECK;

#endif
