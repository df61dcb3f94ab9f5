#ifndef ADMIN_ADMIN_SECURITY_H
#define ADMIN_ADMIN_SECURITY_H

#include <stddef.h>
#include <stdint.h>

#include "admin/admin.h"
#include "desk/security_log.h"

/* The security log of all tenants, for docketctl: newest first, of one user (0:
 * all) and of one organization (0: all). page->search is not used. */
enum err admin_security_log(struct security_entry **out, size_t *n,
			    struct ctx *c, int64_t user_id,
			    int64_t organization_id,
			    const struct list_page *page) MUST_CHECK;

#endif
