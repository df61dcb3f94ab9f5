/* Which usernames there may be: none that is the address of somebody else,
 * since people also log in by address. */

#include "username.h"

#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/crypto.h"

bool
username_is_own_address(struct ctx *c, const struct user_new *new)
{
	return strchr(new->username, '@') &&
	       strcmp(address_key(c->arena, new->username),
		      account_key(c->arena, new->email)) == 0;
}

/* A username may be the person's own address, but not anybody else's. */
enum err
username_check(struct ctx *c, const struct user_new *new)
{
	if (!strchr(new->username, '@') || username_is_own_address(c, new))
		return OK;
	return fault_add(&c->faults, "username",
			 "A username may contain an @ only if it is your "
			 "email address.");
}

const char *
user_name_of(struct ctx *c, const char *address)
{
	static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
	char random[8];

	for (size_t i = 0; i < sizeof(random) - 1; i++)
		random[i] = letters[random_below(sizeof(letters) - 1)];
	random[sizeof(random) - 1] = '\0';
	return arena_printf(c->arena, "%.*s@%s", (int)strcspn(address, "@"),
			    address, random);
}
