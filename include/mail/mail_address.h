#ifndef MAIL_MAIL_ADDRESS_H
#define MAIL_MAIL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"

/* Further addresses of organizations (table mail_address). Mail to them is for
 * the organization, as mail to slug@MAIL_IN_DOMAIN is. */

/* Of an organization; a few more, if they are added at the same moment. */
#define MAIL_ADDRESSES_MAX 20

struct mail_address {
	int64_t id;
	const char *address;
	const char *created_at;
};

/* Those of the actor's organization, in the order in which they were added. */
enum err mail_address_list(struct mail_address **out, size_t *n, struct ctx *c,
			   const struct actor *who) MUST_CHECK;

/* Adds one. Owners can only add addresses under MAIL_IN_DOMAIN: which other
 * domains lead to which organization is known to the operator alone
 * (`any_domain`). ERR_INVALID (address): it is not valid, not the
 * organization's to choose, or taken. ERR_CONFLICT: there are
 * MAIL_ADDRESSES_MAX. */
enum err mail_address_add(struct mail_address **out, struct ctx *c,
			  const struct actor *who, const char *address,
			  bool any_domain) MUST_CHECK;

/* ERR_NOTFOUND. */
enum err mail_address_remove(struct ctx *c, const struct actor *who,
			     int64_t id) MUST_CHECK;

#endif
