/* Requests to Linear: the GraphQL documents (*.graphql beside this file,
 * embedded by the build) and their variables. One function per operation writes
 * the JSON body into the caller's arena. client.c sends it. */

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_writer.h"
#include "graphql.h"
#include "linear/client.h"

#define REQUEST_MAX ((size_t)1024 * 1024)

/* A body being written: {"query":…,"variables":{…}} with variables open. */
struct body {
	struct buf out;
	struct jsonout json;
	const char *operation;
};

static struct jsonout *
body_begin(struct body *b, const char *operation, const char *document)
{
	buf_init(&b->out, REQUEST_MAX);
	json_begin(&b->json, &b->out);
	b->operation = operation;
	json_object(&b->json, NULL);
	json_string(&b->json, "query", document);
	json_object(&b->json, "variables");
	return &b->json;
}

static struct linear_request
body_finish(struct body *b, struct arena *a)
{
	struct linear_request r = {.operation = b->operation};

	json_end(&b->json);
	json_end(&b->json);
	r.body = arena_memdup(a, b->out.data, b->out.len);
	buf_release(&b->out);
	return r;
}

/* A request with one variable. */
static struct linear_request
request_with(struct arena *a, const char *operation, const char *document,
	     const char *variable, const char *value)
{
	struct body b;

	json_string(body_begin(&b, operation, document), variable, value);
	return body_finish(&b, a);
}

static void
put_optional(struct jsonout *j, const char *name, const char *text)
{
	if (text)
		json_string(j, name, text);
}

static void
put_link(struct jsonout *j, const struct linear_link *l)
{
	json_object(j, "link");
	json_string(j, "issueId", l->issue_id);
	json_string(j, "url", l->url);
	json_string(j, "title", l->title);
	json_string(j, "subtitle", l->subtitle);
	json_object(j, "metadata");
	json_string(j, "organization", l->organization);
	json_string(j, "category", l->category);
	json_string(j, "number", l->number);
	put_optional(j, "customer", l->customer);
	json_end(j);
	json_end(j);
}

static void
put_comment(struct jsonout *j, const char *name,
	    const struct linear_comment_new *m)
{
	json_object(j, name);
	json_string(j, "id", m->id);
	json_string(j, "issueId", m->issue_id);
	put_optional(j, "parentId", m->parent_id);
	json_string(j, "body", m->body);
	json_end(j);
}

/* --- issues -------------------------------------------------------------- */

struct linear_request
linear_issue_create(struct arena *a, const struct linear_issue_new *n,
		    const struct linear_link *l,
		    const struct linear_comment_new *t)
{
	struct body b;
	struct jsonout *j = body_begin(&b, "IssueCreate", graphql_issue_create);

	json_object(j, "issue");
	json_string(j, "id", n->id);
	json_string(j, "teamId", n->team_id);
	json_string(j, "title", n->title);
	json_string(j, "description", n->description);
	json_integer(j, "priority", n->priority);
	put_optional(j, "stateId", n->state_id);
	put_optional(j, "assigneeId", n->assignee_id);
	json_end(j);
	put_link(j, l);
	json_bool(j, "hasThread", t != NULL);
	if (t) {
		put_comment(j, "thread", t);
	} else {
		/* the document declares the variable, but does not use it */
		json_object(j, "thread");
		json_end(j);
	}
	return body_finish(&b, a);
}

struct linear_request
linear_issue_update(struct arena *a, const struct linear_issue_change *n,
		    const struct linear_link *l, bool has_link)
{
	struct body b;
	struct jsonout *j = body_begin(&b, "IssueUpdate", graphql_issue_update);

	json_string(j, "id", l->issue_id);
	json_object(j, "change");
	if (n->set & LINEAR_TITLE)
		json_string(j, "title", n->title);
	if (n->set & LINEAR_DESCRIPTION)
		json_string(j, "description", n->description);
	if (n->set & LINEAR_STATE)
		json_string(j, "stateId", n->state_id);
	if (n->set & LINEAR_PRIORITY)
		json_integer(j, "priority", n->priority);
	if (n->set & LINEAR_ASSIGNEE)
		json_string(j, "assigneeId", n->assignee_id);
	json_end(j);
	put_link(j, l);
	json_bool(j, "hasLink", has_link);
	return body_finish(&b, a);
}

struct linear_request
linear_issue_link(struct arena *a, const struct linear_link *link)
{
	struct body b;

	put_link(body_begin(&b, "IssueLink", graphql_issue_link), link);
	return body_finish(&b, a);
}

struct linear_request
linear_issue_unarchive(struct arena *a, const char *id)
{
	return request_with(a, "IssueUnarchive", graphql_issue_unarchive, "id",
			    id);
}

struct linear_request
linear_issue_get(struct arena *a, const char *id, const char *after)
{
	struct body b;
	struct jsonout *j = body_begin(&b, "IssueGet", graphql_issue_get);

	json_string(j, "id", id);
	put_optional(j, "after", after);
	return body_finish(&b, a);
}

struct linear_request
linear_issue_list(struct arena *a, const char *team_id, int64_t first,
		  const char *after)
{
	struct body b;
	struct jsonout *j = body_begin(&b, "IssueList", graphql_issue_list);

	json_string(j, "team", team_id);
	json_integer(j, "first", first);
	put_optional(j, "after", after);
	return body_finish(&b, a);
}

struct linear_request
linear_issue_changed(struct arena *a, const char *const *team_ids, size_t n,
		     usec_t since, const char *after)
{
	char text[CLOCK_TEXT];
	struct body b;
	struct jsonout *j =
	    body_begin(&b, "IssueChanged", graphql_issue_changed);

	json_strings(j, "teams", team_ids, n);
	json_string(j, "since", clock_iso(text, since));
	put_optional(j, "after", after);
	return body_finish(&b, a);
}

struct linear_request
linear_issue_linked(struct arena *a, const char *team_id, const char *thread,
		    usec_t since, const char *after)
{
	char text[CLOCK_TEXT];
	struct body b;
	struct jsonout *j = body_begin(&b, "IssueLinked", graphql_issue_linked);

	json_string(j, "team", team_id);
	json_string(j, "since", clock_iso(text, since));
	json_string(j, "thread", thread);
	put_optional(j, "after", after);
	return body_finish(&b, a);
}

struct linear_request
linear_issue_present(struct arena *a, const char *const *ids, size_t n)
{
	struct body b;

	json_strings(body_begin(&b, "IssuePresent", graphql_issue_present),
		     "ids", ids, n);
	return body_finish(&b, a);
}

/* --- comments ------------------------------------------------------------ */

struct linear_request
linear_comment_create(struct arena *a, const struct linear_comment_new *t,
		      const struct linear_comment_new *n)
{
	struct body b;
	struct jsonout *j =
	    t ? body_begin(&b, "ThreadOpen", graphql_thread_open)
	      : body_begin(&b, "CommentCreate", graphql_comment_create);

	if (t)
		put_comment(j, "thread", t);
	put_comment(j, "comment", n);
	return body_finish(&b, a);
}

struct linear_request
linear_comment_update(struct arena *a, const char *id, const char *body)
{
	struct body b;
	struct jsonout *j =
	    body_begin(&b, "CommentUpdate", graphql_comment_update);

	json_string(j, "id", id);
	json_object(j, "change");
	json_string(j, "body", body);
	json_end(j);
	return body_finish(&b, a);
}

struct linear_request
linear_comment_delete(struct arena *a, const char *id)
{
	return request_with(a, "CommentDelete", graphql_comment_delete, "id",
			    id);
}

/* --- files --------------------------------------------------------------- */

struct linear_request
linear_file_ask(struct arena *a, const char *filename, const char *content_type,
		int64_t size)
{
	struct body b;
	struct jsonout *j = body_begin(&b, "FileUpload", graphql_file_upload);

	json_string(j, "filename", filename);
	json_string(j, "contentType", content_type);
	json_integer(j, "size", size);
	return body_finish(&b, a);
}

struct linear_request
linear_file_put(const struct linear_upload *u, const char *path, int64_t size)
{
	return (struct linear_request){
	    .operation = "FilePut", .upload = u, .path = path, .size = size};
}

/* --- teams and users ----------------------------------------------------- */

struct linear_request
linear_team_get(struct arena *a, const char *id)
{
	return request_with(a, "TeamGet", graphql_team_get, "id", id);
}

struct linear_request
linear_team_list(struct arena *a, const char *after)
{
	struct body b;

	put_optional(body_begin(&b, "TeamList", graphql_team_list), "after",
		     after);
	return body_finish(&b, a);
}

struct linear_request
linear_user_find(struct arena *a, const char *email)
{
	return request_with(a, "UserFind", graphql_user_find, "email", email);
}
