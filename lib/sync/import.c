#include "import.h"

#include "base/arena.h"
#include "desk/activity.h"
#include "desk/issue.h"
#include "desk/issue_count.h"
#include "desk/issue_link.h"
#include "desk/search_index.h"
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
	return e ? e : issue_next_number(&i->number, c, organization_id);
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

	return issue_insert_linked(c, i, theirs->id, created_at, resolved_at);
}

enum err
import_issue(int64_t *id, struct ctx *c, int64_t organization_id,
	     const struct linear_issue *theirs)
{
	const struct actor who = {.role = ROLE_LINEAR,
				  .organization_id = organization_id,
				  .name = "Linear"};
	struct snapshot snapshot;
	struct issue i;
	enum err e = read_imported_issue(&i, c, organization_id, theirs);

	if (!e)
		e = insert_imported_issue(&i, c, theirs);
	if (!e)
		e = snapshot_load(&snapshot, c, i.id);
	if (e)
		return e;
	snapshot_agree(&snapshot, &i, NULL, SYNC_ALL_FIELDS);
	e = snapshot_save(c, &snapshot);
	if (!e)
		e = search_index_issue(c, &i);
	if (!e)
		e = activity_add(c, &who, organization_id, i.id, "created",
				 NULL, i.number, true);
	if (!e)
		e = count_move(c, NULL, &i.kind);
	*id = i.id;
	return e;
}
