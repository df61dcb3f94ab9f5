/* The search index; search_index.h says what is in it.
 *
 * A word of an issue is a row of search_word, together with the comment that it
 * comes from: one statement adds or removes the words of a comment, however
 * long the issue is. Words are sorted before they are inserted, so that
 * simultaneous transactions lock rows in the same order and do not deadlock.
 * The lists that search are in issue_list_search.c. */

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

enum {
	ADD,
	FORGET_TEXT,
	FORGET_COMMENT,
	FORGET_ISSUE,
	MARK_PERSON,
	NEXT_OLD,
	READ_OLD,
	READ_COMMENTS,
	FORGET_OLD,
	STATEMENTS
};

static struct stmt sql[] = {
    /* one statement for any number of words */
    [ADD] = {"INSERT IGNORE INTO search_word (organization_id, word, issue_id, "
	     "staff_only, comment_id) SELECT ?, j.word, ?, j.staff_only, ? "
	     "FROM JSON_TABLE(?, '$[*]' COLUMNS (word VARCHAR(40) "
	     "CHARACTER SET utf8mb4 PATH '$[0]', staff_only TINYINT "
	     "PATH '$[1]')) j"},
    [FORGET_TEXT] = {"DELETE FROM search_word WHERE issue_id = ? "
		     "AND comment_id = 0 AND NOT staff_only"},
    [FORGET_COMMENT] = {"DELETE FROM search_word WHERE issue_id = ? "
			"AND comment_id = ?"},
    [FORGET_ISSUE] = {"DELETE FROM search_word WHERE issue_id = ?"},
    [MARK_PERSON] = {"INSERT IGNORE INTO issue_word "
		     "(organization_id, word, issue_id) SELECT "
		     "organization_id, LOWER(issue_number), id FROM issue "
		     "WHERE raised_by = ? AND deleted_at IS NULL"},
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
	bool staff_only;
};

struct words {
	struct arena *arena;
	struct entry *list;
	size_t n, max;
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
add_word(struct words *w, const char *s, size_t n, bool staff_only)
{
	if (w->n < w->max)
		w->list[w->n++] =
		    (struct entry){arena_memdup(w->arena, s, n), staff_only};
}

static void
add_words_of(struct words *w, const char *text, bool staff_only)
{
	struct word_walk walk;
	struct text_word word;

	if (!text)
		return;
	word_walk_begin(&walk, w->arena, text);
	while (w->n < w->max && next_search_word(&word, &walk)) {
		const char *s = word.s, *end = word.s + word.n;

		if (!word.unspaced)
			add_word(w, s, cut_length(&word), staff_only);
		else
			for (; s < end; s = char_end(s))
				add_word(w, s, (size_t)(pair_end(s, end) - s),
					 staff_only);
	}
}

/* Of equal words, the one that everybody may find comes first. */
static int
by_text(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	const int order = strcmp(x->s, y->s);

	return order ? order : x->staff_only - y->staff_only;
}

/* [["late",0],["order",0],…]: each word once. */
static void
words_json(struct buf *out, struct words *w)
{
	struct jsonout j;

	qsort(w->list, w->n, sizeof(*w->list), by_text);
	json_begin(&j, out);
	json_array(&j, NULL);
	for (size_t i = 0; i < w->n; i++) {
		if (i > 0 && strcmp(w->list[i - 1].s, w->list[i].s) == 0)
			continue;
		json_array(&j, NULL);
		json_string(&j, NULL, w->list[i].s);
		json_integer(&j, NULL, w->list[i].staff_only);
		json_end(&j);
	}
	json_end(&j);
}

/* Has room for the words of texts of that many bytes in all. */
static struct words *
words_new(struct ctx *c, size_t bytes)
{
	struct words *w = arena_alloc(c->arena, sizeof(*w));

	w->arena = c->arena;
	w->max = bytes < WORDS_MAX ? bytes : WORDS_MAX;
	w->list = arena_alloc(c->arena, (w->max + 1) * sizeof(*w->list));
	return w;
}

static size_t
bytes_of(const struct issue *i)
{
	return 2 * strlen(i->issue_number) + strlen(i->title) +
	       strlen(i->description) +
	       (i->raiser_name ? strlen(i->raiser_name) : 0) +
	       (i->raiser_email ? strlen(i->raiser_email) : 0);
}

static enum err
insert_words(struct ctx *c, int64_t organization_id, int64_t issue_id,
	     int64_t comment_id, struct words *w)
{
	struct buf json;
	enum err e;

	buf_init(&json, (size_t)1 << 20);
	words_json(&json, w);
	e = db_run(c->db, &sql[ADD],
		   ARGS(arg_int(organization_id), arg_int(issue_id),
			arg_int(comment_id), arg_bytes(json.data, json.len)));
	buf_release(&json);
	return e;
}

/* --- issues and comments -------------------------------------------------- */

static void
add_issue(struct words *w, const struct issue *i)
{
	add_words_of(w, i->issue_number, false);
	add_words_of(w, strrchr(i->issue_number, '-'), false);
	add_words_of(w, i->title, false);
	add_words_of(w, i->description, false);
}

enum err
search_index_issue(struct ctx *c, const struct issue *i)
{
	struct words *w = words_new(c, bytes_of(i));

	add_words_of(w, i->raiser_name, true);
	add_words_of(w, i->raiser_email, true);
	add_issue(w, i);
	return insert_words(c, i->kind.organization_id, i->id, 0, w);
}

enum err
search_reindex_issue(struct ctx *c, const struct issue *i)
{
	struct words *w = words_new(c, bytes_of(i));
	enum err e = db_run(c->db, &sql[FORGET_TEXT], ARGS(arg_int(i->id)));

	add_issue(w, i);
	return e ? e : insert_words(c, i->kind.organization_id, i->id, 0, w);
}

enum err
search_forget_issue(struct ctx *c, int64_t issue_id)
{
	return db_run(c->db, &sql[FORGET_ISSUE], ARGS(arg_int(issue_id)));
}

enum err
search_index_comment(struct ctx *c, int64_t organization_id,
		     const struct comment *m)
{
	struct words *w = words_new(c, strlen(m->content));

	add_words_of(w, m->content, m->is_internal);
	return insert_words(c, organization_id, m->issue_id, m->id, w);
}

enum err
search_forget_comment(struct ctx *c, const struct comment *m)
{
	return db_run(c->db, &sql[FORGET_COMMENT],
		      ARGS(arg_int(m->issue_id), arg_int(m->id)));
}

enum err
search_reindex_comment(struct ctx *c, int64_t organization_id,
		       const struct comment *m)
{
	enum err e = search_forget_comment(c, m);

	return e ? e : search_index_comment(c, organization_id, m);
}

enum err
search_person_changed(struct ctx *c, int64_t user_id)
{
	return db_run(c->db, &sql[MARK_PERSON], ARGS(arg_int(user_id)));
}

/* --- in the background ---------------------------------------------------- */

static enum err
index_comments(struct ctx *c, const struct issue *i)
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
			e = search_index_comment(c, i->kind.organization_id,
						 &m);
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
	struct issue i = {.id = id};
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[READ_OLD], ARGS(arg_int(id)));

	if (e)
		return e == ERR_NOTFOUND ? OK : e; /* it is deleted */
	i.kind.organization_id = col_int(&rows);
	i.issue_number = col_text(&rows);
	i.title = col_text(&rows);
	i.description = col_text(&rows);
	i.raiser_name = col_text(&rows);
	i.raiser_email = col_text(&rows);
	e = search_forget_issue(c, id);
	if (!e)
		e = search_index_issue(c, &i);
	return e ? e : index_comments(c, &i);
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
