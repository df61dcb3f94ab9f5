#ifndef MAIL_UNSUBSCRIBE_H
#define MAIL_UNSUBSCRIBE_H

#include <stdint.h>

#include "base/ctx.h"

/* The link in a mail by which its reader stops such mails without logging in.
 * It names the user, and is signed with a key that is stored in the database.
 */

/* The URL of the link, in the arena. */
enum err unsubscribe_link(const char **out, struct ctx *c,
			  int64_t user_id) MUST_CHECK;

/* OK: the signature belongs to the user. ERR_INVALID (field t): it does not. */
enum err unsubscribe_check(struct ctx *c, int64_t user_id,
			   const char *signature) MUST_CHECK;

#endif
