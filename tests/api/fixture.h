#ifndef FIXTURE_H
#define FIXTURE_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/actor.h"
#include "db/db.h"

/* Data that a test makes for itself, so that no test depends on another, and
 * a look at the database behind the API's back. */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The teams of the simulated Linear. */
#define TEAM_DEMO "b95250db-8430-4dbc-88f8-9fc109369df0"
#define TEAM_FREE "5d1f6a8e-2c47-4b0f-9a3e-6e8b7c1d2f40"

/* Somebody with a live session token, acting as one profile. */
struct person {
	int64_t user, profile;
	const char *username, *email, *full_name;
	const char *token;
};

/* An organization with everybody who may come across its issues. The texts
 * that others must not see have its marker in them. */
struct world {
	int64_t org, other_org;
	const char *org_name;
	const char *marker;
	struct person customer; /* raises */
	struct person stranger; /* another customer */
	struct person employee, vendor;
	struct person outsider;	 /* employee of other_org */
	int64_t supplier, order; /* of org; the order is the customer's */
	int64_t other_supplier;	 /* of other_org */
};

/* At the start and end of each test, the client's included; for
 * tcase_add_checked_fixture. */
void fixture_begin(void);
void fixture_end(void);

/* The library's context that the fixture itself uses. */
struct ctx *fixture_ctx(void);

/* A word that no other test has. */
const char *unique(const char *prefix);

int64_t make_organization(const char *name);
struct person make_person(const char *name, enum role role, int64_t org);
void make_world(struct world *w);

/* Another token of the person, which lives that long (negative: is expired).
 */
const char *make_token(const struct person *p, int64_t seconds);
/* The token of a link that confirms the address for which the account waits, or
 * sets its password, after the mails with such links have gone. */
const char *make_proof(int64_t user);
const char *make_password_link(int64_t user);
void set_password(const struct person *p, const char *password);

/* Ties the organization to that team, and nobody else. */
void tie_to_team(int64_t org, const char *team);

/* Raises one through the API; its id. */
int64_t raise_issue(const struct person *customer, int64_t org,
		    const char *title);

/* The first column of the first row; 0 or NULL when there is none. */
int64_t sql_int(const char *sql, const struct arg *args, size_t n);
const char *sql_text(const char *sql, const struct arg *args, size_t n);
void sql_run(const char *sql, const struct arg *args, size_t n);

/* Changes with any change of what the organization owns (what the security log
 * notes is none), and with the number of users and organizations. */
int64_t database_digest(int64_t org);

/* Waits at most that long until the query gives `wanted`; what it gave last.
 */
int64_t sql_await(int seconds, int64_t wanted, const char *sql,
		  const struct arg *args, size_t n);

/* The server closes every idle connection but ours, as after wait_timeout. */
void close_idle_connections(void);

/* Indexes again for the search what waits for it, as docket-sync does. */
void index_again(void);

/* A moment's rest between two looks at something that others do. */
void rest(void);

/* "/api/issues/7/resolve/", "/api/client/issues/7/". */
const char *issue_path(int64_t id, const char *rest);
const char *client_path(int64_t id, const char *rest);

/* What the program says of its routes, a line each: method, path, who may,
 * handler. For pclose. */
FILE *open_routes(void);

/* A test case, of a set-up that calls fixture_begin. */
TCase *add_case(Suite *s, const char *name, void (*set_up)(void));

#endif
