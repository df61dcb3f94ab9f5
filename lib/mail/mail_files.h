#ifndef MAIL_MAIL_FILES_H
#define MAIL_MAIL_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/actor.h"
#include "base/ctx.h"
#include "desk/attachment.h"
#include "files/store.h"
#include "mail/incoming.h"

/* The files of a mail that came in, on their way to become attachments. */

#define MAIL_FILES_MAX 20

struct mail_files {
	struct incoming contents[MAIL_FILES_MAX];
	struct attachment_new files[MAIL_FILES_MAX];
	size_t n;
	size_t left_out; /* too many, too large, empty, or of a denied type */
	size_t refused;	 /* by the limits of the issue or the organization */
};

/* Before the transaction: writes them to the disk. False: the disk fails, or is
 * full. They are to be dropped in any case. */
bool mail_files_write(struct mail_files *f, struct ctx *c,
		      const struct incoming_mail *mail);
void mail_files_drop(struct mail_files *f, struct ctx *c);

/* The same for a mail that was stored before, whose bytes are read again by a
 * child; one that cannot be read has none. False: also if no child can be
 * started, or the database fails. */
bool mail_files_read(struct mail_files *f, struct ctx *c, int64_t mail_id);

/* Inside the transaction: attaches them to a comment, or (0) to the issue
 * itself. What exceeds a limit is counted as refused. */
enum err mail_files_attach(struct mail_files *f, struct ctx *c,
			   const struct actor *who, int64_t issue_id,
			   int64_t comment_id, bool is_internal) MUST_CHECK;

#endif
