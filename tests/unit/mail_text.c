/* Whole mails: notices about an issue, digests, and mails about accounts. The
 * tests of their headers are in mail_header.c, those of Markdown in
 * mail_markdown.c. */

#include "unit/mail_memory.h"

static const struct mail_event reply = {NOTICE_REPLIED, STATUS_OPEN, "Erin",
					"We look.\n\n<b>Soon</b> & safe"};

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

/* --- mails about accounts ------------------------------------------------- */

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
	Suite *s = suite_create("mail_text");
	TCase *t = tcase_create("mail_text");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, a_reply_is_told);
	tcase_add_test(t, a_burst_is_one_mail);
	tcase_add_test(t, a_long_burst_ends);
	tcase_add_test(t, bodies_are_clean);
	tcase_add_test(t, an_address_is_one);
	tcase_add_test(t, a_mail_says_why_it_comes);
	tcase_add_test(t, words_of_the_unproved_are_not_mailed);
	tcase_add_test(t, a_digest_lists_issues);
	tcase_add_test(t, a_password_link_is_mailed);
	tcase_add_test(t, account_mails_hold_only_our_words);
	tcase_add_test(t, an_invitation_names_the_organization);
	suite_add_tcase(s, t);
	return run_suite(s);
}
