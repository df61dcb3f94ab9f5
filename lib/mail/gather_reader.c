/* Who is mailed about a notification: one person, or the staff of an
 * organization. Each reader is read once a batch, with the number of mails that
 * they got within the last hour and with the mails that may still be added to,
 * and is kept in the list of struct gathering. */
#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/user.h"
#include "gathering.h"

#define HOUR (3600 * USEC_PER_SEC)

/* Invited people get no mail until they set a password, and nobody gets mail at
 * an address that is not confirmed, or that mails came back from. */
#define TAKES_MAIL                                           \
	"u.is_active AND u.wants_mail AND u.email_verified " \
	"AND u.password_hash <> '' AND NOT " SQL_MAIL_BOUNCED("u") " "

/* How many mails about single issues the reader got within an hour, or will
 * get. */
#define SINGLES                                                    \
	"(SELECT COUNT(*) FROM mail_job m WHERE m.user_id = u.id " \
	"AND m.kind = 'notices' AND m.created_at > ?) + "          \
	"(SELECT COUNT(*) FROM mail_job m WHERE m.user_id = u.id " \
	"AND m.state = 'due' AND m.kind = 'notices' AND m.created_at <= ?)"

enum { PERSON, STAFF, OPEN_MAILS, STATEMENTS };

static struct stmt sql[] = {
    [PERSON] = {"SELECT u.id, " SINGLES " FROM user u WHERE u.id = ? "
		"AND " TAKES_MAIL},
    [STAFF] = {"SELECT DISTINCT u.id, " SINGLES " FROM profile p "
	       "JOIN user u ON u.id = p.user_id WHERE p.organization_id = ? "
	       "AND p.is_active AND " TAKES_MAIL},
    [OPEN_MAILS] = {"SELECT id, issue_id FROM mail_job WHERE user_id = ? "
		    "AND kind = 'notices' AND " IS_OPEN
		    "ORDER BY id DESC LIMIT ? FOR UPDATE"},
};

const struct statements mail_reader_statements = {sql, STATEMENTS};

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

enum err
gather_find_person(struct mail_reader **out, struct gathering *g,
		   int64_t user_id)
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

enum err
gather_find_staff(struct staff **out, struct gathering *g,
		  int64_t organization_id)
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
