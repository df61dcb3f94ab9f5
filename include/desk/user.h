#ifndef DESK_USER_H
#define DESK_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "base/enum_name.h"

/* The name a person goes by: first and last, else the username, of which an
 * e-mail address shows only what stands before the @. `u` is the alias of the
 * user table. */
#define SQL_FULL_NAME(u)                                        \
	"COALESCE(NULLIF(TRIM(CONCAT(" u ".first_name, ' ', " u \
	".last_name)), ''), SUBSTRING_INDEX(" u ".username, '@', 1))"

/* The names of the roles that a profile may have. */
extern const struct enum_name role_words[];

struct user {
	int64_t id;
	const char *username, *email, *first_name, *last_name, *full_name;
	const char *password_hash;
	bool email_verified; /* proved: see the table */
	bool is_active, wants_mail;
	const char *last_login_at, *created_at;
};

struct profile {
	int64_t id, user_id;
	const char *user_email;
	enum role role;
	int64_t organization_id; /* 0: a customer */
	/* What clients are shown as "the" organization: of staff, their own; of
	 * a customer, that of the first own issue, else the first active one. A
	 * hint, and no right. 0: there is none. */
	int64_t shown_id;
	const char *organization_name, *organization_slug; /* of that */
	bool is_primary;				   /* chosen at login */
	bool is_active;
	const char *created_at;
};

/* By id. ERR_NOTFOUND. */
enum err user_get(struct user **out, struct ctx *c, int64_t id) MUST_CHECK;

/* By proved e-mail address, else by username. ERR_NOTFOUND. */
enum err user_find(struct user **out, struct ctx *c,
		   const char *login) MUST_CHECK;

#define USERNAME_MAX 150 /* characters */

struct user_new {
	const char *username, *email, *first_name, *last_name;
	const char *password; /* NULL: none yet */
	bool email_verified;
};

/* ERR_INVALID (password, see password_rule.h; username, email): a username that
 * is taken or is an address of somebody else; an address that is to be proved,
 * but another account has proved it. */
enum err user_create(int64_t *id, struct ctx *c,
		     const struct user_new *new) MUST_CHECK;

/* The same with a name by user_name_of(). */
enum err user_create_named(int64_t *id, struct ctx *c,
			   const struct user_new *new) MUST_CHECK;

/* The same with a customer profile and a link to prove the address, in one
 * transaction. A username that is the
 * address becomes user_name_of() it: whether it is taken would tell whether the
 * address is known. */
enum err user_sign_up(int64_t *id, struct ctx *c,
		      const struct user_new *new) MUST_CHECK;

/* A username made from an address: its local part, @ and something random. It
 * is no address, and is shown as the local part (SQL_FULL_NAME). */
const char *user_name_of(struct ctx *c, const char *address) MUST_CHECK;

/* Brings the addresses of users to the form of address_read, those that have
 * another one from before it was so; addresses that it refuses stay. */
enum err user_rewrite_addresses(struct ctx *c) MUST_CHECK;

enum err user_set_password(struct ctx *c, int64_t id,
			   const char *password) MUST_CHECK;
/* The account has the address (NULL: the one that it names) from now on,
 * proved. ERR_CONFLICT: another account has it. */
enum err user_prove_email(struct ctx *c, int64_t id,
			  const char *email) MUST_CHECK;

enum err user_set_mail(struct ctx *c, int64_t id, bool wants_mail) MUST_CHECK;

/* What people change of their own account; NULL members stay as they are. */
struct user_change {
	const char *first_name, *last_name;
	bool set_mail, wants_mail;
};

enum err user_change(struct ctx *c, int64_t id,
		     const struct user_change *change) MUST_CHECK;

/* Whose login is deactivated, hands the open issues over to nobody: docket-sync
 * does it (handover.h). */
enum err user_set_active(struct ctx *c, int64_t id, bool active) MUST_CHECK;
enum err user_logged_in(struct ctx *c, int64_t id) MUST_CHECK;

/* The user's profiles: active ones, the primary first. */
enum err profile_list(struct profile **out, size_t *n, struct ctx *c,
		      int64_t user_id) MUST_CHECK;

/* organization_id is 0 for a customer. The first one of a user becomes
 * primary. ERR_CONFLICT: there is one already. */
enum err profile_create(int64_t *id, struct ctx *c, int64_t user_id,
			enum role role, int64_t organization_id) MUST_CHECK;

/* The profile is that user's from now on. ERR_CONFLICT: the user has one of the
 * same organization. */
enum err profile_move(struct ctx *c, int64_t id, int64_t user_id) MUST_CHECK;

enum err profile_deactivate(struct ctx *c, int64_t id) MUST_CHECK;

/* Deletes a login that nobody ever used and that has nothing left. */
enum err user_delete(struct ctx *c, int64_t id) MUST_CHECK;

/* The logins with a password that say that the address is theirs, proved or
 * not: proved ones first, at most ten. */
enum err user_list_by_address(struct user **out, size_t *n, struct ctx *c,
			      const char *email) MUST_CHECK;

/* The user who has a customer record in that organization and can act as a
 * customer, by their id or (0) their proved address. ERR_NOTFOUND. */
enum err customer_find(int64_t *user_id, struct ctx *c, int64_t organization_id,
		       int64_t id, const char *address) MUST_CHECK;

/* The customer record of a user in an organization: made, or where another
 * request was first, that one. */
enum err customer_create(int64_t *id, struct ctx *c, int64_t user_id,
			 int64_t organization_id) MUST_CHECK;

#endif
