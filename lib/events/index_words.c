/* Keeps the search index (desk/search_index.h) at the present texts of an issue
 * and its comments. */

#include <string.h>

#include "consumers.h"
#include "desk/comment.h"
#include "desk/search_index.h"

static bool
has_event(const struct news *news, const char *field)
{
	for (size_t i = 0; i < news->n; i++)
		if (strcmp(news->events[i].field, field) == 0)
			return true;
	return false;
}

static enum err
index_texts(struct search_words *w, struct ctx *c, const struct news *news)
{
	if (has_event(news, "created")) {
		search_words_of_issue(w, &news->issue);
		return OK;
	}
	if (!has_event(news, "title") && !has_event(news, "description"))
		return OK;
	search_words_of_texts(w, &news->issue);
	return search_forget_texts(c, news->issue.id);
}

/* Only the last event about a comment counts: its text is the present one. */
static bool
is_last_about_comment(const struct news *news, size_t i)
{
	for (size_t k = i + 1; k < news->n; k++)
		if (news->events[k].comment_id == news->events[i].comment_id)
			return false;
	return true;
}

static enum err
index_comment(struct search_words *w, struct ctx *c, const struct news *news,
	      const struct event *e)
{
	const struct comment m = {.id = e->comment_id,
				  .issue_id = news->issue.id,
				  .content = e->content,
				  .is_internal = e->is_internal};

	if (e->content)
		search_words_of_comment(w, news->issue.kind.organization_id,
					&m);
	return e->content && strcmp(e->field, "comment") == 0
		   ? OK
		   : search_forget_comment(c, &m);
}

static enum err
index_one(struct search_words *w, struct ctx *c, const struct news *news)
{
	enum err e;

	if (news->is_deleted)
		return search_forget_issue(c, news->issue.id);
	e = index_texts(w, c, news);
	for (size_t i = 0; !e && i < news->n; i++)
		if (news->events[i].comment_id &&
		    is_last_about_comment(news, i))
			e = index_comment(w, c, news, &news->events[i]);
	return e;
}

enum err
index_words(struct ctx *c, const struct news *list, size_t n)
{
	struct search_words *w = search_words_new(c);
	enum err e = OK;

	for (size_t i = 0; !e && i < n; i++)
		e = index_one(w, c, &list[i]);
	return e ? e : search_words_write(c, w);
}
