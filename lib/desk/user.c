/* Logins: how they are created and changed.
 *
 * A person logs in by username or by proved address, both typed into the same
 * field. So a username must not be the address of somebody else (username.c).
 * Usernames are unique; several accounts may name the same address, but only
 * one can have proved it. The columns username_key and proved_email of table
 * user hold these rules, and this file, the only one that writes the table,
 * turns a duplicate key into the fault of a field.
 *
 * Users are read in user_find.c, and sign up in user_sign_up.c. Passwords are
 * checked in auth.c, the links that prove an address are in email_proof.c, and
 * what a user may act as is in profile.c. */

#include "desk/user.h"

#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/crypto.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/directory.h"
#include "desk/handover.h"
#include "desk/list_revision.h"
#include "desk/password_rule.h"
#include "desk/search_index.h"
#include "desk/security_log.h"
#include "desk/token.h"
#include "username.h"

enum {
	CREATE,
	SET_PASSWORD,
	PROVE_EMAIL,
	NON_ASCII_EMAILS,
	REWRITE_EMAIL,
	CHANGE,
	SET_ACTIVE,
	LOGGED_IN,
	BOUNCED,
	FORGET_BOUNCE,
	ERASE,
	DELETE,
	STATEMENTS
};

static struct stmt sql[] = {
    [CREATE] = {"INSERT INTO user (username, email, email_verified, "
		"first_name, last_name, password_hash, created_at) "
		"VALUES (?, ?, ?, ?, ?, ?, ?)"},
    [SET_PASSWORD] = {"UPDATE user SET password_hash = ? WHERE id = ?"},
    [PROVE_EMAIL] = {"UPDATE user SET email = COALESCE(?, email), "
		     "email_verified = TRUE WHERE id = ?"},
    [NON_ASCII_EMAILS] = {"SELECT id, email FROM user "
			  "WHERE LENGTH(email) <> CHAR_LENGTH(email)"},
    [REWRITE_EMAIL] = {"UPDATE user SET email = ? WHERE id = ?"},
    [CHANGE] = {"UPDATE user SET first_name = COALESCE(?, first_name), "
		"last_name = COALESCE(?, last_name), "
		"wants_mail = IF(?, ?, wants_mail) WHERE id = ?",
		true},
    [SET_ACTIVE] = {"UPDATE user SET is_active = ? WHERE id = ?", true},
    [LOGGED_IN] = {"UPDATE user SET last_login_at = ? WHERE id = ?"},
    [BOUNCED] = {"INSERT IGNORE INTO mail_bounce (user_id, bounced_at) "
		 "VALUES (?, ?)"},
    [FORGET_BOUNCE] = {"DELETE FROM mail_bounce WHERE user_id = ?"},
    [ERASE] = {"UPDATE user SET is_active = FALSE, wants_mail = FALSE, "
	       "email_verified = FALSE, password_hash = '', "
	       "first_name = ?, last_name = '', "
	       "username = ?, "
	       "email = CONCAT('deleted-', id, '@deleted.invalid') "
	       "WHERE id = ?",
	       true},
    [DELETE] = {"DELETE FROM user WHERE id = ?", true},
};

const struct statements user_statements = {sql, STATEMENTS};

/* --- creating ------------------------------------------------------------ */

/* Which unique key a duplicate violated: the server's message ends with the
 * key's name. The value stands before it, and may contain anything. */
static bool
email_is_taken(struct ctx *c)
{
	const char *key = strrchr(db_error(c->db), ' ');

	return key && strstr(key, "proved_email");
}

enum err
user_create_named(int64_t *id, struct ctx *c, const struct user_new *new)
{
	char hash[PASSWORD_HASH_TEXT] = "";
	enum err e = OK;

	if (new->password)
		e = password_rule(c, "password", new->password, new->username,
				  new->email);
	if (e)
		return e;
	if (new->password)
		password_hash(hash, new->password);
	e = db_run(c->db, &sql[CREATE],
		   ARGS(arg_text(new->username), arg_text(new->email),
			arg_int(new->email_verified),
			arg_text(new->first_name ? new->first_name : ""),
			arg_text(new->last_name ? new->last_name : ""),
			arg_text(hash), arg_time(c->now)));
	if (e == ERR_CONFLICT)
		return fault_add(&c->faults,
				 email_is_taken(c) ? "email" : "username",
				 "Another account has it already.");
	if (!e)
		*id = db_insert_id(c->db);
	return e;
}

enum err
user_create(int64_t *id, struct ctx *c, const struct user_new *new)
{
	enum err e = username_check(c, new);

	return e ? e : user_create_named(id, c, new);
}

/* --- changing ------------------------------------------------------------ */

enum err
user_set_password(struct ctx *c, int64_t id, const char *password)
{
	char hash[PASSWORD_HASH_TEXT];

	password_hash(hash, password);
	return db_run(c->db, &sql[SET_PASSWORD],
		      ARGS(arg_text(hash), arg_int(id)));
}

/* Mails are sent again. */
static enum err
forget_bounce(struct ctx *c, int64_t id)
{
	return db_run(c->db, &sql[FORGET_BOUNCE], ARGS(arg_int(id)));
}

enum err
user_prove_email(struct ctx *c, int64_t id, const char *email)
{
	enum err e =
	    revision_run(c, &(struct renamed){.user_id = id}, &sql[PROVE_EMAIL],
			 ARGS(arg_text(email), arg_int(id)));

	return e ? e : forget_bounce(c, id);
}

enum err
user_rewrite_addresses(struct ctx *c)
{
	char kept[ADDRESS_MAX + 1];
	struct rows rows;
	int64_t id;
	enum err e = db_query(&rows, c->db, &sql[NON_ASCII_EMAILS], NO_ARGS);

	while (!e && rows_next(&rows)) {
		id = col_int(&rows);
		if (address_read(kept, col_text(&rows), HOST_OF_INTERNET))
			continue;
		e = revision_run(c, &(struct renamed){.user_id = id},
				 &sql[REWRITE_EMAIL],
				 ARGS(arg_text(kept), arg_int(id)));
		/* Another account has proved this form of the address. */
		if (e == ERR_CONFLICT)
			e = OK;
	}
	return e;
}

/* The arguments of change_user(). */
struct user_edit {
	struct ctx *c;
	int64_t id;
	const struct user_change *change;
};

static bool
is_renamed(const struct user *was, const struct user_change *ch)
{
	return (ch->first_name &&
		strcmp(ch->first_name, was->first_name) != 0) ||
	       (ch->last_name && strcmp(ch->last_name, was->last_name) != 0);
}

/* Staff find people by their names, and issues by the customer's, so after a
 * new name both are indexed again. */
static enum err
change_user(void *arg)
{
	const struct user_edit *g = arg;
	const struct user_change *ch = g->change;
	struct user *was;
	enum err e = user_get(&was, g->c, g->id);

	if (!e)
		e = revision_run(
		    g->c, &(struct renamed){.user_id = g->id}, &sql[CHANGE],
		    ARGS(arg_text(ch->first_name), arg_text(ch->last_name),
			 arg_int(ch->set_mail), arg_int(ch->wants_mail),
			 arg_int(g->id)));
	if (!e && ch->set_mail && ch->wants_mail)
		e = forget_bounce(g->c, g->id);
	if (e || !is_renamed(was, ch))
		return e;
	e = directory_person_changed(g->c, g->id);
	return e ? e : search_person_changed(g->c, g->id);
}

enum err
user_change(struct ctx *c, int64_t id, const struct user_change *ch)
{
	struct user_edit g = {c, id, ch};

	return db_transaction(c->db, change_user, &g);
}

enum err
user_logged_in(struct ctx *c, int64_t id)
{
	return db_run(c->db, &sql[LOGGED_IN],
		      ARGS(arg_time(c->now), arg_int(id)));
}

/* The arguments of set_active_within(). */
struct activating {
	struct ctx *c;
	int64_t id;
	bool active;
};

static enum err
set_active_within(void *arg)
{
	const struct activating *a = arg;
	const struct actor nobody = {0};
	enum err e = db_run(a->c->db, &sql[SET_ACTIVE],
			    ARGS(arg_int(a->active), arg_int(a->id)));

	if (!e && !a->active)
		e = token_revoke_all(a->c, a->id, 0);
	if (!e)
		e = a->active ? handover_end_all(a->c, a->id)
			      : handover_begin_all(a->c, "Docket", a->id);
	return e ? e
		 : security_log_add(a->c,
				    a->active ? SECURITY_ACCOUNT_ACTIVATED
					      : SECURITY_ACCOUNT_DEACTIVATED,
				    &nobody, a->id, NULL);
}

enum err
user_set_active(struct ctx *c, int64_t id, bool active)
{
	struct activating a = {c, id, active};

	return db_transaction(c->db, set_active_within, &a);
}

enum err
user_mail_bounced(bool *first, struct ctx *c, int64_t id)
{
	enum err e =
	    db_run(c->db, &sql[BOUNCED], ARGS(arg_int(id), arg_time(c->now)));

	*first = !e && db_affected(c->db) > 0;
	return e;
}

/* --- deleting ------------------------------------------------------------ */

enum err
user_erase(struct ctx *c, int64_t id, const char *name)
{
	/* with something random in it, so that nobody can take it first */
	const char *username = user_name_of(
	    c, arena_printf(c->arena, "deleted-%lld", (long long)id));

	return revision_run(
	    c, &(struct renamed){.user_id = id}, &sql[ERASE],
	    ARGS(arg_text(name), arg_text(username), arg_int(id)));
}

enum err
user_delete(struct ctx *c, int64_t id)
{
	return db_run(c->db, &sql[DELETE], ARGS(arg_int(id)));
}
