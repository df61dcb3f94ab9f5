#ifndef DESK_PERSON_EXPORT_H
#define DESK_PERSON_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"

struct jsonout;

/* Where the document goes. The writer's buffer holds some of it at a time: take
 * sends that on and empties the buffer. It returns false when nobody wants the
 * rest. */
struct person_sink {
	struct jsonout *json;
	bool (*take)(void *arg);
	void *arg;
};

/* Writes what is kept about a person: the account and its profiles, customer
 * records, orders, issues that they raised with the public comments, their
 * comments on other issues, notifications, sessions, personal tokens (never
 * their text) and their security log. Of other people it holds what the person
 * may see in the API. `who` did it, which the security log notes. Memory does
 * not grow with the document. After an error the document is not complete.
 * ERR_NOTFOUND: no such user. */
enum err person_export(struct ctx *c, const struct actor *who, int64_t user_id,
		       const struct person_sink *to) MUST_CHECK;

#endif
