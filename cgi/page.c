#include "page.h"

#include <stdio.h>

struct list_page
page_asked(const struct req *r, int64_t default_size)
{
	const int64_t size = in_int_or(r, "page_size", default_size);

	return (struct list_page){
	    .limit = size, .offset = (in_int_or(r, "page", 1) - 1) * size};
}

struct list_page
page_searched(const struct req *r, int64_t default_size)
{
	struct list_page page = page_asked(r, default_size);

	page.search = in_text(r, "search");
	return page;
}

struct jsonout *
page_reply(struct req *r, const struct list_page *page, int64_t count)
{
	const int64_t number = page->offset / page->limit + 1;
	struct jsonout *j;
	char text[24];

	if (number > 1 && page->offset >= count) {
		reply_error(r, 404, "not_found", "There is no such page.");
		return NULL;
	}
	j = reply(r, 200);
	json_integer(j, "count", count);
	snprintf(text, sizeof(text), "%lld", (long long)number + 1);
	json_string(j, "next",
		    page->offset + page->limit < count
			? http_url_with(r, "page", text)
			: NULL);
	/* the first page is the one without a number */
	snprintf(text, sizeof(text), "%lld", (long long)number - 1);
	json_string(j, "previous",
		    number > 1
			? http_url_with(r, "page", number > 2 ? text : NULL)
			: NULL);
	return j;
}

struct jsonout *
page_reply_whole(struct req *r, size_t n)
{
	struct jsonout *j = reply(r, 200);

	json_integer(j, "count", (int64_t)n);
	json_null(j, "next");
	json_null(j, "previous");
	return j;
}
