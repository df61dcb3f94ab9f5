#ifndef FILES_LINK_H
#define FILES_LINK_H

#include <stdint.h>

#include "base/crypto.h"
#include "base/ctx.h"

/* Links to files that need no token, for a minute: for a plain <a>, which
 * cannot send one. They are signed with a key that all hosts share. */

#define FILE_LINK_S 60

/* The signature of a link to the file that expires at that time (in seconds
 * since 1970). */
enum err file_link_sign(char out[HMAC_HEX_TEXT], struct ctx *c, int64_t id,
			int64_t expires) MUST_CHECK;

/* Whether the link is valid. ERR_CREDENTIALS: it is not, or not any more. */
enum err file_link_check(struct ctx *c, int64_t id, int64_t expires,
			 const char *signature) MUST_CHECK;

#endif
