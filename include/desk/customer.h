#ifndef DESK_CUSTOMER_H
#define DESK_CUSTOMER_H

#include <stdint.h>

#include "base/ctx.h"

/* Customer records: a user as one organization sees them. The first issue that
 * a user raises in an organization creates the record. */

/* The user who has a customer record in the organization and can act as a
 * customer, by their id or (0) their proved address. ERR_NOTFOUND. */
enum err customer_find(int64_t *user_id, struct ctx *c, int64_t organization_id,
		       int64_t id, const char *address) MUST_CHECK;

/* Creates the customer record of a user in an organization, or finds it where
 * there is one. Several requests may do this at once. */
enum err customer_create(int64_t *id, struct ctx *c, int64_t user_id,
			 int64_t organization_id) MUST_CHECK;

#endif
