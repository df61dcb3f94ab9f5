/* Who sends a request, and whether they may call its route: the token and the
 * profile of its headers, and the roles and kinds of tokens that the route
 * admits. */

#include "caller.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "desk/profile.h"
#include "desk/token.h"
#include "web/route.h"

static enum err
refuse_token(struct req *r, const char *code, const char *text)
{
	reply_header(r, "WWW-Authenticate", "Token");
	return reply_error(r, 401, code, text);
}

/* The token of "Token <t>" or "Bearer <t>", or NULL. */
static const char *
credential(struct req *r)
{
	static const char *const schemes[] = {"Token ", "Bearer "};
	const char *v = http_header(r, "Authorization");

	for (size_t i = 0; v && i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (strncasecmp(v, schemes[i], strlen(schemes[i])) == 0)
			return v + strlen(schemes[i]) +
			       strspn(v + strlen(schemes[i]), " ");
	return NULL;
}

/* The id in the header X-Profile, or 0 without that header. */
static enum err
wanted_profile(int64_t *id, struct req *r)
{
	const char *v = http_header(r, "X-Profile");
	char *end;

	*id = 0;
	if (!v)
		return OK;
	*id = strtoll(v, &end, 10);
	return *end || *id < 1 ? fault_add(&r->ctx->faults, "X-Profile",
					   "A profile id is required.")
			       : OK;
}

/* A link instead of a token, which the handler checks. */
static bool
comes_by_link(struct req *r)
{
	const char *s = r->query;

	if (!(r->route->access & LINKED) || credential(r))
		return false;
	while ((s = strstr(s, "signature=")) && s > r->query && s[-1] != '&')
		s++;
	return s != NULL;
}

enum err
caller_authenticate(struct req *r)
{
	const char *token = credential(r);
	int64_t profile;
	enum err e;

	if (r->route->access & ANYONE)
		return OK;
	r->is_personal = true;
	if (comes_by_link(r))
		return OK;
	if (!token)
		return refuse_token(
		    r, "not_authenticated",
		    "Authentication credentials were not provided.");
	e = wanted_profile(&profile, r);
	if (!e)
		e = token_actor(&r->actor, r->ctx, token, profile);
	return e == ERR_CREDENTIALS
		   ? refuse_token(r, "invalid_token",
				  "The token is invalid or has expired.")
		   : e;
}

enum err
caller_authorize(struct req *r)
{
	const unsigned access = r->route->access;

	if (access & SESSION && r->actor.by_personal_token)
		return ERR_FORBIDDEN;
	if (access & (ANYONE | LOGIN) || comes_by_link(r))
		return OK;
	return r->actor.role != ROLE_NONE &&
		       access & (1U << ((unsigned)r->actor.role - 1))
		   ? OK
		   : ERR_FORBIDDEN;
}
