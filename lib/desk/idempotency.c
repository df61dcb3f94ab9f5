#include "desk/idempotency.h"

#include <string.h>
#include <time.h>

#include "db/db.h"
#include "db/statements.h"

#define LIFETIME  (24 * 3600 * USEC_PER_SEC)
#define POLLS	  40
#define POLL_NSEC 100000000L

enum { FIND, FORGET, FORGET_USER, CLAIM, KEEP, PURGE, STATEMENTS };

static struct stmt sql[] = {
    [FIND] = {"SELECT request_hash, resource_id, status, body "
	      "FROM idempotency WHERE user_id = ? AND key_hash = ? "
	      "AND created_at > ?"},
    [FORGET] = {"DELETE FROM idempotency WHERE user_id = ? AND key_hash = ? "
		"AND created_at <= ?"},
    [FORGET_USER] = {"DELETE FROM idempotency WHERE user_id = ?"},
    [CLAIM] = {"INSERT INTO idempotency (user_id, key_hash, request_hash, "
	       "resource_id, created_at) VALUES (?, ?, ?, ?, ?)"},
    [KEEP] = {"UPDATE idempotency SET status = ?, body = ? "
	      "WHERE user_id = ? AND key_hash = ?"},
    [PURGE] = {"DELETE FROM idempotency WHERE created_at <= ?"},
};

const struct statements idempotency_statements = {sql, STATEMENTS};

bool
idempotency_key_valid(const char *key)
{
	size_t n = strlen(key);

	for (size_t i = 0; i < n; i++)
		if (key[i] <= ' ' || key[i] > '~')
			return false;
	return n >= 1 && n <= IDEMPOTENCY_KEY_MAX;
}

static enum err
find_once(struct idempotency *i, struct ctx *c)
{
	const struct arg key = arg_bytes(i->key, sizeof(i->key));
	const struct arg oldest = arg_time(c->now - LIFETIME);
	struct rows rows;
	const char *request;
	size_t n;
	enum err e = db_one(&rows, c->db, &sql[FIND],
			    ARGS(arg_int(i->user_id), key, oldest));

	if (e == ERR_NOTFOUND)
		return db_run(c->db, &sql[FORGET],
			      ARGS(arg_int(i->user_id), key, oldest));
	if (e)
		return e;
	request = col_bytes(&rows, &n);
	if (n != HASH_BYTES || memcmp(request, i->request, n) != 0)
		return ERR_REUSED;
	i->resource_id = col_int(&rows);
	i->status = (int)col_int(&rows);
	i->body = col_text(&rows);
	return OK;
}

struct idempotency
idempotency_new(int64_t user_id, const char *key)
{
	struct idempotency i = {.user_id = user_id};

	hash_text(i.key, key);
	return i;
}

enum err
idempotency_find(struct idempotency *out, struct ctx *c)
{
	const struct timespec pause = {.tv_nsec = POLL_NSEC};
	struct idempotency i = *out;
	enum err e = find_once(&i, c);

	/* The resource exists, but no response is stored: the first request is
	 * waiting for Linear or was interrupted. If it does not finish, the
	 * caller writes the response again from the resource. */
	for (int n = 0; !e && i.resource_id && !i.status && n < POLLS; n++) {
		nanosleep(&pause, NULL);
		e = find_once(&i, c);
	}
	if (!e)
		*out = i;
	return e;
}

enum err
idempotency_claim(struct ctx *c, int64_t resource_id)
{
	const struct idempotency *i = c->idempotency;

	if (!i)
		return OK;
	return db_run(c->db, &sql[CLAIM],
		      ARGS(arg_int(i->user_id),
			   arg_bytes(i->key, sizeof(i->key)),
			   arg_bytes(i->request, sizeof(i->request)),
			   arg_int(resource_id), arg_time(c->now)));
}

enum err
idempotency_keep(struct ctx *c, int status, const char *body, size_t n)
{
	const struct idempotency *i = c->idempotency;

	return db_run(c->db, &sql[KEEP],
		      ARGS(arg_int(status), arg_bytes(body, n),
			   arg_int(i->user_id),
			   arg_bytes(i->key, sizeof(i->key))));
}

enum err
idempotency_forget_user(struct ctx *c, int64_t user_id)
{
	return db_run(c->db, &sql[FORGET_USER], ARGS(arg_int(user_id)));
}

enum err
idempotency_purge(int64_t *n, struct ctx *c)
{
	enum err e =
	    db_run(c->db, &sql[PURGE], ARGS(arg_time(c->now - LIFETIME)));

	if (!e)
		*n = db_affected(c->db);
	return e;
}
