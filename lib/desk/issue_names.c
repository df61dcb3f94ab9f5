/* What the people, suppliers and purchases of a page of issues are called.
 * Joining them costs more than all the rest of a page, and hardly any changes
 * ever. So each process remembers them for a while, but not past a change of
 * anybody's account (stamp.h), and asks once a page for those that it does not
 * know. */

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_writer.h"
#include "db/auth_generation.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/user.h"
#include "issue_row.h"

/* As long as a name that an administrator changes by hand may be the old one.
 */
#define LIFETIME (60 * USEC_PER_SEC)

/* The names that a process remembers; two that share a place replace each
 * other. */
#define PLACES 2048

enum name_kind { NAME_STAFF, NAME_USER, NAME_VENDOR, NAME_ORDER, NAME_KINDS };

struct name {
	enum name_kind kind;
	int64_t id; /* 0: none */
	const char *text, *email;
	usec_t until;	/* of a remembered one */
	uint64_t stamp; /* when it was asked for */
};

enum { FIND, STATEMENTS };

#define OF_KIND(kind)                                        \
	"FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH " \
	"'$')) j JOIN " kind " ON "

/* In the order of enum name_kind. Whose they are need not be asked: the ids are
 * those of issues that the actor sees. */
static struct stmt sql[] =
    {
	[FIND] =
	    {
		"SELECT 0, p.id, " SQL_FULL_NAME("u") ", u.email " OF_KIND(
		    "profile p") "p.id = j.id JOIN user u ON u.id = p.user_id "
				 "UNION ALL SELECT 1, u.id, " SQL_FULL_NAME("u") ", u.email " OF_KIND(
				     "user u") "u.id = j.id "
					       "UNION ALL SELECT 2, v.id, "
					       "v.name, v.email " OF_KIND(
						   "vendor v") "v.id = j.id "
							       "UNION ALL "
							       "SELECT 3, "
							       "b.id, "
							       "b.order_number,"
							       " NULL " OF_KIND(
								   "purchase b") "b.id = j.id"},
};

const struct statements issue_names_statements = {sql, STATEMENTS};

static struct name remembered[PLACES];

/* The names of one page, by kind and id; a power of two places, at most half
 * of them taken. */
struct names {
	uint64_t stamp; /* from before anything is asked */
	struct name *places;
	size_t mask;
};

static size_t
spread(enum name_kind kind, int64_t id)
{
	return (size_t)id * NAME_KINDS + kind;
}

static bool
is_of(const struct name *n, enum name_kind kind, int64_t id)
{
	return n->id == id && n->kind == kind;
}

/* The page's place of a name, or the free one that it would take. */
static struct name *
place_of(const struct names *names, enum name_kind kind, int64_t id)
{
	size_t i = spread(kind, id) & names->mask;

	while (names->places[i].id && !is_of(&names->places[i], kind, id))
		i = (i + 1) & names->mask;
	return &names->places[i];
}

static void
remember(const struct name *n, uint64_t stamp, usec_t now)
{
	struct name *r = &remembered[spread(n->kind, n->id) % PLACES];

	free((char *)(uintptr_t)r->text);
	free((char *)(uintptr_t)r->email);
	*r = *n;
	r->text = xstrdup(n->text);
	r->email = n->email ? xstrdup(n->email) : NULL;
	r->until = now + LIFETIME;
	r->stamp = stamp;
}

/* Copied, since the place may be needed for another one of the same page. */
static bool
recall(struct name *n, uint64_t stamp, struct ctx *c)
{
	const struct name *r = &remembered[spread(n->kind, n->id) % PLACES];

	if (!is_of(r, n->kind, n->id) || r->until < c->now || r->stamp != stamp)
		return false;
	n->text = arena_strdup(c->arena, r->text);
	n->email = arena_strdup(c->arena, r->email);
	return true;
}

/* What a page wants to know and this process does not: a JSON array of ids for
 * each kind. */
struct missing {
	struct buf text[NAME_KINDS];
	struct jsonout ids[NAME_KINDS];
	size_t n;
};

static void
missing_begin(struct missing *m)
{
	m->n = 0;
	for (int k = 0; k < NAME_KINDS; k++) {
		buf_init(&m->text[k], (size_t)1 << 20);
		json_begin(&m->ids[k], &m->text[k]);
		json_array(&m->ids[k], NULL);
	}
}

static void
missing_release(struct missing *m)
{
	for (int k = 0; k < NAME_KINDS; k++)
		buf_release(&m->text[k]);
}

static void
want(const struct names *names, struct missing *m, struct ctx *c,
     enum name_kind kind, int64_t id)
{
	struct name *n;

	if (!id)
		return;
	n = place_of(names, kind, id);
	if (n->id)
		return;
	n->kind = kind;
	n->id = id;
	if (!recall(n, names->stamp, c)) {
		json_integer(&m->ids[kind], NULL, id);
		m->n++;
	}
}

static enum err
find(const struct names *names, struct missing *m, struct ctx *c)
{
	struct arg args[NAME_KINDS];
	enum name_kind kind;
	struct rows rows;
	struct name *n;
	enum err e;

	for (int k = 0; k < NAME_KINDS; k++) {
		json_end(&m->ids[k]);
		args[k] = arg_bytes(m->text[k].data, m->text[k].len);
	}
	e = db_query(&rows, c->db, &sql[FIND], args, NAME_KINDS);
	while (!e && rows_next(&rows)) {
		kind = (enum name_kind)col_int(&rows);
		n = place_of(names, kind, col_int(&rows));
		n->text = col_text(&rows);
		n->email = col_text(&rows);
		remember(n, names->stamp, c->now);
	}
	return e;
}

static void
name_one(struct issue *i, const struct names *names)
{
	const struct name *n = place_of(names, NAME_STAFF, i->kind.assigned_to);

	i->assignee_name = n->text;
	i->assignee_email = n->email;
	i->resolver_name = place_of(names, NAME_STAFF, i->resolved_by)->text;
	n = place_of(names, NAME_USER, i->raised_by);
	i->raiser_name = n->text;
	i->raiser_email = n->email;
	i->creator_name = place_of(names, NAME_USER, i->created_by)->text;
	n = place_of(names, NAME_VENDOR, i->vendor_id);
	i->vendor_name = n->text;
	i->vendor_email = n->email;
	i->order_number = place_of(names, NAME_ORDER, i->order_id)->text;
}

enum err
issue_name_all(struct issue *list, size_t n, struct ctx *c)
{
	const size_t references = 6; /* of an issue */
	struct names names = {.stamp = auth_generation_now(), .mask = 15};
	struct missing m;
	enum err e = OK;

	while (names.mask < 2 * references * n)
		names.mask = names.mask * 2 + 1;
	names.places =
	    arena_alloc(c->arena, (names.mask + 1) * sizeof(*names.places));
	missing_begin(&m);
	for (size_t i = 0; i < n; i++) {
		want(&names, &m, c, NAME_STAFF, list[i].kind.assigned_to);
		want(&names, &m, c, NAME_STAFF, list[i].resolved_by);
		want(&names, &m, c, NAME_USER, list[i].raised_by);
		want(&names, &m, c, NAME_USER, list[i].created_by);
		want(&names, &m, c, NAME_VENDOR, list[i].vendor_id);
		want(&names, &m, c, NAME_ORDER, list[i].order_id);
	}
	if (m.n)
		e = find(&names, &m, c);
	missing_release(&m);
	for (size_t i = 0; !e && i < n; i++)
		name_one(&list[i], &names);
	return e;
}
