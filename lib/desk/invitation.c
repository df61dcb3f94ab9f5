/* Invitations to the staff of an organization, by e-mail.
 *
 * Inviting creates a staff profile in a new login that has the address and no
 * password, whether or not somebody has an account with that address: the
 * inviting owner must neither learn that, nor be able to set the password of an
 * existing login. A mailed link sets the new login's password. A person who has
 * proved the address in another login accepts while logged in there: the
 * profile moves to that login, and the new one is deleted. Declining
 * deactivates the profile. A row of table invitation is an open invitation.
 *
 * The mail is queued by account_mail.c and written by mail/queue.c. */

#include "desk/invitation.h"

#include "base/address.h"
#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/account_mail.h"
#include "desk/handover.h"
#include "desk/profile.h"
#include "desk/security_log.h"
#include "desk/token.h"
#include "desk/user.h"

enum { INVITED, OPEN, LIST, FIND, TARGET, END, END_OF_USER, STATEMENTS };

/* The open invitations to the address that user u has proved. Takes the time,
 * then the user. */
#define OF_PERSON                                                        \
	"FROM user u JOIN user w ON w.email_key = u.proved_email "       \
	"AND w.id <> u.id AND w.password_hash = '' "                     \
	"JOIN profile p ON p.user_id = w.id AND p.is_active "            \
	"JOIN invitation i ON i.profile_id = p.id AND i.expires_at > ? " \
	"JOIN organization o ON o.id = p.organization_id "               \
	"WHERE u.id = ? "

static struct stmt sql[] = {
    /* a profile with that address, and whether it may be invited again */
    [INVITED] =
	{"SELECT p.id, u.id, u.password_hash = '' "
	 "AND NOT u.email_verified AND NOT EXISTS (SELECT 1 FROM invitation i "
	 "WHERE i.profile_id = p.id AND i.expires_at > ? "
	 "AND p.is_active) FROM user u JOIN profile p "
	 "ON p.user_id = u.id WHERE u.email_key = ? "
	 "AND p.organization_id = ? LIMIT 1"},
    [OPEN] = {"REPLACE INTO invitation (profile_id, created_at, expires_at) "
	      "VALUES (?, ?, ?)"},
    [LIST] = {"SELECT i.id, o.id, o.name, o.slug, p.kind + 0, i.created_at, "
	      "i.expires_at " OF_PERSON "ORDER BY i.id DESC LIMIT 100"},
    [FIND] = {"SELECT p.id, p.user_id, p.organization_id, p.kind + 0 " OF_PERSON
	      "AND i.id = ? FOR UPDATE"},
    [TARGET] = {"SELECT p.user_id, p.id, i.expires_at, "
		"EXISTS (SELECT 1 FROM user x "
		"WHERE x.proved_email = w.email_key) FROM invitation i "
		"JOIN profile p ON p.id = i.profile_id AND p.is_active "
		"JOIN user w ON w.id = p.user_id AND w.is_active "
		"AND w.password_hash = '' WHERE i.id = ? "
		"AND i.expires_at > ?"},
    [END] = {"DELETE FROM invitation WHERE profile_id = ?"},
    [END_OF_USER] = {"DELETE i FROM invitation i JOIN profile p "
		     "ON p.id = i.profile_id WHERE p.user_id = ?"},
};

const struct statements invitation_statements = {sql, STATEMENTS};

/* --- inviting ------------------------------------------------------------ */

/* The arguments of invite_within(). */
struct invite {
	struct ctx *c;
	const struct actor *who;
	const struct employee_new *new;
	int64_t user_id;
	struct employee_invited out;
};

static enum err
create_invited_login(struct invite *v)
{
	const struct user_new user = {
	    .username = v->new->username ? v->new->username
					 : user_name_of(v->c, v->new->email),
	    .email = v->new->email,
	    .first_name = v->new->first_name,
	    .last_name = v->new->last_name};
	enum err e = v->new->username
			 ? user_create(&v->user_id, v->c, &user)
			 : user_create_named(&v->user_id, v->c, &user);

	return e ? e
		 : profile_create(&v->out.id, v->c, v->user_id, v->new->role,
				  v->who->organization_id);
}

/* Uses the profile of an earlier invitation to the address again, or creates
 * one. */
static enum err
find_or_create_invited(struct invite *v)
{
	const struct profile_change again = {
	    .set_active = true, .is_active = true, .role = v->new->role};
	const int64_t org = v->who->organization_id;
	struct ctx *c = v->c;
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[INVITED],
			    ARGS(arg_time(c->now),
				 arg_text(account_key(c->arena, v->new->email)),
				 arg_int(org)));

	if (e == ERR_NOTFOUND)
		return create_invited_login(v);
	if (e)
		return e;
	v->out.id = col_int(&rows);
	v->user_id = col_int(&rows);
	if (!col_bool(&rows))
		return fault_add(&c->faults, "email",
				 "This person is already on the staff.");
	e = profile_change(c, org, v->out.id, &again);
	return e ? e : handover_end(c, v->out.id);
}

/* Ends an older invitation to the same profile, and queues the mail, within the
 * limits of account_mail_add(). */
static enum err
open_invitation(struct invite *v)
{
	struct ctx *c = v->c;
	struct account_mail mail = {.kind = MAIL_INVITATION,
				    .address = v->new->email,
				    .organization_id = v->who->organization_id};
	enum err e = db_run(c->db, &sql[OPEN],
			    ARGS(arg_int(v->out.id), arg_time(c->now),
				 arg_time(c->now + INVITATION_LIFE)));

	if (e)
		return e;
	mail.about_id = db_insert_id(c->db);
	return account_mail_add(c, &mail);
}

/* Where no mail is configured, the owner passes the link on. */
static enum err
issue_invitation_token(struct invite *v)
{
	struct ctx *c = v->c;
	const usec_t expires = c->now + INVITATION_LIFE;

	v->out.expires_at = clock_text(c->arena, expires);
	*v->out.token = '\0';
	if (c->conf->smtp_url)
		return OK;
	return token_issue(v->out.token, NULL, c, v->user_id, v->out.id,
			   TOKEN_PASSWORD, "invitation", expires);
}

static enum err
invite_within(void *arg)
{
	struct invite *v = arg;
	enum err e = find_or_create_invited(v);

	if (!e)
		e = open_invitation(v);
	if (!e)
		e = issue_invitation_token(v);
	return e ? e
		 : security_log_add(v->c, SECURITY_ROLE_INVITED, v->who,
				    v->user_id,
				    enum_name_text(role_names, v->new->role));
}

enum err
employee_invite(struct employee_invited *out, struct ctx *c,
		const struct actor *who, const struct employee_new *new)
{
	struct invite v = {.c = c, .who = who, .new = new};
	enum err e = db_transaction(c->db, invite_within, &v);

	if (!e)
		*out = v.out;
	return e;
}

/* --- answering ----------------------------------------------------------- */

enum err
invitation_list(struct invitation **out, size_t *n, struct ctx *c,
		const struct actor *who)
{
	struct rows rows;
	struct invitation *i;
	enum err e = db_query(&rows, c->db, &sql[LIST],
			      ARGS(arg_time(c->now), arg_int(who->user_id)));

	if (e)
		return e;
	*n = rows.count;
	*out = i = arena_alloc(c->arena, (rows.count + 1) * sizeof(*i));
	for (; rows_next(&rows); i++) {
		i->id = col_int(&rows);
		i->organization_id = col_int(&rows);
		i->organization_name = col_text(&rows);
		i->organization_slug = col_text(&rows);
		i->role = (enum role)col_int(&rows);
		i->created_at = col_text(&rows);
		i->expires_at = col_text(&rows);
	}
	return OK;
}

/* The arguments of answer_within(). */
struct answer {
	struct ctx *c;
	const struct actor *who;
	int64_t id;
	bool accepts;
	int64_t profile_id, invited_user_id, organization_id;
};

static enum err
find_invitation(struct answer *a)
{
	struct rows rows;
	enum err e = db_one(&rows, a->c->db, &sql[FIND],
			    ARGS(arg_time(a->c->now), arg_int(a->who->user_id),
				 arg_int(a->id)));

	if (e)
		return e;
	a->profile_id = col_int(&rows);
	a->invited_user_id = col_int(&rows);
	a->organization_id = col_int(&rows);
	return OK;
}

/* Moves the profile to the actor, and deletes the login that it was in. */
static enum err
accept_profile(struct answer *a)
{
	enum err e = profile_move(a->c, a->profile_id, a->who->user_id);

	if (!e)
		e = mail_job_disown(a->c, a->invited_user_id);
	return e ? e : user_delete(a->c, a->invited_user_id);
}

/* Deactivates the profile. Issues that were assigned to it go to nobody. */
static enum err
decline_profile(struct answer *a)
{
	static const struct profile_change inactive = {.set_active = true};
	struct actor who = *a->who;
	enum err e =
	    profile_change(a->c, a->organization_id, a->profile_id, &inactive);

	who.organization_id = a->organization_id;
	return e ? e : handover_begin(a->c, &who, a->profile_id, 0);
}

static enum err
answer_within(void *arg)
{
	struct answer *a = arg;
	struct actor who = *a->who;
	struct ctx *c = a->c;
	enum err e = find_invitation(a);

	if (!e)
		e = token_revoke_all(c, a->invited_user_id, 0);
	if (!e)
		e = db_run(c->db, &sql[END], ARGS(arg_int(a->profile_id)));
	if (!e)
		e = a->accepts ? accept_profile(a) : decline_profile(a);
	who.organization_id = a->organization_id;
	return e ? e
		 : security_log_add(c,
				    a->accepts ? SECURITY_ROLE_ACCEPTED
					       : SECURITY_ROLE_DECLINED,
				    &who, who.user_id, NULL);
}

enum err
invitation_accept(struct ctx *c, const struct actor *who, int64_t id)
{
	struct answer a = {.c = c, .who = who, .id = id, .accepts = true};

	return db_transaction(c->db, answer_within, &a);
}

enum err
invitation_decline(struct ctx *c, const struct actor *who, int64_t id)
{
	struct answer a = {.c = c, .who = who, .id = id};

	return db_transaction(c->db, answer_within, &a);
}

enum err
invitation_target(struct invitation_target *out, struct ctx *c, int64_t id)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[TARGET],
			    ARGS(arg_int(id), arg_time(c->now)));

	if (e)
		return e;
	out->user_id = col_int(&rows);
	out->profile_id = col_int(&rows);
	(void)clock_parse(&out->expires, col_text(&rows));
	out->has_account = col_bool(&rows);
	return OK;
}

enum err
invitation_end(struct ctx *c, int64_t user_id)
{
	return db_run(c->db, &sql[END_OF_USER], ARGS(arg_int(user_id)));
}
