/* Personal tokens, and passwords that are changed or reset. */

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

Suite *
accounts_passwords_suite(void)
{
	Suite *s = suite_create("accounts_passwords");
	TCase *t = add_case(s, "accounts_passwords", set_up);

	tcase_add_test(t, personal_tokens);
	tcase_add_test(t, tokens_are_kept_as_hashes);
	tcase_add_test(t, change_password);
	tcase_add_test(t, passwords_are_kept_as_hashes);
	tcase_add_test(t, password_reset_does_not_reveal_accounts);
	return s;
}
