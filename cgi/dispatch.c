/* Serves a request: finds its route, then takes the steps that stand between
 * the outside and a handler (body, token, role, input, a place to wait), each
 * once for all endpoints, and calls the handler. A step either lets the request
 * pass, returns an error, or answers. Errors, the handler's included, are
 * answered in one place. The token and the role are checked in caller.c; what
 * an actor may do with one thing is for lib/desk to decide. */

#include "dispatch.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/json.h"
#include "base/log.h"
#include "base/network.h"
#include "base/rate.h"
#include "base/share.h"
#include "cgi/caller.h"
#include "cgi/cors.h"
#include "cgi/idempotent.h"
#include "cgi/upload.h"
#include "db/db.h"
#include "desk/outbox.h"
#include "desk/profile.h"
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
	if (!rate_open(conf->login_file))
		log_event(LOG_WARN, "logins_are_not_limited", "file",
			  conf->login_file, NULL);
}

void
app_release(struct app *app)
{
	db_free(app->db);
	arena_free(app->arena);
}

/* A path without its final slash: GET is redirected. The other methods are
 * refused, because a redirect would lose the body. */
static bool
answer_missing_slash(struct req *r)
{
	const char *with = arena_printf(r->ctx->arena, "%s/", r->path);
	const char *to = arena_printf(r->ctx->arena, "%s%s", r->base, with);
	int64_t ids[ROUTE_IDS];
	unsigned allow;

	if (r->method != METHOD_GET ||
	    (!route_find(routes, METHOD_GET, with, ids, &allow) && !allow))
		return false;
	reply_empty(r, 301);
	reply_header(r, "Location",
		     *r->query
			 ? arena_printf(r->ctx->arena, "%s?%s", to, r->query)
			 : to);
	return true;
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
	/* A browser sends a preflight before it calls. Unknown paths answer it,
	 * too: else the page would see a network error instead of the 404. */
	if (r->method == METHOD_OPTIONS && (allow || http_is_api(r->path))) {
		cors_answer_options(r, allow ? allow : ANY_METHOD);
	} else if (allow) {
		reply_error(r, 405, "method_not_allowed",
			    "This method is not allowed here.");
		route_allow(text, allow | METHOD_OPTIONS);
		reply_header(r, "Allow", text);
	} else if (!answer_missing_slash(r)) {
		reply_error(r, 404, "not_found", "Not found.");
	}
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

/* The body as an object. No body counts as an empty one, and leaves *body NULL.
 */
static enum err
parse_body(const struct json **body, struct req *r)
{
	const char *type =
	    r->transport->param(r->transport->state, "CONTENT_TYPE");
	const char *why = "it is not an object";

	*body = NULL;
	if (r->body_len == 0)
		return OK;
	if (!is_json(type))
		return reply_error(
		    r, 415, "unsupported_media_type",
		    "The request body must be application/json.");
	*body = json_parse(r->ctx->arena, r->body, r->body_len, &why);
	if (json_is_object(*body))
		return OK;
	return reply_error(
	    r, 400, "parse_error",
	    arena_printf(r->ctx->arena,
			 "The request body is not valid JSON: %s.", why));
}

static enum err
validate_input(struct req *r)
{
	static const struct field none[] = {FIELDS_END};
	const struct field *fields = r->route->fields ? r->route->fields : none;
	const struct json *body = NULL;
	enum err e = OK;

	if (!(r->route->access & (RAW | FORM | UPLOAD)) &&
	    r->method != METHOD_GET && r->method != METHOD_DELETE)
		e = parse_body(&body, r);
	if (e || r->status)
		return e;
	return input_read(&r->input, r->ctx->arena, fields, body, r->query,
			  &r->ctx->faults);
}

/* A third of the workers, so that two busy organizations leave some to others.
 */
static long
share_of_one(const struct conf *conf)
{
	return conf->linear_workers < 3 ? 1 : conf->linear_workers / 3;
}

enum err
dispatch_wait_for_linear(struct req *r)
{
	const char *elsewhere =
	    r->transport->param(r->transport->state, "LINEAR_LOCATION");

	if (elsewhere && *elsewhere) {
		reply_elsewhere(r, elsewhere);
		return OK;
	}
	if (share_take(r->actor.organization_id, share_of_one(r->ctx->conf)))
		return OK;
	reply_header(r, "Retry-After", "5");
	return reply_error(r, 429, "throttled",
			   "Too many requests of your organization are waiting "
			   "for Linear. Please try again in a few seconds.");
}

/* As many more at once as nginx lets pass. */
#define LOGIN_BURST 100

/* nginx limits by itself, before a request takes a worker. */
static enum err
limit_logins(struct req *r)
{
	const char *limited =
	    r->transport->param(r->transport->state, "LOGINS_LIMITED");
	char network[NETWORK_TEXT];
	usec_t wait;

	if (!(r->route->access & LIMITED) || (limited && *limited))
		return OK;
	wait = rate_take(network_text(network, r->ctx->client),
			 r->ctx->conf->login_interval, LOGIN_BURST);
	if (!wait)
		return OK;
	r->ctx->retry_after_s = wait / USEC_PER_SEC + 1;
	return ERR_LIMITED;
}

static enum err
take_body(struct req *r)
{
	uint64_t n;

	if (r->route->access & UPLOAD)
		return http_body_length(r, &n, UPLOAD_BODY_MAX);
	return http_read_body(r, r->route->access & MAIL  ? MAIL_BODY_MAX
				 : r->route->access & RAW ? RAW_BODY_MAX
							  : BODY_MAX);
}

static enum err
find_place_to_wait(struct req *r)
{
	return r->route->access & WAITS ? dispatch_wait_for_linear(r) : OK;
}

static enum err
run_handler(struct req *r)
{
	const char *key =
	    r->route->access & ONCE ? http_header(r, "Idempotency-Key") : NULL;

	return key ? idempotent_handle(r, key) : r->route->handler(r);
}

/* Each step lets the request pass, answers, or returns an error. */
static void
take_steps(struct req *r)
{
	static enum err (*const steps[])(struct req * r) = {
	    limit_logins,     take_body,      caller_authenticate,
	    caller_authorize, validate_input, find_place_to_wait,
	    run_handler};
	enum err e = OK;

	for (size_t i = 0;
	     !e && !r->status && i < sizeof(steps) / sizeof(steps[0]); i++)
		e = steps[i](r);
	if (e && r->streaming)
		http_break(r, e);
	else if (e)
		reply_err(r, e);
}

static void
log_request(const struct req *r, usec_t began)
{
	const char *db = db_error(r->ctx->db);
	char path[256]; /* longer ones are cut */
	char status[8], micros[24], user[24], queries[16];
	const bool fault = r->status >= 500;
	const enum log_level level = fault ? LOG_ERROR : LOG_INFO;

	if (!log_writes(level))
		return;
	snprintf(path, sizeof(path), "%s",
		 utf8_valid(r->path, strlen(r->path)) ? r->path : "?");
	snprintf(status, sizeof(status), "%d", r->status);
	snprintf(micros, sizeof(micros), "%lld",
		 (long long)(clock_monotonic() - began));
	snprintf(user, sizeof(user), "%lld", (long long)r->actor.user_id);
	snprintf(queries, sizeof(queries), "%u", db_statements(r->ctx->db));
	log_event(level, "request", "request_id", r->request_id, "route",
		  r->route ? r->route->stem : NULL, "path", path, "status",
		  status, "us", micros, "queries", queries, "user",
		  r->actor.user_id ? user : NULL, "role",
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
	cors_allow_origin(&r);
	if (find_route(&r))
		take_steps(&r);
	/* before the answer, so that who has it finds what follows soon */
	app->unheard = ctx.news.issue_id;
	if (outbox_wake_news(&ctx))
		app->unheard = 0;
	if (!http_finish(&r))
		log_event(LOG_INFO, "client_gone", "request_id", r.request_id,
			  NULL);
	log_request(&r, began);
	upload_release(&r);
	http_release(&r);
	share_leave();
}
