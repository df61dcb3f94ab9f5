#ifndef DESK_ISSUE_FIELDS_H
#define DESK_ISSUE_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/enum_name.h"

struct arena;
struct issue;
struct jsonout;

/* The one table of an issue's fields, beside its id. From it follow: the
 * members of struct issue (issue.h), the columns that are read (issue_row.h),
 * the members and bits of struct issue_change and what a change may touch,
 * compares, writes, records and sends to Linear (issue_change.c), which texts
 * of the history a customer may read (activity.c), what PATCH takes
 * (cgi/handlers/issue_actions.c), what each role is shown (cgi/view.c) and
 * exports (cgi/handlers/bulk.c), the schema of both in OpenAPI
 * (cgi/openapi/issue.c), and what `docketctl organization export` writes.
 *
 * X(id, place, column, kind, name in the API, viewers, changers, Linear,
 *   history, export)
 *
 * place: OWN, a member of struct issue, called as the column; KIND, one of its
 *   struct issue_kind, by which counters count (issue_count.c).
 * kind: INT(max), a whole number from 0, never NULL; ID, a positive number (0:
 *   NULL); BOOL; TIME, a text or NULL; CHOICE(x), an enum x with x_words and
 *   x_labels, never NULL; LINE(max), TEXT(max) and BLANK_TEXT(max), texts as
 *   web/input.h has them, of at most so many characters, of which people may
 *   set only a TEXT to null; OBJECT, an id that is shown as an object, and may
 *   be sent as one. max is 0 where requests change nothing.
 * viewers: ANYONE; STAFF, a customer gets null; HIDDEN, nobody; SPECIAL,
 *   everybody, and cgi/view.c says how.
 * changers: CUSTOMER, staff and the issue's customer; STAFF; DERIVED, what
 *   other changes lead to; NOBODY, issue_change() leaves it alone.
 * Linear: LINEAR, a change makes a job to send it there, and lib/sync has to do
 *   it; SILENT.
 * history: WORD, changes are recorded, for those who see the field; PROSE, the
 *   same, but of what people wrote a customer reads only what still stands;
 *   UNRECORDED.
 * export: of lists as CSV, where viewers see what they see elsewhere. CELL, a
 *   column of that name; CALLED(name, member), a column for what the id is
 *   called; PERSON(name, member, email), two; LEFT_OUT.
 */
/* clang-format off */
#define ISSUE_FIELDS(X)                                                                                                                               \
	X(NUMBER, OWN, issue_number, LINE(0), "issue_number", ANYONE, NOBODY, SILENT, UNRECORDED, CELL)                                                \
	X(ORGANIZATION, KIND, organization_id, INT(0), "organization", ANYONE, NOBODY, SILENT, UNRECORDED, CALLED("organization", organization_name))  \
	X(TITLE, OWN, title, LINE(TITLE_MAX), "title", ANYONE, CUSTOMER, LINEAR, PROSE, CELL)                                                          \
	X(DESCRIPTION, OWN, description, BLANK_TEXT(DESCRIPTION_MAX), "description", ANYONE, CUSTOMER, LINEAR, PROSE, CELL)                            \
	X(STATUS, KIND, status, CHOICE(status), "status", ANYONE, STAFF, LINEAR, WORD, CELL)                                                           \
	X(PRIORITY, KIND, priority, CHOICE(priority), "priority", ANYONE, CUSTOMER, LINEAR, WORD, CELL)                                                \
	X(CATEGORY, KIND, category, CHOICE(category), "category", ANYONE, CUSTOMER, LINEAR, WORD, CELL)                                                \
	X(CUSTOMER, KIND, customer_id, ID, "raised_by_customer", ANYONE, NOBODY, SILENT, UNRECORDED, PERSON("raised_by", raiser_name, raiser_email))   \
	X(ASSIGNEE, KIND, assigned_to, OBJECT, "assigned_to", SPECIAL, STAFF, LINEAR, WORD, CALLED("assigned_to", assignee_name))                      \
	X(VENDOR, OWN, vendor_id, OBJECT, "vendor", SPECIAL, STAFF, SILENT, WORD, CALLED("vendor", vendor_name))                                       \
	X(ORDER, OWN, order_id, ID, "order", ANYONE, STAFF, SILENT, WORD, CALLED("order_number", order_number))                                        \
	X(NOTES, OWN, resolution_notes, TEXT(NOTES_MAX), "resolution_notes", ANYONE, STAFF, SILENT, PROSE, CELL)                                       \
	X(LINEAR_URL, OWN, linear_url, LINE(0), "linear_issue_url", ANYONE, NOBODY, SILENT, UNRECORDED, CELL)                                          \
	X(RESOLVED_AT, OWN, resolved_at, TIME, "resolved_at", ANYONE, DERIVED, SILENT, UNRECORDED, CELL)                                               \
	X(RESOLVER, OWN, resolved_by, OBJECT, "resolved_by", SPECIAL, DERIVED, SILENT, UNRECORDED, LEFT_OUT)                                           \
	X(CREATED_AT, OWN, created_at, TIME, "created_at", ANYONE, NOBODY, SILENT, UNRECORDED, CELL)                                                   \
	X(UPDATED_AT, OWN, updated_at, TIME, "updated_at", ANYONE, NOBODY, SILENT, UNRECORDED, CELL)                                                   \
	X(RAISER, OWN, raised_by, ID, "raised_by", HIDDEN, NOBODY, SILENT, UNRECORDED, LEFT_OUT)                                                       \
	X(CLIENT, KIND, is_client_issue, BOOL, "is_client_issue", ANYONE, NOBODY, SILENT, UNRECORDED, LEFT_OUT)                                        \
	X(CREATOR, OWN, created_by, ID, "created_by", ANYONE, NOBODY, SILENT, UNRECORDED, LEFT_OUT)                                                    \
	X(WITHDRAWN, KIND, is_withdrawn, BOOL, "is_withdrawn", HIDDEN, DERIVED, SILENT, UNRECORDED, LEFT_OUT)                                          \
	X(SYNCED, KIND, synced_to_linear, BOOL, "synced_to_linear", ANYONE, NOBODY, SILENT, UNRECORDED, LEFT_OUT)                                      \
	X(FIRST_ANSWERED_AT, OWN, first_answered_at, TIME, "first_answered_at", HIDDEN, NOBODY, SILENT, UNRECORDED, LEFT_OUT)                          \
	X(VERSION, OWN, version, INT(0), "version", ANYONE, NOBODY, SILENT, UNRECORDED, LEFT_OUT)                                                      \
	X(LINEAR_ID, OWN, linear_id, LINE(0), "linear_issue_id", SPECIAL, DERIVED, SILENT, UNRECORDED, LEFT_OUT)                                       \
	X(LINEAR_IDENTIFIER, OWN, linear_identifier, LINE(0), "linear_identifier", STAFF, NOBODY, SILENT, UNRECORDED, CELL)                            \
	X(LINEAR_STATE, OWN, linear_state, LINE(0), "linear_state", HIDDEN, NOBODY, SILENT, UNRECORDED, LEFT_OUT)                                      \
	X(LINEAR_TEAM, OWN, linear_team_id, LINE(0), "linear_team_id", STAFF, NOBODY, SILENT, UNRECORDED, LEFT_OUT)                                    \
	X(SYNC_STATE, OWN, sync_state, CHOICE(sync_state), "sync_state", SPECIAL, DERIVED, SILENT, UNRECORDED, LEFT_OUT)                               \
	X(ATTACHMENTS, OWN, attachment_count, INT(0), "attachment_count", HIDDEN, NOBODY, SILENT, UNRECORDED, LEFT_OUT)                                \
	X(LAST_SYNCED_AT, OWN, last_synced_at, TIME, "last_synced_at", ANYONE, NOBODY, SILENT, UNRECORDED, LEFT_OUT)
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
enum issue_history { HISTORY_WORD, HISTORY_PROSE, HISTORY_UNRECORDED };

enum issue_field_kind {
	KIND_OF_INT,
	KIND_OF_ID,
	KIND_OF_OBJECT,
	KIND_OF_BOOL,
	KIND_OF_CHOICE,
	/* texts, or NULL */
	KIND_OF_TIME,
	KIND_OF_LINE,
	KIND_OF_TEXT,
	KIND_OF_BLANK_TEXT
};

struct issue_field {
	const char *name, *column;
	const char *label_name; /* beside a CHOICE: its label in the API */
	enum issue_viewers viewers;
	enum issue_changers changers;
	unsigned
	    set; /* its bit in struct issue_change; 0: no request sets it */
	bool to_linear;
	enum issue_history history;
	bool exported;
	const char *called;	  /* how CALLED or PERSON names it, or NULL */
	const char *called_email; /* the second column of a PERSON, or NULL */
	enum issue_field_kind kind;
	int64_t max;				/* of numbers and texts */
	const struct enum_name *words, *labels; /* of a CHOICE */
};

enum issue_field_id {
#define ISSUE_FIELD_NUMBER(id, ...) ISSUE_FIELD_##id,
	ISSUE_FIELDS(ISSUE_FIELD_NUMBER)
#undef ISSUE_FIELD_NUMBER
	    ISSUE_FIELD_MAX
};

extern const struct issue_field issue_fields[ISSUE_FIELD_MAX];

/* Whether somebody in that role is shown the field, or what it is called. */
bool issue_field_shown(const struct issue_field *f, enum role role);

/* The value that an issue has there: a text (NULL: none), or a number. */
struct issue_value {
	const char *text;
	int64_t number;
};

struct issue_value issue_value(const struct issue *i, enum issue_field_id id);
bool issue_values_differ(struct issue_value a, struct issue_value b);

/* The value in words, for the history and for tables: "in_progress", "true";
 * NULL: none. */
const char *issue_value_text(struct arena *a, enum issue_field_id id,
			     struct issue_value v);

/* Writes it as a member with the field's name. */
void issue_value_json(struct jsonout *j, enum issue_field_id id,
		      struct issue_value v);

/* What the id of a CALLED or PERSON stands for: names, as far as they were read
 * (see struct issue). */
struct issue_naming {
	const char *name, *email;
};

struct issue_naming issue_naming(const struct issue *i, enum issue_field_id id);

#endif
