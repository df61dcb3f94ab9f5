#ifndef MAIL_RECIPIENT_H
#define MAIL_RECIPIENT_H

#include <stdint.h>

#include "base/ctx.h"
#include "desk/organization.h"
#include "mail/return_address.h"

/* What a mail that came in is for, by the recipient of its envelope. */

enum recipient_kind {
	RECIPIENT_REPLY,	/* of a mail about an issue: tag */
	RECIPIENT_BOUNCE,	/* the same of a mail that came back */
	RECIPIENT_ORGANIZATION, /* slug@MAIL_IN_DOMAIN, or an address of
				 * mail_address.h */
	RECIPIENT_DESK /* MAIL_FROM: some programs answer to the sender */
};

struct recipient {
	enum recipient_kind kind;
	struct return_address tag;
	int64_t organization_id;   /* of RECIPIENT_ORGANIZATION */
	enum mail_in_mode mail_in; /* its, and */
	usec_t mail_in_since;
};

/* ERR_NOTFOUND: there is no such address here, or its organization takes no
 * mail. */
enum err recipient_find(struct recipient *out, struct ctx *c,
			const char *address) MUST_CHECK;

#endif
