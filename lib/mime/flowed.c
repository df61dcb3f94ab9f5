#include "flowed.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

struct flowed_line {
	const char *s;
	size_t n;
	size_t depth; /* of the quotation */
	bool is_soft; /* the paragraph goes on */
};

static const char *
read_flowed_line(struct flowed_line *line, const char *s)
{
	const size_t n = strcspn(s, "\n");
	const char *end = s + n;

	*line = (struct flowed_line){.depth = strspn(s, ">")};
	if (line->depth > n)
		line->depth = n;
	line->s = s + line->depth;
	if (line->s < end && *line->s == ' ')
		line->s++; /* stuffed */
	line->n = (size_t)(end - line->s);
	line->is_soft = line->n > 0 && line->s[line->n - 1] == ' ' &&
			!(line->n == 3 && memcmp(line->s, "-- ", 3) == 0);
	return *end ? end + 1 : NULL;
}

char *
flowed_text(struct arena *a, const char *text, bool delsp)
{
	struct flowed_line line, before = {0};
	struct buf b;
	char *out;

	buf_init(&b, 3 * strlen(text) + 64);
	for (const char *s = text; s; before = line) {
		const bool begins = s == text;

		s = read_flowed_line(&line, s);
		if (!s && line.n == 0 && line.depth == 0)
			break;
		if (begins || !before.is_soft || before.depth != line.depth) {
			if (!begins)
				buf_addc(&b, '\n');
			for (size_t i = 0; i < line.depth; i++)
				buf_addc(&b, '>');
			if (line.depth)
				buf_addc(&b, ' ');
		}
		buf_add(&b, line.s, line.n - (line.is_soft && delsp));
	}
	out = arena_memdup(a, b.data ? b.data : "", b.len);
	buf_release(&b);
	return out;
}
