#ifndef MAIL_CONTENT_H
#define MAIL_CONTENT_H

#include "base/ctx.h"
#include "compose.h"
#include "desk/mail_job.h"

/* Reads what the mail says, as things are now. ERR_NOTFOUND: there is nothing
 * left to say, or nobody to say it to. Makes the token of a link. */
enum err mail_load(struct mail_content *out, struct ctx *c,
		   const struct mail_job *job) MUST_CHECK;

#endif
