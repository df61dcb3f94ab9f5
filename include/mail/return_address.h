#ifndef MAIL_RETURN_ADDRESS_H
#define MAIL_RETURN_ADDRESS_H

#include <stdint.h>

#include "base/ctx.h"

/* The addresses under MAIL_IN_DOMAIN that Docket's mails carry, and their
 * Message-IDs. Each names what it is for, with a MAC of 80 bits, so that nobody
 * can make one:
 *
 *   reply+<issue, user>@    the Reply-To of a mail about an issue to a user
 *   bounce+<mail>@          the sender of the envelope: bounces go there
 *   <issue-<issue>-<mail>.<MAC>@…>   the Message-ID
 *
 * They are written in base32, since the case of letters may get lost. The key
 * is made once and stored in the database (STATE_MAIL_IN_KEYS). While a new one
 * replaces it, the last one is valid, too. */

/* For conf->mail_in_domain, which must be set; in the arena. */
enum err return_address_of_reply(const char **out, struct ctx *c,
				 int64_t issue_id, int64_t user_id) MUST_CHECK;
enum err return_address_of_bounce(const char **out, struct ctx *c,
				  int64_t mail_id) MUST_CHECK;

/* Without < and >. */
enum err return_message_id(const char **out, struct ctx *c, int64_t issue_id,
			   int64_t mail_id) MUST_CHECK;

enum return_kind { RETURN_REPLY = 1, RETURN_BOUNCE };

struct return_address {
	enum return_kind kind;
	int64_t issue_id, user_id; /* of a reply */
	int64_t mail_id;	   /* of a bounce: the mail_job */
};

/* Reads one of these addresses; upper and lower case do not matter.
 * ERR_NOTFOUND: it is another address, or its MAC is wrong. */
enum err return_address_read(struct return_address *out, struct ctx *c,
			     const char *address) MUST_CHECK;

/* The issue and the mail of a Message-ID. ERR_NOTFOUND: it is not ours. */
enum err return_message_id_read(int64_t *issue_id, int64_t *mail_id,
				struct ctx *c, const char *id) MUST_CHECK;

/* The text with "reply+…@" instead of the addresses of replies and bounces in
 * it: only their receivers may know them. */
const char *return_address_hide(struct arena *a, const char *text);

/* Makes a new key. The one before is valid until the next call. */
enum err return_address_rotate(struct ctx *c) MUST_CHECK;

#endif
