#include "base/address.h"

#include <string.h>

#include "base/arena.h"
#include "unit/runner.h"

#define X10 "xxxxxxxxxx"
#define X60 X10 X10 X10 X10 X10 X10
#define A10 "a.a.a.a.a."
#define A90 A10 A10 A10 A10 A10 A10 A10 A10 A10

static const struct {
	const char *typed, *kept;
} taken[] = {
    {"a@b.de", "a@b.de"},
    {"  a@b.de\r\n", "a@b.de"},
    {"Jane.O'Hara+desk@Example.COM", "Jane.O'Hara+desk@example.com"},
    {"!#$%&'*+-/=?^_`{|}~@x.example", "!#$%&'*+-/=?^_`{|}~@x.example"},
    {"1@2.3com", "1@2.3com"},
    {"info@müller.example", "info@xn--mller-kva.example"},
    {"info@MÜLLER.example", "info@xn--mller-kva.example"},
    {"info@mu\u0308ller.example", "info@xn--mller-kva.example"},
    {"info@xn--mller-kva.example", "info@xn--mller-kva.example"},
    {"info@XN--MLLER-KVA.example", "info@xn--mller-kva.example"},
    {"info@muller.example", "info@muller.example"},
    {"a@straße.example", "a@xn--strae-oqa.example"},
    {"a@strasse.example", "a@strasse.example"},
    {"a@例え.テスト", "a@xn--r8jz45g.xn--zckzah"},
    {"a@почта.рф", "a@xn--80a1acny.xn--p1ai"},
    {X60 "1234@b.de", X60 "1234@b.de"},
    {"a@" X60 "123.de", "a@" X60 "123.de"},
    {"12@" A90 A90 A10 A10 A10 A10 A10 A10 "a.a.a.a.a.b", /* 254 */
     "12@" A90 A90 A10 A10 A10 A10 A10 A10 "a.a.a.a.a.b"},
};

static const char *const refused[] = {
    "",
    " ",
    "a",
    "@",
    "a@",
    "@b.de",
    "a@b",
    "a@b.",
    "a@.de",
    "a@.b.de",
    "a@b..de",
    "a@b.de.",
    "a@b@c.de",
    "a@b.de@",
    "a:b@c.de",
    "a[b@c.de",
    "a]b@c.de",
    "a\\b@c.de",
    "a,b@c.de",
    "a;b@c.de",
    "a(b)@c.de",
    "<a@b.de>",
    "A <a@b.de>",
    "\"a\"@b.de",
    "\"a b\"@c.de",
    "a b@c.de",
    "a @b.de",
    "a@ b.de",
    "a@b .de",
    "a@b.de,c@d.de",
    "a@b.de c@d.de",
    "a@b.de\nBcc: c@d.de",
    "a\t@b.de",
    "a\x01@b.de",
    "a@b\x7f.de",
    ".a@b.de",
    "a.@b.de",
    "a..b@c.de",
    "u@[192.0.2.1]",
    "u@[IPv6:2001:db8::1]",
    "u@192.0.2.1",
    "u@1.2",
    "a@-b.de",
    "a@b-.de",
    "a@b_c.de",
    "a@b!c.de",
    "a@b/c.de",
    "a@b:25.de",
    "a@xn--a.de",
    /* invisible characters */
    "a\u200b@b.de",
    "a@b\u200b.de",
    "a@b\u200d.de",
    "a@b\u00ad.de",
    "a@b\u2060.de",
    "a@\ufeff"
    "b.de",
    "a@b\ufe0f.de",
    "a@b\u202e.de",
    "\u200ba@b.de",
    "a@b.de\u200b",
    "a@b\u00a0.de",
    "a@b.d\u034f"
    "e",
    /* not letters of a name */
    "a@b\u2603\u20ac \u2028.de",
    "a@\xef\xbc\xa0.de",
    "a\xef\xbc\xa0"
    "b.de",
    /* many servers cannot deliver to these */
    "\xc3\xa9@b.de",
    "j\xc3\xb6rg@m\xc3\xbcller.example",
    "\xd0\xb0@b.de",
    /* too long */
    X60 "12345@b.de",
    "a@" X60 "1234.de",
    "a@" X60 "\xc3\xbc.de",
    "123@" A90 A90 A10 A10 A10 A10 A10 A10 "a.a.a.a.a.b", /* 255 */
    "a@" X60 "." X60 "." X60 "." X60 "." X60 "." X60 ".de",
};

START_TEST(what_is_taken)
{
	char kept[ADDRESS_MAX + 1];

	for (size_t i = 0; i < COUNT(taken); i++) {
		ck_assert_msg(
		    !address_read(kept, taken[i].typed, HOST_OF_INTERNET),
		    "refused: %s", taken[i].typed);
		ck_assert_str_eq(kept, taken[i].kept);
		/* and again, in the form that is stored */
		ck_assert_ptr_null(
		    address_read(kept, taken[i].kept, HOST_OF_INTERNET));
		ck_assert_str_eq(kept, taken[i].kept);
	}
}
END_TEST

START_TEST(what_is_refused)
{
	char kept[ADDRESS_MAX + 1];

	for (size_t i = 0; i < COUNT(refused); i++) {
		ck_assert_msg(
		    address_read(kept, refused[i], HOST_OF_INTERNET) != NULL,
		    "taken: %s", refused[i]);
		ck_assert_str_eq(kept, "");
	}
}
END_TEST

/* "u@localhost" is an address on the local machine. */
START_TEST(hosts_of_any_kind)
{
	char kept[ADDRESS_MAX + 1];

	ck_assert_ptr_null(address_read(kept, "u@Localhost", HOST_OF_ANY_KIND));
	ck_assert_str_eq(kept, "u@localhost");
	ck_assert_ptr_nonnull(address_read(kept, "u@", HOST_OF_ANY_KIND));
	ck_assert_ptr_nonnull(address_read(kept, "u@127", HOST_OF_ANY_KIND));
}
END_TEST

START_TEST(keys)
{
	static const char *const pairs[][2] = {
	    {"Info@Example.com", "info@example.com"},
	    {"info@M\u00dcller.example", "info@xn--mller-kva.example"},
	    {"Straße", "straße"},
	    {"\u00c9ric", "\u00c9ric"},
	    {"\u212a", "\u212a"},
	    {"a:B@c", "a:b@c"},
	};
	struct arena *a = arena_new();

	for (size_t i = 0; i < COUNT(pairs); i++)
		ck_assert_str_eq(address_key(a, pairs[i][0]), pairs[i][1]);
	ck_assert_str_eq(account_key(a, "AZ\u00c4@[`{"), "az\u00c4@[`{");
	arena_free(a);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("address");

	ADD_TESTS(s, "address", what_is_taken, what_is_refused,
		  hosts_of_any_kind, keys);
	return run_suite(s);
}
