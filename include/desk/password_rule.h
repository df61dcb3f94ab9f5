#ifndef DESK_PASSWORD_RULE_H
#define DESK_PASSWORD_RULE_H

#include "base/ctx.h"

/* The rule for new passwords. Older passwords remain valid. */
#define PASSWORD_MIN 10 /* characters */
#define PASSWORD_MAX 128

/* ERR_INVALID (field): the password is one of the most common ones (the list is
 * in the program's data), or equals the username or the address, ignoring case.
 * The declared input of an endpoint checks the length. */
enum err password_rule(struct ctx *c, const char *field, const char *password,
		       const char *username, const char *email) MUST_CHECK;

#endif
