#ifndef SYNC_SYNC_H
#define SYNC_SYNC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "base/enum_name.h"
#include "linear/client.h"

/* Sync while somebody waits, and the status that staff can see. These calls
 * ask Linear, so handlers that use them belong to the second pool of
 * workers. When Linear fails they return ERR_UPSTREAM, and the fault
 * "linear" of the context says why, in Linear's own words if it gave some. */

/* Brings Linear up to date with the issue.
 * ERR_NOTFOUND
 * ERR_INVALID (organization): it has no team.
 * ERR_CONFLICT: the issue was deleted in Linear, and is not created again.
 * ERR_UPSTREAM: the job stays queued. */
enum err sync_push_now(struct ctx *c, const struct actor *who,
		       int64_t issue_id) MUST_CHECK;

/* Reads the issue from Linear, and syncs both ways. An unlinked issue is linked
 * again if Linear has it.
 * ERR_NOTFOUND
 * ERR_CONFLICT: the issue is not in Linear.
 * ERR_UPSTREAM */
enum err sync_pull_now(struct ctx *c, const struct actor *who,
		       int64_t issue_id) MUST_CHECK;

/* One issue of the organization's team, and what the import did with it. */
enum import_action {
	IMPORT_NONE,
	IMPORT_CREATED,
	IMPORT_UPDATED,
	IMPORT_UNCHANGED
};

extern const struct enum_name import_action_words[];

struct imported {
	struct linear_issue theirs;
	usec_t asked_at;	   /* later changes are not in it */
	enum import_action action; /* IMPORT_NONE: only fetched */
	int64_t issue_id;
	const char *issue_number;
};

struct import {
	struct imported *list; /* in Linear's order: newest first */
	size_t n;
	bool more;	  /* the team has further issues */
	const char *next; /* their cursor, or NULL */
};

/* Fetches up to `limit` issues of the team of the actor's organization, from
 * the cursor `after` (NULL: the first) on. Issues that belong to another
 * organization are left out, so there may be fewer although there are more.
 * With `keep`, each is created here or updates its issue.
 * ERR_INVALID (organization): it has no team; (after): not a cursor of
 * Linear's.
 * ERR_UPSTREAM */
enum err sync_import(struct import *out, struct ctx *c, const struct actor *who,
		     int64_t limit, const char *after, bool keep) MUST_CHECK;

/* The name of a team in Linear; used when an organization chooses one. Without
 * an API key the id is accepted as it is: *name is NULL.
 * ERR_NOTFOUND: Linear has no such team.
 * ERR_UPSTREAM */
enum err sync_team_name(const char **name, struct ctx *c,
			const char *team_id) MUST_CHECK;

struct sync_team {
	const char *id, *key, *name;
};

/* All teams that the key can see, in Linear's order; none without a key.
 * ERR_UPSTREAM. */
enum err sync_teams(struct sync_team **out, size_t *n,
		    struct ctx *c) MUST_CHECK;

/* Those teams that the actor's organization has or may choose: not another
 * organization's, and only those that LINEAR_TEAMS offers. */
enum err sync_teams_for(struct sync_team **out, size_t *n, struct ctx *c,
			const struct actor *who) MUST_CHECK;

/* Whether owners may choose that team: LINEAR_TEAMS names it, or has "*". If
 * LINEAR_TEAMS is unset: any team while there is one organization, else
 * none. */
enum err sync_team_is_offered(bool *out, struct ctx *c,
			      const char *team_id) MUST_CHECK;

/* --- what staff can see --------------------------------------------------- */

struct sync_status {
	bool configured;		 /* an API key is set */
	bool key_works;			 /* it was not refused when last used */
	const char *team_id, *team_name; /* NULL: none */
	int64_t queued;			 /* jobs of the organization */
	usec_t oldest;	    /* the longest waiting change; 0: none */
	int64_t dead;	    /* dead letters */
	const char *paused; /* why; NULL: not paused */
	usec_t paused_until;
	bool webhooks_arrive; /* no pass found a change that a webhook should
				 have reported since the last one came */
	usec_t last_webhook, last_reconcile; /* 0: never */
	usec_t watermark; /* Linear's changes up to here have been seen */
	int64_t linked;	  /* issues that are in Linear */
};

enum err sync_status(struct sync_status *out, struct ctx *c,
		     const struct actor *who) MUST_CHECK;

/* A change that could not be synced. */
struct sync_failure {
	int64_t issue_id; /* identifies the failure, too */
	const char *issue_number, *issue_title;
	const char *code, *text; /* Linear's own words */
	int64_t attempts;
	const char *since; /* of the longest waiting change */
};

struct sync_failures {
	struct sync_failure *list;
	size_t n;
	int64_t count;
};

/* The dead letters of the actor's organization, oldest first. */
enum err sync_failures(struct sync_failures *out, struct ctx *c,
		       const struct actor *who, int64_t limit,
		       int64_t offset) MUST_CHECK;

/* Retries a dead letter, by its issue's id. Wake docket-sync afterwards.
 * ERR_NOTFOUND. */
enum err sync_retry(struct ctx *c, const struct actor *who,
		    int64_t issue_id) MUST_CHECK;

#endif
