#ifndef DESK_DIRECTORY_H
#define DESK_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/enum_name.h"

/* The words by which an organization's staff, suppliers, orders and customers
 * are found (table directory_word): those of their names, numbers, titles and
 * addresses, divided and folded as search_index.h does it. They are written in
 * the transaction of the change, but for customer records, which lib/events
 * adds a moment after the first issue. */

/* In the order of the enum directory_word.kind. */
enum directory_kind {
	DIRECTORY_STAFF = 1, /* entries are staff profiles */
	DIRECTORY_SUPPLIER,
	DIRECTORY_ORDER,
	DIRECTORY_CUSTOMER /* customer records */
};

/* As text: a statement that compares the column with a number reads all of the
 * index. */
extern const struct enum_name directory_kinds[];

/* Inside a transaction: sets the words of an entry to those of two texts, of
 * which either may be NULL. */
enum err directory_write(struct ctx *c, enum directory_kind kind,
			 int64_t organization_id, int64_t entry_id,
			 const char *text, const char *more) MUST_CHECK;

/* Inside the transaction in which a user gets another name or address, or a
 * staff profile: sets the words of all their entries. */
enum err directory_person_changed(struct ctx *c, int64_t user_id) MUST_CHECK;

/* Inside a transaction: adds the words of the customer records of these issues,
 * if they have none yet. */
enum err directory_customers_of(struct ctx *c, const int64_t *issues,
				size_t n) MUST_CHECK;

/* Schedules all entries to be written again. */
enum err directory_all_changed(struct ctx *c) MUST_CHECK;

/* Writes a batch of them, if that is scheduled; *more: there may be others.
 * Several daemons may do this at once. */
enum err directory_catch_up(bool *more, struct ctx *c) MUST_CHECK;

/* --- searching ------------------------------------------------------------ */

#define DIRECTORY_WORDS_MAX 4 /* of a query; further ones are ignored */

/* The most entries that a search finds and counts. */
#define DIRECTORY_FOUND_MAX 1000

/* The words of a query as patterns of LIKE; those that it has not are NULL. The
 * search walks along the first. */
struct directory_query {
	const char *words[DIRECTORY_WORDS_MAX];
	bool is_common; /* it has more than DIRECTORY_FOUND_MAX entries */
};

/* Reads the words in their order; false: there are none. */
bool directory_query_words(struct directory_query *out, struct ctx *c,
			   const char *text);

/* Reads a query, and puts the word with the fewest entries first. *has_words:
 * without any, nothing is to be found. */
enum err directory_query_read(struct directory_query *out, bool *has_words,
			      struct ctx *c, enum directory_kind kind,
			      int64_t organization_id,
			      const char *text) MUST_CHECK;

/* The statement of a search, for directory_find():
 *
 *   "SELECT " SQL_DIRECTORY_COUNTED(columns) " FROM "
 * SQL_DIRECTORY_WALK("'staff'") "JOIN profile p ON p.id = w.entry_id WHERE "
 * SQL_DIRECTORY_FITS("'staff'") " AND …" SQL_DIRECTORY_PAGE
 *
 * It walks along the entries (w.entry_id) of the first word, in the order of
 * the words that begin so, and looks whether they have the others. */
#define SQL_DIRECTORY_COUNTED(columns) \
	"STRAIGHT_JOIN " columns ", COUNT(*) OVER ()"
#define SQL_DIRECTORY_WALK(kind)                                        \
	"(SELECT c.entry_id, MIN(c.word) AS word FROM (SELECT d.word, " \
	"d.entry_id FROM directory_word d WHERE d.organization_id = ? " \
	"AND d.kind = " kind " AND d.word LIKE ? ORDER BY d.word, "     \
	"d.entry_id LIMIT ?) c GROUP BY c.entry_id) w "
#define SQL_DIRECTORY_FITS(kind)                                     \
	SQL_DIRECTORY_MAY_HAVE(kind, "w.entry_id")                   \
	" AND " SQL_DIRECTORY_MAY_HAVE(                              \
	    kind, "w.entry_id") " AND " SQL_DIRECTORY_MAY_HAVE(kind, \
							       "w.entry_id")
#define SQL_DIRECTORY_PAGE " ORDER BY w.word, w.entry_id " SQL_PAGE

/* Takes a word twice: whether an entry has it, or (NULL) anything. Not EXISTS,
 * for which MariaDB would read all entries that have the word. */
#define SQL_DIRECTORY_MAY_HAVE(kind, id)                       \
	"(? IS NULL OR (SELECT 1 FROM directory_word h WHERE " \
	"h.kind = " kind " AND h.entry_id = " id " "           \
	"AND h.word LIKE ? LIMIT 1) IS NOT NULL)"

/* Runs it with `more` arguments behind SQL_DIRECTORY_FITS, at most
 * DIRECTORY_ARGS_MAX. *total: how many entries are found. If each word has many
 * entries, and they seldom meet, it looks through a part of them only. */
#define DIRECTORY_ARGS_MAX 8
struct arg;
struct list_page;
struct rows;
struct stmt;
enum err directory_find(struct rows *rows, int64_t *total, struct ctx *c,
			struct stmt *s, int64_t organization_id,
			const struct directory_query *q,
			const struct list_page *page, const struct arg *more,
			size_t n) MUST_CHECK;

#endif
