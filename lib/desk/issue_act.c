/* The rules of what may be done to an issue, and what else follows from it:
 * which act is possible in which status and role, which fields a customer may
 * correct, when it counts as resolved, and which people, suppliers and
 * orders it may name. issue_change.c writes what comes out. */

#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/user.h"
#include "issue_changing.h"
#include "quota.h"

enum { ASSIGNEE, VENDOR, ORDER, STATEMENTS };

static struct stmt sql[] = {
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

const struct statements issue_act_statements = {sql, STATEMENTS};

bool
issue_is_settled(enum status status)
{
	return status == STATUS_RESOLVED || status == STATUS_CLOSED;
}

static enum err
refuse_act(struct changing *g, const char *text)
{
	return fault_add(&g->c->faults, "non_field_errors", "%s", text);
}

/* A customer can reopen a resolved issue for some days, but no closed one. */
static enum err
reopen_by_customer(struct changing *g)
{
	const usec_t window = g->c->conf->reopen_days * 86400 * USEC_PER_SEC;
	usec_t resolved;

	if (g->was->kind.status == STATUS_CLOSED) {
		(void)refuse_act(g,
				 "Only staff can reopen a closed issue. Please "
				 "raise a new one.");
		return ERR_FORBIDDEN;
	}
	if (!g->was->resolved_at ||
	    !clock_parse(&resolved, g->was->resolved_at) ||
	    g->c->now - resolved > window) {
		(void)refuse_act(g,
				 "This issue can no longer be reopened. Please "
				 "raise a new one.");
		return ERR_FORBIDDEN;
	}
	return OK;
}

/* Once an issue is answered, its customer cannot delete it: the answer belongs
 * to the staff as well. */
static enum err
delete_by_customer(struct changing *g)
{
	if (g->was->first_answered_at || g->was->resolution_notes) {
		(void)refuse_act(g,
				 "This issue has been answered. You can close "
				 "it, but not delete it.");
		return ERR_CONFLICT;
	}
	g->is.kind.status = STATUS_CLOSED;
	g->is.kind.is_withdrawn = true;
	return OK;
}

enum err
change_apply_act(struct changing *g)
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
			return refuse_act(g, "The issue is already resolved.");
		*is = STATUS_RESOLVED;
		return OK;
	case ACT_CLOSE:
		if (was == STATUS_CLOSED)
			return refuse_act(g, "The issue is already closed.");
		*is = STATUS_CLOSED;
		return OK;
	case ACT_REOPEN:
		break;
	}
	if (was != STATUS_RESOLVED && was != STATUS_CLOSED)
		return refuse_act(g, "Only a resolved or closed issue can be "
				     "reopened.");
	*is = STATUS_IN_PROGRESS;
	return g->who->role == ROLE_CUSTOMER ? reopen_by_customer(g) : OK;
}

/* Copies the members of the change whose bits are set. */
void
change_apply_fields(struct changing *g)
{
	const struct issue_change *ch = g->change;
	struct issue *is = &g->is;

#define APPLY_CUSTOMER(id, place, column) \
	if (ch->set & SET_##id)           \
		is->ISSUE_MEMBER(place, column) = ch->column;
#define APPLY_STAFF APPLY_CUSTOMER
#define APPLY_DERIVED(id, place, column)
#define APPLY_NOBODY(id, place, column)
#define APPLY(id, place, column, kind, name, viewers, changers, ...) \
	APPLY_##changers(id, place, column)
	ISSUE_FIELDS(APPLY)
}

/* Entering resolved stores the time and the person. Closing keeps both, so that
 * it is known what was resolved before it was closed; reopening clears them.
 * The notes belong to one resolution: those of an earlier one, which stay in
 * the history, do not come back under another name. */
void
change_apply_resolution(struct changing *g)
{
	const enum status was = g->was->kind.status, is = g->is.kind.status;

	if (is == STATUS_RESOLVED && was != STATUS_RESOLVED) {
		g->is.resolved_at = clock_text(g->c->arena, g->c->now);
		g->is.resolved_by = g->who->profile_id;
		if (!(g->change->set & SET_NOTES))
			g->is.resolution_notes = NULL;
	} else if (!issue_is_settled(is)) {
		g->is.resolved_at = NULL;
		g->is.resolved_by = 0;
		if (issue_is_settled(was))
			g->is.resolution_notes = NULL;
	}
}

/* What staff or Linear reopen is there for its customer again. */
void
change_apply_visibility(struct changing *g)
{
	if (g->is.kind.status != STATUS_CLOSED)
		g->is.kind.is_withdrawn = false;
}

/* The name behind an id, and that it is one of the organization's. */
static enum err
look_up_name(const char **name, struct changing *g, int which, int64_t id,
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
look_up_change(struct changing *g, int which, enum issue_field_id id,
	       int64_t was_id, int64_t is_id, const char *field)
{
	enum err e;

	if (was_id == is_id)
		return OK;
	e = look_up_name(&g->is_name[id], g, which, is_id, true, field);
	return e ? e
		 : look_up_name(&g->was_name[id], g, which, was_id, false,
				field);
}

enum err
change_release_leaver(struct changing *g)
{
	const struct issue_kind *was = &g->was->kind;
	struct issue_kind *is = &g->is.kind;
	struct rows rows;
	enum err e;

	if (!issue_is_settled(was->status) || issue_is_settled(is->status) ||
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

enum err
change_look_up(struct changing *g)
{
	const struct issue *was = g->was, *is = &g->is;
	const char *field =
	    g->change->act == ACT_ASSIGN ? "employee_id" : "assigned_to";
	enum err e, f;

	e = look_up_change(g, ASSIGNEE, ISSUE_FIELD_ASSIGNEE,
			   was->kind.assigned_to, is->kind.assigned_to, field);
	if (e && e != ERR_INVALID)
		return e;
	f = look_up_change(g, VENDOR, ISSUE_FIELD_VENDOR, was->vendor_id,
			   is->vendor_id, "vendor");
	if (f && f != ERR_INVALID)
		return f;
	e = e ? e : f;
	f = look_up_change(g, ORDER, ISSUE_FIELD_ORDER, was->order_id,
			   is->order_id, "order");
	return e ? e : f;
}

/* Whether a customer's change is to a field that only staff may change. Clients
 * send whole objects, so a field with its present value is no change. But any
 * value of a field that customers do not see counts: otherwise they could find
 * out its value by trying. */
static bool
oversteps(const struct changing *g, enum issue_field_id id)
{
	const struct issue_field *f = &issue_fields[id];

	if (f->changers != CHANGERS_STAFF)
		return false;
	return issue_field_shown(f, ROLE_CUSTOMER)
		   ? change_touches(g, id)
		   : (g->change->set & f->set) != 0;
}

/* Customers correct what they wrote, until the issue is settled; they change
 * nothing that staff decide. */
enum err
change_check_customer(struct changing *g)
{
	enum err e = OK;

	for (int id = 0; id < ISSUE_FIELD_MAX; id++)
		if (oversteps(g, (enum issue_field_id)id))
			e = fault_add(&g->c->faults, issue_fields[id].name,
				      "Only staff can change this field.");
	if (!e && issue_is_settled(g->was->kind.status) &&
	    change_touches_any(g))
		e = refuse_act(g,
			       "Only an issue that is open or in progress can "
			       "be corrected.");
	return !e && change_touches_any(g) ? quota_take_text(g->c, g->who) : e;
}
