#ifndef DESK_ISSUE_H
#define DESK_ISSUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "base/enum_name.h"
#include "desk/issue_criteria.h"

/* Each in the order of its ENUM in schema.sql; 0 is none. */
enum status {
	STATUS_OPEN = 1,
	STATUS_IN_PROGRESS,
	STATUS_RESOLVED,
	STATUS_CLOSED
};
enum priority {
	PRIORITY_LOW = 1,
	PRIORITY_MEDIUM,
	PRIORITY_HIGH,
	PRIORITY_URGENT
};
enum category {
	CATEGORY_GENERAL = 1,
	CATEGORY_DELIVERY,
	CATEGORY_QUALITY,
	CATEGORY_BILLING,
	CATEGORY_COMMUNICATION,
	CATEGORY_TECHNICAL,
	CATEGORY_OTHER
};
enum sync_state { SYNC_OFF = 1, SYNC_PENDING, SYNC_SYNCED, SYNC_FAILED };

/* Their words on the wire (with the aliases that inputs may use behind them)
 * and for people. */
extern const struct enum_name status_words[], priority_words[],
    category_words[], sync_state_words[];
extern const struct enum_name status_labels[], priority_labels[],
    category_labels[];

/* Of what is written here. What comes from Linear may be longer, and is kept
 * whole. */
#define TITLE_MAX	255
#define DESCRIPTION_MAX 20000
#define NOTES_MAX	10000

/* What is counted and moved between counters; a part of every issue. */
struct issue_kind {
	enum status status;
	enum priority priority;
	enum category category;
	bool is_client_issue;
	bool synced_to_linear;
	int64_t organization_id;
	int64_t assigned_to; /* staff profile; 0: nobody */
	int64_t customer_id; /* 0: made in Linear */
	bool is_withdrawn;   /* its customer sees it no more */
};

struct issue {
	int64_t id;
	struct issue_kind kind;
	const char *number, *title, *description;
	int64_t vendor_id, order_id;   /* 0: none */
	int64_t raised_by, created_by; /* users; 0: Linear */
	const char *first_answered_at; /* publicly, not by its customer */
	const char *resolved_at;       /* NULL: not resolved */
	int64_t resolved_by;	       /* staff profile; 0: Linear */
	const char *resolution_notes;
	int64_t version;
	const char *linear_id, *linear_identifier, *linear_url;
	const char *linear_state; /* its workflow state's name there */
	const char *linear_team_id;
	enum sync_state sync_state;
	const char *last_synced_at;
	const char *created_at, *updated_at;
	/* of linear_base; filled in by issue_show, for staff */
	const char *linear_description; /* NULL: as ours */
	const char *linear_warning;	/* NULL: none */
	/* of others; filled in by issue_get and issue_list */
	const char *organization_name;
	const char *vendor_name, *vendor_email, *order_number;
	const char *assignee_name, *assignee_email;
	const char *raiser_name, *raiser_email;
	const char *creator_name, *resolver_name;
	/* of the organization: where Linear would get it; NULL: nowhere */
	const char *organization_team_id;
};

/* The issue with that id, if this actor may see it: staff and Linear those of
 * their organization, a customer those that they raised and have not deleted.
 * ERR_NOTFOUND. */
enum err issue_get(struct issue **out, struct ctx *c, const struct actor *who,
		   int64_t id) MUST_CHECK;

enum issue_order {
	ORDER_CREATED,
	ORDER_UPDATED,
	ORDER_PRIORITY,
	ORDER_STATUS,
	ORDER_MAX
};

/* A place in a list, to go on behind it: the values that its order compares,
 * so that it stays valid when the issue there moves or goes. */
struct issue_cursor {
	int64_t key; /* the order's column: a number or a time */
	usec_t created;
	int64_t id;
};

/* Which issues a list has, in which order, and which page of it. */
struct issue_filter {
	struct issue_criteria_set narrow;
	const char *search;
	enum issue_order order;
	bool descending;
	int64_t limit, offset;
	struct issue_cursor behind; /* instead of offset; id 0: none */
	bool uncounted;		    /* the caller needs no count */
};

struct issue_page {
	struct issue *issues;
	size_t n;
	int64_t count;		  /* of all that fit, on whatever page */
	bool more;		  /* some follow this page */
	bool cut;		  /* or may: it looked no further than `last` */
	struct issue_cursor last; /* the place of the last one, if any */
};

/* Past COUNT_CAP, counts that no counter holds (by time, by words, by two
 * people at once) stop. */
#define COUNT_CAP 10000

/* The order that such a list really is in, and that its cursors are keys of:
 * where all have one status, or one priority, that orders nothing. */
enum issue_order issue_list_order(const struct issue_filter *f);

/* A page of the issues that the actor may see and the filter lets through. */
enum err issue_list(struct issue_page *out, struct ctx *c,
		    const struct actor *who,
		    const struct issue_filter *f) MUST_CHECK;

/* Every issue that fits, a page at a time and each in memory of its own, so
 * that a large organization's take no more than a small one's. Ends when
 * `take` returns false. */
enum err issue_walk(struct ctx *c, const struct actor *who,
		    const struct issue_filter *f,
		    bool (*take)(void *arg, const struct issue_page *page),
		    void *arg) MUST_CHECK;

struct issue_new {
	int64_t organization_id;
	const char *title, *description;
	enum priority priority;
	enum category category;
	int64_t vendor_id, order_id; /* 0: none */
	int64_t
	    raised_by; /* the customer for whom staff raise it; 0: the actor */
};

/* What is done to an issue; each has its own rules of when. */
enum act {
	ACT_EDIT, /* staff set fields, the status included; a customer corrects
		   * what they raised as long as it is not settled */
	ACT_ASSIGN,  /* an open one becomes in_progress when it gets somebody */
	ACT_RESOLVE, /* not if resolved already */
	ACT_REOPEN, /* only from resolved or closed; a customer in the window */
	ACT_CLOSE,  /* not if closed already; by its customer: withdraws it */
	ACT_DELETE  /* by its customer: withdraws it, and hides it from them */
};

/* Which members of a change count. */
enum {
	SET_TITLE = 1,
	SET_DESCRIPTION = 2,
	SET_STATUS = 4,
	SET_PRIORITY = 8,
	SET_CATEGORY = 16,
	SET_ASSIGNEE = 32,
	SET_VENDOR = 64,
	SET_ORDER = 128,
	SET_NOTES = 256
};

struct issue_change {
	enum act act;
	unsigned set;
	const char *title, *description, *resolution_notes;
	enum status status;
	enum priority priority;
	enum category category;
	int64_t assigned_to, vendor_id, order_id; /* 0: none */
	int64_t if_version;  /* 0: whatever it is; else ERR_STALE if it moved */
	const char *comment; /* a public comment in the same transaction */
	/* unless 0, nothing happens if it is assigned to somebody else now, or
	 * settled */
	int64_t if_assigned_to;
	bool untold; /* who gets it is not told */
};

struct issue_outcome {
	int64_t id;
	enum status previous_status; /* 0: it is new */
	bool changed; /* false: it was so already, nothing was written */
	bool queued;  /* Linear is to be told of this change */
	const struct issue
	    *raised; /* as issue_get has it; NULL: it was there already */
};

/* A customer raises an issue: number, history, notification, search words,
 * counters and the note for Linear commit with it. ERR_INVALID
 * (organization, vendor, order); ERR_LIMITED: see quota.h; ERR_CONFLICT: see
 * idempotency.h. */
enum err issue_raise(struct issue_outcome *out, struct ctx *c,
		     const struct actor *who,
		     const struct issue_new *new) MUST_CHECK;

/* Does it, with all that must follow, in one transaction. ERR_NOTFOUND,
 * ERR_FORBIDDEN (reopening too late), ERR_STALE, ERR_CONFLICT (deleting what
 * was answered, by its customer), ERR_INVALID (a field, also one that is not
 * the customer's to change, or non_field_errors: not in this status). */
enum err issue_change(struct issue_outcome *out, struct ctx *c,
		      const struct actor *who, int64_t id,
		      const struct issue_change *change) MUST_CHECK;

/* The same inside a transaction of the caller's. */
enum err issue_change_within(struct issue_outcome *out, struct ctx *c,
			     const struct actor *who, int64_t id,
			     const struct issue_change *change) MUST_CHECK;

/* Inside a transaction: the row alone (nothing "of others" but the team),
 * locked, under the same rules as issue_get. */
enum err issue_lock(struct issue **out, struct ctx *c, const struct actor *who,
		    int64_t id) MUST_CHECK;

/* Inside a transaction, of one that is locked: staff or Linear have answered
 * in public, and what its customer has withdrawn shows for them again, also in
 * *issue. */
enum err issue_show_again(struct ctx *c, struct issue *issue) MUST_CHECK;

/* Inside a transaction: gives out the organization's next number of the year,
 * "ISS-2026-0042". Others of the organization wait until the commit is in
 * memory (not until it is on disk). */
enum err issue_next_number(const char **out, struct ctx *c,
			   int64_t organization_id) MUST_CHECK;

#endif
