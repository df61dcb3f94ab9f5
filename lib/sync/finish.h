#ifndef SYNC_FINISH_H
#define SYNC_FINISH_H

#include "session.h"
#include "sync/task.h"

/* Nothing is left to do: deletes the job, unless the issue changed
 * meanwhile. */
enum err task_finish_as(enum verdict *out, struct task *t, struct session *s,
			enum sync_state state) MUST_CHECK;

/* Inside the transaction that applied an answer: if nothing more is to be asked
 * or sent, finishes the job, so that no further transaction is needed. */
enum err task_finish(enum verdict *out, struct task *t,
		     struct session *s) MUST_CHECK;

#endif
