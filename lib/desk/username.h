#ifndef DESK_USERNAME_H
#define DESK_USERNAME_H

#include <stdbool.h>

#include "base/ctx.h"
#include "desk/user.h"

/* Whether the username is the person's own address. */
bool username_is_own_address(struct ctx *c, const struct user_new *new);

/* A username may be the person's own address, but not anybody else's: then
 * ERR_INVALID with a fault. */
enum err username_check(struct ctx *c, const struct user_new *new) MUST_CHECK;

#endif
