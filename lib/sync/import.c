/* Imports the issues of an organization's team from Linear: fetches them page
 * by page, and creates (import_issue.c) or updates an issue here for each, one
 * transaction each. */

#include "assets.h"
#include "base/arena.h"
#include "base/json.h"
#include "call.h"
#include "db/db.h"
#include "desk/issue.h"
#include "desk/issue_link.h"
#include "desk/organization.h"
#include "desk/sync_job.h"
#include "import_issue.h"
#include "ingest.h"
#include "mapping.h"
#include "merge.h"
#include "sync/snapshot.h"
#include "sync/sync.h"

#define PAGE_MAX 50

/* Pages that one import asks for: twice the longest list, since issues of
 * other organizations take up places, too. */
#define PAGES_MAX 10

const struct enum_name import_action_words[] = {{"none", IMPORT_NONE},
						{"created", IMPORT_CREATED},
						{"updated", IMPORT_UPDATED},
						{"unchanged", IMPORT_UNCHANGED},
						{NULL, 0}};

/* One issue being imported. */
struct importing {
	struct ctx *c;
	int64_t organization_id;
	struct imported *item;
};

/* It exists here: it is merged, as if a webhook had reported it. */
static enum err
import_known(struct importing *m, int64_t issue_id)
{
	struct imported *item = m->item;
	struct snapshot snapshot;
	enum err e = snapshot_load(&snapshot, m->c, issue_id);

	if (e)
		return e;
	item->action = !is_older(item->theirs.updated_at,
				 snapshot.linear_updated_at, m->c->now) &&
			       merge_changed_there(&snapshot, &item->theirs)
			   ? IMPORT_UPDATED
			   : IMPORT_UNCHANGED;
	return ingest_issue(m->c, m->organization_id, issue_id, NULL,
			    &item->theirs, item->asked_at, 0);
}

/* The files in the description of an issue that was just created here. */
static enum err
import_assets(struct importing *m, int64_t issue_id)
{
	const struct actor who = {.role = ROLE_LINEAR,
				  .organization_id = m->organization_id,
				  .name = "Linear"};
	struct issue *issue;
	enum err e = issue_lock(&issue, m->c, &who, issue_id);

	return e ? e
		 : assets_ingest(m->c, &who, issue, 0, false,
				 m->item->theirs.description);
}

static enum err
import_new(struct importing *m, int64_t *issue_id)
{
	enum err e;

	m->item->action = IMPORT_CREATED;
	e = import_issue(issue_id, m->c, m->organization_id, &m->item->theirs,
			 NULL);
	if (!e)
		e = import_assets(m, *issue_id);
	return e ? e
		 : ingest_issue(m->c, m->organization_id, *issue_id, NULL,
				&m->item->theirs, m->item->asked_at, 0);
}

static enum err
import_one(void *arg)
{
	struct importing *m = arg;
	struct linear_issue *theirs = &m->item->theirs;
	int64_t id = 0, organization_id = 0;
	bool deleted = false;
	enum err e = issue_by_linear_id(&id, &organization_id, &deleted, m->c,
					theirs->id);

	/* it has more comments than the list shows: all are read, in their
	 * order */
	if (!theirs->has_comments)
		theirs->comment_count = 0;
	if (!e && (deleted || organization_id != m->organization_id)) {
		m->item->action = IMPORT_NONE;
		return OK;
	}
	if (e == ERR_NOTFOUND)
		e = import_new(m, &id);
	else if (!e)
		e = import_known(m, id);
	m->item->issue_id = id;
	if (!e && !theirs->has_comments)
		e = job_request_refetch(m->c, id, m->organization_id, true);
	return e;
}

/* It belongs to another organization, whose team it was in before; it must
 * not be shown here, whatever team it is in now. */
static enum err
is_others(bool *out, struct ctx *c, int64_t organization_id,
	  const char *linear_id)
{
	int64_t id, owner = organization_id;
	bool deleted;
	enum err e = issue_by_linear_id(&id, &owner, &deleted, c, linear_id);

	*out = owner != organization_id;
	return e == ERR_NOTFOUND ? OK : e;
}

static enum err
add_page(struct import *out, struct ctx *c, int64_t organization_id,
	 const struct linear_page *page, usec_t asked_at, int64_t limit)
{
	for (const struct json *j = json_first(page->nodes); j && limit > 0;
	     j = json_next(j)) {
		struct imported *item = &out->list[out->n];
		bool others = false;
		enum err e;

		if (!linear_read_issue(&item->theirs, c->arena, j))
			continue;
		e = is_others(&others, c, organization_id, item->theirs.id);
		if (e)
			return e;
		if (others)
			continue;
		item->asked_at = asked_at;
		out->n++;
		limit--;
	}
	out->next = page->next;
	out->more = page->next != NULL;
	return OK;
}

/* One page of the team's issues; out->next is the cursor of the next. */
static enum err
fetch_import_page(struct import *out, struct ctx *c, int64_t organization_id,
		  const char *team_id, int64_t limit)
{
	struct linear_request r;
	struct linear_answer answer = {.outcome = LINEAR_RETRY};
	struct linear_page page;
	const usec_t asked_at = clock_now();
	enum err err;

	r = linear_issue_list(c->arena, team_id,
			      limit < PAGE_MAX ? limit : PAGE_MAX, out->next);
	err = sync_ask(&answer, c, &r);
	if (err && out->next && answer.outcome == LINEAR_INVALID) {
		/* only the cursor comes from the caller */
		faults_init(&c->faults, c->arena);
		return fault_add(&c->faults, "after", "%s", answer.text);
	}
	if (err)
		return err;
	if (!linear_read_page(&page, &answer, out->next))
		return sync_upstream_fault(c, NULL);
	return add_page(out, c, organization_id, &page, asked_at, limit);
}

static enum err
import_all(struct import *out, struct ctx *c, int64_t organization_id)
{
	struct importing m = {.c = c, .organization_id = organization_id};
	struct issue *issue;
	const struct actor who = {.role = ROLE_LINEAR,
				  .organization_id = organization_id};
	enum err e = OK;

	/* oldest first, so that it gets the first number */
	for (size_t i = out->n; !e && i-- > 0;) {
		m.item = &out->list[i];
		e = db_transaction(c->db, import_one, &m);
		/* another process imported the same issue just now: then it
		 * exists */
		if (e == ERR_CONFLICT)
			e = db_transaction(c->db, import_one, &m);
		if (e || !m.item->issue_id)
			continue;
		e = issue_get(&issue, c, &who, m.item->issue_id);
		if (!e)
			m.item->issue_number = issue->issue_number;
	}
	return e;
}

enum err
sync_import(struct import *out, struct ctx *c, const struct actor *who,
	    int64_t limit, const char *after, bool keep)
{
	struct organization *org;
	struct import all = {.next = after};
	int pages = 0;
	enum err e = organization_get(&org, c, who->organization_id);

	if (e)
		return e;
	if (!org->linear_team_id)
		return sync_no_team(c);
	all.list =
	    arena_alloc(c->arena, ((size_t)limit + 1) * sizeof(*all.list));
	do
		e = fetch_import_page(&all, c, org->id, org->linear_team_id,
				      limit - (int64_t)all.n);
	while (!e && all.more && (int64_t)all.n < limit && ++pages < PAGES_MAX);
	if (!e && keep)
		e = import_all(&all, c, org->id);
	if (!e)
		*out = all;
	return e;
}
