#ifndef SYNC_SNAPSHOT_H
#define SYNC_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/ctx.h"
#include "desk/issue.h"

/* What was last agreed with Linear about each issue (table linear_base), and
 * what is on its way there (table linear_flight). */

/* What both sides hold of an issue, in the order of linear_flight.field. */
enum part {
	PART_TITLE = 1,
	PART_DESCRIPTION,
	PART_STATUS,
	PART_PRIORITY,
	PART_ASSIGNEE,
	PART_MAX
};

/* Their names in the history. */
extern const char *const part_names[PART_MAX];

#define PART_BIT(part) (1U << (part))
#define ALL_PARTS                                            \
	(PART_BIT(PART_TITLE) | PART_BIT(PART_DESCRIPTION) | \
	 PART_BIT(PART_STATUS) | PART_BIT(PART_PRIORITY) |   \
	 PART_BIT(PART_ASSIGNEE))

struct hash {
	unsigned char bytes[HASH_BYTES]; /* all 0: none yet */
};

#define WARNING_MAX 500 /* characters */

struct linear_base {
	int64_t issue_id;
	bool exists; /* there is such a row */
	struct hash title_sent, title_got, description_sent, description_got;
	enum status status;
	const char *state_id, *state_type; /* "": Linear never told */
	enum priority priority;
	int linear_priority;
	int64_t assigned_to;
	const char *assignee_id; /* NULL: nobody */
	usec_t linear_updated_at;
	const char *linear_description; /* NULL: as ours */
	struct hash link;		/* of the link back, as last sent */
	const char *thread_id;		/* chosen before Linear is told */
	bool thread_open, archived;
	usec_t gone_at;
	const char *warning; /* NULL: none; at most WARNING_MAX characters */
};

/* The row of an issue; one that is not `exists`, and holds nothing, where
 * there is none. */
enum err base_load(struct linear_base *out, struct ctx *c,
		   int64_t issue_id) MUST_CHECK;

/* Inside a transaction with the issue locked. */
enum err base_save(struct ctx *c, const struct linear_base *b) MUST_CHECK;

/* One value on its way. Whatever Linear did with it, it did within
 * FLIGHT_MAX. Sent again it is another flight: what becomes of the one says
 * nothing of the other. */
struct flight {
	enum part part;
	struct hash hash;
	usec_t sent_at; /* set by flight_begin */
};

#define FLIGHT_MAX (120 * USEC_PER_SEC)

/* What Linear shows when asked so long after one began tells what became of it:
 * it is there, or was lost, or overtaken. */
#define FLIGHT_LANDED (60 * USEC_PER_SEC)

/* All of an issue. */
enum err flight_list(struct flight **out, size_t *n, struct ctx *c,
		     int64_t issue_id) MUST_CHECK;

enum err flight_begin(struct ctx *c, int64_t issue_id,
		      const struct flight *f) MUST_CHECK;

/* What became of those that began then is known. */
enum err flight_end(struct ctx *c, int64_t issue_id, usec_t sent_at) MUST_CHECK;

/* What became of that one is known. */
enum err flight_drop(struct ctx *c, int64_t issue_id,
		     const struct flight *f) MUST_CHECK;

/* Forgets those that began before then: nothing takes so long. */
enum err flight_purge(struct ctx *c, usec_t before) MUST_CHECK;

/* Inside a transaction with the issue locked: what the issue's row says of
 * Linear, its counters included. It is not a change of the issue: its version
 * stays. */
struct issue_link {
	const char *identifier, *url, *team_id;
	const char *state_name; /* NULL: as last told */
	bool synced;
	enum sync_state state;
	bool touched; /* just now; else last_synced_at stays */
};

enum err issue_link(struct ctx *c, struct issue *issue,
		    const struct issue_link *link) MUST_CHECK;

/* The issue with that id in Linear, of whatever organization: its id, its
 * organization, and whether it was deleted here. ERR_NOTFOUND. */
enum err issue_by_linear_id(int64_t *id, int64_t *organization_id,
			    bool *deleted, struct ctx *c,
			    const char *linear_id) MUST_CHECK;

/* When somebody here last changed each part; 0: never. */
enum err part_times(usec_t out[PART_MAX], struct ctx *c,
		    int64_t issue_id) MUST_CHECK;

/* What the history tells of a part, the oldest first. */
struct part_entry {
	usec_t at;
	bool is_conflict; /* a value that yielded to another, and no change */
	bool is_ours;	  /* not of somebody in Linear */
	const char *from, *to;
};

enum err part_history(struct part_entry **out, size_t *n, struct ctx *c,
		      int64_t issue_id, enum part part) MUST_CHECK;

/* The active staff profile of an organization with that address; 0: none. */
enum err profile_by_email(int64_t *out, struct ctx *c, int64_t organization_id,
			  const char *email) MUST_CHECK;

/* The name of a staff profile, as the history has it; NULL: none. */
enum err profile_name(const char **out, struct ctx *c,
		      int64_t profile_id) MUST_CHECK;

/* The address of a staff profile; NULL: none. */
enum err profile_email(const char **out, struct ctx *c,
		       int64_t profile_id) MUST_CHECK;

#endif
