#ifndef HANDLERS_H
#define HANDLERS_H

#include "desk/attachment.h"
#include "web/http.h"

/* The handlers and their inputs, declared from routes.def. A handler runs after
 * the dispatcher has checked method, role, ids and every field. It either
 * answers and returns OK, or returns an error, which the dispatcher answers. */

#define INPUTS(x) extern const struct field in_##x[];
#define INPUTS_OF(x)
#define NO_INPUTS
#define ALIAS(...)
#define ROUTE(method, path, access, name, inputs, ...) \
	inputs enum err do_##name(struct req *r);

#include "routes.def"

#undef INPUTS
#undef INPUTS_OF
#undef NO_INPUTS
#undef ALIAS
#undef ROUTE

/* What several handlers of issues share (issue_reply.c). */

enum reply_shape {
	REPLY_ISSUE,   /* the issue's members and linear_synced */
	REPLY_MESSAGE, /* {message, issue} */
	REPLY_MERGED   /* both, and previous_status */
};

/* Makes the change, waits a moment for Linear, and answers in that shape. With
 * a wrong If-Match it answers as reply_stale() does. */
struct issue_change;
enum err reply_change(struct req *r, const struct issue_change *change,
		      const char *done, enum reply_shape shape);

/* Answers 412 with the issue as it is now, and returns OK. */
enum err reply_stale(struct req *r);

/* For what does not go through issue_change(): ERR_STALE when If-Match names
 * another version than the issue has. */
enum err check_if_match(struct req *r);

/* The input of uploads that a request binds to what it creates, and what it
 * asks for (attachments.c). */
#define ATTACHMENTS_INPUT                                              \
	{                                                              \
		"attachments", FIELD_IDS, 0, 0, ATTACHED_AT_ONCE, NULL \
	}
struct attaching attachments_asked(const struct req *r);

/* The members of the statistics (issues.c), and the array "permissions" of what
 * a role may do with issues (rights.c); `o` is NULL for customers. */
struct issue_stats;
struct organization;
void write_stats(struct jsonout *j, const struct issue_stats *s);
void write_permissions(struct jsonout *j, enum role role,
		       const struct organization *o);

/* The issue's filter of the query's inputs (see in_issue_export). */
struct issue_filter;
void read_issue_filter(struct issue_filter *f, const struct req *r);

#endif
