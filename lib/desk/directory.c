/* The rows of directory_word; directory.h says what is in it.
 *
 * The words of an entry are replaced as a whole: one statement removes them,
 * one adds those of any number of entries. Words are sorted before they are
 * inserted, so that simultaneous transactions lock rows in the same order.
 *
 * directory_catch_up() walks through all entries, kind by kind and in the order
 * of their ids, and keeps the place in the shared state. It locks what it
 * reads, so that no change comes between reading a name and writing its words.
 */

#include "desk/directory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_writer.h"
#include "db/db.h"
#include "db/shared_state.h"
#include "db/statements.h"
#include "desk/search_index.h"
#include "desk/user.h"
#include "search_split.h"

#define CATCH_UP_ENTRIES 100
#define TEXT_WORDS_MAX	 100 /* words of an entry that are indexed */

enum {
	ADD,
	FORGET,
	OF_PERSON,
	NEW_CUSTOMERS,
	NEXT_STAFF,
	NEXT_SUPPLIERS,
	NEXT_ORDERS,
	NEXT_CUSTOMERS,
	STATEMENTS
};

/* What is read of entries: kind, organization, id, and two texts. */
#define PERSON_TEXTS       \
	SQL_FULL_NAME("u") \
	", CONCAT(SUBSTRING_INDEX(u.username, '@', 1), ' ', u.email)"
#define STAFF                                                    \
	"SELECT 1, p.organization_id, p.id AS id, " PERSON_TEXTS \
	" FROM profile p JOIN user u ON u.id = p.user_id "       \
	"WHERE p.organization_id IS NOT NULL AND "
#define CUSTOMERS_OF(list)                                                     \
	"SELECT 4, k.organization_id, k.id AS id, " PERSON_TEXTS " FROM " list \
	"customer k JOIN user u ON u.id = k.user_id WHERE "
#define CUSTOMERS CUSTOMERS_OF("")
#define NEXT(id)  id " > ? ORDER BY " id " LIMIT ? LOCK IN SHARE MODE"

static struct stmt sql[] = {
    [ADD] = {"INSERT IGNORE INTO directory_word (organization_id, kind, word, "
	     "entry_id) SELECT j.organization_id, j.kind, j.word, j.entry_id "
	     "FROM JSON_TABLE(?, '$[*]' COLUMNS (organization_id BIGINT "
	     "PATH '$[0]', kind TINYINT PATH '$[1]', word VARCHAR(40) "
	     "CHARACTER SET utf8mb4 PATH '$[2]', entry_id BIGINT "
	     "PATH '$[3]')) j"},
    [FORGET] = {"DELETE FROM directory_word WHERE kind = ? AND entry_id = ?"},
    [OF_PERSON] = {STAFF "u.id = ? UNION ALL " CUSTOMERS "u.id = ?"},
    [NEW_CUSTOMERS] = {CUSTOMERS_OF(
	"JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j "
	"JOIN issue i ON i.id = j.id JOIN ") "k.id = i.customer_id AND NOT "
					     "EXISTS (SELECT 1 "
					     "FROM directory_word w WHERE "
					     "w.kind = 'customer' "
					     "AND w.entry_id = k.id) LOCK IN "
					     "SHARE MODE"},
    [NEXT_STAFF] = {STAFF NEXT("p.id")},
    [NEXT_SUPPLIERS] = {"SELECT 2, v.organization_id, v.id, v.name, NULL "
			"FROM vendor v WHERE " NEXT("v.id")},
    [NEXT_ORDERS] = {"SELECT 3, b.organization_id, b.id, b.order_number, "
		     "b.title FROM purchase b WHERE " NEXT("b.id")},
    [NEXT_CUSTOMERS] = {CUSTOMERS NEXT("k.id")},
};

const struct statements directory_statements = {sql, STATEMENTS};

const struct enum_name directory_kinds[] = {{"staff", DIRECTORY_STAFF},
					    {"supplier", DIRECTORY_SUPPLIER},
					    {"order", DIRECTORY_ORDER},
					    {"customer", DIRECTORY_CUSTOMER},
					    {NULL, 0}};

struct directory_entry {
	enum directory_kind kind;
	int64_t organization_id, id;
};

struct directory_word {
	struct directory_entry of;
	const char *s;
};

/* Words to be written. */
struct directory_words {
	struct arena *arena;
	struct directory_word *list;
	size_t n, max;
};

static void
add_entry_word(struct directory_words *w, const struct directory_entry *of,
	       const char *s, size_t n)
{
	struct directory_word *more;

	if (w->n == w->max) {
		w->max = w->max ? 2 * w->max : 64;
		more = arena_alloc(w->arena, w->max * sizeof(*more));
		if (w->n)
			memcpy(more, w->list, w->n * sizeof(*more));
		w->list = more;
	}
	w->list[w->n++] = (struct directory_word){
	    .of = *of, .s = arena_memdup(w->arena, s, n)};
}

static void
add_entry_text(struct directory_words *w, const struct directory_entry *of,
	       const char *text)
{
	const size_t max = w->n + TEXT_WORDS_MAX;
	struct word_walk walk;
	struct text_word word;

	if (!text)
		return;
	word_walk_begin(&walk, w->arena, text);
	while (w->n < max && search_word_next(&word, &walk)) {
		const char *s = word.s, *end = word.s + word.n;

		if (!word.unspaced)
			add_entry_word(w, of, s, search_word_length(&word));
		else
			for (; w->n < max && s < end; s = search_char_end(s))
				add_entry_word(
				    w, of, s,
				    (size_t)(search_pair_end(s, end) - s));
	}
}

/* The order of the rows. */
static int
by_row(const void *a, const void *b)
{
	const struct directory_word *x = a, *y = b;
	int order = (x->of.organization_id > y->of.organization_id) -
		    (x->of.organization_id < y->of.organization_id);

	if (!order)
		order = (int)x->of.kind - (int)y->of.kind;
	if (!order)
		order = strcmp(x->s, y->s);
	return order ? order : (x->of.id > y->of.id) - (x->of.id < y->of.id);
}

static enum err
write_entry_words(struct ctx *c, struct directory_words *w)
{
	struct jsonout j;
	struct buf json;
	enum err e;

	if (!w->n)
		return OK;
	qsort(w->list, w->n, sizeof(*w->list), by_row);
	buf_init(&json, 64 * 1024);
	json_begin(&j, &json);
	json_array(&j, NULL);
	for (size_t i = 0; i < w->n; i++) {
		json_array(&j, NULL);
		json_integer(&j, NULL, w->list[i].of.organization_id);
		json_integer(&j, NULL, w->list[i].of.kind);
		json_string(&j, NULL, w->list[i].s);
		json_integer(&j, NULL, w->list[i].of.id);
		json_end(&j);
	}
	json_end(&j);
	e = db_run(c->db, &sql[ADD], ARGS(arg_bytes(json.data, json.len)));
	buf_release(&json);
	return e;
}

static enum err
forget_entry(struct ctx *c, const struct directory_entry *of)
{
	return db_run(
	    c->db, &sql[FORGET],
	    ARGS(arg_text(enum_name_text(directory_kinds, (int)of->kind)),
		 arg_int(of->id)));
}

/* Writes the entries of a statement's rows; *last: the id of the last one. */
static enum err
write_rows(int64_t *last, struct ctx *c, struct rows *rows)
{
	struct directory_words w = {.arena = c->arena};
	enum err e = OK;

	while (!e && rows_next(rows)) {
		struct directory_entry of;

		of.kind = (enum directory_kind)col_int(rows);
		of.organization_id = col_int(rows);
		of.id = *last = col_int(rows);
		add_entry_text(&w, &of, col_text(rows));
		add_entry_text(&w, &of, col_text(rows));
		e = forget_entry(c, &of);
	}
	return e ? e : write_entry_words(c, &w);
}

enum err
directory_write(struct ctx *c, enum directory_kind kind,
		int64_t organization_id, int64_t entry_id, const char *text,
		const char *more)
{
	const struct directory_entry of = {kind, organization_id, entry_id};
	struct directory_words w = {.arena = c->arena};
	enum err e = forget_entry(c, &of);

	add_entry_text(&w, &of, text);
	add_entry_text(&w, &of, more);
	return e ? e : write_entry_words(c, &w);
}

enum err
directory_person_changed(struct ctx *c, int64_t user_id)
{
	const struct arg user = arg_int(user_id);
	struct rows rows;
	int64_t last;
	enum err e = db_query(&rows, c->db, &sql[OF_PERSON], ARGS(user, user));

	return e ? e : write_rows(&last, c, &rows);
}

enum err
directory_customers_of(struct ctx *c, const int64_t *issues, size_t n)
{
	const char *list = "";
	struct rows rows;
	int64_t last;
	enum err e;

	for (size_t i = 0; i < n; i++)
		list = arena_printf(c->arena, "%s%s%" PRId64, list,
				    i ? "," : "", issues[i]);
	e = db_query(&rows, c->db, &sql[NEW_CUSTOMERS],
		     ARGS(arg_text(arena_printf(c->arena, "[%s]", list))));
	return e ? e : write_rows(&last, c, &rows);
}

/* --- all entries --------------------------------------------------------- */

/* The place: the kind, and the last id that is done. */
static enum err
set_place(struct ctx *c, int kind, int64_t id)
{
	return shared_state_set(c, STATE_DIRECTORY,
				arena_printf(c->arena, "%d.%" PRId64, kind, id),
				0);
}

enum err
directory_all_changed(struct ctx *c)
{
	return set_place(c, DIRECTORY_STAFF, 0);
}

/* Writes the entries of a kind behind *id, and moves *id to the last one. */
static enum err
write_next(bool *more, int64_t *id, struct ctx *c, int64_t kind)
{
	static const int statements[] = {[DIRECTORY_STAFF] = NEXT_STAFF,
					 [DIRECTORY_SUPPLIER] = NEXT_SUPPLIERS,
					 [DIRECTORY_ORDER] = NEXT_ORDERS,
					 [DIRECTORY_CUSTOMER] = NEXT_CUSTOMERS};
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[statements[kind]],
			      ARGS(arg_int(*id), arg_int(CATCH_UP_ENTRIES)));

	*more = !e && rows.count == CATCH_UP_ENTRIES;
	return e ? e : write_rows(id, c, &rows);
}

/* The arguments of write_batch_within(). */
struct directory_batch {
	struct ctx *c;
	bool more;
};

static enum err
write_batch_within(void *arg)
{
	struct directory_batch *b = arg;
	struct shared_state place = {0};
	bool locked, more;
	int64_t kind, id;
	char *behind;
	enum err e = shared_state_lock(&locked, b->c, STATE_DIRECTORY);

	b->more = false;
	if (!e && locked)
		e = shared_state_get(&place, b->c, STATE_DIRECTORY);
	if (e || !locked || !place.value)
		return e;
	kind = strtoll(place.value, &behind, 10);
	id = strtoll(behind + (*behind == '.'), NULL, 10);
	if (kind < DIRECTORY_STAFF || kind > DIRECTORY_CUSTOMER)
		return shared_state_clear(b->c, STATE_DIRECTORY);
	b->more = true;
	e = write_next(&more, &id, b->c, kind);
	if (e)
		return e;
	return more ? set_place(b->c, (int)kind, id)
		    : set_place(b->c, (int)kind + 1, 0);
}

enum err
directory_catch_up(bool *more, struct ctx *c)
{
	struct directory_batch b = {.c = c};
	struct shared_state place;
	enum err e = shared_state_get(&place, c, STATE_DIRECTORY);

	*more = false;
	if (e || !place.value)
		return e;
	e = db_transaction(c->db, write_batch_within, &b);
	*more = b.more;
	return e;
}
