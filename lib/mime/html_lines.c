#include "html_lines.h"

#include <string.h>

void
html_break(struct html_lines *r, int n)
{
	if (r->out.len == r->begin)
		return; /* a cell stays on the line of its row */
	if (r->breaks < n)
		r->breaks = n;
	r->space = r->cell = false;
}

static int
at_most(int n, int most)
{
	return n < most ? n : most;
}

static void
put_quotes(struct html_lines *r)
{
	for (int i = at_most(r->quotes, QUOTES_MAX); i > 0; i--)
		buf_addc(&r->out, '>');
}

static void
begin_line(struct html_lines *r)
{
	put_quotes(r);
	if (r->quotes > 0)
		buf_addc(&r->out, ' ');
	for (int i = at_most(r->lists, LISTS_MAX); i > 1; i--)
		buf_adds(&r->out, "  ");
	r->has_text = false;
}

/* Writes the breaks that are due. */
static void
end_lines(struct html_lines *r)
{
	for (; r->out.len > 0 && r->breaks > 0; r->breaks--) {
		buf_addc(&r->out, '\n');
		if (r->breaks > 1)
			put_quotes(r);
	}
	begin_line(r);
	r->breaks = 0;
}

/* Before a visible character. */
static void
flush_due(struct html_lines *r)
{
	const bool begins_cell = r->out.len == r->begin;

	if (r->breaks || r->out.len == 0)
		end_lines(r);
	if (r->cell && r->has_text)
		buf_adds(&r->out, " | ");
	else if (r->space && r->has_text)
		buf_addc(&r->out, ' ');
	if (begins_cell)
		r->begin = r->out.len;
	r->cell = r->space = false;
	r->has_text = true;
}

void
html_put(struct html_lines *r, const char *s)
{
	flush_due(r);
	buf_adds(&r->out, s);
}

/* White space as HTML has it: a run is one space. A no-break space is one, too:
 * mail programs indent with them. */
static size_t
html_space(const char *s)
{
	if (*s && strchr(" \t\n\r\f", *s))
		return 1;
	return strncmp(s, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

void
html_put_text(struct html_lines *r, const char *s)
{
	while (*s) {
		const size_t space = html_space(s);

		if (r->preformatted && *s == '\n') {
			r->breaks++;
			r->space = false;
			s++;
		} else if (r->preformatted && (*s == ' ' || *s == '\t')) {
			if (r->breaks || r->out.len == 0)
				end_lines(r);
			buf_addc(&r->out, *s++);
		} else if (space) {
			r->space = r->space || !r->breaks;
			s += space;
		} else {
			flush_due(r);
			buf_addc(&r->out, *s++);
		}
	}
}
