#include "dispatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/log.h"
#include "base/share.h"
#include "db/db.h"
#include "desk/idempotency.h"
#include "desk/profile.h"
#include "desk/token.h"
#include "web/transport.h"

#define ANY_METHOD \
	(METHOD_GET | METHOD_POST | METHOD_PUT | METHOD_PATCH | METHOD_DELETE)

void
app_init(struct app *app, const struct conf *conf)
{
	app->conf = conf;
	app->db = db_new(conf);
	app->arena = arena_new();
	share_open(conf->share_file);
}

void
app_release(struct app *app)
{
	db_free(app->db);
	arena_free(app->arena);
}

/* CORS, for the configured origins only (Fetch standard, 3.2). */
static void
allow_origin(struct req *r)
{
	const char *origin = http_header(r, "Origin");

	if (!r->ctx->conf->cors_origins)
		return;
	reply_header(r, "Vary", "Origin");
	if (!origin || !conf_lists(r->ctx->conf->cors_origins, origin))
		return;
	reply_header(r, "Access-Control-Allow-Origin", origin);
	reply_header(r, "Access-Control-Allow-Credentials", "true");
	reply_header(r, "Access-Control-Expose-Headers",
		     "ETag, X-Request-Id, Idempotent-Replay, Retry-After");
}

static void
answer_options(struct req *r, unsigned methods)
{
	char allow[64];

	route_allow(allow, methods | METHOD_OPTIONS);
	reply_empty(r, 204);
	reply_header(r, "Allow", allow);
	reply_header(r, "Access-Control-Allow-Methods", allow);
	reply_header(r, "Access-Control-Allow-Headers",
		     "Authorization, Content-Type, If-Match, If-None-Match, "
		     "Idempotency-Key, X-Profile");
	reply_header(r, "Access-Control-Max-Age", "600");
}

/* A path without its last slash: GET is shown the way, the rest is refused,
 * since a redirect would lose the body. */
static bool
answer_missing_slash(struct req *r)
{
	const char *with = arena_printf(r->ctx->arena, "%s/", r->path);
	int64_t ids[ROUTE_IDS];
	unsigned allow;

	if (r->method != METHOD_GET ||
	    (!route_find(routes, METHOD_GET, with, ids, &allow) && !allow))
		return false;
	reply_empty(r, 301);
	reply_header(r, "Location",
		     *r->query
			 ? arena_printf(r->ctx->arena, "%s?%s", with, r->query)
			 : with);
	return true;
}

/* A browser asks whether it may call before it calls: of a path that there is
 * not, too, so that the page then sees the 404. */
static bool
is_under_api(const char *path)
{
	static const char api[] = "/api/";

	return strncmp(path, api, sizeof(api) - 1) == 0;
}

static bool
find_route(struct req *r)
{
	int64_t ids[ROUTE_IDS];
	char text[64];
	unsigned allow;

	r->route = route_find(routes, r->method, r->path, ids, &allow);
	r->id = ids[0];
	r->inner_id = ids[1];
	if (r->route)
		return true;
	if (r->method == METHOD_OPTIONS && (allow || is_under_api(r->path))) {
		answer_options(r, allow ? allow : ANY_METHOD);
	} else if (allow) {
		(void)reply_error(r, 405, "method_not_allowed",
				  "This path does not know that method.");
		route_allow(text, allow | METHOD_OPTIONS);
		reply_header(r, "Allow", text);
	} else if (!answer_missing_slash(r)) {
		(void)reply_error(r, 404, "not_found", "Not found.");
	}
	return false;
}

static bool
refuse_token(struct req *r, const char *code, const char *text)
{
	(void)reply_error(r, 401, code, text);
	reply_header(r, "WWW-Authenticate", "Token");
	return false;
}

/* The credential of "Token <t>" or "Bearer <t>", NULL when there is none. */
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

/* X-Profile: false after answering when it is no id. */
static bool
wanted_profile(struct req *r, int64_t *id)
{
	const char *v = http_header(r, "X-Profile");
	char *end;

	*id = 0;
	if (!v)
		return true;
	*id = strtoll(v, &end, 10);
	if (*end || *id < 1) {
		(void)fault_add(&r->ctx->faults, "X-Profile",
				"A profile's id is required.");
		(void)reply_err(r, ERR_INVALID);
		return false;
	}
	return true;
}

static bool
authenticate(struct req *r)
{
	const char *token = credential(r);
	int64_t profile;
	enum err e;

	if (r->route->access & ANYONE)
		return true;
	r->is_personal = true;
	if (!token)
		return refuse_token(
		    r, "not_authenticated",
		    "Authentication credentials were not provided.");
	if (!wanted_profile(r, &profile))
		return false;
	e = token_actor(&r->actor, r->ctx, token, profile);
	if (e == ERR_CREDENTIALS)
		return refuse_token(r, "invalid_token",
				    "The token is invalid or has expired.");
	if (e)
		(void)reply_err(r, e);
	return !e;
}

static bool
authorize(struct req *r)
{
	const unsigned access = r->route->access;
	const bool barred = access & SESSION && r->actor.by_personal_token;

	if (access & (ANYONE | LOGIN) && !barred)
		return true;
	if (!barred && r->actor.role != ROLE_NONE &&
	    access & (1U << ((unsigned)r->actor.role - 1)))
		return true;
	(void)reply_err(r, ERR_FORBIDDEN);
	return false;
}

/* "application/json", with or without parameters. */
static bool
is_json(const char *type)
{
	static const char json[] = "application/json";
	size_t n = sizeof(json) - 1;

	return type && strncasecmp(type, json, n) == 0 &&
	       (type[n] == '\0' || type[n] == ';' || type[n] == ' ');
}

/* The body as an object; none at all counts as an empty one. */
static bool
parse_body(struct req *r, const struct json **body)
{
	const char *type =
	    r->transport->param(r->transport->state, "CONTENT_TYPE");
	const char *why;

	*body = NULL;
	if (r->body_len == 0)
		return true;
	if (!is_json(type)) {
		(void)reply_error(r, 415, "unsupported_media_type",
				  "The body must be application/json.");
		return false;
	}
	*body = json_parse(r->ctx->arena, r->body, r->body_len, &why);
	if (*body && !json_is_object(*body)) {
		*body = NULL;
		why = "it is not an object";
	}
	if (!*body)
		(void)reply_error(r, 400, "parse_error",
				  arena_printf(r->ctx->arena,
					       "The JSON body is malformed: "
					       "%s.",
					       why));
	return *body != NULL;
}

static bool
read_input(struct req *r)
{
	static const struct field none[] = {FIELDS_END};
	const struct field *fields = r->route->fields ? r->route->fields : none;
	const struct json *body = NULL;
	enum err e;

	if (!(r->route->access & (RAW | FORM)) && r->method != METHOD_GET &&
	    r->method != METHOD_DELETE && !parse_body(r, &body))
		return false;
	e = input_read(&r->input, r->ctx->arena, fields, body, r->query,
		       &r->ctx->faults);
	if (e)
		(void)reply_err(r, e);
	return !e;
}

/* What makes two requests the same one. */
static void
hash_request(unsigned char out[HASH_BYTES], struct req *r)
{
	struct buf b;

	buf_init(&b, BODY_MAX + 4096);
	buf_printf(&b, "%s %s\n", r->route->stem, r->path);
	buf_add(&b, r->body, r->body_len);
	hash_bytes(out, b.data, b.len);
	buf_release(&b);
}

static void
replay(struct req *r, const struct idempotency *i)
{
	reply_other(r, i->status, "application/json");
	buf_adds(&r->out, i->body);
	reply_header(r, "Idempotent-Replay", "true");
}

/* Looks the key up; false when the answer is there (or refused). */
static bool
recall(struct req *r, const char *key, struct idempotency *i)
{
	unsigned char request[HASH_BYTES];
	enum err e;

	hash_request(request, r);
	e = idempotency_find(i, r->ctx, r->actor.user_id, key, request);
	if (e)
		(void)reply_err(r, e);
	else if (i->status)
		replay(r, i);
	return !e && !i->status;
}

/* Runs a handler that creates something under the request's key. */
static void
handle_once(struct req *r, const char *key)
{
	struct idempotency i;

	if (!idempotency_key_valid(key)) {
		(void)fault_add(&r->ctx->faults, "Idempotency-Key",
				"1 to 128 visible characters are required.");
		(void)reply_err(r, ERR_INVALID);
		return;
	}
	if (!recall(r, key, &i))
		return;
	r->ctx->idempotency = &i;
	r->route->handler(r);
	/* somebody else was first, between our look and our claim */
	if (r->status == 409 && !i.resource_id) {
		if (!recall(r, key, &i))
			return;
		r->route->handler(r);
	}
	if (r->status == 201) {
		while (r->json.depth > 0)
			json_end(&r->json);
		if (idempotency_keep(r->ctx, r->status, r->out.data,
				     r->out.len) != OK)
			log_event(LOG_WARN, "idempotency_keep", "request_id",
				  r->request_id, "error", db_error(r->ctx->db),
				  NULL);
	}
}

/* A third of the workers: whatever two organizations do, others are served. */
static long
share_of_one(const struct conf *conf)
{
	return conf->linear_workers < 3 ? 1 : conf->linear_workers / 3;
}

bool
dispatch_may_wait(struct req *r)
{
	const char *elsewhere =
	    r->transport->param(r->transport->state, "LINEAR_LOCATION");

	if (elsewhere && *elsewhere) {
		reply_elsewhere(r, elsewhere);
		return false;
	}
	if (share_take(r->actor.organization_id, share_of_one(r->ctx->conf)))
		return true;
	(void)reply_error(r, 429, "throttled",
			  "Your organization is waiting for Linear already. "
			  "Please try again in a few seconds.");
	reply_header(r, "Retry-After", "5");
	return false;
}

static void
handle(struct req *r)
{
	const char *key = NULL;
	const size_t max =
	    r->route && r->route->access & RAW ? RAW_BODY_MAX : BODY_MAX;

	if (!http_read_body(r, max) || !authenticate(r) || !authorize(r) ||
	    !read_input(r))
		return;
	if (r->route->access & WAITS && !dispatch_may_wait(r))
		return;
	if (r->method == METHOD_POST && r->route->access & ONCE)
		key = http_header(r, "Idempotency-Key");
	if (key)
		handle_once(r, key);
	else
		r->route->handler(r);
}

static void
log_request(const struct req *r, usec_t began)
{
	const char *db = db_error(r->ctx->db);
	char path[256]; /* enough to know it by */
	char status[8], micros[24], user[24], queries[16];
	bool fault = r->status >= 500;

	snprintf(path, sizeof(path), "%s",
		 utf8_valid(r->path, strlen(r->path)) ? r->path : "?");
	snprintf(status, sizeof(status), "%d", r->status);
	snprintf(micros, sizeof(micros), "%lld",
		 (long long)(clock_monotonic() - began));
	snprintf(user, sizeof(user), "%lld", (long long)r->actor.user_id);
	snprintf(queries, sizeof(queries), "%u", db_statements(r->ctx->db));
	log_event(fault ? LOG_ERROR : LOG_INFO, "request", "request_id",
		  r->request_id, "route", r->route ? r->route->stem : NULL,
		  "path", path, "status", status, "us", micros, "queries",
		  queries, "user", r->actor.user_id ? user : NULL, "role",
		  enum_name_text(role_names, (int)r->actor.role), "code",
		  r->code, "db_error", fault && *db ? db : NULL, NULL);
}

void
dispatch(void *arg, struct transport *t)
{
	struct app *app = arg;
	usec_t began = clock_monotonic();
	struct ctx ctx = {.db = app->db,
			  .arena = app->arena,
			  .conf = app->conf,
			  .now = clock_now()};
	struct req r;

	arena_reset(app->arena);
	db_attach(app->db, app->arena);
	faults_init(&ctx.faults, app->arena);
	http_begin(&r, t, &ctx);
	ctx.client = http_client(&r);
	allow_origin(&r);
	if (find_route(&r))
		handle(&r);
	if (!http_finish(&r))
		log_event(LOG_INFO, "client_gone", "request_id", r.request_id,
			  NULL);
	log_request(&r, began);
	http_release(&r);
	share_leave();
}
