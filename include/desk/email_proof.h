#ifndef DESK_EMAIL_PROOF_H
#define DESK_EMAIL_PROOF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"

/* How a person proves that an e-mail address is theirs: a one-time link is
 * mailed to it, and has to be opened while logged in to the account. An account
 * waits for one address at a time. Several accounts may wait for the same
 * address; the first one that uses its link gets it. */

#define EMAIL_PROOF_LIFE (24 * 3600 * USEC_PER_SEC)

/* Inside a transaction: makes the account wait for the address, and mails a
 * link there, within the limits of account_mail_add(). Links to other addresses
 * end. */
enum err email_proof_begin(struct ctx *c, int64_t user_id,
			   const char *email) MUST_CHECK;

/* Creates the link, and ends the one created before. The token is in the
 * fragment, which browsers do not send to servers, so it stays out of their
 * logs. ERR_NOTFOUND: the account does not wait for that address (NULL: for
 * any). */
enum err email_proof_link(const char **out, struct ctx *c, int64_t user_id,
			  const char *email) MUST_CHECK;

/* Makes the address of the link the actor's proved one, and tells the old
 * address by mail, if that was proved. ERR_INVALID (token): the link was used,
 * has expired or belongs to another account, or another account has proved the
 * address. */
enum err email_proof_confirm(struct ctx *c, const struct actor *who,
			     const char *token) MUST_CHECK;

/* Ends the account's link, if it has one. */
enum err email_proof_forget(struct ctx *c, int64_t user_id) MUST_CHECK;

/* After a new password: people who used the account before do not have a link
 * left that moves it to their address. Call it in a transaction. */
enum err email_proof_cancel_change(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Deletes a batch of what has expired; *more: there may be others. */
enum err email_proof_purge(bool *more, struct ctx *c) MUST_CHECK;

#endif
