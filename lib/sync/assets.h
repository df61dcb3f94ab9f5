#ifndef SYNC_ASSETS_H
#define SYNC_ASSETS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "desk/issue.h"

/* Inside a transaction, for an issue that is locked: a text of Linear's is
 * stored here, of that comment or (0) the description. Each file that it refers
 * to becomes an attachment with the text's visibility, which is to be fetched
 * (sync/download.h); those that it no longer refers to are deleted. Only texts
 * that were written in Linear may be passed: with others, people here could
 * have any file of the workspace fetched. */
enum err assets_ingest(struct ctx *c, const struct actor *who,
		       struct issue *issue, int64_t comment_id,
		       bool is_internal, const char *text) MUST_CHECK;

#endif
