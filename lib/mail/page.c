/* The body of a mail, written twice at once: as text and as HTML. Everything
 * that is added is escaped here (Markdown: in markdown.c), since it could
 * pretend to be a link or another line; names in it are cleaned before
 * (name.c). */
#include "page.h"

#include <string.h>

#include "markdown.h"
#include "name.h"

#define PAGE_MAX ((size_t)16 * 1024 * 1024)

void
page_begin(struct page *p)
{
	buf_init(&p->text, PAGE_MAX);
	buf_init(&p->html, PAGE_MAX);
	buf_adds(&p->html,
		 "<!DOCTYPE html>\n<html lang=\"en\"><head>"
		 "<meta charset=\"utf-8\"><meta name=\"color-scheme\" "
		 "content=\"light dark\"><title>Docket</title></head>\n"
		 "<body style=\"font-family:sans-serif;line-height:1.45;"
		 "max-width:40em\">\n");
}

void
page_end(const char **text, const char **html, struct page *p, struct arena *a)
{
	buf_adds(&p->html, "</body></html>\n");
	*text = mail_lines(a, p->text.data);
	*html = mail_lines(a, p->html.data);
	buf_release(&p->text);
	buf_release(&p->html);
}

static void
add_html_escaped(struct buf *b, const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '<':
			buf_adds(b, "&lt;");
			break;
		case '>':
			buf_adds(b, "&gt;");
			break;
		case '&':
			buf_adds(b, "&amp;");
			break;
		case '"':
			buf_adds(b, "&quot;");
			break;
		default:
			buf_addc(b, *s);
		}
	}
}

void
page_add_quote(struct page *p, const char *s)
{
	const char *line, *end;

	for (line = s; *line; line = *end ? end + 1 : end) {
		end = line + strcspn(line, "\n");
		buf_adds(&p->text, "    ");
		buf_add(&p->text, line, (size_t)(end - line));
		buf_adds(&p->text, "\n");
	}
	buf_adds(&p->text, "\n");
	buf_adds(&p->html, "<blockquote dir=\"auto\" style=\"margin:0 0 1em;"
			   "padding:.2em 0 .2em .8em;border-left:3px solid "
			   "#8aa\">\n");
	if (!mail_add_markdown(&p->html, s)) {
		buf_adds(&p->html, "<p style=\"white-space:pre-wrap\">");
		add_html_escaped(&p->html, s);
		buf_adds(&p->html, "</p>\n");
	}
	buf_adds(&p->html, "</blockquote>\n");
}

void
page_add_paragraph(struct page *p, const char *s)
{
	buf_printf(&p->text, "%s\n\n", s);
	buf_adds(&p->html, "<p dir=\"auto\">");
	add_html_escaped(&p->html, s);
	buf_adds(&p->html, "</p>\n");
}

void
page_add_link(struct page *p, const char *words, const char *url)
{
	buf_printf(&p->text, "%s:\n%s\n\n", words, url);
	buf_adds(&p->html, "<p><a href=\"");
	add_html_escaped(&p->html, url);
	buf_adds(&p->html, "\">");
	add_html_escaped(&p->html, words);
	buf_adds(&p->html, "</a></p>\n");
}

void
page_add_footer(struct page *p, const char *why, const char *unsubscribe)
{
	buf_printf(&p->text, "-- \n%s\n", why);
	buf_adds(&p->html, "<hr style=\"border:0;border-top:1px solid #ccc\">\n"
			   "<p style=\"color:#666;font-size:.85em\">");
	add_html_escaped(&p->html, why);
	if (unsubscribe) {
		buf_printf(&p->text, "Stop these e-mails: %s\n", unsubscribe);
		buf_adds(&p->html, " <a style=\"color:#666\" href=\"");
		add_html_escaped(&p->html, unsubscribe);
		buf_adds(&p->html, "\">Stop these e-mails</a>");
	}
	buf_adds(&p->html, "</p>\n");
}
