#ifndef SYNC_ATTACHED_H
#define SYNC_ATTACHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "desk/attachment.h"
#include "desk/issue.h"

/* The files of an issue that Linear has or is to have. A file is sent to
 * Linear's storage first; then the reply that it belongs to is given a
 * reference to it: that of its comment, or, for files of the issue itself, one
 * reply for all of them. A reply's text is always written as a whole, so it
 * refers to each file once. A file that Linear does not take is referred to by
 * its URL here. */
struct attached {
	struct attachment *list;
	size_t n;
};

/* Loads them; without a statement if the issue has no files. Only those of
 * comments that Linear has. */
enum err attached_load(struct attached *out, struct ctx *c,
		       const struct issue *issue) MUST_CHECK;

/* The first file that is to be sent to the storage; NULL: none. */
const struct attachment *attached_unsent(const struct attached *f);

/* The first file whose reply has to be changed; NULL: none. */
const struct attachment *attached_outdated(const struct attached *f);

/* The references to the files of that comment (0: of the issue), a paragraph
 * each, after an empty line; "": none. */
const char *attached_references(struct arena *a, const struct attached *f,
				int64_t comment_id, const char *files_url);

/* Linear has a reply with those references. */
enum err attached_mark(struct ctx *c, const struct attached *f,
		       int64_t comment_id) MUST_CHECK;

/* The text of a reply as it was before references to files of that comment were
 * added. */
enum err attached_strip(const char **out, struct ctx *c, int64_t comment_id,
			const char *body) MUST_CHECK;

/* Linear does not take the file: its URL here takes the place of Linear's. */
enum err attached_set_link(struct ctx *c,
			   const struct attachment *a) MUST_CHECK;

#endif
