#ifndef FILES_SCAN_REPLY_H
#define FILES_SCAN_REPLY_H

#include "files/scan.h"

/* What a reply of clamd means. Changes the text. */
void scan_read_reply(struct scan_answer *out, char *reply);

#endif
