#ifndef MIME_MIME_H
#define MIME_MIME_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;
struct incoming_mail;

/* Reads a mail that a stranger wrote. Only the program docket-mail-read calls
 * this, in a process of its own: GMime, iconv and libxml2 read bytes here that
 * were made to deceive them. */

/* Prepares the libraries. Call once, before the sandbox closes. */
void mime_start(void);

/* Gives up what a reader of mails does not need, for good: limits memory and
 * processor time, and makes the kernel kill the process at any system call
 * beyond reading, writing and memory. Opening a file only fails. False: the
 * kernel cannot do that. */
bool mime_sandbox(void);

/* Reads the n bytes of a mail. `authserv` is MAIL_AUTHSERV, or NULL. Returns
 * NULL, or why it is refused: it is not a mail, or beyond a limit. Everything
 * is in the arena. */
const char *mime_read(struct incoming_mail *out, struct arena *a,
		      const char *raw, size_t n, const char *authserv);

/* Writes what was read as one JSON object, as lib/mail/incoming_json.c reads
 * it. The bytes of the files are not in it: they follow each other, in order,
 * wherever the caller writes them. */
void mime_describe(struct buf *out, const struct incoming_mail *m);

/* The same for a mail that is refused. */
void mime_describe_refusal(struct buf *out, const char *why);

#endif
