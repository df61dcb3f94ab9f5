#ifndef SYNC_APPLYING_H
#define SYNC_APPLYING_H

#include <stdbool.h>

#include "linear/client.h"
#include "session.h"
#include "sync/task.h"

/* The transaction that applies an answer of Linear's, and what apply.c (for
 * success) and refusal.c have in common. */

/* One answer being applied. */
struct applying {
	struct task *t;
	struct task was; /* before the transaction, for when it runs again */
	struct ctx *c;
	const struct linear_answer *answer;
	bool is_last; /* of a failure: for the dead letter */
	const char *code, *text;
	struct session session;
	enum verdict verdict;
};

/* The outcome of the values that were sent is known. But if the request was
 * sent twice and the second one was refused, the first may have worked. */
enum err applying_end_pending(struct applying *p) MUST_CHECK;

/* Makes the job a dead letter, with these words. */
enum err applying_dead_letter(struct applying *p, const char *code,
			      const char *text) MUST_CHECK;

/* The failure is issue-specific: the job is tried again, or becomes a dead
 * letter. */
enum err applying_fail(struct applying *p, const char *code,
		       const char *text) MUST_CHECK;

/* Linear answered, but not in the form that was asked for. */
enum err applying_not_understood(struct applying *p) MUST_CHECK;

/* False if either is NULL. */
bool is_same_id(const char *a, const char *b);

/* Whether the thread that was sent is still the issue's: a webhook may have
 * reported meanwhile that it was deleted. */
bool applying_thread_is_current(const struct applying *p);

/* Linear has the thread that was sent. */
void applying_thread_open(struct applying *p);

/* The comment is withdrawn in Linear now, or was gone already. */
enum err applied_withdrawal(struct applying *p) MUST_CHECK;

/* Linear no longer has the issue; reading it again would show nothing else. */
enum err apply_gone(struct applying *p) MUST_CHECK;

/* Opens the session. *there is false if the issue was deleted here. */
enum err applying_open(bool *there, struct applying *p) MUST_CHECK;

/* Runs `what` in a transaction. If the lease was lost, *out is TASK_LOST. */
enum err applying_run(enum verdict *out, struct applying *p,
		      enum err (*what)(void *)) MUST_CHECK;

/* The key is refused or limited, which is not this fault. */
enum err applying_wait_for_key(struct applying *p) MUST_CHECK;

/* No answer, or a failure of Linear's. What was sent may have been applied. */
enum err applying_retry_later(struct applying *p) MUST_CHECK;

/* Linear does not have the reply with the issue's own files. */
void applying_forget_files(struct snapshot *b);

/* --- apply_file.c --------------------------------------------------------- */

enum err applied_file_ask(struct applying *p) MUST_CHECK;
enum err applied_file_put(struct applying *p) MUST_CHECK;
enum err applied_files(struct applying *p) MUST_CHECK;
enum err applied_files_withdrawal(struct applying *p) MUST_CHECK;

/* Of STEP_FILE_ASK and STEP_FILE_PUT. */
enum err apply_file_refusal(struct applying *p) MUST_CHECK;

/* --- refusal.c ------------------------------------------------------------ */

/* Applies an answer that is not LINEAR_OK. */
enum err apply_refusal(struct applying *p) MUST_CHECK;

#endif
