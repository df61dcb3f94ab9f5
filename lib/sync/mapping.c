#include "mapping.h"

#include <string.h>

/* How far two clocks may be apart, including the time of a request. */
#define SAME_TIME (60 * USEC_PER_SEC)

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
