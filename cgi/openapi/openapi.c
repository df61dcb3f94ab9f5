/* The OpenAPI document at /api/schema/, which describes the whole API to
 * programs and to the page at /api/docs/. It is written from the route table
 * and the declared inputs, so that it cannot contradict the code: this file
 * writes the head and the paths, operation.c one operation, field.c one input,
 * issue.c the fields of an issue. Schemas of answers, and texts that belong to
 * no single endpoint, are in components.json. */

#include "openapi.h"

#include <assert.h>
#include <string.h>

#include "cgi/dispatch.h"
#include "cgi/handlers.h"
#include "embedded.h"

#define DOCUMENT_MAX ((size_t)1 << 20)

static const char description[] =
    "Docket is an issue desk: customers raise issues with an "
    "organization, its staff work on them, and Docket keeps them in "
    "step with Linear.\n\n"
    "To authenticate, send the token that `login` returns with each "
    "request, as `Authorization: Token <token>` or `Authorization: "
    "Bearer <token>`. A token acts as one of your profiles at a time "
    "(see `select_role` and `X-Profile`).\n\n"
    "Bodies are JSON objects in UTF-8. Unknown keys are ignored. "
    "Times are in UTC. Paths end in a slash. `HEAD` works wherever "
    "`GET` does.\n\n"
    "All errors have the same shape (`Error`). Its `details` say what "
    "is wrong with each field. An unknown path is 404, and so is "
    "anything that you may not see. A method that a path does not "
    "support is 405, with the supported ones in `Allow`.\n\n"
    "Most lists come in pages. Ask with `page` (from 1) and "
    "`page_size`. The answer has `count`, `next`, `previous` and "
    "`results`.\n\n"
    "Where an `Idempotency-Key` is accepted, a repeated request gets "
    "the first answer again and creates nothing. `If-Match` with the "
    "`ETag` that you have seen keeps a change from overwriting a "
    "newer one.";

static const struct {
	const char *name, *description;
} tags[] = {
    {"Session", "Log in and out, and choose the profile to act as."},
    {"Account", "Your account, passwords, sessions and personal tokens."},
    {"Customer", "What customers do with their own issues."},
    {"Issues", "Find issues and work on them."},
    {"Comments", "Discuss an issue, in public or among staff."},
    {"Files", "Pictures and other files of issues and comments."},
    {"Linear", "The two-way sync with Linear."},
    {"Notifications", "What happened to your issues."},
    {"E-mail", "E-mails that came in, and what became of them."},
    {"Organization", "Organizations, their staff, suppliers and orders."},
    {"Service", "The service itself."},
};

/* All rows of one path, at its first. */
static void
write_path(struct jsonout *j, const struct route *table,
	   const struct route *first)
{
	for (const struct route *r = table; r < first; r++)
		if (strcmp(r->pattern, first->pattern) == 0)
			return;
	json_object(j, first->pattern);
	for (const struct route *r = first; r->pattern; r++)
		if (strcmp(r->pattern, first->pattern) == 0)
			openapi_operation(j, table, r);
	json_end(j);
}

static void
write_head(struct jsonout *j)
{
	json_string(j, "openapi", "3.1.0");
	json_object(j, "info");
	json_string(j, "title", "Docket");
	json_string(j, "version", "1");
	json_string(j, "description", description);
	json_end(j);
	json_array(j, "servers");
	json_object(j, NULL);
	json_string(j, "url", "/");
	json_end(j);
	json_end(j);
	json_array(j, "tags");
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		json_object(j, NULL);
		json_string(j, "name", tags[i].name);
		json_string(j, "description", tags[i].description);
		json_end(j);
	}
	json_end(j);
}

/* Those of components.json, and in the place that it leaves for them the fields
 * of an issue. */
static void
write_components(struct buf *out)
{
	static const char place[] = "\"IssueFieldMembers\": null";
	const char *all = embedded_components_json;
	const char *found = strstr(all, place);
	struct jsonout j;

	assert(found);
	buf_add(out, all,
		(size_t)(found - all) + strlen("\"IssueFieldMembers\": "));
	json_begin(&j, out);
	openapi_issue_fields(&j, NULL);
	buf_adds(out, found + strlen(place));
}

void
openapi_write(struct buf *out, const struct route *table)
{
	struct buf components;
	struct jsonout j;

	json_begin(&j, out);
	json_object(&j, NULL);
	write_head(&j);
	json_object(&j, "paths");
	for (const struct route *r = table; r->pattern; r++)
		write_path(&j, table, r);
	json_end(&j);
	buf_init(&components, DOCUMENT_MAX);
	write_components(&components);
	json_raw(&j, "components", components.data, components.len);
	buf_release(&components);
	json_end(&j);
}

/* GET /api/schema/: written once per process, since it never changes. */
enum err
do_schema(struct req *r)
{
	static struct buf document;

	if (!document.len) {
		buf_init(&document, DOCUMENT_MAX);
		openapi_write(&document, routes);
	}
	reply_other(r, 200, "application/json");
	buf_add(&r->out, document.data, document.len);
	return OK;
}

/* GET /api/docs/: a page that reads the schema. What it loads, the static
 * server has. */
enum err
do_docs(struct req *r)
{
	reply_other(r, 200, "text/html; charset=utf-8");
	/* RapiDoc puts styles and small images into the page */
	r->policy = "default-src 'none'; script-src 'self'; "
		    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
		    "connect-src 'self'; form-action 'self'";
	buf_adds(&r->out, embedded_docs_html);
	return OK;
}
