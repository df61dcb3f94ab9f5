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

/* The same, of its spellings, for the part of the index between the lowest and
 * the highest id of `set`. *whole false: there are more than `max`, or the
 * spellings are not known. */
enum err ids_of_word_between(struct id_set *out, bool *whole,
			     const struct issue_query *q, size_t word,
			     const struct id_set *set, int64_t max) MUST_CHECK;

/* How many issues have a word, or `cap` if there are more. */
enum err ids_count_word(int64_t *n, const struct issue_query *q, size_t word,
			int64_t cap) MUST_CHECK;

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

/* The next `n` entries of the index that the list walks, in its order: fewer at
 * its end. Only some of the filter's criteria are looked at. */
enum err ids_of_stretch(struct id_set *out, const struct issue_query *q,
			int64_t n) MUST_CHECK;

/* Adds the ids of rows, in any order; and brings them into order, each once. */
void ids_add_rows(struct id_set *out, struct arena *a, struct rows *rows);
void ids_order(struct id_set *set);

/* Any ids, brought into order; and leaves in a list of ids what is in a set. */
struct id_set ids_sorted(struct arena *a, const struct id_set *set);
void ids_keep(struct id_set *list, const struct id_set *set);

/* Leaves in `set` what is also in `other`. */
void ids_intersect(struct id_set *set, const struct id_set *other);

#endif
