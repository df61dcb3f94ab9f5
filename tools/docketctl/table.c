/* The output of verbs: tables for people, JSON for programs. Cells are
 * collected first, since the width of a column depends on all its rows. */
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

struct table_cell {
	enum cell_kind kind;
	int64_t i;
	const char *text; /* for people */
};

/* More than any list is long. */
#define JSON_MAX (256UL * 1024 * 1024)

void
table_init(struct table *s, struct call *call, const char *const *columns)
{
	*s = (struct table){.call = call, .columns = columns};
	while (columns[s->width])
		s->width++;
}

static void
table_add_cell(struct table *s, struct table_cell cell)
{
	struct arena *a = s->call->c->arena;
	struct table_cell *more;

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
put_text_cell(struct table *s, const char *text)
{
	table_add_cell(s, (struct table_cell){text ? CELL_TEXT : CELL_NONE, 0,
					      text ? text : "-"});
}

void
put_int_cell(struct table *s, int64_t v)
{
	table_add_cell(s,
		       (struct table_cell){CELL_INT, v,
					   arena_printf(s->call->c->arena,
							"%lld", (long long)v)});
}

void
put_id_cell(struct table *s, int64_t id)
{
	if (id)
		put_int_cell(s, id);
	else
		put_text_cell(s, NULL);
}

void
put_bool_cell(struct table *s, bool v)
{
	table_add_cell(s, (struct table_cell){CELL_BOOL, v, v ? "yes" : "no"});
}

static void
json_row(struct jsonout *j, const struct table *s, const struct table_cell *row)
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
print_json(const struct table *s, bool list)
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

/* Texts come from strangers: control characters must not reach the terminal. */
static void
print_plain(const char *s)
{
	for (; *s; s++)
		putchar(iscntrl((unsigned char)*s) ? '?' : *s);
}

/* "linear_team_id" becomes LINEAR TEAM ID. */
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
column_width(const struct table *s, size_t column)
{
	size_t widest = strlen(s->columns[column]), n;

	for (size_t at = column; at < s->n; at += s->width) {
		n = utf8_length(s->cells[at].text);
		widest = n > widest ? n : widest;
	}
	return widest;
}

static void
print_row(const struct table *s, const size_t *widths,
	  const struct table_cell *row)
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
table_print_list(const struct table *s)
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
table_print_one(const struct table *s)
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
table_print_count(struct call *call, const char *column, int64_t n)
{
	const char *const columns[] = {column, NULL};
	struct table s;

	table_init(&s, call, columns);
	put_int_cell(&s, n);
	table_print_one(&s);
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
