#ifndef CGI_SEND_FILE_H
#define CGI_SEND_FILE_H

#include "desk/attachment.h"
#include "web/http.h"

/* Answers with the content of a file, which the actor may have: by nginx, where
 * it says from where (FILES_LOCATION), else by this process, in pieces. With
 * ETag, 304 and ranges. A picture is shown in place, unless as_download;
 * anything else is a download. ERR_NOTFOUND: it is not on the disk. */
enum err serve_attachment(struct req *r, const struct attachment *a,
			  bool as_download) MUST_CHECK;

#endif
