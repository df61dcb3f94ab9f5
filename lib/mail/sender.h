#ifndef MAIL_SENDER_H
#define MAIL_SENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "desk/issue.h"

/* People who send mails, as Docket knows them; for decide.c and apply.c. */

/* A user and an issue. */
struct correspondent {
	int64_t user_id;
	const char *address; /* of their account */
	bool is_proved;
	/* How they comment on it: as its customer, else as staff of its
	 * organization. ROLE_NONE: they may not. */
	struct actor who;
	/* the issue */
	int64_t issue_id, organization_id;
	const char *issue_number;
	enum status status;
	usec_t resolved_at; /* 0: it is not */
};

/* ERR_NOTFOUND: there is no such user, or the issue was deleted. */
enum err correspondent_find(struct correspondent *out, struct ctx *c,
			    int64_t user_id, int64_t issue_id) MUST_CHECK;

/* Whether the two addresses are of the same account, as account_key() compares
 * them. */
bool is_same_address(struct ctx *c, const char *a, const char *b);

/* Who raises issues at an organization by a mail from an address. */
struct mail_raiser {
	int64_t user_id; /* 0: somebody unknown */
	/* Then the account that mail_raiser_create() will take; 0: a new one.
	 */
	int64_t stranger_id;
	bool is_customer; /* can raise issues */
	bool is_staff;	  /* of that organization */
	const char *name;
};
enum err mail_raiser_find(struct mail_raiser *out, struct ctx *c,
			  int64_t organization_id,
			  const char *address) MUST_CHECK;

/* Inside a transaction: finds or creates the account without a password for an
 * address that nobody has confirmed. The only way to log in to it is a link
 * that is mailed to the address. */
enum err mail_raiser_create(struct mail_raiser *out, struct ctx *c,
			    const char *address, const char *name) MUST_CHECK;

#endif
