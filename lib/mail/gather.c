/* Turns notifications into mails. One transaction handles a batch of
 * notifications whose burst is over: it finds the readers of each, and adds the
 * notification to the reader's open mail about that issue, to a new one, or,
 * once a reader has had MAIL_SINGLES such mails within an hour, to a digest.
 * Readers and staff are read once a batch, so that a flood costs a few
 * statements for each reader. A mail that was never tried is open; later ones
 * stay as they are, since they may have been sent. What a mail says is read
 * when it is sent (content.c). */
#include "gather.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/conf.h"
#include "db/db.h"
#include "db/shared_state.h"
#include "db/statements.h"
#include "desk/mail_job.h"
#include "desk/notification.h"

#define HOUR	  (3600 * USEC_PER_SEC)
#define BATCH_MAX 500
#define OPEN_MAX  (2 * MAIL_SINGLES)

/* A notification that could not be mailed for so long is dropped. */
#define STALE (4 * 86400 * USEC_PER_SEC)

/* After so many lengths of the first digest without one, the next digest is a
 * first one again: after three hours, if that length is a quarter of an hour.
 */
#define DIGEST_MEMORY 12

enum {
	ANY_DUE,
	BATCH,
	MAILED,
	PERSON,
	STAFF,
	OPEN_MAILS,
	OPEN_DIGEST,
	PAST_DIGESTS,
	STATEMENTS
};

/* A JSON array of ids, as a table. STRAIGHT_JOIN reads it first, and looks the
 * other table up by its key, whatever sizes the server assumes. */
#define IDS "JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j "

/* Invited people get no mail until they set a password, and nobody gets mail at
 * an address that is not confirmed. */
#define TAKES_MAIL                                           \
	"u.is_active AND u.wants_mail AND u.email_verified " \
	"AND u.password_hash <> '' "

/* How many mails about single issues the reader got within an hour, or will
 * get. */
#define SINGLES                                                    \
	"(SELECT COUNT(*) FROM mail_job m WHERE m.user_id = u.id " \
	"AND m.kind = 'notices' AND m.created_at > ?) + "          \
	"(SELECT COUNT(*) FROM mail_job m WHERE m.user_id = u.id " \
	"AND m.state = 'due' AND m.kind = 'notices' AND m.created_at <= ?)"

/* A mail that was never tried. Others may have arrived, and stay as they are.
 */
#define IS_OPEN "state = 'due' AND attempts = 0 AND lease_owner IS NULL "

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
    [PERSON] = {"SELECT u.id, " SINGLES " FROM user u WHERE u.id = ? "
		"AND " TAKES_MAIL},
    [STAFF] = {"SELECT DISTINCT u.id, " SINGLES " FROM profile p "
	       "JOIN user u ON u.id = p.user_id WHERE p.organization_id = ? "
	       "AND p.is_active AND " TAKES_MAIL},
    [OPEN_MAILS] = {"SELECT id, issue_id FROM mail_job WHERE user_id = ? "
		    "AND kind = 'notices' AND " IS_OPEN
		    "ORDER BY id DESC LIMIT ? FOR UPDATE"},
    [OPEN_DIGEST] = {"SELECT id, (SELECT COUNT(*) FROM mail_notice m "
		     "WHERE m.mail_id = mail_job.id) FROM mail_job "
		     "WHERE user_id = ? AND kind = 'digest' AND " IS_OPEN
		     "LIMIT 1 FOR UPDATE"},
    [PAST_DIGESTS] = {"SELECT COUNT(*) FROM mail_job WHERE user_id = ? "
		      "AND kind = 'digest' AND created_at > ?"},
};

const struct statements mail_gather_statements = {sql, STATEMENTS};

/* A notification whose burst is over. */
struct due_notice {
	int64_t id, issue_id;
	int64_t user_id; /* the reader; 0: all staff of the organization */
	int64_t organization_id, actor_id;
	bool stale;
};

/* An open mail about one issue. */
struct open_mail {
	int64_t id, issue_id;
	bool taken; /* it has all notifications about the issue */
};

struct mail_reader {
	int64_t user_id;
	bool takes_mail;
	int64_t singles; /* see SINGLES */
	struct open_mail open[OPEN_MAX];
	size_t n_open;
	int64_t digest;	   /* 0: not needed so far */
	int64_t lines;	   /* notifications in it, including `added` */
	int64_t more;	   /* further ones, which it only counts */
	const char *added; /* ids to add to it, comma-separated; NULL: none */
	struct mail_reader *next;
};

/* The staff of an organization. */
struct staff {
	int64_t organization_id;
	struct mail_reader **readers;
	size_t n;
	struct staff *next;
};

struct mailed {
	int64_t notice_id, user_id;
};

struct gathering {
	struct ctx *c;
	bool busy; /* another daemon gathers */
	struct due_notice *notices;
	size_t n;
	const char *ids; /* of all, as JSON */
	struct mailed *mailed;
	size_t n_mailed;
	struct mail_reader *readers;
	struct staff *staff;
};

/* --- the batch ----------------------------------------------------------- */

static const char *
json_ids(struct arena *a, const struct due_notice *list, size_t n)
{
	const char *text;
	struct buf b;

	buf_init(&b, n * 20 + 3); /* for each, up to 19 digits and a comma */
	buf_addc(&b, '[');
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%lld", i ? "," : "", (long long)list[i].id);
	buf_addc(&b, ']');
	text = arena_memdup(a, b.data, b.len);
	buf_release(&b);
	return text;
}

static enum err
read_batch(struct gathering *g)
{
	struct ctx *c = g->c;
	struct due_notice *n;
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[BATCH],
			      ARGS(arg_time(c->now - STALE), arg_time(c->now),
				   arg_int(BATCH_MAX)));

	if (e)
		return e;
	g->n = rows.count;
	g->notices = n = arena_alloc(c->arena, (g->n + 1) * sizeof(*n));
	for (; rows_next(&rows); n++) {
		n->id = col_int(&rows);
		n->issue_id = col_int(&rows);
		n->user_id = col_int(&rows);
		n->organization_id = col_int(&rows);
		n->actor_id = col_int(&rows);
		n->stale = col_bool(&rows);
	}
	g->ids = json_ids(c->arena, g->notices, g->n);
	return OK;
}

/* Reads who has been mailed already, by a mail that took the whole burst. */
static enum err
read_mailed(struct gathering *g)
{
	struct ctx *c = g->c;
	struct rows rows;
	struct mailed *t;
	enum err e =
	    db_query(&rows, c->db, &sql[MAILED], ARGS(arg_text(g->ids)));

	if (e)
		return e;
	g->n_mailed = rows.count;
	g->mailed = t = arena_alloc(c->arena, (g->n_mailed + 1) * sizeof(*t));
	for (; rows_next(&rows); t++) {
		t->notice_id = col_int(&rows);
		t->user_id = col_int(&rows);
	}
	return OK;
}

static bool
is_mailed(const struct gathering *g, int64_t notice_id, int64_t user_id)
{
	for (size_t i = 0; i < g->n_mailed; i++)
		if (g->mailed[i].notice_id == notice_id &&
		    g->mailed[i].user_id == user_id)
			return true;
	return false;
}

/* --- readers ------------------------------------------------------------- */

static struct mail_reader *
known_reader(const struct gathering *g, int64_t user_id)
{
	struct mail_reader *r = g->readers;

	while (r && r->user_id != user_id)
		r = r->next;
	return r;
}

static struct mail_reader *
add_reader(struct gathering *g, int64_t user_id)
{
	struct mail_reader *r = arena_alloc(g->c->arena, sizeof(*r));

	*r = (struct mail_reader){.user_id = user_id, .next = g->readers};
	return g->readers = r;
}

static enum err
read_open_mails(struct gathering *g, struct mail_reader *r)
{
	struct rows rows;
	enum err e = db_query(&rows, g->c->db, &sql[OPEN_MAILS],
			      ARGS(arg_int(r->user_id), arg_int(OPEN_MAX)));

	while (!e && rows_next(&rows)) {
		struct open_mail *m = &r->open[r->n_open++];

		m->id = col_int(&rows);
		m->issue_id = col_int(&rows);
	}
	return e;
}

/* Finds or adds the reader of a row of PERSON or STAFF. */
static enum err
read_reader(struct mail_reader **out, struct gathering *g, struct rows *rows)
{
	const int64_t id = col_int(rows), singles = col_int(rows);

	*out = known_reader(g, id);
	if (*out)
		return OK;
	*out = add_reader(g, id);
	(*out)->takes_mail = true;
	(*out)->singles = singles;
	return singles ? read_open_mails(g, *out) : OK;
}

static enum err
find_person(struct mail_reader **out, struct gathering *g, int64_t user_id)
{
	const usec_t hour_ago = g->c->now - HOUR;
	struct rows rows;
	enum err e;

	*out = known_reader(g, user_id);
	if (*out)
		return OK;
	e = db_one(
	    &rows, g->c->db, &sql[PERSON],
	    ARGS(arg_time(hour_ago), arg_time(hour_ago), arg_int(user_id)));
	if (!e)
		return read_reader(out, g, &rows);
	*out = add_reader(g, user_id);
	return e == ERR_NOTFOUND ? OK : e;
}

static enum err
read_staff(struct staff *s, struct gathering *g)
{
	const usec_t hour_ago = g->c->now - HOUR;
	struct rows rows;
	enum err e = db_query(&rows, g->c->db, &sql[STAFF],
			      ARGS(arg_time(hour_ago), arg_time(hour_ago),
				   arg_int(s->organization_id)));

	if (e)
		return e;
	s->readers = arena_alloc(g->c->arena, (rows.count + 1) *
						  sizeof(struct mail_reader *));
	while (!e && rows_next(&rows))
		e = read_reader(&s->readers[s->n++], g, &rows);
	return e;
}

static enum err
find_staff(struct staff **out, struct gathering *g, int64_t organization_id)
{
	struct staff *s = g->staff;

	while (s && s->organization_id != organization_id)
		s = s->next;
	*out = s;
	if (s)
		return OK;
	s = arena_alloc(g->c->arena, sizeof(*s));
	*s = (struct staff){.organization_id = organization_id,
			    .next = g->staff};
	*out = g->staff = s;
	return read_staff(s, g);
}

/* --- mails about one issue ----------------------------------------------- */

static struct open_mail *
open_mail_of(struct mail_reader *r, int64_t issue_id)
{
	for (size_t i = 0; i < r->n_open; i++)
		if (r->open[i].issue_id == issue_id)
			return &r->open[i];
	return NULL;
}

static enum err
make_mail(struct open_mail **out, struct gathering *g, struct mail_reader *r,
	  int64_t issue_id)
{
	int64_t id;
	enum err e = mail_job_add_notices(&id, g->c, r->user_id, issue_id);

	if (e)
		return e;
	*out = &r->open[r->n_open++];
	**out = (struct open_mail){.id = id, .issue_id = issue_id};
	r->singles++;
	return OK;
}

/* Adds all notifications about the issue that the reader was not mailed yet. */
static enum err
fill_mail(struct gathering *g, const struct mail_reader *r, struct open_mail *m)
{
	if (m->taken)
		return OK;
	m->taken = true;
	return mail_job_take_notices(g->c, m->id, r->user_id, m->issue_id);
}

/* --- digests ------------------------------------------------------------- */

static enum err
make_digest(struct gathering *g, struct mail_reader *r)
{
	struct ctx *c = g->c;
	const usec_t first = c->conf->mail_digest_s * USEC_PER_SEC;
	struct rows rows;
	int64_t past;
	enum err e = db_one(&rows, c->db, &sql[PAST_DIGESTS],
			    ARGS(arg_int(r->user_id),
				 arg_time(c->now - DIGEST_MEMORY * first)));

	if (e)
		return e;
	past = col_int(&rows);
	return mail_job_add_digest(&r->digest, c, r->user_id,
				   c->now + (past > 1 ? 4 : past + 1) * first);
}

static enum err
open_digest(struct gathering *g, struct mail_reader *r)
{
	struct rows rows;
	enum err e = db_one(&rows, g->c->db, &sql[OPEN_DIGEST],
			    ARGS(arg_int(r->user_id)));

	if (e == ERR_NOTFOUND)
		return make_digest(g, r);
	if (e)
		return e;
	r->digest = col_int(&rows);
	r->lines = col_int(&rows);
	return OK;
}

static enum err
add_to_digest(struct gathering *g, struct mail_reader *r, int64_t notice_id)
{
	enum err e = r->digest ? OK : open_digest(g, r);

	if (e)
		return e;
	if (r->lines >= MAIL_DIGEST_LINES) {
		r->more++;
		return OK;
	}
	r->lines++;
	r->added =
	    arena_printf(g->c->arena, "%s%s%lld", r->added ? r->added : "",
			 r->added ? "," : "", (long long)notice_id);
	return OK;
}

static enum err
write_digest(struct gathering *g, const struct mail_reader *r)
{
	struct ctx *c = g->c;
	enum err e = OK;

	if (r->added)
		e = mail_job_list_notices(
		    c, r->digest, r->user_id,
		    arena_printf(c->arena, "[%s]", r->added));
	if (!e && r->more)
		e = mail_job_count_more(c, r->digest, r->more);
	return e;
}

/* --- distributing notifications --------------------------------------------
 */

static enum err
mail_reader_about(struct gathering *g, struct mail_reader *r,
		  const struct due_notice *n)
{
	struct open_mail *m;
	enum err e = OK;

	if (!r->takes_mail || is_mailed(g, n->id, r->user_id))
		return OK;
	m = open_mail_of(r, n->issue_id);
	if (!m && (r->singles >= MAIL_SINGLES || r->n_open == OPEN_MAX))
		return add_to_digest(g, r, n->id);
	if (!m)
		e = make_mail(&m, g, r, n->issue_id);
	return e ? e : fill_mail(g, r, m);
}

static enum err
mail_readers(struct gathering *g, const struct due_notice *n)
{
	struct mail_reader *r;
	struct staff *s;
	enum err e;

	if (n->stale)
		return OK;
	if (n->user_id) {
		e = find_person(&r, g, n->user_id);
		return e ? e : mail_reader_about(g, r, n);
	}
	e = find_staff(&s, g, n->organization_id);
	for (size_t i = 0; !e && i < s->n; i++)
		if (s->readers[i]->user_id != n->actor_id)
			e = mail_reader_about(g, s->readers[i], n);
	return e;
}

static enum err
gather(void *arg)
{
	struct gathering *g = arg;
	struct ctx *c = g->c;
	bool locked = false;
	enum err e;

	*g = (struct gathering){.c = c};
	e = shared_state_lock(&locked, c, STATE_MAIL_GATHER);
	g->busy = !locked;
	if (!e && locked)
		e = read_batch(g);
	if (e || !g->n)
		return e;
	e = read_mailed(g);
	for (size_t i = 0; !e && i < g->n; i++)
		e = mail_readers(g, &g->notices[i]);
	for (const struct mail_reader *r = g->readers; !e && r; r = r->next)
		e = write_digest(g, r);
	return e ? e : notification_mark_mailed(c, g->ids);
}

enum err
mail_gather(bool *more, struct ctx *c)
{
	struct gathering g = {.c = c};
	enum err e =
	    db_exists(more, c->db, &sql[ANY_DUE], ARGS(arg_time(c->now)));

	if (e || !*more)
		return e;
	e = db_transaction(c->db, gather, &g);
	*more = !g.busy;
	return e;
}
