#include "db/script.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define MARK "-- Migration "

/* Skips a comment or one white space at s; returns s if there is neither. */
static const char *
skip_blank(const char *s)
{
	const char *end;

	if (isspace((unsigned char)*s))
		return s + 1;
	if (strncmp(s, "--", 2) == 0 &&
	    (!s[2] || isspace((unsigned char)s[2]))) {
		end = strchr(s, '\n');
		return end ? end + 1 : s + strlen(s);
	}
	/* an exclamation mark makes it a command for MySQL */
	if (strncmp(s, "/*", 2) == 0 && s[2] != '!') {
		end = strstr(s + 2, "*/");
		return end ? end + 2 : s + strlen(s);
	}
	return s;
}

/* Skips the quoted text at s. A backslash escapes the quote; a doubled quote is
 * read as two texts, which does no harm. */
static const char *
skip_quoted(const char *s)
{
	const char quote = *s++;

	for (; *s && *s != quote; s++)
		if (*s == '\\' && quote != '`' && s[1])
			s++;
	return *s ? s + 1 : s;
}

const char *
script_next(struct arena *a, const char **script)
{
	const char *s = *script, *start, *next;

	while ((next = skip_blank(s)) != s || *s == ';')
		s = *s == ';' ? s + 1 : next;
	start = s;
	while (*s && *s != ';') {
		next = skip_blank(s);
		if (next != s)
			s = next;
		else if (strchr("'\"`", *s))
			s = skip_quoted(s);
		else
			s++;
	}
	*script = *s ? s + 1 : s;
	return s == start ? NULL : arena_memdup(a, start, (size_t)(s - start));
}

/* The first line at or after s that begins a migration; the end of the text if
 * there is none. */
static const char *
find_mark(const char *s)
{
	const char *mark;

	if (strncmp(s, MARK, strlen(MARK)) == 0)
		return s;
	mark = strstr(s, "\n" MARK);
	return mark ? mark + 1 : s + strlen(s);
}

/* Reads "-- Migration 7: name"; returns the end of the line. */
static const char *
read_mark(struct script_part *out, struct arena *a, const char *line)
{
	const char *end = line + strcspn(line, "\n");
	char *rest;

	out->version = strtol(line + strlen(MARK), &rest, 10);
	if (*rest == ':')
		rest++;
	while (*rest == ' ')
		rest++;
	out->name =
	    arena_memdup(a, rest, rest < end ? (size_t)(end - rest) : 0);
	return end;
}

bool
script_part_next(struct script_part *out, struct arena *a, const char **script)
{
	const char *s = *script, *end;

	*out = (struct script_part){.name = ""};
	if (!*s)
		return false;
	if (strncmp(s, MARK, strlen(MARK)) == 0)
		s = read_mark(out, a, s);
	end = find_mark(s);
	out->text = arena_memdup(a, s, (size_t)(end - s));
	*script = end;
	return true;
}
