#ifndef SYNC_CALL_H
#define SYNC_CALL_H

#include "base/ctx.h"
#include "linear/client.h"

/* Asks Linear while somebody waits, over a connection that the process keeps.
 *
 * Linear counts all processes that use the key together. So while the key is
 * limited nothing is sent, and the answer is LINEAR_LIMITED; and if this
 * answer says that the key is limited or refused, the other processes are
 * told. conf->linear_api_key must be set. */
enum err sync_call(struct linear_answer *out, struct ctx *c,
		   const struct linear_request *r) MUST_CHECK;

/* The same; but any outcome other than LINEAR_OK, or no key, is ERR_UPSTREAM
 * with a fault that says why. */
enum err sync_ask(struct linear_answer *out, struct ctx *c,
		  const struct linear_request *r) MUST_CHECK;

/* Sets the fault "linear" to this text (NULL: no answer). Returns ERR_UPSTREAM.
 */
enum err sync_upstream_fault(struct ctx *c, const char *text);

/* Sets the fault that the organization has no team. Returns ERR_INVALID. */
enum err sync_no_team(struct ctx *c);

#endif
