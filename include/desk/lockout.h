#ifndef DESK_LOCKOUT_H
#define DESK_LOCKOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/ctx.h"
#include "desk/user.h"

/* Wrong passwords lock an account, so that nobody can guess on: five within 15
 * minutes lock it for the address that they came from (an IPv6 address counts
 * as its /64), and fifty from anywhere lock it for all addresses from which
 * nobody has logged in to it, each for 15 minutes. So a stranger cannot keep
 * the owner of an account out. A name that no account has is locked alike.
 *
 * The keys of the counters (table login_guard) are made of the account and its
 * password's hash, so a new password ends every lock. Of the accounts that are
 * tried from one address, those whose hashes end alike share a counter: one
 * address cannot fill the table. */

#define LOCKOUT_TRIES	       5
#define LOCKOUT_TRIES_ANYWHERE 50
#define LOCKOUT_SLOTS	       4096 /* counters of one address */

/* One try: which account, and from where. */
struct lockout {
	int64_t user_id; /* 0: no such account */
	unsigned char here[HASH_BYTES], anywhere[HASH_BYTES];
	unsigned char network[8]; /* IPv4 address, or the /64 of an IPv6 one */
	size_t network_len;	  /* 0: not known */
};

/* `user` is NULL where no account has that name. */
void lockout_begin(struct lockout *out, const struct ctx *c,
		   const struct user *user, const char *name);

/* ERR_LIMITED: it is locked, for c->retry_after_s more seconds. */
enum err lockout_check(struct ctx *c, const struct lockout *l) MUST_CHECK;

/* Counts a wrong password. *locked: it was the last one that is allowed. Inside
 * a transaction. */
enum err lockout_failed(bool *locked, struct ctx *c,
			const struct lockout *l) MUST_CHECK;

/* A right password: forgets the wrong ones from this address. */
enum err lockout_passed(struct ctx *c, const struct lockout *l) MUST_CHECK;

/* A login: this address is one of the account's from now on. */
enum err lockout_remember(struct ctx *c, const struct lockout *l) MUST_CHECK;

/* Deletes the addresses that the account was logged in to from. */
enum err lockout_forget_networks(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Forgets a batch of wrong passwords that no longer count, and of addresses
 * from which nobody has logged in for 400 days. *more: there may be others. */
enum err lockout_purge(bool *more, struct ctx *c) MUST_CHECK;

#endif
