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
	usec_t gone_at;
	const char *warning; /* NULL: none; at most WARNING_MAX characters */
};

/* Loads the row of an issue. Without a row *out has `exists` unset and all
 * else empty. */
enum err snapshot_load(struct snapshot *out, struct ctx *c,
		       int64_t issue_id) MUST_CHECK;

/* Inside a transaction with the issue locked. */
enum err snapshot_save(struct ctx *c, const struct snapshot *b) MUST_CHECK;

/* A value that was sent to Linear and not answered yet (table
 * linear_flight). Whatever Linear does with it, it does within
 * PENDING_WRITE_MAX. A value that is sent again is another pending write:
 * the outcome of one says nothing about the other. */
struct pending_write {
	enum sync_field field;
	struct hash hash;
	usec_t sent_at; /* set by pending_write_begin */
};

#define PENDING_WRITE_MAX (120 * USEC_PER_SEC)

/* If Linear is read so long after a write was sent, the answer shows the
 * write's outcome: it was applied, lost or overwritten. */
#define PENDING_WRITE_VISIBLE (60 * USEC_PER_SEC)

/* All pending writes of an issue. */
enum err pending_write_list(struct pending_write **out, size_t *n,
			    struct ctx *c, int64_t issue_id) MUST_CHECK;

enum err pending_write_begin(struct ctx *c, int64_t issue_id,
			     const struct pending_write *f) MUST_CHECK;

/* The outcome of those that were sent at sent_at is known. */
enum err pending_write_end(struct ctx *c, int64_t issue_id,
			   usec_t sent_at) MUST_CHECK;

/* The outcome of this one is known. */
enum err pending_write_delete(struct ctx *c, int64_t issue_id,
			      const struct pending_write *f) MUST_CHECK;

/* Deletes those sent before then: no write takes so long. */
enum err pending_write_purge(struct ctx *c, usec_t before) MUST_CHECK;

/* When somebody here last changed each field; 0: never. */
enum err field_change_times(usec_t out[SYNC_FIELD_MAX], struct ctx *c,
			    int64_t issue_id) MUST_CHECK;

/* The history of a field, oldest first. */
struct field_history {
	usec_t at;
	bool is_conflict; /* a value that lost to another one, not a change */
	bool is_ours;	  /* not by somebody in Linear */
	const char *from, *to;
};

enum err field_history_load(struct field_history **out, size_t *n,
			    struct ctx *c, int64_t issue_id,
			    enum sync_field field) MUST_CHECK;

/* The active staff profile of an organization with that address; 0: none. */
enum err profile_by_email(int64_t *out, struct ctx *c, int64_t organization_id,
			  const char *email) MUST_CHECK;

/* The name of a staff profile, as the history shows it; NULL: none. */
enum err profile_name(const char **out, struct ctx *c,
		      int64_t profile_id) MUST_CHECK;

/* The address of a staff profile; NULL: none. */
enum err profile_email(const char **out, struct ctx *c,
		       int64_t profile_id) MUST_CHECK;

#endif
