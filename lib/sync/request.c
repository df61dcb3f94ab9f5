/* Makes the request of a step; see planning.h.
 *
 * The values that are sent are stored as pending writes, and ids of threads are
 * chosen, in the transaction that plans the request. If a value has to be
 * looked up first (the team's states, the assignee's id), a request for that is
 * made instead. */

#include <string.h>

#include "assignee.h"
#include "base/arena.h"
#include "base/conf.h"
#include "base/enum_name.h"
#include "db/db.h"
#include "desk/organization.h"
#include "diff.h"
#include "hash.h"
#include "mapping.h"
#include "merge.h"
#include "planning.h"
#include "session.h"
#include "sync/pending_write.h"
#include "sync/task.h"
#include "thread.h"
#include "warning.h"

enum err
plan_request(struct planning *p, enum step step, struct linear_request r)
{
	p->t->step = step;
	p->request = r;
	p->verdict = TASK_SEND;
	return OK;
}

/* Sets *known if the state for the issue's status is known: p->state_id, or
 * NULL if the team has none. Otherwise asks for the team. */
static enum err
find_state(bool *known, struct planning *p, const char *team_id)
{
	const struct linear_team *team =
	    cache_team(p->t->cache, team_id, p->c->now);
	const struct linear_state *s;

	*known = team != NULL;
	if (!team)
		return plan_request(p, STEP_TEAM,
				    linear_team_get(p->t->arena, team_id));
	s = state_for_status(team, status_for_linear(p->session.issue));
	p->state_id = s ? arena_strdup(p->t->arena, s->id) : NULL;
	return OK;
}

/* The same for the user in Linear with the assignee's address. */
static enum err
find_assignee(bool *known, struct planning *p)
{
	const int64_t profile = p->session.issue->kind.assigned_to;
	const char *email = NULL, *id = NULL;
	enum err e;

	p->assignee_id = NULL;
	*known = true;
	if (!profile)
		return OK;
	e = profile_email(&email, p->c, profile);
	if (e || !email)
		return e;
	*known = cache_user(&id, p->t->cache, email, p->c->now);
	p->assignee_id = arena_strdup(p->t->arena, id);
	if (*known)
		return OK;
	p->t->email = arena_strdup(p->t->arena, email);
	return plan_request(p, STEP_USER, linear_user_find(p->t->arena, email));
}

static enum err
make_linear_link(struct linear_link *out, struct planning *p)
{
	const struct issue *i = p->session.issue;
	struct organization *org;
	struct arena *a = p->t->arena;
	const char *category =
	    enum_name_text(category_labels, (int)i->kind.category);
	enum err e = organization_get(&org, p->c, i->kind.organization_id);

	if (e)
		return e;
	*out = (struct linear_link){
	    .issue_id = i->linear_id,
	    .url = arena_printf(a, "%s/issues/%lld/", p->c->conf->public_url,
				(long long)i->id),
	    .title = arena_printf(a, "Docket %s", i->issue_number),
	    .subtitle = arena_printf(a, "%s, %s", org->name, category),
	    .organization = org->name,
	    .category = category,
	    .number = i->issue_number,
	    .customer = i->raised_by
			    ? arena_printf(a, "%lld", (long long)i->raised_by)
			    : NULL};
	p->t->link = link_hash(i, p->c->conf->public_url);
	return OK;
}

static struct linear_comment_new
make_thread(const struct planning *p)
{
	return (struct linear_comment_new){.id = p->session.snapshot.thread_id,
					   .issue_id =
					       p->session.issue->linear_id,
					   .body = thread_text};
}

/* The thread's id is chosen, and committed with this transaction, before
 * Linear is told. */
static void
choose_thread(struct planning *p)
{
	char uuid[UUID_TEXT];

	if (p->session.snapshot.thread_id)
		return;
	random_uuid(uuid);
	p->session.snapshot.thread_id = arena_strdup(p->t->arena, uuid);
}

/* Stores each value that is about to be sent as a pending write. */
static enum err
begin_pending_writes(struct planning *p, unsigned fields)
{
	const struct issue *i = p->session.issue;
	struct task *t = p->t;
	const struct pending_write all[SYNC_FIELD_MAX] = {
	    [SYNC_TITLE] = pending_write_of_text(SYNC_TITLE, i->title),
	    [SYNC_DESCRIPTION] =
		pending_write_of_text(SYNC_DESCRIPTION, i->description),
	    [SYNC_STATUS] = pending_write_of_id(SYNC_STATUS, p->state_id),
	    [SYNC_PRIORITY] =
		pending_write_of_priority(linear_priority_of(i->kind.priority)),
	    [SYNC_ASSIGNEE] =
		pending_write_of_id(SYNC_ASSIGNEE, p->assignee_id)};
	struct pending_write sent[SYNC_FIELD_MAX];
	size_t n = 0;

	for (int field = SYNC_TITLE; field < SYNC_FIELD_MAX; field++)
		if (fields & SYNC_FIELD_BIT(field))
			sent[n++] = all[field];
	t->pending_since = p->c->now;
	t->fields = fields;
	return pending_writes_begin(p->c, i->id, sent, n);
}

static struct linear_issue_new
new_issue_for_linear(const struct planning *p)
{
	const struct issue *i = p->session.issue;

	return (struct linear_issue_new){
	    .id = i->linear_id,
	    .team_id = i->organization_team_id,
	    .title = i->title,
	    .description = i->description,
	    .state_id = p->state_id,
	    .assignee_id = p->assignee_id,
	    .priority = linear_priority_of(i->kind.priority)};
}

enum err
plan_create(struct planning *p)
{
	struct issue *i = p->session.issue;
	struct linear_issue_new new;
	struct linear_comment_new thread;
	struct linear_link link;
	bool known;
	enum err e = find_state(&known, p, i->organization_team_id);

	if (!e && known)
		e = find_assignee(&known, p);
	if (e || !known)
		return e;
	e = make_linear_link(&link, p);
	if (!e)
		e = begin_pending_writes(p, SYNC_ALL_FIELDS);
	if (e)
		return e;
	new = new_issue_for_linear(p);
	p->t->has_assignee = p->assignee_id != NULL;
	p->t->thread_id = NULL;
	if (i->kind.is_client_issue) {
		choose_thread(p);
		p->t->thread_id = p->session.snapshot.thread_id;
	}
	/* so that any payload, even one that comes before the answer, is
	 * compared with what was sent */
	snapshot_agree(&p->session.snapshot, i, NULL, SYNC_ALL_FIELDS);
	thread = make_thread(p);
	return plan_request(
	    p, STEP_CREATE,
	    linear_issue_create(p->t->arena, &new, &link,
				p->t->thread_id ? &thread : NULL));
}

enum err
drop_moot_fields(unsigned *fields, bool *known, struct planning *p)
{
	struct snapshot *b = &p->session.snapshot;
	const struct issue *i = p->session.issue;
	unsigned moot = 0;
	bool unknown = false;
	enum err e = OK;

	*known = true;
	if (*fields & SYNC_FIELD_BIT(SYNC_STATUS)) {
		e = find_state(known, p, i->linear_team_id);
		if (e || !*known)
			return e;
		if (!p->state_id)
			moot |= SYNC_FIELD_BIT(SYNC_STATUS);
	}
	if (*fields & SYNC_FIELD_BIT(SYNC_ASSIGNEE)) {
		e = find_assignee(known, p);
		if (e || !*known)
			return e;
		unknown = i->kind.assigned_to && !p->assignee_id;
		if (unknown ||
		    strcmp(p->assignee_id ? p->assignee_id : "",
			   b->assignee_id ? b->assignee_id : "") == 0)
			moot |= SYNC_FIELD_BIT(SYNC_ASSIGNEE);
	}
	snapshot_agree(b, i, NULL, moot);
	*fields &= ~moot;
	return unknown ? session_warn_assignee(&p->session) : OK;
}

enum err
plan_update(struct planning *p, unsigned fields)
{
	const struct issue *i = p->session.issue;
	struct linear_issue_change change = {
	    .title = i->title,
	    .description = i->description,
	    .state_id = p->state_id,
	    .assignee_id = p->assignee_id,
	    .priority = linear_priority_of(i->kind.priority)};
	static const unsigned bits[SYNC_FIELD_MAX] = {
	    [SYNC_TITLE] = LINEAR_TITLE,
	    [SYNC_DESCRIPTION] = LINEAR_DESCRIPTION,
	    [SYNC_STATUS] = LINEAR_STATE,
	    [SYNC_PRIORITY] = LINEAR_PRIORITY,
	    [SYNC_ASSIGNEE] = LINEAR_ASSIGNEE};
	struct linear_link link;
	struct hash refused;
	enum err e = make_linear_link(&link, p);

	if (!e)
		e = begin_pending_writes(p, fields);
	if (e)
		return e;
	for (int field = SYNC_TITLE; field < SYNC_FIELD_MAX; field++)
		if (fields & SYNC_FIELD_BIT(field))
			change.set |= bits[field];
	p->t->snapshot = p->session.snapshot;
	p->t->has_assignee =
	    (fields & SYNC_FIELD_BIT(SYNC_ASSIGNEE)) && p->assignee_id;
	refused = link_refused(&p->t->link);
	p->t->has_link = !hash_same(&p->session.snapshot.link, &refused);
	return plan_request(
	    p, STEP_UPDATE,
	    linear_issue_update(p->t->arena, &change, &link, p->t->has_link));
}

enum err
plan_link(struct planning *p)
{
	struct linear_link link;
	enum err e = make_linear_link(&link, p);

	return e ? e
		 : plan_request(p, STEP_LINK,
				linear_issue_link(p->t->arena, &link));
}

enum err
plan_thread(struct planning *p)
{
	const struct linear_comment_new thread = make_thread(p);

	p->t->thread_id = thread.id;
	return plan_request(p, STEP_THREAD,
			    linear_comment_create(p->t->arena, NULL, &thread));
}

enum err
plan_in_thread(struct planning *p, enum step step,
	       struct linear_comment_new *reply)
{
	const bool open = p->session.snapshot.thread_open;
	struct linear_comment_new thread;

	choose_thread(p);
	thread = make_thread(p);
	reply->issue_id = p->session.issue->linear_id;
	reply->parent_id = p->t->thread_id = p->session.snapshot.thread_id;
	return plan_request(
	    p, step,
	    linear_comment_create(p->t->arena, open ? NULL : &thread, reply));
}

enum err
plan_comment(struct planning *p)
{
	struct linear_comment_new reply = {.id = p->comment->linear_id,
					   .body = plan_reply(p, p->comment)};

	p->t->comment = *p->comment;
	return plan_in_thread(p, STEP_COMMENT, &reply);
}

enum err
plan_read(struct planning *p)
{
	struct task *t = p->t;

	if (!t->after) {
		t->asked_at = p->c->now;
		t->known_at = p->session.snapshot.linear_updated_at;
	}
	return plan_request(
	    p, STEP_GET,
	    linear_issue_get(t->arena, p->session.issue->linear_id, t->after));
}

enum err
plan_comment_change(struct planning *p)
{
	const struct comment *m = p->comment;
	struct task *t = p->t;

	if (m->synced_to_linear && !t->was_read) {
		t->must_read = true;
		return plan_read(p);
	}
	t->comment = *m;
	if (!m->content)
		return plan_request(
		    p, STEP_COMMENT_WITHDRAW,
		    linear_comment_delete(t->arena, m->linear_id));
	return plan_request(
	    p, STEP_COMMENT_EDIT,
	    linear_comment_update(t->arena, m->linear_id, plan_reply(p, m)));
}
