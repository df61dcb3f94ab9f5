#ifndef SYNC_PLANNING_H
#define SYNC_PLANNING_H

#include "linear/client.h"
#include "session.h"
#include "sync/task.h"

/* The requests that a step may send (request.c, plan_file.c). Each function
 * makes one ready in p->request, with verdict TASK_SEND; plan.c decides which.
 */

/* One step being planned. */
struct planning {
	struct task *t;
	struct task was; /* before the transaction, for when it runs again */
	struct ctx *c;
	struct session session;
	struct linear_request request;
	enum verdict verdict;
	const char *state_id,
	    *assignee_id;	 /* Linear's ids for our status and assignee */
	struct comment *comment; /* that Linear lacks */
};

/* Makes this request ready. */
enum err plan_request(struct planning *p, enum step step,
		      struct linear_request r) MUST_CHECK;

enum err plan_create(struct planning *p) MUST_CHECK;

/* Drops the fields that Linear cannot hold, or holds already. If Linear does
 * not know the assignee its own assignee is left as it is. *known: all values
 * are known; else a request that looks one up is ready. */
enum err drop_moot_fields(unsigned *fields, bool *known,
			  struct planning *p) MUST_CHECK;

enum err plan_update(struct planning *p, unsigned fields) MUST_CHECK;

enum err plan_link(struct planning *p) MUST_CHECK;

enum err plan_thread(struct planning *p) MUST_CHECK;

/* The text of a reply: the comment, and references to its files. */
const char *plan_reply(const struct planning *p, const struct comment *m);

/* Creates a comment in the customer's thread, and opens that if needed. `reply`
 * has the id and the body. */
enum err plan_in_thread(struct planning *p, enum step step,
			struct linear_comment_new *reply) MUST_CHECK;

enum err plan_comment(struct planning *p) MUST_CHECK;

/* Whether Linear lacks a file, or a reply there refers to others. */
bool plan_has_files(const struct planning *p);

/* The next request for those, of which there must be some. */
enum err plan_files(struct planning *p) MUST_CHECK;

enum err plan_read(struct planning *p) MUST_CHECK;

/* A comment that Linear has, and that was edited or withdrawn here. Linear
 * is read first, since somebody may have edited it there. */
enum err plan_comment_change(struct planning *p) MUST_CHECK;

#endif
