/* What a scanner says about files becomes their state. That one is infected is
 * an entry of the issue's history, so that both sides are told. */

#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "desk/activity.h"
#include "desk/attachment.h"
#include "desk/issue.h"

#define BATCH 100

enum attachment_state
attachment_first_state(const struct ctx *c)
{
	return c->conf->clamd_socket ? ATTACHMENT_CHECKING : ATTACHMENT_READY;
}

/* The arguments of scanned_within(). */
struct scanned {
	struct ctx *c;
	const struct attachment *file;
	enum attachment_state state;
};

static enum err
add_infected_entry(struct ctx *c, const struct attachment *a)
{
	const struct actor scanner = {.role = ROLE_LINEAR,
				      .organization_id = a->organization_id,
				      .name = "Docket"};
	struct issue *issue;
	enum err e = issue_lock(&issue, c, &scanner, a->issue_id);

	return e ? e
		 : activity_add(c, &scanner, a->organization_id, a->issue_id,
				"attachment_infected", NULL, a->filename,
				!a->is_internal);
}

/* The first answer counts; another daemon may have had one. */
static enum err
scanned_within(void *arg)
{
	const struct scanned *s = arg;
	struct ctx *c = s->c;
	enum err e =
	    attachment_set_state(c, s->file->id, ATTACHMENT_CHECKING, s->state);

	if (e || !db_affected(c->db) || s->state != ATTACHMENT_INFECTED ||
	    !s->file->issue_id)
		return e;
	return add_infected_entry(c, s->file);
}

enum err
attachment_scanned(struct ctx *c, const struct attachment *a,
		   enum attachment_state state)
{
	struct scanned s = {.c = c, .file = a, .state = state};

	return db_transaction(c->db, scanned_within, &s);
}

enum err
attachment_stop_waiting(struct ctx *c)
{
	struct attachment *list;
	int64_t behind = 0;
	size_t n = 0;
	enum err e;

	do {
		e = attachment_waiting(&list, &n, c, ATTACHMENT_CHECKING, true,
				       behind, BATCH);
		for (size_t i = 0; !e && i < n; i++) {
			behind = list[i].id;
			e = attachment_set_state(c, behind, ATTACHMENT_CHECKING,
						 ATTACHMENT_READY);
		}
	} while (!e && n == BATCH);
	return e;
}
