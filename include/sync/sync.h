#ifndef SYNC_SYNC_H
#define SYNC_SYNC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "base/enum_name.h"
#include "linear/client.h"

/* Sync while somebody waits, and what staff may know of it. For handlers of
 * the second pool, since these talk to Linear: of what goes wrong there,
 * ERR_UPSTREAM tells, and a fault "linear" of the context says in words what
 * (Linear's own, if it said something). */

/* Makes Linear have the issue as it is. ERR_NOTFOUND; ERR_INVALID
 * (organization): it has no team; ERR_CONFLICT: it was deleted in Linear, where
 * it is not made again; ERR_UPSTREAM: the job stays queued. */
enum err sync_push_now(struct ctx *c, const struct actor *who,
		       int64_t issue_id) MUST_CHECK;

/* Makes the issue take what Linear has, and the other way round; one that was
 * unlinked is linked again if Linear has it. ERR_NOTFOUND; ERR_CONFLICT: it is
 * not in Linear; ERR_UPSTREAM. */
enum err sync_pull_now(struct ctx *c, const struct actor *who,
		       int64_t issue_id) MUST_CHECK;

/* One issue of the organization's team, and what became of it here. */
enum import_action {
	IMPORT_NONE,
	IMPORT_CREATED,
	IMPORT_UPDATED,
	IMPORT_UNCHANGED
};

extern const struct enum_name import_action_words[];

struct imported {
	struct linear_issue theirs;
	usec_t asked_at;	   /* what came later is not in it */
	enum import_action action; /* IMPORT_NONE: only fetched */
	int64_t issue_id;
	const char *issue_number;
};

struct import {
	struct imported *list; /* as Linear gives them: the newest first */
	size_t n;
	bool more;	  /* the team has further ones */
	const char *next; /* the cursor for them, or NULL */
};

/* Up to `limit` issues of the actor's organization's team, from the cursor
 * `after` (NULL: the first) on; fewer, though there are more, where many in the
 * team are another organization's, which are left out. With `keep` each becomes
 * an issue here, or changes the one that it is. ERR_INVALID (organization): it
 * has no team, (after): no cursor of Linear's; ERR_UPSTREAM. */
enum err sync_import(struct import *out, struct ctx *c, const struct actor *who,
		     int64_t limit, const char *after, bool keep) MUST_CHECK;

/* What Linear calls the team with that id: for organization PATCH. With no key
 * configured it is believed: *name is NULL. ERR_NOTFOUND: Linear has no such
 * team; ERR_UPSTREAM. */
enum err sync_team_name(const char **name, struct ctx *c,
			const char *team_id) MUST_CHECK;

struct sync_team {
	const char *id, *key, *name;
};

/* Every team that the key may see, as Linear sorts them; none without a key.
 * ERR_UPSTREAM. */
enum err sync_teams(struct sync_team **out, size_t *n,
		    struct ctx *c) MUST_CHECK;

/* Those of them that the actor's organization has or may have: another's is
 * none of its business, and LINEAR_TEAMS may offer only some. */
enum err sync_teams_for(struct sync_team **out, size_t *n, struct ctx *c,
			const struct actor *who) MUST_CHECK;

/* Whether owners may choose that team: LINEAR_TEAMS names it, or all; where it
 * is unset, any while there is one organization, and none when there are more.
 */
enum err sync_team_is_offered(bool *out, struct ctx *c,
			      const char *team_id) MUST_CHECK;

/* --- what staff may know ------------------------------------------------- */

struct sync_status {
	bool configured; /* there is a key */
	bool key_works;	 /* it was not refused when last tried */
	const char *team_id, *team_name; /* NULL: none */
	int64_t queued;			 /* jobs of the organization */
	usec_t oldest;			 /* change that waits; 0: none */
	int64_t dead;			 /* letters */
	const char *paused;		 /* why; NULL: it is not */
	usec_t paused_until;
	bool webhooks_arrive; /* a pass found nothing that one should have told
			       * since the last one came */
	usec_t last_webhook, last_reconcile; /* 0: never */
	usec_t watermark; /* Linear's changes are known up to there */
	int64_t linked;	  /* issues that are in Linear */
};

enum err sync_status(struct sync_status *out, struct ctx *c,
		     const struct actor *who) MUST_CHECK;

/* What could not be synced. */
struct sync_failure {
	int64_t issue_id; /* also the failure's id */
	const char *issue_number, *issue_title;
	const char *code, *text; /* Linear's own words */
	int64_t attempts;
	const char *since; /* of the oldest change that waits */
};

struct sync_failures {
	struct sync_failure *list;
	size_t n;
	int64_t count;
};

/* The dead letters of the actor's organization, the oldest first. */
enum err sync_failures(struct sync_failures *out, struct ctx *c,
		       const struct actor *who, int64_t limit,
		       int64_t offset) MUST_CHECK;

/* Tries one again, by its issue's id. ERR_NOTFOUND. Nudge docket-sync
 * afterwards. */
enum err sync_retry(struct ctx *c, const struct actor *who,
		    int64_t issue_id) MUST_CHECK;

#endif
