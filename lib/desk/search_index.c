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
#include "db/many.h"
#include "db/statements.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "search_split.h"

/* The columns of a row, and how many words are made arguments at once. */
#define COLUMNS 5
#define WRITTEN ((size_t)MANY_MAX)

enum {
	ADD,
	ADD_LAST = ADD + MANY_WIDTHS - 1,
	FORGET_TEXT,
	FORGET_COMMENT,
	FORGET_ISSUE,
	STATEMENTS
};

static struct stmt sql[] = {
    INSERT_MANY(ADD,
		"INSERT IGNORE INTO search_word (organization_id, word, "
		"issue_id, staff_only, comment_id) VALUES ",
		"(?, ?, ?, ?, ?)", ""),
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

struct search_words *
search_words_new(struct ctx *c)
{
	struct search_words *w = arena_alloc(c->arena, sizeof(*w));

	*w = (struct search_words){.arena = c->arena};
	return w;
}

/* Sorts the words, and leaves each of them once. */
static void
sort_words(struct search_words *w)
{
	size_t n = 0;

	if (w->n)
		qsort(w->list, w->n, sizeof(*w->list), by_place);
	for (size_t i = 0; i < w->n; i++)
		if (!n || by_place(&w->list[n - 1], &w->list[i]) != 0)
			w->list[n++] = w->list[i];
	w->n = n;
}

enum err
search_words_write(struct ctx *c, struct search_words *w)
{
	struct arg args[WRITTEN * COLUMNS];
	enum err e = OK;
	size_t n;

	sort_words(w);
	for (size_t done = 0; !e && done < w->n; done += n) {
		for (n = 0; n < WRITTEN && done + n < w->n; n++) {
			const struct entry *word = &w->list[done + n];
			struct arg *a = &args[n * COLUMNS];

			a[0] = arg_int(word->organization_id);
			a[1] = arg_text(word->s);
			a[2] = arg_int(word->issue_id);
			a[3] = arg_int(word->staff_only);
			a[4] = arg_int(word->comment_id);
		}
		e = db_run_many(NULL, c->db, &sql[ADD], args, COLUMNS, n);
	}
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
