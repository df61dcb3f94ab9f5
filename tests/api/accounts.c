/* Tokens, passwords, signing up, and the staff of an organization. */

#include <string.h>

#include "base/json.h"
#include "suites.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/expect.h"
#include "tests/lib/fixture.h"
#include "tests/lib/shapes.h"

#define EMPLOYEE_PATH(id) text("/api/employees/%lld/", (long long)(id))

static struct world w;

static void
set_up(void)
{
	fixture_begin();
	make_world(&w);
}

/* --- personal tokens ------------------------------------------------------ */

START_TEST(personal_tokens)
{
	struct answer *a = POST(w.vendor.token, "/api/tokens/",
				json("{'name':'ci','expires_in_days':7}"));
	const char *token;
	int64_t id;

	expect_status(a, 201);
	expect_keys(a, "",
		    "message token id name profile created_at last_used_at "
		    "expires_at");
	expect_text(a, "name", "ci");
	expect_time(a, "created_at");
	expect_time(a, "expires_at");
	token = text_at(a, "token");
	id = int_at(a, "id");
	a = GET(token, "/api/users/me/");
	expect_int(a, "active_profile.id", w.vendor.profile);

	a = GET(w.vendor.token, "/api/tokens/");
	expect_time(a, "results.0.last_used_at");
	expect_keys(a, "", PAGE_KEYS);
	expect_int(a, "count", 1);
	expect_keys(a, "results.0",
		    "id name profile created_at last_used_at expires_at");
	expect_int(a, "results.0.id", id);
	expect_without(a, token);
	expect_int(GET(w.customer.token, "/api/tokens/"), "count", 0);

	expect_status(
	    DELETE(w.vendor.token, text("/api/tokens/%lld/", (long long)id)),
	    204);
	a = GET(token, "/api/users/me/");
	expect_error(a, 401, "invalid_token", NULL);
}
END_TEST

START_TEST(tokens_are_kept_as_hashes)
{
	const char *token =
	    text_at(POST(w.vendor.token, "/api/tokens/", json("{'name':'ci'}")),
		    "token");

	ck_assert_int_eq(sql_int("SELECT COUNT(*) FROM token "
				 "WHERE hash LIKE CONCAT('%', ?, '%') "
				 "OR name LIKE CONCAT('%', ?, '%')",
				 ARGS(arg_text(token), arg_text(token))),
			 0);
	ck_assert_int_eq(sql_int("SELECT LENGTH(hash) FROM token "
				 "WHERE name = 'ci' AND user_id = ?",
				 ARGS(arg_int(w.vendor.user))),
			 32);
}
END_TEST

/* --- passwords ------------------------------------------------------------ */

START_TEST(change_password)
{
	const char *other = make_token(&w.customer, 3600);
	struct answer *a;

	set_password(&w.customer, "the old one");
	a = POST(w.customer.token, "/api/auth/change-password/",
		 json("{'old_password':'not this','new_password':'the new "
		      "one'}"));
	expect_error(a, 400, "invalid", "old_password");
	expect_status(GET(other, "/api/users/me/"), 200);
	a = POST(w.customer.token, "/api/auth/change-password/",
		 json("{'old_password':'the old one','new_password':'the new "
		      "one'}"));
	expect_status(a, 200);
	expect_status(GET(w.customer.token, "/api/users/me/"), 200);
	expect_status(GET(other, "/api/users/me/"), 401);
	expect_status(login(w.customer.username, "the old one"), 400);
	expect_status(login(w.customer.username, "the new one"), 200);
}
END_TEST

START_TEST(passwords_are_kept_as_hashes)
{
	const char *hash;

	set_password(&w.customer, "a secret of mine");
	hash = sql_text("SELECT password_hash FROM user WHERE id = ?",
			ARGS(arg_int(w.customer.user)));
	ck_assert_int_eq(strncmp(hash, "$argon2id$", 10), 0);
	ck_assert_ptr_null(strstr(hash, "secret"));
}
END_TEST

START_TEST(password_reset_does_not_reveal_accounts)
{
	struct answer *a, *b;

	a = POST(NULL, "/api/auth/password-reset/",
		 json("{'email':'%s'}", w.customer.email));
	expect_status(a, 200);
	b = POST(NULL, "/api/auth/password-reset/",
		 json("{'email':'%s@example.com'}", unique("nobody")));
	expect_status(b, 200);
	ck_assert_str_eq(a->text, b->text);
}
END_TEST

static struct answer *
sign_up_as(const char *name, const char *email)
{
	return POST(NULL, "/api/users/",
		    json("{'username':'%s','email':'%s',"
			 "'password':'long enough'}",
			 name, email));
}

/* Signing up with an address gives nothing of it, and reveals nothing. */
START_TEST(sign_up_with_a_known_address)
{
	const char *proved = w.customer.email, *fresh = unique("claimed");
	const char *name = unique("signed"), *second = unique("signed");
	struct answer *a = sign_up_as(name, proved), *b;

	expect_status(a, 201);
	expect_bool(a, "user.email_verified", false);
	expect_text(a, "user.email", proved);
	expect_status(login(proved, "long enough"), 400);
	expect_status(login(name, "long enough"), 200);
	set_password(&w.customer, "the right one");
	b = login(proved, "the right one");
	expect_int(b, "user.id", w.customer.user);
	expect_bool(b, "user.email_verified", true);

	fresh = text("%s@example.com", fresh);
	name = unique("signed");
	expect_status(sign_up_as(name, fresh), 201);
	expect_status(sign_up_as(second, fresh), 201);
	expect_status(login(fresh, "long enough"), 400);
	expect_status(login(name, "long enough"), 200);
	expect_status(login(second, "long enough"), 200);
}
END_TEST

/* An address is stored in the form that every mail server accepts, whatever
 * form was typed. */
START_TEST(an_address_in_another_script)
{
	const char *name = unique("foreign");
	struct answer *a =
	    sign_up_as(name, text("%s@M\\u00fcller.example", name));
	const char *kept = text("%s@xn--mller-kva.example", name);

	expect_status(a, 201);
	expect_text(a, "user.email", kept);
	sql_run("UPDATE user SET email_verified = TRUE WHERE username = ?",
		ARGS(arg_text(name)));
	expect_status(login(kept, "long enough"), 200);
	a = login(text("%s@m\\u00fcller.example", name), "long enough");
	expect_text(a, "user.username", name);
	a = login(text("%s@muller.example", name), "long enough");
	expect_status(a, 400);
}
END_TEST

/* Otherwise, whether the username is taken would reveal whether the address is
 * known. */
START_TEST(a_username_that_is_the_address_is_replaced)
{
	const char *email = text("%s@example.com", unique("named"));
	struct answer *a = sign_up_as(email, email),
		      *b = sign_up_as(email, email);

	expect_status(a, 201);
	expect_status(b, 201);
	expect_with(
	    a, text("\"username\":\"%.*s@", (int)strcspn(email, "@"), email));
	ck_assert_str_ne(text_at(a, "user.username"), email);
	ck_assert_str_ne(text_at(a, "user.username"),
			 text_at(b, "user.username"));
	b = login(text_at(a, "user.username"), "long enough");
	expect_text(b, "user.email", email);
	a = sign_up_as("somebody@example.com", email);
	expect_error(a, 400, "invalid", "username");
}
END_TEST

/* Addresses differ in everything but the case of A to Z. */
START_TEST(user_names_compare_exactly)
{
	static const char *const names[] = {"strasse", "stra\\u00dfe", "muller",
					    "m\\u00fcller", "M\\u00dcLLER"};
	const char *prefix = unique("exact"), *name, *email;
	struct answer *a;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		name = text("%s-%s", prefix, names[i]);
		email = text("%s-%zu@example.com", prefix, i);
		expect_status(sign_up_as(name, email), 201);
		a = login(name, "long enough");
		expect_status(a, 200);
		expect_text(a, "user.email", email);
	}
	name = text("%s-STRASSE", prefix);
	a = sign_up_as(name, "x@example.com");
	expect_error(a, 400, "invalid", "username");
	a = login(name, "long enough");
	expect_text(a, "user.username", text("%s-strasse", prefix));
}
END_TEST

START_TEST(sign_up)
{
	const char *name = unique("signed");
	const char *body = json("{'username':'%s','email':'%s@example.com',"
				"'password':'long enough','first_name':'Ann'}",
				name, name);
	struct answer *a = POST(NULL, "/api/users/", body);
	struct answer *b;

	expect_status(a, 201);
	expect_keys(a, "", "message token access token_type expires_at user");
	expect_text(a, "access", text_at(a, "token"));
	expect_text(a, "token_type", "Bearer");
	expect_time(a, "expires_at");
	expect_keys(a, "user", USER_KEYS);
	expect_text(a, "user.username", name);
	expect_text(a, "user.profiles.0.profile_type", "customer");
	expect_bool(a, "user.active_profile.is_primary", true);
	expect_without(a, "long enough");
	b = GET(text_at(a, "token"), "/api/users/me/");
	expect_text(b, "username", name);
	a = POST(NULL, "/api/users/", body);
	expect_error(a, 400, "invalid", "username");
	a = login(name, "long enough");
	expect_status(a, 200);
	a = POST(text_at(a, "token"), "/api/client/issues/raise/",
		 json("{'organization':%lld,'title':'t','description':''}",
		      (long long)w.org));
	expect_status(a, 201);
}
END_TEST

/* --- staff ---------------------------------------------------------------- */

START_TEST(staff_list)
{
	struct answer *a = GET(w.employee.token, "/api/employees/");

	expect_status(a, 200);
	expect_keys(a, "", PAGE_KEYS);
	expect_int(a, "count", 2);
	expect_text(a, "results.0.full_name", w.employee.full_name);
	expect_text(a, "results.1.full_name", w.vendor.full_name);
	expect_int(a, "results.0.id", w.employee.profile);
	expect_int(GET(w.outsider.token, "/api/employees/"), "count", 1);
}
END_TEST

/* An employee is invited, sets a password, gets issues, and is deactivated. */
START_TEST(an_employee_is_invited_and_deactivated)
{
	const char *name = unique("new");
	struct answer *a =
	    POST(w.vendor.token, "/api/employees/",
		 json("{'email':'%s@example.com','username':'%s',"
		      "'first_name':'New','last_name':'One'}",
		      name, name));
	const char *token, *set;
	int64_t id;

	expect_status(a, 201);
	id = int_at(a, "employee.id");
	expect_text(a, "employee.full_name", "New One");
	/* the link is mailed, so the response must not contain it */
	expect_null(a, "invite_url");
	expect_time(a, "expires_at");
	set = json("{'token':'%s','new_password':'chosen by me'}",
		   make_password_link(int_at(a, "employee.user")));
	expect_status(POST(NULL, "/api/auth/password-reset/confirm/", set),
		      200);
	a = POST(NULL, "/api/auth/password-reset/confirm/", set);
	expect_error(a, 400, "invalid", "token");

	a = login(name, "chosen by me");
	expect_status(a, 200);
	expect_text(a, "user.active_profile.profile_type", "employee");
	expect_int(a, "user.active_profile.organization.id", w.org);
	token = text_at(a, "token");
	expect_status(GET(token, "/api/issues/"), 200);

	a = PATCH(w.vendor.token, EMPLOYEE_PATH(id),
		  json("{'is_active':false}"));
	expect_status(a, 200);
	a = GET(token, "/api/issues/");
	expect(a, a->status == 401 || a->status == 403);
	expect_int(GET(w.vendor.token, "/api/employees/"), "count", 2);
	expect_int(GET(w.vendor.token, "/api/employees/?all=true"), "count", 3);
	a = POST(w.vendor.token,
		 issue_path(raise_issue(&w.customer, w.org, "t"), "assign/"),
		 json("{'employee_id':%lld}", (long long)id));
	expect_error(a, 400, "invalid", "employee_id");
}
END_TEST

/* An owner can neither put an existing login on the staff, nor learn whose
 * address it is. */
START_TEST(an_existing_login_must_accept_an_invitation)
{
	struct answer *a = POST(w.vendor.token, "/api/employees/",
				json("{'email':'%s'}", w.stranger.email));

	/* the same response as for a new person; they have to accept */
	expect_status(a, 201);
	expect_null(a, "invite_url");
	a = GET(w.stranger.token, "/api/users/me/");
	expect(a, length_at(a, "profiles") == 1);
	a = POST(w.vendor.token, "/api/employees/",
		 json("{'email':'%s'}", w.employee.email));
	expect_error(a, 400, "invalid", "email");
}
END_TEST

/* An organization without an owner could not get one by the API. */
START_TEST(the_last_owner_stays)
{
	struct answer *a =
	    PATCH(w.vendor.token, EMPLOYEE_PATH(w.vendor.profile),
		  json("{'is_active':false}"));

	expect_error_shape(a, 400, "invalid");
	a = PATCH(w.vendor.token, EMPLOYEE_PATH(w.vendor.profile),
		  json("{'profile_type':'employee'}"));
	expect_error_shape(a, 400, "invalid");
	a = PATCH(w.vendor.token, EMPLOYEE_PATH(w.employee.profile),
		  json("{'profile_type':'vendor'}"));
	expect_status(a, 200);
	/* an invited owner who has not accepted does not count */
	a = PATCH(w.vendor.token, EMPLOYEE_PATH(w.vendor.profile),
		  json("{'profile_type':'employee'}"));
	expect_error_shape(a, 400, "invalid");
	set_password(&w.employee, "a password");
	expect_status(PATCH(w.employee.token, EMPLOYEE_PATH(w.vendor.profile),
			    json("{'profile_type':'employee'}")),
		      200);
	a = PATCH(w.vendor.token, EMPLOYEE_PATH(w.employee.profile),
		  json("{'is_active':true}"));
	expect_error(a, 403, "permission_denied", NULL);
}
END_TEST

/* Filters by a person of another organization count nothing. */
START_TEST(counts_are_the_organizations_own)
{
	(void)raise_issue(&w.customer, w.org, "counted");
	expect_int(GET(w.outsider.token, json("/api/issues/?assigned_to=%lld",
					      (long long)w.employee.profile)),
		   "count", 0);
	for (int64_t id = 1; id < 20; id++)
		expect_int(GET(w.outsider.token,
			       json("/api/issues/?raised_by_customer=%lld",
				    (long long)id)),
			   "count", 0);
}
END_TEST

/* --- looking things up ---------------------------------------------------- */

START_TEST(organizations)
{
	static const char *const plain[] = {
	    "/api/organizations/all_organizations/",
	    "/api/client/organizations/"};
	struct answer *a;

	for (size_t i = 0; i < COUNT(plain); i++) {
		a = GET(w.customer.token, plain[i]);
		expect_status(a, 200);
		expect(a, json_is_array(a->json));
		expect_with(a, w.org_name);
		expect_keys(a, "0", "id name slug");
	}
	a = GET(w.customer.token, "/api/organizations/?page_size=2");
	expect_keys(a, "", PAGE_KEYS);
	expect(a, length_at(a, "results") == 2);
	a = GET(w.customer.token, "/api/organizations/my_organizations/");
	expect(a, json_is_array(a->json) && !json_first(a->json));
	raise_issue(&w.customer, w.org, "t");
	a = GET(w.customer.token, "/api/organizations/my_organizations/");
	expect_int(a, "0.id", w.org);
	expect_keys(a, "0", "id name slug");
	a = GET(w.vendor.token, "/api/organizations/my_organizations/");
	expect_int(a, "0.id", w.org);
	expect_keys(a, "0",
		    "id name slug is_active is_listed staff_may_raise "
		    "linear_team_id linear_team_name created_at updated_at");
}
END_TEST

START_TEST(suppliers_and_orders)
{
	const char *here = text("?organization=%lld", (long long)w.org);
	struct answer *a = GET(w.customer.token, text("/api/vendors/%s", here));

	expect_keys(a, "", PAGE_KEYS);
	expect_int(a, "count", 1);
	expect_int(a, "results.0.id", w.supplier);
	a = GET(w.employee.token, "/api/vendors/");
	expect_int(a, "results.0.id", w.supplier);
	a = GET(w.outsider.token, text("/api/vendors/%s", here));
	expect_without(a, w.marker);

	a = GET(w.customer.token, text("/api/orders/%s", here));
	expect_int(a, "count", 1);
	expect_int(a, "results.0.id", w.order);
	expect_int(GET(w.customer.token, "/api/orders/"), "count", 1);
	expect_int(GET(w.stranger.token, text("/api/orders/%s", here)), "count",
		   0);
	expect_int(GET(w.employee.token, "/api/orders/"), "count", 1);
	a = GET(w.outsider.token, text("/api/orders/%s", here));
	expect_without(a, w.marker);
}
END_TEST

Suite *
accounts_suite(void)
{
	Suite *s = suite_create("accounts");
	TCase *t = add_case(s, "accounts", set_up);

	tcase_add_test(t, personal_tokens);
	tcase_add_test(t, tokens_are_kept_as_hashes);
	tcase_add_test(t, change_password);
	tcase_add_test(t, passwords_are_kept_as_hashes);
	tcase_add_test(t, password_reset_does_not_reveal_accounts);
	tcase_add_test(t, sign_up);
	tcase_add_test(t, sign_up_with_a_known_address);
	tcase_add_test(t, user_names_compare_exactly);
	tcase_add_test(t, an_address_in_another_script);
	tcase_add_test(t, a_username_that_is_the_address_is_replaced);
	tcase_add_test(t, staff_list);
	tcase_add_test(t, an_employee_is_invited_and_deactivated);
	tcase_add_test(t, an_existing_login_must_accept_an_invitation);
	tcase_add_test(t, counts_are_the_organizations_own);
	tcase_add_test(t, the_last_owner_stays);
	tcase_add_test(t, organizations);
	tcase_add_test(t, suppliers_and_orders);
	return s;
}
