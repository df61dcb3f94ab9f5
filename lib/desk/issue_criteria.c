#include "desk/issue_criteria.h"

#include "desk/issue.h"

_Static_assert(CRITERIA <= 32, "each criterion has a bit");

#define COUNTER_CELL(column) COUNTER_CELL
#define COUNTS_RIGHT(id, name, kind, field, comparison, counter)              \
	_Static_assert((COUNTER_##counter == COUNTER_TENANT) ==               \
			   (ISSUE_FIELD_##field == ISSUE_FIELD_ORGANIZATION), \
		       name ": TENANT is the organization");                  \
	_Static_assert(COUNTER_##counter != COUNTER_SCOPE ||                  \
			   ISSUE_FIELD_##field == ISSUE_FIELD_ASSIGNEE ||     \
			   ISSUE_FIELD_##field == ISSUE_FIELD_CUSTOMER,       \
		       name ": no such scope");
ISSUE_CRITERIA(COUNTS_RIGHT)

const struct issue_comparison_sql issue_comparisons[] = {
#define COMPARISON(name, before, behind) {before, behind},
    ISSUE_COMPARISONS(COMPARISON)
#undef COMPARISON
};

const struct issue_criterion issue_criteria[CRITERIA] = {
#define KIND_CHOICE(names) CRITERION_CHOICE, names
#define KIND_BOOL	   CRITERION_BOOL, NULL
#define KIND_ID		   CRITERION_ID, NULL
#define KIND_ASSIGNEE	   CRITERION_ASSIGNEE, NULL
#define KIND_TIME	   CRITERION_TIME, NULL
#define CRITERION(id, name, kind, field, comparison, counter)                 \
	[id] = {name, KIND_##kind, ISSUE_FIELD_##field, COMPARE_##comparison, \
		COUNTER_##counter},
    ISSUE_CRITERIA(CRITERION)
#undef CRITERION
};

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
		if (!issue_field_shown(&issue_fields[issue_criteria[k].field],
				       role))
			criterion_clear(s, (enum criterion)k);
}
