/* Prepared statements: preparing, binding typed arguments, running, and reading
 * the result. A statement is prepared on its first use and stays prepared until
 * the connection is closed; struct stmt remembers on which one. Numbers and
 * times are fetched into fixed buffers; of a text the fetch only gives the
 * length, and it is then read into the arena at its exact size. */
#include "statement.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "cell.h"
#include "client.h"

#define MAX_COLUMNS 64

/* With up to so many arguments, as nearly all statements have, nothing is
 * allocated. */
#define FEW_ARGS 80

static enum err
statement_failed(struct connection *c, const struct stmt *s)
{
	return connection_failed(c, mysql_stmt_errno(s->handle),
				 mysql_stmt_error(s->handle));
}

void
statement_close(struct stmt *s)
{
	/* if its connection was closed, mysql_close has detached it */
	if (s->handle)
		mysql_stmt_close(s->handle);
	s->handle = NULL;
}

enum err
statement_prepare(struct connection *c, struct stmt *s)
{
	my_bool measure = 0;
	enum err e;

	if (s->handle && s->generation == c->generation)
		return OK;
	statement_close(s);
	s->handle = mysql_stmt_init(c->my);
	if (!s->handle)
		abort(); /* out of memory */
	mysql_stmt_attr_set(s->handle, STMT_ATTR_UPDATE_MAX_LENGTH, &measure);
	if (mysql_stmt_prepare(s->handle, s->sql, strlen(s->sql)) != 0) {
		e = statement_failed(c, s);
		statement_close(s);
		c->not_executed = !c->my;
		return e;
	}
	s->generation = c->generation;
	return OK;
}

static MYSQL_TIME
mysql_time_of(usec_t t)
{
	usec_t micros = t % USEC_PER_SEC;
	time_t secs;
	struct tm tm;

	if (micros < 0) /* before 1970 */
		micros += USEC_PER_SEC;
	secs = (time_t)((t - micros) / USEC_PER_SEC);
	gmtime_r(&secs, &tm);
	return (MYSQL_TIME){.year = (unsigned)tm.tm_year + 1900,
			    .month = (unsigned)tm.tm_mon + 1,
			    .day = (unsigned)tm.tm_mday,
			    .hour = (unsigned)tm.tm_hour,
			    .minute = (unsigned)tm.tm_min,
			    .second = (unsigned)tm.tm_sec,
			    .second_part = (unsigned long)micros,
			    .time_type = MYSQL_TIMESTAMP_DATETIME};
}

static void
bind_arg(MYSQL_BIND *b, MYSQL_TIME *when, const struct arg *a)
{
	switch (a->type) {
	case ARG_NULL:
		b->buffer_type = MYSQL_TYPE_NULL;
		return;
	case ARG_INT:
		b->buffer_type = MYSQL_TYPE_LONGLONG;
		b->buffer = (void *)(uintptr_t)&a->i;
		return;
	case ARG_TEXT:
		b->buffer_type = MYSQL_TYPE_STRING;
		b->buffer = (void *)(uintptr_t)a->s;
		b->buffer_length = a->n;
		return;
	case ARG_TIME:
		*when = mysql_time_of(a->i);
		b->buffer_type = MYSQL_TYPE_DATETIME;
		b->buffer = when;
		return;
	}
}

static enum err
execute_with(struct connection *c, struct stmt *s, MYSQL_BIND *binds,
	     MYSQL_TIME *times, const struct arg *args, size_t n)
{
	memset(binds, 0, n * sizeof(*binds));
	for (size_t i = 0; i < n; i++)
		bind_arg(&binds[i], &times[i], &args[i]);
	c->statements++;
	if ((n && mysql_stmt_bind_param(s->handle, binds)) ||
	    mysql_stmt_execute(s->handle) != 0)
		return statement_failed(c, s);
	return OK;
}

enum err
statement_execute(struct connection *c, struct stmt *s, const struct arg *args,
		  size_t n)
{
	MYSQL_BIND few_binds[FEW_ARGS], *binds = few_binds;
	MYSQL_TIME few_times[FEW_ARGS], *times = few_times;
	enum err e = statement_prepare(c, s);

	if (e)
		return e;
	assert(mysql_stmt_param_count(s->handle) == n);
	if (n > FEW_ARGS) {
		binds = xmalloc(n * sizeof(*binds));
		times = xmalloc(n * sizeof(*times));
	}
	e = execute_with(c, s, binds, times, args, n);
	if (n > FEW_ARGS) {
		free(binds);
		free(times);
	}
	return e;
}

static bool
is_number(enum enum_field_types type)
{
	switch ((int)type) {
	case MYSQL_TYPE_TINY:
	case MYSQL_TYPE_SHORT:
	case MYSQL_TYPE_INT24:
	case MYSQL_TYPE_LONG:
	case MYSQL_TYPE_LONGLONG:
	case MYSQL_TYPE_FLOAT:
	case MYSQL_TYPE_DOUBLE:
	case MYSQL_TYPE_DECIMAL:
	case MYSQL_TYPE_NEWDECIMAL:
	case MYSQL_TYPE_YEAR:
		return true;
	default:
		return false;
	}
}

/* The buffers that the columns of a row are fetched into. */
struct fetch {
	MYSQL_STMT *st;
	unsigned columns;
	MYSQL_BIND bind[MAX_COLUMNS];
	int64_t numbers[MAX_COLUMNS];
	MYSQL_TIME times[MAX_COLUMNS];
	unsigned long lengths[MAX_COLUMNS];
	my_bool nulls[MAX_COLUMNS];
};

static void
bind_columns(struct fetch *f, const MYSQL_RES *meta)
{
	const MYSQL_FIELD *fields =
	    mysql_fetch_fields((MYSQL_RES *)(uintptr_t)meta);

	memset(f->bind, 0, f->columns * sizeof(f->bind[0]));
	for (unsigned i = 0; i < f->columns; i++) {
		MYSQL_BIND *b = &f->bind[i];

		b->is_null = &f->nulls[i];
		b->length = &f->lengths[i];
		if (is_number(fields[i].type)) {
			b->buffer_type = MYSQL_TYPE_LONGLONG;
			b->buffer = &f->numbers[i];
		} else if (fields[i].type == MYSQL_TYPE_DATETIME ||
			   fields[i].type == MYSQL_TYPE_TIMESTAMP) {
			b->buffer_type = MYSQL_TYPE_DATETIME;
			b->buffer = &f->times[i];
		} else {
			/* a buffer of size 0: the fetch gives the length,
			 * and read_text then reads it into the arena */
			b->buffer_type = MYSQL_TYPE_STRING;
		}
	}
}

static void
put_digits(char *out, unsigned long v, int n)
{
	while (n-- > 0) {
		out[n] = (char)('0' + v % 10);
		v /= 10;
	}
}

/* The form of clock_iso, without the way through time_t: a list page has
 * hundreds of times. */
static const char *
time_text(struct arena *a, const MYSQL_TIME *t)
{
	char *s = arena_memdup(a, "0000-00-00T00:00:00.000000Z", 27);

	put_digits(s, t->year, 4);
	put_digits(s + 5, t->month, 2);
	put_digits(s + 8, t->day, 2);
	put_digits(s + 11, t->hour, 2);
	put_digits(s + 14, t->minute, 2);
	put_digits(s + 17, t->second, 2);
	put_digits(s + 20, t->second_part, 6);
	return s;
}

static bool
read_text(struct fetch *f, unsigned i, struct arena *a, struct cell *cell)
{
	MYSQL_BIND b = {.buffer_type = MYSQL_TYPE_STRING};
	unsigned long n = f->lengths[i];
	char *s = arena_alloc(a, n + 1);

	b.buffer = s;
	b.buffer_length = n;
	b.length = &n;
	cell->s = s;
	cell->n = n;
	return n == 0 || mysql_stmt_fetch_column(f->st, &b, i, 0) == 0;
}

static bool
read_cells(struct fetch *f, struct arena *a, struct cell *cells)
{
	for (unsigned i = 0; i < f->columns; i++) {
		if (f->nulls[i])
			continue;
		if (f->bind[i].buffer_type == MYSQL_TYPE_LONGLONG)
			cells[i].i = f->numbers[i];
		else if (f->bind[i].buffer_type == MYSQL_TYPE_DATETIME)
			cells[i].s = time_text(a, &f->times[i]);
		else if (!read_text(f, i, a, &cells[i]))
			return false;
	}
	return true;
}

static enum err
fetch_rows(struct rows *out, struct connection *c, struct stmt *s,
	   struct arena *a, const MYSQL_RES *meta)
{
	struct fetch f;
	struct cell *cells;
	size_t count, at = 0;
	int got;

	f.st = s->handle;
	f.columns = mysql_stmt_field_count(f.st);
	assert(f.columns <= MAX_COLUMNS);
	bind_columns(&f, meta);
	if (mysql_stmt_bind_result(f.st, f.bind) != 0 ||
	    mysql_stmt_store_result(f.st) != 0)
		return statement_failed(c, s);
	count = (size_t)mysql_stmt_num_rows(f.st);
	cells = arena_alloc(a, count * f.columns * sizeof(*cells));
	for (;
	     (got = mysql_stmt_fetch(f.st)) == 0 || got == MYSQL_DATA_TRUNCATED;
	     at += f.columns)
		if (!read_cells(&f, a, cells + at))
			return ERR_DB;
	*out = (struct rows){cells, count, f.columns, 0, 0};
	return got == MYSQL_NO_DATA ? OK : ERR_DB;
}

enum err
statement_fetch(struct rows *out, struct connection *c, struct stmt *s,
		struct arena *a)
{
	MYSQL_RES *meta = mysql_stmt_result_metadata(s->handle);
	enum err e;

	assert(meta);
	e = fetch_rows(out, c, s, a, meta);
	mysql_free_result(meta);
	if (c->my)
		mysql_stmt_free_result(s->handle);
	return e;
}

int64_t
statement_affected_rows(const struct stmt *s)
{
	return (int64_t)mysql_stmt_affected_rows(s->handle);
}

int64_t
statement_insert_id(const struct stmt *s)
{
	return (int64_t)mysql_stmt_insert_id(s->handle);
}
