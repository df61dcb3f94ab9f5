/* The one way in which an issue changes: whoever does it, the row, the
 * history, the counters, the search words, the notifications and the note for
 * Linear change together. */

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "base/enum_name.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/activity.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "desk/issue_count.h"
#include "desk/notification.h"
#include "desk/outbox.h"
#include "desk/search_index.h"
#include "desk/trend.h"
#include "desk/user.h"
#include "quota.h"

enum { UPDATE, DELETE, SHOW, ASSIGNEE, VENDOR, ORDER, STATEMENTS };

static struct stmt sql[] = {
    [UPDATE] = {"UPDATE issue SET title = ?, description = ?, status = ?, "
		"priority = ?, category = ?, assigned_to = ?, vendor_id = ?, "
		"order_id = ?, resolved_at = ?, resolved_by = ?, "
		"resolution_notes = ?, linear_id = ?, sync_state = ?, "
		"is_withdrawn = ?, version = version + 1, updated_at = ? "
		"WHERE id = ? AND organization_id = ?"},
    [DELETE] = {"UPDATE issue SET deleted_at = ?, version = version + 1, "
		"updated_at = ? WHERE id = ? AND organization_id = ?"},
    [SHOW] = {"UPDATE issue SET is_withdrawn = FALSE WHERE id = ? "
	      "AND organization_id = ?"},
    /* locked, so that who leaves now is not missed: see handover.c */
    [ASSIGNEE] = {"SELECT " SQL_FULL_NAME(
	"u") " FROM profile p "
	     "JOIN user u ON u.id = p.user_id WHERE p.id = ? "
	     "AND p.organization_id = ? AND (p.is_active AND u.is_active "
	     "OR ?) LOCK IN SHARE MODE"},
    [VENDOR] = {"SELECT name FROM vendor WHERE id = ? "
		"AND organization_id = ?"},
    [ORDER] = {"SELECT order_number FROM purchase WHERE id = ? "
	       "AND organization_id = ?"},
};

const struct statements issue_change_statements = {sql, STATEMENTS};

/* One change in the making: the issue before and after. */
struct changing {
	struct ctx *c;
	const struct actor *who;
	const struct issue_change *change;
	const struct issue *was;
	struct issue is;
	usec_t resolved_at;			/* of `is`; 0: not resolved */
	const char *was_assignee, *is_assignee; /* names */
	const char *was_vendor, *is_vendor;
	const char *was_order, *is_order;
};

static bool
is_settled(enum status status)
{
	return status == STATUS_RESOLVED || status == STATUS_CLOSED;
}

static enum err
refuse(struct changing *g, const char *text)
{
	return fault_add(&g->c->faults, "non_field_errors", "%s", text);
}

/* A customer reopens what is resolved, for some days; what the staff closed
 * stays closed. */
static enum err
reopen_by_customer(struct changing *g)
{
	const usec_t window = g->c->conf->reopen_days * 86400 * USEC_PER_SEC;
	usec_t resolved;

	if (g->was->kind.status == STATUS_CLOSED) {
		(void)refuse(g, "Only staff can reopen a closed issue. Please "
				"raise a new one.");
		return ERR_FORBIDDEN;
	}
	if (!g->was->resolved_at ||
	    !clock_parse(&resolved, g->was->resolved_at) ||
	    g->c->now - resolved > window) {
		(void)refuse(g, "This issue can no longer be reopened. Please "
				"raise a new one.");
		return ERR_FORBIDDEN;
	}
	return OK;
}

/* Their issue, or what became of it, is not theirs alone any more. */
static enum err
delete_by_customer(struct changing *g)
{
	if (g->was->first_answered_at || g->was->resolution_notes) {
		(void)refuse(g, "This issue has been answered. You can close "
				"it, but not delete it.");
		return ERR_CONFLICT;
	}
	g->is.kind.status = STATUS_CLOSED;
	g->is.kind.is_withdrawn = true;
	return OK;
}

/* Whether this act is possible now, and the status that it leads to. */
static enum err
apply_act(struct changing *g)
{
	const enum status was = g->was->kind.status;
	enum status *is = &g->is.kind.status;

	switch (g->change->act) {
	case ACT_EDIT:
		return OK;
	case ACT_DELETE:
		return g->who->role == ROLE_CUSTOMER ? delete_by_customer(g)
						     : OK;
	case ACT_ASSIGN:
		if (was == STATUS_OPEN && g->change->assigned_to)
			*is = STATUS_IN_PROGRESS;
		return OK;
	case ACT_RESOLVE:
		if (was == STATUS_RESOLVED)
			return refuse(g, "The issue is already resolved.");
		*is = STATUS_RESOLVED;
		return OK;
	case ACT_CLOSE:
		if (was == STATUS_CLOSED)
			return refuse(g, "The issue is already closed.");
		*is = STATUS_CLOSED;
		return OK;
	case ACT_REOPEN:
		break;
	}
	if (was != STATUS_RESOLVED && was != STATUS_CLOSED)
		return refuse(g, "Only a resolved or closed issue can be "
				 "reopened.");
	*is = STATUS_IN_PROGRESS;
	return g->who->role == ROLE_CUSTOMER ? reopen_by_customer(g) : OK;
}

static void
apply_fields(struct changing *g)
{
	const struct issue_change *ch = g->change;
	struct issue *is = &g->is;

	if (ch->set & SET_TITLE)
		is->title = ch->title;
	if (ch->set & SET_DESCRIPTION)
		is->description = ch->description;
	if (ch->set & SET_STATUS)
		is->kind.status = ch->status;
	if (ch->set & SET_PRIORITY)
		is->kind.priority = ch->priority;
	if (ch->set & SET_CATEGORY)
		is->kind.category = ch->category;
	if (ch->set & SET_ASSIGNEE)
		is->kind.assigned_to = ch->assigned_to;
	if (ch->set & SET_VENDOR)
		is->vendor_id = ch->vendor_id;
	if (ch->set & SET_ORDER)
		is->order_id = ch->order_id;
	if (ch->set & SET_NOTES)
		is->resolution_notes = ch->resolution_notes;
}

/* Entering resolved notes when and by whom. Closing keeps both, so that it is
 * known what was resolved before it was closed; reopening clears them. The
 * notes belong to one resolution: those of an earlier one, which stay in the
 * history, do not come back under another name. */
static void
apply_resolution(struct changing *g)
{
	const enum status was = g->was->kind.status, is = g->is.kind.status;

	if (is == STATUS_RESOLVED && was != STATUS_RESOLVED) {
		g->resolved_at = g->c->now;
		g->is.resolved_by = g->who->profile_id;
		if (!(g->change->set & SET_NOTES))
			g->is.resolution_notes = NULL;
	} else if (is_settled(is)) {
		g->resolved_at = 0;
		if (g->was->resolved_at)
			(void)clock_parse(&g->resolved_at, g->was->resolved_at);
	} else {
		g->is.resolved_by = 0;
		if (is_settled(was))
			g->is.resolution_notes = NULL;
	}
}

/* What staff or Linear reopen is there for its customer again. */
static void
apply_visibility(struct changing *g)
{
	if (g->is.kind.status != STATUS_CLOSED)
		g->is.kind.is_withdrawn = false;
}

/* The name behind an id, and that it is one of the organization's. */
static enum err
look_up(const char **name, struct changing *g, int which, int64_t id,
	bool must_fit, const char *field)
{
	const int64_t org = g->was->kind.organization_id;
	struct rows rows;
	enum err e;

	if (!id)
		return OK;
	if (which == ASSIGNEE)
		e = db_one(&rows, g->c->db, &sql[which],
			   ARGS(arg_int(id), arg_int(org), arg_int(!must_fit)));
	else
		e = db_one(&rows, g->c->db, &sql[which],
			   ARGS(arg_int(id), arg_int(org)));
	if (e == ERR_NOTFOUND && must_fit)
		return fault_add(&g->c->faults, field,
				 "The issue's organization has no such %s.",
				 which == ASSIGNEE ? "active employee"
				 : which == VENDOR ? "vendor"
						   : "order");
	if (!e)
		*name = col_text(&rows);
	return e == ERR_NOTFOUND ? OK : e;
}

/* Both sides of a reference that changes. */
static enum err
look_up_change(const char **was, const char **is, struct changing *g, int which,
	       int64_t was_id, int64_t is_id, const char *field)
{
	enum err e;

	if (was_id == is_id)
		return OK;
	e = look_up(is, g, which, is_id, true, field);
	return e ? e : look_up(was, g, which, was_id, false, field);
}

/* What is reopened is nobody's when its assignee has left meanwhile. */
static enum err
release_from_leaver(struct changing *g)
{
	const struct issue_kind *was = &g->was->kind;
	struct issue_kind *is = &g->is.kind;
	struct rows rows;
	enum err e;

	if (!is_settled(was->status) || is_settled(is->status) ||
	    !is->assigned_to || is->assigned_to != was->assigned_to)
		return OK;
	e = db_one(&rows, g->c->db, &sql[ASSIGNEE],
		   ARGS(arg_int(is->assigned_to), arg_int(is->organization_id),
			arg_int(false)));
	if (e != ERR_NOTFOUND)
		return e;
	is->assigned_to = 0;
	return OK;
}

static enum err
look_up_references(struct changing *g)
{
	const struct issue *was = g->was, *is = &g->is;
	const char *field =
	    g->change->act == ACT_ASSIGN ? "employee_id" : "assigned_to";
	enum err e, f;

	e = look_up_change(&g->was_assignee, &g->is_assignee, g, ASSIGNEE,
			   was->kind.assigned_to, is->kind.assigned_to, field);
	if (e && e != ERR_INVALID)
		return e;
	f = look_up_change(&g->was_vendor, &g->is_vendor, g, VENDOR,
			   was->vendor_id, is->vendor_id, "vendor");
	if (f && f != ERR_INVALID)
		return f;
	e = e ? e : f;
	f = look_up_change(&g->was_order, &g->is_order, g, ORDER, was->order_id,
			   is->order_id, "order");
	return e ? e : f;
}

static bool
differ(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) != 0 : a != b;
}

static bool
words_differ(const struct changing *g)
{
	return differ(g->was->title, g->is.title) ||
	       differ(g->was->description, g->is.description);
}

/* What Linear is told of. */
static bool
linear_differs(const struct changing *g)
{
	const struct issue_kind *was = &g->was->kind, *is = &g->is.kind;

	return words_differ(g) || was->status != is->status ||
	       was->priority != is->priority || was->category != is->category ||
	       was->assigned_to != is->assigned_to;
}

static bool
differs(const struct changing *g)
{
	return linear_differs(g) || g->was->vendor_id != g->is.vendor_id ||
	       g->was->order_id != g->is.order_id ||
	       g->was->kind.is_withdrawn != g->is.kind.is_withdrawn ||
	       differ(g->was->resolution_notes, g->is.resolution_notes);
}

/* A customer corrects what they raised, not what is made of it. Clients send
 * whole objects, so what is sent as it was does not count. */
static enum err
check_customer_edit(struct changing *g)
{
	const struct issue *was = g->was, *is = &g->is;
	const struct {
		const char *field;
		bool changed;
	} others[] = {
	    {"status", was->kind.status != is->kind.status},
	    {"assigned_to", was->kind.assigned_to != is->kind.assigned_to},
	    {"vendor", was->vendor_id != is->vendor_id},
	    {"order", was->order_id != is->order_id},
	    {"resolution_notes",
	     differ(was->resolution_notes, is->resolution_notes)},
	};
	enum err e = OK;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i].changed)
			e = fault_add(&g->c->faults, others[i].field,
				      "Only staff can change this field.");
	if (!e && is_settled(was->kind.status) && differs(g))
		e = refuse(g, "Only an issue that is open or in progress can "
			      "be corrected.");
	return !e && differs(g) ? quota_take_text(g->c, g->who) : e;
}

static enum err
write_row(struct changing *g)
{
	const struct issue *is = &g->is;
	struct ctx *c = g->c;

	return db_run(c->db, &sql[UPDATE],
		      ARGS(arg_text(is->title), arg_text(is->description),
			   arg_int(is->kind.status), arg_int(is->kind.priority),
			   arg_int(is->kind.category),
			   arg_id(is->kind.assigned_to), arg_id(is->vendor_id),
			   arg_id(is->order_id), arg_time(g->resolved_at),
			   arg_id(is->resolved_by),
			   arg_text(is->resolution_notes),
			   arg_text(is->linear_id), arg_int(is->sync_state),
			   arg_int(is->kind.is_withdrawn), arg_time(c->now),
			   arg_int(is->id), arg_int(is->kind.organization_id)));
}

static enum err
history(struct changing *g, const char *field, const char *was, const char *is,
	bool is_public)
{
	if (!differ(was, is))
		return OK;
	return activity_add(g->c, g->who, g->was->kind.organization_id,
			    g->was->id, field, was, is, is_public);
}

static bool
is_withdrawal(const struct changing *g)
{
	return g->who->role == ROLE_CUSTOMER &&
	       (g->change->act == ACT_CLOSE || g->change->act == ACT_DELETE);
}

static enum err
write_history(struct changing *g)
{
	const struct issue *was = g->was, *is = &g->is;
	const struct {
		const char *field, *was, *is;
		bool is_public;
	} fields[] = {
	    {"title", was->title, is->title, true},
	    {"description", was->description, is->description, true},
	    {"status", enum_name_text(status_words, (int)was->kind.status),
	     enum_name_text(status_words, (int)is->kind.status), true},
	    {"priority",
	     enum_name_text(priority_words, (int)was->kind.priority),
	     enum_name_text(priority_words, (int)is->kind.priority), true},
	    {"category",
	     enum_name_text(category_words, (int)was->kind.category),
	     enum_name_text(category_words, (int)is->kind.category), true},
	    {"assigned_to", g->was_assignee, g->is_assignee, true},
	    {"vendor", g->was_vendor, g->is_vendor, true},
	    {"order", g->was_order, g->is_order, true},
	    {"resolution_notes", was->resolution_notes, is->resolution_notes,
	     true},
	};
	enum err e = OK;

	if (is_withdrawal(g))
		e = activity_add(g->c, g->who, was->kind.organization_id,
				 was->id, "withdrawn", NULL, NULL,
				 ACTIVITY_PUBLIC);
	for (size_t i = 0; !e && i < sizeof(fields) / sizeof(fields[0]); i++)
		e = history(g, fields[i].field, fields[i].was, fields[i].is,
			    fields[i].is_public);
	return e;
}

static enum err
write_notices(struct changing *g)
{
	const enum status was = g->was->kind.status, is = g->is.kind.status;
	enum err e = OK;

	if (was != is)
		e = notify(g->c, g->who, &g->is,
			   is == STATUS_RESOLVED ? NOTICE_RESOLVED
			   : is_settled(was) && !is_settled(is)
			       ? NOTICE_REOPENED
			       : NOTICE_STATUS,
			   0);
	if (!e && !g->change->untold &&
	    g->was->kind.assigned_to != g->is.kind.assigned_to)
		e = notify(g->c, g->who, &g->is, NOTICE_ASSIGNED, 0);
	return e;
}

static enum err
write_words(struct changing *g)
{
	return words_differ(g) ? search_reindex_issue(g->c, &g->is) : OK;
}

/* An issue that Linear is to have gets its id there now, once. */
static void
prepare_sync(struct changing *g)
{
	char uuid[UUID_TEXT];

	if (g->who->role == ROLE_LINEAR || !outbox_wants(g->was) ||
	    !linear_differs(g))
		return;
	if (!g->is.linear_id) {
		random_uuid(uuid);
		g->is.linear_id = arena_strdup(g->c->arena, uuid);
	}
	g->is.sync_state = SYNC_PENDING;
}

static enum err
write_change(struct issue_outcome *out, struct changing *g)
{
	enum err e;

	apply_resolution(g);
	apply_visibility(g);
	prepare_sync(g);
	e = write_row(g);
	if (!e)
		e = write_history(g);
	if (!e)
		e = write_words(g);
	if (!e)
		e = write_notices(g);
	if (!e && g->is.kind.status == STATUS_RESOLVED &&
	    g->was->kind.status != STATUS_RESOLVED)
		e = trend_resolved(g->c, g->was);
	out->changed = true;
	out->queued = g->who->role != ROLE_LINEAR && outbox_wants(g->was) &&
		      linear_differs(g);
	if (!e && out->queued)
		e = outbox_mark(g->c, g->was);
	return e ? e : count_move(g->c, &g->was->kind, &g->is.kind);
}

static enum err
delete_issue(struct issue_outcome *out, struct changing *g)
{
	const struct issue *was = g->was;
	const int64_t org = was->kind.organization_id;
	struct ctx *c = g->c;
	enum err e = db_run(c->db, &sql[DELETE],
			    ARGS(arg_time(c->now), arg_time(c->now),
				 arg_int(was->id), arg_int(org)));

	if (!e)
		e = activity_add(c, g->who, org, was->id, "deleted", NULL,
				 was->number, false);
	if (!e)
		e = search_forget_issue(c, was->id);
	if (!e)
		e = count_move(c, &was->kind, NULL);
	out->changed = true;
	return e;
}

static enum err
add_comment(struct issue_outcome *out, struct changing *g)
{
	int64_t id;

	if (!g->change->comment)
		return OK;
	out->queued = out->queued || outbox_wants(&g->is);
	return comment_add_within(&id, g->c, g->who, &g->is, g->change->comment,
				  false, NULL);
}

enum err
issue_change_within(struct issue_outcome *out, struct ctx *c,
		    const struct actor *who, int64_t id,
		    const struct issue_change *change)
{
	struct changing g = {.c = c, .who = who, .change = change};
	struct issue *was = NULL;
	enum err e = issue_lock(&was, c, who, id);

	if (e)
		return e;
	g.was = was;
	g.is = *was;
	*out = (struct issue_outcome){.id = id,
				      .previous_status = was->kind.status};
	if (change->if_version && change->if_version != was->version)
		return ERR_STALE;
	if (change->if_assigned_to &&
	    (change->if_assigned_to != was->kind.assigned_to ||
	     is_settled(was->kind.status)))
		return OK;
	e = apply_act(&g);
	if (e)
		return e;
	if (change->act == ACT_DELETE && who->role != ROLE_CUSTOMER)
		return delete_issue(out, &g);
	apply_fields(&g);
	if (change->act == ACT_EDIT && who->role == ROLE_CUSTOMER)
		e = check_customer_edit(&g);
	else
		e = release_from_leaver(&g);
	if (!e)
		e = look_up_references(&g);
	if (!e && differs(&g))
		e = write_change(out, &g);
	return e ? e : add_comment(out, &g);
}

enum err
issue_show_again(struct ctx *c, struct issue *issue)
{
	const struct issue_kind was = issue->kind;
	enum err e;

	if (!was.is_withdrawn)
		return OK;
	issue->kind.is_withdrawn = false;
	e = db_run(c->db, &sql[SHOW],
		   ARGS(arg_int(issue->id), arg_int(was.organization_id)));
	return e ? e : count_move(c, &was, &issue->kind);
}

/* issue_change_within with its arguments, for db_transaction. */
struct call {
	struct issue_outcome *out;
	struct ctx *c;
	const struct actor *who;
	int64_t id;
	const struct issue_change *change;
};

static enum err
change_in_transaction(void *arg)
{
	struct call *k = arg;

	faults_init(&k->c->faults, k->c->arena);
	return issue_change_within(k->out, k->c, k->who, k->id, k->change);
}

enum err
issue_change(struct issue_outcome *out, struct ctx *c, const struct actor *who,
	     int64_t id, const struct issue_change *change)
{
	struct issue_outcome result = {0};
	struct call k = {&result, c, who, id, change};
	enum err e = db_transaction(c->db, change_in_transaction, &k);

	if (!e)
		*out = result;
	return e;
}
