#ifndef DESK_OUTBOX_H
#define DESK_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "db/many.h"
#include "desk/issue.h"

/* The transactional outbox (table outbox): one row for each issue whose history
 * has entries from which nothing was derived yet. activity_add() writes it in
 * the transaction of the change; lib/events derives what follows and deletes
 * it. Here are also the messages that make docket-sync do so at once. */

/* Inside a transaction that holds the issue's lock: the entry activity_id was
 * added to the history. Writes once for each issue and transaction. */
enum err outbox_add(struct ctx *c, int64_t organization_id, int64_t issue_id,
		    int64_t activity_id) MUST_CHECK;

/* As many issues as one batch has at most. */
#define OUTBOX_BATCH 64

/* For statements about a batch, which come in two lengths, since most batches
 * are small: OUTBOX_LENGTHS(X, before, after) fills sql[X] and sql[X + 1] with
 * a statement that has a list of ids between the two parts. outbox_fill_ids()
 * makes the arguments of 1 to OUTBOX_BATCH ids, and repeats the last id in the
 * places that are left; it returns how many places there are, and
 * OUTBOX_LENGTH(n) tells which of the two statements has them. */
#define OUTBOX_FEW	 8
#define OUTBOX_LENGTH(n) ((n) > OUTBOX_FEW)
#define OUTBOX_LENGTHS(at, before, after)          \
	[at] = {before "(" MANY_8("?") ")" after}, \
	[(at) + 1] = {before "(" MANY_64("?") ")" after}
struct arg;
size_t outbox_fill_ids(struct arg *args, const int64_t *ids, size_t n);

/* Outside a transaction: up to OUTBOX_BATCH issues with news, which no other
 * process has leased, and leases them, so that several daemons do not all work
 * on the same ones. The lease is short: it only spreads the work. *n: how many;
 * *more: there may be others.
 *
 * Organizations take turns, so that what one of them has waiting does not delay
 * the others: where several have news, none gets more than a quarter of a batch
 * at once. *turn is 0 at first, and then where the last call ended; 0 again
 * once all have had their turn. Within an organization the oldest news come
 * first. */
enum err outbox_lease(int64_t ids[OUTBOX_BATCH], size_t *n, bool *more,
		      struct ctx *c, const char *owner,
		      int64_t *turn) MUST_CHECK;

/* An issue with news. */
struct outbox_row {
	struct issue issue; /* what OUTBOX_ISSUE reads of it */
	bool is_deleted;
	int64_t seen_id;    /* the history up to this id is worked off */
	int64_t part_to;    /* the next OUTBOX_EVENTS entries end here; 0: these
			     * are all */
	const char *failed; /* consumers with a row of outbox_failure, "a,b";
			     * NULL: none */
};

/* Inside a transaction: locks those of the n issues that have news, and their
 * outbox rows, and reads them in the order of their ids. Leaves out what
 * somebody else has locked: they are changing it, or working it off. */
enum err outbox_lock(struct outbox_row out[OUTBOX_BATCH], size_t *count,
		     struct ctx *c, const int64_t *ids, size_t n) MUST_CHECK;

/* Inside that transaction: they are worked off. */
enum err outbox_remove(struct ctx *c, const int64_t *ids, size_t n) MUST_CHECK;

/* Inside that transaction: the issue is worked off up to that entry. */
enum err outbox_advance(struct ctx *c, int64_t issue_id,
			int64_t seen_id) MUST_CHECK;

/* So many entries of one issue are worked off at once: more would hold up the
 * issue's requests and all other issues, and take much memory. */
#define OUTBOX_EVENTS "100"

/* A column for statements: the last of the next OUTBOX_EVENTS entries behind
 * the seen_id of row `r`; NULL if these are all. */
#define OUTBOX_PART_TO(r)                                        \
	"(SELECT a.id - 1 FROM activity a WHERE a.issue_id = " r \
	".issue_id AND a.id > " r ".seen_id ORDER BY a.id "      \
	"LIMIT 1 OFFSET " OUTBOX_EVENTS ")"

/* How an issue is read for consumers: columns of `issue i`, and the reader. */
#define OUTBOX_ISSUE                                                     \
	"i.id, i.organization_id, i.issue_number, i.title, "             \
	"i.description, i.status + 0, i.assigned_to, i.raised_by, "      \
	"i.created_at, i.linear_team_id, (SELECT o.linear_team_id FROM " \
	"organization o WHERE o.id = i.organization_id), "               \
	"i.is_withdrawn, i.deleted_at IS NOT NULL"
struct rows;
void outbox_read_issue(struct outbox_row *out, struct rows *r);

/* The condition that a consumer has worked an entry of the history off: for
 * statements that compare what is derived with what it follows from. `a` is the
 * alias of table activity. */
#define OUTBOX_IS_DERIVED(a, consumer)                                       \
	"(NOT EXISTS (SELECT 1 FROM outbox x WHERE x.issue_id = " a          \
	".issue_id AND " a ".id > x.seen_id) AND NOT EXISTS (SELECT 1 FROM " \
	"outbox_failure f WHERE f.issue_id = " a                             \
	".issue_id AND f.consumer = '" consumer "' AND " a ".id > f.seen_id))"

/* True if changes of the issue go to Linear at all. */
bool outbox_wants(const struct issue *issue);

/* Wakes docket-sync for the issue, and waits up to LINEAR_WAIT_MS for its
 * ack that Linear has it. Returns false at once if the daemon does not run,
 * or answers not to wait (it is behind, limited, or many wait). Call after
 * the commit. */
bool outbox_wake_and_wait(struct ctx *c, int64_t issue_id);

/* Wakes docket-sync to look at its queues; does not wait. */
void outbox_wake(struct ctx *c);

/* Tells docket-sync what this unit of work has added to histories, unless it
 * was woken for that already; does not wait. False: no daemon hears it. */
bool outbox_wake_news(struct ctx *c);

/* The path of the pipe for that, a FIFO: the ids of issues, in the machine's
 * byte order; 0 stands for several. */
#define NEWS_PATH 128
void outbox_news_path(char out[NEWS_PATH], const struct conf *conf);

#endif
