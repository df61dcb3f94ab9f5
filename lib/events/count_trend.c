/* Counts what dashboards show: issues raised and resolved, and how long answers
 * and resolutions took (desk/trend.h). */

#include <string.h>

#include "consumers.h"
#include "desk/trend.h"

static void
count_event(struct trend_changes *t, const struct issue *issue,
	    const struct event *e)
{
	if (strcmp(e->field, "created") == 0) {
		if (e->who.role != ROLE_LINEAR) /* imported: not raised here */
			trend_raised(t, issue, e->at);
	} else if (strcmp(e->field, "first_answer") == 0) {
		trend_answered(t, issue, e->was, e->is);
	} else if (strcmp(e->field, "status") == 0 &&
		   e->status == STATUS_RESOLVED) {
		trend_resolved(t, issue, e->at);
	}
}

enum err
count_trend(struct ctx *c, const struct news *list, size_t n)
{
	struct trend_changes *t = trend_changes_new(c);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < list[i].n; k++)
			count_event(t, &list[i].issue, &list[i].events[k]);
	return trend_write(c, t);
}
