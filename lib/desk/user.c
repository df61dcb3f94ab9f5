#include "desk/user.h"

#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/crypto.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/email_proof.h"
#include "desk/handover.h"
#include "desk/password_rule.h"
#include "desk/search_index.h"

#define COLUMNS                                                       \
	"u.id, u.username, u.email, u.email_verified, u.first_name, " \
	"u.last_name, " SQL_FULL_NAME(                                \
	    "u") ", u.password_hash, u.is_active, u.wants_mail, "     \
		 "u.last_login_at, u.created_at"

enum {
	GET,
	FIND,
	CREATE,
	SET_PASSWORD,
	PROVE_EMAIL,
	FOREIGN_EMAILS,
	REWRITE_EMAIL,
	SET_MAIL,
	CHANGE,
	SET_ACTIVE,
	LOGGED_IN,
	PROFILES,
	PROFILE_CREATE,
	CUSTOMER_PROFILE_CREATE,
	CUSTOMER_CREATE,
	PROFILE_MOVE,
	PROFILE_DEACTIVATE,
	DELETE,
	BY_ADDRESS,
	CUSTOMER_FIND,
	STATEMENTS
};

static struct stmt sql[] = {
    [GET] = {"SELECT " COLUMNS " FROM user u WHERE u.id = ?"},
    /* whoever proved an address has it, even if another one is called so */
    [FIND] = {"SELECT " COLUMNS " FROM user u WHERE u.proved_email = ? "
	      "OR u.username_key = ? ORDER BY u.proved_email <=> ? DESC "
	      "LIMIT 1"},
    [CREATE] = {"INSERT INTO user (username, email, email_verified, "
		"first_name, last_name, password_hash, created_at) "
		"VALUES (?, ?, ?, ?, ?, ?, ?)"},
    [SET_PASSWORD] = {"UPDATE user SET password_hash = ? WHERE id = ?"},
    [PROVE_EMAIL] = {"UPDATE user SET email = COALESCE(?, email), "
		     "email_verified = TRUE WHERE id = ?"},
    [FOREIGN_EMAILS] = {"SELECT id, email FROM user "
			"WHERE LENGTH(email) <> CHAR_LENGTH(email)"},
    [REWRITE_EMAIL] = {"UPDATE user SET email = ? WHERE id = ?"},
    [SET_MAIL] = {"UPDATE user SET wants_mail = ? WHERE id = ?"},
    [CHANGE] = {"UPDATE user SET first_name = COALESCE(?, first_name), "
		"last_name = COALESCE(?, last_name), "
		"wants_mail = IF(?, ?, wants_mail) WHERE id = ?",
		true},
    [SET_ACTIVE] = {"UPDATE user SET is_active = ? WHERE id = ?", true},
    [LOGGED_IN] = {"UPDATE user SET last_login_at = ? WHERE id = ?"},
    /* of a customer one row of each index: the first own issue, else the first
     * organization that takes issues */
    [PROFILES] =
	{"SELECT p.id, p.user_id, u.email, p.kind + 0, "
	 "p.organization_id, o.id, o.name, o.slug, p.is_primary, "
	 "p.is_active, p.created_at "
	 "FROM profile p JOIN user u ON u.id = p.user_id "
	 "LEFT JOIN organization o ON o.id = COALESCE("
	 "p.organization_id, "
	 "(SELECT i.organization_id FROM issue i "
	 "WHERE i.raised_by = p.user_id "
	 "ORDER BY i.created_at, i.id LIMIT 1), "
	 "(SELECT a.id FROM organization a WHERE a.is_active AND a.is_listed "
	 "ORDER BY a.id LIMIT 1)) "
	 "WHERE p.user_id = ? AND p.is_active "
	 "ORDER BY p.is_primary DESC, p.id"},
    [PROFILE_CREATE] = {"INSERT INTO profile (user_id, kind, organization_id, "
			"is_primary, created_at) SELECT ?, ?, ?, "
			"NOT EXISTS (SELECT 1 FROM profile q "
			"WHERE q.user_id = ?), ? FROM DUAL",
			true},
    /* the unique key lets several rows without an organization pass */
    [CUSTOMER_PROFILE_CREATE] =
	{"INSERT INTO profile (user_id, kind, is_primary, created_at) "
	 "SELECT ?, 'customer', NOT EXISTS (SELECT 1 FROM profile q "
	 "WHERE q.user_id = ?), ? FROM DUAL WHERE NOT EXISTS "
	 "(SELECT 1 FROM profile q WHERE q.user_id = ? "
	 "AND q.kind = 'customer')",
	 true},
    [PROFILE_MOVE] = {"UPDATE profile SET user_id = ?, is_primary = FALSE "
		      "WHERE id = ?",
		      true},
    [PROFILE_DEACTIVATE] = {"UPDATE profile SET is_active = FALSE "
			    "WHERE id = ?",
			    true},
    [DELETE] = {"DELETE FROM user WHERE id = ?", true},
    [BY_ADDRESS] = {"SELECT " COLUMNS " FROM user u WHERE u.email_key = ? "
		    "AND u.password_hash <> '' "
		    "ORDER BY u.email_verified DESC, u.id LIMIT 10"},
    [CUSTOMER_CREATE] =
	{"INSERT INTO customer (user_id, organization_id, created_at) "
	 "VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)"},
    [CUSTOMER_FIND] =
	{"SELECT u.id FROM user u JOIN customer k ON k.user_id = u.id "
	 "AND k.organization_id = ? WHERE u.id = COALESCE(?, "
	 "(SELECT a.id FROM user a WHERE a.proved_email = ?)) AND u.is_active "
	 "AND EXISTS (SELECT 1 FROM profile p WHERE p.user_id = u.id "
	 "AND p.kind = 'customer' AND p.is_active)"},
};

const struct statements user_statements = {sql, STATEMENTS};

const struct enum_name role_words[] = {{"customer", ROLE_CUSTOMER},
				       {"employee", ROLE_EMPLOYEE},
				       {"vendor", ROLE_VENDOR},
				       {NULL, 0}};

static void
read_user(struct user *u, struct rows *r)
{
	u->id = col_int(r);
	u->username = col_text(r);
	u->email = col_text(r);
	u->email_verified = col_bool(r);
	u->first_name = col_text(r);
	u->last_name = col_text(r);
	u->full_name = col_text(r);
	u->password_hash = col_text(r);
	u->is_active = col_bool(r);
	u->wants_mail = col_bool(r);
	u->last_login_at = col_text(r);
	u->created_at = col_text(r);
}

enum err
user_get(struct user **out, struct ctx *c, int64_t id)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[GET], ARGS(arg_int(id)));

	if (!e)
		read_user(*out = arena_alloc(c->arena, sizeof(**out)), &rows);
	return e;
}

enum err
user_list_by_address(struct user **out, size_t *n, struct ctx *c,
		     const char *email)
{
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[BY_ADDRESS],
			      ARGS(arg_text(account_key(c->arena, email))));

	if (e)
		return e;
	*n = rows.count;
	*out = arena_alloc(c->arena, (rows.count + 1) * sizeof(**out));
	for (size_t i = 0; rows_next(&rows); i++)
		read_user(&(*out)[i], &rows);
	return OK;
}

enum err
user_find(struct user **out, struct ctx *c, const char *login)
{
	const struct arg address = arg_text(address_key(c->arena, login)),
			 name = arg_text(account_key(c->arena, login));
	struct rows rows;
	enum err e =
	    db_one(&rows, c->db, &sql[FIND], ARGS(address, name, address));

	if (!e)
		read_user(*out = arena_alloc(c->arena, sizeof(**out)), &rows);
	return e;
}

static bool
is_own_address(struct ctx *c, const struct user_new *new)
{
	return strchr(new->username, '@') &&
	       strcmp(address_key(c->arena, new->username),
		      account_key(c->arena, new->email)) == 0;
}

/* A username may be the person's own address, not one of somebody else: both
 * are typed into the same box. */
static enum err
check_new(struct ctx *c, const struct user_new *new)
{
	if (!strchr(new->username, '@') || is_own_address(c, new))
		return OK;
	return fault_add(&c->faults, "username",
			 "It may hold an @ only if it is the email address.");
}

/* Which unique key a duplicate hit: its name ends the server's words, behind
 * the value, which may say anything. */
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
				 "It is taken by another account.");
	if (!e)
		*id = db_insert_id(c->db);
	return e;
}

enum err
user_create(int64_t *id, struct ctx *c, const struct user_new *new)
{
	enum err e = check_new(c, new);

	return e ? e : user_create_named(id, c, new);
}

const char *
user_name_of(struct ctx *c, const char *address)
{
	static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
	char random[8];

	for (size_t i = 0; i < sizeof(random) - 1; i++)
		random[i] = letters[random_below(sizeof(letters) - 1)];
	random[sizeof(random) - 1] = '\0';
	return arena_printf(c->arena, "%.*s@%s", (int)strcspn(address, "@"),
			    address, random);
}

enum err
user_rewrite_addresses(struct ctx *c)
{
	char kept[ADDRESS_MAX + 1];
	struct rows rows;
	int64_t id;
	enum err e = db_query(&rows, c->db, &sql[FOREIGN_EMAILS], NO_ARGS);

	while (!e && rows_next(&rows)) {
		id = col_int(&rows);
		if (address_read(kept, col_text(&rows), HOST_OF_INTERNET))
			continue;
		e = db_run(c->db, &sql[REWRITE_EMAIL],
			   ARGS(arg_text(kept), arg_int(id)));
		/* another account has proved it in this form */
		if (e == ERR_CONFLICT)
			e = OK;
	}
	return e;
}

enum err
user_set_password(struct ctx *c, int64_t id, const char *password)
{
	char hash[PASSWORD_HASH_TEXT];

	password_hash(hash, password);
	return db_run(c->db, &sql[SET_PASSWORD],
		      ARGS(arg_text(hash), arg_int(id)));
}

enum err
user_prove_email(struct ctx *c, int64_t id, const char *email)
{
	return db_run(c->db, &sql[PROVE_EMAIL],
		      ARGS(arg_text(email), arg_int(id)));
}

enum err
user_set_mail(struct ctx *c, int64_t id, bool wants_mail)
{
	return db_run(c->db, &sql[SET_MAIL],
		      ARGS(arg_int(wants_mail), arg_int(id)));
}

struct activating {
	struct ctx *c;
	int64_t id;
	bool active;
};

static enum err
activate(void *arg)
{
	const struct activating *a = arg;
	enum err e = db_run(a->c->db, &sql[SET_ACTIVE],
			    ARGS(arg_int(a->active), arg_int(a->id)));

	if (e)
		return e;
	return a->active ? handover_end_all(a->c, a->id)
			 : handover_begin_all(a->c, "Docket", a->id);
}

/* A change of an account in progress. */
struct user_changing {
	struct ctx *c;
	int64_t id;
	const struct user_change *change;
};

static bool
is_renamed(const struct user *was, const struct user_change *ch)
{
	return (ch->first_name && strcmp(ch->first_name, was->first_name)) ||
	       (ch->last_name && strcmp(ch->last_name, was->last_name));
}

/* Staff find the person's issues by the name: those are indexed again only
 * where it is another one. */
static enum err
change_user(void *arg)
{
	const struct user_changing *g = arg;
	const struct user_change *ch = g->change;
	struct user *was;
	enum err e = user_get(&was, g->c, g->id);

	if (!e)
		e = db_run(g->c->db, &sql[CHANGE],
			   ARGS(arg_text(ch->first_name),
				arg_text(ch->last_name), arg_int(ch->set_mail),
				arg_int(ch->wants_mail), arg_int(g->id)));
	return e || !is_renamed(was, ch) ? e
					 : search_person_changed(g->c, g->id);
}

enum err
user_change(struct ctx *c, int64_t id, const struct user_change *ch)
{
	struct user_changing g = {c, id, ch};

	return db_transaction(c->db, change_user, &g);
}

enum err
user_set_active(struct ctx *c, int64_t id, bool active)
{
	struct activating a = {c, id, active};

	return db_transaction(c->db, activate, &a);
}

enum err
user_logged_in(struct ctx *c, int64_t id)
{
	return db_run(c->db, &sql[LOGGED_IN],
		      ARGS(arg_time(c->now), arg_int(id)));
}

enum err
profile_list(struct profile **out, size_t *n, struct ctx *c, int64_t user_id)
{
	struct rows rows;
	struct profile *p;
	enum err e =
	    db_query(&rows, c->db, &sql[PROFILES], ARGS(arg_int(user_id)));

	if (e)
		return e;
	*n = rows.count;
	*out = p = arena_alloc(c->arena, (rows.count + 1) * sizeof(*p));
	for (; rows_next(&rows); p++) {
		p->id = col_int(&rows);
		p->user_id = col_int(&rows);
		p->user_email = col_text(&rows);
		p->role = (enum role)col_int(&rows);
		p->organization_id = col_int(&rows);
		p->shown_id = col_int(&rows);
		p->organization_name = col_text(&rows);
		p->organization_slug = col_text(&rows);
		p->is_primary = col_bool(&rows);
		p->is_active = col_bool(&rows);
		p->created_at = col_text(&rows);
	}
	return OK;
}

enum err
profile_create(int64_t *id, struct ctx *c, int64_t user_id, enum role role,
	       int64_t organization_id)
{
	enum err e;

	if (role == ROLE_CUSTOMER)
		e = db_run(c->db, &sql[CUSTOMER_PROFILE_CREATE],
			   ARGS(arg_int(user_id), arg_int(user_id),
				arg_time(c->now), arg_int(user_id)));
	else
		e = db_run(c->db, &sql[PROFILE_CREATE],
			   ARGS(arg_int(user_id), arg_int(role),
				arg_int(organization_id), arg_int(user_id),
				arg_time(c->now)));
	if (!e && db_affected(c->db) == 0)
		return ERR_CONFLICT;
	if (!e)
		*id = db_insert_id(c->db);
	return e;
}

enum err
profile_move(struct ctx *c, int64_t id, int64_t user_id)
{
	return db_run(c->db, &sql[PROFILE_MOVE],
		      ARGS(arg_int(user_id), arg_int(id)));
}

enum err
profile_deactivate(struct ctx *c, int64_t id)
{
	return db_run(c->db, &sql[PROFILE_DEACTIVATE], ARGS(arg_int(id)));
}

enum err
user_delete(struct ctx *c, int64_t id)
{
	return db_run(c->db, &sql[DELETE], ARGS(arg_int(id)));
}

enum err
customer_find(int64_t *user_id, struct ctx *c, int64_t organization_id,
	      int64_t id, const char *address)
{
	struct rows rows;
	enum err e = db_one(
	    &rows, c->db, &sql[CUSTOMER_FIND],
	    ARGS(arg_int(organization_id), arg_id(id),
		 arg_text(address ? address_key(c->arena, address) : NULL)));

	if (!e)
		*user_id = col_int(&rows);
	return e;
}

enum err
customer_create(int64_t *id, struct ctx *c, int64_t user_id,
		int64_t organization_id)
{
	/* concurrent first raises all come here: each gets the one row */
	enum err e = db_run(
	    c->db, &sql[CUSTOMER_CREATE],
	    ARGS(arg_int(user_id), arg_int(organization_id), arg_time(c->now)));

	if (!e)
		*id = db_insert_id(c->db);
	return e;
}

/* A sign-up in the making. */
struct signing {
	struct ctx *c;
	const struct user_new *new;
	int64_t id;
};

static enum err
sign_up(void *arg)
{
	struct signing *s = arg;
	struct user_new new = *s->new;
	int64_t profile;
	enum err e = check_new(s->c, &new);

	if (e)
		return e;
	if (is_own_address(s->c, &new))
		new.username = user_name_of(s->c, new.email);
	e = user_create_named(&s->id, s->c, &new);
	if (!e)
		e = profile_create(&profile, s->c, s->id, ROLE_CUSTOMER, 0);
	return e ? e : email_proof_begin(s->c, s->id, new.email);
}

enum err
user_sign_up(int64_t *id, struct ctx *c, const struct user_new *new)
{
	struct signing s = {.c = c, .new = new};
	enum err e = db_transaction(c->db, sign_up, &s);

	if (!e)
		*id = s.id;
	return e;
}
