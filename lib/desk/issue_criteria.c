#include "desk/issue_criteria.h"

#include "desk/issue.h"

_Static_assert(CRITERIA <= 32, "each criterion has a bit");

const struct issue_criterion issue_criteria[CRITERIA] = {
#define KIND_CHOICE(names)   CRITERION_CHOICE, names
#define KIND_BOOL	     CRITERION_BOOL, NULL
#define KIND_ID		     CRITERION_ID, NULL
#define KIND_ASSIGNEE	     CRITERION_ASSIGNEE, NULL
#define KIND_TIME	     CRITERION_TIME, NULL
#define COUNTER_CELL(column) COUNTER_CELL
#define ENTRY(id, name, column, comparison, kind, words, counter, users) \
	[id] = {name, column, comparison, kind, counter, users, words},
#define EXPAND(...) ENTRY(__VA_ARGS__)
#define CRITERION(id, name, kind, column, comparison, counter, who)          \
	EXPAND(id, name, column, comparison, KIND_##kind, COUNTER_##counter, \
	       USERS_##who)
    ISSUE_CRITERIA(CRITERION)};

void
criterion_set(struct issue_criteria_set *s, enum criterion k, int64_t value)
{
	s->bits |= UINT32_C(1) << k;
	s->values[k] = value;
}

void
criterion_clear(struct issue_criteria_set *s, enum criterion k)
{
	s->bits &= ~(UINT32_C(1) << k);
	s->values[k] = 0;
}

bool
criterion_is_set(const struct issue_criteria_set *s, enum criterion k)
{
	return s->bits & UINT32_C(1) << k;
}

void
criteria_permit(struct issue_criteria_set *s, enum role role)
{
	for (int k = 0; role == ROLE_CUSTOMER && k < CRITERIA; k++)
		if (issue_criteria[k].users == USERS_STAFF)
			criterion_clear(s, (enum criterion)k);
}
