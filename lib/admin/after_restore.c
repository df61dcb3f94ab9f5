/* The steps of after_restore(). What was given out after the backup (ids, issue
 * numbers, erased accounts) comes from the marks in the high-water file
 * (base/high_water.h); without them, gaps are left. Loading the database and
 * the files is docketctl's. */
#include "admin/after_restore.h"

#include "base/actor.h"
#include "base/conf.h"
#include "base/high_water.h"
#include "db/auto_increment.h"
#include "db/db.h"
#include "db/shared_state.h"
#include "db/statements.h"
#include "desk/erasure.h"
#include "desk/issue.h"
#include "desk/issue_count.h"
#include "desk/mail_in.h"
#include "desk/mail_job.h"
#include "desk/notification.h"
#include "desk/sync_job.h"
#include "desk/token.h"
#include "sync/adopt.h"

/* The gaps where no mark tells what was given out. */
#define IDS_GAP	    1000000
#define NUMBERS_GAP 1000

enum { NUMBERS, IS_PERSON, STATEMENTS };

static struct stmt sql[] = {
    [NUMBERS] = {"SELECT organization_id, year, last FROM issue_number "
		 "WHERE year >= ?"},
    [IS_PERSON] = {"SELECT 1 FROM user u WHERE u.id = ? AND NOT EXISTS "
		   "(SELECT 1 FROM erasure e WHERE e.user_id = u.id)"},
};

const struct statements after_restore_statements = {sql, STATEMENTS};

/* The marks being applied. */
struct applying_marks {
	struct ctx *c;
	struct restored *out;
	int64_t last_id;
	bool is_whole; /* the entries cover all that was given out */
	enum err e;
};

static enum err
erase_again(struct applying_marks *m, int64_t user_id)
{
	static const struct actor operator= {.name = "docketctl"};
	bool is_person;
	enum err e = db_exists(&is_person, m->c->db, &sql[IS_PERSON],
			       ARGS(arg_int(user_id)));

	if (e || !is_person)
		return e;
	e = person_erase(m->c, &operator, user_id);
	if (e == ERR_CONFLICT) {
		m->out->erased_failed++;
		return OK;
	}
	m->out->erased += !e;
	return e;
}

/* Ids and numbers first: erasing makes rows. */
static bool
apply_number(void *arg, const struct high_water *entry)
{
	struct applying_marks *m = arg;

	if (entry->kind == HIGH_WATER_WHOLE)
		m->is_whole = true;
	if (entry->kind == HIGH_WATER_ID && entry->value > m->last_id)
		m->last_id = entry->value;
	if (entry->kind == HIGH_WATER_NUMBER)
		m->e = issue_skip_numbers(m->c, entry->organization_id,
					  entry->year, entry->value);
	return !m->e;
}

static bool
apply_erasure(void *arg, const struct high_water *entry)
{
	struct applying_marks *m = arg;

	if (entry->kind == HIGH_WATER_ERASED)
		m->e = erase_again(m, entry->value);
	return !m->e;
}

/* Without marks: only this year's numbers can still be given out. */
static enum err
leave_gap(struct ctx *c)
{
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[NUMBERS],
			      ARGS(arg_int(clock_year(c->now))));

	while (!e && rows_next(&rows)) {
		const int64_t organization = col_int(&rows);
		const int year = (int)col_int(&rows);

		e = issue_skip_numbers(c, organization, year,
				       col_int(&rows) + NUMBERS_GAP);
	}
	return e;
}

static enum err
skip_ids(struct applying_marks *m)
{
	int64_t highest;
	enum err e = auto_increment_highest(&highest, m->c);

	if (highest > m->last_id)
		m->last_id = highest;
	if (m->out->left_gap)
		m->last_id += IDS_GAP;
	m->out->first_id = m->last_id + 1;
	return e ? e : auto_increment_skip(m->c, m->last_id);
}

static enum err
apply_marks(struct restored *out, struct ctx *c, const char *path, bool current)
{
	struct applying_marks m = {.c = c, .out = out};
	const bool had = high_water_read(path, apply_number, &m);

	out->left_gap = !had || !m.is_whole || !current;
	if (!m.e && out->left_gap)
		m.e = leave_gap(c);
	if (!m.e)
		m.e = skip_ids(&m);
	if (!m.e && had)
		(void)high_water_read(path, apply_erasure, &m);
	return m.e;
}

static bool
find_whole(void *arg, const struct high_water *entry)
{
	bool *is_whole = arg;

	*is_whole = *is_whole || entry->kind == HIGH_WATER_WHOLE;
	return true;
}

enum err
high_water_begin(struct ctx *c)
{
	bool is_whole = false;
	int64_t highest;
	struct rows rows;
	enum err e;

	if (high_water_read(c->conf->high_water_file, find_whole, &is_whole) &&
	    is_whole)
		return OK;
	e = db_query(&rows, c->db, &sql[NUMBERS],
		     ARGS(arg_int(clock_year(c->now))));
	while (!e && rows_next(&rows)) {
		const int64_t organization = col_int(&rows);
		const int year = (int)col_int(&rows);

		high_water_number(organization, year, col_int(&rows));
	}
	if (!e)
		e = auto_increment_highest(&highest, c);
	if (e)
		return e;
	high_water_id(highest);
	return high_water_whole() ? OK : ERR_CONFLICT;
}

static enum err
hold_mails(struct restored *out, struct ctx *c)
{
	int64_t notices = 0;
	enum err e = mail_job_hold(&out->mails_held, c);

	if (!e)
		e = notification_hold_mails(&notices, c);
	out->mails_held += notices;
	return e ? e : mail_in_hold(&out->mails_in_held, c);
}

static enum err
adopt(struct restored *out, struct ctx *c)
{
	struct adoption adoption = {0};
	enum err e;

	out->had_linear = c->conf->linear_api_key != NULL;
	if (!out->had_linear)
		return OK;
	e = sync_adopt(&adoption, c);
	out->adopted = adoption.adopted;
	out->customerless = adoption.customerless;
	return e;
}

static enum err
stop_what_waits(struct restored *out, struct ctx *c)
{
	enum err e = hold_mails(out, c);

	if (!e)
		e = token_revoke_logins(&out->logins_ended, c);
	/* else lists would get revisions again that clients know */
	if (!e)
		e = count_renamed_organization(c, REVISION_OF_ALL);
	return e ? e : job_refetch_all(c);
}

enum err
after_restore(struct restored *out, struct ctx *c, const char *marks,
	      bool current)
{
	enum err e;

	*out = (struct restored){0};
	db_be_patient(c->db, true);
	e = apply_marks(out, c, marks, current);
	if (!e)
		e = stop_what_waits(out, c);
	if (!e)
		e = shared_state_set(c, STATE_RESTORED, "", 0);
	return e ? e : adopt(out, c);
}
