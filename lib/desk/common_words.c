/* The words that a process has lately found to be common: counting them again
 * would cost more than the page that is asked for. */

#include <string.h>

#include "issue_query.h"

/* A count that is no longer so great may be told for this long. */
#define LIFETIME (60 * USEC_PER_SEC)

/* Two words that share a slot replace each other. */
#define SLOTS 64

struct common_word {
	int64_t organization_id;
	usec_t until;
	int64_t least; /* postings */
	bool capped;   /* COUNT_CAP issues or more have it */
	char word[WORD_MAX * 4 + 2];
};

static struct common_word common[SLOTS];

static struct common_word *
word_slot(int64_t organization_id, const char *word)
{
	uint64_t h = (uint64_t)organization_id;

	for (; *word; word++)
		h = h * 31 + (unsigned char)*word;
	return &common[h % SLOTS];
}

static const struct common_word *
find_common(const struct issue_query *q, const char *word)
{
	const int64_t id = q->who->organization_id;
	const struct common_word *w = word_slot(id, word);

	return w->organization_id == id && w->until > q->c->now &&
		       strcmp(w->word, word) == 0
		   ? w
		   : NULL;
}

/* The word's slot, which it takes from another one if need be; NULL: it is too
 * long for one. */
static struct common_word *
take_slot(const struct issue_query *q, const char *word)
{
	const int64_t id = q->who->organization_id;
	struct common_word *w = word_slot(id, word);
	const size_t n = strlen(word);

	if (find_common(q, word))
		return w;
	if (n >= sizeof(w->word))
		return NULL;
	*w = (struct common_word){.organization_id = id,
				  .until = q->c->now + LIFETIME};
	memcpy(w->word, word, n + 1);
	return w;
}

bool
common_word_known(const struct issue_query *q, const char *word, int64_t least)
{
	const struct common_word *w = find_common(q, word);

	return w && w->least >= least;
}

void
common_word_note(const struct issue_query *q, const char *word, int64_t least)
{
	struct common_word *w = take_slot(q, word);

	if (w && w->least < least)
		w->least = least;
}

bool
common_word_capped(const struct issue_query *q, const char *word)
{
	const struct common_word *w = find_common(q, word);

	return w && w->capped;
}

void
common_word_note_capped(const struct issue_query *q, const char *word)
{
	struct common_word *w = take_slot(q, word);

	if (w)
		w->capped = true;
}
