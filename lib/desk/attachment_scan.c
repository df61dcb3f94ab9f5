/* What a scanner says about files becomes their state. That one is infected is
 * an entry of the issue's history, so that both sides are told. */

#include "attachment_row.h"
#include "base/conf.h"
#include "db/db.h"
#include "desk/activity.h"
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
	int64_t id;
	enum attachment_state state;
};

/* A deleted issue keeps its history as it is. */
static enum err
add_infected_entry(struct ctx *c, const struct attachment *a)
{
	const struct actor scanner = {.role = ROLE_LINEAR,
				      .organization_id = a->organization_id,
				      .name = "Docket"};
	const struct activity_file entry = {.organization_id =
						a->organization_id,
					    .issue_id = a->issue_id,
					    .field = "attachment_infected",
					    .filename = a->filename,
					    .customer = attachment_customer(a),
					    .is_public = !a->is_internal};
	struct issue *issue;
	enum err e = issue_lock(&issue, c, &scanner, a->issue_id);

	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	return activity_of_file(c, &scanner, &entry);
}

/* The first answer counts: another daemon may have had one. The file may have
 * been bound to an issue while it was scanned. */
static enum err
scanned_within(void *arg)
{
	const struct scanned *s = arg;
	struct ctx *c = s->c;
	struct attachment *a;
	enum err e = attachment_lock(&a, c, s->id);

	if (e || a->state != ATTACHMENT_CHECKING)
		return e;
	e = attachment_set_state(c, s->id, ATTACHMENT_CHECKING, s->state);
	if (e || s->state != ATTACHMENT_INFECTED || !a->issue_id)
		return e;
	return add_infected_entry(c, a);
}

enum err
attachment_scanned(struct ctx *c, int64_t id, enum attachment_state state)
{
	struct scanned s = {.c = c, .id = id, .state = state};

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
