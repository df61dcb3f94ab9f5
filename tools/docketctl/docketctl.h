#ifndef DOCKETCTL_H
#define DOCKETCTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "base/enum_name.h"
#include "desk/organization.h"
#include "desk/profile.h"
#include "desk/user.h"
#include "web/input.h"

/* docketctl: administration from the command line. Its verbs are declared in
 * tables, from which the help and the reading of options follow. */

/* What a script may rely on (sysexits.h has the higher ones). */
enum {
	EXIT_REFUSED = 1, /* and not found: a line on stderr says what */
	EXIT_MISUSE = 2,
	EXIT_NO_DATABASE = 69,
	EXIT_CONFIG = 78
};

/* One run of a verb. */
struct call {
	struct ctx *c;
	const struct verb *verb;
	struct input in;
	bool json;
	bool explained; /* why it fails has been said */
	bool misused;	/* and it is how the verb was called */
};

/* What a verb may be given: the checks of a field, and words for the help.
 * An option has the field's name; an argument stands by its place. */
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

/* Parameters as they are declared. Texts have their greatest length. */
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

/* Those that many verbs take. */
#define ORGANIZATION \
	ARGUMENT("organization", F_REQUIRED, 80, "ORGANIZATION", "id or slug")
#define USER                                      \
	ARGUMENT("user", F_REQUIRED, 254, "USER", \
		 "id, username or e-mail address")
#define LIST_DEFAULT 1000
#define PARAMS_LIST                                                         \
	PARAM_INT("limit", 1, 100000, "N", "so many rows (default: 1000)"), \
	    PARAM_INT("offset", 0, 1000000000, "N", "after so many others")

/* The verbs, by file; each table ends with VERBS_END. */
extern const struct verb setup_verbs[], organization_verbs[], user_verbs[],
    staff_verbs[], directory_verbs[], token_verbs[], team_verbs[],
    queue_verbs[], mail_verbs[], security_verbs[];

/* The value that was given, or what stands for none. */
const char *given_text(const struct call *call, const char *name);
int64_t given_int(const struct call *call, const char *name, int64_t otherwise);
bool given_switch(const struct call *call, const char *name);

/* Says why the verb does not do it; the first for `return refuse(call, e,
 * "there is no %s", ...)`, as a macro so that analyzers see that it is not OK.
 */
#define refuse(call, e, ...) (say_why(call, __VA_ARGS__), (e))
void say_why(struct call *call, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The same when it was called in the wrong way. */
enum err misuse(struct call *call, const char *text);

/* A sentence for a person; not printed with --json. */
void say(const struct call *call, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* What a verb shows: cells of fixed columns, gathered row by row, then printed
 * as a table or a list of "name: value", or as JSON. */
struct sheet {
	struct call *call;
	const char *const *columns; /* ended by NULL */
	size_t width;		    /* number of columns */
	struct sheet_cell *cells;
	size_t n, room;
};

void sheet_init(struct sheet *s, struct call *call, const char *const *columns);
void put_text(struct sheet *s, const char *text); /* NULL: none */
void put_int(struct sheet *s, int64_t v);
void put_id(struct sheet *s, int64_t id); /* 0: none */
void put_bool(struct sheet *s, bool v);
void sheet_print_list(const struct sheet *s);
void sheet_print_one(const struct sheet *s); /* of its single row */

/* On stderr, that a list goes on, when it does. */
void say_more(const struct call *call, size_t shown, int64_t total);

/* Reads a new password into the arena: from the terminal, twice and unseen,
 * else the first line of stdin. */
enum err read_password(const char **out, struct call *call) MUST_CHECK;

/* Behind the arguments ORGANIZATION (id or slug) and USER (id, username or
 * e-mail address); a line on stderr when there is none. */
enum err find_organization(struct organization **out, struct call *call,
			   const char *which) MUST_CHECK;
enum err find_user(struct user **out, struct call *call,
		   const char *which) MUST_CHECK;

/* Who docketctl acts as in an organization: an owner without a name. `enter`
 * is for verbs whose argument says which. */
struct actor operator_of(const struct organization *org);
enum err enter(struct actor *who, struct call *call) MUST_CHECK;

/* Changes the organization of the first argument, and shows it. */
enum err
change_organization(struct call *call,
		    const struct organization_change *change) MUST_CHECK;

/* Verbs that fill a file each. */
enum err run_demo(struct call *call);
enum err export_organization(struct call *call);

#endif
