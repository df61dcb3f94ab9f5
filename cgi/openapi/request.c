/* What an operation takes: its parameters and its body. */

#include <string.h>

#include "base/json_writer.h"
#include "openapi.h"
#include "operation.h"

/* The first field, from f on, that is in the query (or in the body). */
const struct field *
openapi_next_field(const struct field *f, bool of_query)
{
	if (!f)
		return NULL;
	while (f->name && !(f->flags & F_QUERY) == of_query)
		f++;
	return f->name ? f : NULL;
}

bool
route_takes_token(const struct route *r)
{
	return !(r->access & ANYONE);
}

/* Whether the token may be left out. */
bool
route_may_lack_token(const struct route *r)
{
	return r->access & LINKED;
}

bool
route_takes_body(const struct route *r)
{
	return r->method == METHOD_POST || r->method == METHOD_PUT ||
	       r->method == METHOD_PATCH;
}

bool
route_has_id(const struct route *r)
{
	return strstr(r->pattern, "{id}") != NULL;
}

/* Whether the answer has an ETag. */
bool
route_is_tagged(const struct route *r)
{
	return r->method == METHOD_GET && !(r->access & STREAM);
}

static void
write_query(struct jsonout *j, const struct route *r)
{
	const struct field *f = openapi_next_field(r->fields, true);

	for (; f; f = openapi_next_field(f + 1, true)) {
		json_object(j, NULL);
		json_string(j, "name", f->name);
		json_string(j, "in", "query");
		json_bool(j, "required", f->flags & F_REQUIRED);
		openapi_field(j, "schema", f);
		json_end(j);
	}
}

void
openapi_parameters(struct jsonout *j, const struct route *r)
{
	json_array(j, "parameters");
	if (route_has_id(r))
		openapi_refer(j, NULL, "#/components/parameters/Id");
	if (strstr(r->pattern, "{cid}"))
		openapi_refer(j, NULL, "#/components/parameters/CommentId");
	write_query(j, r);
	if (r->access & MAIL) {
		openapi_refer(j, NULL, "#/components/parameters/MailTimestamp");
		openapi_refer(j, NULL, "#/components/parameters/MailSignature");
	} else if (r->access & RAW) {
		openapi_refer(j, NULL,
			      "#/components/parameters/LinearSignature");
		openapi_refer(j, NULL,
			      "#/components/parameters/LinearDelivery");
	}
	if (route_takes_token(r))
		openapi_refer(j, NULL, "#/components/parameters/Profile");
	if (r->access & ONCE)
		openapi_refer(j, NULL,
			      "#/components/parameters/IdempotencyKey");
	if (r->may & MAY_STALE)
		openapi_refer(j, NULL, "#/components/parameters/IfMatch");
	if (route_is_tagged(r))
		openapi_refer(j, NULL, "#/components/parameters/IfNoneMatch");
	json_end(j);
}

static void
write_required(struct jsonout *j, const struct field *f)
{
	json_array(j, "required");
	for (; f; f = openapi_next_field(f + 1, false))
		if (f->flags & F_REQUIRED)
			json_string(j, NULL, f->name);
	json_end(j);
}

static bool
requires_some(const struct field *f)
{
	for (; f; f = openapi_next_field(f + 1, false))
		if (f->flags & F_REQUIRED)
			return true;
	return false;
}

/* The bytes of an e-mail. */
static void
write_mail_body(struct jsonout *j)
{
	json_object(j, "requestBody");
	json_bool(j, "required", true);
	json_object(j, "content");
	json_object(j, "message/rfc822");
	json_object(j, "schema");
	json_string(j, "type", "string");
	json_string(j, "format", "binary");
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
}

static void
write_body_schema(struct jsonout *j, const struct field *fields)
{
	json_object(j, "schema");
	json_string(j, "type", "object");
	if (fields) {
		json_object(j, "properties");
		for (const struct field *f = fields; f;
		     f = openapi_next_field(f + 1, false))
			openapi_field(j, f->name, f);
		json_end(j);
	}
	if (requires_some(fields))
		write_required(j, fields);
	json_end(j);
}

/* The file itself, or a form with files, which may have the inputs of the
 * query, too. */
static void
write_upload_body(struct jsonout *j)
{
	json_object(j, "requestBody");
	json_bool(j, "required", true);
	json_object(j, "content");
	json_object(j, "application/octet-stream");
	openapi_refer(j, "schema", "#/components/schemas/FileContent");
	json_end(j);
	json_object(j, "multipart/form-data");
	openapi_refer(j, "schema", "#/components/schemas/FileForm");
	json_end(j);
	json_end(j);
	json_end(j);
}

void
openapi_body(struct jsonout *j, const struct route *r)
{
	const struct field *fields = openapi_next_field(r->fields, false);
	const bool raw = r->access & RAW;

	if (r->access & UPLOAD) {
		write_upload_body(j);
		return;
	}
	if (r->access & MAIL) {
		write_mail_body(j);
		return;
	}
	if (!route_takes_body(r) || (!fields && !raw))
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
