#include "ingest.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/enum_name.h"
#include "desk/activity.h"
#include "desk/issue_link.h"
#include "desk/outbox.h"
#include "desk/sync_job.h"
#include "merge.h"
#include "thread.h"

static enum err
lock_again(struct session *s)
{
	return issue_lock(&s->issue, s->c, &s->who, s->issue->id);
}

enum err
session_open(struct session *s, struct ctx *c, int64_t organization_id,
	     int64_t issue_id, const char *name)
{
	enum err e;

	*s = (struct session){.c = c,
			      .who = {.role = ROLE_LINEAR,
				      .organization_id = organization_id,
				      .name = name ? name : "Linear"}};
	e = issue_lock(&s->issue, c, &s->who, issue_id);
	if (!e)
		e = snapshot_load(&s->snapshot, c, issue_id);
	return e ? e
		 : pending_write_list(&s->pending, &s->pending_count, c,
				      issue_id);
}

/* --- merging ------------------------------------------------------------- */

/* The staff profile of Linear's assignee; see merge_input. */
static enum err
find_profile(int64_t *out, struct session *s, const struct linear_issue *theirs)
{
	enum err e;

	*out = 0;
	if (!theirs->assignee_id)
		return OK;
	if (!theirs->assignee_email) {
		*out = PROFILE_UNKNOWN;
		return OK;
	}
	e = profile_by_email(out, s->c, s->who.organization_id,
			     theirs->assignee_email);
	if (!e && !*out)
		*out = PROFILE_UNKNOWN;
	return e;
}

/* A field's value here, or in Linear, as the history shows it. */
static const char *
our_text(const struct issue *ours, enum sync_field field)
{
	switch (field) {
	case SYNC_TITLE:
		return ours->title;
	case SYNC_DESCRIPTION:
		return ours->description;
	case SYNC_STATUS:
		return enum_name_text(status_words, (int)ours->kind.status);
	case SYNC_PRIORITY:
		return enum_name_text(priority_words, (int)ours->kind.priority);
	case SYNC_ASSIGNEE: /* see record_conflict */
	case SYNC_FIELD_MAX:
		break;
	}
	return NULL;
}

static const char *
their_text(const struct linear_issue *theirs, enum sync_field field)
{
	switch (field) {
	case SYNC_TITLE:
		return theirs->title;
	case SYNC_DESCRIPTION:
		return theirs->description;
	case SYNC_STATUS:
		return enum_name_text(status_words,
				      (int)status_of_type(theirs->state_type));
	case SYNC_PRIORITY:
		return enum_name_text(
		    priority_words, (int)priority_of_linear(theirs->priority));
	case SYNC_ASSIGNEE:
		return theirs->assignee_email;
	case SYNC_FIELD_MAX:
		break;
	}
	return NULL;
}

/* The value that loses is kept in the history: from it, to the one that
 * stays. */
static enum err
record_conflict(struct session *s, const struct linear_issue *theirs,
		const struct conflict *k)
{
	const char *ours = our_text(s->issue, k->field);
	const char *other = their_text(theirs, k->field);
	const char *entry = arena_printf(s->c->arena, "conflict_%s",
					 sync_field_names[k->field]);

	return activity_add(s->c, &s->who, s->who.organization_id, s->issue->id,
			    entry, k->ours_lost ? ours : other,
			    k->ours_lost ? other : ours, ACTIVITY_INTERNAL);
}

static enum err
record_their_description(struct session *s, const char *was, const char *is)
{
	return activity_add(s->c, &s->who, s->who.organization_id, s->issue->id,
			    "linear_description", was, is, ACTIVITY_INTERNAL);
}

static enum err
apply_merge(struct session *s, const struct merge *m,
	    const struct linear_issue *theirs)
{
	const char *apart = s->snapshot.linear_description;
	struct issue_outcome outcome;
	enum err e = OK;

	for (size_t i = 0; !e && i < m->conflict_count; i++)
		e = record_conflict(s, theirs, &m->conflicts[i]);
	s->snapshot = m->snapshot;
	if (!e && m->description_apart)
		e = record_their_description(s, apart,
					     m->snapshot.linear_description);
	if (e || !m->change.set)
		return e;
	e = issue_change_within(&outcome, s->c, &s->who, s->issue->id,
				&m->change);
	return e ? e : lock_again(s);
}

/* Merges against that snapshot; out->snapshot is the result. */
static enum err
merge_theirs(struct merge *out, struct session *s,
	     const struct snapshot *snapshot, const struct linear_issue *theirs,
	     unsigned fields)
{
	struct merge_input in = {.ours = s->issue,
				 .snapshot = snapshot,
				 .theirs = theirs,
				 .pending = s->pending,
				 .pending_count = s->pending_count,
				 .fields = fields};
	enum err e = find_profile(&in.their_profile, s, theirs);

	if (!e && merge_needs_change_times(&in))
		e = field_change_times(in.ours_at, s->c, s->issue->id);
	if (!e)
		merge_issue(out, &in);
	return e;
}

/* The names under which the history may have Linear's value, up to a NULL. */
static enum err
history_names(const char *names[3], struct session *s,
	      const struct linear_issue *theirs, enum sync_field field)
{
	int64_t profile = 0;
	enum err e = OK;

	names[0] = their_text(theirs, field);
	names[1] = names[2] = NULL;
	if (field == SYNC_ASSIGNEE)
		e = find_profile(&profile, s, theirs);
	return e || profile <= 0 ? e : profile_name(&names[1], s->c, profile);
}

/* Whether the history has Linear's value already; and, unless `ours` is
 * NULL, whether the value that stayed was set here. */
static enum err
search_history(bool *known, bool *ours, struct session *s,
	       const struct linear_issue *theirs, enum sync_field field)
{
	const char *names[3];
	struct field_history *history = NULL;
	size_t n = 0;
	enum err e = history_names(names, s, theirs, field);

	if (!e)
		e = field_history_load(&history, &n, s->c, s->issue->id, field);
	if (e)
		return e;
	*known = history_knows(history, n, field, names, theirs->updated_at);
	if (ours)
		*ours = history_is_ours(history, n);
	return OK;
}

/* Drops conflicts that the history has already: all that ours won, or
 * (echoes_alone) only those that may be an echo of our own writes. */
static enum err
drop_recorded_conflicts(struct merge *m, struct session *s,
			const struct linear_issue *theirs, bool echoes_alone)
{
	const size_t n = m->conflict_count;
	enum err e = OK;

	m->conflict_count = 0;
	for (size_t i = 0; !e && i < n; i++) {
		const struct conflict *k = &m->conflicts[i];
		bool known = false;

		if (k->is_echo || (!k->ours_lost && !echoes_alone))
			e = search_history(&known, NULL, s, theirs, k->field);
		if (!known)
			m->conflicts[m->conflict_count++] = *k;
	}
	return e;
}

/* A newer payload was ingested before. */
static bool
is_stale(const struct session *s, const struct linear_issue *theirs)
{
	return is_older(theirs->updated_at, s->snapshot.linear_updated_at,
			s->c->now);
}

enum err
session_merge(struct session *s, const struct linear_issue *theirs)
{
	struct merge m;
	enum err e;

	if (is_stale(s, theirs))
		return OK;
	e = merge_theirs(&m, s, &s->snapshot, theirs, SYNC_ALL_FIELDS);
	if (!e)
		e = drop_recorded_conflicts(&m, s, theirs, true);
	return e ? e : apply_merge(s, &m, theirs);
}

/* --- stale payloads ------------------------------------------------------- */

/* Records the values that ours overwrote in Linear before we knew of them. */
static enum err
record_overwritten(struct session *s, const struct linear_issue *theirs,
		   unsigned changed)
{
	struct merge_input in = {.ours = s->issue,
				 .snapshot = &s->snapshot,
				 .theirs = theirs,
				 .pending = s->pending,
				 .pending_count = s->pending_count,
				 .fields = changed};
	enum err e = find_profile(&in.their_profile, s, theirs);
	const unsigned fields = e ? 0 : merge_stale(&in);

	for (int p = SYNC_TITLE; !e && p < SYNC_FIELD_MAX; p++) {
		const struct conflict k = {.field = (enum sync_field)p};
		bool known = false, ours = false;

		if (fields & SYNC_FIELD_BIT(p))
			e = search_history(&known, &ours, s, theirs, k.field);
		if (!e && ours && !known)
			e = record_conflict(s, theirs, &k);
	}
	return e;
}

/* --- what an update overwrote -------------------------------------------- */

enum err
session_merge_overwritten(struct session *s, const struct snapshot *sent,
			  const struct linear_issue *before, unsigned fields)
{
	unsigned unheard = fields & merge_changed_there(&s->snapshot, before);
	const struct snapshot snapshot = s->snapshot;
	struct merge m;
	enum err e;

	if (!unheard)
		return OK;
	e = merge_theirs(&m, s, sent, before, unheard);
	if (!e)
		e = drop_recorded_conflicts(&m, s, before, false);
	if (!e)
		e = apply_merge(s, &m, before);
	s->snapshot = snapshot;
	return e;
}

enum err
session_end_pending(struct session *s, usec_t asked_at)
{
	enum err e = OK;

	for (size_t i = 0; !e && i < s->pending_count; i++) {
		const struct pending_write *f = &s->pending[i];

		if (f->sent_at + PENDING_WRITE_VISIBLE <= asked_at)
			e = pending_write_delete(s->c, s->issue->id, f);
	}
	return e;
}

/* --- the rest ------------------------------------------------------------ */

static bool
lacks_link(const struct session *s)
{
	struct hash link = link_hash(s->issue, s->c->conf->public_url);
	struct hash refused = link_refused(&link);

	return hash_same(&s->snapshot.link, &refused);
}

/* NULL: Linear has the agreed assignee. */
static const char *
unknown_assignee_warning(struct session *s, int64_t their_profile)
{
	const int64_t ours = s->issue->kind.assigned_to;
	const char *email = NULL;

	if (!ours || ours != s->snapshot.assigned_to || ours == their_profile ||
	    profile_email(&email, s->c, ours) || !email)
		return NULL;
	return arena_printf(s->c->arena,
			    "Assigned here to %s, who has no account in "
			    "Linear.",
			    email);
}

/* A warning for staff: a state or an assignee that has no counterpart on the
 * other side, or a link that Linear refused. NULL: none. */
static const char *
find_warning(struct session *s, const struct linear_issue *theirs)
{
	int64_t profile = 0;
	enum err e = find_profile(&profile, s, theirs);

	if (!status_of_type(theirs->state_type))
		return arena_printf(s->c->arena,
				    "Linear's state \"%s\" is of an unknown "
				    "type; the status was left as it is.",
				    theirs->state_name ? theirs->state_name
						       : theirs->state_type);
	if (!e && profile == PROFILE_UNKNOWN)
		return arena_printf(
		    s->c->arena,
		    "Assigned in Linear to %s, who is not "
		    "staff here.",
		    theirs->assignee_name ? theirs->assignee_name : "somebody");
	if (lacks_link(s))
		return "Linear refused the link back to this issue.";
	return e ? NULL : unknown_assignee_warning(s, profile);
}

/* At most `max` characters of a text. */
static const char *
text_cut(struct arena *a, const char *text, size_t max)
{
	const char *p = text;

	for (size_t n = 0; *p; p++)
		if (((unsigned char)*p & 0xC0) != 0x80 && n++ == max)
			return arena_memdup(a, text, (size_t)(p - text));
	return text;
}

/* A new warning is recorded in the history once. */
static enum err
set_warning(struct session *s, const char *is)
{
	const char *was = s->snapshot.warning;

	/* Linear's names have no maximum length */
	is = is ? text_cut(s->c->arena, is, WARNING_MAX) : NULL;
	s->snapshot.warning = is;
	if (!is || (was && strcmp(was, is) == 0))
		return OK;
	return activity_add(s->c, &s->who, s->who.organization_id, s->issue->id,
			    "linear_warning", NULL, is, ACTIVITY_INTERNAL);
}

enum err
session_warn_assignee(struct session *s)
{
	return s->snapshot.warning
		   ? OK
		   : set_warning(s, unknown_assignee_warning(s, 0));
}

static enum err
link_issue(struct session *s, const struct linear_issue *theirs)
{
	struct issue *i = s->issue;
	struct issue_link link = {
	    .identifier = theirs->identifier,
	    .url = theirs->url,
	    .team_id = theirs->team_id,
	    .state_name = theirs->state_name,
	    .synced = true,
	    .touched = true,
	    .state = i->sync_state == SYNC_OFF ? SYNC_SYNCED : i->sync_state};

	/* not every payload has these */
	if (!link.identifier)
		link.identifier = i->linear_identifier;
	if (!link.url)
		link.url = i->linear_url;
	return issue_set_link(s->c, i, &link);
}

static enum err
ingest_comments(struct session *s, const struct linear_issue *theirs,
		usec_t asked_at)
{
	enum err e = OK;

	/* oldest first: Linear lists the newest first */
	for (size_t i = theirs->comment_count; !e && i-- > 0;)
		e = thread_ingest(s->c, &s->who, s->issue, &s->snapshot,
				  &theirs->comments[i], asked_at);
	/* comments of an archived issue may be archived with it, and are
	 * then not listed */
	if (!e && theirs->has_comments && !theirs->archived)
		e = thread_remove_others(s->c, &s->who, s->issue, theirs,
					 asked_at);
	return e;
}

enum err
session_record(struct session *s, const struct linear_issue *theirs,
	       usec_t asked_at)
{
	struct snapshot *snapshot = &s->snapshot;
	enum err e;

	if (!is_stale(s, theirs)) {
		snapshot->linear_updated_at = theirs->updated_at;
		snapshot->archived = theirs->archived;
		if (theirs->trashed)
			return session_unlink(s);
		snapshot->gone_at = 0;
		e = set_warning(s, find_warning(s, theirs));
		if (!e)
			e = link_issue(s, theirs);
		if (e)
			return e;
	}
	return ingest_comments(s, theirs, asked_at);
}

const char *
session_team(const struct session *s)
{
	const struct issue *i = s->issue;

	return i->linear_team_id ? i->linear_team_id : i->organization_team_id;
}

enum err
session_unlink(struct session *s)
{
	const struct issue_link none = {.team_id = s->issue->linear_team_id,
					.state = SYNC_OFF};
	const char *identifier = s->issue->linear_identifier;
	enum err e;

	if (s->snapshot.gone_at)
		return OK;
	s->snapshot.gone_at = s->c->now;
	e = issue_set_link(s->c, s->issue, &none);
	return e ? e
		 : activity_add(s->c, &s->who, s->who.organization_id,
				s->issue->id, "linear", identifier, NULL,
				ACTIVITY_INTERNAL);
}

enum err
session_save(struct session *s)
{
	return snapshot_save(s->c, &s->snapshot);
}

bool
session_wants_push(const struct session *s)
{
	struct hash link = link_hash(s->issue, s->c->conf->public_url);

	return wants_push(s->issue, &s->snapshot, &link);
}

/* Queues what Linear lacks. */
static enum err
queue_difference(struct session *s)
{
	struct issue *i = s->issue;
	const struct issue_link link = {.identifier = i->linear_identifier,
					.url = i->linear_url,
					.team_id = i->linear_team_id,
					.synced = i->kind.synced_to_linear,
					.state = SYNC_PENDING};
	struct comment *unsent = NULL;
	enum err e = OK;

	if (!s->snapshot.gone_at)
		e = thread_next(&unsent, s->c, i->id);
	if (e || (!unsent && !session_wants_push(s)))
		return e;
	e = issue_set_link(s->c, i, &link);
	return e ? e : outbox_mark(s->c, i);
}

/* The snapshot may be of a wrong clock, so the stale payload may be new:
 * Linear is read again. */
static enum err
refetch_if_clock_jumped_back(struct session *s, usec_t asked_at)
{
	const usec_t known = s->snapshot.linear_updated_at;

	if (asked_at || known < s->c->now ||
	    !clock_was_set_back(known, s->c->now))
		return OK;
	return job_request_refetch(s->c, s->issue->id, s->who.organization_id,
				   false);
}

/* --- whole payloads ------------------------------------------------------- */

enum err
ingest_issue(struct ctx *c, int64_t organization_id, int64_t issue_id,
	     const char *name, const struct linear_issue *theirs,
	     usec_t asked_at, unsigned changed)
{
	struct session s;
	enum err e = session_open(&s, c, organization_id, issue_id, name);

	if (!e && is_stale(&s, theirs))
		e = refetch_if_clock_jumped_back(&s, asked_at);
	if (!e)
		e = is_stale(&s, theirs)
			? record_overwritten(&s, theirs, changed)
			: session_merge(&s, theirs);
	if (!e)
		e = session_record(&s, theirs, asked_at);
	if (!e)
		e = session_save(&s);
	return e ? e : queue_difference(&s);
}
