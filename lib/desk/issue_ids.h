#ifndef DESK_ISSUE_IDS_H
#define DESK_ISSUE_IDS_H

#include "issue_query.h"

/* Sets of issues, as a search intersects them; for issue_list.c,
 * issue_list_search.c and issue_found.c only. */

/* The issues of the actor's organization that have a word. *whole false: it has
 * more than `max` postings, and they were not read. */
enum err ids_of_word(struct id_set *out, bool *whole,
		     const struct issue_query *q,
		     const struct search_pattern *word, int64_t max) MUST_CHECK;

/* The spellings of a word. */
enum err ids_spellings(struct spellings *out, const struct issue_query *q,
		       const struct search_pattern *word) MUST_CHECK;

/* The issues that the narrowest index of the filter tells to fit, not all of
 * whose criteria it may know, if they are at most `max`; else *whole is false.
 */
enum err ids_of_filter(struct id_set *out, bool *whole,
		       const struct issue_query *q, int64_t max) MUST_CHECK;

/* Leaves in `set` what is also in `other`. */
void ids_intersect(struct id_set *set, const struct id_set *other);

/* The JSON array that WALK_IDS takes. */
const char *ids_json(struct arena *a, const struct id_set *set);

#endif
