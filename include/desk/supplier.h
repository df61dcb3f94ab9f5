#ifndef DESK_SUPPLIER_H
#define DESK_SUPPLIER_H

#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "desk/list_page.h"

/* A supplier of an organization, which issues and orders may name. The API and
 * the table call it a vendor. In the C code, "vendor" is only the role of an
 * organization's owners (ROLE_VENDOR) and the name of this field in the API. */
struct supplier {
	int64_t id, organization_id;
	const char *name, *email;
	const char *created_at;
};

/* Sorted by name, or with page->search by the word that was found. Staff get
 * the suppliers of their own organization (an empty list for any other one).
 * Customers get those of an active organization where they have an issue or an
 * order; the caller hides the e-mail addresses from them. *total, of all pages,
 * stops at COUNT_CAP (issue.h). */
enum err supplier_list(struct supplier **out, size_t *n, int64_t *total,
		       struct ctx *c, const struct actor *who,
		       int64_t organization_id,
		       const struct list_page *page) MUST_CHECK;

/* Creates one in the actor's organization; email may be NULL. ERR_INVALID
 * (name): the name is taken. */
enum err supplier_create(int64_t *id, struct ctx *c, const struct actor *who,
			 const char *name, const char *email) MUST_CHECK;

/* Whether the organization has the supplier. */
enum err supplier_exists(bool *out, struct ctx *c, int64_t organization_id,
			 int64_t id) MUST_CHECK;

#endif
