/* One operation of the OpenAPI document, from its row in the route table: its
 * name and description, and who may call it. Parameters and body (request.c)
 * follow from the row's inputs, the answers (answer.c) from its access flags
 * and its MAY_ bits, so that a row cannot forget one that follows from the
 * rest. */

#include "openapi.h"

#include <string.h>

#include "base/buf.h"
#include "base/json_writer.h"
#include "operation.h"

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

static void
write_security(struct jsonout *j, const struct route *r)
{
	static const char *const schemes[] = {"token", "bearer"};

	json_array(j, "security");
	for (size_t i = 0; route_takes_token(r) && i < COUNT(schemes); i++) {
		json_object(j, NULL);
		json_array(j, schemes[i]);
		json_end(j);
		json_end(j);
	}
	if (route_may_lack_token(r)) {
		json_object(j, NULL);
		json_end(j);
	}
	json_end(j);
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
	openapi_parameters(j, r);
	openapi_body(j, r);
	openapi_responses(j, r);
	json_end(j);
}
