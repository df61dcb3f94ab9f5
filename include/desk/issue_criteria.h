#ifndef DESK_ISSUE_CRITERIA_H
#define DESK_ISSUE_CRITERIA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/enum_name.h"

/* The one table of what lists, counts and exports of issues can be narrowed by.
 * Everything else follows from it: the query parameters
 * (cgi/handlers/issues.c), the SQL and its arguments (issue_query.c), and which
 * counters hold the number (issue_count.c).
 *
 * X(criterion, query parameter, kind of value, column, comparison, counter,
 *   who may use it)
 *
 * kind of value: CHOICE(names), BOOL, ID, TIME, or ASSIGNEE (a staff profile's
 *   id, or ASSIGNEE_NONE: compare with <=>).
 * counter: CELL(column of issue_count), a dimension that every counter is
 *   divided by; SCOPE, whose issues have counters of their own; TENANT, the
 *   organization, which is the actor's own; or NONE: no counter can tell, so
 *   that the rows are counted, up to COUNT_CAP.
 * who: ANYONE, or STAFF: for a customer, as if they had not sent it. What
 *   customers cannot see they must not find out by filtering either. */
/* clang-format off */
#define ISSUE_CRITERIA(X)                                                                               \
	X(BY_STATUS, "status", CHOICE(status_words), "i.status", "=", CELL(status), ANYONE)             \
	X(BY_PRIORITY, "priority", CHOICE(priority_words), "i.priority", "=", CELL(priority), ANYONE)   \
	X(BY_CATEGORY, "category", CHOICE(category_words), "i.category", "=", CELL(category), ANYONE)   \
	X(BY_CLIENT, "is_client_issue", BOOL, "i.is_client_issue", "=", CELL(is_client_issue), ANYONE)  \
	X(BY_SYNCED, "synced_to_linear", BOOL, "i.synced_to_linear", "=", CELL(synced), ANYONE)         \
	X(BY_ASSIGNEE, "assigned_to", ASSIGNEE, "i.assigned_to", "<=>", SCOPE, ANYONE)                  \
	X(BY_VENDOR, "vendor", ID, "i.vendor_id", "=", NONE, ANYONE)                                    \
	X(BY_ORDER, "order", ID, "i.order_id", "=", NONE, ANYONE)                                       \
	X(BY_CUSTOMER, "raised_by_customer", ID, "i.customer_id", "=", SCOPE, ANYONE)                   \
	X(BY_ORGANIZATION, "organization", ID, "i.organization_id", "=", TENANT, ANYONE)                \
	X(BY_CREATED_AFTER, "created_after", TIME, "i.created_at", ">=", NONE, ANYONE)                  \
	X(BY_CREATED_BEFORE, "created_before", TIME, "i.created_at", "<=", NONE, ANYONE)                \
	X(BY_UPDATED_AFTER, "updated_after", TIME, "i.updated_at", ">=", NONE, ANYONE)                  \
	X(BY_UPDATED_BEFORE, "updated_before", TIME, "i.updated_at", "<=", NONE, ANYONE)
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

enum criterion_users { USERS_ANYONE, USERS_STAFF };

/* The table, to be read when the program runs. */
struct issue_criterion {
	const char *name;   /* of the query parameter */
	const char *column; /* of table issue, alias i */
	const char *comparison;
	enum criterion_kind kind;
	enum criterion_counter counter;
	enum criterion_users users;
	const struct enum_name *words; /* of a CRITERION_CHOICE */
};

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

/* Clears what people in this role may not use. */
void criteria_permit(struct issue_criteria_set *s, enum role role);

#endif
