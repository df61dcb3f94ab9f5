#ifndef MIME_SENDER_H
#define MIME_SENDER_H

#include "mail/incoming.h"

struct arena;
struct message;

/* What the header says about who, or what, sent a mail. */

/* Why a program wrote the mail; NULL: a person did. */
const char *sender_automated(struct arena *a, const struct message *m);

/* Why the mail server takes it for spam; NULL: it does not. */
const char *sender_spam(struct arena *a, const struct message *m);

/* The DMARC result of the server `authserv` (NULL: nobody's counts). */
enum incoming_dmarc sender_dmarc(struct arena *a, const struct message *m,
				 const char *authserv);

/* Reads a report that a mail could not be delivered. */
void sender_bounce(struct incoming_bounce *out, struct arena *a,
		   const struct message *m);

#endif
