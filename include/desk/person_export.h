#ifndef DESK_PERSON_EXPORT_H
#define DESK_PERSON_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"

struct jsonout;

/* The receiver of the document. `take` is called while the writer's buffer
 * fills: it passes the buffer's content on and empties it. It returns false
 * when the receiver wants no more. */
struct person_sink {
	struct jsonout *json;
	bool (*take)(void *arg);
	void *arg;
};

/* Writes the data of a person: the account and its profiles, customer records,
 * orders, issues that they raised with the public comments, their comments on
 * other issues, their files (without the content), notifications, sessions,
 * personal tokens (never their text) and their security log. Of other people it
 * contains what the person may see in the API. Adds an entry for `who` to the
 * security log. Needs the same memory however long the document is. After an
 * error the document is incomplete. ERR_NOTFOUND: there is no such user. */
enum err person_export(struct ctx *c, const struct actor *who, int64_t user_id,
		       const struct person_sink *to) MUST_CHECK;

#endif
