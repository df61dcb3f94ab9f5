/* Erasing a person.
 *
 * The request itself ends the account in one transaction: the login gets other
 * names and no password, profiles are deactivated, tokens revoked, and what is
 * stored about logging in is deleted, and so are the files that the person
 * uploaded as a customer. Comments, history, notifications and other files hold
 * a copy of the person's name, and the history the names of those files. They
 * are replaced in batches, by id: the first batches within the request, the
 * others by docket-sync. Table erasure holds how far that is. At last the
 * client addresses in the security log go.
 *
 * Replies in Linear begin with the name of their author. The batch that renames
 * a comment also marks it as outdated in Linear, and its issue in the outbox.
 * Files that the person uploaded as a customer go from their replies as well.
 *
 * Each table is written by its own module; this file only decides the order. */

#include "desk/erasure.h"

#include "base/high_water.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/account_mail.h"
#include "desk/activity.h"
#include "desk/attachment.h"
#include "desk/comment.h"
#include "desk/directory.h"
#include "desk/email_proof.h"
#include "desk/handover.h"
#include "desk/idempotency.h"
#include "desk/invitation.h"
#include "desk/lockout.h"
#include "desk/mail_in.h"
#include "desk/notification.h"
#include "desk/organization.h"
#include "desk/profile.h"
#include "desk/search_index.h"
#include "desk/security_log.h"
#include "desk/sync_job.h"
#include "desk/token.h"
#include "desk/user.h"

#define BATCH		10000 /* rows that a transaction reads */
#define REQUEST_BATCHES 20    /* that a request waits for */

enum { OWNED, INVITED, BEGIN, NEXT, ADVANCE, END, STATEMENTS };

static struct stmt sql[] = {
    [OWNED] = {"SELECT p.id, p.organization_id, o.name FROM profile p "
	       "JOIN organization o ON o.id = p.organization_id "
	       "WHERE p.user_id = ? AND p.kind = 'vendor' AND p.is_active"},
    [INVITED] = {"SELECT w.id FROM user u JOIN user w "
		 "ON w.email_key = u.proved_email AND w.id <> u.id "
		 "AND w.password_hash = '' WHERE u.id = ?"},
    [BEGIN] = {"INSERT IGNORE INTO erasure (user_id, created_at, name) "
	       "SELECT u.id, ?, " SQL_FULL_NAME("u") " FROM user u "
						     "WHERE u.id = ?"},
    [NEXT] = {"SELECT user_id, behind_id, GREATEST("
	      "(SELECT COALESCE(MAX(id), 0) FROM comment), "
	      "(SELECT COALESCE(MAX(id), 0) FROM activity), "
	      "(SELECT COALESCE(MAX(id), 0) FROM notification), "
	      "(SELECT COALESCE(MAX(id), 0) FROM attachment)) "
	      "FROM erasure WHERE done_at IS NULL ORDER BY user_id LIMIT 1 "
	      "FOR UPDATE"},
    [ADVANCE] = {"UPDATE erasure SET behind_id = ? WHERE user_id = ?"},
    [END] = {"UPDATE erasure SET done_at = ?, name = NULL WHERE user_id = ?"},
};

const struct statements erasure_statements = {sql, STATEMENTS};

/* The arguments of erase_within(). */
struct erase {
	struct ctx *c;
	const struct actor *who;
	int64_t user_id;
};

/* Refuses when an organization would have no owner. */
static enum err
check_owned(struct erase *g)
{
	struct ctx *c = g->c;
	struct rows owned;
	enum err e =
	    db_query(&owned, c->db, &sql[OWNED], ARGS(arg_int(g->user_id)));

	while (!e && rows_next(&owned)) {
		const int64_t profile = col_int(&owned), org = col_int(&owned);
		bool has_other = true;

		e = organization_has_other_owner(&has_other, c, org, profile);
		if (e || has_other)
			continue;
		(void)fault_add(&c->faults, "non_field_errors",
				"%s must keep at least one owner. Make "
				"somebody else an owner first.",
				col_text(&owned));
		e = ERR_CONFLICT;
	}
	return e;
}

static enum err
end_account(struct ctx *c, int64_t user_id)
{
	static enum err (*const steps[])(struct ctx *, int64_t) = {
	    profile_deactivate_all, lockout_forget_networks,
	    email_proof_forget,	    idempotency_forget_user,
	    mail_job_void_user,	    job_mark_uploader,
	    attachment_erase_user,
	};
	/* while the account has its address */
	enum err e = mail_in_forget_user(c, user_id);

	if (!e)
		e = user_erase(c, user_id, ERASED_NAME);
	for (size_t i = 0; !e && i < sizeof(steps) / sizeof(steps[0]); i++)
		e = steps[i](c, user_id);
	return e ? e : token_revoke_all(c, user_id, 0);
}

/* Ends the invitations to the address that the person has proved. Each has a
 * login of its own, which names the address as well. */
static enum err
end_invitations(struct ctx *c, int64_t user_id)
{
	struct rows invited;
	enum err e =
	    db_query(&invited, c->db, &sql[INVITED], ARGS(arg_int(user_id)));

	while (!e && rows_next(&invited)) {
		const int64_t login = col_int(&invited);

		e = handover_begin_all(c, ERASED_NAME, login);
		if (!e)
			e = invitation_end(c, login);
		if (!e)
			e = end_account(c, login);
	}
	return e ? e : mail_job_void_unowned(c, user_id);
}

static enum err
erase_within(void *arg)
{
	struct erase *g = arg;
	struct ctx *c = g->c;
	enum err e = check_owned(g);

	if (!e)
		e = handover_begin_all(c, ERASED_NAME, g->user_id);
	if (!e)
		e = db_run(c->db, &sql[BEGIN],
			   ARGS(arg_time(c->now), arg_int(g->user_id)));
	if (!e)
		e = end_invitations(c, g->user_id);
	if (!e)
		e = end_account(c, g->user_id);
	if (!e)
		e = search_person_changed(c, g->user_id);
	if (!e)
		e = directory_person_changed(c, g->user_id);
	if (!e)
		e = security_log_add(c, SECURITY_PERSON_ERASED, g->who,
				     g->user_id, NULL);
	/* before the commit, so that a restored database learns of every
	 * erasure that a person was told about */
	if (!e && !high_water_erased(g->user_id))
		e = ERR_DB;
	return e;
}

static enum err
rename_batch(struct ctx *c, int64_t user_id, int64_t behind)
{
	static enum err (*const rename[])(struct ctx *, int64_t, const char *,
					  int64_t, int64_t) = {
	    comment_rename_author,	activity_rename_actor,
	    activity_rename_assignee,	notification_rename_actor,
	    attachment_rename_uploader,
	};
	enum err e = OK;

	for (size_t i = 0; !e && i < sizeof(rename) / sizeof(rename[0]); i++)
		e = rename[i](c, user_id, ERASED_NAME, behind, behind + BATCH);
	if (!e)
		e = activity_forget_files(c, user_id, behind, behind + BATCH);
	if (!e)
		e = job_mark_author(c, user_id, behind, behind + BATCH);
	return e ? e
		 : db_run(c->db, &sql[ADVANCE],
			  ARGS(arg_int(behind + BATCH), arg_int(user_id)));
}

/* The arguments of catch_up_within(). */
struct erasure_batch {
	struct ctx *c;
	bool *more;
};

static enum err
catch_up_within(void *arg)
{
	struct erasure_batch *b = arg;
	struct ctx *c = b->c;
	int64_t user_id, behind;
	struct rows rows;
	bool more_addresses;
	enum err e = db_one(&rows, c->db, &sql[NEXT], NO_ARGS);

	*b->more = e == OK;
	if (e)
		return e == ERR_NOTFOUND ? OK : e;
	user_id = col_int(&rows);
	behind = col_int(&rows);
	if (behind < col_int(&rows))
		return rename_batch(c, user_id, behind);
	e = security_log_forget_addresses(&more_addresses, c, user_id, BATCH);
	if (e || more_addresses)
		return e;
	return db_run(c->db, &sql[END],
		      ARGS(arg_time(c->now), arg_int(user_id)));
}

enum err
erasure_catch_up(bool *more, struct ctx *c)
{
	struct erasure_batch b = {c, more};

	return db_transaction(c->db, catch_up_within, &b);
}

enum err
person_erase(struct ctx *c, const struct actor *who, int64_t user_id)
{
	struct erase g = {c, who, user_id};
	bool more = true;
	enum err e = db_transaction(c->db, erase_within, &g);

	for (int i = 0; !e && more && i < REQUEST_BATCHES; i++)
		e = erasure_catch_up(&more, c);
	return e;
}
