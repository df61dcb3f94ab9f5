/* Permissions: every route of the program, called by everybody, on an object of
 * their own organization, of another one, and on one that does not exist. A
 * route without a row here is a failure. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "permissions_rows.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"

static const char *const names[EVERYBODY] = {
    "nobody",
    "an expired token",
    "a revoked token",
    "the customer",
    "another customer",
    "an employee",
    "the owner",
    "an employee of another organization",
    "the owner of another organization"};

static struct world w;
static struct person outside_vendor;

/* For each organization: texts that others must not see, and texts that no
 * customer may see. */
static const char *markers[SIDES], *notes[SIDES];
static int64_t issues[SIDES];
static const char *secret_token;

static const struct person *
customer_of(enum side side)
{
	return side == OWN ? &w.customer : &w.stranger;
}

static const struct person *
owner_of(enum side side)
{
	return side == OWN ? &w.vendor : &outside_vendor;
}

/* An issue with texts that not everybody may see. */
static int64_t
make_issue(enum side side)
{
	const int64_t org = side == OWN ? w.org : w.other_org;
	const char *owner = owner_of(side)->token;
	struct answer *a =
	    POST(customer_of(side)->token, "/api/client/issues/raise/",
		 json("{'organization':%lld,'title':'%s','description':'%s'}",
		      (long long)org, markers[side], markers[side]));
	const int64_t id = int_at(a, "issue.id");

	expect_status(a, 201);
	a = POST(owner, issue_path(id, "add_comment/"),
		 json("{'content':'%s'}", markers[side]));
	expect_status(a, 201);
	a = POST(owner, issue_path(id, "add_comment/"),
		 json("{'content':'%s','internal':true}", notes[side]));
	expect_status(a, 201);
	return id;
}

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
	outside_vendor = make_person("outside", ROLE_VENDOR, w.other_org);
	secret_token = w.vendor.token;
	for (enum side side = OWN; side < SIDES; side++) {
		markers[side] = unique("told");
		notes[side] = unique("noted");
		issues[side] = make_issue(side);
	}
}

static int64_t
make_token_id(const struct person *p)
{
	struct answer *a = POST(p->token, "/api/tokens/",
				json("{'name':'%s'}", unique("token")));

	expect_status(a, 201);
	return sql_int("SELECT MAX(id) FROM token WHERE user_id = ? "
		       "AND kind = 'personal'",
		       ARGS(arg_int(p->user)));
}

/* A dead letter; its id is that of the issue. */
static int64_t
make_failure(enum side side)
{
	const int64_t id = make_issue(side);

	sql_run("INSERT INTO sync_job (issue_id, organization_id, state, "
		"attempts, run_at, error_code, error_text, dirty_since) "
		"VALUES (?, ?, 'dead', 1, NOW(6), 'INVALID_INPUT', 'why', "
		"NOW(6))",
		ARGS(arg_int(id), arg_int(side == OWN ? w.org : w.other_org)));
	return id;
}

/* A new invitation each time: some requests accept it. */
static int64_t
make_invitation(const struct person *invited)
{
	const struct person owner = make_person(
	    "inviter", ROLE_VENDOR, make_organization(unique("Inviters")));

	expect_status(POST(owner.token, "/api/employees/",
			   json("{'email':'%s'}", invited->email)),
		      201);
	return int_at(GET(invited->token, "/api/invitations/"), "results.0.id");
}

/* A file that the owner has uploaded, whose name and content others must not
 * see. */
static int64_t
make_attachment(enum side side)
{
	struct answer *a;

	with("Content-Type: text/plain");
	a = POST(owner_of(side)->token,
		 issue_path(issues[side],
			    text("attachments/?filename=%s", markers[side])),
		 markers[side]);
	expect_status(a, 201);
	return int_at(a, "attachment.id");
}

/* An answer that is held, with a text that only staff may see. */
static int64_t
make_held_mail(enum side side)
{
	const int64_t id = make_issue(side);

	sql_run("INSERT INTO mail_in (received_at, recipient, sender, "
		"message_hash, size, state, reason, organization_id, issue_id, "
		"user_id, from_address, subject, content, run_at) "
		"VALUES (NOW(6), 'r@in.example.com', 'x@example.net', "
		"UNHEX(SHA2(UUID(), 256)), 10, "
		"'held', 'why', ?, ?, NULL, 'x@example.net', ?, ?, NOW(6))",
		ARGS(arg_int(side == OWN ? w.org : w.other_org), arg_int(id),
		     arg_text(notes[side]), arg_text(notes[side])));
	return sql_int("SELECT MAX(id) FROM mail_in WHERE issue_id = ?",
		       ARGS(arg_int(id)));
}

static int64_t
make_mail_address(enum side side)
{
	return int_at(
	    POST(owner_of(side)->token, "/api/mail/addresses/",
		 json("{'address':'%s@in.example.com'}", unique("address"))),
	    "id");
}

static int64_t
make_thing(enum thing thing, enum side side)
{
	int64_t id;
	struct person p;

	switch (thing) {
	case ISSUE:
		return make_issue(side);
	case RESOLVED_ISSUE:
		id = make_issue(side);
		expect_status(POST(owner_of(side)->token,
				   issue_path(id, "resolve/"), NULL),
			      200);
		return id;
	case ORGANIZATION:
		return side == OWN ? w.org : w.other_org;
	case STAFF_PROFILE:
		p = make_person("staff", ROLE_EMPLOYEE,
				side == OWN ? w.org : w.other_org);
		return p.profile;
	case PERSONAL_TOKEN:
		return make_token_id(customer_of(side));
	case LOGIN_SESSION:
		(void)make_token(customer_of(side), 3600);
		return sql_int("SELECT MAX(id) FROM token WHERE user_id = ? "
			       "AND kind = 'session'",
			       ARGS(arg_int(customer_of(side)->user)));
	case INVITATION:
		return make_invitation(customer_of(side));
	case NOTIFICATION:
		id = make_issue(side);
		await_derived();
		return sql_int(
		    "SELECT MAX(id) FROM notification "
		    "WHERE issue_id = ? AND user_id = ?",
		    ARGS(arg_int(id), arg_int(customer_of(side)->user)));
	case FAILURE:
		return make_failure(side);
	case ATTACHMENT:
		return make_attachment(side);
	case HELD_MAIL:
		return make_held_mail(side);
	case MAIL_ADDRESS:
		return make_mail_address(side);
	case NO_THING:
		break;
	}
	return 0;
}

/* A new token for each request: some requests revoke it. */
static const char *
token_of(enum who who)
{
	const struct person *const people[EVERYBODY] = {
	    [EXPIRED] = &w.vendor,    [REVOKED] = &w.vendor,
	    [CUSTOMER] = &w.customer, [STRANGER] = &w.stranger,
	    [EMPLOYEE] = &w.employee, [VENDOR] = &w.vendor,
	    [OUTSIDER] = &w.outsider, [OUTSIDE_VENDOR] = &outside_vendor};
	const char *token;

	if (who == ANONYMOUS)
		return NULL;
	token = make_token(people[who], who == EXPIRED ? -60 : 3600);
	if (who == REVOKED)
		expect_status(POST(token, "/api/auth/logout/", NULL), 200);
	return token;
}

/* Replaces `what` in s by `by`. */
static const char *
replaced(const char *s, const char *what, const char *by)
{
	const char *p;

	while ((p = strstr(s, what)) != NULL)
		s = text("%.*s%s%s", (int)(p - s), s, by, p + strlen(what));
	return s;
}

static const char *
number(int64_t v)
{
	return text("%lld", (long long)v);
}

static const char *
body_of(const struct row *row)
{
	const char *s = row->body;

	if (!s)
		return NULL;
	s = replaced(s, "$org", number(w.org));
	s = replaced(s, "$issue", number(issues[OWN]));
	s = replaced(s, "$person", number(w.employee.profile));
	s = replaced(s, "$word", unique("word"));
	return json("%s", s);
}

static bool
is_upload(const struct row *row)
{
	const char *end = strstr(row->pattern, "/attachments/");

	return strcmp(row->method, "POST") == 0 && end && !end[13];
}

/* Replaces {cid} by the first comment of the issue. */
static const char *
path_of(const struct row *row, int64_t id)
{
	const char *path = replaced(row->pattern, "{id}", number(id));
	int64_t comment;

	if (is_upload(row))
		return text("%s?filename=a.txt", path);
	if (!strstr(path, "{cid}"))
		return path;
	comment = sql_int("SELECT MIN(id) FROM comment WHERE issue_id = ?",
			  ARGS(arg_int(id)));
	return replaced(path, "{cid}", number(comment ? comment : MISSING_ID));
}

static int
column(const char *statuses, enum who who)
{
	const int n = who <= REVOKED ? 0 : (int)(who - REVOKED);

	return (int)strtol(statuses + 4 * n, NULL, 10);
}

/* The response contains none of a list, separated by commas. */
static void
expect_without_any(const struct answer *a, const char *list)
{
	size_t n;

	for (; *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		expect_without(a, text("%.*s", (int)n, list));
	}
}

/* The response contains nothing that the caller must not see. */
static void
expect_discretion(const struct answer *a, enum who who)
{
	const bool outside = who == OUTSIDER || who == OUTSIDE_VENDOR;
	const bool inside = who == EMPLOYEE || who == VENDOR;

	if (who != CUSTOMER && !inside)
		expect_without(a, markers[OWN]);
	if (who != STRANGER && !outside)
		expect_without(a, markers[OTHER]);
	if (!inside)
		expect_without(a, notes[OWN]);
	if (!outside)
		expect_without(a, notes[OTHER]);
	if (who == CUSTOMER || who == STRANGER)
		expect_without(a, w.employee.email);
	expect_without(a, secret_token);
	expect_without(a, "$argon2");
	expect_without(a, getenv("DB_PASSWORD"));
	expect_without(a, getenv("LINEAR_API_KEY"));
	expect_without_any(a, getenv("LINEAR_WEBHOOK_SECRET"));
	expect_without_any(a, getenv("MAIL_IN_SECRET"));
}

static void
try_with(const char *token, const struct row *row, enum who who, int64_t id,
	 const char *statuses)
{
	const char *body = body_of(row);
	const struct request r = {.method = row->method,
				  .token = token,
				  .path = path_of(row, id),
				  .body = body,
				  .body_len = body ? strlen(body) : 0};
	struct answer *a = send_one(&r);
	const int wanted = column(statuses, who);

	ck_assert_msg(a->status == wanted,
		      "%s %s by %s: %d was expected, not %d\n    %.500s",
		      r.method, r.path, names[who], wanted, a->status, a->text);
	if (a->status >= 400)
		expect_error_shape(a, a->status, text_at(a, "code"));
	expect_discretion(a, who);
}

static void
try(const struct row *row, enum who who, int64_t id, const char *statuses)
{
	try_with(token_of(who), row, who, id, statuses);
}

/* Whether a request may change what the next one finds. */
static bool
uses_up(const struct row *row, enum who who, const char *statuses)
{
	return strcmp(row->method, "GET") != 0 && column(statuses, who) < 300;
}

static void
try_everybody(const struct row *row, enum side side, const char *statuses)
{
	int64_t id = make_thing(row->thing, side);

	for (enum who who = ANONYMOUS; who < EVERYBODY; who++) {
		try(row, who, id, statuses);
		if (uses_up(row, who, statuses))
			id = make_thing(row->thing, side);
	}
}

START_TEST(matrix)
{
	const struct row *row = &permission_rows[_i];

	try_everybody(row, OWN, row->own);
	if (!row->other)
		return;
	try_everybody(row, OTHER, row->other);
	for (enum who who = ANONYMOUS; who < EVERYBODY; who++)
		try(row, who, MISSING_ID, row->missing);
}
END_TEST

/* A caller who is allowed, else one with a valid token. */
static enum who
welcome(const struct row *row)
{
	for (enum who who = CUSTOMER; who < EVERYBODY; who++)
		if (column(row->own, who) < 300)
			return who;
	return CUSTOMER;
}

/* Sends requests until every worker has cached the token: the first statement
 * of the next request is then the handler's. */
static void
make_known(const char *token)
{
	struct request again[40];

	for (size_t i = 0; i < COUNT(again); i++)
		again[i] = (struct request){
		    .method = "GET", .path = "/api/users/me/", .token = token};
	(void)send_all(again, COUNT(again));
}

/* After the database has closed every connection, no route responds with 503,
 * whatever its first statement is. */
START_TEST(idle_connections)
{
	const struct row *row = &permission_rows[_i];
	const int64_t id = make_thing(row->thing, OWN);
	const enum who who = welcome(row);
	const char *token = token_of(who);

	make_known(token);
	close_idle_connections();
	try_with(token, row, who, id, row->own);
}
END_TEST

static const struct row *
row_of(const char *method, const char *pattern)
{
	for (size_t i = 0; i < permission_row_count; i++)
		if (strcmp(permission_rows[i].method, method) == 0 &&
		    strcmp(permission_rows[i].pattern, pattern) == 0)
			return &permission_rows[i];
	return NULL;
}

START_TEST(every_route_has_a_row)
{
	FILE *routes = open_routes();
	char method[16], pattern[128];
	size_t n = 0;

	for (; fscanf(routes, "%15s %127s %*[^\n]", method, pattern) == 2; n++)
		ck_assert_msg(row_of(method, pattern) != NULL,
			      "%s %s has no row", method, pattern);
	ck_assert_int_eq(pclose(routes), 0);
	ck_assert_uint_eq(n, permission_row_count);
}
END_TEST

/* A profile can be chosen for a request or a token, but only one of the
 * caller's own. */
START_TEST(two_profiles)
{
	struct person both = make_person("both", ROLE_CUSTOMER, 0);
	struct answer *a;
	int64_t staff;

	sql_run("INSERT INTO profile (user_id, kind, organization_id, "
		"created_at) VALUES (?, 'vendor', ?, NOW(6))",
		ARGS(arg_int(both.user), arg_int(w.org)));
	staff = sql_int("SELECT MAX(id) FROM profile WHERE user_id = ?",
			ARGS(arg_int(both.user)));
	a = GET(both.token, issue_path(issues[OWN], ""));
	expect_error(a, 404, "not_found", NULL);
	with("X-Profile: %lld", (long long)staff);
	a = GET(both.token, issue_path(issues[OWN], ""));
	expect_status(a, 200);
	a = GET(both.token, issue_path(issues[OWN], ""));
	expect_status(a, 404);

	a = POST(both.token, "/api/auth/role-selection/select_role/",
		 json("{'profile_id':%lld}", (long long)staff));
	expect_status(a, 200);
	expect_keys(a, "", "message user active_profile");
	expect_int(a, "active_profile.id", staff);
	expect_int(a, "user.active_profile.id", staff);
	a = GET(both.token, issue_path(issues[OWN], ""));
	expect_status(a, 200);
	a = GET(both.token, "/api/auth/role-selection/current_role/");
	expect_int(a, "profile.id", staff);
	expect_text(a, "profile.profile_type", "vendor");
	a = GET(both.token, "/api/auth/role-selection/available_roles/");
	expect_keys(a, "", "profiles count");
	expect_int(a, "count", 2);
	a = GET(make_token(&both, 60), issue_path(issues[OWN], ""));
	expect_status(a, 404);
}
END_TEST

Suite *
permissions_suite(void)
{
	Suite *s = suite_create("permissions");
	TCase *t = add_case(s, "permissions", set_up);

	tcase_add_test(t, every_route_has_a_row);
	tcase_add_loop_test(t, matrix, 0, (int)permission_row_count);
	tcase_add_loop_test(t, idle_connections, 0, (int)permission_row_count);
	tcase_add_test(t, two_profiles);
	return s;
}
