#ifndef DESK_ISSUE_FIELDS_H
#define DESK_ISSUE_FIELDS_H

#include <stdbool.h>

#include "base/enum_name.h"

/* The one table of an issue's fields, beside its id. From it follow: the
 * columns that are read and the reader (issue_row.h), the members and bits of
 * struct issue_change and what a change may touch, compares, writes, records
 * and sends to Linear (issue_change.c), which texts of the history a customer
 * may read (activity.c), what PATCH takes (cgi/handlers/issue_actions.c), what
 * each role is shown (cgi/view.c), and what is exported (cgi/handlers/bulk.c).
 *
 * X(id, member of struct issue, column, kind, name in the API, viewers,
 *   changers, Linear, history, export)
 *
 * kind: INT; ID (0: NULL); BOOL; TIME; CHOICE(x), an enum x with x_words and
 *   x_labels; LINE(max), TEXT(max) and BLANK_TEXT(max), texts as
 *   web/input.h has them, of at most so many characters; OBJECT, an id that
 *   is shown as an object, and may be sent as one.
 * viewers: ANYONE; STAFF, a customer gets null; HIDDEN, nobody; SPECIAL,
 * cgi/view.c says how. changers: CUSTOMER, staff and the issue's customer;
 * STAFF; DERIVED, what other changes lead to; NOBODY, issue_change() leaves it
 * alone. Linear: LINEAR, a change is sent there; SILENT. history: WORD, changes
 * are recorded for everybody; PROSE, the same, but of what people wrote a
 * customer reads only what still stands; SECRET, they are recorded for staff;
 * UNRECORDED. export: CELL, a column of that name; CALLED(name, member), a
 * column for the name of what the id means; PERSON(name, a, b), two; LEFT_OUT.
 */
/* clang-format off */
#define ISSUE_FIELDS(X)                                                                                                                             \
	X(NUMBER, number, issue_number, LINE(0), "issue_number", ANYONE, NOBODY, SILENT, UNRECORDED, CELL)                                          \
	X(ORGANIZATION, kind.organization_id, organization_id, INT, "organization", ANYONE, NOBODY, SILENT, UNRECORDED, CALLED("organization", organization_name)) \
	X(TITLE, title, title, LINE(TITLE_MAX), "title", ANYONE, CUSTOMER, LINEAR, PROSE, CELL)                                                     \
	X(DESCRIPTION, description, description, BLANK_TEXT(DESCRIPTION_MAX), "description", ANYONE, CUSTOMER, LINEAR, PROSE, CELL)                   \
	X(STATUS, kind.status, status, CHOICE(status), "status", ANYONE, STAFF, LINEAR, WORD, CELL)                                                 \
	X(PRIORITY, kind.priority, priority, CHOICE(priority), "priority", ANYONE, CUSTOMER, LINEAR, WORD, CELL)                                    \
	X(CATEGORY, kind.category, category, CHOICE(category), "category", ANYONE, CUSTOMER, LINEAR, WORD, CELL)                                    \
	X(RAISER, raised_by, raised_by, ID, "raised_by", HIDDEN, NOBODY, SILENT, UNRECORDED, PERSON("raised_by", raiser_name, raiser_email))         \
	X(ASSIGNEE, kind.assigned_to, assigned_to, OBJECT, "assigned_to", SPECIAL, STAFF, LINEAR, WORD, CALLED("assigned_to", assignee_name))       \
	X(VENDOR, vendor_id, vendor_id, OBJECT, "vendor", SPECIAL, STAFF, SILENT, WORD, CALLED("vendor", vendor_name))                              \
	X(ORDER, order_id, order_id, ID, "order", ANYONE, STAFF, SILENT, WORD, CALLED("order_number", order_number))                                \
	X(NOTES, resolution_notes, resolution_notes, TEXT(NOTES_MAX), "resolution_notes", ANYONE, STAFF, SILENT, PROSE, CELL)                       \
	X(LINEAR_URL, linear_url, linear_url, LINE(0), "linear_issue_url", ANYONE, NOBODY, SILENT, UNRECORDED, CELL)                                \
	X(RESOLVED_AT, resolved_at, resolved_at, TIME, "resolved_at", ANYONE, DERIVED, SILENT, UNRECORDED, CELL)                                    \
	X(RESOLVER, resolved_by, resolved_by, OBJECT, "resolved_by", SPECIAL, DERIVED, SILENT, UNRECORDED, LEFT_OUT)                                \
	X(CREATED_AT, created_at, created_at, TIME, "created_at", ANYONE, NOBODY, SILENT, UNRECORDED, CELL)                                         \
	X(UPDATED_AT, updated_at, updated_at, TIME, "updated_at", ANYONE, NOBODY, SILENT, UNRECORDED, CELL)                                         \
	X(CLIENT, kind.is_client_issue, is_client_issue, BOOL, "is_client_issue", ANYONE, NOBODY, SILENT, UNRECORDED, LEFT_OUT)                     \
	X(CUSTOMER, kind.customer_id, customer_id, ID, "raised_by_customer", ANYONE, NOBODY, SILENT, UNRECORDED, LEFT_OUT)                          \
	X(CREATOR, created_by, created_by, ID, "created_by", ANYONE, NOBODY, SILENT, UNRECORDED, LEFT_OUT)                                          \
	X(WITHDRAWN, kind.is_withdrawn, is_withdrawn, BOOL, "is_withdrawn", HIDDEN, DERIVED, SILENT, UNRECORDED, LEFT_OUT)                          \
	X(SYNCED, kind.synced_to_linear, synced_to_linear, BOOL, "synced_to_linear", ANYONE, NOBODY, SILENT, UNRECORDED, LEFT_OUT)                  \
	X(FIRST_ANSWERED_AT, first_answered_at, first_answered_at, TIME, "first_answered_at", HIDDEN, NOBODY, SILENT, UNRECORDED, LEFT_OUT)         \
	X(VERSION, version, version, INT, "version", ANYONE, NOBODY, SILENT, UNRECORDED, LEFT_OUT)                                                  \
	X(LINEAR_ID, linear_id, linear_id, LINE(0), "linear_issue_id", SPECIAL, DERIVED, SILENT, UNRECORDED, LEFT_OUT)                              \
	X(LINEAR_IDENTIFIER, linear_identifier, linear_identifier, LINE(0), "linear_identifier", STAFF, NOBODY, SILENT, UNRECORDED, LEFT_OUT)       \
	X(LINEAR_STATE, linear_state, linear_state, LINE(0), "linear_state", HIDDEN, NOBODY, SILENT, UNRECORDED, LEFT_OUT)                          \
	X(LINEAR_TEAM, linear_team_id, linear_team_id, LINE(0), "linear_team_id", STAFF, NOBODY, SILENT, UNRECORDED, LEFT_OUT)                      \
	X(SYNC_STATE, sync_state, sync_state, CHOICE(sync_state), "sync_state", SPECIAL, DERIVED, SILENT, UNRECORDED, LEFT_OUT)                     \
	X(LAST_SYNCED_AT, last_synced_at, last_synced_at, TIME, "last_synced_at", ANYONE, NOBODY, SILENT, UNRECORDED, LEFT_OUT)
/* clang-format on */

/* The table, to be read when the program runs. */
enum issue_viewers {
	VIEWERS_ANYONE,
	VIEWERS_STAFF,
	VIEWERS_HIDDEN,
	VIEWERS_SPECIAL
};
enum issue_changers {
	CHANGERS_CUSTOMER,
	CHANGERS_STAFF,
	CHANGERS_DERIVED,
	CHANGERS_NOBODY
};
enum issue_history {
	HISTORY_WORD,
	HISTORY_PROSE,
	HISTORY_SECRET,
	HISTORY_UNRECORDED
};

struct issue_field {
	const char *name, *column;
	enum issue_viewers viewers;
	enum issue_changers changers;
	bool to_linear;
	enum issue_history history;
	bool exported;
	const char *kind;			/* "BOOL", "CHOICE(status)" */
	const struct enum_name *words, *labels; /* of a CHOICE */
};

enum issue_field_id {
#define ISSUE_FIELD_NUMBER(id, ...) ISSUE_FIELD_##id,
	ISSUE_FIELDS(ISSUE_FIELD_NUMBER)
#undef ISSUE_FIELD_NUMBER
	    ISSUE_FIELD_MAX
};

extern const struct issue_field issue_fields[ISSUE_FIELD_MAX];

#endif
