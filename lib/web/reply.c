/* Composing an answer: JSON, errors in their one shape, and header lines. A
 * second answer replaces the first: an error that is discovered late. */

#include "web/http.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* How each error of the library is answered. */
static const struct {
	enum err err;
	int status;
	const char *code, *text;
} answers[] = {
    {ERR_INVALID, 400, "invalid", "The input is not valid."},
    {ERR_CREDENTIALS, 400, "invalid_credentials",
     "Unable to log in with the provided credentials."},
    {ERR_FORBIDDEN, 403, "permission_denied",
     "You do not have permission to perform this action."},
    {ERR_NOTFOUND, 404, "not_found", "Not found."},
    {ERR_CONFLICT, 409, "conflict", "This already exists."},
    {ERR_FULL, 409, "quota_exceeded",
     "The space for files of this organization is used up."},
    {ERR_STALE, 412, "precondition_failed",
     "This was changed in the meantime."},
    {ERR_REUSED, 422, "idempotency_key_reused",
     "This Idempotency-Key was used for a different request."},
    {ERR_LIMITED, 429, "throttled",
     "Too many requests. Please try again later."},
    {ERR_UPSTREAM, 502, "linear_unavailable", "Linear cannot be reached."},
    {ERR_DB, 503, "unavailable",
     "The service is unavailable for a moment. Please try again."},
    {ERR_VALUE, 500, "internal_error",
     "Something went wrong on our side. Please try again."},
    {ERR_AGAIN, 503, "busy", "The service is busy. Please try again."},
};

static bool
plain(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}

void
reply_other(struct req *r, int status, const char *type)
{
	buf_clear(&r->out);
	json_begin(&r->json, &r->out);
	r->status = status;
	r->code = NULL;
	r->type = type;
}

struct jsonout *
reply(struct req *r, int status)
{
	reply_other(r, status, "application/json");
	json_object(&r->json, NULL);
	return &r->json;
}

struct jsonout *
reply_array(struct req *r, int status)
{
	reply_other(r, status, "application/json");
	json_array(&r->json, NULL);
	return &r->json;
}

enum err
reply_message(struct req *r, const char *text)
{
	json_string(reply(r, 200), "message", text);
	return OK;
}

void
reply_empty(struct req *r, int status)
{
	reply_other(r, status, NULL);
}

void
reply_elsewhere(struct req *r, const char *location)
{
	reply_empty(r, 200);
	r->elsewhere = location;
}

void
reply_file_elsewhere(struct req *r, const char *location, const char *type)
{
	reply_other(r, 200, type);
	r->elsewhere = location;
}

/* The members of "details": each field once, with all its faults. */
static void
write_faults(struct jsonout *j, const struct faults *faults)
{
	const struct fault *f, *g;

	for (f = faults->first; f; f = f->next) {
		for (g = faults->first; strcmp(g->field, f->field) != 0;)
			g = g->next;
		if (g != f)
			continue; /* written with an earlier one */
		json_array(j, f->field);
		for (; g; g = g->next)
			if (strcmp(g->field, f->field) == 0)
				json_string(j, NULL, g->text);
		json_end(j);
	}
}

enum err
reply_error(struct req *r, int status, const char *code, const char *text)
{
	struct jsonout *j = reply(r, status);

	r->code = code;
	json_string(j, "error", text);
	json_string(j, "code", code);
	json_integer(j, "status_code", status);
	json_string(j, "request_id", r->request_id);
	json_object(j, "details");
	write_faults(j, &r->ctx->faults);
	return OK;
}

/* The text of a fault that concerns no field, or that comes from Linear, says
 * more than the general one. */
static const char *
error_text(const struct fault *first, enum err e, const char *general)
{
	if (first && (e == ERR_UPSTREAM ||
		      strcmp(first->field, "non_field_errors") == 0))
		return first->text;
	return general;
}

void
reply_err(struct req *r, enum err e)
{
	size_t i = 0;

	while (answers[i].err != e)
		if (++i == sizeof(answers) / sizeof(answers[0]))
			abort();
	reply_error(r, answers[i].status, answers[i].code,
		    error_text(r->ctx->faults.first, e, answers[i].text));
	if (e == ERR_LIMITED && r->ctx->retry_after_s)
		reply_header(r, "Retry-After",
			     arena_printf(r->ctx->arena, "%lld",
					  (long long)r->ctx->retry_after_s));
}

void
reply_header(struct req *r, const char *name, const char *value)
{
	if (plain(value))
		buf_printf(&r->head_out, "%s: %s\r\n", name, value);
}
