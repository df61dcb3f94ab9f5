#ifndef DESK_ISSUE_CRITERIA_H
#define DESK_ISSUE_CRITERIA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/enum_name.h"
#include "desk/issue_fields.h"

/* The one table of what lists, counts and exports of issues can be narrowed by.
 * Everything else follows from it: the query parameters
 * (cgi/handlers/issues.c), the SQL and its arguments (issue_query.c), and which
 * counters hold the number (issue_count.c).
 *
 * X(criterion, query parameter, kind of value, field, comparison, counter)
 *
 * kind of value: CHOICE(names), BOOL, ID, TIME, or ASSIGNEE (a staff profile's
 *   id, or ASSIGNEE_NONE: compare with SAME).
 * field: of ISSUE_FIELDS. The parameter is ignored if the actor may not see the
 *   field: otherwise customers could find out its values by filtering.
 * comparison: of ISSUE_COMPARISONS.
 * counter: CELL(column of issue_count), a dimension that every counter is
 *   divided by; SCOPE, whose issues have counters of their own: only of
 *   ASSIGNEE and CUSTOMER; TENANT, only of ORGANIZATION, which must be the
 *   actor's own; NONE, no counter can tell, so that the rows are counted, up to
 *   COUNT_CAP. */
/* clang-format off */
#define ISSUE_CRITERIA(X)                                                                   \
	X(BY_STATUS, "status", CHOICE(status_words), STATUS, EQUAL, CELL(status))            \
	X(BY_PRIORITY, "priority", CHOICE(priority_words), PRIORITY, EQUAL, CELL(priority))  \
	X(BY_CATEGORY, "category", CHOICE(category_words), CATEGORY, EQUAL, CELL(category))  \
	X(BY_CLIENT, "is_client_issue", BOOL, CLIENT, EQUAL, CELL(is_client_issue))          \
	X(BY_SYNCED, "synced_to_linear", BOOL, SYNCED, EQUAL, CELL(synced))                  \
	X(BY_ASSIGNEE, "assigned_to", ASSIGNEE, ASSIGNEE, SAME, SCOPE)                       \
	X(BY_VENDOR, "vendor", ID, VENDOR, EQUAL, NONE)                                      \
	X(BY_ORDER, "order", ID, ORDER, EQUAL, NONE)                                         \
	X(BY_CUSTOMER, "raised_by_customer", ID, CUSTOMER, EQUAL, SCOPE)                     \
	X(BY_ORGANIZATION, "organization", ID, ORGANIZATION, EQUAL, TENANT)                  \
	X(BY_CREATED_AFTER, "created_after", TIME, CREATED_AT, FROM, NONE)                   \
	X(BY_CREATED_BEFORE, "created_before", TIME, CREATED_AT, UP_TO, NONE)                \
	X(BY_UPDATED_AFTER, "updated_after", TIME, UPDATED_AT, FROM, NONE)                   \
	X(BY_UPDATED_BEFORE, "updated_before", TIME, UPDATED_AT, UP_TO, NONE)

/* How a column is compared with a value: X(name, SQL before it, SQL behind). */
#define ISSUE_COMPARISONS(X)     \
	X(EQUAL, "", " = ?")     \
	X(SAME, "", " <=> ?")    \
	X(FROM, "", " >= ?")     \
	X(UP_TO, "", " <= ?")
/* clang-format on */

enum criterion {
#define CRITERION(id, ...) id,
	ISSUE_CRITERIA(CRITERION)
#undef CRITERION
	    CRITERIA
};

enum criterion_kind {
	CRITERION_CHOICE,
	CRITERION_BOOL,
	CRITERION_ID,
	CRITERION_ASSIGNEE,
	CRITERION_TIME
};

enum criterion_counter {
	COUNTER_CELL,
	COUNTER_SCOPE,
	COUNTER_TENANT,
	COUNTER_NONE
};

enum issue_comparison {
#define COMPARISON(name, ...) COMPARE_##name,
	ISSUE_COMPARISONS(COMPARISON)
#undef COMPARISON
};

/* The table, to be read when the program runs. */
struct issue_criterion {
	const char *name; /* of the query parameter */
	enum criterion_kind kind;
	const struct enum_name *words; /* of a CRITERION_CHOICE */
	enum issue_field_id field;
	enum issue_comparison comparison;
	enum criterion_counter counter;
};

/* What stands before and behind a column, by enum issue_comparison. */
struct issue_comparison_sql {
	const char *before, *behind;
};

extern const struct issue_comparison_sql issue_comparisons[];
extern const struct issue_criterion issue_criteria[CRITERIA];

#define ASSIGNEE_NONE (-1)

/* What a list is narrowed to. A criterion counts when its bit is set, whatever
 * its value is: the value false is not the same as "either". */
struct issue_criteria_set {
	uint32_t bits;
	int64_t values[CRITERIA]; /* enum value, 0 or 1, id, microseconds */
};

void criterion_set(struct issue_criteria_set *s, enum criterion k,
		   int64_t value);
void criterion_clear(struct issue_criteria_set *s, enum criterion k);
bool criterion_is_set(const struct issue_criteria_set *s, enum criterion k);

/* Clears what people in this role may not see. */
void criteria_permit(struct issue_criteria_set *s, enum role role);

#endif
