/* Writes the words by which staff find customers (desk/directory.h), once they
 * have raised their first issue in an organization. */

#include <string.h>

#include "base/arena.h"
#include "consumers.h"
#include "desk/directory.h"

static bool
is_raised(const struct news *news)
{
	for (size_t i = 0; i < news->n; i++)
		if (strcmp(news->events[i].field, "created") == 0)
			return news->issue.raised_by != 0;
	return false;
}

enum err
index_customers(struct ctx *c, const struct news *list, size_t n)
{
	int64_t *issues = arena_alloc(c->arena, (n + 1) * sizeof(*issues));
	size_t raised = 0;

	for (size_t i = 0; i < n; i++)
		if (is_raised(&list[i]))
			issues[raised++] = list[i].issue.id;
	return raised ? directory_customers_of(c, issues, raised) : OK;
}
