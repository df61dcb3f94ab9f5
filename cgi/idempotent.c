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
	if (r->body)
		buf_add(&b, r->body, r->body_len);
	hash_bytes(out, b.data, b.len);
	buf_release(&b);
}

void
idempotent_cover(struct req *r, const char *text)
{
	struct idempotency *i = r->ctx->idempotency;
	struct buf b;

	if (!i)
		return;
	buf_init(&b, BODY_MAX);
	buf_add(&b, i->request, HASH_BYTES);
	buf_adds(&b, text);
	hash_bytes(i->request, b.data, b.len);
	buf_release(&b);
}

/* Looks the key up, and answers again what it was answered, if it was. */
static enum err
replay(struct req *r, struct idempotency *i)
{
	enum err e = idempotency_find(i, r->ctx);

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

/* The handler failed: maybe since the request is a repetition, in which case
 * its claim of the key met the first one's, or another check came before that.
 */
static enum err
handle_again(struct req *r, struct idempotency *i, enum err was)
{
	const struct faults faults = r->ctx->faults;
	enum err e = replay(r, i);

	if (e || i->status)
		return e;
	if (!i->resource_id && was != ERR_CONFLICT) {
		r->ctx->faults = faults;
		return was;
	}
	/* what it created has no stored answer, or its claim has expired */
	faults_init(&r->ctx->faults, r->ctx->arena);
	return r->route->handler(r);
}

/* Most requests are no repetitions, so the handler runs first: it claims the
 * key in its transaction. */
enum err
idempotent_handle(struct req *r, const char *key)
{
	struct idempotency i;
	enum err e;

	if (!idempotency_key_valid(key))
		return fault_add(&r->ctx->faults, "Idempotency-Key",
				 "1 to 128 visible characters are required.");
	i = idempotency_new(r->actor.user_id, key);
	hash_request(i.request, r);
	r->ctx->idempotency = &i;
	e = r->route->handler(r);
	if (e && e != ERR_DB)
		e = handle_again(r, &i, e);
	if (!e && !i.status)
		keep_answer(r);
	return e;
}
