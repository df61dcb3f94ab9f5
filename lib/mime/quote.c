/* Cutting what is quoted. An answer consists of what the sender wrote, then
 * usually a quotation of the mail that is answered, then maybe a signature.
 * Mail programs mark the quotation in four ways, which are looked for in this
 * order:
 *
 *  1. by Docket's own marker, which our mails have at their top;
 *  2. by '>' before its lines (HTML's blockquote becomes that, too);
 *  3. by lines that repeat the header of the mail, as Outlook does;
 *  4. by an introduction alone ("On … Ana wrote:").
 *
 * A text that is lost is worse than a quotation that stays. So only what
 * reaches to the end is cut: with '>', answers between and below the quotation
 * show; the other ways have no end, and need the rest to look exactly like what
 * mail programs write. */
#include "quote.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/unicode.h"
#include "mail/marker.h"
#include "quote_line.h"

/* The longest signature that is believed to be one. */
#define SIGNATURE_LINES 20

static bool
is_visible_before(const struct text_lines *t, size_t end)
{
	for (size_t i = 0; i < end; i++)
		if (t->lines[i].n > 0)
			return true;
	return false;
}

/* The end of the lines before `end`, without empty ones. */
static size_t
without_blanks(const struct text_lines *t, size_t end)
{
	while (end > 0 && t->lines[end - 1].n == 0)
		end--;
	return end;
}

/* The end of the lines before a quotation that begins at `begin`: what
 * introduces it belongs to it. */
static size_t
before_introduction(const struct text_lines *t, size_t begin)
{
	size_t end = without_blanks(t, begin), n = 0;

	if (end > 0) {
		n = quote_intro(t, end - 1, false);
		for (size_t k = 1; !n && k <= end && k <= 12; k++)
			if (quote_header(t, end - k) == k)
				n = k;
	}
	end = without_blanks(t, end - n);
	while (end > 0 && (quote_rule(&t->lines[end - 1]) ||
			   quote_original(&t->lines[end - 1])))
		end = without_blanks(t, end - 1);
	return end;
}

/* --- the marker -------------------------------------------------------------
 */

static const char *
skip_filling(const char *s)
{
	return s + strspn(s, " \t\r\n>|*_-");
}

/* Whether the words of the marker begin here; the program may have wrapped,
 * quoted or decorated them. */
static bool
is_marker(const char *s)
{
	for (const char *w = skip_filling(MAIL_MARKER); *w;) {
		const size_t n = strcspn(w, " ");

		if (strncasecmp(s, w, n) != 0)
			return false;
		w = skip_filling(w + n);
		s = skip_filling(s + n);
	}
	return true;
}

/* The line with the marker; t->n: there is none. */
static size_t
marker_line(const struct text_lines *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->lines[i].n > 0 && is_marker(skip_filling(t->lines[i].s)))
			return i;
	return t->n;
}

/* --- quotations --------------------------------------------------------------
 */

/* The begin of the quoted lines that end at `end`; `end` if there are none. */
static size_t
quoted_from(const struct text_lines *t, size_t end)
{
	size_t begin = end;

	for (size_t i = end; i > 0; i--) {
		const struct text_line *line = &t->lines[i - 1];

		if (line->is_quoted)
			begin = i - 1;
		else if (line->n > 0)
			break;
	}
	return begin;
}

static bool
is_signature_mark(const struct text_line *line)
{
	return line->n == 2 && memcmp(line->s, "--", 2) == 0;
}

/* The end of the lines before the signature. */
static size_t
without_signature(const struct text_lines *t, size_t end)
{
	for (size_t k = 1; k <= SIGNATURE_LINES && k <= end; k++)
		if (is_signature_mark(&t->lines[end - k]))
			return without_blanks(t, end - k);
	return end;
}

static bool
has_quoted_before(const struct text_lines *t, size_t end)
{
	for (size_t i = 0; i < end; i++)
		if (t->lines[i].is_quoted)
			return true;
	return false;
}

/* The end of the lines before a quotation with '>' that is last, or before it
 * and the signature below it. If there are quoted lines above, it is the rest
 * of a quotation with answers between, unless it has an introduction of its
 * own. */
static size_t
without_quoted(const struct text_lines *t, size_t end)
{
	size_t last = end, begin = quoted_from(t, end), cut;

	if (begin == end) {
		last = without_signature(t, end);
		begin = quoted_from(t, last);
	}
	if (begin == last)
		return end;
	cut = before_introduction(t, begin);
	return cut == without_blanks(t, begin) && has_quoted_before(t, begin)
		   ? end
		   : cut;
}

/* Whether a quotation without '>' begins at this line. */
static bool
begins_unmarked(const struct text_lines *t, size_t i)
{
	size_t next = i + 1;

	if (t->lines[i].is_quoted || quote_forwarded(&t->lines[i]))
		return false;
	if (quote_original(&t->lines[i]) || quote_header(t, i))
		return true;
	while (next < t->n && t->lines[next].n == 0)
		next++;
	return quote_intro(t, i, true) && next < t->n &&
	       !t->lines[next].is_quoted;
}

static bool
follows_forwarded(const struct text_lines *t, size_t i)
{
	i = without_blanks(t, i);
	return i > 0 && quote_forwarded(&t->lines[i - 1]);
}

static size_t
without_unmarked(const struct text_lines *t, size_t end)
{
	for (size_t i = 0; i < end; i++) {
		const size_t intro = quote_intro(t, i, true);
		size_t cut = i;

		if (!begins_unmarked(t, i) || follows_forwarded(t, i))
			continue;
		if (intro)
			cut = i + 1 - intro;
		cut = before_introduction(t, cut);
		if (is_visible_before(t, cut))
			return cut;
	}
	return end;
}

static size_t
without_quotation(const struct text_lines *t, size_t end)
{
	const size_t marker = marker_line(t);

	if (marker < end && !t->lines[marker].is_quoted)
		return before_introduction(t, marker);
	end = without_blanks(t, without_quoted(t, end));
	return without_unmarked(t, end);
}

/* --- the rest
 * ------------------------------------------------------------------ */

static size_t
without_advertisement(const struct text_lines *t, size_t end)
{
	return end > 1 && t->lines[end - 2].n == 0 &&
		       quote_advertisement(&t->lines[end - 1])
		   ? end - 1
		   : end;
}

const char *
quote_cut(struct arena *a, const char *whole, bool is_reply)
{
	struct text_lines t;
	const char *cut;
	size_t end;

	text_lines_split(&t, a, whole);
	end = without_blanks(&t, t.n);
	if (is_reply)
		end = without_blanks(&t, without_quotation(&t, end));
	end = without_blanks(&t, without_signature(&t, end));
	end = without_blanks(&t, without_advertisement(&t, end));
	if (end == t.n)
		return whole;
	cut = text_clean(a, arena_memdup(a, whole, t.lines[end].begin), true);
	return text_is_visible(cut) ? cut : whole;
}
