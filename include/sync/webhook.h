#ifndef SYNC_WEBHOOK_H
#define SYNC_WEBHOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

struct json;

/* Deliveries of Linear's webhooks: verified, stored, and worked off by
 * docket-sync (sync/inbox.h). */

/* The parts of the request: two headers (NULL if missing), and the raw body. */
struct webhook_request {
	const char *delivery;  /* Linear-Delivery */
	const char *signature; /* Linear-Signature */
	const char *body;
	size_t body_len;
};

enum webhook_outcome {
	WEBHOOK_STORED = 1,
	WEBHOOK_REPEATED, /* a duplicate, by its id or its body */
	WEBHOOK_IGNORED	  /* genuine but not needed: too old, or of a type that
			     Docket does not use */
};

/* Checks and stores one. All outcomes are answered with 200.
 *   ERR_UPSTREAM     no LINEAR_WEBHOOK_SECRET is configured: 503
 *   ERR_CREDENTIALS  no signature, or none that fits: 401
 *   ERR_INVALID      genuine, but no delivery of Linear's: 400
 * After WEBHOOK_STORED wake docket-sync with outbox_wake(). */
enum err webhook_receive(enum webhook_outcome *out, struct ctx *c,
			 const struct webhook_request *r) MUST_CHECK;

/* A body, parsed: the only place that knows its form. */
struct webhook_payload {
	const char *type, *action; /* "Issue" or "Comment"; "update", ... */
	const char *entity_id;
	const char *actor;	     /* NULL: an automation */
	const struct json *data;     /* the entity */
	const struct json *replaced; /* of an update: the previous values */
	int64_t time_ms;	     /* when it was sent, by Linear's clock */
};

/* False: it is not a delivery of Linear's. What is read lives in the arena. */
bool webhook_parse(struct webhook_payload *out, struct arena *a,
		   const char *body, size_t n);

/* --- for docket-sync ----------------------------------------------------- */

struct webhook_delivery {
	int64_t id;
	const char *body;
	size_t body_len;
	bool is_fresh;
	int64_t attempts;
};

/* The oldest delivery that is due, skipping those that others hold. Locked
 * until the transaction ends. ERR_NOTFOUND: there is none. */
enum err webhook_next(struct webhook_delivery *out, struct ctx *c) MUST_CHECK;

/* True if any delivery is not worked off yet, due or not. */
enum err webhook_is_waiting(bool *out, struct ctx *c) MUST_CHECK;

/* The delivery has been worked off; or it failed with this text, and is
 * retried later, a limited number of times. */
enum err webhook_done(struct ctx *c, int64_t id) MUST_CHECK;
enum err webhook_failed(struct ctx *c, const struct webhook_delivery *d,
			const char *text) MUST_CHECK;

/* As job_release_far_ahead. */
enum err webhook_release_far_ahead(struct ctx *c, usec_t after) MUST_CHECK;

/* Deletes a batch of those done before then; *more: there may be others. */
enum err webhook_purge(bool *more, struct ctx *c, usec_t before) MUST_CHECK;

#endif
