/* An issue: its enums and their names, how it is read from a row, and finding
 * or locking one that the actor may see. Changes are issue_change.c's and
 * issue_act.c's, lists issue_list.c's; issue_store.c writes the row. */
#include "desk/issue.h"
#include "base/enum_name.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/user.h"
#include "issue_row.h"

const struct enum_name status_words[] = {{"open", STATUS_OPEN},
					 {"in_progress", STATUS_IN_PROGRESS},
					 {"resolved", STATUS_RESOLVED},
					 {"closed", STATUS_CLOSED},
					 {NULL, 0}};
const struct enum_name status_labels[] = {{"Open", STATUS_OPEN},
					  {"In Progress", STATUS_IN_PROGRESS},
					  {"Resolved", STATUS_RESOLVED},
					  {"Closed", STATUS_CLOSED},
					  {NULL, 0}};
const struct enum_name priority_words[] = {
    {"low", PRIORITY_LOW},	   {"medium", PRIORITY_MEDIUM},
    {"high", PRIORITY_HIGH},	   {"urgent", PRIORITY_URGENT},
    {"critical", PRIORITY_URGENT}, {NULL, 0}};
const struct enum_name priority_labels[] = {{"Low", PRIORITY_LOW},
					    {"Medium", PRIORITY_MEDIUM},
					    {"High", PRIORITY_HIGH},
					    {"Urgent", PRIORITY_URGENT},
					    {NULL, 0}};
const struct enum_name category_words[] = {
    {"general", CATEGORY_GENERAL},
    {"delivery", CATEGORY_DELIVERY},
    {"quality", CATEGORY_QUALITY},
    {"billing", CATEGORY_BILLING},
    {"communication", CATEGORY_COMMUNICATION},
    {"technical", CATEGORY_TECHNICAL},
    {"other", CATEGORY_OTHER},
    {"payment", CATEGORY_BILLING},
    {NULL, 0}};
const struct enum_name category_labels[] = {
    {"General Issue", CATEGORY_GENERAL},
    {"Delivery Delay", CATEGORY_DELIVERY},
    {"Quality Issue", CATEGORY_QUALITY},
    {"Billing Problem", CATEGORY_BILLING},
    {"Communication Issue", CATEGORY_COMMUNICATION},
    {"Technical Problem", CATEGORY_TECHNICAL},
    {"Other", CATEGORY_OTHER},
    {NULL, 0}};
const struct enum_name sync_state_words[] = {{"off", SYNC_OFF},
					     {"pending", SYNC_PENDING},
					     {"synced", SYNC_SYNCED},
					     {"failed", SYNC_FAILED},
					     {NULL, 0}};
const struct enum_name sync_state_labels[] = {{"Off", SYNC_OFF},
					      {"Pending", SYNC_PENDING},
					      {"Synced", SYNC_SYNCED},
					      {"Failed", SYNC_FAILED},
					      {NULL, 0}};

enum {
	GET_OF_ORGANIZATION,
	GET_OF_RAISER,
	LOCK_OF_ORGANIZATION,
	LOCK_OF_RAISER,
	STATEMENTS
};

#define GET                                                          \
	"SELECT " ISSUE_OWN ", " ISSUE_NAMES ", " ISSUE_ORGANIZATION \
	" FROM issue i " ISSUE_NAME_JOINS ISSUE_ORGANIZATION_JOIN

#define LOCK                                                                  \
	"SELECT " ISSUE_OWN ", (SELECT o.linear_team_id FROM organization o " \
	"WHERE o.id = i.organization_id) FROM issue i "

static struct stmt sql[] = {
    [GET_OF_ORGANIZATION] = {GET "WHERE i.id = ? AND i.organization_id = ? "
				 "AND i.deleted_at IS NULL"},
    [GET_OF_RAISER] = {GET "WHERE i.id = ? AND " ISSUE_OF_RAISER
			   " AND i.deleted_at IS NULL"},
    /* the row alone: a join would lock the organization with it */
    [LOCK_OF_ORGANIZATION] = {LOCK "WHERE i.id = ? AND i.organization_id = ? "
				   "AND i.deleted_at IS NULL FOR UPDATE"},
    [LOCK_OF_RAISER] = {LOCK "WHERE i.id = ? AND " ISSUE_OF_RAISER
			     " AND i.deleted_at IS NULL FOR UPDATE"},
};

const struct statements issue_statements = {sql, STATEMENTS};

void
issue_read_own(struct issue *i, struct rows *r)
{
	i->id = col_int(r);
#define READ_INT(max)	     col_int(r)
#define READ_ID		     col_int(r)
#define READ_OBJECT	     col_int(r)
#define READ_BOOL	     col_bool(r)
#define READ_TIME	     col_text(r)
#define READ_LINE(max)	     col_text(r)
#define READ_TEXT(max)	     col_text(r)
#define READ_BLANK_TEXT(max) col_text(r)
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a type */
#define READ_CHOICE(x) (enum x) col_int(r)
#define READ(id, place, column, kind, ...) \
	i->ISSUE_MEMBER(place, column) = READ_##kind;
	ISSUE_FIELDS(READ)
#undef READ
}

void
issue_read_organization(struct issue *i, struct rows *r)
{
	i->organization_name = col_text(r);
	i->organization_team_id = col_text(r);
}

bool
issue_know_organization(struct issue *i, const struct actor *who)
{
	i->organization_name = who->organization_name;
	i->organization_team_id = who->organization_team_id;
	return who->organization_name != NULL;
}

void
issue_read_raiser(struct issue *i, struct rows *r)
{
	i->raiser_name = col_text(r);
	i->raiser_email = col_text(r);
	i->order_number = col_text(r);
}

void
issue_read_names(struct issue *i, struct rows *r)
{
	issue_read_raiser(i, r);
	i->vendor_name = col_text(r);
	i->vendor_email = col_text(r);
	i->assignee_name = col_text(r);
	i->assignee_email = col_text(r);
	i->resolver_name = col_text(r);
	i->creator_name = col_text(r);
}

static struct arg
issue_scope(const struct actor *who)
{
	return arg_int(who->role == ROLE_CUSTOMER ? who->user_id
						  : who->organization_id);
}

enum err
issue_get(struct issue **out, struct ctx *c, const struct actor *who,
	  int64_t id)
{
	struct stmt *s = &sql[who->role == ROLE_CUSTOMER ? GET_OF_RAISER
							 : GET_OF_ORGANIZATION];
	struct rows rows;
	enum err e =
	    db_one(&rows, c->db, s, ARGS(arg_int(id), issue_scope(who)));

	if (e)
		return e;
	*out = arena_alloc(c->arena, sizeof(**out));
	issue_read_own(*out, &rows);
	issue_read_names(*out, &rows);
	issue_read_organization(*out, &rows);
	return OK;
}

enum err
issue_lock(struct issue **out, struct ctx *c, const struct actor *who,
	   int64_t id)
{
	struct stmt *s =
	    &sql[who->role == ROLE_CUSTOMER ? LOCK_OF_RAISER
					    : LOCK_OF_ORGANIZATION];
	struct rows rows;
	enum err e =
	    db_one(&rows, c->db, s, ARGS(arg_int(id), issue_scope(who)));

	if (e)
		return e;
	*out = arena_alloc(c->arena, sizeof(**out));
	issue_read_own(*out, &rows);
	(*out)->organization_team_id = col_text(&rows);
	return OK;
}
