#include "walk.h"

#include "base/arena.h"
#include "db/db.h"

#define BATCH 1000

/* Visits a batch; *behind is then its last one. */
static enum err
visit_batch(struct stored_file *behind, size_t *n, struct ctx *c,
	    file_visit *visit, void *arg)
{
	struct stored_file *list;
	enum err e = stored_file_list(&list, n, c, behind, BATCH);

	for (size_t i = 0; !e && i < *n; i++) {
		if (!list[i].deleting_at)
			e = visit(arg, c, &list[i]);
		*behind = list[i];
	}
	return e;
}

enum err
files_walk(struct ctx *c, file_visit *visit, void *arg)
{
	struct stored_file behind = {.organization_id = -1};
	struct ctx batch = *c;
	size_t n = BATCH;
	enum err e = OK;

	batch.arena = arena_new();
	db_attach(c->db, batch.arena);
	while (!e && n == BATCH) {
		arena_reset(batch.arena);
		e = visit_batch(&behind, &n, &batch, visit, arg);
	}
	db_attach(c->db, c->arena);
	arena_free(batch.arena);
	return e;
}
