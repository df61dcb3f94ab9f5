#ifndef DESK_ATTACHMENT_ROW_H
#define DESK_ATTACHMENT_ROW_H

#include "desk/attachment.h"

struct rows;

/* Rows of table attachment; attachment_row.c alone writes the table. Each
 * function is one statement. */

/* How a file is selected (alias a) and read. */
#define ATTACHMENT_COLUMNS                                                  \
	"a.id, a.organization_id, a.issue_id, a.comment_id, a.user_id, "    \
	"a.uploader_name, a.uploader_kind + 0, a.source + 0, a.state + 0, " \
	"a.filename, a.content_type, a.size, a.sha256, a.is_internal, "     \
	"a.width, a.height, a.linear_asset_url, a.sent_to_linear, "         \
	"a.created_at, a.deleted_at IS NOT NULL"

void attachment_read(struct attachment *a, struct rows *r);

/* All rows of a result. */
void attachment_read_all(struct attachment **out, size_t *n, struct ctx *c,
			 struct rows *r);

/* Inside a transaction. ERR_NOTFOUND: there is no such file, or it is deleted.
 */
enum err attachment_lock(struct attachment **out, struct ctx *c,
			 int64_t id) MUST_CHECK;

/* The customer whose file it is, or 0. */
int64_t attachment_customer(const struct attachment *a);

/* Where a new file belongs; issue_id 0: it is not bound yet. */
struct attachment_place {
	int64_t organization_id, issue_id, comment_id;
	bool is_internal;
};

enum err attachment_insert(int64_t *id, struct ctx *c, const struct actor *who,
			   const struct attachment_place *at,
			   const struct attachment_new *new) MUST_CHECK;

/* Moves an upload of the actor to a place. */
enum err attachment_move(struct ctx *c, const struct actor *who, int64_t id,
			 const struct attachment_place *at) MUST_CHECK;

/* Hides a file from everybody, and lets its row be removed at that time. */
enum err attachment_hide(struct ctx *c, int64_t id,
			 usec_t remove_at) MUST_CHECK;

/* Sets what is known of a content once it is here; filename NULL or empty: as
 * it is. ERR_NOTFOUND: the file is deleted. */
enum err attachment_set_content(struct ctx *c, int64_t id,
				const struct attachment_new *new) MUST_CHECK;

/* The same for a file that came from Linear: it may come again. */
enum err attachment_hide_for_good(struct ctx *c, int64_t id,
				  usec_t remove_at) MUST_CHECK;

/* Changes the state, if it is `from`. */
enum err attachment_store_state(struct ctx *c, int64_t id,
				enum attachment_state from,
				enum attachment_state to) MUST_CHECK;

/* Whether a reply in Linear refers to it. */
enum err attachment_store_sent(struct ctx *c, int64_t id, bool sent) MUST_CHECK;

/* Shows the files again that were deleted with a comment, which still is. */
enum err attachment_show_of_comment(struct ctx *c,
				    int64_t comment_id) MUST_CHECK;

/* Removes the row. */
enum err attachment_remove(struct ctx *c, int64_t id) MUST_CHECK;

/* Inside a transaction, for an issue that is locked: refuses n more files, if
 * it has too many. ERR_INVALID. */
enum err attachment_check_number(struct ctx *c, int64_t issue_id,
				 size_t n) MUST_CHECK;

/* --- attachment_linear.c -------------------------------------------------- */

/* Inside a transaction: if Linear is to have the file, its issue gets a job. */
enum err attachment_mark_job(struct ctx *c, int64_t id) MUST_CHECK;

/* For statements about up to ATTACHED_AT_ONCE ids, of which the last one is
 * repeated. */
#define ATTACHED_IDS "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

#endif
