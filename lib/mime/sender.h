#ifndef MIME_SENDER_H
#define MIME_SENDER_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/incoming.h"

struct arena;
struct message;

/* What the header says about who, or what, sent a mail. */

/* Why a program wrote the mail; NULL: a person did. */
const char *sender_automated(struct arena *a, const struct message *m);

/* Why the mail server takes it for spam; NULL: it does not. */
const char *sender_spam(struct arena *a, const struct message *m);

/* Whether the value begins with the word: "no", "no (a comment)", "no; x=y". */
bool begins_with_word(const char *value, const char *word);

/* How many of the n bytes are the header. */
size_t mail_header_size(const char *raw, size_t n);

/* Whether the header of the n bytes has one From, which names one mailbox:
 * neither several headers, nor a list, a group or a route, nor a NUL. GMime
 * would skip what it cannot read, and the mail server may have checked just
 * that. */
bool sender_is_one(const char *raw, size_t n);

/* The DMARC result of the server `authserv` (NULL: nobody's counts) about the
 * address `from`. One about another domain is a failure. */
enum incoming_dmarc sender_dmarc(struct arena *a, const struct message *m,
				 const char *authserv, const char *from);

/* Reads a report that a mail could not be delivered. */
void sender_bounce(struct incoming_bounce *out, struct arena *a,
		   const struct message *m);

#endif
