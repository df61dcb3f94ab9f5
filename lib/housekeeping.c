#include "housekeeping.h"

#include "auth.h"
#include "idempotency.h"
#include "sync_base.h"
#include "token.h"
#include "webhook.h"

#define DAY (86400 * USEC_PER_SEC)

enum err
housekeep(struct ctx *c)
{
	int64_t n;
	enum err e = token_purge(&n, c);

	if (!e)
		e = idempotency_purge(&n, c);
	if (!e)
		e = auth_purge(c);
	if (!e)
		e = flight_purge(c, c->now - DAY);
	return e ? e : webhook_purge(c, c->now - 7 * DAY);
}
