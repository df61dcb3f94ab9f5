#ifndef CGI_UPLOAD_H
#define CGI_UPLOAD_H

#include "base/conf.h"
#include "desk/attachment.h"
#include "web/http.h"

/* The files of a request's body, which the handler of an UPLOAD route receives:
 * the body is one file, or a form with several (files/form.h). They go to the
 * disk piece by piece, so that memory does not grow with them. */

/* The largest body: nginx/server.conf.in lets no larger one pass. */
#define UPLOAD_BODY_MAX ((uint64_t)FILES_MAX_MOST + 1024 * 1024)

/* Receives all files, and reads the inputs of the request again where a form
 * carries them. *files are complete, and have no place yet: `keep`, with
 * r->upload as its argument, gives it to them. Called again for the same
 * request, it returns the same. Without an error, it may have answered
 * (r->status). ERR_INVALID: no name, or no content; ERR_DB: the disk. */
enum err upload_receive(struct req *r, const struct attachment_new **files,
			size_t *n) MUST_CHECK;

/* A content_keep for them. */
bool upload_keep(void *arg, struct ctx *c, int64_t organization_id,
		 const char *sha256);

/* Closes them. Call at the end of each request. */
void upload_release(struct req *r);

#endif
