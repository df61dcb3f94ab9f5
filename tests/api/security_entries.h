#ifndef SECURITY_ENTRIES_H
#define SECURITY_ENTRIES_H

#include <stdbool.h>
#include <stdint.h>

struct answer;
struct person;

/* The entries of the security log. */

#define ENTRY_KEYS                                                  \
	"id event actor actor_name user user_name address details " \
	"created_at"

/* A list of them: of the organization, or the person's own. */
struct answer *log_of(const struct person *p, bool mine);

/* The newest entry: what happened, who did it and who was affected. */
void expect_newest(const struct answer *a, const char *event,
		   const struct person *actor, int64_t user);

#endif
