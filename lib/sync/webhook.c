/* Receives the deliveries of Linear's webhooks, and keeps them until
 * docket-sync has worked them off (inbox.c).
 *
 * A delivery is accepted if its HMAC fits one of the configured secrets.
 * Duplicates are found by unique keys on the delivery's id and on the hash
 * of its body. Fresh means that Linear's timestamp is within a minute of
 * our clock; an older delivery is stored as not fresh, so that it only
 * triggers a read.
 *
 * A body is parsed twice, by two processes: here to tell what is stored and
 * under which time, and by docket-sync to ingest it. Only the body as it was
 * signed is stored; what was read here does not outlive the request. */

#include "sync/webhook.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "base/json.h"
#include "db/db.h"
#include "db/lease.h"
#include "db/shared_state.h"
#include "db/statements.h"
#include "linear/client.h"

/* Linear's window for a fresh delivery, and how long it retries. */
#define FRESH_MS INT64_C(60000)
#define LATE_MS	 (INT64_C(8) * 3600 * 1000)

#define TRIES_MAX  20
#define ID_MAX	   64
#define ACTION_MAX 16

/* Small enough that no statement holds its locks for long. */
#define PURGE_BATCH 1000

enum { STORE, NEXT, WAITING, DONE, FAILED, RECALL, PURGE, STATEMENTS };

static struct stmt sql[] = {
    [STORE] = {"INSERT INTO webhook_delivery (delivery, body_hash, body, "
	       "action, entity_id, is_fresh, received_at, run_at) "
	       "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
    [NEXT] = {"SELECT id, body, is_fresh, attempts FROM webhook_delivery "
	      "WHERE done_at IS NULL AND run_at <= ? ORDER BY run_at, id "
	      "LIMIT 1 FOR UPDATE SKIP LOCKED"},
    [WAITING] = {"SELECT 1 FROM webhook_delivery WHERE done_at IS NULL "
		 "LIMIT 1"},
    [DONE] = {"UPDATE webhook_delivery SET done_at = ?, body = '', "
	      "error_text = NULL WHERE id = ?"},
    [FAILED] = {"UPDATE webhook_delivery SET attempts = attempts + 1, "
		"run_at = ?, error_text = ?, done_at = ? WHERE id = ? "
		/* unless another daemon has worked it off since */
		"AND done_at IS NULL"},
    [RECALL] = {"UPDATE webhook_delivery SET run_at = ? "
		"WHERE done_at IS NULL AND run_at > ?"},
    [PURGE] = {"DELETE FROM webhook_delivery WHERE done_at < ? LIMIT ?"},
};

const struct statements webhook_statements = {sql, STATEMENTS};

/* Any of the comma-separated secrets may fit: two are valid during a
 * rotation. */
static bool
is_signed(struct ctx *c, const struct webhook_request *r)
{
	const char *p = c->conf->linear_webhook_secret;
	char hex[HMAC_HEX_TEXT];
	bool fits = false;
	size_t n;

	if (!r->signature)
		return false;
	for (; *p; p += n + (p[n] == ',')) {
		n = strcspn(p, ",");
		if (!n)
			continue;
		hmac_sha256_hex(hex, arena_memdup(c->arena, p, n), r->body,
				r->body_len);
		fits = same_secret(hex, r->signature) || fits;
	}
	return fits;
}

bool
webhook_parse(struct webhook_payload *out, struct arena *a, const char *body,
	      size_t n)
{
	const char *why;
	const struct json *j = json_parse_mended(a, body, n, &why);

	out->type = json_text(json_get(j, "type"));
	out->action = json_text(json_get(j, "action"));
	out->data = json_get(j, "data");
	out->replaced = json_get(j, "updatedFrom");
	out->entity_id = json_text(json_get(out->data, "id"));
	out->actor = linear_read_name(a, json_path(j, "actor", "name", NULL));
	return out->type && is_visible_word(out->action, ACTION_MAX) &&
	       is_visible_word(out->entity_id, ID_MAX) &&
	       json_int(&out->time_ms, json_get(j, "webhookTimestamp"));
}

/* By our clock; negative: Linear's is ahead. */
static int64_t
age_ms(const struct ctx *c, const struct webhook_payload *p)
{
	return c->now / USEC_PER_MSEC - p->time_ms;
}

static bool
is_wanted(const struct webhook_payload *p)
{
	return strcmp(p->type, "Issue") == 0 || strcmp(p->type, "Comment") == 0;
}

static enum err
store_delivery(enum webhook_outcome *out, struct ctx *c,
	       const struct webhook_request *r, const struct webhook_payload *p)
{
	unsigned char hash[HASH_BYTES];
	const int64_t age = age_ms(c, p);
	const bool fresh = age <= FRESH_MS && age >= -FRESH_MS;
	enum err e;

	hash_bytes(hash, r->body, r->body_len);
	e = db_run(c->db, &sql[STORE],
		   ARGS(arg_text(r->delivery), arg_bytes(hash, sizeof(hash)),
			arg_bytes(r->body, r->body_len), arg_text(p->action),
			arg_text(p->entity_id), arg_int(fresh),
			arg_time(c->now), arg_time(c->now)));
	if (e && e != ERR_CONFLICT)
		return e;
	*out = e ? WEBHOOK_REPEATED : WEBHOOK_STORED;
	return OK;
}

/* One delivery being received. */
struct receiving {
	struct ctx *c;
	const struct webhook_request *request;
	struct webhook_payload payload;
	enum webhook_outcome outcome;
};

static enum err
receive_delivery(void *arg)
{
	struct receiving *p = arg;
	enum err e = OK;

	p->outcome = WEBHOOK_IGNORED;
	if (is_wanted(&p->payload) && age_ms(p->c, &p->payload) <= LATE_MS)
		e = store_delivery(&p->outcome, p->c, p->request, &p->payload);
	return e ? e
		 : shared_state_set(p->c, STATE_WEBHOOK, p->payload.type, 0);
}

enum err
webhook_receive(enum webhook_outcome *out, struct ctx *c,
		const struct webhook_request *r)
{
	struct receiving p = {.c = c, .request = r};
	enum err e;

	if (!c->conf->linear_webhook_secret)
		return ERR_UPSTREAM;
	if (!is_signed(c, r))
		return ERR_CREDENTIALS;
	if (!is_visible_word(r->delivery, ID_MAX) ||
	    !webhook_parse(&p.payload, c->arena, r->body, r->body_len))
		return ERR_INVALID;
	e = db_transaction(c->db, receive_delivery, &p);
	if (!e)
		*out = p.outcome;
	return e;
}

enum err
webhook_next(struct webhook_delivery *out, struct ctx *c)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[NEXT], ARGS(arg_time(c->now)));

	if (e)
		return e;
	out->id = col_int(&rows);
	out->body = col_bytes(&rows, &out->body_len);
	out->is_fresh = col_bool(&rows);
	out->attempts = col_int(&rows);
	return OK;
}

enum err
webhook_is_waiting(bool *out, struct ctx *c)
{
	return db_exists(out, c->db, &sql[WAITING], NO_ARGS);
}

enum err
webhook_done(struct ctx *c, int64_t id)
{
	return db_run(c->db, &sql[DONE], ARGS(arg_time(c->now), arg_int(id)));
}

enum err
webhook_failed(struct ctx *c, const struct webhook_delivery *d,
	       const char *text)
{
	bool last = d->attempts + 1 >= TRIES_MAX;

	return db_run(c->db, &sql[FAILED],
		      ARGS(arg_time(c->now + lease_backoff(d->attempts)),
			   arg_text(text), arg_time(last ? c->now : 0),
			   arg_int(d->id)));
}

enum err
webhook_release_far_ahead(struct ctx *c, usec_t after)
{
	return db_run(c->db, &sql[RECALL],
		      ARGS(arg_time(c->now), arg_time(after)));
}

enum err
webhook_purge(bool *more, struct ctx *c, usec_t before)
{
	enum err e = db_run(c->db, &sql[PURGE],
			    ARGS(arg_time(before), arg_int(PURGE_BATCH)));

	*more = !e && db_affected(c->db) == PURGE_BATCH;
	return e;
}
