#ifndef DESK_CUSTOMER_H
#define DESK_CUSTOMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "desk/list_page.h"

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

struct customer {
	int64_t id; /* of the record: the raised_by_customer */
	int64_t user_id;
	const char *full_name, *email;
	bool is_active; /* the login is */
	const char *created_at;
};

/* Those of the actor's organization, the newest first; with page->search in the
 * order of the words that were found. *total, of all pages, stops at COUNT_CAP
 * (issue.h). For staff. */
enum err customer_list(struct customer **out, size_t *n, int64_t *total,
		       struct ctx *c, const struct actor *who,
		       const struct list_page *page) MUST_CHECK;

#endif
