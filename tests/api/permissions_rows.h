#ifndef PERMISSIONS_ROWS_H
#define PERMISSIONS_ROWS_H

#include <stddef.h>

/* The table of permissions: which status each caller gets of each route. */

/* The callers, in the order of the columns below. The first three have no valid
 * token, and share a column. */
enum who {
	ANONYMOUS,
	EXPIRED,
	REVOKED,
	CUSTOMER, /* raised the issue of the first organization */
	STRANGER, /* raised that of the other one */
	EMPLOYEE,
	VENDOR,
	OUTSIDER,	/* employee of the other organization */
	OUTSIDE_VENDOR, /* and its owner */
	EVERYBODY
};
#define COLUMNS (EVERYBODY - REVOKED)

/* What {id} is replaced by. */
enum thing {
	NO_THING,
	ISSUE,
	RESOLVED_ISSUE,
	ORGANIZATION,
	STAFF_PROFILE,
	PERSONAL_TOKEN,
	INVITATION,
	LOGIN_SESSION,
	NOTIFICATION,
	FAILURE,
	ATTACHMENT,
	HELD_MAIL,
	MAIL_ADDRESS
};

enum side { OWN, OTHER, SIDES };
#define MISSING_ID 999999999

/* Status by column: nobody, customer, stranger, employee, vendor, outsider,
 * outside vendor. Without an {id} there is only the first. */
struct row {
	const char *method, *pattern;
	enum thing thing;
	const char *body; /* $org, $person and $word are replaced, and ' by " */
	const char *own, *other, *missing;
};

extern const struct row permission_rows[];
extern const size_t permission_row_count;

#endif
