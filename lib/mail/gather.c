/* Turns notifications into mails. One transaction handles a batch of
 * notifications whose burst is over: it finds the readers of each
 * (gather_reader.c), and adds the notification to a mail of each reader
 * (gather_mail.c). Readers and staff are read once a batch, so that a flood
 * costs a few statements for each reader. What a mail says is read when it is
 * sent (content.c). */
#include "gather.h"

#include "base/arena.h"
#include "base/json_writer.h"
#include "db/db.h"
#include "db/shared_state.h"
#include "db/statements.h"
#include "desk/notification.h"
#include "gathering.h"

#define BATCH_MAX 500

/* A notification that could not be mailed for so long is dropped. */
#define STALE (4 * 86400 * USEC_PER_SEC)

/* So long after a restore, everything that Linear changed before is known. */
#define RESTORED (30 * 86400 * USEC_PER_SEC)

/* A JSON array of ids, as a table. STRAIGHT_JOIN reads it first, and looks the
 * other table up by its key, whatever sizes the server assumes. */
#define IDS "JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j "

enum { ANY_DUE, BATCH, MAILED, STATEMENTS };

static struct stmt sql[] = {
    [ANY_DUE] = {"SELECT 1 FROM notification WHERE mail_state = 'due' "
		 "AND mail_due_at <= ? LIMIT 1"},
    [BATCH] = {"SELECT n.id, n.issue_id, n.user_id, n.organization_id, "
	       "n.actor_id, n.created_at < ? OR i.deleted_at IS NOT NULL "
	       "FROM notification n JOIN issue i ON i.id = n.issue_id "
	       "WHERE n.mail_state = 'due' AND n.mail_due_at <= ? "
	       "ORDER BY n.mail_due_at LIMIT ?"},
    [MAILED] = {"SELECT m.notification_id, m.user_id FROM " IDS
		"STRAIGHT_JOIN mail_notice m ON m.notification_id = j.id"},
};

const struct statements mail_gather_statements = {sql, STATEMENTS};

/* A notification whose burst is over. */
struct due_notice {
	int64_t id, issue_id;
	int64_t user_id; /* the reader; 0: all staff of the organization */
	int64_t organization_id, actor_id;
	bool stale;
};

struct mailed {
	int64_t notice_id, user_id;
};

/* A batch, and who has been mailed about its notifications already. */
struct batch {
	struct gathering g;
	bool busy; /* another daemon gathers */
	struct due_notice *notices;
	size_t n;
	const char *ids; /* of all, as JSON */
	struct mailed *mailed;
	size_t n_mailed;
};

static const char *
json_ids(struct arena *a, const struct due_notice *list, size_t n)
{
	int64_t *ids = arena_alloc(a, (n + 1) * sizeof(*ids));

	for (size_t i = 0; i < n; i++)
		ids[i] = list[i].id;
	return json_id_list(a, ids, n);
}

static enum err
read_batch(struct batch *b)
{
	struct ctx *c = b->g.c;
	struct due_notice *n;
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[BATCH],
			      ARGS(arg_time(c->now - STALE), arg_time(c->now),
				   arg_int(BATCH_MAX)));

	if (e)
		return e;
	b->n = rows.count;
	b->notices = n = arena_alloc(c->arena, (b->n + 1) * sizeof(*n));
	for (; rows_next(&rows); n++) {
		n->id = col_int(&rows);
		n->issue_id = col_int(&rows);
		n->user_id = col_int(&rows);
		n->organization_id = col_int(&rows);
		n->actor_id = col_int(&rows);
		n->stale = col_bool(&rows);
	}
	b->ids = json_ids(c->arena, b->notices, b->n);
	return OK;
}

/* Reads who has been mailed already, by a mail that took the whole burst. */
static enum err
read_mailed(struct batch *b)
{
	struct ctx *c = b->g.c;
	struct rows rows;
	struct mailed *t;
	enum err e =
	    db_query(&rows, c->db, &sql[MAILED], ARGS(arg_text(b->ids)));

	if (e)
		return e;
	b->n_mailed = rows.count;
	b->mailed = t = arena_alloc(c->arena, (b->n_mailed + 1) * sizeof(*t));
	for (; rows_next(&rows); t++) {
		t->notice_id = col_int(&rows);
		t->user_id = col_int(&rows);
	}
	return OK;
}

static bool
is_mailed(const struct batch *b, int64_t notice_id, int64_t user_id)
{
	for (size_t i = 0; i < b->n_mailed; i++)
		if (b->mailed[i].notice_id == notice_id &&
		    b->mailed[i].user_id == user_id)
			return true;
	return false;
}

static enum err
mail_reader_about(struct batch *b, struct mail_reader *r,
		  const struct due_notice *n)
{
	if (!r->takes_mail || is_mailed(b, n->id, r->user_id))
		return OK;
	return gather_add(&b->g, r, n->issue_id, n->id);
}

static enum err
mail_readers(struct batch *b, const struct due_notice *n)
{
	struct mail_reader *r;
	struct staff *s;
	enum err e;

	if (n->stale)
		return OK;
	if (n->user_id) {
		e = gather_find_person(&r, &b->g, n->user_id);
		return e ? e : mail_reader_about(b, r, n);
	}
	e = gather_find_staff(&s, &b->g, n->organization_id);
	for (size_t i = 0; !e && i < s->n; i++)
		if (s->readers[i]->user_id != n->actor_id)
			e = mail_reader_about(b, s->readers[i], n);
	return e;
}

/* What Linear changed before a restore may have been mailed then. */
static enum err
hold_late(struct ctx *c)
{
	struct shared_state restored;
	enum err e = shared_state_get(&restored, c, STATE_RESTORED);

	if (e || !restored.value || restored.updated_at < c->now - RESTORED)
		return e;
	return notification_hold_late(c, restored.updated_at);
}

static enum err
gather(void *arg)
{
	struct batch *b = arg;
	struct ctx *c = b->g.c;
	bool locked = false;
	enum err e;

	*b = (struct batch){.g.c = c};
	e = shared_state_lock(&locked, c, STATE_MAIL_GATHER);
	b->busy = !locked;
	if (!e && locked)
		e = hold_late(c);
	if (!e && locked)
		e = read_batch(b);
	if (e || !b->n)
		return e;
	e = read_mailed(b);
	for (size_t i = 0; !e && i < b->n; i++)
		e = mail_readers(b, &b->notices[i]);
	for (const struct mail_reader *r = b->g.readers; !e && r; r = r->next)
		e = gather_write_digest(&b->g, r);
	return e ? e : notification_mark_mailed(c, b->ids);
}

enum err
mail_gather(bool *more, struct ctx *c)
{
	struct batch b = {.g.c = c};
	enum err e =
	    db_exists(more, c->db, &sql[ANY_DUE], ARGS(arg_time(c->now)));

	if (e || !*more)
		return e;
	e = db_transaction(c->db, gather, &b);
	*more = !b.busy;
	return e;
}
