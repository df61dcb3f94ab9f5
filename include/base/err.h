#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

/* The errors of the whole library. The comment of a function in its header
 * names those that it returns; a function that takes a ctx may also return
 * ERR_DB. Out parameters are set only if OK is returned. */
enum err {
	OK = 0,
	ERR_INVALID,	 /* wrong input; a fault list names the fields */
	ERR_CREDENTIALS, /* wrong user name or password */
	ERR_FORBIDDEN,	 /* the actor may not do this */
	ERR_NOTFOUND,	 /* it does not exist, or not for this actor */
	ERR_CONFLICT,	 /* it exists already, or its state forbids this */
	ERR_FULL,	 /* the organization's space for files is used up */
	ERR_STALE,	 /* it changed since the caller read it (If-Match) */
	ERR_REUSED,	 /* the idempotency key belongs to another request */
	ERR_LIMITED,	 /* too many attempts: try later */
	ERR_UPSTREAM,	 /* Linear cannot be reached, or refuses */
	ERR_DB,		 /* the database cannot be reached, or fails */
	ERR_AGAIN,	 /* lost a race; db_transaction runs it again */
	ERR_VALUE,	 /* a value does not fit its column: a bug of ours */
	ERR_MAX
};

#define MUST_CHECK __attribute__((warn_unused_result))

struct arena;

/* One thing wrong with one input field. */
struct fault {
	const char *field; /* or "non_field_errors" */
	const char *text;  /* a sentence for a person */
	struct fault *next;
};

/* Everything that is wrong with an input, in the order found; in an arena. */
struct faults {
	struct arena *arena;
	struct fault *first, **last;
};

/* Makes the list empty; its entries will be allocated in `a`. */
void faults_init(struct faults *f, struct arena *a);

/* Adds a fault, printf-like; copies both texts. Returns ERR_INVALID, so that a
 * check can `return fault_add(...)`. */
enum err fault_add(struct faults *f, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
