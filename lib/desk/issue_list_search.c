/* Searches for common words. A search walks the word index where few issues
 * have one of its words. Else it walks the list itself, and as common words may
 * meet nowhere, each page looks through a bounded stretch of it. */

#include "db/statements.h"
#include "issue_query.h"
#include "issue_row.h"

/* A search walks the word index where at most this many issues have the word,
 * else the list itself, on which hits are then dense. */
#define RARE 1000

/* Counts of a common word stop here. */
#define COMMON_CAP 1000

/* Common words may meet nowhere, or not for long. A page looks for them on so
 * many issues, fewer the more words there are, and says where to go on: ten
 * milliseconds of the server's. */
#define STRETCH 500

enum { IS_COMMON, RARITY, COMMON, STATEMENTS };

static struct stmt sql[] = {
    [IS_COMMON] = {"(SELECT 1 FROM search_word WHERE organization_id = ? "
		   "AND word LIKE ? LIMIT 1 OFFSET ?) UNION ALL "
		   "(SELECT 1 FROM issue_word WHERE organization_id = ? "
		   "AND word LIKE ? LIMIT 1 OFFSET ?) LIMIT 1"},
    [RARITY] = {"SELECT (SELECT COUNT(*) FROM search_word "
		"WHERE organization_id = ? AND word LIKE ?) + "
		"(SELECT COUNT(*) FROM issue_word "
		"WHERE organization_id = ? AND word LIKE ?)"},
    [COMMON] = {"SELECT COUNT(*) FROM ((SELECT DISTINCT issue_id "
		"FROM search_word WHERE organization_id = ? AND word LIKE ? "
		"LIMIT ?) UNION (SELECT DISTINCT issue_id "
		"FROM issue_word WHERE organization_id = ? AND word LIKE ? "
		"LIMIT ?)) n"},
};

const struct statements issue_search_statements = {sql, STATEMENTS};

/* Whether so many issues have a word: that is read off the index, where a
 * count up to there would need a table of its own. One that is in a text and
 * in comments counts for each. */
static enum err
word_is_common(bool *out, struct issue_query *q,
	       const struct search_pattern *word, int64_t least)
{
	const struct arg org = arg_int(q->who->organization_id);
	const struct arg behind = arg_int(least - 1);

	return db_exists(out, q->c->db, &sql[IS_COMMON],
			 ARGS(org, arg_text(word->now), behind, org,
			      arg_text(word->before), behind));
}

static enum err
count_rare_word(int64_t *out, struct issue_query *q,
		const struct search_pattern *word)
{
	const struct arg org = arg_int(q->who->organization_id);
	struct rows rows;
	enum err e =
	    db_one(&rows, q->c->db, &sql[RARITY],
		   ARGS(org, arg_text(word->now), org, arg_text(word->before)));

	if (!e)
		*out = col_int(&rows);
	return e;
}

enum err
query_find_rare_word(struct issue_query *q)
{
	int64_t least = RARE;
	enum err e = OK;

	for (size_t i = 0; !e && least && i < q->n_words; i++) {
		bool common;

		e = word_is_common(&common, q, &q->words[i], least);
		if (e || common)
			continue;
		q->rare = &q->words[i];
		if (i + 1 < q->n_words)
			e = count_rare_word(&least, q, q->rare);
	}
	return e;
}

bool
query_is_stretched(const struct issue_query *q)
{
	return q->n_words && !q->rare && q->who->role != ROLE_CUSTOMER;
}

enum err
query_find_end(struct issue_query *q)
{
	struct issue_query k = {.c = q->c, .who = q->who, .filter = q->filter};
	struct rows rows;
	struct issue i;
	enum err e;

	query_prepare_end(&k, q->variant.order);
	query_push_places(&k);
	query_push(&k, PART_PAGE, arg_int(STRETCH / (int64_t)q->n_words - 1));
	e = db_one(&rows, k.c->db, query_statement(&k.variant), k.args, k.n);
	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	issue_read_own(&i, &rows);
	issue_place(&q->end, &i, k.variant.order);
	return OK;
}

/* Of a search for common words alone: where there is one word, the index knows;
 * else it is as many as were seen, and one more when more follow. */
enum err
query_count_common(struct issue_page *page, struct issue_query *q)
{
	const struct arg org = arg_int(q->who->organization_id);
	const struct arg cap = arg_int(COMMON_CAP);
	struct rows rows;
	enum err e;

	page->count =
	    q->filter.offset + (int64_t)page->n + (page->more && !page->cut);
	if (q->variant.criteria || q->variant.words != 1)
		return OK;
	e = db_one(&rows, q->c->db, &sql[COMMON],
		   ARGS(org, arg_text(q->words[0].now), cap, org,
			arg_text(q->words[0].before), cap));
	if (!e)
		page->count = col_int(&rows);
	if (page->count > COMMON_CAP)
		page->count = COMMON_CAP;
	return e;
}
