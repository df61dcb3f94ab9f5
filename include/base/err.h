#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

/* What can go wrong, for the whole library. A function names in its header the
 * ones that it may return; all of them may return ERR_DB where they take a
 * database. Out parameters are untouched unless OK is returned. */
enum err {
	OK = 0,
	ERR_INVALID,	 /* the input; a fault list says which field */
	ERR_CREDENTIALS, /* wrong name or password */
	ERR_FORBIDDEN,	 /* this actor may not */
	ERR_NOTFOUND,	 /* no such thing, for this actor */
	ERR_CONFLICT,	 /* it exists already, or its state forbids it */
	ERR_STALE,	 /* it changed since the caller saw it (If-Match) */
	ERR_REUSED,	 /* an idempotency key with another request */
	ERR_LIMITED,	 /* too many tries: later */
	ERR_UPSTREAM,	 /* Linear cannot be reached, or refuses */
	ERR_DB,		 /* the database cannot be reached, or fails */
	ERR_AGAIN, /* the transaction lost a race; db_transaction reruns */
	ERR_VALUE, /* a value that does not fit the database: our fault */
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

/* All that is wrong with an input, in the order found; lives in an arena. */
struct faults {
	struct arena *arena;
	struct fault *first, **last;
};

/* An empty list whose entries will live in `a`. */
void faults_init(struct faults *f, struct arena *a);

/* Adds a fault, printf-like; copies both texts. Returns ERR_INVALID, so that a
 * check can `return fault_add(...)`. */
enum err fault_add(struct faults *f, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
