/* Signing up: user names, addresses, and what they do not reveal. */

#include <string.h>

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

static struct answer *
sign_up_as(const char *name, const char *email)
{
	return POST(NULL, "/api/users/",
		    json("{'username':'%s','email':'%s',"
			 "'password':'long enough'}",
			 name, email));
}

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

Suite *
accounts_sign_up_suite(void)
{
	Suite *s = suite_create("accounts_sign_up");
	TCase *t = add_case(s, "accounts_sign_up", set_up);

	tcase_add_test(t, sign_up);
	tcase_add_test(t, sign_up_with_a_known_address);
	tcase_add_test(t, user_names_compare_exactly);
	tcase_add_test(t, an_address_in_another_script);
	tcase_add_test(t, a_username_that_is_the_address_is_replaced);
	return s;
}
