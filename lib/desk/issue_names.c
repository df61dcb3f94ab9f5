/* The names of the people, suppliers and orders that a page of issues refers
 * to.
 *
 * Joining their tables costs more than the rest of a page, and names hardly
 * ever change. So each process caches them for LIFETIME, unless an account
 * changes (auth_generation.h), and a page queries only those that are not
 * cached, all in one statement: mostly it is one name. */

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

/* A name that was changed directly in the database may be shown this long. */
#define LIFETIME (60 * USEC_PER_SEC)

/* Size of the cache. Two names that share a slot replace each other. */
#define CACHE_SLOTS 2048

enum name_kind { NAME_STAFF, NAME_USER, NAME_SUPPLIER, NAME_ORDER, NAME_KINDS };

struct name {
	enum name_kind kind;
	int64_t id; /* 0: none */
	const char *text, *email;
	usec_t until;	     /* when it expires from the cache */
	uint64_t generation; /* when it was read */
};

/* FIND_ONE: one statement for each kind. */
enum { FIND_ONE, FIND_MANY = FIND_ONE + NAME_KINDS, STATEMENTS };

/* The kind's number, id, name and address. The organization is not checked: the
 * ids come from issues that the actor may see. */
#define STAFF	 "SELECT 0, p.id, " SQL_FULL_NAME("u") ", u.email FROM "
#define USER	 "SELECT 1, u.id, " SQL_FULL_NAME("u") ", u.email FROM "
#define SUPPLIER "SELECT 2, v.id, v.name, v.email FROM "
#define ORDER	 "SELECT 3, b.id, b.order_number, NULL FROM "

/* of each id of a JSON array */
#define IDS "JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j JOIN "
#define EACH_STAFF \
	STAFF IDS "profile p ON p.id = j.id JOIN user u ON u.id = p.user_id "
#define EACH_USER     USER IDS "user u ON u.id = j.id "
#define EACH_SUPPLIER SUPPLIER IDS "vendor v ON v.id = j.id "
#define EACH_ORDER    ORDER IDS "purchase b ON b.id = j.id"

static struct stmt sql[] = {
    [FIND_ONE + NAME_STAFF] = {STAFF "profile p JOIN user u "
				     "ON u.id = p.user_id WHERE p.id = ?"},
    [FIND_ONE + NAME_USER] = {USER "user u WHERE u.id = ?"},
    [FIND_ONE + NAME_SUPPLIER] = {SUPPLIER "vendor v WHERE v.id = ?"},
    [FIND_ONE + NAME_ORDER] = {ORDER "purchase b WHERE b.id = ?"},
    /* costs twice as much as one of the others */
    [FIND_MANY] = {EACH_STAFF "UNION ALL " EACH_USER "UNION ALL " EACH_SUPPLIER
			      "UNION ALL " EACH_ORDER},
};

const struct statements issue_names_statements = {sql, STATEMENTS};

static struct name cached[CACHE_SLOTS];

/* The names of one page: a hash table by kind and id, with open addressing. Its
 * size is a power of two, and at most half of it is used. */
struct names {
	uint64_t generation; /* from before anything is read */
	struct name *slots;
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

/* The slot of a name in the table of the page, or the free one for it. */
static struct name *
name_slot(const struct names *names, enum name_kind kind, int64_t id)
{
	size_t i = spread(kind, id) & names->mask;

	while (names->slots[i].id && !is_of(&names->slots[i], kind, id))
		i = (i + 1) & names->mask;
	return &names->slots[i];
}

static void
cache_name(const struct name *n, uint64_t generation, usec_t now)
{
	struct name *r = &cached[spread(n->kind, n->id) % CACHE_SLOTS];

	free((char *)(uintptr_t)r->text);
	free((char *)(uintptr_t)r->email);
	*r = *n;
	r->text = xstrdup(n->text);
	r->email = n->email ? xstrdup(n->email) : NULL;
	r->until = now + LIFETIME;
	r->generation = generation;
}

/* Copies the texts, since another name of the page may replace the entry. */
static bool
cached_name(struct name *n, uint64_t generation, struct ctx *c)
{
	const struct name *r = &cached[spread(n->kind, n->id) % CACHE_SLOTS];

	if (!is_of(r, n->kind, n->id) || r->until < c->now ||
	    r->generation != generation)
		return false;
	n->text = arena_strdup(c->arena, r->text);
	n->email = arena_strdup(c->arena, r->email);
	return true;
}

/* The names of a page that are not cached: a JSON array of ids for each kind,
 * and the last one. */
struct missing {
	struct buf text[NAME_KINDS];
	struct jsonout ids[NAME_KINDS];
	enum name_kind kind;
	int64_t id;
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
want_name(const struct names *names, struct missing *m, struct ctx *c,
	  enum name_kind kind, int64_t id)
{
	struct name *n;

	if (!id)
		return;
	n = name_slot(names, kind, id);
	if (n->id)
		return;
	n->kind = kind;
	n->id = id;
	if (!cached_name(n, names->generation, c)) {
		json_integer(&m->ids[kind], NULL, id);
		m->kind = kind;
		m->id = id;
		m->n++;
	}
}

static enum err
query_missing_names(struct rows *out, struct missing *m, struct ctx *c)
{
	struct arg args[NAME_KINDS];

	if (m->n == 1)
		return db_query(out, c->db, &sql[FIND_ONE + m->kind],
				ARGS(arg_int(m->id)));
	for (int k = 0; k < NAME_KINDS; k++) {
		json_end(&m->ids[k]);
		args[k] = arg_bytes(m->text[k].data, m->text[k].len);
	}
	return db_query(out, c->db, &sql[FIND_MANY], args, NAME_KINDS);
}

static enum err
read_missing_names(const struct names *names, struct missing *m, struct ctx *c)
{
	enum name_kind kind;
	struct rows rows;
	struct name *n;
	enum err e = query_missing_names(&rows, m, c);

	while (!e && rows_next(&rows)) {
		kind = (enum name_kind)col_int(&rows);
		n = name_slot(names, kind, col_int(&rows));
		n->text = col_text(&rows);
		n->email = col_text(&rows);
		cache_name(n, names->generation, c->now);
	}
	return e;
}

static bool
by_raiser(const struct issue *i)
{
	return i->created_by == i->raised_by;
}

/* Wants what is not known. */
static void
want_names(const struct names *names, struct missing *m, struct ctx *c,
	   const struct issue *i)
{
	want_name(names, m, c, NAME_STAFF, i->kind.assigned_to);
	want_name(names, m, c, NAME_STAFF, i->resolved_by);
	if (!i->raiser_name)
		want_name(names, m, c, NAME_USER, i->raised_by);
	if (!by_raiser(i))
		want_name(names, m, c, NAME_USER, i->created_by);
	want_name(names, m, c, NAME_SUPPLIER, i->vendor_id);
	if (!i->order_number)
		want_name(names, m, c, NAME_ORDER, i->order_id);
}

static void
name_one(struct issue *i, const struct names *names)
{
	const struct name *n =
	    name_slot(names, NAME_STAFF, i->kind.assigned_to);

	i->assignee_name = n->text;
	i->assignee_email = n->email;
	i->resolver_name = name_slot(names, NAME_STAFF, i->resolved_by)->text;
	if (!i->raiser_name) {
		n = name_slot(names, NAME_USER, i->raised_by);
		i->raiser_name = n->text;
		i->raiser_email = n->email;
	}
	i->creator_name =
	    by_raiser(i) ? i->raiser_name
			 : name_slot(names, NAME_USER, i->created_by)->text;
	n = name_slot(names, NAME_SUPPLIER, i->vendor_id);
	i->vendor_name = n->text;
	i->vendor_email = n->email;
	if (!i->order_number)
		i->order_number =
		    name_slot(names, NAME_ORDER, i->order_id)->text;
}

enum err
issue_name_all(struct issue *list, size_t n, struct ctx *c)
{
	const size_t references = 6; /* of an issue */
	struct names names = {.generation = auth_generation_now(), .mask = 15};
	struct missing m;
	enum err e = OK;

	while (names.mask < 2 * references * n)
		names.mask = names.mask * 2 + 1;
	names.slots =
	    arena_alloc(c->arena, (names.mask + 1) * sizeof(*names.slots));
	missing_begin(&m);
	for (size_t i = 0; i < n; i++)
		want_names(&names, &m, c, &list[i]);
	if (m.n)
		e = read_missing_names(&names, &m, c);
	missing_release(&m);
	for (size_t i = 0; !e && i < n; i++)
		name_one(&list[i], &names);
	return e;
}
