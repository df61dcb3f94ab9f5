/* Creates issues: a customer raises one, or staff raise it for them. It checks
 * what the issue names, gives it a number, and writes it with its history, the
 * outbox row and the counters in one transaction; lib/events derives the rest.
 * Issues that come from Linear are sync/import.c's. */

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "base/high_water.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/activity.h"
#include "desk/attachment.h"
#include "desk/customer.h"
#include "desk/idempotency.h"
#include "desk/issue.h"
#include "desk/issue_count.h"
#include "desk/organization.h"
#include "desk/outbox.h"
#include "desk/user.h"
#include "issue_store.h"
#include "quota.h"

enum {
	NEXT_NUMBER,
	RAISE_NUMBER,
	PARTIES,
	PARTIES_AND_QUOTA,
	KNOWN,
	THINGS,
	STATEMENTS
};

/* What a new issue is checked against and shown with: the organization and the
 * customer. The rest in statements of its own, since most issues need none of
 * it: it would double the time of this one. */
#define PARTIES_COLUMNS                                    \
	"SELECT o.is_active, o.is_listed, o.name, "        \
	"o.linear_team_id, k.id, u.email, " SQL_FULL_NAME( \
	    "u") ", u.email_verified"
#define PARTIES_TABLES                                  \
	" FROM organization o JOIN user u ON u.id = ? " \
	"LEFT JOIN customer k ON k.user_id = u.id "     \
	"AND k.organization_id = o.id WHERE o.id = ?"

static struct stmt sql[] = {
    [NEXT_NUMBER] = {"INSERT INTO issue_number (organization_id, year, last) "
		     "VALUES (?, ?, LAST_INSERT_ID(1)) ON DUPLICATE KEY "
		     "UPDATE last = LAST_INSERT_ID(last + 1)"},
    [RAISE_NUMBER] = {"INSERT INTO issue_number (organization_id, year, last) "
		      "SELECT id, ?, ? FROM organization WHERE id = ? "
		      "ON DUPLICATE KEY UPDATE "
		      "last = GREATEST(issue_number.last, VALUES(last))"},
    [PARTIES] = {PARTIES_COLUMNS PARTIES_TABLES},
    [PARTIES_AND_QUOTA] = {PARTIES_COLUMNS
			   ", " QUOTA_NEAR_COLUMN PARTIES_TABLES},
    [KNOWN] = {"SELECT " SQL_KNOWN_TO("o", "?") " FROM organization o "
						"WHERE o.id = ?"},
    [THINGS] = {"SELECT v.id, v.name, v.email, b.id, b.order_number "
		"FROM organization o "
		"LEFT JOIN vendor v ON v.id = ? AND v.organization_id = o.id "
		"LEFT JOIN purchase b ON b.id = ? "
		"AND b.organization_id = o.id AND b.user_id = ? "
		"WHERE o.id = ?"},
};

const struct statements issue_raise_statements = {sql, STATEMENTS};

enum err
issue_next_number(const char **out, struct ctx *c, int64_t organization_id)
{
	int year = clock_year(c->now);
	enum err e = db_run(c->db, &sql[NEXT_NUMBER],
			    ARGS(arg_int(organization_id), arg_int(year)));

	if (e)
		return e;
	high_water_number(organization_id, year, db_insert_id(c->db));
	*out = arena_printf(c->arena, "ISS-%04d-%04lld", year,
			    (long long)db_insert_id(c->db));
	return OK;
}

enum err
issue_skip_numbers(struct ctx *c, int64_t organization_id, int year,
		   int64_t last)
{
	return db_run(
	    c->db, &sql[RAISE_NUMBER],
	    ARGS(arg_int(year), arg_int(last), arg_int(organization_id)));
}

/* One issue that is being raised. */
struct new_issue {
	struct ctx *c;
	const struct actor *who;
	struct issue *issue; /* as it will be in the database */
	const struct attaching *files;
	bool is_proved; /* the customer's e-mail address */
	bool is_near;	/* see quota_check_raises() */
};

static enum err
take_quota(struct new_issue *r)
{
	const struct conf *conf = r->c->conf;
	enum err e;

	if (r->who->role != ROLE_CUSTOMER)
		return OK;
	e = quota_check_raises(r->c, r->who->user_id, r->is_near);
	if (e || r->is_proved)
		return e;
	return quota_take(r->c, QUOTA_UNPROVED_RAISES,
			  r->issue->kind.organization_id,
			  conf->unproved_raises_per_hour);
}

/* From the number on, transactions of one organization wait for each other, so
 * everything that can be read earlier is. Filling in the number at the end
 * would shorten the wait, but costs more: the row changes twice, with an entry
 * of a unique index that has to be purged. */
static enum err
raise_in_transaction(void *arg)
{
	struct new_issue *r = arg;
	struct issue *i = r->issue;
	struct ctx *c = r->c;
	const int64_t org = i->kind.organization_id;
	enum err e;

	faults_init(&c->faults, c->arena);
	e = take_quota(r);
	if (!e)
		e = attachment_take(c, r->who, org, r->files);
	if (!e)
		e = issue_next_number(&i->issue_number, c, org);
	if (!e)
		e = issue_store_new(c, i);
	if (!e)
		e = attachment_bind(c, r->who, org, i->id, 0, false, r->files);
	if (!e)
		e = activity_add(c, r->who, org, i->id, "created", NULL,
				 i->issue_number, true);
	if (!e)
		e = idempotency_claim(c, i->id);
	return e ? e : count_move(c, NULL, &i->kind);
}

static int64_t
raiser_of(const struct actor *who, const struct issue_new *new)
{
	return new->raised_by ? new->raised_by : who->user_id;
}

/* Whether the raiser may see an organization that lists do not show. */
static enum err
is_known_to(bool *known, struct new_issue *r, const struct issue_new *new)
{
	const struct arg user = arg_int(raiser_of(r->who, new));
	struct rows rows;
	enum err e =
	    db_one(&rows, r->c->db, &sql[KNOWN],
		   ARGS(user, user, user, arg_int(new->organization_id)));

	if (!e)
		*known = col_bool(&rows);
	return e;
}

/* Whether the limit on raises needs the column that tells if it is near. */
static bool
asks_for_quota(const struct new_issue *r)
{
	return r->who->role == ROLE_CUSTOMER && r->c->conf->raises_per_hour &&
	       quota_can_be_far(r->c->conf);
}

static enum err
query_parties(struct rows *out, const struct new_issue *r,
	      const struct issue_new *new)
{
	struct ctx *c = r->c;
	const struct arg raiser = arg_int(raiser_of(r->who, new));
	const struct arg org = arg_int(new->organization_id);

	if (!asks_for_quota(r))
		return db_one(out, c->db, &sql[PARTIES], ARGS(raiser, org));
	return db_one(out, c->db, &sql[PARTIES_AND_QUOTA],
		      ARGS(arg_int(r->who->user_id), arg_time(QUOTA_SINCE(c)),
			   arg_int(quota_raises_far(c->conf)), raiser, org));
}

static enum err
check_parties(struct new_issue *r, const struct issue_new *new)
{
	struct issue *i = r->issue;
	struct ctx *c = r->c;
	bool takes = false, is_listed;
	struct rows rows;
	enum err e = query_parties(&rows, r, new);

	if (e && e != ERR_NOTFOUND)
		return e;
	if (!e) {
		takes = col_bool(&rows);
		is_listed = col_bool(&rows);
		i->organization_name = col_text(&rows);
		i->organization_team_id = col_text(&rows);
		i->kind.customer_id = col_int(&rows);
		i->raiser_email = col_text(&rows);
		i->raiser_name = col_text(&rows);
		r->is_proved = col_bool(&rows);
		r->is_near = !asks_for_quota(r) || col_bool(&rows);
		if (takes && !is_listed && !i->kind.customer_id)
			e = is_known_to(&takes, r, new);
		if (e)
			return e;
	}
	return takes ? OK
		     : fault_add(&c->faults, "organization",
				 "There is no active organization with this "
				 "id.");
}

/* The vendor and the order, if the issue names any. */
static enum err
check_things(struct new_issue *r, const struct issue_new *new)
{
	struct issue *i = r->issue;
	struct ctx *c = r->c;
	struct rows rows;
	enum err e;

	if (!new->vendor_id && !new->order_id)
		return OK;
	e = db_one(&rows, c->db, &sql[THINGS],
		   ARGS(arg_id(new->vendor_id), arg_id(new->order_id),
			arg_int(raiser_of(r->who, new)),
			arg_int(new->organization_id)));
	if (e)
		return e;
	i->vendor_id = col_int(&rows);
	i->vendor_name = col_text(&rows);
	i->vendor_email = col_text(&rows);
	i->order_id = col_int(&rows);
	i->order_number = col_text(&rows);
	if (i->vendor_id != new->vendor_id)
		e = fault_add(&c->faults, "vendor",
			      "This organization has no such vendor.");
	if (i->order_id != new->order_id)
		e = fault_add(&c->faults, "order",
			      new->raised_by
				  ? "This customer has no such order."
				  : "You have no such order with this "
				    "organization.");
	return e;
}

/* Fills in the issue as it will be in the database, but for id and number. */
static void
fill_in(struct issue *i, struct ctx *c, const struct actor *who,
	const struct issue_new *new)
{
	char uuid[UUID_TEXT];

	i->kind.organization_id = new->organization_id;
	i->kind.status = STATUS_OPEN;
	i->kind.priority = new->priority;
	i->kind.category = new->category;
	i->kind.is_client_issue = true;
	i->title = new->title;
	i->description = new->description;
	i->raised_by = raiser_of(who, new);
	i->created_by = who->user_id;
	i->creator_name = who->name;
	i->attachment_count = new->files ? (int64_t) new->files->n : 0;
	i->version = 1;
	i->created_at = i->updated_at = clock_text(c->arena, c->now);
	i->sync_state = SYNC_OFF;
	if (i->organization_team_id) {
		/* chosen before Linear hears of it, so that sending it
		 * twice creates one issue */
		random_uuid(uuid);
		i->linear_id = arena_strdup(c->arena, uuid);
		i->sync_state = SYNC_PENDING;
	}
}

enum err
issue_raise(struct issue_outcome *out, struct ctx *c, const struct actor *who,
	    const struct issue_new *new)
{
	struct issue *i = arena_alloc(c->arena, sizeof(*i));
	struct new_issue r = {
	    .c = c, .who = who, .issue = i, .files = new->files};
	enum err e = check_parties(&r, new);

	if (!e)
		e = check_things(&r, new);
	if (!e && !i->kind.customer_id)
		e = customer_create(&i->kind.customer_id, c, who->user_id,
				    new->organization_id);
	if (e)
		return e;
	fill_in(i, c, who, new);
	e = db_transaction(c->db, raise_in_transaction, &r);
	if (!e)
		*out = (struct issue_outcome){.id = i->id,
					      .changed = true,
					      .queued = outbox_wants(i),
					      .raised = i};
	return e;
}
