#ifndef SYNC_SNAPSHOT_H
#define SYNC_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/ctx.h"
#include "desk/issue.h"

/* What was last agreed with Linear about each issue (table linear_base,
 * whose name is older than the word snapshot). */

/* The fields that both sides hold, in the order of linear_flight.field. */
enum sync_field {
	SYNC_TITLE = 1,
	SYNC_DESCRIPTION,
	SYNC_STATUS,
	SYNC_PRIORITY,
	SYNC_ASSIGNEE,
	SYNC_FIELD_MAX
};

/* The fields' names in the history. */
extern const char *const sync_field_names[SYNC_FIELD_MAX];

#define SYNC_FIELD_BIT(field) (1U << (field))
#define SYNC_ALL_FIELDS                                                  \
	(SYNC_FIELD_BIT(SYNC_TITLE) | SYNC_FIELD_BIT(SYNC_DESCRIPTION) | \
	 SYNC_FIELD_BIT(SYNC_STATUS) | SYNC_FIELD_BIT(SYNC_PRIORITY) |   \
	 SYNC_FIELD_BIT(SYNC_ASSIGNEE))

struct hash {
	unsigned char bytes[HASH_BYTES]; /* all 0: none yet */
};

#define WARNING_MAX 500 /* in characters */

struct snapshot {
	int64_t issue_id;
	bool exists; /* the row exists */
	struct hash title_sent, title_received, description_sent,
	    description_received;
	enum status status;
	const char *state_id, *state_type; /* "": not received yet */
	enum priority priority;
	int linear_priority;
	int64_t assigned_to;
	const char *assignee_id; /* NULL: nobody */
	usec_t linear_updated_at;
	const char *linear_description; /* NULL: the same as ours */
	struct hash link;		/* of the link back, as last sent */
	const char *thread_id;		/* chosen before Linear is told */
	bool thread_open, archived;
	const char *files_id; /* of the reply with the issue's own files */
	bool files_open;      /* Linear has that reply */
	usec_t gone_at;
	const char *warning; /* NULL: none; at most WARNING_MAX characters */
};

/* Loads the row of an issue. Without a row *out has `exists` unset and all
 * else empty. */
enum err snapshot_load(struct snapshot *out, struct ctx *c,
		       int64_t issue_id) MUST_CHECK;

/* Inside a transaction with the issue locked. */
enum err snapshot_save(struct ctx *c, const struct snapshot *b) MUST_CHECK;

#endif
