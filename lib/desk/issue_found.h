#ifndef DESK_ISSUE_FOUND_H
#define DESK_ISSUE_FOUND_H

#include "issue_ids.h"

/* Pages of what a search has found; for issue_list_search.c only. */

/* The page and the count of all that the query's walk finds, which is sorted:
 * along asked->ids, or, with asked->few, the narrowest index. */
enum err found_page(struct issue_page *page,
		    const struct issue_query *asked) MUST_CHECK;

/* The same among issues that were found, which may be very many: a list of the
 * newest issues is read among the highest ids, if that fills the page. */
enum err found_page_of(struct issue_page *page, const struct issue_query *asked,
		       const struct id_set *found) MUST_CHECK;

#endif
