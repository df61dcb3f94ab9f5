#ifndef MIME_BODY_H
#define MIME_BODY_H

struct arena;
struct incoming_mail;
struct message;

/* Chooses which parts of a mail are its text and which are its files, and sets
 * text, whole, is_html, files and problems. */
void body_read(struct incoming_mail *out, struct arena *a,
	       const struct message *m);

#endif
