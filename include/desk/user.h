#ifndef DESK_USER_H
#define DESK_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"

/* Logins. Only this module writes table user. */

/* The name that a person is shown by: first and last name, else the username,
 * without the @ and what follows. `u` is the alias of the user table. */
#define SQL_FULL_NAME(u)                                        \
	"COALESCE(NULLIF(TRIM(CONCAT(" u ".first_name, ' ', " u \
	".last_name)), ''), SUBSTRING_INDEX(" u ".username, '@', 1))"

/* Whether mails to the user came back, see user_mail_bounced(). */
#define SQL_MAIL_BOUNCED(u) \
	"EXISTS (SELECT 1 FROM mail_bounce n WHERE n.user_id = " u ".id)"

struct user {
	int64_t id;
	const char *username, *email, *first_name, *last_name, *full_name;
	const char *password_hash;
	bool email_verified; /* the person has proved that it is theirs */
	bool is_active, wants_mail;
	const char *mail_bounced_at; /* mails came back; NULL: they did not */
	const char *last_login_at, *created_at;
};

/* By id. ERR_NOTFOUND. */
enum err user_get(struct user **out, struct ctx *c, int64_t id) MUST_CHECK;

/* By proved e-mail address, else by username. ERR_NOTFOUND. */
enum err user_find(struct user **out, struct ctx *c,
		   const char *login) MUST_CHECK;

/* The account that has proved an address. ERR_NOTFOUND. */
enum err user_find_proved(struct user **out, struct ctx *c,
			  const char *address) MUST_CHECK;

/* The account without a password that names an address that it has not proved:
 * nobody can have logged in to it. ERR_NOTFOUND. */
enum err user_find_unclaimed(struct user **out, struct ctx *c,
			     const char *address) MUST_CHECK;

/* The logins with a password that name this address, proved or not; proved ones
 * first, at most ten. */
enum err user_list_by_address(struct user **out, size_t *n, struct ctx *c,
			      const char *email) MUST_CHECK;

#define USERNAME_MAX 150 /* characters */

struct user_new {
	const char *username, *email;
	const char *first_name, *last_name; /* may be NULL */
	const char *password;		    /* NULL: none yet */
	bool email_verified;
};

/* ERR_INVALID: password, see password_rule.h; username: it is taken, or is an
 * address other than `email`; email: it is to be proved, but another account
 * has proved it. */
enum err user_create(int64_t *id, struct ctx *c,
		     const struct user_new *new) MUST_CHECK;

/* The same, where the username comes from user_name_of(). */
enum err user_create_named(int64_t *id, struct ctx *c,
			   const struct user_new *new) MUST_CHECK;

/* Creates a user with a customer profile, and mails a link that proves the
 * address, in one transaction. A username that is the address is replaced by
 * user_name_of() it: whether the username is taken would reveal whether the
 * address is known. */
enum err user_sign_up(int64_t *id, struct ctx *c,
		      const struct user_new *new) MUST_CHECK;

/* A username made from an address: its local part, @ and random characters. It
 * is not a valid address, and is shown as the local part (SQL_FULL_NAME). */
const char *user_name_of(struct ctx *c, const char *address) MUST_CHECK;

/* Rewrites addresses that were stored before address_read() normalized them.
 * Addresses that it refuses stay. */
enum err user_rewrite_addresses(struct ctx *c) MUST_CHECK;

enum err user_set_password(struct ctx *c, int64_t id,
			   const char *password) MUST_CHECK;

/* Gives the account a proved address; NULL: the one it names already.
 * ERR_CONFLICT: another account has proved that address. */
enum err user_prove_email(struct ctx *c, int64_t id,
			  const char *email) MUST_CHECK;

/* What people may change of their own account; NULL members stay as they are.
 */
struct user_change {
	const char *first_name, *last_name;
	bool set_mail, wants_mail;
};

enum err user_change(struct ctx *c, int64_t id,
		     const struct user_change *change) MUST_CHECK;

/* For an operator. Deactivating a user ends their sessions and tokens, and
 * unassigns their open issues; docket-sync does that in the background
 * (handover.h). */
enum err user_set_active(struct ctx *c, int64_t id, bool active) MUST_CHECK;

/* Notes that the user has logged in now. */
enum err user_logged_in(struct ctx *c, int64_t id) MUST_CHECK;

/* Notes that mails to the user's address come back: no notifications are mailed
 * there until they confirm an address, or turn them on again. *first: that was
 * not noted before. */
enum err user_mail_bounced(bool *first, struct ctx *c, int64_t id) MUST_CHECK;

/* Deactivates the user, and replaces their names, address and password; see
 * erasure.h for the rest. */
enum err user_erase(struct ctx *c, int64_t id, const char *name) MUST_CHECK;

/* Deletes a login that was never used and that nothing refers to. */
enum err user_delete(struct ctx *c, int64_t id) MUST_CHECK;

#endif
