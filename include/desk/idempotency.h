#ifndef DESK_IDEMPOTENCY_H
#define DESK_IDEMPOTENCY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/ctx.h"

#define IDEMPOTENCY_KEY_MAX 128

/* A request with an Idempotency-Key is executed once; a repetition within 24
 * hours gets the first response. The key is claimed in the transaction that
 * creates the resource, so that both are committed or neither is. */
struct idempotency {
	int64_t user_id;
	unsigned char key[HASH_BYTES], request[HASH_BYTES];
	int64_t resource_id; /* that the first request created; 0: none yet */
	int status;	     /* of its response; 0: not stored (yet) */
	const char *body;
};

/* Visible ASCII, 1 to IDEMPOTENCY_KEY_MAX. */
bool idempotency_key_valid(const char *key);

/* For a request of that user with that key; `request` is still to be filled in.
 */
struct idempotency idempotency_new(int64_t user_id, const char *key);

/* Looks the key up, and fills in resource_id, status and body. ERR_REUSED: it
 * was used with another request. Waits a few seconds for the response of a
 * first request that is still being executed. */
enum err idempotency_find(struct idempotency *out, struct ctx *c) MUST_CHECK;

/* Inside the transaction that creates the resource: claims the key, if the
 * request has one. ERR_CONFLICT: another request was first; roll back, and call
 * idempotency_find(). */
enum err idempotency_claim(struct ctx *c, int64_t resource_id) MUST_CHECK;

/* Stores the response. */
enum err idempotency_keep(struct ctx *c, int status, const char *body,
			  size_t n) MUST_CHECK;

/* Deletes all responses that are stored for a user. */
enum err idempotency_forget_user(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Deletes what is older than 24 hours; *n: how many. */
enum err idempotency_purge(int64_t *n, struct ctx *c) MUST_CHECK;

#endif
