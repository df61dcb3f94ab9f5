#ifndef DESK_ISSUE_STORE_H
#define DESK_ISSUE_STORE_H

#include "desk/issue.h"
#include "desk/issue_link.h"

/* The one place that writes rows of table issue. It writes what it is given:
 * rules, history and counters are up to the callers. Inside a transaction, with
 * the issue locked (unless it is new); each takes one statement. ERR_DB. */

/* Inserts the issue, and sets i->id. Fields that the caller leaves 0 are 0,
 * false, NULL or, of a CHOICE, its first word: not the DEFAULT of schema.sql,
 * which is for the rows that are there when a column is added. */
enum err issue_store_new(struct ctx *c, struct issue *i) MUST_CHECK;

/* Writes the fields that issue_change() may change, with the next version. */
enum err issue_store_change(struct ctx *c, const struct issue *i) MUST_CHECK;

/* It is deleted now, for everybody. */
enum err issue_store_deleted(struct ctx *c, const struct issue *i) MUST_CHECK;

/* Its customer sees it again. */
enum err issue_store_shown(struct ctx *c, const struct issue *i) MUST_CHECK;

/* When it was first answered; 0: not. */
enum err issue_store_answered(struct ctx *c, const struct issue *i,
			      usec_t at) MUST_CHECK;

/* How many files it has, which are written already. */
enum err issue_store_attached(struct ctx *c, int64_t id) MUST_CHECK;

/* Its link to Linear; see issue_link.h. */
enum err issue_store_link(struct ctx *c, int64_t id,
			  const struct issue_link *link) MUST_CHECK;
enum err issue_store_linear_id(struct ctx *c, int64_t id,
			       const char *linear_id) MUST_CHECK;
enum err issue_store_pending(struct ctx *c, int64_t id) MUST_CHECK;

#endif
