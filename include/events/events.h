#ifndef EVENTS_EVENTS_H
#define EVENTS_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "desk/issue.h"

/* What follows from changes of issues: consumers derive it from an issue and
 * the new entries of its history. lib/events/derive.c says how. */

/* A new entry of an issue's history. */
struct event {
	int64_t id;
	struct actor who; /* its role tells customers, staff and Linear apart;
			   * of all staff it is ROLE_EMPLOYEE */
	const char *field;
	const char *was, *is; /* of first_answer: times; else NULL */
	bool is_public;
	usec_t at;
	enum status status_before, status; /* of the issue */
	int64_t told_profile_id; /* of assigned_to: to be notified; 0: nobody */
	/* the comment that it is about; 0: none */
	int64_t comment_id;
	const char *content; /* its present text; NULL: it is withdrawn */
	bool is_internal;
};

/* An issue as it is now, and what has happened since the consumer's last look,
 * in order. */
struct news {
	/* the members that OUTBOX_ISSUE reads; with an event "created" also
	 * raiser_name and raiser_email */
	struct issue issue;
	bool is_deleted;
	struct event *events;
	size_t n;
};

/* Derives something from the news of n issues. It is called in a transaction
 * that locks the issues, and that also records that these events are worked
 * off: what it writes to the database exists once for each event, whatever is
 * killed when. It may be run again after a rollback, so it has no other effect.
 * If it fails for several issues, it is called for each of them alone. */
struct consumer {
	const char *name; /* kept in the database: do not change it */
	enum err (*take)(struct ctx *c, const struct news *list, size_t n);
};

/* Ends with an entry whose name is NULL. */
extern const struct consumer consumers[];

/* Derives what follows from the news of these issues, at most OUTBOX_BATCH.
 * Those that have none, or that somebody has locked, are left out, and so is
 * what one issue has beyond OUTBOX_EVENTS. *all: nothing was. */
enum err events_derive(bool *all, struct ctx *c, const struct consumer *list,
		       const int64_t *ids, size_t n) MUST_CHECK;

/* The same for a batch of whatever waits. *more: there may be others. *turn is
 * of outbox_lease(). */
enum err events_derive_some(bool *more, int64_t *turn, struct ctx *c,
			    const struct consumer *list,
			    const char *owner) MUST_CHECK;

/* Lets consumers that failed try again, those whose wait is over: a batch.
 * *more: there may be others. */
enum err events_retry(bool *more, struct ctx *c,
		      const struct consumer *list) MUST_CHECK;

/* A consumer that has failed for an issue. */
struct event_failure {
	int64_t issue_id;
	const char *issue_number, *organization, *consumer;
	bool is_dead;
	int64_t attempts;
	const char *error_text, *since, *run_at;
};

/* Failures, the oldest first: of all organizations (0) or one; dead ones only,
 * or all. *total: how many there are. */
enum err events_failures(struct event_failure **out, size_t *n, int64_t *total,
			 struct ctx *c, int64_t organization_id, bool dead,
			 int64_t limit, int64_t offset) MUST_CHECK;

/* Makes the failures of an issue due now, dead or not, or (0) all of them; of
 * all organizations (0) or one. *n: how many. */
enum err events_retry_now(int64_t *n, struct ctx *c, int64_t organization_id,
			  int64_t issue_id) MUST_CHECK;

#endif
