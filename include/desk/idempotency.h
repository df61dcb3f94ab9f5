#ifndef DESK_IDEMPOTENCY_H
#define DESK_IDEMPOTENCY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/ctx.h"

#define IDEMPOTENCY_KEY_MAX 128

/* A request that carries an Idempotency-Key is carried out once, and a repeat
 * within 24 hours gets the first answer. The key is claimed in the transaction
 * that makes the thing: what is made and the claim exist together or not at
 * all. */
struct idempotency {
	int64_t user_id;
	unsigned char key[HASH_BYTES], request[HASH_BYTES];
	int64_t resource_id; /* what the first one made; 0: this is the first */
	int status;	     /* of its answer; 0: it was not kept (yet) */
	const char *body;
};

/* Visible ASCII, 1 to IDEMPOTENCY_KEY_MAX. */
bool idempotency_key_valid(const char *key);

/* Fills in what is known of the key. ERR_REUSED: it belongs to another
 * request. Waits up to some seconds for the answer of a first request that is
 * still being worked on. */
enum err idempotency_find(struct idempotency *out, struct ctx *c,
			  int64_t user_id, const char *key,
			  const unsigned char request[HASH_BYTES]) MUST_CHECK;

/* Inside the making transaction: the key, if the context has one, now stands
 * for this resource. ERR_CONFLICT: another request was first; roll back, and
 * ask idempotency_find again. */
enum err idempotency_claim(struct ctx *c, int64_t resource_id) MUST_CHECK;

/* Keeps the answer. */
enum err idempotency_keep(struct ctx *c, int status, const char *body,
			  size_t n) MUST_CHECK;

/* Deletes all answers that are kept for a user. */
enum err idempotency_forget_user(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Forgets what is older than 24 hours; says how many. */
enum err idempotency_purge(int64_t *n, struct ctx *c) MUST_CHECK;

#endif
