/* The words that a process has lately found to be very common: counting them
 * again would cost more than the page that is asked for. */

#include <string.h>

#include "issue_query.h"

/* A count that is no longer so great may be told for this long. */
#define LIFETIME (60 * USEC_PER_SEC)

/* Two words that share a slot replace each other. */
#define SLOTS 64

static struct {
	int64_t organization_id;
	usec_t until;
	char word[WORD_MAX * 4 + 2];
} common[SLOTS];

static size_t
word_slot(int64_t organization_id, const char *word)
{
	uint64_t h = (uint64_t)organization_id;

	for (; *word; word++)
		h = h * 31 + (unsigned char)*word;
	return h % SLOTS;
}

bool
common_word_known(const struct issue_query *q, const char *word)
{
	const int64_t id = q->who->organization_id;
	const size_t i = word_slot(id, word);

	return common[i].organization_id == id && common[i].until > q->c->now &&
	       strcmp(common[i].word, word) == 0;
}

void
common_word_note(const struct issue_query *q, const char *word)
{
	const int64_t id = q->who->organization_id;
	const size_t i = word_slot(id, word), n = strlen(word);

	if (n >= sizeof(common[i].word))
		return;
	common[i].organization_id = id;
	common[i].until = q->c->now + LIFETIME;
	memcpy(common[i].word, word, n + 1);
}
