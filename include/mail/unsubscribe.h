#ifndef MAIL_UNSUBSCRIBE_H
#define MAIL_UNSUBSCRIBE_H

#include <stdint.h>

#include "base/ctx.h"

/* The link in a mail by which its reader stops such mails without logging in.
 * It names the user and is signed with a key that the database keeps. */

/* Its address, in the arena. */
enum err optout_link(const char **out, struct ctx *c,
		     int64_t user_id) MUST_CHECK;

/* OK: the signature is that user's. ERR_INVALID (t): it is not. */
enum err optout_check(struct ctx *c, int64_t user_id,
		      const char *signature) MUST_CHECK;

#endif
