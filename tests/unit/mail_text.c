#include "mail/compose.h"

#include <sodium.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/conf.h"
#include "mail/name.h"
#include "unit/runner.h"

static struct arena *arena;
static const struct conf conf = {.mail_from = "docket@desk.example",
				 .public_url = "https://desk.example"};

static void
set_up(void)
{
	ck_assert_int_ge(sodium_init(), 0);
	arena = arena_new();
}

static void
tear_down(void)
{
	arena_free(arena);
}

/* --- headers, as a mail program reads them -------------------------------- */

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

static const char *
repeated(const char *s, size_t times)
{
	char *out = arena_alloc(arena, strlen(s) * times + 1);

	for (size_t i = 0; i < times; i++)
		memcpy(out + i * strlen(s), s, strlen(s));
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

/* --- whole mails --------------------------------------------------------- */

static const struct mail_event reply = {NOTICE_REPLIED, STATUS_OPEN, "Erin",
					"We look.\n\n<b>Soon</b> & safe"};

static struct mail_content
notices(const struct mail_event *events, size_t n)
{
	return (struct mail_content){
	    .id = 5,
	    .kind = MAIL_NOTICES,
	    .created_at = 1795328652622645,
	    .to_name = "Ann",
	    .to_address = "ann@example.com",
	    .issue_id = 7,
	    .is_proved = true,
	    .number = "ISS-2026-0001",
	    .title = "Late",
	    .organization = "Demo \"x\" GmbH",
	    .events = events,
	    .n = n,
	    .unsubscribe = "https://desk.example/api/mail/unsubscribe/"
			   "?u=1&t=ab"};
}

static bool
has_header(const struct mail *m, const char *line)
{
	for (size_t i = 0; m->headers[i]; i++)
		if (strcmp(m->headers[i], line) == 0)
			return true;
	return false;
}

START_TEST(a_reply_is_told)
{
	const struct mail_content c = notices(&reply, 1);
	struct mail m;

	ck_assert(mail_compose(&m, arena, &conf, &c, 1795328652622645));
	ck_assert_str_eq(m.from, "docket@desk.example");
	ck_assert_str_eq(m.to, "ann@example.com");
	ck_assert(has_header(&m, "From: \"Demo \\\"x\\\" GmbH\"\r\n "
				 "<docket@desk.example>"));
	ck_assert(has_header(&m, "To: \"Ann\"\r\n <ann@example.com>"));
	ck_assert(has_header(&m, "Subject: [ISS-2026-0001] Late"));
	ck_assert(has_header(&m, "Date: Sun, 22 Nov 2026 06:24:12 +0000"));
	ck_assert(has_header(
	    &m, "Message-ID: <issue-7-5.1795328652622645@desk.example>"));
	ck_assert(has_header(&m, "In-Reply-To: <issue-7@desk.example>"));
	ck_assert(has_header(&m, "References: <issue-7@desk.example>"));
	ck_assert(has_header(&m, "Auto-Submitted: auto-generated"));
	ck_assert(has_header(&m, "List-Unsubscribe: <https://desk.example/api/"
				 "mail/unsubscribe/?u=1&t=ab>"));
	ck_assert(has_header(
	    &m, "List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
	ck_assert_ptr_nonnull(
	    strstr(m.text, "Erin replied:\r\n\r\n    We look.\r\n    \r\n"
			   "    <b>Soon</b> & safe\r\n\r\n"));
	ck_assert_ptr_nonnull(
	    strstr(m.text, "https://desk.example/issues/7/\r\n"));
	ck_assert_ptr_nonnull(
	    strstr(m.html, "&lt;b&gt;Soon&lt;/b&gt; &amp; safe"));
	ck_assert_ptr_null(strstr(m.html, "<b>"));
	ck_assert_ptr_nonnull(
	    strstr(m.html, "href=\"https://desk.example/issues/7/\""));
}
END_TEST

/* The HTML of a mail whose only event has that text: what stands in the block
 * of what was written. */
static const char *
html_of(const char *markdown)
{
	const struct mail_event event = {NOTICE_REPLIED, STATUS_OPEN, "Erin",
					 markdown};
	const struct mail_content c = notices(&event, 1);
	const char *begin, *end;
	struct mail m;

	ck_assert(mail_compose(&m, arena, &conf, &c, 1));
	begin = strchr(strstr(m.html, "<blockquote dir"), '>') + 3;
	end = strstr(begin, "</blockquote>\r\n<p><a");
	return arena_printf(arena, "%.*s", (int)(end - begin), begin);
}

START_TEST(markdown_is_html)
{
	static const char *const cases[][2] = {
	    {"one\ntwo\n\n**b** _i_ ~~d~~ `c`",
	     "<p>one<br />\r\ntwo</p>\r\n<p><strong>b</strong> "
	     "<em>i</em> <del>d</del> <code>c</code></p>\r\n"},
	    {"- a\n  - b", "<ul>\r\n<li>a\r\n<ul>\r\n<li>b</li>\r\n</ul>\r\n"
			   "</li>\r\n</ul>\r\n"},
	    {"[t](https://a.example/b_(c))",
	     "<p><a href=\"https://a.example/b_(c)\">t</a></p>\r\n"},
	    {"see https://a.example/x.",
	     "<p>see <a href=\"https://a.example/x\">https://a.example/x"
	     "</a>.</p>\r\n"},
	    {"![pic](https://a.example/x.png)",
	     "<p><a href=\"https://a.example/x.png\">pic</a></p>\r\n"},
	    {"![](https://a.example/x.png)",
	     "<p><a href=\"https://a.example/x.png\">https://a.example/x.png"
	     "</a></p>\r\n"},
	    {"[![p](https://a.example/x.png)](https://b.example/)",
	     "<p><a href=\"https://b.example/\">p</a></p>\r\n"},
	    {"[t](javascript:alert(1)) ![p](data:image/png;base64,AA)",
	     "<p>t p</p>\r\n"},
	    {"a <b onclick=x>b</b>",
	     "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\r\n"},
	    {"<script>alert(1)</script>",
	     "<p>&lt;script&gt;alert(1)&lt;/script&gt;\r\n</p>\r\n"},
	    {"<div>\n<img src=x>\n</div>\n\nafter",
	     "<p>&lt;div&gt;\r\n&lt;img src=x&gt;\r\n&lt;/div&gt;\r\n</p>"
	     "\r\n<p>after</p>\r\n"},
	    {"[x](//a.example)", "<p>x</p>\r\n"},
	    {"```\n</blockquote>\n```",
	     "<pre><code>&lt;/blockquote&gt;\r\n</code></pre>\r\n"},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		ck_assert_str_eq(html_of(cases[i][0]), cases[i][1]);
	ck_assert_ptr_nonnull(
	    strstr(html_of("|a|b|\n|-|-:|\n|1|2|"), "<td align=\"right\">2"));
}
END_TEST

/* However a text is made, it does not keep the daemon busy, and it stays whole.
 */
START_TEST(hostile_markdown_is_fast)
{
	static const char *const units[] = {
	    "[",	  "*",	  "_",	      "`",	"**a ", "~~",
	    "> ",	  "- ",	  "[](",      "<a ",	"![",	"|a|\n|-|\n",
	    "https://a.", "<!--", "[a]: b\n", "a@b.c ", "~"};
	const size_t most = 64 * 1024;

	for (size_t i = 0; i < COUNT(units); i++) {
		const size_t times = most / strlen(units[i]);
		const clock_t begin = clock();

		(void)html_of(repeated(units[i], times));
		ck_assert_msg(clock() - begin < 5 * CLOCKS_PER_SEC, "%s",
			      units[i]);
	}
	/* beyond that it is shown as it was written */
	ck_assert_ptr_nonnull(strstr(
	    html_of(arena_printf(arena, "**b** <i>%s", repeated("x", most))),
	    "<p style=\"white-space:pre-wrap\">**b** &lt;i&gt;xxx"));
}
END_TEST

START_TEST(a_burst_is_one_mail)
{
	static const struct mail_event events[] = {
	    {NOTICE_RAISED, STATUS_OPEN, "Ann", "It is late"},
	    {NOTICE_REPLIED, STATUS_OPEN, "Erin", "first words"},
	    {NOTICE_ASSIGNED, STATUS_OPEN, "Sahel", NULL},
	    {NOTICE_STATUS, STATUS_IN_PROGRESS, "Erin", NULL},
	    {NOTICE_RESOLVED, STATUS_RESOLVED, "Sahel", "New part sent"},
	    {NOTICE_REOPENED, STATUS_IN_PROGRESS, "Linus", NULL},
	};
	static const char *const order[] = {
	    "Ann raised this issue:",
	    "It is late",
	    "Erin replied:",
	    "first words",
	    "Sahel assigned the issue",
	    "Erin set the status to In Progress.",
	    "Sahel resolved the issue.",
	    "New part sent",
	    "Linus reopened the issue."};
	const struct mail_content c = notices(events, COUNT(events));
	const char *text, *html;
	struct mail m;

	ck_assert(mail_compose(&m, arena, &conf, &c, 1));
	text = m.text;
	html = m.html;
	for (size_t i = 0; i < COUNT(order); i++) {
		text = strstr(text, order[i]);
		html = strstr(html, order[i]);
		ck_assert_msg(text && html, "%s", order[i]);
	}
}
END_TEST

START_TEST(a_long_burst_ends)
{
	struct mail_event events[51];
	struct mail_content c = notices(events, COUNT(events));
	struct mail m;

	for (size_t i = 0; i < COUNT(events); i++)
		events[i] = (struct mail_event){NOTICE_REPLIED, STATUS_OPEN,
						"Erin", repeated("&", 10000)};
	ck_assert(mail_compose(&m, arena, &conf, &c, 1));
	ck_assert_ptr_nonnull(strstr(m.text, "There are more updates."));
	ck_assert_ptr_nonnull(strstr(m.html, "</html>"));
}
END_TEST

/* Lines end with CR LF, and CR and LF are nowhere else. */
static void
check_body(const char *s)
{
	for (; *s; s++) {
		if (*s == '\r')
			ck_assert_int_eq(s[1], '\n');
		else if (*s == '\n')
			ck_assert_int_eq(s[-1], '\r');
		else
			ck_assert((unsigned char)*s >= ' ' || *s == '\t');
		ck_assert_int_ne(*s, 0x7f);
	}
}

START_TEST(bodies_are_clean)
{
	static const struct mail_event events[] = {
	    {NOTICE_REPLIED, STATUS_OPEN, "E\r\nvil",
	     "a\rb\r\nc\n.\nd\x01\x1b[0m\x7f\te</blockquote><script>"}};
	struct mail_content c = notices(events, 1);
	struct mail m;

	c.title = "<img src=x onerror=alert(1)>\r\nBcc: x@y.z";
	c.to_name = "\"><script>alert(1)</script>";
	c.organization = "<i>Org</i>\nX-Evil: 1";
	ck_assert(mail_compose(&m, arena, &conf, &c, 1));
	check_body(m.text);
	check_body(m.html);
	ck_assert_ptr_null(strstr(m.html, "<script"));
	ck_assert_ptr_null(strstr(m.html, "<img"));
	ck_assert_ptr_null(strstr(m.html, "<i>"));
	for (size_t i = 0; m.headers[i]; i++) {
		ck_assert_ptr_null(strstr(m.headers[i], "\nBcc"));
		ck_assert_ptr_null(strstr(m.headers[i], "\nX-Evil"));
	}
}
END_TEST

START_TEST(an_address_is_one)
{
	static const char *const bad[] = {
	    "",		"ann",	       "@x.y",
	    "ann@",	"a@b.c,d@e.f", "a@b.c>\r\nRCPT TO:<d@e.f",
	    "a b@c.d",	"<a@b.c>",     "a@b.c\n",
	    "\"a\"@b.c"};
	struct mail_content c = notices(&reply, 1);
	struct mail m;

	for (size_t i = 0; i < COUNT(bad); i++) {
		c.to_address = bad[i];
		ck_assert_msg(!mail_compose(&m, arena, &conf, &c, 1), "%s",
			      bad[i]);
	}
	c.to_address = arena_printf(arena, "%s@b.c", repeated("a", 251));
	ck_assert(!mail_compose(&m, arena, &conf, &c, 1));
	c.to_address = "ann+desk_x%y@b.c";
	ck_assert(mail_compose(&m, arena, &conf, &c, 1));
}
END_TEST

/* Also where staff raised it for the customer. */
START_TEST(a_mail_says_why_it_comes)
{
	static const struct mail_event event = {NOTICE_RAISED, STATUS_OPEN,
						"Erin Walsh", "words"};
	struct mail_content c = notices(&event, 1);
	struct mail m;

	ck_assert(mail_compose(&m, arena, &conf, &c, 1));
	ck_assert_ptr_nonnull(strstr(m.text, "Erin Walsh raised this issue:"));
	ck_assert_ptr_nonnull(strstr(m.text, "This is your issue with "));
	ck_assert_ptr_null(strstr(m.text, "You raised"));
	c.to_staff = true;
	ck_assert(mail_compose(&m, arena, &conf, &c, 1));
	ck_assert_ptr_nonnull(strstr(m.text, "You work on the issues of "));
}
END_TEST

START_TEST(words_of_the_unproved_are_not_mailed)
{
	static const struct mail_event events[] = {
	    {NOTICE_RAISED, STATUS_OPEN, "Eve evil", "evil text"},
	    {NOTICE_REPLIED, STATUS_OPEN, "Eve evil", "evil reply"}};
	struct mail_content c = notices(events, COUNT(events));
	struct mail m;

	c.is_proved = false;
	c.to_staff = true;
	c.title = "evil title";
	ck_assert(mail_compose(&m, arena, &conf, &c, 1));
	ck_assert(has_header(&m, "Subject: [ISS-2026-0001]"));
	ck_assert_ptr_null(strstr(m.text, "evil"));
	ck_assert_ptr_null(strstr(m.html, "evil"));
	ck_assert_ptr_nonnull(strstr(m.text, "ISS-2026-0001"));
	ck_assert_ptr_nonnull(
	    strstr(m.text, "https://desk.example/issues/7/\r\n"));
}
END_TEST

START_TEST(a_digest_lists_issues)
{
	static const struct mail_topic topics[] = {
	    {7, "ISS-2026-0007", "Late <b>&</b>\r\nBcc: x@y.z", 1},
	    {8, "ISS-2026-0008", NULL, 12}};
	struct mail_content c = notices(NULL, 0);
	struct mail m;

	c.kind = MAIL_DIGEST;
	c.topics = topics;
	c.n_topics = COUNT(topics);
	c.more = 14741;
	ck_assert(mail_compose(&m, arena, &conf, &c, 1));
	check_body(m.text);
	check_body(m.html);
	ck_assert(has_header(&m, "Subject: 14754 updates on your issues"));
	ck_assert(has_header(&m, "Message-ID: <digest-5.1795328652622645@desk."
				 "example>"));
	ck_assert_ptr_nonnull(strstr(
	    m.text, "ISS-2026-0007 Late <b>&</b> Bcc: x@y.z "
		    "(1 update):\r\nhttps://desk.example/issues/7/\r\n"));
	ck_assert_ptr_nonnull(strstr(m.text,
				     "ISS-2026-0008 (12 updates):\r\n"
				     "https://desk.example/issues/8/\r\n"));
	ck_assert_ptr_nonnull(
	    strstr(m.text, "There are 14741 updates beside these."));
	ck_assert_ptr_null(strstr(m.html, "<b>"));
	ck_assert(has_header(
	    &m, "List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
}
END_TEST

/* --- names that users chose ----------------------------------------------- */

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

/* --- mails about accounts --------------------------------------------------
 */

static struct mail_content
account_mail(enum mail_kind kind)
{
	return (struct mail_content){
	    .id = 9,
	    .kind = kind,
	    .created_at = 1795328652622645,
	    .to_address = "ann@example.com",
	    .organization = "Win: https://evil.example \"now\"",
	    .link = "https://desk.example/set-password/#tok"};
}

START_TEST(a_password_link_is_mailed)
{
	const struct mail_content c = account_mail(MAIL_PASSWORD_RESET);
	struct mail m;

	ck_assert(mail_compose(&m, arena, &conf, &c, 1));
	ck_assert(has_header(&m, "Subject: Set a new password"));
	ck_assert(has_header(&m, "To: <ann@example.com>"));
	ck_assert(has_header(
	    &m, "Message-ID: <password-9.1795328652622645@desk.example>"));
	ck_assert_ptr_nonnull(
	    strstr(m.text, "https://desk.example/set-password/#tok\r\n"));
	for (size_t i = 0; m.headers[i]; i++) {
		ck_assert_ptr_null(strstr(m.headers[i], "Unsubscribe"));
		ck_assert_ptr_null(strstr(m.headers[i], "tok"));
	}
}
END_TEST

START_TEST(account_mails_hold_only_our_words)
{
	for (int kind = MAIL_PASSWORD_RESET; kind < MAIL_DIGEST; kind++) {
		const struct mail_content c =
		    account_mail((enum mail_kind)kind);
		struct mail m;

		if (kind == MAIL_NOTICES)
			continue;
		ck_assert(mail_compose(&m, arena, &conf, &c, 1));
		check_body(m.text);
		ck_assert(has_header(
		    &m, "From: \"Docket\"\r\n <docket@desk.example>"));
		ck_assert_ptr_nonnull(strstr(m.text, "Hello,\r\n"));
		ck_assert_ptr_nonnull(strstr(m.text, " at desk.example."));
		ck_assert_ptr_null(strstr(m.text, "evil.example"));
		ck_assert_ptr_null(strstr(m.html, "evil.example"));
		ck_assert_int_eq(strstr(m.text, "Win") != NULL,
				 kind == MAIL_INVITATION);
		for (size_t i = 0; m.headers[i]; i++)
			ck_assert_ptr_null(strstr(m.headers[i], "Win"));
	}
}
END_TEST

START_TEST(an_invitation_names_the_organization)
{
	struct mail_content c = account_mail(MAIL_INVITATION);
	struct mail m;

	c.organization = "Acme, Ltd.";
	ck_assert(mail_compose(&m, arena, &conf, &c, 1));
	ck_assert_ptr_nonnull(
	    strstr(m.text, "The organization \"Acme, Ltd.\" invites you"));
	c.organization = "://";
	ck_assert(mail_compose(&m, arena, &conf, &c, 1));
	ck_assert_ptr_nonnull(strstr(m.text, "An organization invites you"));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("mail_text");
	TCase *c = tcase_create("mail");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, headers_say_what_was_written);
	tcase_add_test(c, headers_stay_one);
	tcase_add_test(c, names_are_quoted);
	tcase_add_test(c, a_reply_is_told);
	tcase_add_test(c, a_burst_is_one_mail);
	tcase_add_test(c, markdown_is_html);
	tcase_add_test(c, hostile_markdown_is_fast);
	tcase_add_test(c, a_long_burst_ends);
	tcase_add_test(c, bodies_are_clean);
	tcase_add_test(c, an_address_is_one);
	tcase_add_test(c, a_mail_says_why_it_comes);
	tcase_add_test(c, words_of_the_unproved_are_not_mailed);
	tcase_add_test(c, a_digest_lists_issues);
	tcase_add_test(c, a_name_is_one_line_in_its_own_order);
	tcase_add_test(c, a_display_name_is_no_address);
	tcase_add_test(c, a_plain_name_holds_no_link);
	tcase_add_test(c, a_password_link_is_mailed);
	tcase_add_test(c, account_mails_hold_only_our_words);
	tcase_add_test(c, an_invitation_names_the_organization);
	suite_add_tcase(suite, c);
	return run_suite(suite);
}
