#include "desk/account_mail.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "db/db.h"
#include "db/statements.h"

#define MINUTE (60 * USEC_PER_SEC)
#define HOUR   (60 * MINUTE)

#define PURGE_BATCH 5000

/* Requests do not come here in the order of their times. */
#define SKEW USEC_PER_SEC

/* How many mails of a kind an hour, and the pauses behind the first one and
 * behind each later one. An hour without any begins anew. */
struct share {
	int most;
	usec_t first_pause, pause;
};

static const struct share of_address = {3, MINUTE, 10 * MINUTE};
static const struct share of_account = {10, 0, 0};
static const struct share of_organization = {50, 0, 0};

enum {
	BEGIN,
	TAKE,
	ADD,
	VOID_ALL,
	VOID_UNOWNED,
	PURGE_NOBODY,
	PURGE,
	STATEMENTS
};

static struct stmt sql[] = {
    [BEGIN] = {"INSERT IGNORE INTO mail_share (subject, sent, last_at) "
	       "VALUES (?, 1, ?)"},
    /* assignments run left to right: `sent` asks for the old last_at */
    [TAKE] = {"UPDATE mail_share SET sent = IF(last_at <= ?, 1, sent + 1), "
	      "last_at = ? WHERE subject = ? AND last_at <= "
	      "CASE WHEN sent >= ? THEN ? WHEN sent = 1 THEN ? ELSE ? END"},
    [ADD] = {"INSERT INTO mail_job (user_id, kind, address, organization_id, "
	     "about_id, state, due_at, created_at) "
	     "VALUES (?, ?, ?, ?, ?, IF(?, 'void', 'due'), ?, ?)"},
    [VOID_ALL] = {"UPDATE mail_job SET address = NULL, "
		  "state = IF(state = 'due', 'void', state) "
		  "WHERE user_id = ?"},
    /* along by_kind, which has few of them */
    [VOID_UNOWNED] =
	{"UPDATE mail_job m JOIN user u ON u.id = ? "
	 "AND u.proved_email = LOWER(m.address) COLLATE utf8mb4_bin "
	 "SET m.address = NULL, m.state = IF(m.state = 'due', 'void', m.state) "
	 "WHERE m.user_id IS NULL "
	 "AND m.kind IN ('invitation', 'password_reset')"},
    [PURGE_NOBODY] = {"DELETE FROM mail_job WHERE user_id IS NULL "
		      "AND state = 'void' AND created_at < ? LIMIT ?"},
    /* also what a wrong clock put into the future */
    [PURGE] = {"DELETE FROM mail_share WHERE last_at < ? OR last_at > ? "
	       "LIMIT ?"},
};

const struct statements account_mail_statements = {sql, STATEMENTS};

/* *ok: the subject had not had its share, and this mail is counted. */
static enum err
take_share(bool *ok, struct ctx *c, const char *subject, const struct share *s)
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
			arg_bytes(hash, HASH_BYTES), arg_int(s->most),
			arg_time(hour_ago),
			arg_time(now + SKEW - s->first_pause),
			arg_time(now + SKEW - s->pause)));
	*ok = !e && db_affected(c->db) > 0;
	return e;
}

/* The share of who causes it. */
static enum err
take_cause(bool *ok, struct ctx *c, const struct account_mail *m)
{
	const int64_t id = m->organization_id ? m->organization_id : m->user_id;
	const char *subject =
	    id ? arena_printf(c->arena, "%s %lld %d",
			      m->organization_id ? "organization" : "user",
			      (long long)id, (int)m->kind)
	       : arena_printf(c->arena, "nobody %d %s", (int)m->kind,
			      m->address);

	return take_share(ok, c, subject,
			  m->organization_id ? &of_organization : &of_account);
}

/* Either case of an address is the same; beyond ASCII it is punycode. */
static enum err
take_address(bool *ok, struct ctx *c, const struct account_mail *m)
{
	char *subject =
	    arena_printf(c->arena, "address %d %s", (int)m->kind, m->address);

	for (char *p = subject; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p += 'a' - 'A';
	return take_share(ok, c, subject, &of_address);
}

/* A password mail must not go where the account's mail no longer goes. */
static const char *
kept_address(const struct account_mail *m)
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
	/* the address first: what is not sent to it costs nobody else a share
	 */
	e = take_address(&ok, c, m);
	if (!e && ok)
		e = take_cause(&ok, c, m);
	if (e || !ok)
		return e;
	/* a mail to nobody costs the same, and is never looked at */
	return db_run(c->db, &sql[ADD],
		      ARGS(arg_id(m->user_id), arg_int(m->kind),
			   arg_text(kept_address(m)),
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

static enum err
purge(bool *more, struct ctx *c, int which, const struct arg *args, size_t n)
{
	enum err e = db_run(c->db, &sql[which], args, n);

	if (!e && db_affected(c->db) == PURGE_BATCH)
		*more = true;
	return e;
}

enum err
account_mail_purge(bool *more, struct ctx *c)
{
	const struct arg hour_ago = arg_time(c->now - HOUR);
	enum err e;

	*more = false;
	e = purge(
	    more, c, PURGE,
	    ARGS(hour_ago, arg_time(c->now + HOUR), arg_int(PURGE_BATCH)));
	return e ? e
		 : purge(more, c, PURGE_NOBODY,
			 ARGS(hour_ago, arg_int(PURGE_BATCH)));
}
