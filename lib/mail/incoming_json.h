#ifndef MAIL_INCOMING_JSON_H
#define MAIL_INCOMING_JSON_H

#include "mail/incoming.h"

/* Reads what docket-mail-read has written: the JSON, and the bytes of all files
 * one after the other. Both are as hostile as the mail. */
enum incoming_result incoming_json_read(struct incoming_mail *out,
					const char **why, struct arena *a,
					const char *text, size_t n,
					const char *files, size_t files_n);

#endif
