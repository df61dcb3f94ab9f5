#ifndef DESK_ASSET_TEXT_H
#define DESK_ASSET_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* The files in texts of Linear's: URLs below LINEAR_FILES_URL, mostly as an
 * image or a link of Markdown. Only Linear shows them, so here each becomes an
 * attachment, and texts are shown with the attachments' own URLs. The texts
 * themselves are stored as Linear wrote them. */

/* One such URL in a text. */
struct asset {
	const char *url; /* without a query */
	const char
	    *filename;	/* the text of its link, else the end of the URL */
	const char *at; /* where it begins, with its link if it is in one */
	size_t length;
	bool is_image, is_link;
	const char *label; /* of a link: its text, as Markdown */
};

/* Finds the first asset at or after `from`, a place in `text`. False: the
 * text has no other. */
bool asset_next(struct asset *out, struct arena *a, const char *files_url,
		const char *text, const char *from);

/* What is shown in place of a URL. */
enum asset_shown {
	ASSET_UNKNOWN, /* the text stays as it is */
	ASSET_READY,
	ASSET_AWAITED, /* it is being fetched or checked */
	ASSET_MISSING  /* it cannot be shown */
};

/* Which attachment a URL is. */
typedef enum asset_shown asset_find(int64_t *id, const void *arg,
				    const char *url);

/* The text with /api/attachments/{id}/ in place of each known URL, or with
 * words that say why it cannot be shown yet. Returns `text` if it has none. */
const char *asset_show(struct arena *a, const char *files_url, const char *text,
		       asset_find *find, const void *arg);

/* The opposite, for a text that was shown like that and edited: each part that
 * shows a file of `stored`, the text in the database, in any way in which one
 * of these two functions shows it, becomes that part of `stored` again. */
const char *asset_restore(struct arena *a, const char *files_url,
			  const char *stored, const char *text,
			  asset_find *find, const void *arg, const char *url);

/* The text with `url` as the target of each, for mails, whose readers are not
 * logged in, and for lists, which have no attachments. */
const char *asset_link(struct arena *a, const char *files_url, const char *text,
		       const char *url);

#endif
