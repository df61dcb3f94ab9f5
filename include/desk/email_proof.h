#ifndef DESK_EMAIL_PROOF_H
#define DESK_EMAIL_PROOF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"

/* How a person shows that an e-mail address is theirs: a one-time link is
 * mailed to it, and is used while logged in to the account. An account waits
 * for one address at a time. Several accounts may wait for the same one: the
 * first to use its link has it. */

#define EMAIL_PROOF_LIFE (24 * 3600 * USEC_PER_SEC)

/* The account wants the address: a link goes to it, under the limits of
 * account_mail_add. Links to another one, or of before, end. Call it in a
 * transaction. */
enum err email_proof_begin(struct ctx *c, int64_t user_id,
			   const char *email) MUST_CHECK;

/* Makes the link, which ends the one made before. It has the token in the
 * fragment, which browsers keep out of requests and so out of logs.
 * ERR_NOTFOUND: the account does not wait for that address (NULL: for any). */
enum err email_proof_link(const char **out, struct ctx *c, int64_t user_id,
			  const char *email) MUST_CHECK;

/* Makes the address of such a link the actor's, proved. A notice goes to the
 * one before, if that was proved. ERR_INVALID (token): it is used, expired, of
 * another account, or another account has the address. */
enum err email_proof_confirm(struct ctx *c, const struct actor *who,
			     const char *token) MUST_CHECK;

/* Ends the account's link, if it has one. */
enum err email_proof_forget(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Deletes a batch of what has expired; *more: there may be others. */
enum err email_proof_purge(bool *more, struct ctx *c) MUST_CHECK;

#endif
