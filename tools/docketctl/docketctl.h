#ifndef DOCKETCTL_H
#define DOCKETCTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "base/enum_name.h"
#include "desk/list_page.h"
#include "desk/organization.h"
#include "desk/profile.h"
#include "desk/user.h"
#include "web/input.h"

/* docketctl: administration from the command line. Each verb is declared in a
 * table, from which its help and the parsing of its options are made. */

/* Exit codes, which scripts may rely on (sysexits.h has the higher ones). */
enum {
	EXIT_REFUSED = 1, /* or not found: a line on stderr says what */
	EXIT_MISUSE = 2,
	EXIT_NO_DATABASE = 69,
	EXIT_TRY_LATER = 75, /* of mail deliver */
	EXIT_CONFIG = 78
};

/* One run of a verb. */
struct call {
	struct ctx *c;
	const struct verb *verb;
	struct input in;
	bool json;
	bool explained; /* the failure has been reported */
	bool misused;	/* the failure is wrong usage */
	int exit_code;	/* instead of the usual one, if the verb sets it */
};

/* A parameter of a verb: a field with its checks, and texts for the help. An
 * option has the field's name; an argument is known by its position. */
struct param {
	struct field field;
	const char *value; /* placeholder in the help; NULL: a switch */
	const char *help;
	bool argument;
};

struct verb {
	const char *name; /* "user list" */
	const char *help;
	const struct param *params; /* ended by one without a name; or NULL */
	enum err (*run)(struct call *call);
};

/* Declarations of parameters. For a text, `max` is its length in characters. */
#define PARAM_LINE(name, flags, max, value, help)                           \
	{                                                                   \
		{name, FIELD_LINE, F_QUERY | (flags), 1, max, NULL}, value, \
		    help, false                                             \
	}
#define PARAM_EMAIL(name, value, help)                                         \
	{                                                                      \
		{name, FIELD_EMAIL, F_QUERY, 3, 254, NULL}, value, help, false \
	}
#define PARAM_ID(name, flags, value, help)                               \
	{                                                                \
		{name, FIELD_ID, F_QUERY | (flags), 1, INT64_MAX, NULL}, \
		    value, help, false                                   \
	}
#define PARAM_INT(name, min, max, value, help)                                 \
	{                                                                      \
		{name, FIELD_INT, F_QUERY, min, max, NULL}, value, help, false \
	}
#define PARAM_SWITCH(name, help)                                           \
	{                                                                  \
		{name, FIELD_BOOL, F_QUERY, 0, 0, NULL}, NULL, help, false \
	}
#define ARGUMENT(name, flags, max, value, help)                             \
	{                                                                   \
		{name, FIELD_LINE, F_QUERY | (flags), 1, max, NULL}, value, \
		    help, true                                              \
	}
#define ARGUMENT_EMAIL(name, help)                                       \
	{                                                                \
		{name, FIELD_EMAIL, F_QUERY | F_REQUIRED, 3, 254, NULL}, \
		    "EMAIL", help, true                                  \
	}
#define ARGUMENT_ID(name, flags, value, help)                            \
	{                                                                \
		{name, FIELD_ID, F_QUERY | (flags), 1, INT64_MAX, NULL}, \
		    value, help, true                                    \
	}
#define ARGUMENT_CHOICE(name, words, value, help)                        \
	{                                                                \
		{name, FIELD_CHOICE, F_QUERY | F_REQUIRED, 0, 0, words}, \
		    value, help, true                                    \
	}
#define PARAMS_END                            \
	{                                     \
		FIELDS_END, NULL, NULL, false \
	}
#define VERBS_END                      \
	{                              \
		NULL, NULL, NULL, NULL \
	}

/* Parameters that many verbs have. */
#define ORGANIZATION \
	ARGUMENT("organization", F_REQUIRED, 80, "ORGANIZATION", "id or slug")
#define USER                                      \
	ARGUMENT("user", F_REQUIRED, 254, "USER", \
		 "id, username or e-mail address")
#define LIST_DEFAULT 1000
#define PARAMS_LIST                                                           \
	PARAM_INT("limit", 1, 100000, "N", "at most N rows (default: 1000)"), \
	    PARAM_INT("offset", 0, 1000000000, "N", "skip the first N rows")

/* The verbs, by file; each table ends with VERBS_END. */
extern const struct verb first_setup_verbs[], setup_verbs[],
    organization_verbs[], user_verbs[], profile_verbs[], staff_verbs[],
    directory_verbs[], token_verbs[], team_verbs[], queue_verbs[], mail_verbs[],
    mail_in_verbs[], backup_verbs[], restore_verbs[], security_verbs[],
    files_verbs[];

/* The value of a parameter, or a substitute if it was not given. */
const char *given_text(const struct call *call, const char *name);
int64_t given_int(const struct call *call, const char *name, int64_t otherwise);
bool given_switch(const struct call *call, const char *name);

/* The id that argument `name` gives, or 0 with --all. It is wrong usage to give
 * neither or both; then the message names `what`, such as "a mail". */
enum err given_one_or_all(int64_t *id, struct call *call, const char *name,
			  const char *what) MUST_CHECK;

/* The part of a list that --limit and --offset ask for. */
struct list_page given_page(const struct call *call);

/* Reports why the verb fails. `return refuse(call, e, "there is no %s", ...)`
 * also returns the error; it is a macro so that analyzers see that it is not
 * OK.
 */
#define refuse(call, e, ...) (say_why(call, __VA_ARGS__), (e))
void say_why(struct call *call, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The same for wrong usage. */
enum err misuse(struct call *call, const char *text);

/* Prints a sentence for a person; not with --json. */
void say(const struct call *call, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The output of a verb: cells of fixed columns, collected row by row, then
 * printed as a table, as lines of "name: value", or as JSON. */
struct table {
	struct call *call;
	const char *const *columns; /* ended by NULL */
	size_t width;		    /* number of columns */
	struct table_cell *cells;
	size_t n, room;
};

void table_init(struct table *s, struct call *call, const char *const *columns);
void put_text_cell(struct table *s, const char *text); /* NULL: no value */
void put_int_cell(struct table *s, int64_t v);
void put_id_cell(struct table *s, int64_t id); /* 0: none */
void put_bool_cell(struct table *s, bool v);
void table_print_list(const struct table *s);
void table_print_one(const struct table *s); /* its only row */

/* Prints a table of one number. */
void table_print_count(struct call *call, const char *column, int64_t n);

/* Says on stderr that a list has more rows, if it has. */
void say_more(const struct call *call, size_t shown, int64_t total);

/* One line of a stream without its end, in the arena; NULL at the end of the
 * input, or when it is too long. */
const char *read_stream_line(struct arena *a, FILE *from);

/* Reads a line from the terminal without echo. */
const char *ask_unseen(struct arena *a, const char *prompt);

/* Reads a new password into the arena: from the terminal, twice and without
 * echo, else the first line of stdin. */
enum err read_password(const char **out, struct call *call) MUST_CHECK;

/* Finds the organization (id or slug) or user (id, username or e-mail address)
 * of an argument; reports it on stderr if there is none. */
enum err find_organization_argument(struct organization **out,
				    struct call *call,
				    const char *which) MUST_CHECK;
enum err find_user_argument(struct user **out, struct call *call,
			    const char *which) MUST_CHECK;

/* The actor of docketctl in an organization: an owner without an account.
 * enter_organization reads the organization from the verb's argument. */
struct actor operator_of(const struct organization *org);
enum err enter_organization(struct actor *who, struct call *call) MUST_CHECK;

/* Changes the organization of the argument, and prints it. */
enum err
change_organization(struct call *call,
		    const struct organization_change *change) MUST_CHECK;

/* Reads a file that is installed with the programs, such as schema.sql. */
enum err read_shared_file(const char **out, struct call *call,
			  const char *name) MUST_CHECK;

/* Brings the database to the installed schema, and says so. For a database that
 * nothing else uses: it may copy tables. */
enum err migrate_to_current(struct call *call) MUST_CHECK;

/* Verbs that have a file of their own. */
enum err check_config(struct call *call);
enum err run_demo(struct call *call);
enum err export_organization(struct call *call);
enum err deliver_mail(struct call *call);

#endif
