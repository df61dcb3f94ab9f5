#include "base/crypto.h"
#include "base/fingerprint.h"

#include <stdio.h>
#include <string.h>

#include "unit/runner.h"

static const char *
hex(const unsigned char *p, size_t n)
{
	static char out[2 * HASH_BYTES + 1];

	for (size_t i = 0; i < n; i++)
		snprintf(out + 2 * i, 3, "%02x", p[i]);
	return out;
}

START_TEST(blake2b_as_published)
{
	unsigned char h[HASH_BYTES];

	hash_text(h, "abc");
	ck_assert_str_eq(hex(h, HASH_BYTES),
			 "bddd813c634239723171ef3fee98579b"
			 "94964e3bb1cb3e427262c8c068d52319");
	hash_bytes(h, "", 0);
	ck_assert_str_eq(hex(h, HASH_BYTES),
			 "0e5751c026e543b2e8ab2eb06099daa1"
			 "d1e5df47778f7787faab45cdf12fe3a8");
}
END_TEST

/* RFC 4231: cases 2 and 6 (a key longer than a block). */
START_TEST(hmac_as_published)
{
	char mac[HMAC_HEX_TEXT], key[132];
	const char *text = "what do ya want for nothing?";

	hmac_sha256_hex(mac, "Jefe", text, strlen(text));
	ck_assert_str_eq(mac, "5bdcc146bf60754e6a042426089575c7"
			      "5a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, 131);
	key[131] = '\0';
	text = "Test Using Larger Than Block-Size Key - Hash Key First";
	hmac_sha256_hex(mac, key, text, strlen(text));
	ck_assert_str_eq(mac, "60e431591ee0b67f0d8a26aacbf5b77f"
			      "8e0bc6213728c5140546040f0ee37f54");
}
END_TEST

START_TEST(fingerprints)
{
	char a[FINGERPRINT_TEXT], b[FINGERPRINT_TEXT];

	fingerprint(a, "text", 4);
	fingerprint(b, "text", 4);
	ck_assert_str_eq(a, b);
	ck_assert_uint_eq(strspn(a, "0123456789abcdef"), 16);
	fingerprint(b, "texu", 4);
	ck_assert_str_ne(a, b);
	fingerprint(b, NULL, 0);
	ck_assert_uint_eq(strlen(b), 16);
}
END_TEST

START_TEST(tokens)
{
	char a[TOKEN_TEXT], b[TOKEN_TEXT];

	random_token(a);
	random_token(b);
	ck_assert_uint_eq(strlen(a), TOKEN_TEXT - 1);
	ck_assert_uint_eq(strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789-_"),
			  TOKEN_TEXT - 1);
	ck_assert_str_ne(a, b);
}
END_TEST

START_TEST(uuids)
{
	char a[UUID_TEXT], b[UUID_TEXT];

	for (int i = 0; i < 100; i++) {
		random_uuid(a);
		ck_assert_msg(uuid_valid(a), "%s", a);
		ck_assert_int_eq(a[14], '4');
		ck_assert_ptr_nonnull(strchr("89ab", a[19]));
		ck_assert_uint_eq(strcspn(a, "ABCDEF"), UUID_TEXT - 1);
	}
	random_uuid(b);
	ck_assert_str_ne(a, b);
	ck_assert(uuid_valid("B95250DB-8430-4dbc-88f8-9fc109369df0"));
	ck_assert(uuid_valid("00000000-0000-0000-0000-000000000000"));
}
END_TEST

static const char *const no_uuids[] = {
    "",
    "b95250db-8430-4dbc-88f8-9fc109369df",
    "b95250db-8430-4dbc-88f8-9fc109369df00",
    "b95250db84304dbc88f89fc109369df0",
    "b95250db-8430-4dbc-88f8-9fc109369dg0",
    "b95250db-8430-4dbc-88f8_9fc109369df0",
    "{95250db-8430-4dbc-88f8-9fc109369df0",
    "b95250db-8430-4dbc-88f8-9fc109369df ",
};

START_TEST(what_is_no_uuid)
{
	for (size_t i = 0; i < COUNT(no_uuids); i++)
		ck_assert_msg(!uuid_valid(no_uuids[i]), "%s", no_uuids[i]);
}
END_TEST

START_TEST(passwords)
{
	char a[PASSWORD_HASH_TEXT], b[PASSWORD_HASH_TEXT];

	password_hash(a, "correct horse");
	password_hash(b, "correct horse");
	ck_assert_str_ne(a, b);
	ck_assert_int_eq(strncmp(a, "$argon2id$v=19$m=19456,t=2,p=1$", 31), 0);
	ck_assert(password_matches(a, "correct horse"));
	ck_assert(!password_matches(a, "correct horsf"));
	ck_assert(!password_matches(a, "correct horse "));
	ck_assert(!password_matches(a, ""));
	ck_assert(!password_matches("", "correct horse"));
	ck_assert(!password_matches("", ""));
	ck_assert(!password_matches(NULL, ""));
	ck_assert(!password_matches("nonsense", "nonsense"));
}
END_TEST

START_TEST(secrets)
{
	ck_assert(same_secret("", ""));
	ck_assert(same_secret("abc", "abc"));
	ck_assert(!same_secret("abc", "abd"));
	ck_assert(!same_secret("abc", "ab"));
	ck_assert(!same_secret("", "a"));
}
END_TEST

START_TEST(numbers_stay_below)
{
	int seen[7] = {0};

	for (int i = 0; i < 1000; i++) {
		unsigned v = random_below(7);

		ck_assert_uint_lt(v, 7);
		seen[v]++;
	}
	for (int i = 0; i < 7; i++)
		ck_assert_int_gt(seen[i], 0);
	ck_assert_uint_eq(random_below(1), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("crypto");

	crypto_init();
	ADD_TESTS(s, "crypto", blake2b_as_published, hmac_as_published,
		  fingerprints, tokens, uuids, what_is_no_uuid, passwords,
		  secrets, numbers_stay_below);
	return run_suite(s);
}
