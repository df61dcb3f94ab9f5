/* Mails about an account itself, and how many of them may be sent.
 *
 * Strangers can cause such mails, with a form that takes any address. So each
 * address and each account (or inviting organization) has a limit for each kind
 * of mail, and each network has one for all that it asks for. They are counted
 * in table mail_share by a hash of the subject. Mails beyond a limit are
 * dropped silently. This differs from quota.c, which refuses requests and tells
 * the caller so. The rows of the mails are mail_job.c's; lib/mail/content.c
 * reads what they say when they are sent. */

#include "desk/account_mail.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "base/network.h"
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

/* A confirmation is of use only to the account that it was sent for. So one
 * network must not use up all that an address may get. */
static const struct mail_limit of_confirmation = {4, MINUTE, 10 * MINUTE};
static const struct mail_limit of_confirmation_here = {3, 0, 0};

/* Of the mails that need no more than an address to be typed in. */
static const struct mail_limit of_network = {200, 0, 0};

enum { BEGIN, TAKE, GIVE_BACK, PURGE, STATEMENTS };

static struct stmt sql[] = {
    [BEGIN] = {"INSERT IGNORE INTO mail_share (subject, sent, last_at) "
	       "VALUES (?, 1, ?)"},
    /* Assignments run from left to right: `sent` uses the old last_at. */
    [TAKE] = {"UPDATE mail_share SET sent = IF(last_at <= ?, 1, sent + 1), "
	      "last_at = ? WHERE subject = ? AND last_at <= "
	      "CASE WHEN sent >= ? THEN ? WHEN sent = 1 THEN ? ELSE ? END"},
    [GIVE_BACK] = {"UPDATE mail_share SET sent = sent - 1 WHERE subject = ?"},
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

/* Undoes count_mail() for a mail that another limit dropped. */
static enum err
uncount_mail(struct ctx *c, const char *subject)
{
	unsigned char hash[HASH_BYTES];

	hash_text(hash, subject);
	return db_run(c->db, &sql[GIVE_BACK],
		      ARGS(arg_bytes(hash, HASH_BYTES)));
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

/* The case of letters does not matter; domains beyond ASCII are punycode
 * already. */
static const char *
address_subject(struct ctx *c, const struct account_mail *m)
{
	char *subject =
	    arena_printf(c->arena, "address %d %s", (int)m->kind, m->address);

	for (char *p = subject; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p += 'a' - 'A';
	return subject;
}

/* Against the limit of the address. */
static enum err
count_for_address(bool *ok, struct ctx *c, const struct account_mail *m)
{
	const char *all = address_subject(c, m), *here;
	char network[NETWORK_TEXT];
	enum err e;

	if (m->kind != MAIL_CONFIRM_ADDRESS)
		return count_mail(ok, c, all, &of_address);
	here = arena_printf(c->arena, "%s from %s", all,
			    network_text(network, c->client));
	e = count_mail(ok, c, here, &of_confirmation_here);
	if (e || !*ok)
		return e;
	e = count_mail(ok, c, all, &of_confirmation);
	return e || *ok ? e : uncount_mail(c, here);
}

/* Against the limit of the client's network, if the mail has one. */
static enum err
count_for_network(bool *ok, struct ctx *c, const struct account_mail *m)
{
	char network[NETWORK_TEXT];

	*ok = true;
	if ((m->kind != MAIL_CONFIRM_ADDRESS &&
	     m->kind != MAIL_PASSWORD_RESET) ||
	    !*network_text(network, c->client))
		return OK;
	return count_mail(ok, c, arena_printf(c->arena, "network %s", network),
			  &of_network);
}

/* NULL for mails about passwords: they go to the address that the account has
 * when they are sent, never to one that it has given up. */
static const char *
queued_address(const struct account_mail *m)
{
	return m->kind == MAIL_PASSWORD_RESET ||
		       m->kind == MAIL_PASSWORD_CHANGED ||
		       m->kind == MAIL_RAISED_BY_MAIL
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
	/* The address comes before the cause: a mail that is not sent to it
	 * must not use up the limit of an account. */
	e = count_for_network(&ok, c, m);
	if (!e && ok)
		e = count_for_address(&ok, c, m);
	if (!e && ok)
		e = count_for_cause(&ok, c, m);
	if (e || !ok)
		return e;
	return mail_job_add_account(c, m, queued_address(m));
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
	return e ? e : mail_job_purge_nobody(more, c, c->now - HOUR);
}
