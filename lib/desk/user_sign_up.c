/* Signing up: creates a login with a customer profile, and mails the link that
 * proves its address, in one transaction. */

#include "db/db.h"
#include "desk/email_proof.h"
#include "desk/profile.h"
#include "desk/security_log.h"
#include "desk/user.h"
#include "username.h"

/* The arguments of sign_up_within(). */
struct sign_up {
	struct ctx *c;
	const struct user_new *new;
	int64_t id;
};

static enum err
sign_up_within(void *arg)
{
	struct sign_up *s = arg;
	struct user_new new = *s->new;
	int64_t profile;
	enum err e = username_check(s->c, &new);

	if (e)
		return e;
	if (username_is_own_address(s->c, &new))
		new.username = user_name_of(s->c, new.email);
	e = user_create_named(&s->id, s->c, &new);
	if (!e)
		e = profile_create(&profile, s->c, s->id, ROLE_CUSTOMER, 0);
	if (!e)
		e = email_proof_begin(s->c, s->id, new.email);
	return e ? e
		 : security_log_add(s->c, SECURITY_SIGNED_UP,
				    &(struct actor){.user_id = s->id}, s->id,
				    NULL);
}

enum err
user_sign_up(int64_t *id, struct ctx *c, const struct user_new *new)
{
	struct sign_up s = {.c = c, .new = new};
	enum err e = db_transaction(c->db, sign_up_within, &s);

	if (!e)
		*id = s.id;
	return e;
}
