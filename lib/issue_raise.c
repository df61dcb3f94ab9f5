/* How an issue comes to be. */

#include "activity.h"
#include "arena.h"
#include "count.h"
#include "crypto.h"
#include "db.h"
#include "idempotency.h"
#include "issue.h"
#include "notification.h"
#include "organization.h"
#include "outbox.h"
#include "statements.h"
#include "trend.h"
#include "user.h"
#include "word.h"

enum { NEXT_NUMBER, INSERT, VENDOR_FITS, ORDER_FITS, STATEMENTS };

static struct stmt sql[] = {
    [NEXT_NUMBER] = {"INSERT INTO issue_number (organization_id, year, last) "
		     "VALUES (?, ?, LAST_INSERT_ID(1)) ON DUPLICATE KEY "
		     "UPDATE last = LAST_INSERT_ID(last + 1)"},
    [INSERT] = {"INSERT INTO issue (organization_id, issue_number, title, "
		"description, priority, category, vendor_id, order_id, "
		"is_client_issue, customer_id, raised_by, created_by, "
		"linear_id, sync_state, created_at, updated_at) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, TRUE, ?, ?, ?, ?, ?, ?, ?)"},
    [VENDOR_FITS] = {"SELECT 1 FROM vendor WHERE id = ? "
		     "AND organization_id = ?"},
    [ORDER_FITS] = {"SELECT 1 FROM purchase WHERE id = ? "
		    "AND organization_id = ? AND user_id = ?"},
};

const struct statements issue_raise_statements = {sql, STATEMENTS};

enum err
issue_next_number(const char **out, struct ctx *c, int64_t organization_id)
{
	int year = clock_year(c->now);
	enum err e = db_run(c->db, &sql[NEXT_NUMBER],
			    ARGS(arg_int(organization_id), arg_int(year)));

	if (!e)
		*out = arena_printf(c->arena, "ISS-%04d-%04lld", year,
				    (long long)db_insert_id(c->db));
	return e;
}

/* What one raise carries through its transaction. */
struct raising {
	struct ctx *c;
	const struct actor *who;
	const struct issue_new *new;
	struct issue issue; /* as it will be */
};

static enum err
insert(struct raising *r)
{
	struct issue *i = &r->issue;
	const struct issue_new *new = r->new;
	struct ctx *c = r->c;
	enum err e = db_run(
	    c->db, &sql[INSERT],
	    ARGS(arg_int(new->organization_id), arg_text(i->number),
		 arg_text(new->title), arg_text(new->description),
		 arg_int(new->priority), arg_int(new->category),
		 arg_id(new->vendor_id), arg_id(new->order_id),
		 arg_int(i->kind.customer_id), arg_int(i->raised_by),
		 arg_int(i->raised_by), arg_text(i->linear_id),
		 arg_int(i->sync_state), arg_time(c->now), arg_time(c->now)));

	if (!e)
		i->id = db_insert_id(c->db);
	return e;
}

/* Rows that only this raise touches come first; those that raises share
 * (counters) come last, to be locked for the shortest time. */
static enum err
raise_it(void *arg)
{
	struct raising *r = arg;
	struct issue *i = &r->issue;
	struct ctx *c = r->c;
	const int64_t org = r->new->organization_id;
	enum err e = issue_next_number(&i->number, c, org);

	if (!e)
		e = insert(r);
	if (!e)
		e = word_index(c, org, i->id, i->number, r->new->title,
			       r->new->description);
	if (!e)
		e = activity_add(c, r->who, org, i->id, "created", NULL,
				 i->number, true);
	if (!e)
		e = notify(c, r->who, i, NOTICE_RAISED, 0);
	if (!e)
		e = outbox_mark(c, i);
	if (!e)
		e = idempotency_claim(c, i->id);
	if (!e)
		e = trend_raised(c, i);
	return e ? e : count_move(c, NULL, &i->kind);
}

static enum err
check_reference(struct ctx *c, struct stmt *s, const struct arg *args, size_t n,
		const char *field, const char *text)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, s, args, n);

	return e == ERR_NOTFOUND ? fault_add(&c->faults, field, "%s", text) : e;
}

static enum err
check_new(struct organization **org, struct ctx *c, const struct actor *who,
	  const struct issue_new *new)
{
	const int64_t id = new->organization_id;
	enum err e = organization_get(org, c, id), f = OK;

	if (e == ERR_NOTFOUND || (!e && !(*org)->is_active))
		return fault_add(&c->faults, "organization",
				 "There is no such active organization.");
	if (!e && new->vendor_id)
		e = check_reference(c, &sql[VENDOR_FITS],
				    ARGS(arg_int(new->vendor_id), arg_int(id)),
				    "vendor",
				    "This organization has no such vendor.");
	if ((!e || e == ERR_INVALID) && new->order_id)
		f = check_reference(
		    c, &sql[ORDER_FITS],
		    ARGS(arg_int(new->order_id), arg_int(id),
			 arg_int(who->user_id)),
		    "order", "You have no such order with this organization.");
	return e ? e : f;
}

enum err
issue_raise(struct issue_outcome *out, struct ctx *c, const struct actor *who,
	    const struct issue_new *new)
{
	struct raising r = {.c = c, .who = who, .new = new};
	struct issue_kind *kind = &r.issue.kind;
	struct organization *org = NULL;
	char uuid[UUID_TEXT];
	enum err e = check_new(&org, c, who, new);

	if (e)
		return e;
	*kind = (struct issue_kind){.status = STATUS_OPEN,
				    .priority = new->priority,
				    .category = new->category,
				    .is_client_issue = true,
				    .organization_id = org->id};
	e = customer_ensure(&kind->customer_id, c, who->user_id, org->id);
	if (e)
		return e;
	r.issue.raised_by = who->user_id;
	r.issue.organization_team_id = org->linear_team_id;
	r.issue.sync_state = SYNC_OFF;
	if (org->linear_team_id) {
		/* chosen before Linear is told: told twice, it makes one */
		random_uuid(uuid);
		r.issue.linear_id = uuid;
		r.issue.sync_state = SYNC_PENDING;
	}
	e = db_transaction(c->db, raise_it, &r);
	if (!e)
		*out = (struct issue_outcome){.id = r.issue.id,
					      .changed = true,
					      .queued = outbox_wants(&r.issue)};
	return e;
}
