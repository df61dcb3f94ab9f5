/* Sync while somebody waits. sync_push_now and sync_pull_now run the same
 * steps as the daemon, one after the other; sync_team_name asks for one
 * team. */

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "base/enum_name.h"
#include "base/json.h"
#include "call.h"
#include "db/db.h"
#include "db/lease.h"
#include "desk/issue_link.h"
#include "desk/organization.h"
#include "desk/outbox.h"
#include "desk/sync_job.h"
#include "import.h"
#include "ingest.h"
#include "merge.h"
#include "sync/cache.h"
#include "sync/snapshot.h"
#include "sync/sync.h"
#include "sync/task.h"

/* The longest time for one call; then the job stays queued. */
#define PATIENCE (25 * USEC_PER_SEC)
#define PAGE_MAX 50

/* Pages that one import asks for: twice the longest list, since issues of
 * other organizations take up places, too. */
#define PAGES_MAX 10

const struct enum_name import_action_words[] = {{"none", IMPORT_NONE},
						{"created", IMPORT_CREATED},
						{"updated", IMPORT_UPDATED},
						{"unchanged", IMPORT_UNCHANGED},
						{NULL, 0}};

/* Created on first use, kept until the process ends. */
static struct {
	struct cache *cache;
	char owner[LEASE_OWNER_MAX];
} own;

static void
set_up(void)
{
	char host[LEASE_OWNER_MAX / 2] = "", uuid[UUID_TEXT];

	if (own.cache)
		return;
	own.cache = cache_new();
	if (gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '\0';
	random_uuid(uuid);
	(void)snprintf(own.owner, sizeof(own.owner), "%s:%ld:%.8s", host,
		       (long)getpid(), uuid);
}

static enum err
upstream(struct ctx *c, const char *text)
{
	(void)fault_add(&c->faults, "linear", "%s",
			text ? text : "Linear did not answer.");
	return ERR_UPSTREAM;
}

static enum err
no_team(struct ctx *c)
{
	return fault_add(&c->faults, "organization",
			 "The organization is not tied to a Linear team.");
}

/* Asks Linear; any outcome but success becomes a fault. */
static enum err
ask_linear(struct linear_answer *out, struct ctx *c,
	   const struct linear_request *r)
{
	enum err e;

	if (!c->conf->linear_api_key)
		return upstream(c, "No Linear API key is configured.");
	e = sync_call(out, c, r);
	if (e)
		return e;
	return out->outcome == LINEAR_OK ? OK : upstream(c, out->text);
}

/* --- one issue ----------------------------------------------------------- */

/* Linear has the issue, or had it and may have it again. */
static enum err
was_in_linear(bool *out, struct ctx *c, const struct issue *issue)
{
	struct snapshot snapshot;
	enum err e = snapshot_load(&snapshot, c, issue->id);

	if (!e)
		*out = issue->kind.synced_to_linear || snapshot.gone_at;
	return e;
}

static enum err
not_there(struct ctx *c)
{
	(void)fault_add(&c->faults, "linear", "The issue is not in Linear.");
	return ERR_CONFLICT;
}

/* Checks that the issue is in Linear in the end. */
static enum err
check_there(struct ctx *c, const struct actor *who, int64_t issue_id)
{
	struct issue *issue;
	enum err e = issue_get(&issue, c, who, issue_id);

	return e || issue->kind.synced_to_linear ? e : not_there(c);
}

static void
sleep_briefly(void)
{
	const struct timespec ts = {.tv_nsec = 50 * 1000 * 1000};

	nanosleep(&ts, NULL);
}

/* Leases the job. While another owner has it, that one may do the work for
 * us. ERR_NOTFOUND: it is done. */
static enum err
wait_for_lease(struct sync_job *job, struct ctx *c, int64_t issue_id,
	       usec_t until)
{
	enum err e;

	for (;;) {
		c->now = clock_now();
		e = job_lease_one(job, c, own.owner, issue_id);
		if (e != ERR_CONFLICT)
			return e;
		if (clock_monotonic() > until)
			return upstream(c, "The issue is being synced just "
					   "now.");
		sleep_briefly();
	}
}

/* Sends a step's request and applies the answer. */
static enum err
run_step(enum verdict *verdict, struct task *t, struct ctx *c,
	 struct linear_answer *answer)
{
	struct linear_request request;
	enum err e;

	c->now = clock_now();
	e = task_plan(verdict, &request, t, c);
	if (e || *verdict != TASK_SEND)
		return e;
	e = sync_call(answer, c, &request);
	return e ? e : task_apply(verdict, t, c, answer);
}

/* ERR_STALE: another owner has the job now. */
static enum err
run_task(struct ctx *c, const struct sync_job *job, usec_t until)
{
	struct task t = {.arena = c->arena,
			 .owner = own.owner,
			 .cache = own.cache,
			 .job = *job};
	struct linear_answer answer = {0};
	enum verdict verdict;
	enum err e;

	do {
		e = run_step(&verdict, &t, c, &answer);
	} while (!e && verdict == TASK_AGAIN && clock_monotonic() < until);
	if (!e && verdict == TASK_AGAIN) {
		e = job_release(c, own.owner, &t.job, c->now, NULL, NULL);
		return e ? e
			 : upstream(c, "Linear is slow; the issue stays "
				       "queued.");
	}
	if (e || verdict == TASK_DONE)
		return e;
	return verdict == TASK_LOST ? ERR_STALE : upstream(c, answer.text);
}

static enum err
sync_issue_now(struct ctx *c, int64_t issue_id)
{
	const usec_t until = clock_monotonic() + PATIENCE;
	struct sync_job job;
	enum err e;

	if (!c->conf->linear_api_key)
		return upstream(c, "No Linear API key is configured.");
	set_up();
	do {
		e = wait_for_lease(&job, c, issue_id, until);
		if (e)
			return e == ERR_NOTFOUND ? OK : e;
		e = run_task(c, &job, until);
	} while (e == ERR_STALE);
	return e;
}

enum err
sync_push_now(struct ctx *c, const struct actor *who, int64_t issue_id)
{
	struct issue *issue;
	enum err e = issue_get(&issue, c, who, issue_id);

	if (e)
		return e;
	if (!outbox_wants(issue))
		return no_team(c);
	e = outbox_mark(c, issue);
	if (!e)
		e = sync_issue_now(c, issue_id);
	return e ? e : check_there(c, who, issue_id);
}

enum err
sync_pull_now(struct ctx *c, const struct actor *who, int64_t issue_id)
{
	struct issue *issue;
	bool known;
	enum err e = issue_get(&issue, c, who, issue_id);

	if (e)
		return e;
	e = was_in_linear(&known, c, issue);
	if (e || !known)
		return e ? e : not_there(c);
	e = job_request_refetch(c, issue_id, issue->kind.organization_id,
				false);
	if (!e)
		e = sync_issue_now(c, issue_id);
	return e ? e : check_there(c, who, issue_id);
}

/* --- teams --------------------------------------------------------------- */

enum err
sync_team_name(const char **name, struct ctx *c, const char *team_id)
{
	struct linear_request r;
	struct linear_answer answer;
	struct linear_team team;
	enum err e;

	*name = NULL;
	if (!c->conf->linear_api_key)
		return OK;
	r = linear_team_get(c->arena, team_id);
	e = sync_call(&answer, c, &r);
	if (e)
		return e;
	if (answer.outcome == LINEAR_NOT_FOUND ||
	    answer.outcome == LINEAR_INVALID)
		return ERR_NOTFOUND;
	if (answer.outcome != LINEAR_OK)
		return upstream(c, answer.text);
	if (!linear_read_team(&team, c->arena, &answer))
		return upstream(c, NULL);
	*name = team.name;
	return OK;
}

/* --- import -------------------------------------------------------------- */

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

static enum err
import_new(struct importing *m, int64_t *issue_id)
{
	enum err e;

	m->item->action = IMPORT_CREATED;
	e = import_issue(issue_id, m->c, m->organization_id, &m->item->theirs);
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
	err = ask_linear(&answer, c, &r);
	if (err && out->next && answer.outcome == LINEAR_INVALID) {
		/* only the cursor comes from the caller */
		faults_init(&c->faults, c->arena);
		return fault_add(&c->faults, "after", "%s", answer.text);
	}
	if (err)
		return err;
	if (!linear_read_page(&page, &answer, out->next))
		return upstream(c, NULL);
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
			m.item->issue_number = issue->number;
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
		return no_team(c);
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
