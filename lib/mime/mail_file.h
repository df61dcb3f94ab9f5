#ifndef MIME_MAIL_FILE_H
#define MIME_MAIL_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct incoming_file;
struct message_part;

/* Makes a file of a part, the n-th of the mail (from 1). `html` is the HTML of
 * the mail, or "": it says which pictures are shown in the text. False: it is a
 * picture that nobody sees, by which the sender counts readers. */
bool mail_file_read(struct incoming_file *out, struct arena *a,
		    const struct message_part *part, size_t n,
		    const char *html);

#endif
