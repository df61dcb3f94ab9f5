#ifndef DESK_PASSWORD_RULE_H
#define DESK_PASSWORD_RULE_H

#include "base/ctx.h"

/* What a new password must be. Those that were set earlier stay good. */
#define PASSWORD_MIN 10 /* characters */
#define PASSWORD_MAX 128

/* ERR_INVALID (field): it is among the commonest (lib/data), or it is the
 * account's user name or address, in either case. Its length is the input's to
 * check. */
enum err password_rule(struct ctx *c, const char *field, const char *password,
		       const char *username, const char *email) MUST_CHECK;

#endif
