/* The rows of the search index; search_index.h says what is in it.
 *
 * A word of an issue is a row of search_word, together with the comment that it
 * comes from: one statement removes the words of a comment, however long the
 * issue is, and one adds those of a batch of issues. Words are sorted before
 * they are inserted, so that simultaneous transactions lock rows in the same
 * order and do not deadlock.
 *
 * search_split.c divides a text into words, search_catch_up.c indexes issues
 * again in the background, search_query.c prepares a query, and
 * issue_list_search.c makes the lists that search. */

#include "desk/search_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_writer.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "search_split.h"

/* How much one statement adds, as JSON. */
#define WRITE_BYTES ((size_t)256 * 1024)

enum { ADD, FORGET_TEXT, FORGET_COMMENT, FORGET_ISSUE, STATEMENTS };

static struct stmt sql[] = {
    /* one statement for any number of words */
    [ADD] = {"INSERT IGNORE INTO search_word (organization_id, word, issue_id, "
	     "staff_only, comment_id) SELECT j.organization_id, j.word, "
	     "j.issue_id, j.staff_only, j.comment_id "
	     "FROM JSON_TABLE(?, '$[*]' COLUMNS (word VARCHAR(40) "
	     "CHARACTER SET utf8mb4 PATH '$[0]', staff_only TINYINT "
	     "PATH '$[1]', organization_id BIGINT PATH '$[2]', "
	     "issue_id BIGINT PATH '$[3]', comment_id BIGINT PATH '$[4]')) j"},
    [FORGET_TEXT] = {"DELETE FROM search_word WHERE issue_id = ? "
		     "AND comment_id = 0 AND NOT staff_only"},
    [FORGET_COMMENT] = {"DELETE FROM search_word WHERE issue_id = ? "
			"AND comment_id = ?"},
    [FORGET_ISSUE] = {"DELETE FROM search_word WHERE issue_id = ?"},
};

const struct statements search_statements = {sql, STATEMENTS};

struct entry {
	const char *s;
	int64_t organization_id, issue_id, comment_id;
	bool staff_only;
};

struct search_words {
	struct arena *arena;
	struct entry *list;
	size_t n, max;
	struct entry text; /* of the text that is being added */
	size_t first;	   /* of its words */
};

static void
make_room(struct search_words *w)
{
	struct entry *more;

	if (w->n < w->max)
		return;
	w->max = w->max ? 2 * w->max : 64;
	more = arena_alloc(w->arena, w->max * sizeof(*more));
	if (w->n)
		memcpy(more, w->list, w->n * sizeof(*more));
	w->list = more;
}

static void
add_word(struct search_words *w, const char *s, size_t n, bool staff_only)
{
	if (w->n - w->first >= WORDS_MAX)
		return;
	make_room(w);
	w->list[w->n] = w->text;
	w->list[w->n].s = arena_memdup(w->arena, s, n);
	w->list[w->n++].staff_only = staff_only;
}

static void
add_words_of(struct search_words *w, const char *text, bool staff_only)
{
	struct word_walk walk;
	struct text_word word;

	if (!text)
		return;
	word_walk_begin(&walk, w->arena, text);
	while (w->n - w->first < WORDS_MAX && search_word_next(&word, &walk)) {
		const char *s = word.s, *end = word.s + word.n;

		if (!word.unspaced)
			add_word(w, s, search_word_length(&word), staff_only);
		else
			for (; s < end; s = search_char_end(s))
				add_word(w, s,
					 (size_t)(search_pair_end(s, end) - s),
					 staff_only);
	}
}

static int
compare_ids(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

/* The order of the rows. A word of an issue that is also in its customer's name
 * has two rows, one for everybody and one for staff: each can be removed
 * without the other. */
static int
by_place(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = compare_ids(x->organization_id, y->organization_id);

	if (!order)
		order = strcmp(x->s, y->s);
	if (!order)
		order = compare_ids(x->issue_id, y->issue_id);
	if (!order)
		order = x->staff_only - y->staff_only;
	return order ? order : compare_ids(x->comment_id, y->comment_id);
}

static void
put_word(struct jsonout *j, const struct entry *word)
{
	json_array(j, NULL);
	json_string(j, NULL, word->s);
	json_integer(j, NULL, word->staff_only);
	json_integer(j, NULL, word->organization_id);
	json_integer(j, NULL, word->issue_id);
	json_integer(j, NULL, word->comment_id);
	json_end(j);
}

/* Adds words from the i-th on, each once; returns where to go on. */
static enum err
write_some(size_t *i, struct ctx *c, const struct search_words *w)
{
	struct jsonout j;
	struct buf json;
	enum err e;

	buf_init(&json, 2 * WRITE_BYTES);
	json_begin(&j, &json);
	json_array(&j, NULL);
	for (; *i < w->n && json.len < WRITE_BYTES; (*i)++)
		if (*i == 0 || by_place(&w->list[*i - 1], &w->list[*i]) != 0)
			put_word(&j, &w->list[*i]);
	json_end(&j);
	e = db_run(c->db, &sql[ADD], ARGS(arg_bytes(json.data, json.len)));
	buf_release(&json);
	return e;
}

struct search_words *
search_words_new(struct ctx *c)
{
	struct search_words *w = arena_alloc(c->arena, sizeof(*w));

	*w = (struct search_words){.arena = c->arena};
	return w;
}

enum err
search_words_write(struct ctx *c, struct search_words *w)
{
	enum err e = OK;

	if (w->n)
		qsort(w->list, w->n, sizeof(*w->list), by_place);
	for (size_t i = 0; !e && i < w->n;)
		e = write_some(&i, c, w);
	return e;
}

static void
begin_text(struct search_words *w, int64_t organization_id, int64_t issue_id,
	   int64_t comment_id)
{
	w->text = (struct entry){.organization_id = organization_id,
				 .issue_id = issue_id,
				 .comment_id = comment_id};
	w->first = w->n;
}

void
search_words_of_texts(struct search_words *w, const struct issue *i)
{
	begin_text(w, i->kind.organization_id, i->id, 0);
	add_words_of(w, i->issue_number, false);
	add_words_of(w, strrchr(i->issue_number, '-'), false);
	add_words_of(w, i->title, false);
	add_words_of(w, i->description, false);
}

void
search_words_of_issue(struct search_words *w, const struct issue *i)
{
	begin_text(w, i->kind.organization_id, i->id, 0);
	add_words_of(w, i->raiser_name, true);
	add_words_of(w, i->raiser_email, true);
	search_words_of_texts(w, i);
}

void
search_words_of_comment(struct search_words *w, int64_t organization_id,
			const struct comment *m)
{
	begin_text(w, organization_id, m->issue_id, m->id);
	add_words_of(w, m->content, m->is_internal);
}

enum err
search_forget_texts(struct ctx *c, int64_t issue_id)
{
	return db_run(c->db, &sql[FORGET_TEXT], ARGS(arg_int(issue_id)));
}

enum err
search_forget_issue(struct ctx *c, int64_t issue_id)
{
	return db_run(c->db, &sql[FORGET_ISSUE], ARGS(arg_int(issue_id)));
}

enum err
search_forget_comment(struct ctx *c, const struct comment *m)
{
	return db_run(c->db, &sql[FORGET_COMMENT],
		      ARGS(arg_int(m->issue_id), arg_int(m->id)));
}
