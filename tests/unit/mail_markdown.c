/* The Markdown of a message, as HTML in a mail. */

#include <time.h>

#include "unit/mail_memory.h"

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

int
main(void)
{
	Suite *s = suite_create("mail_markdown");
	TCase *t = tcase_create("mail_markdown");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, markdown_is_html);
	tcase_add_test(t, hostile_markdown_is_fast);
	suite_add_tcase(s, t);
	return run_suite(s);
}
