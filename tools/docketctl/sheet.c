/* What verbs show: tables for people, JSON for programs. */
#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "docketctl.h"

enum cell_kind { CELL_NONE, CELL_TEXT, CELL_INT, CELL_BOOL };

struct sheet_cell {
	enum cell_kind kind;
	int64_t i;
	const char *text; /* as people see it */
};

/* More than any list of a screen or a script. */
#define JSON_MAX (256UL * 1024 * 1024)

void
sheet_init(struct sheet *s, struct call *call, const char *const *columns)
{
	*s = (struct sheet){.call = call, .columns = columns};
	while (columns[s->width])
		s->width++;
}

static void
put(struct sheet *s, struct sheet_cell cell)
{
	struct arena *a = s->call->c->arena;
	struct sheet_cell *more;

	if (s->n == s->room) {
		s->room = s->room ? 2 * s->room : 64;
		more = arena_alloc(a, s->room * sizeof(*more));
		if (s->n)
			memcpy(more, s->cells, s->n * sizeof(*more));
		s->cells = more;
	}
	s->cells[s->n++] = cell;
}

void
put_text(struct sheet *s, const char *text)
{
	put(s, (struct sheet_cell){text ? CELL_TEXT : CELL_NONE, 0,
				   text ? text : "-"});
}

void
put_int(struct sheet *s, int64_t v)
{
	put(s, (struct sheet_cell){
		   CELL_INT, v,
		   arena_printf(s->call->c->arena, "%lld", (long long)v)});
}

void
put_id(struct sheet *s, int64_t id)
{
	if (id)
		put_int(s, id);
	else
		put_text(s, NULL);
}

void
put_bool(struct sheet *s, bool v)
{
	put(s, (struct sheet_cell){CELL_BOOL, v, v ? "yes" : "no"});
}

static void
json_row(struct jsonout *j, const struct sheet *s, const struct sheet_cell *row)
{
	json_object(j, NULL);
	for (size_t i = 0; i < s->width; i++) {
		switch (row[i].kind) {
		case CELL_NONE:
			json_null(j, s->columns[i]);
			break;
		case CELL_TEXT:
			json_string(j, s->columns[i], row[i].text);
			break;
		case CELL_INT:
			json_integer(j, s->columns[i], row[i].i);
			break;
		case CELL_BOOL:
			json_bool(j, s->columns[i], row[i].i != 0);
			break;
		}
	}
	json_end(j);
}

static void
print_json(const struct sheet *s, bool list)
{
	struct jsonout j;
	struct buf b;

	buf_init(&b, JSON_MAX);
	json_begin(&j, &b);
	if (list)
		json_array(&j, NULL);
	for (size_t at = 0; at < s->n; at += s->width)
		json_row(&j, s, s->cells + at);
	if (list)
		json_end(&j);
	fwrite(b.data, 1, b.len, stdout);
	putchar('\n');
	buf_release(&b);
}

/* Texts come from strangers: nothing in them may steer the terminal. */
static void
print_plain(const char *s)
{
	for (; *s; s++)
		putchar(iscntrl((unsigned char)*s) ? '?' : *s);
}

/* "linear_team_id" is headed LINEAR TEAM ID. */
static void
print_heading(const char *name)
{
	for (; *name; name++)
		putchar(*name == '_' ? ' ' : toupper((unsigned char)*name));
}

static void
pad(size_t n)
{
	while (n-- > 0)
		putchar(' ');
}

static size_t
column_width(const struct sheet *s, size_t column)
{
	size_t widest = strlen(s->columns[column]), n;

	for (size_t at = column; at < s->n; at += s->width) {
		n = utf8_length(s->cells[at].text);
		widest = n > widest ? n : widest;
	}
	return widest;
}

static void
print_row(const struct sheet *s, const size_t *widths,
	  const struct sheet_cell *row)
{
	size_t room;

	for (size_t i = 0; i < s->width; i++) {
		room = widths[i] - utf8_length(row[i].text);
		if (row[i].kind == CELL_INT)
			pad(room);
		print_plain(row[i].text);
		if (i + 1 < s->width)
			pad(row[i].kind == CELL_INT ? 2 : room + 2);
	}
	putchar('\n');
}

void
sheet_print_list(const struct sheet *s)
{
	size_t *widths;

	assert(s->n % s->width == 0);
	if (s->call->json) {
		print_json(s, true);
		return;
	}
	widths = arena_alloc(s->call->c->arena, s->width * sizeof(*widths));
	for (size_t i = 0; i < s->width; i++) {
		widths[i] = column_width(s, i);
		print_heading(s->columns[i]);
		if (i + 1 < s->width)
			pad(widths[i] - strlen(s->columns[i]) + 2);
	}
	putchar('\n');
	for (size_t at = 0; at < s->n; at += s->width)
		print_row(s, widths, s->cells + at);
}

void
sheet_print_one(const struct sheet *s)
{
	assert(s->n == s->width);
	if (s->call->json) {
		print_json(s, false);
		return;
	}
	for (size_t i = 0; i < s->width; i++) {
		printf("%s: ", s->columns[i]);
		print_plain(s->cells[i].text);
		putchar('\n');
	}
}

void
say(const struct call *call, const char *fmt, ...)
{
	va_list ap;

	if (call->json)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

void
say_more(const struct call *call, size_t shown, int64_t total)
{
	if ((int64_t)shown < total)
		fprintf(stderr,
			"docketctl: %s: %zu of %lld shown; --limit and "
			"--offset show others\n",
			call->verb->name, shown, (long long)total);
}
