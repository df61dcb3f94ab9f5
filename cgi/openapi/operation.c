/* One operation of the OpenAPI document, from its row in the route table: the
 * parameters and the body from its inputs, the errors from its access flags and
 * its MAY_ bits, so that a row cannot forget one that follows from the rest. */

#include "openapi.h"

#include <string.h>

#include "base/buf.h"
#include "base/json_writer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

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
    {412, "412", "#/components/responses/PreconditionFailed"},
    {413, "413", "#/components/responses/TooLarge"},
    {415, "415", "#/components/responses/UnsupportedMediaType"},
    {422, "422", "#/components/responses/Unprocessable"},
    {429, "429", "#/components/responses/TooManyRequests"},
    {500, "500", "#/components/responses/InternalError"},
    {502, "502", "#/components/responses/BadGateway"},
    {503, "503", "#/components/responses/Unavailable"},
    {504, "504", "#/components/responses/GatewayTimeout"},
};

/* --- requests ------------------------------------------------------------- */

/* The first field, from f on, that is in the query (or in the body). */
static const struct field *
next_field(const struct field *f, bool of_query)
{
	if (!f)
		return NULL;
	while (f->name && !(f->flags & F_QUERY) == of_query)
		f++;
	return f->name ? f : NULL;
}

static bool
takes_token(const struct route *r)
{
	return !(r->access & ANYONE);
}

static bool
takes_body(const struct route *r)
{
	return r->method == METHOD_POST || r->method == METHOD_PUT ||
	       r->method == METHOD_PATCH;
}

static bool
has_id(const struct route *r)
{
	return strstr(r->pattern, "{id}") != NULL;
}

/* Whether the answer has an ETag. */
static bool
is_tagged(const struct route *r)
{
	return r->method == METHOD_GET && !(r->access & STREAM);
}

static void
write_query(struct jsonout *j, const struct route *r)
{
	const struct field *f = next_field(r->fields, true);

	for (; f; f = next_field(f + 1, true)) {
		json_object(j, NULL);
		json_string(j, "name", f->name);
		json_string(j, "in", "query");
		json_bool(j, "required", f->flags & F_REQUIRED);
		openapi_field(j, "schema", f);
		json_end(j);
	}
}

static void
write_parameters(struct jsonout *j, const struct route *r)
{
	json_array(j, "parameters");
	if (has_id(r))
		openapi_refer(j, NULL, "#/components/parameters/Id");
	if (strstr(r->pattern, "{cid}"))
		openapi_refer(j, NULL, "#/components/parameters/CommentId");
	write_query(j, r);
	if (r->access & RAW) {
		openapi_refer(j, NULL,
			      "#/components/parameters/LinearSignature");
		openapi_refer(j, NULL,
			      "#/components/parameters/LinearDelivery");
	}
	if (takes_token(r))
		openapi_refer(j, NULL, "#/components/parameters/Profile");
	if (r->access & ONCE)
		openapi_refer(j, NULL,
			      "#/components/parameters/IdempotencyKey");
	if (r->may & MAY_STALE)
		openapi_refer(j, NULL, "#/components/parameters/IfMatch");
	if (is_tagged(r))
		openapi_refer(j, NULL, "#/components/parameters/IfNoneMatch");
	json_end(j);
}

static void
write_required(struct jsonout *j, const struct field *f)
{
	json_array(j, "required");
	for (; f; f = next_field(f + 1, false))
		if (f->flags & F_REQUIRED)
			json_string(j, NULL, f->name);
	json_end(j);
}

static bool
requires_some(const struct field *f)
{
	for (; f; f = next_field(f + 1, false))
		if (f->flags & F_REQUIRED)
			return true;
	return false;
}

static void
write_body_schema(struct jsonout *j, const struct field *fields)
{
	json_object(j, "schema");
	json_string(j, "type", "object");
	if (fields) {
		json_object(j, "properties");
		for (const struct field *f = fields; f;
		     f = next_field(f + 1, false))
			openapi_field(j, f->name, f);
		json_end(j);
	}
	if (requires_some(fields))
		write_required(j, fields);
	json_end(j);
}

static void
write_body(struct jsonout *j, const struct route *r)
{
	const struct field *fields = next_field(r->fields, false);
	const bool raw = r->access & RAW;

	if (!takes_body(r) || (!fields && !raw))
		return;
	json_object(j, "requestBody");
	json_bool(j, "required", raw || requires_some(fields));
	json_object(j, "content");
	json_object(j, "application/json");
	write_body_schema(j, fields);
	json_end(j);
	json_end(j);
	json_end(j);
}

static void
write_security(struct jsonout *j, const struct route *r)
{
	static const char *const schemes[] = {"token", "bearer"};

	json_array(j, "security");
	for (size_t i = 0; takes_token(r) && i < COUNT(schemes); i++) {
		json_object(j, NULL);
		json_array(j, schemes[i]);
		json_end(j);
		json_end(j);
	}
	json_end(j);
}

/* --- answers -------------------------------------------------------------- */

/* Whether the operation can end with that status. What any request can meet is
 * listed with all of them: nginx answers 429 to a client with too many requests
 * in progress, whatever it asks for. */
static bool
can_fail(const struct route *r, int status)
{
	switch (status) {
	case 400:
		return takes_token(r) || takes_body(r) || r->fields;
	case 401: /* also a webhook with a wrong signature */
		return takes_token(r) || r->access & RAW;
	case 403:
		return takes_token(r) || r->may & MAY_REFUSE;
	case 404:
		for (const struct field *f = next_field(r->fields, true); f;
		     f = next_field(f + 1, true))
			if (strcmp(f->name, "page") == 0)
				return true;
		return has_id(r) || r->may & MAY_MISS;
	case 409:
		return r->access & ONCE || r->may & MAY_CONFLICT;
	case 422:
		return r->access & ONCE;
	case 412:
		return r->may & MAY_STALE;
	case 413:
		return r->method != METHOD_GET;
	case 415:
		return takes_body(r) && !(r->access & (RAW | FORM));
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
	if (is_tagged(r) || r->may & MAY_STALE)
		openapi_refer(j, "ETag", "#/components/headers/ETag");
	if (r->access & ONCE)
		openapi_refer(j, "Idempotent-Replay",
			      "#/components/headers/IdempotentReplay");
	json_end(j);
	if (r->answer)
		write_content(j, r->answer);
	json_end(j);
}

static void
write_responses(struct jsonout *j, const struct route *r)
{
	json_object(j, "responses");
	write_success(j, r);
	if (is_tagged(r))
		openapi_refer(j, "304", "#/components/responses/NotModified");
	for (size_t i = 0; i < COUNT(errors); i++)
		if (can_fail(r, errors[i].status))
			openapi_refer(j, errors[i].text, errors[i].ref);
	json_end(j);
}

/* --- the operation -------------------------------------------------------- */

static const char *
method_name(enum method method)
{
	switch (method) {
	case METHOD_GET:
		return "get";
	case METHOD_POST:
		return "post";
	case METHOD_PUT:
		return "put";
	case METHOD_PATCH:
		return "patch";
	case METHOD_DELETE:
		return "delete";
	case METHOD_OPTIONS:
	case METHOD_OTHER:
		break;
	}
	return NULL;
}

static bool
is_client(const struct route *r)
{
	return strncmp(r->pattern, "/api/client/", 12) == 0;
}

/* The operationId: the row's name. Where several rows share it, one under
 * /api/client/ begins with "client_", and a further one ends with its method.
 */
static void
write_id_of(struct jsonout *j, const struct route *table, const struct route *r)
{
	bool shared = false, further = false;
	struct buf id;

	for (const struct route *q = table; q->pattern; q++) {
		if (q == r || strcmp(q->stem, r->stem) != 0)
			continue;
		shared = true;
		further |= q < r && !is_client(q);
	}
	buf_init(&id, 128);
	if (shared && is_client(r))
		buf_printf(&id, "client_%s", r->stem);
	else if (further)
		buf_printf(&id, "%s_%s", r->stem, method_name(r->method));
	else
		buf_adds(&id, r->stem);
	json_string(j, "operationId", id.data);
	buf_release(&id);
}

/* Who may call it. */
static const char *
access_text(unsigned access)
{
	static const struct {
		unsigned access;
		const char *text;
	} texts[] = {
	    {ANYONE, "Available to anyone, without a token."},
	    {LOGIN, "Available to every user who is logged in."},
	    {ALL, "Available to customers, employees and vendors."},
	    {STAFF, "Available to staff: employees and vendors."},
	    {CUSTOMER | VENDOR, "Available to customers and vendors."},
	    {CUSTOMER, "Available to customers."},
	    {VENDOR, "Available to vendors, who own their organization."},
	    {EMPLOYEE, "Available to employees."},
	};

	for (size_t i = 0; i < COUNT(texts); i++)
		if ((access & texts[i].access) == texts[i].access)
			return texts[i].text;
	return "";
}

static void
write_description(struct jsonout *j, const struct route *r)
{
	struct buf text;

	buf_init(&text, 4096);
	buf_printf(&text, "%s\n\n%s", r->description, access_text(r->access));
	if (r->access & SESSION)
		buf_adds(&text, " Personal tokens are refused.");
	json_bytes(j, "description", text.data, text.len);
	buf_release(&text);
}

void
openapi_operation(struct jsonout *j, const struct route *table,
		  const struct route *r)
{
	json_object(j, method_name(r->method));
	write_id_of(j, table, r);
	json_array(j, "tags");
	json_string(j, NULL, r->tag);
	json_end(j);
	json_string(j, "summary", r->summary);
	write_description(j, r);
	write_security(j, r);
	write_parameters(j, r);
	write_body(j, r);
	write_responses(j, r);
	json_end(j);
}
