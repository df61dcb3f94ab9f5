/* Adds a notification to a reader's mail: to their open mail about the issue,
 * to a new one, or, once they had MAIL_SINGLES of those within an hour, to
 * their digest. What a digest gets is collected during a batch and written by
 * gather_write_digest() at its end, with one statement for each reader. */
#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/mail_job.h"
#include "gather.h"
#include "gathering.h"

/* After so many lengths of the first digest without one, the next digest is a
 * first one again: after three hours, if that length is a quarter of an hour.
 */
#define DIGEST_MEMORY 12

enum { OPEN_DIGEST, PAST_DIGESTS, STATEMENTS };

static struct stmt sql[] = {
    [OPEN_DIGEST] = {"SELECT id, (SELECT COUNT(*) FROM mail_notice m "
		     "WHERE m.mail_id = mail_job.id) FROM mail_job "
		     "WHERE user_id = ? AND kind = 'digest' AND " IS_OPEN
		     "LIMIT 1 FOR UPDATE"},
    [PAST_DIGESTS] = {"SELECT COUNT(*) FROM mail_job WHERE user_id = ? "
		      "AND kind = 'digest' AND created_at > ?"},
};

const struct statements mail_digest_statements = {sql, STATEMENTS};

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

static enum err
make_digest(struct gathering *g, struct mail_reader *r)
{
	struct ctx *c = g->c;
	const usec_t first = c->conf->mail_digest_s * USEC_PER_SEC;
	int64_t past;
	enum err e = db_number(&past, c->db, &sql[PAST_DIGESTS],
			       ARGS(arg_int(r->user_id),
				    arg_time(c->now - DIGEST_MEMORY * first)));

	if (e)
		return e;
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

enum err
gather_add(struct gathering *g, struct mail_reader *r, int64_t issue_id,
	   int64_t notice_id)
{
	struct open_mail *m = open_mail_of(r, issue_id);
	enum err e = OK;

	if (!m && (r->singles >= MAIL_SINGLES || r->n_open == OPEN_MAX))
		return add_to_digest(g, r, notice_id);
	if (!m)
		e = make_mail(&m, g, r, issue_id);
	return e ? e : fill_mail(g, r, m);
}

enum err
gather_write_digest(struct gathering *g, const struct mail_reader *r)
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
