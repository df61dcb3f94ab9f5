#ifndef DESK_ISSUE_IDS_H
#define DESK_ISSUE_IDS_H

#include "issue_query.h"

/* Sets of issues, as a search intersects them; for issue_list.c,
 * issue_list_search.c and issue_found.c only. */

/* The issues of the actor's organization that have a word of the search.
 * *whole false: it has more than `max` postings, and they were not read. Sets
 * of very many are read by the word's spellings, if those are known. */
enum err ids_of_word(struct id_set *out, bool *whole,
		     const struct issue_query *q, size_t word,
		     int64_t max) MUST_CHECK;

/* The spellings of a word. */
enum err ids_spellings(struct spellings *out, const struct issue_query *q,
		       const struct search_pattern *word) MUST_CHECK;

/* The issues that the narrowest index of the filter tells to fit, not all of
 * whose criteria it may know, if they are at most `max`; else *whole is false.
 */
enum err ids_of_filter(struct id_set *out, bool *whole,
		       const struct issue_query *q, int64_t max) MUST_CHECK;

/* Adds to `out`, in the order of the list, which of `set` are among `n` entries
 * of the index that the list walks, behind `skip` others; `out` has room for as
 * many as `set`, and seen[i] is set once set->list[i] is in it: an issue may
 * move between two calls. *ended: the end of the index is reached. */
enum err ids_along_list(struct id_set *out, bool *seen, bool *ended,
			const struct issue_query *q, const struct id_set *set,
			int64_t n, int64_t skip) MUST_CHECK;

/* Leaves in `set` what is also in `other`. */
void ids_intersect(struct id_set *set, const struct id_set *other);

/* The JSON array that WALK_IDS takes. */
const char *ids_json(struct arena *a, const struct id_set *set);

#endif
