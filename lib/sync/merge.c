/* The three-way merge of an issue with Linear's, against the snapshot of
 * what was last agreed; and which fields Linear lacks.
 *
 * For each field the merge asks: did Linear's value change since it was last
 * received (differs_from_received), is that only the echo of a pending write
 * of ours (is_echo), can the value be held here at all (is_not_mappable),
 * and did ours change, too (changed_here)? Then theirs is taken, ours is
 * kept, or both agree; the snapshot is updated in each case. Nothing here
 * touches the database: the callers pass the input and apply the result. How
 * single values correspond is in mapping.c. */

#include "merge.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"

/* How far two clocks may be apart, including the time of a request. */
#define SAME_TIME (60 * USEC_PER_SEC)

/* --- how values correspond ----------------------------------------------- */

enum status
status_of_type(const char *type)
{
	static const struct {
		const char *type;
		enum status status;
	} map[] = {
	    {"triage", STATUS_OPEN},	    {"backlog", STATUS_OPEN},
	    {"unstarted", STATUS_OPEN},	    {"started", STATUS_IN_PROGRESS},
	    {"completed", STATUS_RESOLVED}, {"canceled", STATUS_CLOSED},
	    {"duplicate", STATUS_CLOSED}};

	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (strcmp(map[i].type, type) == 0)
			return map[i].status;
	return 0;
}

enum status
status_for_linear(const struct issue *ours)
{
	const enum status status = ours->kind.status;

	return status == STATUS_CLOSED && ours->resolved_at ? STATUS_RESOLVED
							    : status;
}

bool
status_agrees(const struct issue *ours, enum status theirs)
{
	return theirs == ours->kind.status || theirs == status_for_linear(ours);
}

static const struct linear_state *
lowest(const struct linear_team *team, const char *type)
{
	const struct linear_state *best = NULL;

	for (size_t i = 0; i < team->n; i++) {
		const struct linear_state *s = &team->states[i];

		if (strcmp(s->type, type) == 0 &&
		    (!best || s->position < best->position))
			best = s;
	}
	return best;
}

const struct linear_state *
state_for_status(const struct linear_team *team, enum status status)
{
	const struct linear_state *s;

	switch (status) {
	case STATUS_OPEN:
		s = lowest(team, "unstarted");
		return s ? s : lowest(team, "backlog");
	case STATUS_IN_PROGRESS:
		return lowest(team, "started");
	case STATUS_RESOLVED:
		return lowest(team, "completed");
	case STATUS_CLOSED:
		return lowest(team, "canceled");
	}
	return NULL;
}

int
linear_priority_of(enum priority p)
{
	return PRIORITY_URGENT - (int)p + 1;
}

enum priority
priority_of_linear(int p)
{
	return p >= 1 && p <= 4
		   ? (enum priority)(PRIORITY_URGENT - (unsigned)p + 1)
		   : 0;
}

struct hash
hash_of(const char *text)
{
	struct hash h = {{0}};

	hash_text(h.bytes, text);
	return h;
}

/* The end of "](target)"; NULL if there is none at `p`. */
static const char *
skip_target(const char *p)
{
	const char *end;

	if (p[0] != ']' || p[1] != '(')
		return NULL;
	end = strchr(p, ')');
	return end ? end + 1 : NULL;
}

struct hash
loose_hash_of(const char *text)
{
	struct hash h = {{0}};
	struct buf letters;
	const char *p = text, *next;

	buf_init(&letters, strlen(text) + 1);
	while (*p) {
		next = skip_target(p);
		if (next) {
			p = next;
			continue;
		}
		if (isalnum((unsigned char)*p) || (unsigned char)*p >= 0x80)
			buf_addc(&letters, *p);
		p++;
	}
	hash_bytes(h.bytes, letters.len ? letters.data : "", letters.len);
	buf_release(&letters);
	return h;
}

bool
hash_same(const struct hash *a, const struct hash *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static bool
hash_matches(const struct hash *h, const char *text)
{
	struct hash other = hash_of(text);

	return hash_same(h, &other);
}

static bool
loosely_same(const char *a, const char *b)
{
	struct hash x = loose_hash_of(a), y = loose_hash_of(b);

	return hash_same(&x, &y);
}

struct pending_write
pending_write_of_text(enum sync_field field, const char *text)
{
	return (struct pending_write){
	    .field = field,
	    .hash = field == SYNC_TITLE ? hash_of(text) : loose_hash_of(text)};
}

struct pending_write
pending_write_of_id(enum sync_field field, const char *id)
{
	return (struct pending_write){.field = field,
				      .hash = hash_of(id ? id : "")};
}

struct pending_write
pending_write_of_priority(int linear_priority)
{
	const char text[] = {(char)('0' + linear_priority), '\0'};

	return (struct pending_write){.field = SYNC_PRIORITY,
				      .hash = hash_of(text)};
}

/* --- the merge ----------------------------------------------------------- */

static bool
is_same_or_both_null(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Linear's value differs from the one last received. */
static bool
differs_from_received(const struct merge_input *in, enum sync_field field)
{
	const struct linear_issue *theirs = in->theirs;
	const struct snapshot *snapshot = in->snapshot;

	switch (field) {
	case SYNC_TITLE:
		return !hash_matches(&snapshot->title_received, theirs->title);
	case SYNC_DESCRIPTION:
		return !hash_matches(&snapshot->description_received,
				     theirs->description);
	case SYNC_STATUS:
		return !is_same_or_both_null(theirs->state_id,
					     snapshot->state_id);
	case SYNC_PRIORITY:
		return theirs->priority != snapshot->linear_priority;
	case SYNC_ASSIGNEE:
		/* before the first payload, "nobody" means unknown */
		return !*snapshot->state_id ||
		       !is_same_or_both_null(theirs->assignee_id,
					     snapshot->assignee_id);
	case SYNC_FIELD_MAX:
		break;
	}
	return false;
}

static bool
changed_here(const struct issue *ours, const struct snapshot *snapshot,
	     enum sync_field field)
{
	switch (field) {
	case SYNC_TITLE:
		return !hash_matches(&snapshot->title_sent, ours->title);
	case SYNC_DESCRIPTION:
		return !hash_matches(&snapshot->description_sent,
				     ours->description);
	case SYNC_STATUS:
		return !status_agrees(ours, snapshot->status);
	case SYNC_PRIORITY:
		return ours->kind.priority != snapshot->priority;
	case SYNC_ASSIGNEE:
		return ours->kind.assigned_to != snapshot->assigned_to;
	case SYNC_FIELD_MAX:
		break;
	}
	return false;
}

static struct pending_write
pending_write_like(const struct linear_issue *theirs, enum sync_field field)
{
	switch (field) {
	case SYNC_TITLE:
		return pending_write_of_text(field, theirs->title);
	case SYNC_DESCRIPTION:
		return pending_write_of_text(field, theirs->description);
	case SYNC_STATUS:
		return pending_write_of_id(field, theirs->state_id);
	case SYNC_ASSIGNEE:
		return pending_write_of_id(field, theirs->assignee_id);
	case SYNC_PRIORITY:
	case SYNC_FIELD_MAX:
		break;
	}
	return pending_write_of_priority(theirs->priority);
}

bool
pending_write_arrived(const struct pending_write *f,
		      const struct linear_issue *theirs)
{
	struct pending_write now = pending_write_like(theirs, f->field);

	return hash_same(&f->hash, &now.hash);
}

/* Linear holds a value that we sent, and may have applied it only now: it is
 * nobody's edit. */
static bool
is_echo(const struct merge_input *in, enum sync_field field)
{
	for (size_t i = 0; i < in->pending_count; i++)
		if (in->pending[i].field == field &&
		    pending_write_arrived(&in->pending[i], in->theirs) &&
		    in->theirs->updated_at <
			in->pending[i].sent_at + PENDING_WRITE_MAX)
			return true;
	return false;
}

/* Both sides hold the same value, however they came to it. */
static bool
both_agree(const struct merge_input *in, enum sync_field field)
{
	const struct issue *ours = in->ours;
	const struct linear_issue *theirs = in->theirs;

	switch (field) {
	case SYNC_TITLE:
		return strcmp(ours->title, theirs->title) == 0;
	case SYNC_DESCRIPTION:
		return strcmp(ours->description, theirs->description) == 0;
	case SYNC_STATUS:
		return status_agrees(ours, status_of_type(theirs->state_type));
	case SYNC_PRIORITY:
		return priority_of_linear(theirs->priority) ==
		       ours->kind.priority;
	case SYNC_ASSIGNEE:
		return in->their_profile == ours->kind.assigned_to;
	case SYNC_FIELD_MAX:
		break;
	}
	return true;
}

/* Linear's value has no counterpart here, or must not be taken. */
static bool
is_not_mappable(const struct merge_input *in, enum sync_field field)
{
	switch (field) {
	case SYNC_TITLE:
		return !*in->theirs->title;
	case SYNC_DESCRIPTION:
		/* a customer's own words stay as they wrote them */
		return in->ours->kind.is_client_issue;
	case SYNC_STATUS:
		return !status_of_type(in->theirs->state_type) ||
		       status_of_type(in->theirs->state_type) ==
			   status_of_type(in->snapshot->state_type);
	case SYNC_PRIORITY:
		return !priority_of_linear(in->theirs->priority);
	case SYNC_ASSIGNEE:
		return in->their_profile == PROFILE_UNKNOWN;
	case SYNC_FIELD_MAX:
		break;
	}
	return true;
}

static bool
changed_in_linear(const struct merge_input *in, enum sync_field field)
{
	return differs_from_received(in, field) && !is_echo(in, field) &&
	       !is_not_mappable(in, field) && !both_agree(in, field);
}

/* The echo is our current value, except for how Linear formats it. */
static bool
echo_is_current(const struct merge_input *in, enum sync_field field)
{
	if (field == SYNC_DESCRIPTION)
		return loosely_same(in->ours->description,
				    in->theirs->description);
	return both_agree(in, field);
}

unsigned
merge_changed_there(const struct snapshot *snapshot,
		    const struct linear_issue *theirs)
{
	const struct merge_input in = {.snapshot = snapshot, .theirs = theirs};
	unsigned fields = 0;

	for (int p = SYNC_TITLE; p < SYNC_FIELD_MAX; p++)
		if (differs_from_received(&in, (enum sync_field)p))
			fields |= SYNC_FIELD_BIT(p);
	return fields;
}

bool
merge_needs_change_times(const struct merge_input *in)
{
	for (int p = SYNC_TITLE; p < SYNC_FIELD_MAX; p++)
		if ((in->fields & SYNC_FIELD_BIT(p)) &&
		    changed_here(in->ours, in->snapshot, (enum sync_field)p) &&
		    changed_in_linear(in, (enum sync_field)p))
			return true;
	return false;
}

usec_t
time_clamped(usec_t told, usec_t now)
{
	return told && told < now ? told : now;
}

bool
is_far_ahead(usec_t told, usec_t now)
{
	return told > now + CLOCK_AHEAD_MAX;
}

bool
is_older(usec_t told, usec_t known, usec_t now)
{
	return told < known && !is_far_ahead(known, now);
}

bool
clock_was_set_back(usec_t known, usec_t asked_at)
{
	const usec_t apart = known - asked_at;

	return apart > SAME_TIME || apart < -SAME_TIME;
}

/* Records in the snapshot what Linear holds now. */
static void
snapshot_set_theirs(struct snapshot *b, const struct linear_issue *theirs,
		    enum sync_field field)
{
	switch (field) {
	case SYNC_TITLE:
		b->title_received = hash_of(theirs->title);
		break;
	case SYNC_DESCRIPTION:
		b->description_received = hash_of(theirs->description);
		break;
	case SYNC_STATUS:
		b->state_id = theirs->state_id;
		b->state_type = theirs->state_type;
		break;
	case SYNC_PRIORITY:
		b->linear_priority = theirs->priority;
		break;
	case SYNC_ASSIGNEE:
		b->assignee_id = theirs->assignee_id;
		break;
	case SYNC_FIELD_MAX:
		break;
	}
}

/* Records in the snapshot that Linear has our values as given. */
static void
snapshot_set_ours(struct snapshot *b, const struct issue *ours,
		  enum sync_field field)
{
	switch (field) {
	case SYNC_TITLE:
		b->title_sent = hash_of(ours->title);
		break;
	case SYNC_DESCRIPTION:
		b->description_sent = hash_of(ours->description);
		b->linear_description = NULL;
		break;
	case SYNC_STATUS:
		b->status = ours->kind.status;
		break;
	case SYNC_PRIORITY:
		b->priority = ours->kind.priority;
		break;
	case SYNC_ASSIGNEE:
		b->assigned_to = ours->kind.assigned_to;
		break;
	case SYNC_FIELD_MAX:
		break;
	}
}

/* Takes Linear's value; the snapshot agrees. */
static void
take_theirs(struct merge *m, const struct merge_input *in,
	    enum sync_field field)
{
	const struct linear_issue *theirs = in->theirs;
	struct issue_change *ch = &m->change;
	struct snapshot *b = &m->snapshot;

	switch (field) {
	case SYNC_TITLE:
		ch->set |= SET_TITLE;
		ch->title = theirs->title;
		b->title_sent = hash_of(ch->title);
		break;
	case SYNC_DESCRIPTION:
		ch->set |= SET_DESCRIPTION;
		ch->description = theirs->description;
		b->description_sent = hash_of(ch->description);
		break;
	case SYNC_STATUS:
		ch->set |= SET_STATUS;
		b->status = ch->status = status_of_type(theirs->state_type);
		break;
	case SYNC_PRIORITY:
		ch->set |= SET_PRIORITY;
		b->priority = ch->priority =
		    priority_of_linear(theirs->priority);
		break;
	case SYNC_ASSIGNEE:
		ch->set |= SET_ASSIGNEE;
		b->assigned_to = ch->assigned_to = in->their_profile;
		break;
	case SYNC_FIELD_MAX:
		break;
	}
}

/* Keeps our value. The snapshot takes Linear's, so that ours is sent as long
 * as it differs from that, even if it goes back to what was agreed before. */
static void
keep_ours(struct merge *m, const struct merge_input *in, enum sync_field field)
{
	const enum status status = status_of_type(in->theirs->state_type);
	const enum priority priority = priority_of_linear(in->theirs->priority);
	struct snapshot *b = &m->snapshot;

	switch (field) {
	case SYNC_TITLE:
		b->title_sent = (struct hash){{0}};
		break;
	case SYNC_DESCRIPTION:
		b->description_sent = (struct hash){{0}};
		break;
	case SYNC_STATUS:
		if (status)
			b->status = status;
		break;
	case SYNC_PRIORITY:
		if (priority)
			b->priority = priority;
		break;
	case SYNC_ASSIGNEE:
		b->assigned_to = in->their_profile;
		break;
	case SYNC_FIELD_MAX:
		break;
	}
}

static void
add_conflict(struct merge *m, struct conflict k)
{
	m->conflicts[m->conflict_count++] = k;
}

/* Linear's value changed, and maybe ours, too; they differ. */
static void
resolve_conflict(struct merge *m, const struct merge_input *in,
		 enum sync_field field)
{
	bool ours = changed_here(in->ours, in->snapshot, field);
	bool theirs_win = !ours || in->theirs->updated_at > in->ours_at[field];

	if (ours)
		add_conflict(m, (struct conflict){.field = field,
						  .ours_lost = theirs_win});
	if (theirs_win)
		take_theirs(m, in, field);
	else
		keep_ours(m, in, field);
}

/* Linear holds a value that we sent: our current one, or an earlier one. */
static void
merge_echo(struct merge *m, const struct merge_input *in, enum sync_field field)
{
	if (echo_is_current(in, field)) {
		snapshot_set_ours(&m->snapshot, in->ours, field);
		return;
	}
	keep_ours(m, in, field);
	add_conflict(m, (struct conflict){.field = field, .is_echo = true});
}

/* Keeps Linear's description beside the customer's own. */
static void
keep_apart(struct merge *m, const struct merge_input *in)
{
	struct snapshot *b = &m->snapshot;

	b->linear_description =
	    loosely_same(in->ours->description, in->theirs->description)
		? NULL
		: in->theirs->description;
	m->description_apart = b->linear_description != NULL;
}

static void
merge_field(struct merge *m, const struct merge_input *in,
	    enum sync_field field)
{
	if (!differs_from_received(in, field))
		return;
	if (is_echo(in, field)) {
		merge_echo(m, in, field);
	} else if (changed_in_linear(in, field)) {
		resolve_conflict(m, in, field);
	} else if (both_agree(in, field)) {
		snapshot_set_ours(&m->snapshot, in->ours, field);
	} else if (field == SYNC_DESCRIPTION &&
		   in->ours->kind.is_client_issue) {
		keep_apart(m, in);
	}
	snapshot_set_theirs(&m->snapshot, in->theirs, field);
}

void
merge_issue(struct merge *out, const struct merge_input *in)
{
	*out = (struct merge){.snapshot = *in->snapshot};
	out->change.act = ACT_EDIT;
	for (int p = SYNC_TITLE; p < SYNC_FIELD_MAX; p++)
		if (in->fields & SYNC_FIELD_BIT(p))
			merge_field(out, in, (enum sync_field)p);
}

void
snapshot_agree(struct snapshot *b, const struct issue *sent,
	       const struct linear_issue *theirs, unsigned fields)
{
	for (int p = SYNC_TITLE; p < SYNC_FIELD_MAX; p++) {
		if (!(fields & SYNC_FIELD_BIT(p)))
			continue;
		snapshot_set_ours(b, sent, (enum sync_field)p);
		if (theirs)
			snapshot_set_theirs(b, theirs, (enum sync_field)p);
	}
}

/* --- stale payloads ------------------------------------------------------- */

unsigned
merge_stale(const struct merge_input *in)
{
	const bool apart =
	    in->ours->kind.is_client_issue &&
	    differs_from_received(in, SYNC_DESCRIPTION) &&
	    !is_echo(in, SYNC_DESCRIPTION) &&
	    !loosely_same(in->ours->description, in->theirs->description);
	unsigned fields = apart ? SYNC_FIELD_BIT(SYNC_DESCRIPTION) : 0;

	for (int p = SYNC_TITLE; p < SYNC_FIELD_MAX; p++)
		if (changed_in_linear(in, (enum sync_field)p))
			fields |= SYNC_FIELD_BIT(p);
	return fields & in->fields;
}

static bool
is_among_names(const char *text, enum sync_field field,
	       const char *const *names)
{
	if (!text || !*names)
		return !text && !*names;
	for (; *names; names++)
		if (field == SYNC_DESCRIPTION ? loosely_same(text, *names)
					      : strcmp(text, *names) == 0)
			return true;
	return false;
}

bool
history_is_ours(const struct field_history *history, size_t n)
{
	bool ours = false;

	for (const struct field_history *p = history; p < history + n; p++)
		if (!p->is_conflict)
			ours = p->is_ours;
	return ours;
}

bool
history_knows(const struct field_history *history, size_t n,
	      enum sync_field field, const char *const *names, usec_t at)
{
	bool known = false;

	for (const struct field_history *p = history; p < history + n; p++) {
		const bool became = is_among_names(p->to, field, names);

		if (p->at >= at - PENDING_WRITE_MAX)
			known = known || became ||
				is_among_names(p->from, field, names);
		else if (!p->is_conflict)
			known = became; /* until the next change */
	}
	return known;
}

/* --- the difference ------------------------------------------------------ */

static bool
is_shown_in_linear(const struct issue *ours, const struct snapshot *snapshot,
		   enum sync_field field)
{
	if (field == SYNC_STATUS)
		return status_agrees(ours,
				     status_of_type(snapshot->state_type));
	return field == SYNC_PRIORITY &&
	       linear_priority_of(ours->kind.priority) ==
		   snapshot->linear_priority;
}

unsigned
fields_to_push(const struct issue *ours, const struct snapshot *snapshot)
{
	unsigned fields = 0;

	for (int p = SYNC_TITLE; p < SYNC_FIELD_MAX; p++)
		if (changed_here(ours, snapshot, (enum sync_field)p) &&
		    !is_shown_in_linear(ours, snapshot, (enum sync_field)p))
			fields |= SYNC_FIELD_BIT(p);
	return fields;
}

struct hash
link_hash(const struct issue *ours, const char *public_url)
{
	struct hash h = {{0}};
	struct buf text;

	buf_init(&text, 1024);
	buf_printf(&text, "%s %s %d", public_url, ours->number,
		   (int)ours->kind.category);
	hash_bytes(h.bytes, text.data, text.len);
	buf_release(&text);
	return h;
}

struct hash
link_refused(const struct hash *link)
{
	struct hash h = {{0}};

	hash_bytes(h.bytes, link->bytes, sizeof(link->bytes));
	return h;
}

bool
link_is_current(const struct snapshot *snapshot, const struct hash *link)
{
	struct hash refused = link_refused(link);

	return hash_same(&snapshot->link, link) ||
	       hash_same(&snapshot->link, &refused);
}

bool
wants_thread(const struct issue *ours, const struct snapshot *snapshot)
{
	return ours->kind.is_client_issue && snapshot->thread_id &&
	       !snapshot->thread_open;
}

bool
wants_push(const struct issue *ours, const struct snapshot *snapshot,
	   const struct hash *link)
{
	if (snapshot->gone_at)
		return false;
	return !ours->kind.synced_to_linear || fields_to_push(ours, snapshot) ||
	       wants_thread(ours, snapshot) || !link_is_current(snapshot, link);
}
