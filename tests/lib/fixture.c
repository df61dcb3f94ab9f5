/* The data of the tests in C: people, organizations and issues are created for
 * each test, through the library where the API would be slow, and through the
 * API where that matters. */

#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "client.h"
#include "database.h"
#include "desk/email_proof.h"
#include "desk/order.h"
#include "desk/organization.h"
#include "desk/profile.h"
#include "desk/search_index.h"
#include "desk/supplier.h"
#include "desk/token.h"
#include "desk/user.h"
#include "expect.h"

static struct conf conf;
static struct ctx ctx;

/* Issues are numbered by year, which must not change during a test: waits if it
 * ends within a minute. */
static void
avoid_new_year(void)
{
	while (clock_year(clock_now() + 60 * USEC_PER_SEC) !=
	       clock_year(clock_now()))
		rest();
}

/* Accounts share counters of wrong passwords, see lockout.h. This is the first
 * statement of a test: on a busy machine, connecting may take longer than the
 * library waits. */
static void
forget_wrong_passwords(void)
{
	static struct stmt sql = {.sql = "DELETE FROM login_guard"};
	const usec_t end = clock_monotonic() + AWAIT_S * USEC_PER_SEC;
	enum err e;

	while ((e = db_run(ctx.db, &sql, NO_ARGS)) != OK &&
	       clock_monotonic() < end)
		rest();
	ck_assert_msg(!e, "%s", db_error(ctx.db));
}

void
fixture_begin(void)
{
	char why[256];

	avoid_new_year();
	client_begin();
	crypto_init();
	ck_assert_msg(conf_load(&conf, why, sizeof(why)), "%s", why);
	ctx = (struct ctx){.db = db_new(&conf),
			   .arena = test_arena(),
			   .conf = &conf,
			   .now = clock_now()};
	db_attach(ctx.db, ctx.arena);
	faults_init(&ctx.faults, ctx.arena);
	forget_wrong_passwords();
}

struct ctx *
fixture_ctx(void)
{
	return &ctx;
}

void
fixture_end(void)
{
	db_free(ctx.db);
	client_end();
}

const char *
unique(const char *prefix)
{
	char uuid[UUID_TEXT];

	random_uuid(uuid);
	/* 62 random bits: of 32, two among thousands were the same once */
	return text("%s-%.8s%.4s%.4s", prefix, uuid, uuid + 9, uuid + 19);
}

/* --- data ----------------------------------------------------------------- */

static void
must(enum err e, const char *what)
{
	ck_assert_msg(!e, "%s: error %d, %s, %s", what, (int)e,
		      ctx.faults.first ? ctx.faults.first->text : "no fault",
		      db_error(ctx.db));
}

void
index_again(void)
{
	bool more;

	do
		must(search_catch_up(&more, &ctx), "indexing");
	while (more);
}

int64_t
make_organization(const char *name)
{
	int64_t id;

	must(organization_create(&id, &ctx, name, NULL), "organization");
	return id;
}

const char *
make_token(const struct person *p, int64_t seconds)
{
	char *token = arena_alloc(ctx.arena, TOKEN_TEXT);

	must(token_issue(token, NULL, &ctx, p->user, p->profile, TOKEN_SESSION,
			 "", clock_now() + seconds * USEC_PER_SEC),
	     "token");
	return token;
}

struct answer *
make_personal_token(const char *token)
{
	return POST(token, "/api/tokens/", json("{'name':'ci'}"));
}

/* Sending a mail creates a link, which ends the other links. */
static void
await_mails(int64_t user)
{
	ck_assert_int_eq(
	    sql_await(0,
		      "SELECT COUNT(*) FROM mail_job m JOIN user u "
		      "ON u.id = ? AND (m.user_id = u.id "
		      "OR m.address = u.email) WHERE m.state = 'due' "
		      "AND m.kind <> 'notices'",
		      ARGS(arg_int(user))),
	    0);
}

const char *
make_proof(int64_t user)
{
	const char *link = NULL;

	await_mails(user);
	ctx.now = clock_now();
	must(email_proof_link(&link, &ctx, user, NULL), "link");
	return strchr(link, '#') + 1;
}

const char *
make_password_link(int64_t user)
{
	char *token = arena_alloc(ctx.arena, TOKEN_TEXT);

	await_mails(user);
	must(token_issue(token, NULL, &ctx, user, 0, TOKEN_PASSWORD, "",
			 clock_now() + 3600 * USEC_PER_SEC),
	     "token");
	return token;
}

void
set_password(const struct person *p, const char *password)
{
	must(user_set_password(&ctx, p->user, password), "password");
}

struct answer *
login(const char *name, const char *password)
{
	return POST(NULL, "/api/auth/login/",
		    json("{'username':'%s','password':'%s'}", name, password));
}

struct person
make_person(const char *name, enum role role, int64_t org)
{
	struct person p = {.username = unique(name)};
	struct user_new new = {.username = p.username,
			       .first_name = text("First-%s", p.username),
			       .last_name = "Last",
			       .email_verified = true};

	p.email = new.email = text("%s@example.com", p.username);
	p.full_name = text("%s %s", new.first_name, new.last_name);
	must(user_create(&p.user, &ctx, &new), "user");
	must(profile_create(&p.profile, &ctx, p.user, role,
			    role == ROLE_CUSTOMER ? 0 : org),
	     "profile");
	p.token = make_token(&p, 3600);
	return p;
}

static void
make_directory(struct world *w)
{
	struct actor owner = {.role = ROLE_VENDOR,
			      .user_id = w->vendor.user,
			      .profile_id = w->vendor.profile,
			      .organization_id = w->org,
			      .name = w->vendor.full_name};
	struct order_new order = {.user_id = w->customer.user,
				  .number = unique("ORD"),
				  .title = text("Purchase %s", w->marker)};

	must(supplier_create(&w->supplier, &ctx, &owner,
			     text("Supplier %s", w->marker),
			     "supplier@example.com"),
	     "vendor");
	must(order_create(&w->order, &ctx, &owner, &order), "order");
	owner.organization_id = w->other_org;
	must(supplier_create(&w->other_supplier, &ctx, &owner, "Elsewhere", ""),
	     "vendor");
}

void
make_world(struct world *w)
{
	w->marker = unique("marker");
	w->org_name = text("Here %s", w->marker);
	w->org = make_organization(w->org_name);
	w->other_org = make_organization(unique("Elsewhere"));
	w->customer = make_person("customer", ROLE_CUSTOMER, 0);
	w->stranger = make_person("stranger", ROLE_CUSTOMER, 0);
	w->employee = make_person("employee", ROLE_EMPLOYEE, w->org);
	w->vendor = make_person("vendor", ROLE_VENDOR, w->org);
	w->outsider = make_person("outsider", ROLE_EMPLOYEE, w->other_org);
	make_directory(w);
}

void
link_to_team(int64_t org, const char *team)
{
	sql_run("UPDATE organization SET linear_team_id = NULL "
		"WHERE linear_team_id = ?",
		ARGS(arg_text(team)));
	sql_run("UPDATE organization SET linear_team_id = ? WHERE id = ?",
		ARGS(arg_text(team), arg_int(org)));
}

int64_t
raise_issue(const struct person *customer, int64_t org, const char *title)
{
	struct answer *a =
	    POST(customer->token, "/api/client/issues/raise/",
		 json("{'organization':%lld,'title':'%s','description':'d'}",
		      (long long)org, title));

	expect_status(a, 201);
	return int_at(a, "issue.id");
}

int64_t
add_comment(const struct person *who, int64_t issue, const char *content,
	    bool internal)
{
	struct answer *a =
	    POST(who->token, issue_path(issue, "add_comment/"),
		 internal ? json("{'content':'%s','internal':true}", content)
			  : json("{'content':'%s'}", content));

	expect_status(a, 201);
	return int_at(a, "comment.id");
}

const char *
issue_path(int64_t id, const char *rest)
{
	return text("/api/issues/%lld/%s", (long long)id, rest);
}

const char *
client_path(int64_t id, const char *rest)
{
	return text("/api/client/issues/%lld/%s", (long long)id, rest);
}

const char *
comment_path(int64_t issue, int64_t comment)
{
	return issue_path(issue, text("comments/%lld/", (long long)comment));
}

/* It is in the same directory as docketctl. */
FILE *
open_routes(void)
{
	const char *ctl = getenv("DOCKETCTL");
	FILE *f = popen(text("%.*s/docket.fcgi --routes",
			     (int)(strrchr(ctl, '/') - ctl), ctl),
			"r");

	ck_assert_ptr_nonnull(f);
	return f;
}

TCase *
add_case(Suite *s, const char *name, void (*set_up)(void))
{
	TCase *t = tcase_create(name);

	tcase_add_checked_fixture(t, set_up, fixture_end);
	suite_add_tcase(s, t);
	return t;
}

const char *
number_of_this_year(int n)
{
	return text("ISS-%d-%04d", clock_year(clock_now()), n);
}
