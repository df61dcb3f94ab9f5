#ifndef DESK_PERSON_SECTION_H
#define DESK_PERSON_SECTION_H

/* The sections of a person's data; for person_export.c only. */

struct enum_name;
struct stmt;

/* In the order of the document. */
enum person_section_id {
	PERSON_ACCOUNT,
	PERSON_PROFILES,
	PERSON_CUSTOMERS,
	PERSON_ORDERS,
	PERSON_ISSUES,
	PERSON_ISSUE_COMMENTS,
	PERSON_OTHER_COMMENTS,
	PERSON_FILES,
	PERSON_MAILS,
	PERSON_NOTIFICATIONS,
	PERSON_SESSIONS,
	PERSON_TOKENS,
	PERSON_SECURITY,
	PERSON_SECTIONS
};

/* The JSON type of a column. The id 0 is written as null. */
enum column_kind { AN_ID, A_TEXT, A_SWITCH, A_NAME };

struct column {
	const char *name; /* NULL: the end */
	enum column_kind kind;
	const struct enum_name *names; /* of A_NAME */
};

/* The statement takes the user's id. That of a section in the order of ids also
 * takes the id behind which a batch begins, and its size; those of issues and
 * of their comments take more, see person_export.c. */
struct person_section {
	const char *name;
	struct stmt *statement;
	/* after "id" and, of issues, "created_at" */
	const struct column *columns;
};

extern const struct person_section person_sections[PERSON_SECTIONS];

/* Reads the ids and times of issues alone. */
extern struct stmt *const person_issue_keys;

#endif
