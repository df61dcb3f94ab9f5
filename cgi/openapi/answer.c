/* What an operation answers: its success, and each error that it can have. */

#include <string.h>

#include "base/buf.h"
#include "base/json_writer.h"
#include "openapi.h"
#include "operation.h"

/* All errors. can_fail() says which of them an operation can have. */
static const struct {
	int status;
	const char *text, *ref;
} errors[] = {
    {400, "400", "#/components/responses/BadRequest"},
    {401, "401", "#/components/responses/Unauthorized"},
    {403, "403", "#/components/responses/Forbidden"},
    {404, "404", "#/components/responses/NotFound"},
    {409, "409", "#/components/responses/Conflict"},
    {411, "411", "#/components/responses/LengthRequired"},
    {412, "412", "#/components/responses/PreconditionFailed"},
    {413, "413", "#/components/responses/TooLarge"},
    {415, "415", "#/components/responses/UnsupportedMediaType"},
    {416, "416", "#/components/responses/RangeNotSatisfiable"},
    {422, "422", "#/components/responses/Unprocessable"},
    {429, "429", "#/components/responses/TooManyRequests"},
    {500, "500", "#/components/responses/InternalError"},
    {502, "502", "#/components/responses/BadGateway"},
    {503, "503", "#/components/responses/Unavailable"},
    {504, "504", "#/components/responses/GatewayTimeout"},
};

/* Whether the answer is the content of a file, of which a range may be asked.
 */
static bool
answers_with_file(const struct route *r)
{
	return r->answer && strcmp(r->answer, ANY_MEDIA) == 0;
}

/* Whether the operation can end with that status. What any request can meet is
 * listed with all of them: nginx answers 429 to a client with too many requests
 * in progress, whatever it asks for. */
static bool
can_fail(const struct route *r, int status)
{
	switch (status) {
	case 400:
		return route_takes_token(r) || route_takes_body(r) || r->fields;
	case 401: /* also a webhook with a wrong signature */
		return route_takes_token(r) || r->access & RAW;
	case 403:
		return route_takes_token(r) || r->may & MAY_REFUSE;
	case 404:
		for (const struct field *f =
			 openapi_next_field(r->fields, true);
		     f; f = openapi_next_field(f + 1, true))
			if (strcmp(f->name, "page") == 0)
				return true;
		return route_has_id(r) || r->may & MAY_MISS;
	case 409:
		return r->access & ONCE || r->may & MAY_CONFLICT;
	case 422:
		return r->access & ONCE;
	case 412:
		return r->may & MAY_STALE;
	case 411:
	case 413:
		return r->method != METHOD_GET;
	case 415:
		return route_takes_body(r) &&
		       !(r->access & (RAW | FORM | UPLOAD));
	case 416:
		return answers_with_file(r);
	default:
		return true;
	}
}

static void
write_content(struct jsonout *j, const char *answer)
{
	const bool is_media = strchr(answer, '/') != NULL;
	struct buf ref;

	json_object(j, "content");
	json_object(j, is_media ? answer : "application/json");
	if (is_media) {
		json_object(j, "schema");
		json_string(j, "type", "string");
		json_end(j);
	} else {
		buf_init(&ref, 256);
		buf_printf(&ref, "#/components/schemas/%s", answer);
		openapi_refer(j, "schema", ref.data);
		buf_release(&ref);
	}
	json_end(j);
	json_end(j);
}

static void
write_part(struct jsonout *j, const struct route *r)
{
	json_object(j, "206");
	json_string(j, "description", "The range that was asked for.");
	write_content(j, r->answer);
	json_end(j);
}

static void
write_success(struct jsonout *j, const struct route *r)
{
	static const struct {
		int status;
		const char *text, *description;
	} kinds[] = {
	    {200, "200", "Success."},
	    {201, "201", "Created."},
	    {204, "204", "Success, without a body."},
	};
	size_t k = 0;

	while (kinds[k].status != r->status)
		k++;
	json_object(j, kinds[k].text);
	json_string(j, "description", kinds[k].description);
	json_object(j, "headers");
	openapi_refer(j, "X-Request-Id", "#/components/headers/RequestId");
	if (route_is_tagged(r) || r->may & MAY_STALE)
		openapi_refer(j, "ETag", "#/components/headers/ETag");
	if (r->access & ONCE)
		openapi_refer(j, "Idempotent-Replay",
			      "#/components/headers/IdempotentReplay");
	json_end(j);
	if (r->answer)
		write_content(j, r->answer);
	json_end(j);
}

void
openapi_responses(struct jsonout *j, const struct route *r)
{
	json_object(j, "responses");
	write_success(j, r);
	if (answers_with_file(r))
		write_part(j, r);
	if (route_is_tagged(r))
		openapi_refer(j, "304", "#/components/responses/NotModified");
	for (size_t i = 0; i < COUNT(errors); i++)
		if (can_fail(r, errors[i].status))
			openapi_refer(j, errors[i].text, errors[i].ref);
	json_end(j);
}
