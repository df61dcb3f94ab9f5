#ifndef SYNC_RECONCILE_H
#define SYNC_RECONCILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "linear/client.h"

/* The reconcile pass finds what no webhook reported. It asks Linear which
 * issues of the teams changed since the last pass, and whether some of the
 * linked issues still exist. Issues that differ from the snapshot are queued
 * to be read again. If nothing happened it costs two requests, however many
 * issues there are. */

struct reconcile {
	struct arena *arena; /* lives as long as the pass */
	bool sweeping;	     /* in the second of the two questions */
	usec_t since;	     /* by Linear's clock */
	usec_t known;	     /* all changes up to here have been seen */
	const char *after;   /* cursor of the requested page */
	const char **teams;
	size_t team_count;
	const char **ids; /* issues that the second question asks for */
	int64_t *issues, *organizations;
	usec_t *times;
	size_t id_count;
	int64_t last;  /* last issue of the second question */
	int64_t found; /* issues queued to be read again */
};

/* Claims the pass if it is due, for all daemons together, so that only one
 * of them gets it; with `anyway`, even if it is not due. *ours: it is ours. */
enum err reconcile_claim(bool *ours, struct ctx *c, bool anyway) MUST_CHECK;

/* Begins a pass. *more: there is a request to be sent. */
enum err reconcile_begin(bool *more, struct linear_request *request,
			 struct reconcile *r, struct ctx *c) MUST_CHECK;

/* The pass could not be finished; another one is due at once. */
enum err reconcile_abort(struct ctx *c) MUST_CHECK;

/* Takes an answer that is LINEAR_OK; *more as above. After any other answer
 * abort the pass: the next one starts where this one did. The memory of
 * c->arena must live until the next call has returned. */
enum err reconcile_continue(bool *more, struct linear_request *request,
			    struct reconcile *r, struct ctx *c,
			    const struct linear_answer *answer) MUST_CHECK;

#endif
