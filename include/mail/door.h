#ifndef MAIL_DOOR_H
#define MAIL_DOOR_H

#include <stddef.h>

#include "base/ctx.h"

/* The one way in for mails: from a mail server's pipe (docketctl mail deliver),
 * and over HTTP (POST /api/mail/inbound/). A mail is only stored here; nothing
 * of it is read but whether it begins with headers, and its Message-ID. */

struct delivery {
	const char *recipient; /* of the envelope */
	const char *sender; /* the same; "" or "<>": nobody; NULL: not known */
	const char *raw;
	size_t n;
};

enum door_answer {
	DOOR_STORED,	 /* now, or before: a mail is stored once for each
			  * recipient */
	DOOR_NO_ADDRESS, /* there is no such recipient */
	DOOR_NOT_KNOWN,	 /* the recipient takes mail from people with an account
			  * only, and the sender has none */
	DOOR_NO_MAIL,	 /* it does not begin with headers */
	DOOR_TOO_LARGE,	 /* it is larger than INCOMING_MAX */
	DOOR_BUSY,	 /* the recipient has had too many mails within an hour:
			  * try again later */
	DOOR_CLOSED	 /* MAIL_IN_DOMAIN is not set */
};

/* A sentence for the sender of a mail that is not stored; NULL: it is. */
const char *door_sentence(enum door_answer answer);

/* On OK, the mail is committed unless *out says why it was refused. ERR_DB: try
 * again later. */
enum err door_deliver(enum door_answer *out, struct ctx *c,
		      const struct delivery *d) MUST_CHECK;

/* Whether a request of another host is signed with one of MAIL_IN_SECRET, and
 * is not older than five minutes: `signature` is the HMAC-SHA256, in lower-case
 * hexadecimal, of the lines `timestamp` (seconds since 1970), recipient and
 * sender ("" if it is NULL), each ended by LF, and the mail. ERR_CREDENTIALS:
 * it is not. ERR_UPSTREAM: there is no secret. */
enum err door_check_signature(const struct ctx *c, const struct delivery *d,
			      const char *timestamp,
			      const char *signature) MUST_CHECK;

#endif
