/* Writes a person's data as one JSON document.
 *
 * The document is an object of sections, which person_section.c lists: a
 * statement and the names of its columns. One loop writes them all. Each run of
 * a statement reads a batch of rows after the last one that was written: by id,
 * or by time and id where the index has that order. Comments have sections of
 * their own, since one issue may have more of them than memory should hold. */

#include "desk/person_export.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/enum_name.h"
#include "base/json_writer.h"
#include "db/db.h"
#include "desk/security_log.h"
#include "person_section.h"

#define BATCH 100		  /* rows */
#define PIECE ((size_t)64 * 1024) /* bytes that are passed on at a time */

/* The position after which the next batch begins. */
struct place {
	usec_t at;
	int64_t id;
};

/* A position before every row. */
static const struct place beginning = {.at = 1};

struct exporting {
	struct ctx *c; /* with an arena for one batch */
	int64_t user_id;
	const struct person_sink *to;
	bool unwanted; /* the receiver wants no more */
};

static void
write_value(struct jsonout *j, const struct column *k, struct rows *rows)
{
	switch (k->kind) {
	case AN_ID:
		json_id(j, k->name, col_int(rows));
		break;
	case A_TEXT:
		json_string(j, k->name, col_text(rows));
		break;
	case A_SWITCH:
		json_bool(j, k->name, col_bool(rows));
		break;
	case A_NAME:
		json_string(j, k->name,
			    enum_name_text(k->names, (int)col_int(rows)));
		break;
	}
}

/* Reads the position of the row. */
static void
read_place(struct place *out, bool by_time, struct rows *rows)
{
	out->id = col_int(rows);
	if (by_time)
		(void)clock_parse(&out->at, col_text(rows));
}

static void
send_on(struct exporting *x)
{
	if (!x->unwanted)
		x->unwanted = !x->to->take(x->to->arg);
}

/* Writes a row whose position has been read. */
static void
write_columns(struct exporting *x, const char *key, const struct column *k,
	      const struct place *at, bool by_time, struct rows *rows)
{
	struct jsonout *j = x->to->json;
	char iso[CLOCK_TEXT];

	json_object(j, key);
	json_integer(j, "id", at->id);
	if (by_time)
		json_string(j, "created_at", clock_iso(iso, at->at));
	for (; k->name; k++)
		write_value(j, k, rows);
	json_end(j);
	if (j->out->len >= PIECE)
		send_on(x);
}

/* Writes a batch, and sets *behind to the position of its last row. */
static void
write_batch(struct exporting *x, const struct column *k, bool by_time,
	    struct place *behind, struct rows *rows)
{
	while (!x->unwanted && rows_next(rows)) {
		read_place(behind, by_time, rows);
		write_columns(x, NULL, k, behind, by_time, rows);
	}
}

static enum err
write_account(struct exporting *x)
{
	const struct person_section *s = &person_sections[PERSON_ACCOUNT];
	struct place at;
	struct rows rows;
	enum err e =
	    db_one(&rows, x->c->db, s->statement, ARGS(arg_int(x->user_id)));

	if (e)
		return e;
	json_object(x->to->json, NULL);
	read_place(&at, false, &rows);
	write_columns(x, s->name, s->columns, &at, false, &rows);
	return OK;
}

/* A section in the order of ids. */
static enum err
write_by_id(struct exporting *x, enum person_section_id which)
{
	const struct person_section *s = &person_sections[which];
	struct place behind = beginning;
	struct rows rows = {0};
	enum err e;

	json_array(x->to->json, s->name);
	do {
		arena_reset(x->c->arena);
		e = db_query(&rows, x->c->db, s->statement,
			     ARGS(arg_int(x->user_id), arg_int(behind.id),
				  arg_int(BATCH)));
		if (!e)
			write_batch(x, s->columns, false, &behind, &rows);
	} while (!e && !x->unwanted && rows.count == BATCH);
	json_end(x->to->json);
	return e;
}

/* A batch of the person's issues after a place. */
static enum err
find_issues(struct rows *out, struct exporting *x, struct stmt *statement,
	    const struct place *behind)
{
	return db_query(out, x->c->db, statement,
			ARGS(arg_int(x->user_id), arg_time(behind->at),
			     arg_time(behind->at), arg_int(behind->id),
			     arg_int(BATCH)));
}

static enum err
write_own_issues(struct exporting *x)
{
	const struct person_section *s = &person_sections[PERSON_ISSUES];
	struct place behind = beginning;
	struct rows rows = {0};
	enum err e;

	json_array(x->to->json, s->name);
	do {
		arena_reset(x->c->arena);
		e = find_issues(&rows, x, s->statement, &behind);
		if (!e)
			write_batch(x, s->columns, true, &behind, &rows);
	} while (!e && !x->unwanted && rows.count == BATCH);
	json_end(x->to->json);
	return e;
}

/* The comments on the issues after `from`, up to `to`. */
static enum err
write_comments_of(struct exporting *x, const struct place *from,
		  const struct place *to)
{
	const struct person_section *s =
	    &person_sections[PERSON_ISSUE_COMMENTS];
	int64_t issue_id = 0, id = 0;
	struct rows rows = {0};
	struct rows last;
	struct place behind = beginning;
	enum err e;

	do {
		arena_reset(x->c->arena);
		e = db_query(&rows, x->c->db, s->statement,
			     ARGS(arg_int(x->user_id), arg_time(from->at),
				  arg_time(from->at), arg_int(from->id),
				  arg_time(to->at), arg_time(to->at),
				  arg_int(to->id), arg_int(issue_id),
				  arg_int(issue_id), arg_int(id),
				  arg_int(BATCH)));
		if (e)
			return e;
		last = rows;
		while (rows_next(&last)) {
			id = col_int(&last);
			issue_id = col_int(&last);
		}
		write_batch(x, s->columns, false, &behind, &rows);
	} while (!x->unwanted && rows.count == BATCH);
	return OK;
}

static enum err
write_issue_comments(struct exporting *x)
{
	struct place from, to = beginning;
	struct rows rows = {0};
	size_t n;
	enum err e;

	json_array(x->to->json, person_sections[PERSON_ISSUE_COMMENTS].name);
	do {
		arena_reset(x->c->arena);
		from = to;
		e = find_issues(&rows, x, person_issue_keys, &from);
		n = e ? 0 : rows.count;
		while (!e && rows_next(&rows))
			read_place(&to, true, &rows);
		if (n)
			e = write_comments_of(x, &from, &to);
	} while (!e && !x->unwanted && n == BATCH);
	json_end(x->to->json);
	return e;
}

static enum err
write_sections(struct exporting *x)
{
	char now[CLOCK_TEXT];
	enum err e = write_account(x);

	if (e)
		return e;
	json_string(x->to->json, "exported_at", clock_iso(now, x->c->now));
	for (int i = PERSON_PROFILES; !e && i <= PERSON_ORDERS; i++)
		e = write_by_id(x, (enum person_section_id)i);
	if (!e)
		e = write_own_issues(x);
	if (!e)
		e = write_issue_comments(x);
	for (int i = PERSON_OTHER_COMMENTS; !e && i <= PERSON_SECURITY; i++)
		e = write_by_id(x, (enum person_section_id)i);
	if (e)
		return e;
	json_end(x->to->json);
	send_on(x);
	return OK;
}

enum err
person_export(struct ctx *c, const struct actor *who, int64_t user_id,
	      const struct person_sink *to)
{
	struct ctx batch = *c;
	struct exporting x = {.c = &batch, .user_id = user_id, .to = to};
	enum err e =
	    security_log_add(c, SECURITY_PERSON_EXPORTED, who, user_id, NULL);

	if (e)
		return e;
	batch.arena = arena_new();
	db_attach(c->db, batch.arena);
	e = write_sections(&x);
	db_attach(c->db, c->arena);
	arena_free(batch.arena);
	return e;
}
