#ifndef COUNT_H
#define COUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "ctx.h"
#include "issue.h"

/* Exact counts of live issues, kept in the transactions that change them
 * (table issue_count), so that no request counts rows. */

/* In the order of issue_count.scope. */
enum count_scope {
	SCOPE_ORGANIZATION = 1,
	SCOPE_UNASSIGNED,
	SCOPE_ASSIGNEE,
	SCOPE_CUSTOMER,
	/* an organization's issues of a status, whatever else they are: its
	 * cells have the first value of every other dimension */
	SCOPE_STATUS
};

/* Inside a transaction: an issue of the kind `was` (NULL: it is new) is now of
 * the kind `is` (NULL: it is gone). Touches rows in one order everywhere, so
 * that two changes do not deadlock. */
enum err count_move(struct ctx *c, const struct issue_kind *was,
		    const struct issue_kind *is) MUST_CHECK;

/* True when counters hold the number of issues that fit the filter. */
bool count_covers(const struct actor *who, const struct issue_filter *f);

/* That number. */
enum err count_issues(int64_t *out, struct ctx *c, const struct actor *who,
		      const struct issue_filter *f) MUST_CHECK;

/* True when SCOPE_STATUS holds it, so that a list can select it along. */
bool count_is_total(const struct actor *who, const struct issue_filter *f);

/* That number as a column of another statement, which takes the organization's
 * id; with the status of the filter, if it has one. */
#define COUNT_TOTAL                                     \
	"(SELECT COALESCE(SUM(n), 0) FROM issue_count " \
	"WHERE scope = 'status' AND scope_id = ?"
#define COUNT_OF_STATUS " AND status = ?"

/* What the actor may see, by each dimension. */
struct issue_stats {
	int64_t total;
	int64_t by_status[STATUS_CLOSED + 1];
	int64_t by_priority[PRIORITY_URGENT + 1];
	int64_t by_category[CATEGORY_OTHER + 1];
	int64_t client_raised, internal;
	int64_t synced, not_synced;
};

enum err count_stats(struct issue_stats *out, struct ctx *c,
		     const struct actor *who) MUST_CHECK;

#endif
