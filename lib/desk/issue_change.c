/* The one way in which an issue changes. In every change, by any actor, the
 * row, the history and the counters change together, and the outbox says that
 * there is news, from which lib/events derives the rest. Which fields there
 * are, who may change them and who hears of it is in ISSUE_FIELDS; the rules of
 * each act are in issue_act.c. */

#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/enum_name.h"
#include "db/db.h"
#include "desk/activity.h"
#include "desk/comment.h"
#include "desk/issue_count.h"
#include "desk/outbox.h"
#include "issue_changing.h"
#include "issue_store.h"

bool
change_touches(const struct changing *g, enum issue_field_id id)
{
	return issue_values_differ(issue_value(g->was, id),
				   issue_value(&g->is, id));
}

bool
change_touches_any(const struct changing *g)
{
	for (int id = 0; id < ISSUE_FIELD_MAX; id++)
		if (change_touches(g, (enum issue_field_id)id))
			return true;
	return false;
}

bool
change_touches_linear(const struct changing *g)
{
	for (int id = 0; id < ISSUE_FIELD_MAX; id++)
		if (issue_fields[id].to_linear &&
		    change_touches(g, (enum issue_field_id)id))
			return true;
	return false;
}

/* How the history writes a value: what an id stands for by its name. */
static const char *
written_value(const struct changing *g, const struct issue *i,
	      enum issue_field_id id, const char *name)
{
	const enum issue_field_kind kind = issue_fields[id].kind;

	return kind == KIND_OF_ID || kind == KIND_OF_OBJECT
		   ? name
		   : issue_value_text(g->c->arena, id, issue_value(i, id));
}

/* Whether the history has an entry for the field; *out: which. */
static bool
record_field(struct activity_change *out, struct changing *g,
	     enum issue_field_id id)
{
	const struct issue_field *f = &issue_fields[id];
	const bool told = id == ISSUE_FIELD_ASSIGNEE && !g->change->untold;

	/* people may have the same name, so ids are compared */
	if (f->history == HISTORY_UNRECORDED || !change_touches(g, id))
		return false;
	*out = (struct activity_change){
	    .field = f->name,
	    .old_value = written_value(g, g->was, id, g->was_name[id]),
	    .new_value = written_value(g, &g->is, id, g->is_name[id]),
	    .is_public = issue_field_shown(f, ROLE_CUSTOMER),
	    .told_profile_id = told ? g->is.kind.assigned_to : 0};
	return true;
}

static bool
is_withdrawal(const struct changing *g)
{
	return g->who->role == ROLE_CUSTOMER &&
	       (g->change->act == ACT_CLOSE || g->change->act == ACT_DELETE);
}

static enum err
write_issue_history(struct changing *g)
{
	struct activity_change list[1 + ISSUE_FIELD_MAX];
	size_t n = 0;

	if (is_withdrawal(g))
		list[n++] = (struct activity_change){.field = "withdrawn",
						     .is_public = true};
	for (int id = 0; id < ISSUE_FIELD_MAX; id++)
		n += record_field(&list[n], g, (enum issue_field_id)id);
	return activity_add_changes(g->c, g->who, g->was->kind.organization_id,
				    g->was->id, list, n);
}

/* An issue that Linear is to have gets its id there now, once. */
static void
prepare_sync(struct changing *g)
{
	char uuid[UUID_TEXT];

	if (g->who->role == ROLE_LINEAR || !outbox_wants(g->was) ||
	    !change_touches_linear(g))
		return;
	if (!g->is.linear_id) {
		random_uuid(uuid);
		g->is.linear_id = arena_strdup(g->c->arena, uuid);
	}
	g->is.sync_state = SYNC_PENDING;
}

static enum err
write_issue_change(struct issue_outcome *out, struct changing *g)
{
	enum err e;

	change_apply_resolution(g);
	change_apply_visibility(g);
	prepare_sync(g);
	e = issue_store_change(g->c, &g->is);
	if (!e)
		e = write_issue_history(g);
	out->changed = true;
	out->queued = g->who->role != ROLE_LINEAR && outbox_wants(g->was) &&
		      change_touches_linear(g);
	return e ? e : count_move(g->c, &g->was->kind, &g->is.kind);
}

static enum err
delete_issue(struct issue_outcome *out, struct changing *g)
{
	const struct issue *was = g->was;
	const int64_t org = was->kind.organization_id;
	struct ctx *c = g->c;
	enum err e = issue_store_deleted(c, was);

	if (!e)
		e = activity_add(c, g->who, org, was->id, "deleted", NULL,
				 was->issue_number, false);
	if (!e)
		e = count_move(c, &was->kind, NULL);
	out->changed = true;
	return e;
}

static enum err
add_change_comment(struct issue_outcome *out, struct changing *g)
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
	     issue_is_settled(was->kind.status)))
		return OK;
	e = change_apply_act(&g);
	if (e)
		return e;
	if (change->act == ACT_DELETE && who->role != ROLE_CUSTOMER)
		return delete_issue(out, &g);
	change_apply_fields(&g);
	e = change_restore_assets(&g);
	if (e)
		return e;
	if (change->act == ACT_EDIT && who->role == ROLE_CUSTOMER)
		e = change_check_customer(&g);
	else
		e = change_release_leaver(&g);
	if (!e)
		e = change_look_up(&g);
	if (!e && change_touches_any(&g))
		e = write_issue_change(out, &g);
	return e ? e : add_change_comment(out, &g);
}

enum err
issue_show_again(struct ctx *c, struct issue *issue)
{
	const struct issue_kind was = issue->kind;
	enum err e;

	if (!was.is_withdrawn)
		return OK;
	issue->kind.is_withdrawn = false;
	e = issue_store_shown(c, issue);
	return e ? e : count_move(c, &was, &issue->kind);
}

/* issue_change_within with its arguments, for db_transaction. */
struct change_call {
	struct issue_outcome *out;
	struct ctx *c;
	const struct actor *who;
	int64_t id;
	const struct issue_change *change;
};

static enum err
change_in_transaction(void *arg)
{
	struct change_call *k = arg;

	faults_init(&k->c->faults, k->c->arena);
	return issue_change_within(k->out, k->c, k->who, k->id, k->change);
}

enum err
issue_change(struct issue_outcome *out, struct ctx *c, const struct actor *who,
	     int64_t id, const struct issue_change *change)
{
	struct issue_outcome result = {0};
	struct change_call k = {&result, c, who, id, change};
	enum err e = db_transaction(c->db, change_in_transaction, &k);

	if (!e)
		*out = result;
	return e;
}
