#ifndef PAGE_H
#define PAGE_H

#include "desk/list_page.h"
#include "web/http.h"

/* The pages of a list: the inputs that ask for one, and the answer around its
 * rows. */

#define PAGE_SIZE     25
#define PAGE_SIZE_MAX 100

/* The inputs `page` and `page_size`. */
#define PAGE_INPUTS(size_max)                                      \
	{"page", FIELD_INT, F_QUERY, 1, 1000000000, NULL},         \
	{                                                          \
		"page_size", FIELD_INT, F_QUERY, 1, size_max, NULL \
	}

/* The input `search` of lists that can be searched. */
#define SEARCH_INPUT                                        \
	{                                                   \
		"search", FIELD_LINE, F_QUERY, 0, 200, NULL \
	}

/* The page that is asked for by these inputs; the second also reads `search`.
 */
struct list_page page_asked(const struct req *r, int64_t default_size);
struct list_page page_searched(const struct req *r, int64_t default_size);

/* Begins the answer with count, next and previous; the caller adds `results`.
 * NULL: there is no such page, and 404 is answered. */
struct jsonout *page_reply(struct req *r, const struct list_page *page,
			   int64_t count);

/* The same for a list that is short, and all on one page. */
struct jsonout *page_reply_whole(struct req *r, size_t n);

#endif
