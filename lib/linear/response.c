/* Classifies Linear's answers: a refusal by its extensions and its message, not
 * by HTTP's status, which is 200 for most refusals and 400 for "too many
 * requests". What an answer holds is read by payload.c. */

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "linear/client.h"

#define UUID_LENGTH 36

const char *const linear_outcome_words[] = {[LINEAR_OK] = "ok",
					    [LINEAR_DUPLICATE] = "duplicate",
					    [LINEAR_NOT_FOUND] = "not_found",
					    [LINEAR_ARCHIVED] = "archived",
					    [LINEAR_STALE] = "stale",
					    [LINEAR_INVALID] = "invalid",
					    [LINEAR_AUTH] = "auth",
					    [LINEAR_LIMITED] = "limited",
					    [LINEAR_RETRY] = "retry"};

static bool
starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

static bool
is_one_of(const char *word, const char *const *list)
{
	for (; word && *list; list++)
		if (strcmp(word, *list) == 0)
			return true;
	return false;
}

/* extensions.type and extensions.code; some answers have only one of them. */
static bool
is_code_among(const char *type, const char *code, const char *const *list)
{
	return is_one_of(type, list) || is_one_of(code, list);
}

static enum linear_outcome
by_type(const char *type, const char *code, int64_t status)
{
	static const char *const limited[] = {"ratelimited", "RATELIMITED",
					      NULL};
	static const char *const auth[] = {"authentication error",
					   "AUTHENTICATION_ERROR", NULL};
	static const char *const faults[] = {
	    "internal error",  "INTERNAL_SERVER_ERROR",
	    "lock timeout",    "LOCK_TIMEOUT",
	    "network error",   "NETWORK_ERROR",
	    "bootstrap error", "unknown",
	    "other",	       NULL};

	if (is_code_among(type, code, limited))
		return LINEAR_LIMITED;
	if (is_code_among(type, code, auth))
		return LINEAR_AUTH;
	if (is_code_among(type, code, faults))
		return LINEAR_RETRY;
	if (type || code)
		return LINEAR_INVALID;
	if (status == 429)
		return LINEAR_LIMITED;
	if (status == 401)
		return LINEAR_AUTH;
	return status == 408 || status >= 500 ? LINEAR_RETRY : LINEAR_INVALID;
}

/* The id in "Entity Issue with id <uuid> already exists." */
static const char *
conflicting_id(struct arena *a, const char *text)
{
	const char *id = text ? strstr(text, " with id ") : NULL;

	if (!id || strlen(id += strlen(" with id ")) < UUID_LENGTH)
		return NULL;
	return arena_memdup(a, id, UUID_LENGTH);
}

static void
by_conflict(struct linear_answer *out, struct arena *a, const char *entity,
	    const char *text)
{
	/* a conflict of another type, such as DocumentContent, is Linear's
	 * own race */
	if (strcmp(entity, "Issue") != 0 && strcmp(entity, "Comment") != 0) {
		out->outcome = LINEAR_RETRY;
		return;
	}
	out->outcome = LINEAR_DUPLICATE;
	out->entity = entity;
	out->id = conflicting_id(a, text);
}

/* Refusals that only their message identifies. */
static void
by_message(struct linear_answer *out, struct arena *a, const char *message)
{
	static const char conflict[] = "conflict on insert of ",
			  missing[] = "Entity not found: ";

	if (starts_with(message, conflict)) {
		by_conflict(out, a, message + strlen(conflict), out->text);
	} else if (starts_with(message, missing)) {
		out->entity = message + strlen(missing);
		out->outcome = strcmp(out->entity, "WorkflowState") == 0
				   ? LINEAR_STALE
				   : LINEAR_NOT_FOUND;
	} else if (strstr(message, "API key as a Bearer token")) {
		out->outcome = LINEAR_AUTH;
	} else if (starts_with(message, "Discrepancy between issue team")) {
		out->outcome = LINEAR_STALE;
	} else if (out->outcome == LINEAR_INVALID &&
		   strstr(message, "archived")) {
		out->outcome = LINEAR_ARCHIVED;
	}
}

static void
by_error(struct linear_answer *out, struct arena *a, const struct json *error,
	 long http_status)
{
	const struct json *ext = json_get(error, "extensions");
	const char *message = json_text(json_get(error, "message"));
	const char *words = json_text(json_get(ext, "userPresentableMessage"));
	const char *code = json_text(json_get(ext, "code"));
	const char *type = json_text(json_get(ext, "type"));
	int64_t status = http_status;

	(void)json_int(&status, json_get(ext, "statusCode"));
	out->field = json_text(json_first(json_get(error, "path")));
	out->code = code ? code : type ? type : "unknown";
	out->text = words ? words : message ? message : "It gave no reason.";
	out->answered = true;
	out->outcome = by_type(type, code, status);
	if (message)
		by_message(out, a, message);
}

void
linear_classify(struct linear_answer *out, struct arena *a, long http_status,
		const char *body, size_t n)
{
	const char *why;
	const struct json *j = json_parse_mended(a, body, n, &why);
	const struct json *error = json_first(json_get(j, "errors"));
	const struct json *data = json_get(j, "data");

	*out = (struct linear_answer){0};
	if (error) {
		by_error(out, a, error, http_status);
	} else if (json_is_object(data)) {
		out->outcome = LINEAR_OK;
		out->answered = true;
		out->data = data;
	} else {
		/* HTML of a proxy, or nothing at all */
		out->outcome = http_status == 429   ? LINEAR_LIMITED
			       : http_status == 401 ? LINEAR_AUTH
						    : LINEAR_RETRY;
		out->code = "http";
		out->text = arena_printf(
		    a, "Linear answered with HTTP status %ld.", http_status);
	}
}
