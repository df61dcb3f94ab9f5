#ifndef SYNC_RECONCILE_H
#define SYNC_RECONCILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "linear/client.h"

/* The pass that finds what no webhook told: it asks Linear which issues of the
 * teams changed since the last pass, and of some of those that are linked
 * whether they are still there, and has those read that are not as we know
 * them. When nothing happened it costs two requests, however many issues there
 * are. */

struct reconcile {
	struct arena *arena; /* of the pass */
	bool sweeping;	     /* past the first of the two questions */
	usec_t since;	     /* by Linear's clock */
	usec_t known;	     /* nothing is unseen up to there */
	const char *after;   /* cursor of the page that is asked for */
	const char **teams;
	size_t team_count;
	const char **ids; /* that are looked for */
	int64_t *issues, *organizations;
	usec_t *times;
	size_t id_count;
	int64_t last;  /* issue looked for */
	int64_t found; /* issues that are to be read again */
};

/* Whether a pass is due, by all daemons' reckoning (or whatever that says, if
 * `anyway`); then it is ours, and of those that ask at once only ours. */
enum err reconcile_claim(bool *ours, struct ctx *c, bool anyway) MUST_CHECK;

/* Begins; *more says whether there is a request to be sent. */
enum err reconcile_begin(bool *more, struct linear_request *request,
			 struct reconcile *r, struct ctx *c) MUST_CHECK;

/* It could not be ended: one is due again. */
enum err reconcile_abort(struct ctx *c) MUST_CHECK;

/* Takes an answer that is OK; *more as above. Anything else ends the pass, and
 * the next one begins where this one did. What c->arena holds is needed until
 * the next call has returned. */
enum err reconcile_continue(bool *more, struct linear_request *request,
			    struct reconcile *r, struct ctx *c,
			    const struct linear_answer *answer) MUST_CHECK;

#endif
