/* Walks through lists of issues that are too long to be held in memory. */

#include "base/arena.h"
#include "db/db.h"
#include "desk/issue.h"

#define BATCH 100

static enum err
walk_pages(struct ctx *c, const struct actor *who, struct issue_filter *f,
	   bool (*take)(void *arg, const struct issue_page *page), void *arg)
{
	struct issue_page page;
	enum err e;

	do {
		arena_reset(c->arena);
		e = issue_list(&page, c, who, f);
		if (e)
			return e;
		f->behind = page.last;
	} while (take(arg, &page) && page.more);
	return OK;
}

enum err
issue_walk(struct ctx *c, const struct actor *who, const struct issue_filter *f,
	   bool (*take)(void *arg, const struct issue_page *page), void *arg)
{
	struct issue_filter filter = *f;
	struct ctx batch = *c;
	enum err e;

	filter.limit = BATCH;
	filter.uncounted = true;
	batch.arena = arena_new();
	db_attach(c->db, batch.arena);
	e = walk_pages(&batch, who, &filter, take, arg);
	db_attach(c->db, c->arena);
	arena_free(batch.arena);
	return e;
}
