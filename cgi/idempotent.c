/* Idempotency-Key: a repeated request gets the first answer again, and nothing
 * is created twice. */

#include "idempotent.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "base/log.h"
#include "db/db.h"
#include "desk/idempotency.h"
#include "web/route.h"

/* Two requests are the same if endpoint, path and body are. */
static void
hash_request(unsigned char out[HASH_BYTES], struct req *r)
{
	struct buf b;

	buf_init(&b, BODY_MAX + 4096);
	buf_printf(&b, "%s %s %lld\n", r->route->stem, r->path,
		   (long long)r->actor.profile_id);
	buf_add(&b, r->body, r->body_len);
	hash_bytes(out, b.data, b.len);
	buf_release(&b);
}

/* Looks the key up, and answers again what it was answered, if it was. */
static enum err
replay(struct req *r, const char *key, struct idempotency *i)
{
	unsigned char request[HASH_BYTES];
	enum err e;

	hash_request(request, r);
	e = idempotency_find(i, r->ctx, r->actor.user_id, key, request);
	if (e || !i->status)
		return e;
	reply_other(r, i->status, "application/json");
	buf_adds(&r->out, i->body);
	reply_header(r, "Idempotent-Replay", "true");
	return OK;
}

/* The key as it is kept: with the answer, once something was created. */
static void
keep_answer(struct req *r)
{
	if (r->status != 201)
		return;
	while (r->json.depth > 0)
		json_end(&r->json);
	if (idempotency_keep(r->ctx, r->status, r->out.data, r->out.len) != OK)
		log_event(LOG_WARN, "idempotency_keep", "request_id",
			  r->request_id, "error", db_error(r->ctx->db), NULL);
}

enum err
idempotent_handle(struct req *r, const char *key)
{
	struct idempotency i;
	enum err e;

	if (!idempotency_key_valid(key))
		return fault_add(&r->ctx->faults, "Idempotency-Key",
				 "1 to 128 visible characters are required.");
	e = replay(r, key, &i);
	if (e || i.status)
		return e;
	r->ctx->idempotency = &i;
	e = r->route->handler(r);
	/* another request with this key came between our look and our claim */
	if (e == ERR_CONFLICT && !i.resource_id) {
		e = replay(r, key, &i);
		if (e || i.status)
			return e;
		e = r->route->handler(r);
	}
	if (!e)
		keep_answer(r);
	return e;
}
