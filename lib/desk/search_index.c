/* The search index; search_index.h says what is in it.
 *
 * A word of an issue is a row of search_word, together with the comment that it
 * comes from: one statement removes the words of a comment, however long the
 * issue is, and one adds those of a batch of issues. Words are sorted before
 * they are inserted, so that simultaneous transactions lock rows in the same
 * order and do not deadlock. The lists that search are in issue_list_search.c.
 */

#include "desk/search_index.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_writer.h"
#include "base/unicode.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "desk/user.h"

#define CATCH_UP_ISSUES	  50
#define CATCH_UP_COMMENTS 100
#define MARK_AT_ONCE	  1000

/* How much one statement adds, as JSON. */
#define WRITE_BYTES ((size_t)256 * 1024)

enum {
	ADD,
	FORGET_TEXT,
	FORGET_COMMENT,
	FORGET_ISSUE,
	MARK_PERSON,
	MARK_MORE,
	LAST_ISSUE,
	NEXT_OLD,
	READ_OLD,
	READ_COMMENTS,
	FORGET_OLD,
	STATEMENTS
};

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
    [MARK_PERSON] = {"INSERT IGNORE INTO issue_word "
		     "(organization_id, word, issue_id) SELECT "
		     "organization_id, LOWER(issue_number), id FROM issue "
		     "WHERE raised_by = ? AND deleted_at IS NULL"},
    [MARK_MORE] = {"INSERT IGNORE INTO issue_word (organization_id, word, "
		   "issue_id) SELECT organization_id, LOWER(issue_number), id "
		   "FROM issue WHERE id > ? AND id <= ?"},
    [LAST_ISSUE] = {"SELECT COALESCE(MAX(id), 0) FROM issue"},
    [NEXT_OLD] = {"SELECT DISTINCT issue_id FROM issue_word "
		  "FORCE INDEX (issue_id) ORDER BY issue_id LIMIT ?"},
    /* Locks the issue, so that its texts do not change meanwhile. */
    [READ_OLD] = {"SELECT i.organization_id, i.issue_number, i.title, "
		  "i.description, (SELECT " SQL_FULL_NAME(
		      "u") " FROM user u WHERE u.id = i.raised_by), "
			   "(SELECT u.email FROM user u WHERE u.id = "
			   "i.raised_by) FROM issue i WHERE i.id = ? "
			   "AND i.deleted_at IS NULL FOR UPDATE"},
    [READ_COMMENTS] = {"SELECT id, content, is_internal FROM comment "
		       "WHERE issue_id = ? AND id > ? AND deleted_at IS NULL "
		       "ORDER BY id LIMIT ?"},
    [FORGET_OLD] = {"DELETE FROM issue_word WHERE issue_id = ?"},
};

const struct statements search_statements = {sql, STATEMENTS};

/* --- words ---------------------------------------------------------------- */

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

/* The end of the character at s. */
static const char *
char_end(const char *s)
{
	do
		s++;
	while (((unsigned char)*s & 0xc0) == 0x80);
	return s;
}

/* The length of its first WORD_MAX characters, in bytes. */
static size_t
cut_length(const struct text_word *w)
{
	const char *s = w->s;

	for (size_t n = 0; n < WORD_MAX && s < w->s + w->n; n++)
		s = char_end(s);
	return (size_t)(s - w->s);
}

/* The end of the pair of characters at s, in a run up to `end`. The last
 * character of a run is a pair by itself. */
static const char *
pair_end(const char *s, const char *end)
{
	s = char_end(s);
	return s < end ? char_end(s) : end;
}

/* Makes an issue number, or the beginning of one, a single word: most of its
 * parts appear in every other number as well. */
static void
join_number(struct text_word *word, struct word_walk *w)
{
	if (word->n != 3 || memcmp(word->s, "iss", 3) != 0)
		return;
	while (w->text[w->at] == '-' &&
	       isdigit((unsigned char)w->text[w->at + 1]))
		for (w->at++; isalnum((unsigned char)w->text[w->at]); w->at++)
			word->n = (size_t)(w->text + w->at + 1 - word->s);
}

static bool
next_search_word(struct text_word *out, struct word_walk *w)
{
	if (!word_walk_next(out, w))
		return false;
	join_number(out, w);
	return true;
}

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
	while (w->n - w->first < WORDS_MAX && next_search_word(&word, &walk)) {
		const char *s = word.s, *end = word.s + word.n;

		if (!word.unspaced)
			add_word(w, s, cut_length(&word), staff_only);
		else
			for (; s < end; s = char_end(s))
				add_word(w, s, (size_t)(pair_end(s, end) - s),
					 staff_only);
	}
}

static int
compare_ids(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

/* A word that everybody may find, and that staff find by the customer's name as
 * well, is there twice: one of them may be removed. */
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

/* --- issues and comments -------------------------------------------------- */

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

enum err
search_person_changed(struct ctx *c, int64_t user_id)
{
	return db_run(c->db, &sql[MARK_PERSON], ARGS(arg_int(user_id)));
}

enum err
search_all_changed(struct ctx *c)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[LAST_ISSUE], NO_ARGS);
	const int64_t last = e ? 0 : col_int(&rows);

	for (int64_t id = 0; !e && id < last; id += MARK_AT_ONCE)
		e = db_run(c->db, &sql[MARK_MORE],
			   ARGS(arg_int(id), arg_int(id + MARK_AT_ONCE)));
	return e;
}

/* --- in the background ---------------------------------------------------- */

static enum err
add_comments(struct search_words *w, struct ctx *c, const struct issue *i)
{
	struct comment m = {.issue_id = i->id};
	struct rows rows;
	enum err e;

	do {
		e = db_query(&rows, c->db, &sql[READ_COMMENTS],
			     ARGS(arg_int(i->id), arg_int(m.id),
				  arg_int(CATCH_UP_COMMENTS)));
		while (!e && rows_next(&rows)) {
			m.id = col_int(&rows);
			m.content = col_text(&rows);
			m.is_internal = col_bool(&rows);
			search_words_of_comment(w, i->kind.organization_id, &m);
		}
	} while (!e && rows.count == CATCH_UP_COMMENTS);
	return e;
}

/* The arguments of index_again_within(). */
struct index_again {
	struct ctx *c;
	int64_t issue_id;
};

static enum err
index_whole(struct ctx *c, int64_t id)
{
	struct search_words *w = search_words_new(c);
	struct issue i = {.id = id};
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[READ_OLD], ARGS(arg_int(id)));

	if (e == ERR_NOTFOUND) /* it is deleted */
		return search_forget_issue(c, id);
	if (e)
		return e;
	i.kind.organization_id = col_int(&rows);
	i.issue_number = col_text(&rows);
	i.title = col_text(&rows);
	i.description = col_text(&rows);
	i.raiser_name = col_text(&rows);
	i.raiser_email = col_text(&rows);
	e = search_forget_issue(c, id);
	search_words_of_issue(w, &i);
	if (!e)
		e = add_comments(w, c, &i);
	return e ? e : search_words_write(c, w);
}

static enum err
index_again_within(void *arg)
{
	struct index_again *u = arg;
	enum err e = index_whole(u->c, u->issue_id);

	return e ? e
		 : db_run(u->c->db, &sql[FORGET_OLD],
			  ARGS(arg_int(u->issue_id)));
}

enum err
search_catch_up(bool *more, struct ctx *c)
{
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[NEXT_OLD],
			      ARGS(arg_int(CATCH_UP_ISSUES)));

	*more = !e && rows.count == CATCH_UP_ISSUES;
	while (!e && rows_next(&rows)) {
		struct index_again u = {c, col_int(&rows)};

		e = db_transaction(c->db, index_again_within, &u);
	}
	return e;
}

/* --- queries -------------------------------------------------------------- */

/* Whether a word and the text after it are the end of an issue number
 * ("2026-0037"). Then the word is its year, which is not indexed. */
static bool
is_year_of_number(const struct text_word *word, const char *rest)
{
	static const char digits[] = "0123456789";

	return word->n == 4 && strspn(word->s, digits) == 4 && *rest == '-' &&
	       strspn(rest + 1, digits) >= 4;
}

static char *
pattern(struct arena *a, const char *s, size_t n)
{
	return arena_printf(a, "%.*s%%", (int)n, s);
}

/* Adds the pairs of a run, as the index has them; returns how many. */
static size_t
add_pairs(struct search_pattern *out, size_t max, struct arena *a,
	  const struct text_word *word)
{
	const char *s = word->s, *end = s + word->n;
	size_t n = 0;

	for (; n < max && s < end; s = char_end(s)) {
		if (n > 0 && char_end(s) == end)
			break; /* the last character is in the pair before */
		out[n].now = pattern(a, s, (size_t)(pair_end(s, end) - s));
		out[n].before = n ? "%" : out[n].now;
		n++;
	}
	return n;
}

size_t
search_patterns(struct search_pattern out[SEARCH_WORDS_MAX], struct ctx *c,
		const char *query)
{
	struct word_walk walk;
	struct text_word word;
	size_t n = 0;

	word_walk_begin(&walk, c->arena, query);
	while (n < SEARCH_WORDS_MAX && next_search_word(&word, &walk)) {
		if (word.unspaced) {
			n += add_pairs(out + n, SEARCH_WORDS_MAX - n, c->arena,
				       &word);
		} else if (!is_year_of_number(&word, walk.text + walk.at)) {
			out[n].now = out[n].before =
			    pattern(c->arena, word.s, cut_length(&word));
			n++;
		}
	}
	return n;
}
