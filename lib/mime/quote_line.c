/* The phrases of mail programs. They come from the mails that Outlook, Gmail,
 * Apple Mail, Thunderbird, Roundcube and K-9 send in each language; tests/mail
 * has one of each. */
#include "quote_line.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"

#define INTRO_LINES 4
#define INTRO_MAX   500

/* How an introduction begins, and the verb in it. */
static const struct {
	const char *begin, *verb;
} intros[] = {
    {"On ", " wrote"},	    {"Am ", " schrieb"},    {"Le ", " a écrit"},
    {"El ", " escribió"},   {"Il ", " ha scritto"}, {"Op ", " schreef"},
    {"Op ", " geschreven"}, {"", "> wrote:"},	    {"", " schreef op "},
};

/* The names of the fields, as Outlook and others translate them. */
enum { FIELD_FROM, FIELD_DATE, FIELD_TO, FIELD_SUBJECT, FIELDS };
#define NAMES 4

static const char *const fields[][FIELDS][NAMES] = {
    {{"From"}, {"Sent", "Date"}, {"To", "Cc"}, {"Subject"}},
    {{"Von"},
     {"Gesendet", "Datum", "Date"},
     {"An", "Cc", "Kopie"},
     {"Betreff"}},
    {{"De"}, {"Envoyé", "Date", "Envoyé le"}, {"À", "A", "Cc"}, {"Objet"}},
    {{"De"}, {"Enviado", "Enviado el", "Fecha"}, {"Para", "CC"}, {"Asunto"}},
    {{"Da"}, {"Inviato", "Data"}, {"A", "Cc"}, {"Oggetto"}},
    {{"Van"}, {"Verzonden", "Datum"}, {"Aan", "CC"}, {"Onderwerp"}},
};

static const char *const originals[] = {
    "Original Message",	   "Ursprüngliche Nachricht", "Originalnachricht",
    "Message d'origine",   "Message original",	      "Mensaje original",
    "Messaggio originale", "Oorspronkelijk bericht",  "Original-Nachricht"};

static const char *const forwardeds[] = {
    "Forwarded message",      "Weitergeleitete Nachricht",
    "Message transféré",      "Mensaje reenviado",
    "Messaggio inoltrato",    "Doorgestuurd bericht",
    "Begin forwarded message"};

static const char *const advertisements[] = {
    "Sent from my ",	   "Sent from Outlook",	   "Sent from Mail for ",
    "Get Outlook for ",	   "Von meinem ",	   "Gesendet von ",
    "Gesendet mit ",	   "Outlook für ",	   "Envoyé de mon ",
    "Envoyé depuis mon ",  "Envoyé à partir de ",  "Télécharger Outlook",
    "Enviado desde mi ",   "Obtener Outlook para", "Inviato da ",
    "Scarica Outlook per", "Verzonden vanaf ",	   "Verzonden vanuit ",
    "Verstuurd vanaf ",	   "Outlook voor "};

static const char *const answers[] = {"re",  "aw",  "antw", "sv",
				      "rif", "réf", "ref",  "r"};
static const char *const forwards[] = {"fw", "fwd", "wg",     "tr",
				       "rv", "i",   "doorst", "enc"};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* --- lines -----------------------------------------------------------------
 */

void
text_lines_split(struct text_lines *out, struct arena *a, const char *text)
{
	struct text_line *lines;
	size_t n = 1;

	for (const char *p = text; *p; p++)
		n += *p == '\n';
	lines = arena_alloc(a, n * sizeof(*lines));
	*out = (struct text_lines){a, lines, n};
	for (const char *s = text; n > 0; n--, lines++) {
		const size_t length = strcspn(s, "\n");
		const size_t skip = strspn(s, " \t\r");

		*lines =
		    (struct text_line){.s = s, .begin = (size_t)(s - text)};
		if (skip < length) {
			lines->s = s + skip;
			lines->n = length - skip;
		}
		while (lines->n > 0 && strchr(" \t\r", lines->s[lines->n - 1]))
			lines->n--;
		lines->is_quoted = lines->n > 0 && *lines->s == '>';
		s += length + 1;
	}
}

/* A line with plain spaces: French puts no-break spaces before colons. */
static char *
plain_line(struct arena *a, const struct text_line *line)
{
	static const char *const spaces[] = {"\xc2\xa0", "\xe2\x80\xaf"};
	char *s = arena_memdup(a, line->s, line->n);

	for (size_t i = 0; i < COUNT(spaces); i++)
		for (char *p = s; (p = strstr(p, spaces[i])) != NULL;) {
			const size_t n = strlen(spaces[i]);

			*p++ = ' ';
			memmove(p, p + n - 1, strlen(p + n - 1) + 1);
		}
	return s;
}

static bool
begins_with_one(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strncasecmp(s, list[i], strlen(list[i])) == 0)
			return true;
	return false;
}

bool
quote_rule(const struct text_line *line)
{
	return line->n >= 3 && strspn(line->s, "-_=*") >= line->n;
}

/* Whether the line is one of the phrases between dashes. */
static bool
is_ruled(const struct text_line *line, const char *const *list, size_t n)
{
	const size_t dashes = strspn(line->s, "-_ ");

	return line->n < 80 && dashes < line->n &&
	       begins_with_one(line->s + dashes, list, n) &&
	       (dashes >= 2 || line->s[line->n - 1] == ':');
}

bool
quote_original(const struct text_line *line)
{
	return is_ruled(line, originals, COUNT(originals));
}

bool
quote_forwarded(const struct text_line *line)
{
	return is_ruled(line, forwardeds, COUNT(forwardeds));
}

bool
quote_advertisement(const struct text_line *line)
{
	return line->n < 100 &&
	       begins_with_one(line->s, advertisements, COUNT(advertisements));
}

/* --- introductions ---------------------------------------------------------
 */

static bool
has_time_or_address(const char *s)
{
	if (strchr(s, '@'))
		return true;
	for (; *s; s++)
		if (isdigit((unsigned char)s[0]) && s[1] == ':' &&
		    isdigit((unsigned char)s[2]))
			return true;
	return false;
}

static bool
is_intro(const char *s, bool strict)
{
	const size_t n = strlen(s);

	if (n < 8 || n > INTRO_MAX || s[n - 1] != ':' ||
	    (strict && !has_time_or_address(s)))
		return false;
	for (size_t i = 0; i < COUNT(intros); i++) {
		const size_t begin = strlen(intros[i].begin);
		const char *verb = strcasestr(s, intros[i].verb);

		if (strncasecmp(s, intros[i].begin, begin) == 0 && verb &&
		    (begin == 0 || strcspn(s, "0123456789") < n))
			return true;
	}
	return false;
}

size_t
quote_intro(const struct text_lines *t, size_t end, bool strict)
{
	const char *joined = "";

	for (size_t k = 1; k <= INTRO_LINES && k <= end + 1; k++) {
		const struct text_line *line = &t->lines[end + 1 - k];
		const char *s = plain_line(t->arena, line);

		if (line->n == 0 || line->n > INTRO_MAX)
			return 0;
		joined = arena_printf(t->arena, "%s%s%s", s, k == 1 ? "" : " ",
				      joined);
		if (k == 1 && s[strlen(s) - 1] != ':')
			return 0;
		if (is_intro(joined, strict))
			return k;
	}
	return 0;
}

/* --- headers that are repeated ----------------------------------------------
 */

/* Whether the line is "name: value", maybe in bold ("*From:* Ana"). */
static bool
is_field(const char *s, const char *name)
{
	const size_t n = strlen(name);

	s += strspn(s, "* ");
	if (strncasecmp(s, name, n) != 0)
		return false;
	s += n;
	s += strspn(s, "* ");
	return *s == ':';
}

static bool
is_one_field(const char *s, const char *const names[NAMES])
{
	for (size_t i = 0; i < NAMES && names[i]; i++)
		if (is_field(s, names[i]))
			return true;
	return false;
}

/* Up to two lines without a field may continue the one above. */
#define CONTINUED_MAX 2
#define HEADER_LINES  16

static size_t
header_in(const struct text_lines *t, size_t begin,
	  const char *const names[FIELDS][NAMES])
{
	bool seen[FIELDS] = {false};
	size_t last = begin, i = begin;

	for (; i < t->n && i < begin + HEADER_LINES; i++) {
		const char *s = plain_line(t->arena, &t->lines[i]);
		bool is_known = t->lines[i].n == 0;

		for (size_t k = 0; k < FIELDS; k++)
			if (is_one_field(s, names[k])) {
				seen[k] = is_known = true;
				last = i;
			}
		if (!seen[FIELD_FROM] ||
		    (!is_known && i - last > CONTINUED_MAX) ||
		    seen[FIELD_SUBJECT])
			break;
	}
	return seen[FIELD_FROM] && seen[FIELD_DATE] && seen[FIELD_SUBJECT]
		   ? last + 1 - begin
		   : 0;
}

size_t
quote_header(const struct text_lines *t, size_t begin)
{
	size_t n;

	if (t->lines[begin].n > INTRO_MAX)
		return 0;
	for (size_t i = 0; i < COUNT(fields); i++) {
		n = is_one_field(plain_line(t->arena, &t->lines[begin]),
				 fields[i][FIELD_FROM])
			? header_in(t, begin, fields[i])
			: 0;
		if (n)
			return n;
	}
	return 0;
}

/* --- subjects ----------------------------------------------------------------
 */

static bool
subject_begins(const char *subject, const char *const *list, size_t n)
{
	subject += strspn(subject, " ");
	for (size_t i = 0; i < n; i++) {
		const size_t length = strlen(list[i]);
		const char *s = subject + length;

		if (strncasecmp(subject, list[i], length) != 0)
			continue;
		s += strspn(s, "[]()0123456789 ");
		if (*s == ':')
			return true;
	}
	return false;
}

bool
subject_is_answer(const char *subject)
{
	return subject_begins(subject, answers, COUNT(answers));
}

bool
subject_is_forwarded(const char *subject)
{
	return subject_begins(subject, forwards, COUNT(forwards));
}
