#ifndef MAIL_THREAD_FIND_H
#define MAIL_THREAD_FIND_H

#include "sender.h"

/* The issue that the references of a mail (Message-IDs, the latest first) name,
 * and on which the user may comment. *is_receiver: one of the mails was sent to
 * them; otherwise they know it from others. ERR_NOTFOUND: no such issue. */
enum err thread_find(struct correspondent *out, bool *is_receiver,
		     struct ctx *c, int64_t user_id,
		     const char *const *references, size_t n) MUST_CHECK;

#endif
