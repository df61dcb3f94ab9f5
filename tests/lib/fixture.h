#ifndef FIXTURE_H
#define FIXTURE_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/actor.h"

struct answer;

/* Data that each test creates for itself, so that no test depends on another
 * one. */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The teams of the simulated Linear. */
#define TEAM_DEMO "b95250db-8430-4dbc-88f8-9fc109369df0"
#define TEAM_FREE "5d1f6a8e-2c47-4b0f-9a3e-6e8b7c1d2f40"

/* A person with a session that acts as one profile. */
struct person {
	int64_t user, profile;
	const char *username, *email, *full_name;
	const char *token;
};

/* An organization, and the people who use its issues. Texts that others must
 * not see contain its marker. */
struct world {
	int64_t org, other_org;
	const char *org_name;
	const char *marker;
	struct person customer; /* raises issues */
	struct person stranger; /* another customer */
	struct person employee, vendor;
	struct person outsider;	 /* employee of other_org */
	int64_t supplier, order; /* of org; the customer's order */
	int64_t other_supplier;	 /* of other_org */
};

/* Call at the start and end of each test, for tcase_add_checked_fixture. They
 * include client_begin() and client_end(). */
void fixture_begin(void);
void fixture_end(void);

/* The context for calls of the library. */
struct ctx *fixture_ctx(void);

/* A unique word. */
const char *unique(const char *prefix);

int64_t make_organization(const char *name);
struct person make_person(const char *name, enum role role, int64_t org);
void make_world(struct world *w);

/* Another token of the person that is valid that long (negative: expired). */
const char *make_token(const struct person *p, int64_t seconds);

/* Creates a personal token through the API. */
struct answer *make_personal_token(const char *token);

/* The token of a link that confirms the address for which the account waits, or
 * sets its password, after the mails with such links have gone. */
const char *make_proof(int64_t user);
const char *make_password_link(int64_t user);
void set_password(const struct person *p, const char *password);

/* Logs in by a user name or an address. */
struct answer *login(const char *name, const char *password);

/* Links the organization, and no other one, to that team. */
void link_to_team(int64_t org, const char *team);

/* The fields that every raise needs, for json(). */
#define PLAIN_ISSUE "'title':'t','description':'d'"

/* Raises an issue through the API; returns its id. */
int64_t raise_issue(const struct person *customer, int64_t org,
		    const char *title);

/* Comments on an issue through the API; returns the id of the comment. */
int64_t add_comment(const struct person *who, int64_t issue,
		    const char *content, bool internal);

/* The n-th issue number of this year: "ISS-2026-0001". */
const char *number_of_this_year(int n);

/* Runs search_catch_up() until nothing is left, as docket-sync does. */
void index_again(void);

/* "/api/issues/7/resolve/", "/api/client/issues/7/",
 * "/api/issues/7/comments/8/". */
const char *issue_path(int64_t id, const char *rest);
const char *client_path(int64_t id, const char *rest);
const char *comment_path(int64_t issue, int64_t comment);

/* The output of docket.fcgi --routes: a line for each route with method, path,
 * access and handler. Close it with pclose(). */
FILE *open_routes(void);

/* A test case with that set-up, which calls fixture_begin(). */
TCase *add_case(Suite *s, const char *name, void (*set_up)(void));

#endif
