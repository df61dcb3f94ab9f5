/* Searches along the words of a directory.
 *
 * A search for one word reads the first DIRECTORY_FOUND_MAX rows that begin
 * with it. One for several words walks along that with the fewest entries, and
 * looks for the others with each: first in as many rows, and if they do not
 * fill the page, in WALK_MAX. So it costs the same however long the directory
 * is. */

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/directory.h"
#include "desk/list_page.h"
#include "desk/search_index.h"

#define WALK_MAX 10000

enum { COUNT_ENTRIES, STATEMENTS };

#define ENTRIES_OF_WORD                                           \
	"(SELECT COUNT(*) FROM (SELECT 1 FROM directory_word "    \
	"WHERE organization_id = ? AND kind = ? AND word LIKE ? " \
	"LIMIT ?) k)"

static struct stmt sql[] = {
    [COUNT_ENTRIES] = {"SELECT " ENTRIES_OF_WORD ", " ENTRIES_OF_WORD
		       ", " ENTRIES_OF_WORD ", " ENTRIES_OF_WORD},
};

const struct statements directory_query_statements = {sql, STATEMENTS};

/* Not NULL, for which MariaDB would read all words. */
static struct arg
pattern_of(const struct directory_query *q, size_t i)
{
	return arg_text(q->words[i] ? q->words[i] : "");
}

/* Puts the word with the fewest entries first; among those with very many, the
 * longest. */
static enum err
put_rarest_first(struct directory_query *q, struct ctx *c, int kind,
		 int64_t organization_id)
{
	const struct arg org = arg_int(organization_id),
			 k = arg_text(enum_name_text(directory_kinds, kind)),
			 cap = arg_int(DIRECTORY_FOUND_MAX + 1);
	int64_t least = INT64_MAX, n;
	size_t rarest = 0;
	const char *first = q->words[0];
	struct rows rows;
	enum err e = db_one(
	    &rows, c->db, &sql[COUNT_ENTRIES],
	    ARGS(org, k, pattern_of(q, 0), cap, org, k, pattern_of(q, 1), cap,
		 org, k, pattern_of(q, 2), cap, org, k, pattern_of(q, 3), cap));

	for (size_t i = 0; !e && i < DIRECTORY_WORDS_MAX && q->words[i]; i++) {
		n = col_int(&rows);
		if (n < least || (n == least && strlen(q->words[i]) >
						    strlen(q->words[rarest])))
			rarest = i;
		least = n < least ? n : least;
	}
	q->words[0] = q->words[rarest];
	q->words[rarest] = first;
	q->is_common = least > DIRECTORY_FOUND_MAX;
	return e;
}

bool
directory_query_words(struct directory_query *out, struct ctx *c,
		      const char *text)
{
	struct search_pattern patterns[SEARCH_WORDS_MAX];
	const size_t n = search_patterns(patterns, c, text);

	*out = (struct directory_query){0};
	for (size_t i = 0; i < n && i < DIRECTORY_WORDS_MAX; i++)
		out->words[i] = patterns[i].now;
	return n > 0;
}

enum err
directory_query_read(struct directory_query *out, bool *has_words,
		     struct ctx *c, enum directory_kind kind,
		     int64_t organization_id, const char *text)
{
	*has_words = directory_query_words(out, c, text);
	return out->words[1]
		   ? put_rarest_first(out, c, (int)kind, organization_id)
		   : OK;
}

static int64_t
count_found(const struct rows *rows)
{
	struct rows first = *rows;

	if (!rows_next(&first))
		return 0;
	first.next_column = first.columns - 1;
	return col_int(&first);
}

enum err
directory_find(struct rows *rows, int64_t *total, struct ctx *c, struct stmt *s,
	       int64_t organization_id, const struct directory_query *q,
	       const struct list_page *page, const struct arg *more, size_t n)
{
	static const size_t own = 3 + 2 * (DIRECTORY_WORDS_MAX - 1);
	struct arg
	    args[3 + 2 * (DIRECTORY_WORDS_MAX - 1) + DIRECTORY_ARGS_MAX + 2];
	enum err e;

	assert(n <= DIRECTORY_ARGS_MAX);
	args[0] = arg_int(organization_id);
	args[1] = arg_text(q->words[0]);
	args[2] = arg_int(DIRECTORY_FOUND_MAX);
	for (size_t i = 1; i < DIRECTORY_WORDS_MAX; i++)
		args[1 + 2 * i] = args[2 + 2 * i] = arg_text(q->words[i]);
	if (n)
		memcpy(args + own, more, n * sizeof(*more));
	args[own + n] = arg_int(page->limit);
	args[own + n + 1] = arg_int(page->offset);
	e = db_query(rows, c->db, s, args, own + n + 2);
	if (!e && q->is_common && (int64_t)rows->count < page->limit) {
		args[2] = arg_int(WALK_MAX);
		e = db_query(rows, c->db, s, args, own + n + 2);
	}
	*total = e ? 0 : count_found(rows);
	return e;
}
