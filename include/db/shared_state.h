#ifndef DB_SHARED_STATE_H
#define DB_SHARED_STATE_H

#include "base/ctx.h"

/* Small named values that all daemons and workers share, on all machines (table
 * sync_fact). */

#define STATE_PAUSED  "paused"	/* Linear is paused: why, and until when */
#define STATE_REFUSED "refused" /* Linear refuses the API key */
#define STATE_MAIL    "mail" /* the mail server is paused: why, and until when */
#define STATE_WEBHOOK "webhook" /* when the last delivery came */
#define STATE_UNHEARD                                                       \
	"unheard"	       /* when a missing delivery was first noticed \
				*/
#define STATE_PASS	"pass" /* when a daemon last began to reconcile */
#define STATE_RECONCILE "reconcile" /* when the last reconciliation ended */
#define STATE_MAIL_GATHER \
	"mail_gather"		  /* locked by the process that makes mails */
#define STATE_MAIL_KEY "mail_key" /* signs the links that end mails */
#define STATE_FILES_SWEPT \
	"files_swept" /* when files without a row were last looked for */
#define STATE_FILE_KEY "file_key" /* signs the links to files */
#define STATE_MAIL_IN_KEYS                                                   \
	"mail_in_keys" /* sign addresses in mails: the present one, the last \
			  one */
#define STATE_RESTORED "restored" /* when a restored database was prepared */
#define STATE_SWEEP    "sweep"	  /* the last issue that the sweep checked */
#define STATE_DIRECTORY \
	"directory"		/* where desk/directory.c writes words again */
#define STATE_RECOUNT "recount" /* a migration changed counters */

/* The clocks of our machines differ by less. A time further in the future was
 * written under a wrong clock. */
#define CLOCKS_DIFFER_MAX (3600 * USEC_PER_SEC)

struct shared_state {
	const char *value; /* NULL: there is no such value */
	usec_t until, updated_at;
};

enum err shared_state_get(struct shared_state *out, struct ctx *c,
			  const char *name) MUST_CHECK;
enum err shared_state_set(struct ctx *c, const char *name, const char *value,
			  usec_t until) MUST_CHECK;
enum err shared_state_clear(struct ctx *c, const char *name) MUST_CHECK;

/* The same, with another `updated_at` than now. */
enum err shared_state_set_at(struct ctx *c, const char *name, const char *value,
			     usec_t until, usec_t at) MUST_CHECK;

/* The same, unless the present value has a later `until`. */
enum err shared_state_extend(struct ctx *c, const char *name, const char *value,
			     usec_t until) MUST_CHECK;

/* Sets `updated_at` to now if it is not later than `before` (or in the future,
 * by a wrong clock). If several processes try at once, only one gets *ours. */
enum err shared_state_claim(bool *ours, struct ctx *c, const char *name,
			    usec_t before) MUST_CHECK;

/* Sets a value that never changes, unless it is set already; *out is the value
 * that holds. */
enum err shared_state_set_once(const char **out, struct ctx *c,
			       const char *name, const char *value) MUST_CHECK;

/* Inside a transaction: locks the value until the transaction ends, and creates
 * it if it is missing. Does not wait for another process, which may have been
 * stopped: *locked is then false. */
enum err shared_state_lock(bool *locked, struct ctx *c,
			   const char *name) MUST_CHECK;

#endif
