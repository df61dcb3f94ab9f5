#include "word.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "buf.h"
#include "db.h"
#include "jsonout.h"
#include "statements.h"

enum { ADD, FORGET, STATEMENTS };

static struct stmt sql[] = {
    /* one statement for any number of words; IGNORE, since the collation
     * takes two spellings for one word where we see two */
    [ADD] = {"INSERT IGNORE INTO issue_word (organization_id, word, issue_id) "
	     "SELECT ?, j.word, ? FROM JSON_TABLE(?, '$[*]' COLUMNS "
	     "(word VARCHAR(40) CHARACTER SET utf8mb4 PATH '$')) j"},
    [FORGET] = {"DELETE FROM issue_word WHERE issue_id = ?"},
};

const struct statements word_statements = {sql, STATEMENTS};

/* Letters and digits, and all that is beyond ASCII: the collation knows what
 * of it is one letter. */
static bool
in_word(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* An issue number, or how one begins, is one word: all but its last part is
 * that of every other one, too. */
static bool
joins_number(const char *from, const char *p)
{
	return *p == '-' && isdigit((unsigned char)p[1]) &&
	       strncasecmp(from, "iss-", 4) == 0;
}

/* The next word at *p, cut to WORD_MAX characters, lower case in ASCII; NULL
 * at the end. Moves *p behind it. */
static char *
next_word(struct arena *a, const char **p)
{
	const char *from, *cut;
	size_t chars = 0;
	char *word;

	while (**p && !in_word(**p))
		(*p)++;
	from = cut = *p;
	for (; in_word(**p) || joins_number(from, *p); (*p)++) {
		bool starts = ((unsigned char)**p & 0xc0) != 0x80;

		chars += starts;
		if (chars <= WORD_MAX)
			cut = *p + 1;
	}
	if (cut == from)
		return NULL;
	word = arena_memdup(a, from, (size_t)(cut - from));
	for (char *s = word; *s; s++)
		*s = (char)tolower((unsigned char)*s);
	return word;
}

static int
by_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* ["late","order",…]: the distinct words of the texts, sorted so that two
 * transactions insert in one order. */
static void
words_json(struct buf *out, struct arena *a, const char *const texts[],
	   size_t n)
{
	const char **words = arena_alloc(a, WORDS_MAX * sizeof(*words));
	struct jsonout j;
	size_t found = 0;
	char *word;

	for (size_t i = 0; i < n; i++) {
		const char *p = texts[i];

		while (found < WORDS_MAX && (word = next_word(a, &p)) != NULL)
			words[found++] = word;
	}
	qsort(words, found, sizeof(*words), by_text);
	json_begin(&j, out);
	json_array(&j, NULL);
	for (size_t i = 0; i < found; i++)
		if (i == 0 || strcmp(words[i - 1], words[i]) != 0)
			json_string(&j, NULL, words[i]);
	json_end(&j);
}

enum err
word_index(struct ctx *c, int64_t organization_id, int64_t issue_id,
	   const char *number, const char *title, const char *description)
{
	const char *const serial = strrchr(number, '-');
	const char *const texts[] = {number, serial, title, description};
	struct buf words;
	enum err e;

	buf_init(&words, (size_t)1 << 20);
	words_json(&words, c->arena, texts, 4);
	e = db_run(c->db, &sql[ADD],
		   ARGS(arg_int(organization_id), arg_int(issue_id),
			arg_bytes(words.data, words.len)));
	buf_release(&words);
	return e;
}

enum err
word_forget(struct ctx *c, int64_t issue_id)
{
	return db_run(c->db, &sql[FORGET], ARGS(arg_int(issue_id)));
}

/* Whether a word, with what follows it, is an issue number but for its
 * beginning ("2026-0037"). */
static bool
is_year_of_number(const char *word, const char *rest)
{
	static const char digits[] = "0123456789";

	return strlen(word) == 4 && strspn(word, digits) == 4 && *rest == '-' &&
	       strspn(rest + 1, digits) >= 4;
}

size_t
word_patterns(const char *out[SEARCH_WORDS_MAX], struct ctx *c,
	      const char *query)
{
	size_t n = 0;
	char *word;

	while (n < SEARCH_WORDS_MAX &&
	       (word = next_word(c->arena, &query)) != NULL)
		/* such a year is no word of the issue: what follows finds it */
		if (!is_year_of_number(word, query))
			out[n++] = arena_printf(c->arena, "%s%%", word);
	return n;
}
