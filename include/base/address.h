#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include <stdbool.h>

struct arena;

/* E-mail addresses: which ones Docket accepts, the one form in which it stores
 * them, and how addresses and user names are compared.
 *
 * An address is local@domain, up to 254 characters (RFC 5321, 4.5.3.1.3). The
 * local part is a dot-atom of RFC 5322 of up to 64 characters. Quoted forms,
 * comments and white space are refused. So is everything outside ASCII: most
 * mail servers cannot deliver to it (RFC 6531), and the mail would be lost. The
 * domain is a host name of at least two labels, not an IP address. A domain in
 * another script is stored as Punycode (IDNA2008), which every server can
 * deliver to. */

#define ADDRESS_MAX 254

enum address_host {
	HOST_OF_INTERNET, /* two labels at least */
	HOST_OF_ANY_KIND  /* "localhost" will do */
};

/* Reads UTF-8 `text` into `out`, in the form that is stored: the local part as
 * it was written, the domain in lower-case ASCII. White space around it is
 * ignored. Returns NULL, or a sentence that says why the address is refused;
 * `out` is then empty. */
const char *address_read(char out[ADDRESS_MAX + 1], const char *text,
			 enum address_host host);

/* The key by which user names are compared: two names belong to the same
 * account if and only if their keys are the same bytes. Only the case of A to Z
 * is ignored. The columns user.username_key and user.email_key hold such keys.
 */
const char *account_key(struct arena *a, const char *name);

/* The account_key of an address in the form of address_read; if the text is
 * not an address, of the text as it is. */
const char *address_key(struct arena *a, const char *address);

#endif
