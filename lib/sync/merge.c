#include "merge.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"

/* How far two clocks may be apart, and how long a request may take. */
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
status_there(const struct issue *ours)
{
	const enum status status = ours->kind.status;

	return status == STATUS_CLOSED && ours->resolved_at ? STATUS_RESOLVED
							    : status;
}

bool
status_fits(const struct issue *ours, enum status theirs)
{
	return theirs == ours->kind.status || theirs == status_there(ours);
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
state_for(const struct linear_team *team, enum status status)
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

/* Where "](target)" ends; NULL when there is none at `p`. */
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
hash_fits(const struct hash *h, const char *text)
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

struct flight
flight_of_text(enum part part, const char *text)
{
	return (struct flight){
	    .part = part,
	    .hash = part == PART_TITLE ? hash_of(text) : loose_hash_of(text)};
}

struct flight
flight_of_id(enum part part, const char *id)
{
	return (struct flight){.part = part, .hash = hash_of(id ? id : "")};
}

struct flight
flight_of_priority(int linear_priority)
{
	const char text[] = {(char)('0' + linear_priority), '\0'};

	return (struct flight){.part = PART_PRIORITY, .hash = hash_of(text)};
}

/* --- the merge ----------------------------------------------------------- */

static bool
same_id(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* What Linear tells differs from what it told last. */
static bool
theirs_moved(const struct merge_input *in, enum part part)
{
	const struct linear_issue *theirs = in->theirs;
	const struct linear_base *base = in->base;

	switch (part) {
	case PART_TITLE:
		return !hash_fits(&base->title_got, theirs->title);
	case PART_DESCRIPTION:
		return !hash_fits(&base->description_got, theirs->description);
	case PART_STATUS:
		return !same_id(theirs->state_id, base->state_id);
	case PART_PRIORITY:
		return theirs->priority != base->linear_priority;
	case PART_ASSIGNEE:
		/* nobody is also what is there before anything was told */
		return !*base->state_id ||
		       !same_id(theirs->assignee_id, base->assignee_id);
	case PART_MAX:
		break;
	}
	return false;
}

static bool
ours_moved(const struct issue *ours, const struct linear_base *base,
	   enum part part)
{
	switch (part) {
	case PART_TITLE:
		return !hash_fits(&base->title_sent, ours->title);
	case PART_DESCRIPTION:
		return !hash_fits(&base->description_sent, ours->description);
	case PART_STATUS:
		return !status_fits(ours, base->status);
	case PART_PRIORITY:
		return ours->kind.priority != base->priority;
	case PART_ASSIGNEE:
		return ours->kind.assigned_to != base->assigned_to;
	case PART_MAX:
		break;
	}
	return false;
}

static struct flight
their_flight(const struct linear_issue *theirs, enum part part)
{
	switch (part) {
	case PART_TITLE:
		return flight_of_text(part, theirs->title);
	case PART_DESCRIPTION:
		return flight_of_text(part, theirs->description);
	case PART_STATUS:
		return flight_of_id(part, theirs->state_id);
	case PART_ASSIGNEE:
		return flight_of_id(part, theirs->assignee_id);
	case PART_PRIORITY:
	case PART_MAX:
		break;
	}
	return flight_of_priority(theirs->priority);
}

bool
flight_arrived(const struct flight *f, const struct linear_issue *theirs)
{
	struct flight now = their_flight(theirs, f->part);

	return hash_same(&f->hash, &now.hash);
}

/* What Linear tells is a value that we sent, and that it may have taken just
 * then: nobody's edit. */
static bool
is_echo(const struct merge_input *in, enum part part)
{
	for (size_t i = 0; i < in->flight_count; i++)
		if (in->flights[i].part == part &&
		    flight_arrived(&in->flights[i], in->theirs) &&
		    in->theirs->updated_at <
			in->flights[i].sent_at + FLIGHT_MAX)
			return true;
	return false;
}

/* Both hold the same already, however they came to. */
static bool
agree(const struct merge_input *in, enum part part)
{
	const struct issue *ours = in->ours;
	const struct linear_issue *theirs = in->theirs;

	switch (part) {
	case PART_TITLE:
		return strcmp(ours->title, theirs->title) == 0;
	case PART_DESCRIPTION:
		return strcmp(ours->description, theirs->description) == 0;
	case PART_STATUS:
		return status_fits(ours, status_of_type(theirs->state_type));
	case PART_PRIORITY:
		return priority_of_linear(theirs->priority) ==
		       ours->kind.priority;
	case PART_ASSIGNEE:
		return in->their_profile == ours->kind.assigned_to;
	case PART_MAX:
		break;
	}
	return true;
}

/* Linear's value says nothing that ours could become. */
static bool
means_nothing(const struct merge_input *in, enum part part)
{
	switch (part) {
	case PART_TITLE:
		return !*in->theirs->title;
	case PART_DESCRIPTION:
		/* a customer's own words stay his */
		return in->ours->kind.is_client_issue;
	case PART_STATUS:
		return !status_of_type(in->theirs->state_type) ||
		       status_of_type(in->theirs->state_type) ==
			   status_of_type(in->base->state_type);
	case PART_PRIORITY:
		return !priority_of_linear(in->theirs->priority);
	case PART_ASSIGNEE:
		return in->their_profile == PROFILE_UNKNOWN;
	case PART_MAX:
		break;
	}
	return true;
}

static bool
moved_there(const struct merge_input *in, enum part part)
{
	return theirs_moved(in, part) && !is_echo(in, part) &&
	       !means_nothing(in, part) && !agree(in, part);
}

/* The echo is of what ours are now, but for the way Linear writes it. */
static bool
echo_is_current(const struct merge_input *in, enum part part)
{
	if (part == PART_DESCRIPTION)
		return loosely_same(in->ours->description,
				    in->theirs->description);
	return agree(in, part);
}

unsigned
merge_news(const struct linear_base *base, const struct linear_issue *theirs)
{
	const struct merge_input in = {.base = base, .theirs = theirs};
	unsigned parts = 0;

	for (int p = PART_TITLE; p < PART_MAX; p++)
		if (theirs_moved(&in, (enum part)p))
			parts |= PART_BIT(p);
	return parts;
}

bool
merge_needs_times(const struct merge_input *in)
{
	for (int p = PART_TITLE; p < PART_MAX; p++)
		if ((in->parts & PART_BIT(p)) &&
		    ours_moved(in->ours, in->base, (enum part)p) &&
		    moved_there(in, (enum part)p))
			return true;
	return false;
}

usec_t
time_there(usec_t told, usec_t now)
{
	return told && told < now ? told : now;
}

bool
is_yet_to_come(usec_t told, usec_t now)
{
	return told > now + AHEAD_MAX;
}

bool
is_older(usec_t told, usec_t known, usec_t now)
{
	return told < known && !is_yet_to_come(known, now);
}

bool
is_set_back(usec_t known, usec_t asked_at)
{
	const usec_t apart = known - asked_at;

	return apart > SAME_TIME || apart < -SAME_TIME;
}

/* The base notes what Linear holds now. */
static void
note_theirs(struct linear_base *b, const struct linear_issue *theirs,
	    enum part part)
{
	switch (part) {
	case PART_TITLE:
		b->title_got = hash_of(theirs->title);
		break;
	case PART_DESCRIPTION:
		b->description_got = hash_of(theirs->description);
		break;
	case PART_STATUS:
		b->state_id = theirs->state_id;
		b->state_type = theirs->state_type;
		break;
	case PART_PRIORITY:
		b->linear_priority = theirs->priority;
		break;
	case PART_ASSIGNEE:
		b->assignee_id = theirs->assignee_id;
		break;
	case PART_MAX:
		break;
	}
}

/* The base notes that ours, as they are given, are what Linear has. */
static void
note_ours(struct linear_base *b, const struct issue *ours, enum part part)
{
	switch (part) {
	case PART_TITLE:
		b->title_sent = hash_of(ours->title);
		break;
	case PART_DESCRIPTION:
		b->description_sent = hash_of(ours->description);
		b->linear_description = NULL;
		break;
	case PART_STATUS:
		b->status = ours->kind.status;
		break;
	case PART_PRIORITY:
		b->priority = ours->kind.priority;
		break;
	case PART_ASSIGNEE:
		b->assigned_to = ours->kind.assigned_to;
		break;
	case PART_MAX:
		break;
	}
}

/* Ours become theirs; the base agrees. */
static void
take(struct merge *m, const struct merge_input *in, enum part part)
{
	const struct linear_issue *theirs = in->theirs;
	struct issue_change *ch = &m->change;
	struct linear_base *b = &m->base;

	switch (part) {
	case PART_TITLE:
		ch->set |= SET_TITLE;
		ch->title = theirs->title;
		b->title_sent = hash_of(ch->title);
		break;
	case PART_DESCRIPTION:
		ch->set |= SET_DESCRIPTION;
		ch->description = theirs->description;
		b->description_sent = hash_of(ch->description);
		break;
	case PART_STATUS:
		ch->set |= SET_STATUS;
		b->status = ch->status = status_of_type(theirs->state_type);
		break;
	case PART_PRIORITY:
		ch->set |= SET_PRIORITY;
		b->priority = ch->priority =
		    priority_of_linear(theirs->priority);
		break;
	case PART_ASSIGNEE:
		ch->set |= SET_ASSIGNEE;
		b->assigned_to = ch->assigned_to = in->their_profile;
		break;
	case PART_MAX:
		break;
	}
}

/* Ours stay, whatever Linear holds: the base becomes Linear's value, so that
 * ours are sent as long as they differ from that, also when they go back to
 * what was agreed before. */
static void
insist(struct merge *m, const struct merge_input *in, enum part part)
{
	const enum status status = status_of_type(in->theirs->state_type);
	const enum priority priority = priority_of_linear(in->theirs->priority);
	struct linear_base *b = &m->base;

	switch (part) {
	case PART_TITLE:
		b->title_sent = (struct hash){{0}};
		break;
	case PART_DESCRIPTION:
		b->description_sent = (struct hash){{0}};
		break;
	case PART_STATUS:
		if (status)
			b->status = status;
		break;
	case PART_PRIORITY:
		if (priority)
			b->priority = priority;
		break;
	case PART_ASSIGNEE:
		b->assigned_to = in->their_profile;
		break;
	case PART_MAX:
		break;
	}
}

static void
note_conflict(struct merge *m, struct conflict k)
{
	m->conflicts[m->conflict_count++] = k;
}

/* Both sides, or only Linear, changed to something that differs. */
static void
settle_part(struct merge *m, const struct merge_input *in, enum part part)
{
	bool ours = ours_moved(in->ours, in->base, part);
	bool theirs_win = !ours || in->theirs->updated_at > in->ours_at[part];

	if (ours)
		note_conflict(m, (struct conflict){.part = part,
						   .ours_lost = theirs_win});
	if (theirs_win)
		take(m, in, part);
	else
		insist(m, in, part);
}

/* Linear holds what we sent: as ours are now, or were once. */
static void
hear_echo(struct merge *m, const struct merge_input *in, enum part part)
{
	if (echo_is_current(in, part)) {
		note_ours(&m->base, in->ours, part);
		return;
	}
	insist(m, in, part);
	note_conflict(m, (struct conflict){.part = part, .is_echo = true});
}

/* Linear's words beside a customer's own. */
static void
keep_apart(struct merge *m, const struct merge_input *in)
{
	struct linear_base *b = &m->base;

	b->linear_description =
	    loosely_same(in->ours->description, in->theirs->description)
		? NULL
		: in->theirs->description;
	m->description_apart = b->linear_description != NULL;
}

static void
merge_part(struct merge *m, const struct merge_input *in, enum part part)
{
	if (!theirs_moved(in, part))
		return;
	if (is_echo(in, part)) {
		hear_echo(m, in, part);
	} else if (moved_there(in, part)) {
		settle_part(m, in, part);
	} else if (agree(in, part)) {
		note_ours(&m->base, in->ours, part);
	} else if (part == PART_DESCRIPTION && in->ours->kind.is_client_issue) {
		keep_apart(m, in);
	}
	note_theirs(&m->base, in->theirs, part);
}

void
merge_issue(struct merge *out, const struct merge_input *in)
{
	*out = (struct merge){.base = *in->base};
	out->change.act = ACT_EDIT;
	for (int p = PART_TITLE; p < PART_MAX; p++)
		if (in->parts & PART_BIT(p))
			merge_part(out, in, (enum part)p);
}

void
merge_sent(struct linear_base *b, const struct issue *sent,
	   const struct linear_issue *theirs, unsigned parts)
{
	for (int p = PART_TITLE; p < PART_MAX; p++) {
		if (!(parts & PART_BIT(p)))
			continue;
		note_ours(b, sent, (enum part)p);
		if (theirs)
			note_theirs(b, theirs, (enum part)p);
	}
}

/* --- what is told late ---------------------------------------------------- */

unsigned
merge_late(const struct merge_input *in)
{
	const bool apart =
	    in->ours->kind.is_client_issue &&
	    theirs_moved(in, PART_DESCRIPTION) &&
	    !is_echo(in, PART_DESCRIPTION) &&
	    !loosely_same(in->ours->description, in->theirs->description);
	unsigned parts = apart ? PART_BIT(PART_DESCRIPTION) : 0;

	for (int p = PART_TITLE; p < PART_MAX; p++)
		if (moved_there(in, (enum part)p))
			parts |= PART_BIT(p);
	return parts & in->parts;
}

static bool
is_named(const char *text, enum part part, const char *const *names)
{
	if (!text || !*names)
		return !text && !*names;
	for (; *names; names++)
		if (part == PART_DESCRIPTION ? loosely_same(text, *names)
					     : strcmp(text, *names) == 0)
			return true;
	return false;
}

bool
history_is_ours(const struct part_entry *history, size_t n)
{
	bool ours = false;

	for (const struct part_entry *p = history; p < history + n; p++)
		if (!p->is_conflict)
			ours = p->is_ours;
	return ours;
}

bool
history_knows(const struct part_entry *history, size_t n, enum part part,
	      const char *const *names, usec_t at)
{
	bool known = false;

	for (const struct part_entry *p = history; p < history + n; p++) {
		const bool became = is_named(p->to, part, names);

		if (p->at >= at - FLIGHT_MAX)
			known =
			    known || became || is_named(p->from, part, names);
		else if (!p->is_conflict)
			known = became; /* until the next one */
	}
	return known;
}

/* --- the difference ------------------------------------------------------ */

static bool
is_known_there(const struct issue *ours, const struct linear_base *base,
	       enum part part)
{
	if (part == PART_STATUS)
		return status_fits(ours, status_of_type(base->state_type));
	return part == PART_PRIORITY &&
	       linear_priority_of(ours->kind.priority) == base->linear_priority;
}

unsigned
parts_to_push(const struct issue *ours, const struct linear_base *base)
{
	unsigned parts = 0;

	for (int p = PART_TITLE; p < PART_MAX; p++)
		if (ours_moved(ours, base, (enum part)p) &&
		    !is_known_there(ours, base, (enum part)p))
			parts |= PART_BIT(p);
	return parts;
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
link_is_settled(const struct linear_base *base, const struct hash *link)
{
	struct hash refused = link_refused(link);

	return hash_same(&base->link, link) || hash_same(&base->link, &refused);
}

bool
wants_thread(const struct issue *ours, const struct linear_base *base)
{
	return ours->kind.is_client_issue && base->thread_id &&
	       !base->thread_open;
}

bool
wants_push(const struct issue *ours, const struct linear_base *base,
	   const struct hash *link)
{
	if (base->gone_at)
		return false;
	return !ours->kind.synced_to_linear || parts_to_push(ours, base) ||
	       wants_thread(ours, base) || !link_is_settled(base, link);
}
