/* Staff raise an issue for a customer. */

#include <string.h>

#include "clients.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"

static struct world w;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
}

static void
allow_staff_to_raise(bool allowed)
{
	struct answer *a = PATCH(
	    w.vendor.token, text("/api/organizations/%lld/", (long long)w.org),
	    json("{'staff_may_raise':%s}", allowed ? "true" : "false"));

	expect_status(a, 200);
	expect_bool(a, "staff_may_raise", allowed);
}

/* `who` is JSON: an id, or an address in quotes. */
static struct answer *
raise_for(const struct person *staff, const char *who)
{
	return POST(staff->token, "/api/issues/raise/",
		    json("{" PLAIN_ISSUE ",'on_behalf_of':%s}", who));
}

static const char *
id_of(const struct person *p)
{
	return text("%lld", (long long)p->user);
}

static const char *
address_of(const struct person *p)
{
	return text("'%s'", p->email);
}

/* Makes the person a customer of the organization, by raising an issue. */
static struct person
make_customer(const char *name)
{
	struct person p = make_person(name, ROLE_CUSTOMER, 0);

	raise_issue(&p, w.org, "Before");
	return p;
}

static int64_t
raised_notices(const struct person *p, int64_t issue)
{
	struct answer *a = GET(p->token, "/api/notifications/");
	int64_t n = 0;

	for (size_t i = 0; i < length_at(a, "results"); i++) {
		const char *one = text("results.%zu", i);

		n += int_at(a, text("%s.issue", one)) == issue &&
		     strcmp(text_at(a, text("%s.kind", one)), "raised") == 0;
	}
	return n;
}

START_TEST(raise_for_a_customer)
{
	const struct person p = make_customer("client");
	const struct person *staff = _i % 2 ? &w.vendor : &w.employee;
	struct answer *a;
	int64_t id;

	allow_staff_to_raise(true);
	a = raise_for(staff, _i / 2 ? address_of(&p) : id_of(&p));
	expect_status(a, 201);
	expect_keys(a, "", "message issue linear_data");
	expect_keys(a, "issue", ISSUE_KEYS);
	id = int_at(a, "issue.id");
	expect_bool(a, "issue.is_client_issue", true);
	expect_int(a, "issue.organization", w.org);
	expect_text(a, "issue.raised_by_customer_name", p.full_name);
	expect_text(a, "issue.raised_by_customer_email", p.email);
	expect_int(a, "issue.created_by", staff->user);
	expect_text(a, "issue.created_by_name", staff->full_name);
	/* everywhere it is shown */
	a = GET(w.vendor.token, issue_path(id, ""));
	expect_int(a, "created_by", staff->user);
	expect_text(a, "created_by_name", staff->full_name);
	expect_text(a, "raised_by_customer_name", p.full_name);
	a = GET(w.vendor.token, "/api/issues/");
	expect_text(a, "results.0.created_by_name", staff->full_name);
	expect_text(a, "results.0.raised_by_customer_name", p.full_name);
	a = GET(p.token, "/api/issues/");
	expect_text(a, "results.0.created_by_name", staff->full_name);

	/* it belongs to the customer; they and the other staff are notified */
	a = GET(p.token, client_path(id, ""));
	expect_status(a, 200);
	expect_text(a, "raised_by_customer_name", p.full_name);
	expect_int(GET(p.token, "/api/client/issues/"), "count", 2);
	ck_assert_int_eq(raised_notices(&p, id), 1);
	ck_assert_int_eq(raised_notices(_i % 2 ? &w.employee : &w.vendor, id),
			 1);
	ck_assert_int_eq(raised_notices(staff, id), 0);
	a = GET(p.token, issue_path(id, "activity/"));
	expect_text(a, "results.0.field", "created");
	expect_text(a, "results.0.actor_name", staff->full_name);
	/* nobody else's */
	expect_status(GET(w.stranger.token, client_path(id, "")), 404);
	expect_status(POST(p.token, client_path(id, "comment/"),
			   json("{'comment':'Thanks'}")),
		      201);
}
END_TEST

/* The rule of the seed system holds until the owner allows it. */
START_TEST(staff_may_not_raise)
{
	const struct person p = make_customer("client");
	static const char *const paths[] = {"/api/issues/raise/",
					    "/api/issues/"};

	for (int allowed = 0; allowed < 2; allowed++) {
		if (allowed) {
			allow_staff_to_raise(true);
			allow_staff_to_raise(false);
		}
		for (size_t i = 0; i < COUNT(paths); i++) {
			const char *body =
			    json("{" PLAIN_ISSUE ",'on_behalf_of':%lld}",
				 (long long)p.user);

			expect_error(POST(w.employee.token, paths[i], body),
				     403, "permission_denied", NULL);
			expect_error(POST(w.vendor.token, paths[i], body), 403,
				     "permission_denied", NULL);
			expect_error(POST(w.employee.token, paths[i],
					  json("{" PLAIN_ISSUE "}")),
				     403, "permission_denied", NULL);
			/* a customer cannot do it, not even for themselves */
			expect_error(POST(p.token, paths[i], body), 403,
				     "permission_denied", NULL);
		}
	}
	allow_staff_to_raise(true);
	expect_error(raise_for(&w.outsider, id_of(&p)), 403,
		     "permission_denied", NULL);
	/* nor may staff use the customers' endpoint */
	expect_error(POST(w.employee.token, "/api/client/issues/raise/",
			  json("{'organization':%lld," PLAIN_ISSUE
			       ",'on_behalf_of':%lld}",
			       (long long)w.org, (long long)p.user)),
		     403, "permission_denied", NULL);
	/* and the permissions endpoint shows what is allowed now */
	expect_with(GET(w.employee.token, permissions_path(&w.employee, w.org)),
		    "\"create\"");
}
END_TEST

/* For everybody who is not a customer there, the error is the same. */
START_TEST(raise_for_somebody_else)
{
	const struct person p = make_customer("client");
	const struct person gone = make_customer("gone");
	const struct person unproved = make_customer("unproved");
	const struct person former = make_customer("former");
	const char *const others[] = {
	    id_of(&w.stranger), /* a customer elsewhere */
	    address_of(&w.stranger),
	    id_of(&w.employee), /* staff */
	    address_of(&w.vendor),
	    id_of(&gone), /* deactivated */
	    address_of(&gone),
	    address_of(&unproved), /* an unproved address */
	    id_of(&former),	   /* can no longer act as a customer */
	    "999999999",
	    "9007199254740991",
	    "'nobody@example.com'",
	    "'nonsense'",
	    text("'%s'", p.username),
	    text("'%lld'", (long long)p.user),
	    "'%'"};
	const char *said = NULL;
	struct answer *a;

	raise_issue(&w.stranger, w.other_org, "Elsewhere");
	sql_run("UPDATE user SET is_active = FALSE WHERE id = ?",
		ARGS(arg_int(gone.user)));
	sql_run("UPDATE user SET email_verified = FALSE WHERE id = ?",
		ARGS(arg_int(unproved.user)));
	sql_run("UPDATE profile SET is_active = FALSE WHERE user_id = ?",
		ARGS(arg_int(former.user)));
	allow_staff_to_raise(true);
	for (size_t i = 0; i < COUNT(others); i++) {
		a = raise_for(&w.employee, others[i]);
		expect_error(a, 400, "invalid", "on_behalf_of");
		if (!said)
			said = text_at(a, "details.on_behalf_of.0");
		expect_text(a, "details.on_behalf_of.0", said);
	}
	/* addresses are compared as at login */
	sql_run("UPDATE user SET email = ? WHERE id = ?",
		ARGS(arg_text(text("%s@xn--mller-kva.example", p.username)),
		     arg_int(p.user)));
	a = raise_for(&w.employee,
		      text("' %s@M\u00dcLLER.example'", p.username));
	expect_status(a, 201);
	expect_text(a, "issue.raised_by_customer_name", p.full_name);
	a = raise_for(&w.employee, text("'%s@muller.example'", p.username));
	expect_error(a, 400, "invalid", "on_behalf_of");
	/* the id works for an account with an unproved address */
	expect_status(raise_for(&w.employee, id_of(&unproved)), 201);
	a = POST(w.employee.token, "/api/issues/raise/",
		 json("{" PLAIN_ISSUE "}"));
	expect_error(a, 400, "invalid", "on_behalf_of");
	a = POST(w.employee.token, "/api/issues/raise/",
		 json("{" PLAIN_ISSUE ",'organization':%lld,"
		      "'on_behalf_of':%lld}",
		      (long long)w.other_org, (long long)p.user));
	expect_error(a, 400, "invalid", "organization");
}
END_TEST

/* The order must be the customer's, not the staff member's. */
START_TEST(raise_for_a_customer_with_their_order)
{
	const struct person p = make_customer("client");
	struct answer *a;

	raise_issue(&w.customer, w.org, "Before");
	allow_staff_to_raise(true);
	a = POST(w.employee.token, "/api/issues/",
		 json("{" PLAIN_ISSUE ",'on_behalf_of':%lld,'order':%lld,"
		      "'vendor':%lld,'organization':%lld}",
		      (long long)w.customer.user, (long long)w.order,
		      (long long)w.supplier, (long long)w.org));
	expect_status(a, 201);
	expect_int(a, "issue.order", w.order);
	expect_int(a, "issue.vendor.id", w.supplier);
	a = POST(w.employee.token, "/api/issues/",
		 json("{" PLAIN_ISSUE ",'on_behalf_of':%lld,'order':%lld}",
		      (long long)p.user, (long long)w.order));
	expect_error(a, 400, "invalid", "order");
}
END_TEST

START_TEST(raise_for_a_customer_once)
{
	const struct person p = make_customer("client");
	const char *key = unique("key");
	const int64_t before =
	    sql_int("SELECT COUNT(*) FROM issue WHERE organization_id = ?",
		    ARGS(arg_int(w.org)));
	struct answer *a, *b;

	allow_staff_to_raise(true);
	with("Idempotency-Key: %s", key);
	a = raise_for(&w.employee, id_of(&p));
	expect_status(a, 201);
	with("Idempotency-Key: %s", key);
	b = raise_for(&w.employee, id_of(&p));
	expect_status(b, 201);
	expect_header(b, "Idempotent-Replay", "true");
	ck_assert_str_eq(a->text, b->text);
	/* with another customer it is a different request */
	with("Idempotency-Key: %s", key);
	b = raise_for(&w.employee, id_of(&w.customer));
	expect_status(b, 422);
	ck_assert_int_eq(
	    sql_int("SELECT COUNT(*) FROM issue WHERE organization_id = ?",
		    ARGS(arg_int(w.org))),
	    before + 1);
}
END_TEST

Suite *
clients_raise_for_suite(void)
{
	Suite *s = suite_create("clients_raise_for");
	TCase *t = add_case(s, "raising for a customer", set_up);

	tcase_add_loop_test(t, raise_for_a_customer, 0, 4);
	tcase_add_test(t, staff_may_not_raise);
	tcase_add_test(t, raise_for_somebody_else);
	tcase_add_test(t, raise_for_a_customer_with_their_order);
	tcase_add_test(t, raise_for_a_customer_once);
	return s;
}
