#ifndef ADDRESSES_H
#define ADDRESSES_H

#include <stdint.h>

struct answer;

/* What the tests of addresses share. */

#define PASSWORD "long enough"

/* Signs up with that password and logs in; returns the token. `user` may be
 * NULL.
 */
const char *sign_up(const char *name, const char *email, int64_t *user);

/* Confirms an address with the token of a link. */
struct answer *confirm_address(const char *token, const char *proof);

/* Asks for another address. */
struct answer *change_address(const char *token, const char *email,
			      const char *password);

/* An address that nobody has. */
const char *fresh_address(void);

/* The number of mails of that kind to the address. */
int64_t mails_to(const char *address, const char *kind);

#endif
