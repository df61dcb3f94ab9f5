/* Arguments of statements, and the rows that come back: plain values, which
 * know nothing of the client library. Rows are complete and in an arena before
 * a caller sees them, so reading them cannot fail; asking for a column too many
 * is a bug, and asserted. */
#include <assert.h>
#include <string.h>

#include "cell.h"
#include "db/db.h"

struct arg
arg_int(int64_t v)
{
	return (struct arg){.type = ARG_INT, .i = v};
}

struct arg
arg_id(int64_t v)
{
	return (struct arg){.type = v ? ARG_INT : ARG_NULL, .i = v};
}

struct arg
arg_text(const char *s)
{
	return arg_bytes(s, s ? strlen(s) : 0);
}

struct arg
arg_bytes(const void *p, size_t n)
{
	return (struct arg){.type = p ? ARG_TEXT : ARG_NULL, .s = p, .n = n};
}

struct arg
arg_time(usec_t t)
{
	return (struct arg){.type = t ? ARG_TIME : ARG_NULL, .i = t};
}

bool
rows_next(struct rows *r)
{
	if (r->next_row == r->count)
		return false;
	r->next_row++;
	r->next_column = 0;
	return true;
}

static const struct cell *
next_cell(struct rows *r)
{
	assert(r->next_row > 0 && r->next_column < r->columns);
	return &r->cells[(r->next_row - 1) * r->columns + r->next_column++];
}

int64_t
col_int(struct rows *r)
{
	return next_cell(r)->i;
}

bool
col_bool(struct rows *r)
{
	return next_cell(r)->i != 0;
}

const char *
col_text(struct rows *r)
{
	return next_cell(r)->s;
}

const char *
col_bytes(struct rows *r, size_t *n)
{
	const struct cell *c = next_cell(r);

	*n = c->n;
	return c->s;
}

usec_t
col_time(struct rows *r)
{
	const char *text = col_text(r);
	usec_t t = 0;

	if (text)
		(void)clock_parse(&t, text);
	return t;
}
