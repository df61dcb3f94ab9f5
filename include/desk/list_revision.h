#ifndef DESK_LIST_REVISION_H
#define DESK_LIST_REVISION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"

/* The revision of an organization's lists, by which a list of issues is known
 * to be the same as before without being read. It grows in the transaction of
 * every change that a list could show: counters and revision are counted in one
 * statement (desk/issue_count.h). */

/* Whose name or address has changed: of a user, who may be staff or a customer
 * of several organizations, or (0) of an organization. */
struct renamed {
	int64_t user_id, organization_id;
};

/* Runs a statement that does so, and counts it, in one transaction. Errors as
 * db_run(). */
struct arg;
struct stmt;
enum err revision_run(struct ctx *c, const struct renamed *who, struct stmt *s,
		      const struct arg *args, size_t n) MUST_CHECK;

struct list_revision {
	int64_t changes; /* so many */
	int64_t renamed; /* when a name was last changed */
};

/* The revision of what an actor's lists are made from: of the organization, or
 * of all in which a customer has raised issues. Read it before the list, which
 * then is not older. *known is false when it does not tell for sure: shortly
 * after a name has changed, since processes cache names, and while workers of
 * an older version, which count no changes, may run. */
enum err revision_read(struct list_revision *out, bool *known, struct ctx *c,
		       const struct actor *who) MUST_CHECK;

#endif
