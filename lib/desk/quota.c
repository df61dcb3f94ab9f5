#include "quota.h"

#include "base/conf.h"
#include "db/db.h"
#include "db/statements.h"

#define HOUR (3600 * USEC_PER_SEC)

enum { TAKE, SINCE, LOCK_USER, RAISES, STATEMENTS };

static struct stmt sql[] = {
    /* Assignments run from left to right: `since` uses the new `used`. */
    [TAKE] = {"INSERT INTO quota (kind, subject_id, used, since) "
	      "VALUES (?, ?, LAST_INSERT_ID(1), ?) ON DUPLICATE KEY UPDATE "
	      "used = LAST_INSERT_ID(IF(since <= ?, 1, used + 1)), "
	      "since = IF(used = 1, VALUES(since), since)"},
    [SINCE] = {"SELECT since FROM quota WHERE kind = ? AND subject_id = ?"},
    [LOCK_USER] = {"SELECT id FROM user WHERE id = ? FOR UPDATE"},
    /* not those that staff raised for the user */
    [RAISES] = {"SELECT COUNT(*), MIN(created_at) FROM (SELECT created_at "
		"FROM issue WHERE raised_by = ? AND created_at > ? "
		"AND created_by = raised_by ORDER BY created_at DESC "
		"LIMIT ?) r"},
};

const struct statements quota_statements = {sql, STATEMENTS};

/* The text of the fault before and after the number; the first one is of
 * raises.
 */
static const char *const texts[][2] = {
    {"You may raise", "issues an hour. Please try again later."},
    [QUOTA_COMMENTS] = {"You may write or change",
			"texts an hour. Please try again later."},
    [QUOTA_UNPROVED_RAISES] =
	{"People whose address is not confirmed may raise",
	 "issues an hour here. Confirm your address, or try again later."},
    [QUOTA_UPLOADS] = {"You may upload",
		       "files an hour. Please try again later."}};

static enum err
refuse(struct ctx *c, const char *const text[2], long max, usec_t since)
{
	c->retry_after_s = (since + HOUR - c->now) / USEC_PER_SEC + 1;
	(void)fault_add(&c->faults, "non_field_errors", "%s %ld %s", text[0],
			max, text[1]);
	return ERR_LIMITED;
}

static enum err
refuse_quota(struct ctx *c, enum quota kind, int64_t subject, long max)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[SINCE],
			    ARGS(arg_int(kind), arg_int(subject)));

	return e ? e : refuse(c, texts[kind], max, col_time(&rows));
}

enum err
quota_take(struct ctx *c, enum quota kind, int64_t subject, long max)
{
	enum err e;

	if (!max)
		return OK;
	e = db_run(c->db, &sql[TAKE],
		   ARGS(arg_int(kind), arg_int(subject), arg_time(c->now),
			arg_time(c->now - HOUR)));
	if (e || db_insert_id(c->db) <= max)
		return e;
	return refuse_quota(c, kind, subject, max);
}

enum err
quota_take_text(struct ctx *c, const struct actor *who)
{
	return who->role == ROLE_CUSTOMER
		   ? quota_take(c, QUOTA_COMMENTS, who->user_id,
				c->conf->comments_per_hour)
		   : OK;
}

/* How many may raise at the same moment: of two generations of workers, while
 * one replaces the other. 0: any number, since the web server starts them. */
static int64_t
most_at_once(const struct conf *conf)
{
	return conf->is_pooled ? 2 * (conf->workers + conf->linear_workers) : 0;
}

int64_t
quota_raises_far(const struct conf *conf)
{
	return conf->raises_per_hour - most_at_once(conf);
}

bool
quota_can_be_far(const struct conf *conf)
{
	return most_at_once(conf) && quota_raises_far(conf) >= 0;
}

enum err
quota_check_raises(struct ctx *c, int64_t user_id, bool near)
{
	const long max = c->conf->raises_per_hour;
	struct rows rows;
	int64_t n;
	enum err e;

	if (!max || !near)
		return OK;
	e = db_one(&rows, c->db, &sql[LOCK_USER], ARGS(arg_int(user_id)));
	if (!e)
		e = db_one(&rows, c->db, &sql[RAISES],
			   ARGS(arg_int(user_id), arg_time(c->now - HOUR),
				arg_int(max)));
	if (e)
		return e;
	n = col_int(&rows);
	return n < max ? OK : refuse(c, texts[0], max, col_time(&rows));
}
