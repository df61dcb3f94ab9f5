#include "desk/invitation.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/account_mail.h"
#include "desk/handover.h"
#include "desk/security_log.h"
#include "desk/token.h"
#include "desk/user.h"

enum { SEND, LIST, FIND, TARGET, END, END_OF_USER, STATEMENTS };

/* Invitations to the address that user u has proved. */
#define OF_PERSON                                                        \
	"FROM user u JOIN user w ON w.email_key = u.proved_email "       \
	"AND w.id <> u.id AND w.password_hash = '' "                     \
	"JOIN profile p ON p.user_id = w.id AND p.is_active "            \
	"JOIN invitation i ON i.profile_id = p.id AND i.expires_at > ? " \
	"JOIN organization o ON o.id = p.organization_id "               \
	"WHERE u.id = ? "

static struct stmt sql[] = {
    [SEND] = {"REPLACE INTO invitation (profile_id, created_at, expires_at) "
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

enum err
invitation_send(struct ctx *c, int64_t organization_id, int64_t profile_id,
		const char *email)
{
	struct account_mail mail = {.kind = MAIL_INVITATION,
				    .address = email,
				    .organization_id = organization_id};
	enum err e = db_run(c->db, &sql[SEND],
			    ARGS(arg_int(profile_id), arg_time(c->now),
				 arg_time(c->now + INVITATION_LIFE)));

	if (e)
		return e;
	mail.about_id = db_insert_id(c->db);
	return account_mail_add(c, &mail);
}

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

/* An answer in the making. */
struct answering {
	struct ctx *c;
	const struct actor *who;
	int64_t id;
	bool accepts;
	int64_t profile_id, waiting_user_id, organization_id;
};

static enum err
find(struct answering *a)
{
	struct rows rows;
	enum err e = db_one(&rows, a->c->db, &sql[FIND],
			    ARGS(arg_time(a->c->now), arg_int(a->who->user_id),
				 arg_int(a->id)));

	if (e)
		return e;
	a->profile_id = col_int(&rows);
	a->waiting_user_id = col_int(&rows);
	a->organization_id = col_int(&rows);
	return OK;
}

/* The profile moves, and the login in which it waited is no more. */
static enum err
take_profile(struct answering *a)
{
	enum err e = profile_move(a->c, a->profile_id, a->who->user_id);

	return e ? e : user_delete(a->c, a->waiting_user_id);
}

/* What waited to be assigned to the person goes back to nobody. */
static enum err
give_up_profile(struct answering *a)
{
	struct actor who = *a->who;
	enum err e = profile_deactivate(a->c, a->profile_id);

	who.organization_id = a->organization_id;
	return e ? e : handover_begin(a->c, &who, a->profile_id, 0);
}

static enum err
answer(void *arg)
{
	struct answering *a = arg;
	struct actor who = *a->who;
	struct ctx *c = a->c;
	enum err e = find(a);

	if (!e)
		e = token_revoke_all(c, a->waiting_user_id, 0);
	if (!e)
		e = db_run(c->db, &sql[END], ARGS(arg_int(a->profile_id)));
	if (!e)
		e = a->accepts ? take_profile(a) : give_up_profile(a);
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
	struct answering a = {.c = c, .who = who, .id = id, .accepts = true};

	return db_transaction(c->db, answer, &a);
}

enum err
invitation_decline(struct ctx *c, const struct actor *who, int64_t id)
{
	struct answering a = {.c = c, .who = who, .id = id};

	return db_transaction(c->db, answer, &a);
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
