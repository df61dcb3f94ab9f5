#ifndef ADDRESS_H
#define ADDRESS_H

struct arena;

/* How e-mail addresses and user names compare: two name the same account if
 * and only if their keys are the same bytes. Nothing but the case of A to Z is
 * ignored. The columns user.username_key and email_key hold the same. */
const char *account_key(struct arena *a, const char *name);

#endif
