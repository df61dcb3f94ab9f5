/* Locks against guessing passwords: lockout.h says how they work.
 *
 * Each wrong password counts in two rows of table login_guard, one for the
 * client's network and one for any. Table login_network holds from which
 * networks a user has logged in before; the lock for any network does not apply
 * to those. */

#include "desk/lockout.h"

#include <stdio.h>
#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/network.h"
#include "db/db.h"
#include "db/statements.h"
#include "purge.h"

#define WINDOW	     (15 * 60 * USEC_PER_SEC)
#define NETWORK_KEPT (400 * 86400 * USEC_PER_SEC)
#define PURGE_BATCH  5000

enum {
	LOCKED,
	FAILED,
	IS_LOCKED_NOW,
	CLEAR,
	REMEMBER,
	FORGET_NETWORKS,
	PURGE_FAILURES,
	PURGE_NETWORKS,
	STATEMENTS
};

static struct stmt sql[] = {
    [LOCKED] = {"SELECT TIMESTAMPDIFF(SECOND, ?, locked_until) + 1 "
		"FROM login_guard WHERE account IN (?, ?) "
		"AND locked_until > ? AND (account = ? OR NOT EXISTS "
		"(SELECT 1 FROM login_network n WHERE n.user_id = ? "
		"AND n.network = ?)) ORDER BY locked_until DESC LIMIT 1"},
    /* Assignments run from left to right: window_start comes last, since the
     * others need its old value. */
    [FAILED] = {"INSERT INTO login_guard (account, failures, window_start) "
		"VALUES (?, 1, ?) ON DUPLICATE KEY UPDATE "
		"failures = IF(window_start < ?, 1, failures + 1), "
		"locked_until = IF(failures >= ?, ?, NULL), "
		"window_start = IF(failures = 1 OR failures >= ?, "
		"VALUES(window_start), window_start)"},
    [IS_LOCKED_NOW] = {"SELECT 1 FROM login_guard WHERE account IN (?, ?) "
		       "AND locked_until = ?"},
    [CLEAR] = {"DELETE FROM login_guard WHERE account = ?"},
    [REMEMBER] = {"INSERT INTO login_network (user_id, network, seen_at) "
		  "VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE "
		  "seen_at = VALUES(seen_at)"},
    [FORGET_NETWORKS] = {"DELETE FROM login_network WHERE user_id = ?"},
    [PURGE_FAILURES] = {"DELETE FROM login_guard WHERE window_start < ? "
			"ORDER BY window_start LIMIT ?"},
    [PURGE_NETWORKS] = {"DELETE FROM login_network WHERE seen_at < ? "
			"ORDER BY seen_at LIMIT ?"},
};

const struct statements lockout_statements = {sql, STATEMENTS};

/* The counter that an account shares with others, among those of one network,
 * or among those of unknown names. */
static unsigned
slot_of(const unsigned char hash[HASH_BYTES])
{
	return (hash[0] | (unsigned)hash[1] << 8) % LOCKOUT_SLOTS;
}

void
lockout_begin(struct lockout *out, const struct ctx *c, const struct user *user,
	      const char *name)
{
	unsigned char account[HASH_BYTES];
	char network[NETWORK_TEXT];

	out->user_id = user ? user->id : 0;
	out->network_len = network_of(out->network, c->client);
	hash_text(account,
		  user ? arena_printf(c->arena, "user %lld %s",
				      (long long)user->id, user->password_hash)
		       : arena_printf(c->arena, "name %s",
				      account_key(c->arena, name)));
	hash_text(out->here,
		  arena_printf(c->arena, "here %u %s", slot_of(account),
			       network_text(network, c->client)));
	if (user)
		memcpy(out->anywhere, account, HASH_BYTES);
	else
		hash_text(out->anywhere, arena_printf(c->arena, "anywhere %u",
						      slot_of(account)));
}

enum err
lockout_check(struct ctx *c, const struct lockout *l)
{
	struct rows rows;
	enum err e =
	    db_one(&rows, c->db, &sql[LOCKED],
		   ARGS(arg_time(c->now), arg_bytes(l->here, HASH_BYTES),
			arg_bytes(l->anywhere, HASH_BYTES), arg_time(c->now),
			arg_bytes(l->here, HASH_BYTES), arg_int(l->user_id),
			arg_bytes(l->network, l->network_len)));

	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	c->retry_after_s = col_int(&rows);
	(void)fault_add(&c->faults, "non_field_errors",
			"Too many wrong passwords. Please try again later.");
	return ERR_LIMITED;
}

static enum err
count_failure(struct ctx *c, const unsigned char key[HASH_BYTES], int tries)
{
	return db_run(c->db, &sql[FAILED],
		      ARGS(arg_bytes(key, HASH_BYTES), arg_time(c->now),
			   arg_time(c->now - WINDOW), arg_int(tries),
			   arg_time(c->now + WINDOW), arg_int(tries)));
}

/* Failures are counted after the check. Of many simultaneous tries, as many
 * more are checked as there are workers; in return, many simultaneous logins
 * with the right password do not lock the account. */
enum err
lockout_failed(bool *locked, struct ctx *c, const struct lockout *l)
{
	enum err e = count_failure(c, l->here, LOCKOUT_TRIES);

	if (!e)
		e = count_failure(c, l->anywhere, LOCKOUT_TRIES_ANYWHERE);
	return e ? e
		 : db_exists(locked, c->db, &sql[IS_LOCKED_NOW],
			     ARGS(arg_bytes(l->here, HASH_BYTES),
				  arg_bytes(l->anywhere, HASH_BYTES),
				  arg_time(c->now + WINDOW)));
}

enum err
lockout_passed(struct ctx *c, const struct lockout *l)
{
	return db_run(c->db, &sql[CLEAR], ARGS(arg_bytes(l->here, HASH_BYTES)));
}

enum err
lockout_remember(struct ctx *c, const struct lockout *l)
{
	return db_run(c->db, &sql[REMEMBER],
		      ARGS(arg_int(l->user_id),
			   arg_bytes(l->network, l->network_len),
			   arg_time(c->now)));
}

enum err
lockout_forget_networks(struct ctx *c, int64_t user_id)
{
	return db_run(c->db, &sql[FORGET_NETWORKS], ARGS(arg_int(user_id)));
}

enum err
lockout_purge(bool *more, struct ctx *c)
{
	enum err e;

	*more = false;
	e = purge_batch(
	    more, c, &sql[PURGE_FAILURES],
	    ARGS(arg_time(c->now - 2 * WINDOW), arg_int(PURGE_BATCH)),
	    PURGE_BATCH);
	return e ? e
		 : purge_batch(more, c, &sql[PURGE_NETWORKS],
			       ARGS(arg_time(c->now - NETWORK_KEPT),
				    arg_int(PURGE_BATCH)),
			       PURGE_BATCH);
}
