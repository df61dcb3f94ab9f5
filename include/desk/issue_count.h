#ifndef DESK_ISSUE_COUNT_H
#define DESK_ISSUE_COUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "desk/issue.h"

/* Exact counts of live issues, kept in the transactions that change them
 * (table issue_count), so that no request counts rows. */

/* In the order of issue_count.scope. */
enum count_scope {
	SCOPE_ORGANIZATION = 1,
	SCOPE_UNASSIGNED,
	SCOPE_ASSIGNEE,
	SCOPE_CUSTOMER,
	/* an organization's issues of one status, and all of them: these are
	 * not divided further, and their cells have the first value of each
	 * other dimension */
	SCOPE_STATUS,
	SCOPE_TOTAL,
	/* those of SCOPE_CUSTOMER that the customer withdrew: staff still see
	 * them, and the customer sees the difference */
	SCOPE_WITHDRAWN,
	/* not a count of issues: the revision of an organization's lists, see
	 * desk/list_revision.h. Its cells with the first category count
	 * changes, and are spread over status and priority, so that processes
	 * do not wait for each other; the one with the second category tells
	 * when a name was last changed, in minutes since 1970. */
	SCOPE_REVISION
};

/* The scope_id of a revision that is a part of all others. */
#define REVISION_OF_ALL 0

/* Inside a transaction: an issue of the kind `was` (NULL: it is new) is now of
 * the kind `is` (NULL: it is gone); maybe only other columns have changed that
 * lists show. Counts the change in the revision, too. Touches rows in one order
 * everywhere, so that two changes do not deadlock. */
enum err count_move(struct ctx *c, const struct issue_kind *was,
		    const struct issue_kind *is) MUST_CHECK;

/* Inside the transaction of a change: counts in the revision that an issue has
 * changed, which no counter counts by that; that lists of all organizations may
 * differ; that the name or address of a user or an organization has changed. */
enum err count_changed_issue(struct ctx *c, int64_t issue_id) MUST_CHECK;
enum err count_changed_all(struct ctx *c) MUST_CHECK;
enum err count_renamed_person(struct ctx *c, int64_t user_id) MUST_CHECK;
enum err count_renamed_organization(struct ctx *c,
				    int64_t organization_id) MUST_CHECK;

/* True when counters hold the number of issues that fit the filter. */
bool count_covers(const struct actor *who, const struct issue_filter *f);

/* The number of issues that fit; the filter must be covered. */
enum err count_issues(int64_t *out, struct ctx *c, const struct actor *who,
		      const struct issue_filter *f) MUST_CHECK;

/* True when the filter asks for no more than a status: then one cell has the
 * number for staff. */
bool count_is_total(const struct issue_filter *f);

/* Parts of a list's statement that make each row tell the total. */

/* The cell as a joined table `total` with the column n; takes the
 * organization's id, and the status if the list is narrowed to one. */
#define COUNT_JOIN(scope, status)                                     \
	"LEFT JOIN issue_count total ON total.scope = '" scope        \
	"' AND total.scope_id = ? AND total.status = " status         \
	" AND total.priority = 'low' AND total.category = 'general' " \
	"AND total.is_client_issue = FALSE AND total.synced = FALSE "

/* A customer's, as a column; takes the user's id. */
#define COUNT_OF_RAISER                                                   \
	"(SELECT COALESCE(SUM(IF(k.scope = 'withdrawn', -k.n, k.n)), 0) " \
	"FROM issue_count k JOIN customer u "                             \
	"ON k.scope IN ('customer', 'withdrawn') AND k.scope_id = u.id "  \
	"WHERE u.user_id = ?"

/* Narrows cells by every criterion that is a dimension of theirs; takes what
 * count_cell_args gives. Both follow from ISSUE_CRITERIA. */
#define FITS_CELL(column) "AND (? IS NULL OR " #column " = ?) "
#define FITS_SCOPE	  ""
#define FITS_TENANT	  ""
#define FITS_NONE	  ""
#define COUNT_FITS_ONE(id, name, kind, field, comparison, counter) \
	FITS_##counter
#define COUNT_FITS ISSUE_CRITERIA(COUNT_FITS_ONE)

#define COUNT_CELL_ARGS (2 * (size_t)CRITERIA) /* at most */
struct arg;
size_t count_cell_args(struct arg *out, const struct issue_filter *f);

/* An organization's cells, as a column; takes its id, and what COUNT_FITS
 * takes. */
#define COUNT_OF_CELLS                                  \
	"(SELECT COALESCE(SUM(n), 0) FROM issue_count " \
	"WHERE scope = 'organization' AND scope_id = ? " COUNT_FITS ")"

/* How many issues the actor may see, by each dimension. */
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

/* A count that differs from the issues. */
struct miscount {
	const char *scope;
	int64_t scope_id;
	const char *status, *priority, *category;
	bool is_client_issue, synced;
	int64_t stored, real;
};

/* Compares every count with the issues, in one statement, so that the result is
 * exact while others work. At most `limit` of the differences. */
enum err count_find_wrong(struct miscount **out, size_t *n, struct ctx *c,
			  int64_t limit) MUST_CHECK;

/* Corrects the counts, while others work; *n: how many were wrong. ERR_AGAIN:
 * another process corrects them. */
enum err count_repair(int64_t *n, struct ctx *c) MUST_CHECK;

#endif
