/* Merges the fields of a payload with the issue of a session (merge.c decides),
 * and makes the resulting change as anybody's, so that history, counters and
 * notifications follow. Values that lose a conflict are recorded in the
 * history, once each: what may be a repetition is looked up there first
 * (history.c). */

#include <string.h>

#include "assets.h"
#include "assignee.h"
#include "base/arena.h"
#include "base/enum_name.h"
#include "desk/activity.h"
#include "history.h"
#include "mapping.h"
#include "merge.h"
#include "session.h"

/* The staff profile of Linear's assignee; see merge_input. */
enum err
session_find_profile(int64_t *out, struct session *s,
		     const struct linear_issue *theirs)
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

/* --- conflicts, in the history ------------------------------------------- */

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
		e = session_find_profile(&profile, s, theirs);
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

/* --- merging ------------------------------------------------------------- */

static enum err
lock_again(struct session *s)
{
	return issue_lock(&s->issue, s->c, &s->who, s->issue->id);
}

static bool
is_same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The files in Linear's description, which is the issue's now, or is kept apart
 * for staff. */
static enum err
ingest_description(struct session *s, const struct merge *m, const char *was)
{
	const char *is = m->snapshot.linear_description;

	if (m->change.set & SET_DESCRIPTION)
		return assets_ingest(s->c, &s->who, s->issue, 0, false,
				     m->change.description);
	return is_same_text(was, is) ? OK
				     : assets_ingest(s->c, &s->who, s->issue, 0,
						     true, is ? is : "");
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
	if (!e)
		e = ingest_description(s, m, apart);
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
	enum err e = session_find_profile(&in.their_profile, s, theirs);

	if (!e && merge_needs_change_times(&in))
		e = field_change_times(in.ours_at, s->c, s->issue->id);
	if (!e)
		merge_issue(out, &in);
	return e;
}

enum err
session_merge(struct session *s, const struct linear_issue *theirs)
{
	struct merge m;
	enum err e;

	if (session_is_stale(s, theirs))
		return OK;
	e = merge_theirs(&m, s, &s->snapshot, theirs, SYNC_ALL_FIELDS);
	if (!e)
		e = drop_recorded_conflicts(&m, s, theirs, true);
	return e ? e : apply_merge(s, &m, theirs);
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

/* Records the values that ours overwrote in Linear before we knew of them. */
enum err
session_record_overwritten(struct session *s, const struct linear_issue *theirs,
			   unsigned changed)
{
	struct merge_input in = {.ours = s->issue,
				 .snapshot = &s->snapshot,
				 .theirs = theirs,
				 .pending = s->pending,
				 .pending_count = s->pending_count,
				 .fields = changed};
	enum err e = session_find_profile(&in.their_profile, s, theirs);
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
