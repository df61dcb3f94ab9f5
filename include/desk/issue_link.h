#ifndef DESK_ISSUE_LINK_H
#define DESK_ISSUE_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "desk/issue.h"

/* The link between an issue and Linear: the Linear columns of its row. They are
 * set here only, except that issue_raise and a change of an issue set
 * linear_id and sync_state together with the rest of the row. None of these
 * changes the issue's version. Call them inside a transaction. */

struct issue_link {
	const char *identifier, *url, *team_id;
	const char *state_name; /* NULL: keep the last one */
	bool synced;
	enum sync_state state;
	bool touched; /* synced just now; else last_synced_at stays */
};

/* Sets all of the link of a locked issue, in the row and in *issue, and moves
 * the counters. */
enum err issue_set_link(struct ctx *c, struct issue *issue,
			const struct issue_link *link) MUST_CHECK;

/* Gives an issue that has no id in Linear this one. */
enum err issue_set_linear_id(struct ctx *c, int64_t issue_id,
			     const char *linear_id) MUST_CHECK;

/* The issue waits for Linear. */
enum err issue_set_pending(struct ctx *c, int64_t issue_id) MUST_CHECK;

/* Inserts an issue that was created in Linear, as synced, and sets i->id,
 * unless the caller has chosen it. Its other fields are given; the search
 * index, history and counters are up to the caller. */
enum err issue_insert_linked(struct ctx *c, struct issue *i) MUST_CHECK;

/* Finds the issue with that id in Linear, in any organization: its id, its
 * organization, and whether it was deleted here. ERR_NOTFOUND. */
enum err issue_by_linear_id(int64_t *id, int64_t *organization_id,
			    bool *deleted, struct ctx *c,
			    const char *linear_id) MUST_CHECK;

#endif
