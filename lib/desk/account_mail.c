/* Mails about an account itself, and how many of them may be sent.
 *
 * Strangers can cause such mails, with a form that takes any address. So each
 * address and each account (or inviting organization) has a limit for each kind
 * of mail, counted in table mail_share by a hash of the subject. Mails beyond a
 * limit are dropped silently. This differs from quota.c, which refuses requests
 * and tells the caller so. mail/queue.c writes the mails when they are sent. */

#include "desk/account_mail.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "db/db.h"
#include "db/statements.h"
#include "purge.h"

#define MINUTE (60 * USEC_PER_SEC)
#define HOUR   (60 * MINUTE)

#define PURGE_BATCH 5000

/* Requests do not arrive here in the order of their times (c->now): one may be
 * up to this much older than the one before it. */
#define SKEW USEC_PER_SEC

/* How many mails of a kind may be sent, with which pauses: after the first one,
 * and after each later one. An hour without any mail starts the count anew. */
struct mail_limit {
	int max;
	usec_t first_pause, pause;
};

static const struct mail_limit of_address = {3, MINUTE, 10 * MINUTE};
static const struct mail_limit of_account = {10, 0, 0};
static const struct mail_limit of_organization = {50, 0, 0};

enum {
	BEGIN,
	TAKE,
	ADD,
	VOID_ALL,
	VOID_UNOWNED,
	DISOWN,
	PURGE_NOBODY,
	PURGE,
	STATEMENTS
};

static struct stmt sql[] = {
    [BEGIN] = {"INSERT IGNORE INTO mail_share (subject, sent, last_at) "
	       "VALUES (?, 1, ?)"},
    /* Assignments run from left to right: `sent` uses the old last_at. */
    [TAKE] = {"UPDATE mail_share SET sent = IF(last_at <= ?, 1, sent + 1), "
	      "last_at = ? WHERE subject = ? AND last_at <= "
	      "CASE WHEN sent >= ? THEN ? WHEN sent = 1 THEN ? ELSE ? END"},
    [ADD] = {"INSERT INTO mail_job (user_id, kind, address, organization_id, "
	     "about_id, state, due_at, created_at) "
	     "VALUES (?, ?, ?, ?, ?, IF(?, 'void', 'due'), ?, ?)"},
    [VOID_ALL] = {"UPDATE mail_job SET address = NULL, "
		  "state = IF(state = 'due', 'void', state) "
		  "WHERE user_id = ?"},
    /* Uses the index by_kind, where few rows have no user. */
    [VOID_UNOWNED] =
	{"UPDATE mail_job m JOIN user u ON u.id = ? "
	 "AND u.proved_email = LOWER(m.address) COLLATE utf8mb4_bin "
	 "SET m.address = NULL, m.state = IF(m.state = 'due', 'void', m.state) "
	 "WHERE m.user_id IS NULL "
	 "AND m.kind IN ('invitation', 'password_reset')"},
    [DISOWN] = {"UPDATE mail_job SET user_id = NULL WHERE user_id = ?"},
    [PURGE_NOBODY] = {"DELETE FROM mail_job WHERE user_id IS NULL "
		      "AND state = 'void' AND created_at < ? LIMIT ?"},
    /* also rows from a time when the clock was wrong and ahead */
    [PURGE] = {"DELETE FROM mail_share WHERE last_at < ? OR last_at > ? "
	       "LIMIT ?"},
};

const struct statements account_mail_statements = {sql, STATEMENTS};

/* *ok: the limit of the subject allows this mail, which is counted now. */
static enum err
count_mail(bool *ok, struct ctx *c, const char *subject,
	   const struct mail_limit *limit)
{
	const usec_t now = c->now, hour_ago = now - HOUR;
	unsigned char hash[HASH_BYTES];
	enum err e;

	hash_text(hash, subject);
	e = db_run(c->db, &sql[BEGIN],
		   ARGS(arg_bytes(hash, HASH_BYTES), arg_time(now)));
	*ok = !e && db_affected(c->db) > 0;
	if (e || *ok)
		return e;
	e = db_run(c->db, &sql[TAKE],
		   ARGS(arg_time(hour_ago), arg_time(now),
			arg_bytes(hash, HASH_BYTES), arg_int(limit->max),
			arg_time(hour_ago),
			arg_time(now + SKEW - limit->first_pause),
			arg_time(now + SKEW - limit->pause)));
	*ok = !e && db_affected(c->db) > 0;
	return e;
}

/* Against the limit of the account or organization that causes the mail. */
static enum err
count_for_cause(bool *ok, struct ctx *c, const struct account_mail *m)
{
	const int64_t id = m->organization_id ? m->organization_id : m->user_id;
	const char *subject =
	    id ? arena_printf(c->arena, "%s %lld %d",
			      m->organization_id ? "organization" : "user",
			      (long long)id, (int)m->kind)
	       : arena_printf(c->arena, "nobody %d %s", (int)m->kind,
			      m->address);

	return count_mail(ok, c, subject,
			  m->organization_id ? &of_organization : &of_account);
}

/* Against the limit of the address. The case of letters does not matter;
 * domains beyond ASCII are punycode already. */
static enum err
count_for_address(bool *ok, struct ctx *c, const struct account_mail *m)
{
	char *subject =
	    arena_printf(c->arena, "address %d %s", (int)m->kind, m->address);

	for (char *p = subject; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p += 'a' - 'A';
	return count_mail(ok, c, subject, &of_address);
}

/* NULL for mails about passwords: they go to the address that the account has
 * when they are sent, never to one that it has given up. */
static const char *
queued_address(const struct account_mail *m)
{
	return m->kind == MAIL_PASSWORD_RESET ||
		       m->kind == MAIL_PASSWORD_CHANGED
		   ? NULL
		   : m->address;
}

enum err
account_mail_add(struct ctx *c, const struct account_mail *m)
{
	bool ok = false;
	enum err e;

	if (!c->conf->smtp_url)
		return OK;
	/* The address comes first: a mail that is not sent to it must not use
	 * up the limit of an account. */
	e = count_for_address(&ok, c, m);
	if (!e && ok)
		e = count_for_cause(&ok, c, m);
	if (e || !ok)
		return e;
	/* A mail to nobody is queued as void, so that it costs the same time.
	 */
	return db_run(c->db, &sql[ADD],
		      ARGS(arg_id(m->user_id), arg_int(m->kind),
			   arg_text(queued_address(m)),
			   arg_id(m->organization_id), arg_id(m->about_id),
			   arg_int(!m->user_id && !m->organization_id),
			   arg_time(c->now), arg_time(c->now)));
}

enum err
account_mail_void(struct ctx *c, int64_t user_id)
{
	return db_run(c->db, &sql[VOID_ALL], ARGS(arg_int(user_id)));
}

enum err
account_mail_void_unowned(struct ctx *c, int64_t user_id)
{
	return db_run(c->db, &sql[VOID_UNOWNED], ARGS(arg_int(user_id)));
}

enum err
account_mail_disown(struct ctx *c, int64_t user_id)
{
	enum err e = account_mail_void(c, user_id);

	return e ? e : db_run(c->db, &sql[DISOWN], ARGS(arg_int(user_id)));
}

enum err
account_mail_purge(bool *more, struct ctx *c)
{
	const struct arg hour_ago = arg_time(c->now - HOUR);
	enum err e;

	*more = false;
	e = purge_batch(
	    more, c, &sql[PURGE],
	    ARGS(hour_ago, arg_time(c->now + HOUR), arg_int(PURGE_BATCH)),
	    PURGE_BATCH);
	return e ? e
		 : purge_batch(more, c, &sql[PURGE_NOBODY],
			       ARGS(hour_ago, arg_int(PURGE_BATCH)),
			       PURGE_BATCH);
}
