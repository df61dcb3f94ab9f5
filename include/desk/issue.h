#ifndef DESK_ISSUE_H
#define DESK_ISSUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "base/enum_name.h"
#include "desk/issue_criteria.h"
#include "desk/issue_fields.h"

/* Each in the order of its ENUM in schema.sql; 0 means none. */
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

/* Resolved or closed. */
bool issue_is_settled(enum status status);

/* Their names in the API and the database (aliases that inputs may use come
 * last), and their labels for people. */
extern const struct enum_name status_words[], priority_words[],
    category_words[], sync_state_words[];
extern const struct enum_name status_labels[], priority_labels[],
    category_labels[], sync_state_labels[];

/* Limits of what is written here. Texts from Linear may be longer, and are kept
 * whole. */
#define TITLE_MAX	255
#define DESCRIPTION_MAX 20000
#define NOTES_MAX	10000

/* What counters count issues by. */
struct issue_kind {
	enum status status;
	enum priority priority;
	enum category category;
	bool is_client_issue;
	bool synced_to_linear;
	int64_t organization_id;
	int64_t assigned_to; /* staff profile; 0: nobody */
	int64_t customer_id; /* 0: created in Linear */
	bool is_withdrawn;   /* its customer does not see it */
};

/* The C types of the kinds of fields. */
#define CTYPE_INT(max)	      int64_t
#define CTYPE_ID	      int64_t
#define CTYPE_OBJECT	      int64_t
#define CTYPE_BOOL	      bool
#define CTYPE_TIME	      const char *
#define CTYPE_LINE(max)	      const char *
#define CTYPE_TEXT(max)	      const char *
#define CTYPE_BLANK_TEXT(max) const char *
#define CTYPE_CHOICE(x)	      enum x

struct issue {
	int64_t id;
	struct issue_kind kind;
	/* one for each field that is not in `kind`, called as its column: an id
	 * of 0 means none, and so does the text NULL; people who are 0 are
	 * Linear */
#define OWN_OWN(type, column) type column;
#define OWN_KIND(type, column)
#define OWN(id, place, column, kind, ...) OWN_##place(CTYPE_##kind, column)
	ISSUE_FIELDS(OWN)
#undef OWN
	/* from table linear_base; filled in by issue_show, for staff */
	const char *linear_description; /* NULL: as ours */
	const char *linear_warning;	/* NULL: none */
	/* from other tables; filled in by issue_get and issue_list */
	const char *organization_name;
	const char *vendor_name, *vendor_email, *order_number;
	const char *assignee_name, *assignee_email;
	const char *raiser_name, *raiser_email;
	const char *creator_name, *resolver_name;
	/* the organization's team in Linear; NULL: none */
	const char *organization_team_id;
};

/* The member of struct issue that a field has: i->ISSUE_MEMBER(place, column).
 */
#define ISSUE_MEMBER(place, column) ISSUE_MEMBER_##place(column)
#define ISSUE_MEMBER_OWN(column)    column
#define ISSUE_MEMBER_KIND(column)   kind.column

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

/* A place in a list, behind which the next page begins: the values that its
 * order compares, so that it stays valid when the issue there changes or is
 * deleted. */
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
	int64_t count;		  /* of all pages */
	bool more;		  /* some follow this page */
	struct issue_cursor last; /* the place of the last one, if any */
};

/* Counts that no counter covers (by time, by words, by two people at once) stop
 * here. */
#define COUNT_CAP 10000

/* The order that a list is really in, and that its cursors have keys of: a list
 * of issues with one status is not ordered by status but by created_at. */
enum issue_order issue_list_order(const struct issue_filter *f);

/* A page of the issues that the actor may see and the filter lets through. */
enum err issue_list(struct issue_page *out, struct ctx *c,
		    const struct actor *who,
		    const struct issue_filter *f) MUST_CHECK;

/* Calls `take` with every issue that fits, a page at a time. Each page has
 * memory of its own, so that a large organization needs as little as a small
 * one. Ends when `take` returns false. */
enum err issue_walk(struct ctx *c, const struct actor *who,
		    const struct issue_filter *f,
		    bool (*take)(void *arg, const struct issue_page *page),
		    void *arg) MUST_CHECK;

struct attaching; /* attachment.h */

struct issue_new {
	int64_t organization_id;
	const char *title, *description;
	enum priority priority;
	enum category category;
	int64_t vendor_id, order_id; /* 0: none */
	int64_t raised_by; /* a customer, if staff raise it for them; 0: the
			      actor */
	const struct attaching *files; /* to be bound to it; NULL: none */
};

/* What is done to an issue; issue_act.c has the rules of each. */
enum act {
	ACT_EDIT, /* staff set fields, the status included; a customer corrects
		   * what they raised until it is resolved or closed */
	ACT_ASSIGN,  /* an open issue becomes in_progress with an assignee */
	ACT_RESOLVE, /* not if resolved already */
	ACT_REOPEN, /* only from resolved or closed; a customer in the window */
	ACT_CLOSE,  /* not if closed already; by its customer: withdraws it */
	ACT_DELETE  /* by its customer: withdraws it, and hides it from them */
};

/* Numbers of the fields that a request may change, and the bits of those that a
 * change sets: SET_TITLE, SET_STATUS, ... */
enum {
#define NUMBER_CUSTOMER(id) CHANGE_##id,
#define NUMBER_STAFF(id)    CHANGE_##id,
#define NUMBER_DERIVED(id)
#define NUMBER_NOBODY(id)
#define NUMBER(id, place, column, kind, name, viewers, changers, ...) \
	NUMBER_##changers(id)
	ISSUE_FIELDS(NUMBER)
#undef NUMBER
	    CHANGE_MAX
};
enum {
#define BIT_CUSTOMER(id) SET_##id = 1 << CHANGE_##id,
#define BIT_STAFF(id)	 SET_##id = 1 << CHANGE_##id,
#define BIT_DERIVED(id)
#define BIT_NOBODY(id)
#define BIT(id, place, column, kind, name, viewers, changers, ...) \
	BIT_##changers(id)
	ISSUE_FIELDS(BIT)
#undef BIT
	    SET_NOTHING = 0
};

struct issue_change {
	enum act act;
	unsigned set; /* which of the following members count */
	/* one for each field that a request may change, called as its column:
	 * title, description, status, ...; an id of 0 means none */
#define MEMBER_CUSTOMER(type, column) type column;
#define MEMBER_STAFF(type, column)    type column;
#define MEMBER_DERIVED(type, column)
#define MEMBER_NOBODY(type, column)
#define MEMBER(id, place, column, kind, name, viewers, changers, ...) \
	MEMBER_##changers(CTYPE_##kind, column)
	ISSUE_FIELDS(MEMBER)
#undef MEMBER
	int64_t if_version;  /* 0: any; else ERR_STALE if it is another */
	const char *comment; /* a public comment in the same transaction */
	/* unless 0: nothing happens if the issue is assigned to somebody else,
	 * or is resolved or closed */
	int64_t if_assigned_to;
	bool untold; /* the new assignee is not notified */
};

struct issue_outcome {
	int64_t id;
	enum status previous_status; /* 0: the issue is new */
	bool changed; /* false: nothing differed, nothing was written */
	bool queued;  /* a job will send this change to Linear */
	const struct issue
	    *raised; /* as issue_get reads it; NULL: it existed already */
};

/* A customer raises an issue: number, history, notification, search words,
 * counters and the job for Linear are committed with it. ERR_INVALID
 * (organization, vendor, order, attachments); ERR_LIMITED: see quota.h;
 * ERR_CONFLICT: see idempotency.h. */
enum err issue_raise(struct issue_outcome *out, struct ctx *c,
		     const struct actor *who,
		     const struct issue_new *new) MUST_CHECK;

/* Changes an issue, and all that follows from it, in one transaction.
 * ERR_NOTFOUND, ERR_FORBIDDEN (reopening too late), ERR_STALE, ERR_CONFLICT
 * (deleting what was answered, by its customer), ERR_INVALID (a field, also one
 * that is not the customer's to change, or non_field_errors: not in this
 * status). */
enum err issue_change(struct issue_outcome *out, struct ctx *c,
		      const struct actor *who, int64_t id,
		      const struct issue_change *change) MUST_CHECK;

/* The same inside a transaction of the caller's. */
enum err issue_change_within(struct issue_outcome *out, struct ctx *c,
			     const struct actor *who, int64_t id,
			     const struct issue_change *change) MUST_CHECK;

/* Inside a transaction: locks the row and reads it alone (from other tables
 * only the organization's team), under the same rules as issue_get. */
enum err issue_lock(struct issue **out, struct ctx *c, const struct actor *who,
		    int64_t id) MUST_CHECK;

/* Inside a transaction, with the issue locked: lets a customer who withdrew the
 * issue see it again, also in *issue, after staff or Linear answered in public.
 */
enum err issue_show_again(struct ctx *c, struct issue *issue) MUST_CHECK;

/* Inside a transaction: takes the organization's next number of the year,
 * "ISS-2026-0042". Other transactions that take one of this organization wait
 * until the commit is in memory (not until it is on disk). */
enum err issue_next_number(const char **out, struct ctx *c,
			   int64_t organization_id) MUST_CHECK;

/* Inside a transaction or not: the next number of that year comes behind
 * `last`, which may leave a gap. Does nothing for an unknown organization. */
enum err issue_skip_numbers(struct ctx *c, int64_t organization_id, int year,
			    int64_t last) MUST_CHECK;

#endif
