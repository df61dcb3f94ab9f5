#ifndef DESK_ISSUE_ROW_H
#define DESK_ISSUE_ROW_H

#include "desk/issue.h"

struct rows;

/* How an issue is selected and read; for the issue_*.c files only. */

/* The columns of table issue, alias i, as issue_read_own() reads them. */
#define COLUMN_INT(max)
#define COLUMN_ID
#define COLUMN_OBJECT
#define COLUMN_BOOL
#define COLUMN_TIME
#define COLUMN_LINE(max)
#define COLUMN_TEXT(max)
#define COLUMN_BLANK_TEXT(max)
#define COLUMN_CHOICE(x)			   " + 0"
#define ISSUE_COLUMN(id, place, column, kind, ...) ", i." #column COLUMN_##kind
#define ISSUE_OWN				   "i.id" ISSUE_FIELDS(ISSUE_COLUMN)

/* The condition that an issue is a customer's own; takes the user's id. */
#define ISSUE_OF_RAISER "i.raised_by = ? AND NOT i.is_withdrawn"

/* Columns of other tables: the organization, which the actor of staff has
 * already (see issue_know_organization), and the names of all that an issue
 * points to: joined where one issue must take one statement, else from
 * issue_name_all. */
#define ISSUE_ORGANIZATION "o.name, o.linear_team_id"
#define ISSUE_RAISER	   SQL_FULL_NAME("ru") ", ru.email, b.order_number"
#define ISSUE_OTHERS                                                          \
	"v.name, v.email, " SQL_FULL_NAME("au") ", au.email, " SQL_FULL_NAME( \
	    "su") ", " SQL_FULL_NAME("cu")
#define ISSUE_NAMES ISSUE_RAISER ", " ISSUE_OTHERS

#define ISSUE_ORGANIZATION_JOIN \
	"JOIN organization o ON o.id = i.organization_id "
#define ISSUE_RAISER_JOINS                          \
	"LEFT JOIN user ru ON ru.id = i.raised_by " \
	"LEFT JOIN purchase b ON b.id = i.order_id "
#define ISSUE_NAME_JOINS                                 \
	ISSUE_RAISER_JOINS                               \
	"LEFT JOIN vendor v ON v.id = i.vendor_id "      \
	"LEFT JOIN profile ap ON ap.id = i.assigned_to " \
	"LEFT JOIN user au ON au.id = ap.user_id "       \
	"LEFT JOIN user cu ON cu.id = i.created_by "     \
	"LEFT JOIN profile sp ON sp.id = i.resolved_by " \
	"LEFT JOIN user su ON su.id = sp.user_id "

void issue_read_own(struct issue *i, struct rows *r);
void issue_read_raiser(struct issue *i, struct rows *r); /* and the order */
void issue_read_names(struct issue *i, struct rows *r);
void issue_read_organization(struct issue *i, struct rows *r);

/* Fills in the organization from the actor; false if the actor lacks it. */
bool issue_know_organization(struct issue *i, const struct actor *who);

/* Fills in the names of the people, suppliers and purchases that issues have as
 * ids, but for raisers and orders that are known. The actor must be allowed to
 * see the issues. A name that was changed by hand, or on another machine, may
 * be the old one for a minute. Takes at most one statement, and mostly none.
 * ERR_DB. */
enum err issue_name_all(struct issue *list, size_t n, struct ctx *c) MUST_CHECK;

#endif
