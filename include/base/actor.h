#ifndef BASE_ACTOR_H
#define BASE_ACTOR_H

#include <stdbool.h>
#include <stdint.h>

/* In the order of profile.kind in schema.sql. ROLE_LINEAR is the sync, which
 * acts for a person in Linear, within one organization. */
enum role { ROLE_NONE, ROLE_CUSTOMER, ROLE_EMPLOYEE, ROLE_VENDOR, ROLE_LINEAR };

/* In the order of comment.author_kind. */
enum author_kind { AUTHOR_CUSTOMER = 1, AUTHOR_STAFF, AUTHOR_LINEAR };

/* Who acts, and in which role. Every function that touches what a tenant owns
 * takes an actor: staff and Linear reach one organization, a customer the
 * issues that they raised. */
struct actor {
	enum role role;
	int64_t user_id;	 /* 0: Linear */
	int64_t profile_id;	 /* 0: Linear, or a user without one */
	int64_t organization_id; /* 0: a customer */
	int64_t token_id;
	bool by_personal_token; /* false: by a login */
	bool by_mail;		/* by a mail that came in: histories say so */
	const char *name;	/* for histories and comments */
	/* of the organization; NULL: none, or not read */
	const char *organization_name, *organization_team_id;
};

static inline int
actor_is_staff(const struct actor *who)
{
	return who->role == ROLE_EMPLOYEE || who->role == ROLE_VENDOR;
}

static inline enum author_kind
actor_author_kind(const struct actor *who)
{
	return who->role == ROLE_LINEAR	    ? AUTHOR_LINEAR
	       : who->role == ROLE_CUSTOMER ? AUTHOR_CUSTOMER
					    : AUTHOR_STAFF;
}

#endif
