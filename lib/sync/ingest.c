#include "ingest.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/enum_name.h"
#include "desk/activity.h"
#include "desk/outbox.h"
#include "merge.h"
#include "sync/job.h"
#include "thread.h"

static enum err
lock_again(struct bench *b)
{
	return issue_lock(&b->issue, b->c, &b->who, b->issue->id);
}

enum err
bench_open(struct bench *b, struct ctx *c, int64_t organization_id,
	   int64_t issue_id, const char *name)
{
	enum err e;

	*b = (struct bench){.c = c,
			    .who = {.role = ROLE_LINEAR,
				    .organization_id = organization_id,
				    .name = name ? name : "Linear"}};
	e = issue_lock(&b->issue, c, &b->who, issue_id);
	if (!e)
		e = base_load(&b->base, c, issue_id);
	return e ? e : flight_list(&b->flights, &b->flight_count, c, issue_id);
}

/* --- merging ------------------------------------------------------------- */

/* Who of ours is Linear's assignee. */
static enum err
find_profile(int64_t *out, struct bench *b, const struct linear_issue *theirs)
{
	enum err e;

	*out = 0;
	if (!theirs->assignee_id)
		return OK;
	if (!theirs->assignee_email) {
		*out = PROFILE_UNKNOWN;
		return OK;
	}
	e = profile_by_email(out, b->c, b->who.organization_id,
			     theirs->assignee_email);
	if (!e && !*out)
		*out = PROFILE_UNKNOWN;
	return e;
}

/* A part's value here, and in Linear, for the history. */
static const char *
our_text(const struct issue *ours, enum part part)
{
	switch (part) {
	case PART_TITLE:
		return ours->title;
	case PART_DESCRIPTION:
		return ours->description;
	case PART_STATUS:
		return enum_name_text(status_words, (int)ours->kind.status);
	case PART_PRIORITY:
		return enum_name_text(priority_words, (int)ours->kind.priority);
	case PART_ASSIGNEE: /* see note_conflict */
	case PART_MAX:
		break;
	}
	return NULL;
}

static const char *
their_text(const struct linear_issue *theirs, enum part part)
{
	switch (part) {
	case PART_TITLE:
		return theirs->title;
	case PART_DESCRIPTION:
		return theirs->description;
	case PART_STATUS:
		return enum_name_text(status_words,
				      (int)status_of_type(theirs->state_type));
	case PART_PRIORITY:
		return enum_name_text(
		    priority_words, (int)priority_of_linear(theirs->priority));
	case PART_ASSIGNEE:
		return theirs->assignee_email;
	case PART_MAX:
		break;
	}
	return NULL;
}

/* What yields is kept: from its value to the one that stays. */
static enum err
note_conflict(struct bench *b, const struct linear_issue *theirs,
	      const struct conflict *k)
{
	const char *ours = our_text(b->issue, k->part);
	const char *other = their_text(theirs, k->part);
	const char *field =
	    arena_printf(b->c->arena, "conflict_%s", part_names[k->part]);

	return activity_add(b->c, &b->who, b->who.organization_id, b->issue->id,
			    field, k->ours_lost ? ours : other,
			    k->ours_lost ? other : ours, ACTIVITY_INTERNAL);
}

static enum err
note_apart(struct bench *b, const char *was, const char *is)
{
	return activity_add(b->c, &b->who, b->who.organization_id, b->issue->id,
			    "linear_description", was, is, ACTIVITY_INTERNAL);
}

static enum err
apply(struct bench *b, const struct merge *m, const struct linear_issue *theirs)
{
	const char *apart = b->base.linear_description;
	struct issue_outcome outcome;
	enum err e = OK;

	for (size_t i = 0; !e && i < m->conflict_count; i++)
		e = note_conflict(b, theirs, &m->conflicts[i]);
	b->base = m->base;
	if (!e && m->description_apart)
		e = note_apart(b, apart, m->base.linear_description);
	if (e || !m->change.set)
		return e;
	e = issue_change_within(&outcome, b->c, &b->who, b->issue->id,
				&m->change);
	return e ? e : lock_again(b);
}

/* By that base, which the merge makes into out->base. */
static enum err
merge(struct merge *out, struct bench *b, const struct linear_base *base,
      const struct linear_issue *theirs, unsigned parts)
{
	struct merge_input in = {.ours = b->issue,
				 .base = base,
				 .theirs = theirs,
				 .flights = b->flights,
				 .flight_count = b->flight_count,
				 .parts = parts};
	enum err e = find_profile(&in.their_profile, b, theirs);

	if (!e && merge_needs_times(&in))
		e = part_times(in.ours_at, b->c, b->issue->id);
	if (!e)
		merge_issue(out, &in);
	return e;
}

/* What the history may call the value that Linear held, up to a NULL. */
static enum err
names_of(const char *names[3], struct bench *b,
	 const struct linear_issue *theirs, enum part part)
{
	int64_t profile = 0;
	enum err e = OK;

	names[0] = their_text(theirs, part);
	names[1] = names[2] = NULL;
	if (part == PART_ASSIGNEE)
		e = find_profile(&profile, b, theirs);
	return e || profile <= 0 ? e : profile_name(&names[1], b->c, profile);
}

/* Whether the history knows of the value that Linear held; and, unless NULL,
 * whether what stayed is ours. */
static enum err
look_back(bool *known, bool *ours, struct bench *b,
	  const struct linear_issue *theirs, enum part part)
{
	const char *names[3];
	struct part_entry *history = NULL;
	size_t n = 0;
	enum err e = names_of(names, b, theirs, part);

	if (!e)
		e = part_history(&history, &n, b->c, b->issue->id, part);
	if (e)
		return e;
	*known = history_knows(history, n, part, names, theirs->updated_at);
	if (ours)
		*ours = history_is_ours(history, n);
	return OK;
}

/* What yielded to ours and is told already is not told again: of all that
 * yielded, or of what may be our own echo alone. */
static enum err
forget_known(struct merge *m, struct bench *b,
	     const struct linear_issue *theirs, bool echoes_alone)
{
	const size_t n = m->conflict_count;
	enum err e = OK;

	m->conflict_count = 0;
	for (size_t i = 0; !e && i < n; i++) {
		const struct conflict *k = &m->conflicts[i];
		bool known = false;

		if (k->is_echo || (!k->ours_lost && !echoes_alone))
			e = look_back(&known, NULL, b, theirs, k->part);
		if (!known)
			m->conflicts[m->conflict_count++] = *k;
	}
	return e;
}

/* Something newer was told before. */
static bool
is_late(const struct bench *b, const struct linear_issue *theirs)
{
	return is_older(theirs->updated_at, b->base.linear_updated_at,
			b->c->now);
}

enum err
bench_merge(struct bench *b, const struct linear_issue *theirs)
{
	struct merge m;
	enum err e;

	if (is_late(b, theirs))
		return OK;
	e = merge(&m, b, &b->base, theirs, ALL_PARTS);
	if (!e)
		e = forget_known(&m, b, theirs, true);
	return e ? e : apply(b, &m, theirs);
}

/* --- what is told late ---------------------------------------------------- */

/* What ours wrote over in Linear before it was heard of. */
static enum err
tell_late(struct bench *b, const struct linear_issue *theirs, unsigned changed)
{
	struct merge_input in = {.ours = b->issue,
				 .base = &b->base,
				 .theirs = theirs,
				 .flights = b->flights,
				 .flight_count = b->flight_count,
				 .parts = changed};
	enum err e = find_profile(&in.their_profile, b, theirs);
	const unsigned parts = e ? 0 : merge_late(&in);

	for (int p = PART_TITLE; !e && p < PART_MAX; p++) {
		const struct conflict k = {.part = (enum part)p};
		bool known = false, ours = false;

		if (parts & PART_BIT(p))
			e = look_back(&known, &ours, b, theirs, k.part);
		if (!e && ours && !known)
			e = note_conflict(b, theirs, &k);
	}
	return e;
}

/* --- what an update of ours met, and left -------------------------------- */

enum err
bench_merge_before(struct bench *b, const struct linear_base *sent,
		   const struct linear_issue *before, unsigned parts)
{
	unsigned unheard = parts & merge_news(&b->base, before);
	const struct linear_base base = b->base;
	struct merge m;
	enum err e;

	if (!unheard)
		return OK;
	e = merge(&m, b, sent, before, unheard);
	if (!e)
		e = forget_known(&m, b, before, false);
	if (!e)
		e = apply(b, &m, before);
	b->base = base;
	return e;
}

enum err
bench_land(struct bench *b, usec_t asked_at)
{
	enum err e = OK;

	for (size_t i = 0; !e && i < b->flight_count; i++) {
		const struct flight *f = &b->flights[i];

		if (f->sent_at + FLIGHT_LANDED <= asked_at)
			e = flight_drop(b->c, b->issue->id, f);
	}
	return e;
}

/* --- the rest ------------------------------------------------------------ */

static bool
lacks_link(const struct bench *b)
{
	struct hash link = link_hash(b->issue, b->c->conf->public_url);
	struct hash refused = link_refused(&link);

	return hash_same(&b->base.link, &refused);
}

/* NULL: Linear has the assignee that was agreed on. */
static const char *
lone_assignee(struct bench *b, int64_t their_profile)
{
	const int64_t ours = b->issue->kind.assigned_to;
	const char *email = NULL;

	if (!ours || ours != b->base.assigned_to || ours == their_profile ||
	    profile_email(&email, b->c, ours) || !email)
		return NULL;
	return arena_printf(b->c->arena,
			    "Assigned here to %s, who has no account in "
			    "Linear.",
			    email);
}

/* What staff should know: of a state or an assignee that mean nothing on the
 * other side, of a link that Linear did not take. */
static const char *
warning_of(struct bench *b, const struct linear_issue *theirs)
{
	int64_t profile = 0;
	enum err e = find_profile(&profile, b, theirs);

	if (!status_of_type(theirs->state_type))
		return arena_printf(b->c->arena,
				    "Linear's state \"%s\" is of an unknown "
				    "type; the status was left as it is.",
				    theirs->state_name ? theirs->state_name
						       : theirs->state_type);
	if (!e && profile == PROFILE_UNKNOWN)
		return arena_printf(
		    b->c->arena,
		    "Assigned in Linear to %s, who is not "
		    "staff here.",
		    theirs->assignee_name ? theirs->assignee_name : "somebody");
	if (lacks_link(b))
		return "Linear refused the link back to this issue.";
	return e ? NULL : lone_assignee(b, profile);
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

/* A new warning is told once, in the history. */
static enum err
warn(struct bench *b, const char *is)
{
	const char *was = b->base.warning;

	/* names of Linear's are as long as it likes */
	is = is ? text_cut(b->c->arena, is, WARNING_MAX) : NULL;
	b->base.warning = is;
	if (!is || (was && strcmp(was, is) == 0))
		return OK;
	return activity_add(b->c, &b->who, b->who.organization_id, b->issue->id,
			    "linear_warning", NULL, is, ACTIVITY_INTERNAL);
}

enum err
bench_warn_assignee(struct bench *b)
{
	return b->base.warning ? OK : warn(b, lone_assignee(b, 0));
}

static enum err
link_issue(struct bench *b, const struct linear_issue *theirs)
{
	struct issue *i = b->issue;
	struct issue_link link = {
	    .identifier = theirs->identifier,
	    .url = theirs->url,
	    .team_id = theirs->team_id,
	    .state_name = theirs->state_name,
	    .synced = true,
	    .touched = true,
	    .state = i->sync_state == SYNC_OFF ? SYNC_SYNCED : i->sync_state};

	/* not every telling tells these */
	if (!link.identifier)
		link.identifier = i->linear_identifier;
	if (!link.url)
		link.url = i->linear_url;
	return issue_link(b->c, i, &link);
}

static enum err
note_comments(struct bench *b, const struct linear_issue *theirs,
	      usec_t asked_at)
{
	enum err e = OK;

	/* oldest first: Linear gives the newest first */
	for (size_t i = theirs->comment_count; !e && i-- > 0;)
		e = thread_absorb(b->c, &b->who, b->issue, &b->base,
				  &theirs->comments[i], asked_at);
	/* what belongs to an archived issue may be archived with it, and is
	 * not listed then */
	if (!e && theirs->has_comments && !theirs->archived)
		e = thread_remove_others(b->c, &b->who, b->issue, theirs,
					 asked_at);
	return e;
}

enum err
bench_note(struct bench *b, const struct linear_issue *theirs, usec_t asked_at)
{
	struct linear_base *base = &b->base;
	enum err e;

	if (!is_late(b, theirs)) {
		base->linear_updated_at = theirs->updated_at;
		base->archived = theirs->archived;
		if (theirs->trashed)
			return bench_unlink(b);
		base->gone_at = 0;
		e = warn(b, warning_of(b, theirs));
		if (!e)
			e = link_issue(b, theirs);
		if (e)
			return e;
	}
	return note_comments(b, theirs, asked_at);
}

const char *
bench_team(const struct bench *b)
{
	const struct issue *i = b->issue;

	return i->linear_team_id ? i->linear_team_id : i->organization_team_id;
}

enum err
bench_unlink(struct bench *b)
{
	const struct issue_link none = {.team_id = b->issue->linear_team_id,
					.state = SYNC_OFF};
	const char *identifier = b->issue->linear_identifier;
	enum err e;

	if (b->base.gone_at)
		return OK;
	b->base.gone_at = b->c->now;
	e = issue_link(b->c, b->issue, &none);
	return e ? e
		 : activity_add(b->c, &b->who, b->who.organization_id,
				b->issue->id, "linear", identifier, NULL,
				ACTIVITY_INTERNAL);
}

enum err
bench_save(struct bench *b)
{
	return base_save(b->c, &b->base);
}

bool
bench_wants_push(const struct bench *b)
{
	struct hash link = link_hash(b->issue, b->c->conf->public_url);

	return wants_push(b->issue, &b->base, &link);
}

/* What Linear lacks is queued for it. */
static enum err
queue_difference(struct bench *b)
{
	struct issue *i = b->issue;
	const struct issue_link link = {.identifier = i->linear_identifier,
					.url = i->linear_url,
					.team_id = i->linear_team_id,
					.synced = i->kind.synced_to_linear,
					.state = SYNC_PENDING};
	struct comment *unsent = NULL;
	enum err e = OK;

	if (!b->base.gone_at)
		e = thread_next(&unsent, b->c, i->id);
	if (e || (!unsent && !bench_wants_push(b)))
		return e;
	e = issue_link(b->c, i, &link);
	return e ? e : outbox_mark(b->c, i);
}

/* See sync_thread.c. */
static enum err
doubt(struct bench *b, usec_t asked_at)
{
	const usec_t known = b->base.linear_updated_at;

	if (asked_at || known < b->c->now || !is_set_back(known, b->c->now))
		return OK;
	return job_want_refetch(b->c, b->issue->id, b->who.organization_id,
				false);
}

/* --- all of it ------------------------------------------------------------ */

enum err
absorb_issue(struct ctx *c, int64_t organization_id, int64_t issue_id,
	     const char *name, const struct linear_issue *theirs,
	     usec_t asked_at, unsigned changed)
{
	struct bench b;
	enum err e = bench_open(&b, c, organization_id, issue_id, name);

	if (!e && is_late(&b, theirs))
		e = doubt(&b, asked_at);
	if (!e)
		e = is_late(&b, theirs) ? tell_late(&b, theirs, changed)
					: bench_merge(&b, theirs);
	if (!e)
		e = bench_note(&b, theirs, asked_at);
	if (!e)
		e = bench_save(&b);
	return e ? e : queue_difference(&b);
}
