#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include <stdbool.h>

struct arena;

/* E-mail addresses: which ones Docket takes, the one form in which it keeps
 * them and sends to them, and how they and user names compare.
 *
 * An address is local@domain. Before the @ stands a dot-atom of RFC 5322 of up
 * to 64 characters: quoted forms, comments and white space are refused, and so
 * is all that is not ASCII, since most mail servers cannot deliver to it
 * (RFC 6531) and the mail would be lost. Behind it stands a host name of at
 * least two labels, no IP address. A name in another script is kept in its
 * Punycode form by IDNA2008, which every server can deliver to. All of it has
 * up to 254 characters (RFC 5321, 4.5.3.1.3). */

#define ADDRESS_MAX 254

enum address_host {
	HOST_OF_INTERNET, /* two labels at least */
	HOST_OF_ANY_KIND  /* "localhost" will do */
};

/* The form that is kept, into out: the local part as it was written, the domain
 * in small ASCII letters. White space around it is ignored. NULL, or a sentence
 * that says why it is not taken; `out` is empty then. The text is UTF-8. */
const char *address_read(char out[ADDRESS_MAX + 1], const char *text,
			 enum address_host host);

/* How user names compare: two name the same account if and only if their keys
 * are the same bytes. Nothing but the case of A to Z is ignored. The column
 * user.username_key holds the same; email_key does of addresses. */
const char *account_key(struct arena *a, const char *name);

/* The account_key of an address as address_read gives it; of what is none, as
 * it stands. */
const char *address_key(struct arena *a, const char *address);

#endif
