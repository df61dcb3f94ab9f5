/* The headers of mails, as a mail program reads them: whatever a subject or a
 * name holds, it says what was written, stays one header, and adds no address
 * or link. */

#include "mail/name.h"
#include "unit/mail_memory.h"

/* Every line is short enough, ends with CR LF and a space, and is ASCII. */
static void
check_lines(const char *header)
{
	const char *line = header, *end;

	for (const char *p = header; *p; p++) {
		ck_assert_msg((unsigned char)*p < 0x7f, "%s", header);
		ck_assert_msg((unsigned char)*p >= ' ' || *p == '\r' ||
				  *p == '\n',
			      "%s", header);
		if (*p == '\r')
			ck_assert_msg(strncmp(p, "\r\n ", 3) == 0, "%s",
				      header);
		if (*p == '\n')
			ck_assert_int_eq(p[-1], '\r');
	}
	for (;; line = end + 2) {
		end = strstr(line, "\r\n");
		ck_assert_uint_le(end ? (size_t)(end - line) : strlen(line),
				  76);
		if (!end)
			return;
	}
}

/* Decodes the encoded word at *s into out, and moves past it. */
static char *
decode_word(const char **s, char *out)
{
	const char *begin = *s + strlen("=?UTF-8?B?");
	const char *end = strstr(begin, "?=");
	size_t n;

	ck_assert_ptr_nonnull(end);
	ck_assert_int_eq(sodium_base642bin((unsigned char *)out, 64, begin,
					   (size_t)(end - begin), NULL, &n,
					   NULL,
					   sodium_base64_VARIANT_ORIGINAL),
			 0);
	out[n] = '\0';
	/* no word cuts a character */
	ck_assert_int_ne((unsigned char)out[0] & 0xc0, 0x80);
	*s = end + 2;
	return out + n;
}

/* Unfolds, and decodes encoded words (the space between two of them is
 * none). */
static const char *
decoded(const char *header)
{
	char *out = arena_alloc(arena, 2 * strlen(header) + 1), *p = out;
	const char *s = header;
	bool after_word = false;

	check_lines(header);
	while (*s) {
		if (strncmp(s, "\r\n", 2) == 0) {
			s += 2;
			if (after_word && strncmp(s + 1, "=?", 2) == 0)
				s++;
		} else if (strncmp(s, "=?UTF-8?B?", 10) == 0) {
			p = decode_word(&s, p);
			after_word = true;
		} else {
			*p++ = *s++;
			after_word = false;
		}
	}
	*p = '\0';
	return out;
}

START_TEST(headers_say_what_was_written)
{
	static const char *const texts[] = {
	    "plain",
	    "Grüße aus Köln",
	    "株式会社の注文が届きません、もう三週間も待っています、早くしてくだ"
	    "さい",
	    "الطلب لم يصل",
	    "👩‍👩‍👧‍👦 family",
	    "=?UTF-8?B?aGVsbG8=?= is no code here",
	    "a, b; c: \"d\" \\ <e@f> (g)",
	    "two  spaces",
	};

	for (size_t i = 0; i < COUNT(texts); i++)
		for (size_t times = 1; times < 9; times++) {
			const char *text = repeated(texts[i], times);

			ck_assert_str_eq(
			    decoded(mail_header(arena, "Subject", text)),
			    arena_printf(arena, "Subject: %s", text));
		}
	/* cut at every byte of a character */
	for (size_t i = 0; i < 80; i++) {
		const char *text = arena_printf(arena, "%s%s", repeated("a", i),
						repeated("ü株👍", 30));

		ck_assert_str_eq(decoded(mail_header(arena, "Subject", text)),
				 arena_printf(arena, "Subject: %s", text));
	}
}
END_TEST

START_TEST(headers_stay_one)
{
	static const char *const evil[] = {
	    "x\r\nBcc: all@example.com", "x\nBcc: all@example.com",
	    "x\rBcc: all@example.com",	 "x\r\n\r\nbody",
	    "ü\r\nBcc: all@example.com", "\r\n.\r\nQUIT\r\n",
	    "x\v\f\b\x1b[31m\x7f",
	};

	for (size_t i = 0; i < COUNT(evil); i++) {
		const char *s = decoded(mail_header(arena, "Subject", evil[i]));
		const char *f = decoded(
		    mail_header_address(arena, "From", evil[i], "a@b.c"));

		ck_assert_ptr_null(strpbrk(s, "\r\n\v\f\b\x1b\x7f"));
		ck_assert_ptr_null(strpbrk(f, "\r\n\v\f\b\x1b\x7f"));
		ck_assert_ptr_nonnull(strstr(f, " <a@b.c>"));
	}
}
END_TEST

START_TEST(names_are_quoted)
{
	ck_assert_str_eq(
	    decoded(mail_header_address(arena, "To", "Ann", "ann@x.y")),
	    "To: \"Ann\" <ann@x.y>");
	ck_assert_str_eq(
	    decoded(mail_header_address(arena, "To", "A \"B\" \\ <evil@x.y>, C",
					"ann@x.y")),
	    "To: \"A \\\"B\\\" \\\\  evil x.y , C\" <ann@x.y>");
	ck_assert_str_eq(
	    decoded(mail_header_address(arena, "From", "Jürgen", "j@x.y")),
	    "From: Jürgen <j@x.y>");
	ck_assert_str_eq(mail_header_address(arena, "To", "", "ann@x.y"),
			 "To: <ann@x.y>");
	ck_assert_str_eq(mail_header_address(arena, "To", "\r\n", "ann@x.y"),
			 "To: <ann@x.y>");
}
END_TEST

START_TEST(a_name_is_one_line_in_its_own_order)
{
	ck_assert_str_eq(mail_line(arena, " a\r\nb\x01"
					  "c\xc2\x85"
					  "d\u2028e "),
			 "a bc d e");
	ck_assert_str_eq(mail_line(arena, "\u202egnp.exe\u2066x\u2069\u200f"),
			 "gnp.exex");
	ck_assert_str_eq(mail_line(arena, "👩‍👩‍👧‍👦"),
			 "👩‍👩‍👧‍👦");
}
END_TEST

START_TEST(a_display_name_is_no_address)
{
	static const char *const names[] = {
	    "service@bank.example", "Bank <service@bank.example>",
	    "service＠bank.example", "service﹫bank.example"};

	for (size_t i = 0; i < COUNT(names); i++) {
		const char *line = decoded(
		    mail_header_address(arena, "From", names[i], "a@b.c"));

		ck_assert_msg(strstr(line, "a@b.c") &&
				  strchr(line, '@') == strrchr(line, '@') &&
				  strchr(line, '<') == strrchr(line, '<') &&
				  !strstr(line, "＠") && !strstr(line, "﹫"),
			      "%s", line);
	}
}
END_TEST

START_TEST(a_plain_name_holds_no_link)
{
	static const char *const names[][2] = {
	    {"Acme, Ltd.", "Acme, Ltd."},
	    {"U.S. Bank", "U S. Bank"},
	    {"Agency 2026", "Agency 2026"},
	    {"Müller & Söhne (株式会社)", "Müller & Söhne (株式会社)"},
	    {"You won https://evil.example/win?x=1",
	     "You won https evil example win?x=1"},
	    {"www.evil.example", "www evil example"},
	    {"www。evil．example", "www evil example"},
	    {"ev\u200bil\u00ad.example", "evil example"},
	    {"mail me@evil.example", "mail me evil example"},
	    {"me＠evil．example", "me evil example"},
	    {"a\r\n\r\nb \"c\" <d>", "a b c d"},
	    {"Call 0900 123456 now", "Call now"},
	    {"Call ０９００１２３４５６", "Call"},
	    {"\u202e\u200b", ""}};

	for (size_t i = 0; i < COUNT(names); i++)
		ck_assert_str_eq(mail_plain_name(arena, names[i][0]),
				 names[i][1]);
	ck_assert_uint_eq(strlen(mail_plain_name(arena, repeated("a", 1000))),
			  80);
	ck_assert_uint_eq(strlen(mail_plain_name(arena, repeated("株", 1000))),
			  240);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("mail_header");
	TCase *t = tcase_create("mail_header");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, headers_say_what_was_written);
	tcase_add_test(t, headers_stay_one);
	tcase_add_test(t, names_are_quoted);
	tcase_add_test(t, a_name_is_one_line_in_its_own_order);
	tcase_add_test(t, a_display_name_is_no_address);
	tcase_add_test(t, a_plain_name_holds_no_link);
	suite_add_tcase(s, t);
	return run_suite(s);
}
