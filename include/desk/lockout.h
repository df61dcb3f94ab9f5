#ifndef DESK_LOCKOUT_H
#define DESK_LOCKOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/ctx.h"
#include "base/network.h"
#include "desk/user.h"

/* Wrong passwords lock an account, so that nobody can go on guessing. Five
 * within 15 minutes lock it for the client address that they came from (an IPv6
 * address counts as its /64). Fifty, from anywhere, lock it for every address
 * from which nobody has logged in to it before. Each lock lasts 15 minutes. So
 * a stranger cannot lock the owner of an account out. A name that no account
 * has is locked in the same way.
 *
 * The keys of the counters (table login_guard) are made from the account and
 * its password's hash, so a new password ends every lock. Among the accounts
 * that are tried from one address, those whose hashes fall into the same one of
 * LOCKOUT_SLOTS share a counter: one address cannot fill the table. */

#define LOCKOUT_TRIES	       5
#define LOCKOUT_TRIES_ANYWHERE 50
#define LOCKOUT_SLOTS	       16384 /* counters of one address */

/* An attempt to log in: to which account, and from where. */
struct lockout {
	int64_t user_id; /* 0: no such account */
	unsigned char here[HASH_BYTES], anywhere[HASH_BYTES];
	unsigned char network[NETWORK_BYTES];
	size_t network_len; /* 0: not known */
};

/* `user` is NULL where no account has that name. */
void lockout_begin(struct lockout *out, const struct ctx *c,
		   const struct user *user, const char *name);

/* ERR_LIMITED: it is locked, for c->retry_after_s more seconds. */
enum err lockout_check(struct ctx *c, const struct lockout *l) MUST_CHECK;

/* Inside a transaction: counts a wrong password. *locked: the account is locked
 * from now on. */
enum err lockout_failed(bool *locked, struct ctx *c,
			const struct lockout *l) MUST_CHECK;

/* After a right password: deletes the count of this address. */
enum err lockout_passed(struct ctx *c, const struct lockout *l) MUST_CHECK;

/* After a login: adds the address to those that the account is used from. */
enum err lockout_remember(struct ctx *c, const struct lockout *l) MUST_CHECK;

/* Deletes the addresses that the account was logged in to from. */
enum err lockout_forget_networks(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Deletes a batch of counts that no longer matter, and of addresses from which
 * nobody has logged in for 400 days. *more: there may be others. */
enum err lockout_purge(bool *more, struct ctx *c) MUST_CHECK;

#endif
