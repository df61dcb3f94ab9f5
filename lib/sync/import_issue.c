#include "import_issue.h"

#include "assignee.h"
#include "desk/activity.h"
#include "desk/customer.h"
#include "desk/issue_count.h"
#include "desk/issue_link.h"
#include "mapping.h"
#include "merge.h"
#include "sync/snapshot.h"

/* Reads the issue's fields from the payload, as far as they have a
 * counterpart here. */
static enum err
read_imported_issue(struct issue *i, struct ctx *c, int64_t organization_id,
		    const struct linear_issue *theirs)
{
	enum status status = status_of_type(theirs->state_type);
	enum priority priority = priority_of_linear(theirs->priority);
	/* a title without visible characters */
	const char *title = *theirs->title ? theirs->title : theirs->identifier;
	int64_t profile = 0;
	enum err e = OK;

	if (theirs->assignee_email)
		e = profile_by_email(&profile, c, organization_id,
				     theirs->assignee_email);
	*i = (struct issue){
	    .kind = {.status = status ? status : STATUS_OPEN,
		     .priority = priority ? priority : PRIORITY_MEDIUM,
		     .category = CATEGORY_GENERAL,
		     .synced_to_linear = true,
		     .organization_id = organization_id,
		     .assigned_to = profile},
	    .title = title ? title : "",
	    .description = theirs->description};
	return e;
}

/* What Linear does not have, but Docket has put into its link. */
static enum err
take_origin(struct issue *i, struct ctx *c, const struct origin *was)
{
	if (!was)
		return OK;
	i->id = was->id;
	i->issue_number = was->number;
	if (was->category)
		i->kind.category = was->category;
	if (!was->user_id)
		return OK;
	i->kind.is_client_issue = true;
	i->raised_by = i->created_by = was->user_id;
	return customer_create(&i->kind.customer_id, c, was->user_id,
			       i->kind.organization_id);
}

static enum err
insert_imported_issue(struct issue *i, struct ctx *c,
		      const struct linear_issue *theirs)
{
	const usec_t created_at = time_clamped(theirs->created_at, c->now);
	const usec_t resolved_at =
	    i->kind.status == STATUS_RESOLVED
		? time_clamped(theirs->completed_at, c->now)
		: 0;

	i->linear_id = theirs->id;
	i->created_at = clock_text(c->arena, created_at);
	i->updated_at = clock_text(c->arena, c->now);
	i->resolved_at = clock_text(c->arena, resolved_at);
	return issue_insert_linked(c, i);
}

static enum err
agree_on_all(struct ctx *c, const struct issue *i, const struct origin *was)
{
	struct snapshot snapshot;
	enum err e = snapshot_load(&snapshot, c, i->id);

	if (e)
		return e;
	snapshot_agree(&snapshot, i, NULL, SYNC_ALL_FIELDS);
	if (was && was->thread_id) {
		snapshot.thread_id = was->thread_id;
		snapshot.thread_open = true;
	}
	return snapshot_save(c, &snapshot);
}

enum err
import_issue(int64_t *id, struct ctx *c, int64_t organization_id,
	     const struct linear_issue *theirs, const struct origin *was)
{
	const struct actor who = {.role = ROLE_LINEAR,
				  .organization_id = organization_id,
				  .name = "Linear"};
	struct issue i;
	enum err e = read_imported_issue(&i, c, organization_id, theirs);

	if (!e)
		e = take_origin(&i, c, was);
	if (!e && !i.issue_number)
		e = issue_next_number(&i.issue_number, c, organization_id);
	if (!e)
		e = insert_imported_issue(&i, c, theirs);
	if (!e)
		e = agree_on_all(c, &i, was);
	if (!e)
		e = activity_add(c, &who, organization_id, i.id, "created",
				 NULL, i.issue_number, true);
	if (!e)
		e = count_move(c, NULL, &i.kind);
	*id = i.id;
	return e;
}
