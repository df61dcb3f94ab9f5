/* A person's data as one JSON document.
 *
 * The document is an object of sections. A section is one statement and the
 * names of its columns, and one loop writes them all. Each run of a statement
 * reads a batch of rows after the last one that was written: by id, or by time
 * and id where the index has that order. Comments have sections of their own,
 * since one issue may have more of them than memory should hold. */

#include "desk/person_export.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/enum_name.h"
#include "base/json_writer.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "desk/notification.h"
#include "desk/profile.h"
#include "desk/security_log.h"
#include "desk/user.h"
#include "notification_row.h"

#define BATCH 100		  /* rows */
#define PIECE ((size_t)64 * 1024) /* bytes that are passed on at a time */

enum {
	ACCOUNT,
	PROFILES,
	CUSTOMERS,
	ORDERS,
	ISSUES,
	ISSUE_KEYS,
	ISSUE_COMMENTS,
	OTHER_COMMENTS,
	NOTIFICATIONS,
	SESSIONS,
	TOKENS,
	SECURITY,
	STATEMENTS
};

/* The person's issues (alias i) after a time and an id. */
#define ISSUES_BEHIND                                  \
	"WHERE i.raised_by = ? AND i.created_at >= ? " \
	"AND (i.created_at > ? OR i.id > ?) AND i.deleted_at IS NULL "

#define COMMENT(m)                                                            \
	m ".id, " m ".issue_id, " m ".author_name, " m ".author_kind + 0, " m \
	  ".content, " m ".is_internal, " m ".created_at, " m ".updated_at "

static struct stmt sql[] = {
    [ACCOUNT] = {"SELECT u.id, u.username, u.email, u.email_verified, "
		 "p.email, u.first_name, u.last_name, u.is_active, "
		 "u.wants_mail, u.last_login_at, u.created_at FROM user u "
		 "LEFT JOIN email_proof p ON p.user_id = u.id WHERE u.id = ?"},
    [PROFILES] = {"SELECT p.id, p.kind + 0, p.organization_id, o.name, "
		  "p.is_primary, p.is_active, p.created_at FROM profile p "
		  "LEFT JOIN organization o ON o.id = p.organization_id "
		  "WHERE p.user_id = ? AND p.id > ? ORDER BY p.id LIMIT ?"},
    [CUSTOMERS] = {"SELECT k.id, k.organization_id, o.name, k.created_at "
		   "FROM customer k "
		   "JOIN organization o ON o.id = k.organization_id "
		   "WHERE k.user_id = ? AND k.id > ? ORDER BY k.id LIMIT ?"},
    [ORDERS] = {"SELECT b.id, b.organization_id, o.name, b.order_number, "
		"b.title, v.name, b.created_at FROM purchase b "
		"JOIN organization o ON o.id = b.organization_id "
		"LEFT JOIN vendor v ON v.id = b.vendor_id "
		"WHERE b.user_id = ? AND b.id > ? ORDER BY b.id LIMIT ?"},
    [ISSUES] =
	{"SELECT i.id, i.created_at, i.issue_number, "
	 "i.organization_id, o.name, i.title, i.description, "
	 "i.status + 0, i.priority + 0, i.category + 0, v.name, "
	 "b.order_number, " SQL_FULL_NAME(
	     "cu") ", IF(au.id IS NULL, "
		   "NULL, " SQL_FULL_NAME(
		       "au") "), i.resolved_at, "
			     "i.resolution_notes, i.linear_url, "
			     "i.is_withdrawn, "
			     "i.updated_at FROM issue i "
			     "JOIN organization o ON o.id = i.organization_id "
			     "LEFT JOIN vendor v ON v.id = i.vendor_id "
			     "LEFT JOIN purchase b ON b.id = i.order_id "
			     "LEFT JOIN user cu ON cu.id = i.created_by "
			     "LEFT JOIN profile ap ON ap.id = i.assigned_to "
			     "LEFT JOIN user au ON au.id = "
			     "ap.user_id " ISSUES_BEHIND
			     "ORDER BY i.created_at, i.id LIMIT ?"},
    [ISSUE_KEYS] = {"SELECT i.id, i.created_at FROM issue i " ISSUES_BEHIND
		    "ORDER BY i.created_at, i.id LIMIT ?"},
    /* on the issues between two positions */
    [ISSUE_COMMENTS] = {"SELECT " COMMENT(
	"m") "FROM issue i "
	     "JOIN comment m ON m.issue_id = i.id "
	     "AND NOT m.is_internal AND m.deleted_at IS NULL " ISSUES_BEHIND
	     "AND i.created_at <= ? "
	     "AND (i.created_at < ? OR i.id <= ?) "
	     "AND (m.issue_id > ? OR (m.issue_id = ? "
	     "AND m.id > ?)) ORDER BY m.issue_id, m.id LIMIT ?"},
    /* internal ones only while the person is on the staff there */
    [OTHER_COMMENTS] = {"SELECT " COMMENT(
	"m") ", i.issue_number "
	     "FROM comment m JOIN issue i ON i.id = m.issue_id "
	     "AND i.deleted_at IS NULL "
	     "AND (m.is_internal OR NOT i.raised_by <=> m.author_id) "
	     "WHERE m.author_id = ? AND m.id > ? "
	     "AND m.deleted_at IS NULL AND (NOT m.is_internal OR "
	     "EXISTS (SELECT 1 FROM profile s "
	     "WHERE s.user_id = m.author_id AND s.is_active "
	     "AND s.organization_id = m.organization_id)) "
	     "ORDER BY m.id LIMIT ?"},
    [NOTIFICATIONS] = {"SELECT n.id, n.issue_id, i.issue_number, n.kind + 0, "
		       "n.status + 0, n.actor_name, n.created_at "
		       "FROM notification n JOIN issue i ON i.id = n.issue_id "
		       "WHERE n.user_id = ? AND n.id > ? "
		       "AND " NOTIFICATION_MAY_SEE "ORDER BY n.id LIMIT ?"},
    [SESSIONS] = {"SELECT t.id, t.address, t.created_at, t.last_used_at, "
		  "t.expires_at FROM token t WHERE t.user_id = ? "
		  "AND t.kind = 'session' AND t.id > ? "
		  "ORDER BY t.id LIMIT ?"},
    [TOKENS] = {"SELECT t.id, t.name, t.profile_id, t.address, t.created_at, "
		"t.last_used_at, t.expires_at FROM token t WHERE t.user_id = ? "
		"AND t.kind = 'personal' AND t.id > ? ORDER BY t.id LIMIT ?"},
    [SECURITY] =
	{"SELECT l.id, l.event + 0, IF(a.id IS NULL, NULL, " SQL_FULL_NAME(
	    "a") "), l.address, l.details, l.created_at "
		 "FROM security_log l LEFT JOIN user a ON a.id = l.actor_id "
		 "WHERE l.user_id = ? AND l.id > ? ORDER BY l.id LIMIT ?"},
};

const struct statements person_export_statements = {sql, STATEMENTS};

/* The JSON type of a column. The id 0 is written as null. */
enum kind { AN_ID, A_TEXT, A_SWITCH, A_NAME };

struct column {
	const char *name; /* NULL: the end */
	enum kind kind;
	const struct enum_name *names; /* of A_NAME */
};

/* The columns after "id" and, in sections in the order of time, "created_at".
 */
static const struct column account[] = {{"username", A_TEXT, NULL},
					{"email", A_TEXT, NULL},
					{"email_verified", A_SWITCH, NULL},
					{"email_to_confirm", A_TEXT, NULL},
					{"first_name", A_TEXT, NULL},
					{"last_name", A_TEXT, NULL},
					{"is_active", A_SWITCH, NULL},
					{"wants_mail", A_SWITCH, NULL},
					{"last_login_at", A_TEXT, NULL},
					{"created_at", A_TEXT, NULL},
					{NULL, 0, NULL}};
static const struct column profiles[] = {{"profile_type", A_NAME, role_names},
					 {"organization", AN_ID, NULL},
					 {"organization_name", A_TEXT, NULL},
					 {"is_primary", A_SWITCH, NULL},
					 {"is_active", A_SWITCH, NULL},
					 {"created_at", A_TEXT, NULL},
					 {NULL, 0, NULL}};
static const struct column customers[] = {{"organization", AN_ID, NULL},
					  {"organization_name", A_TEXT, NULL},
					  {"created_at", A_TEXT, NULL},
					  {NULL, 0, NULL}};
static const struct column orders[] = {{"organization", AN_ID, NULL},
				       {"organization_name", A_TEXT, NULL},
				       {"order_number", A_TEXT, NULL},
				       {"title", A_TEXT, NULL},
				       {"vendor_name", A_TEXT, NULL},
				       {"created_at", A_TEXT, NULL},
				       {NULL, 0, NULL}};
static const struct column issues[] = {
    {"issue_number", A_TEXT, NULL},	  {"organization", AN_ID, NULL},
    {"organization_name", A_TEXT, NULL},  {"title", A_TEXT, NULL},
    {"description", A_TEXT, NULL},	  {"status", A_NAME, status_words},
    {"priority", A_NAME, priority_words}, {"category", A_NAME, category_words},
    {"vendor_name", A_TEXT, NULL},	  {"order_number", A_TEXT, NULL},
    {"created_by_name", A_TEXT, NULL},	  {"assigned_to_name", A_TEXT, NULL},
    {"resolved_at", A_TEXT, NULL},	  {"resolution_notes", A_TEXT, NULL},
    {"linear_issue_url", A_TEXT, NULL},	  {"is_withdrawn", A_SWITCH, NULL},
    {"updated_at", A_TEXT, NULL},	  {NULL, 0, NULL}};
#define COMMENT_MEMBERS                                                       \
	{"issue", AN_ID, NULL}, {"author_name", A_TEXT, NULL},                \
	    {"author_kind", A_NAME, author_words}, {"content", A_TEXT, NULL}, \
	    {"is_internal", A_SWITCH, NULL}, {"created_at", A_TEXT, NULL},    \
	{                                                                     \
		"updated_at", A_TEXT, NULL                                    \
	}
static const struct column issue_comments[] = {COMMENT_MEMBERS,
					       {NULL, 0, NULL}};
static const struct column other_comments[] = {
    COMMENT_MEMBERS, {"issue_number", A_TEXT, NULL}, {NULL, 0, NULL}};
static const struct column notifications[] = {{"issue", AN_ID, NULL},
					      {"issue_number", A_TEXT, NULL},
					      {"kind", A_NAME, notice_words},
					      {"status", A_NAME, status_words},
					      {"actor_name", A_TEXT, NULL},
					      {"created_at", A_TEXT, NULL},
					      {NULL, 0, NULL}};
#define USE_MEMBERS                                              \
	{"address", A_TEXT, NULL}, {"created_at", A_TEXT, NULL}, \
	    {"last_used_at", A_TEXT, NULL},                      \
	{                                                        \
		"expires_at", A_TEXT, NULL                       \
	}
static const struct column sessions[] = {USE_MEMBERS, {NULL, 0, NULL}};
static const struct column tokens[] = {{"name", A_TEXT, NULL},
				       {"profile", AN_ID, NULL},
				       USE_MEMBERS,
				       {NULL, 0, NULL}};
static const struct column security[] = {
    {"event", A_NAME, security_event_words},
    {"actor_name", A_TEXT, NULL},
    {"address", A_TEXT, NULL},
    {"details", A_TEXT, NULL},
    {"created_at", A_TEXT, NULL},
    {NULL, 0, NULL}};

/* The position after which the next batch begins. */
struct place {
	usec_t at;
	int64_t id;
};

/* A position before every row. */
static const struct place beginning = {.at = 1};

struct exporting {
	struct ctx *c; /* with an arena for one batch */
	int64_t user_id;
	const struct person_sink *to;
	bool unwanted; /* the receiver wants no more */
};

static void
write_value(struct jsonout *j, const struct column *k, struct rows *rows)
{
	switch (k->kind) {
	case AN_ID:
		json_id(j, k->name, col_int(rows));
		break;
	case A_TEXT:
		json_string(j, k->name, col_text(rows));
		break;
	case A_SWITCH:
		json_bool(j, k->name, col_bool(rows));
		break;
	case A_NAME:
		json_string(j, k->name,
			    enum_name_text(k->names, (int)col_int(rows)));
		break;
	}
}

/* Reads the position of the row. */
static void
read_place(struct place *out, bool by_time, struct rows *rows)
{
	out->id = col_int(rows);
	if (by_time)
		(void)clock_parse(&out->at, col_text(rows));
}

static void
send_on(struct exporting *x)
{
	if (!x->unwanted)
		x->unwanted = !x->to->take(x->to->arg);
}

/* Writes a row whose position has been read. */
static void
write_columns(struct exporting *x, const char *key, const struct column *k,
	      const struct place *at, bool by_time, struct rows *rows)
{
	struct jsonout *j = x->to->json;
	char iso[CLOCK_TEXT];

	json_object(j, key);
	json_integer(j, "id", at->id);
	if (by_time)
		json_string(j, "created_at", clock_iso(iso, at->at));
	for (; k->name; k++)
		write_value(j, k, rows);
	json_end(j);
	if (j->out->len >= PIECE)
		send_on(x);
}

/* Writes a batch, and sets *behind to the position of its last row. */
static void
write_batch(struct exporting *x, const struct column *k, bool by_time,
	    struct place *behind, struct rows *rows)
{
	while (!x->unwanted && rows_next(rows)) {
		read_place(behind, by_time, rows);
		write_columns(x, NULL, k, behind, by_time, rows);
	}
}

static enum err
write_account(struct exporting *x)
{
	struct place at;
	struct rows rows;
	enum err e =
	    db_one(&rows, x->c->db, &sql[ACCOUNT], ARGS(arg_int(x->user_id)));

	if (e)
		return e;
	json_object(x->to->json, NULL);
	read_place(&at, false, &rows);
	write_columns(x, "account", account, &at, false, &rows);
	return OK;
}

static enum err
write_by_id(struct exporting *x, const char *name, int statement,
	    const struct column *k)
{
	struct place behind = beginning;
	struct rows rows = {0};
	enum err e;

	json_array(x->to->json, name);
	do {
		arena_reset(x->c->arena);
		e = db_query(&rows, x->c->db, &sql[statement],
			     ARGS(arg_int(x->user_id), arg_int(behind.id),
				  arg_int(BATCH)));
		if (!e)
			write_batch(x, k, false, &behind, &rows);
	} while (!e && !x->unwanted && rows.count == BATCH);
	json_end(x->to->json);
	return e;
}

static enum err
find_issues(struct rows *out, struct exporting *x, int statement,
	    const struct place *behind)
{
	return db_query(out, x->c->db, &sql[statement],
			ARGS(arg_int(x->user_id), arg_time(behind->at),
			     arg_time(behind->at), arg_int(behind->id),
			     arg_int(BATCH)));
}

static enum err
write_own_issues(struct exporting *x)
{
	struct place behind = beginning;
	struct rows rows = {0};
	enum err e;

	json_array(x->to->json, "issues");
	do {
		arena_reset(x->c->arena);
		e = find_issues(&rows, x, ISSUES, &behind);
		if (!e)
			write_batch(x, issues, true, &behind, &rows);
	} while (!e && !x->unwanted && rows.count == BATCH);
	json_end(x->to->json);
	return e;
}

/* The comments on the issues after `from`, up to `to`. */
static enum err
write_comments_of(struct exporting *x, const struct place *from,
		  const struct place *to)
{
	int64_t issue_id = 0, id = 0;
	struct rows rows = {0};
	struct rows last;
	struct place behind = beginning;
	enum err e;

	do {
		arena_reset(x->c->arena);
		e = db_query(&rows, x->c->db, &sql[ISSUE_COMMENTS],
			     ARGS(arg_int(x->user_id), arg_time(from->at),
				  arg_time(from->at), arg_int(from->id),
				  arg_time(to->at), arg_time(to->at),
				  arg_int(to->id), arg_int(issue_id),
				  arg_int(issue_id), arg_int(id),
				  arg_int(BATCH)));
		if (e)
			return e;
		last = rows;
		while (rows_next(&last)) {
			id = col_int(&last);
			issue_id = col_int(&last);
		}
		write_batch(x, issue_comments, false, &behind, &rows);
	} while (!x->unwanted && rows.count == BATCH);
	return OK;
}

static enum err
write_issue_comments(struct exporting *x)
{
	struct place from, to = beginning;
	struct rows rows = {0};
	size_t n;
	enum err e;

	json_array(x->to->json, "issue_comments");
	do {
		arena_reset(x->c->arena);
		from = to;
		e = find_issues(&rows, x, ISSUE_KEYS, &from);
		n = e ? 0 : rows.count;
		while (!e && rows_next(&rows))
			read_place(&to, true, &rows);
		if (n)
			e = write_comments_of(x, &from, &to);
	} while (!e && !x->unwanted && n == BATCH);
	json_end(x->to->json);
	return e;
}

/* The sections in the order of ids; they come after the issues. */
static enum err
write_rest(struct exporting *x)
{
	static const struct section {
		const char *name;
		int statement;
		const struct column *columns;
	} rest[] = {{"other_comments", OTHER_COMMENTS, other_comments},
		    {"notifications", NOTIFICATIONS, notifications},
		    {"sessions", SESSIONS, sessions},
		    {"personal_tokens", TOKENS, tokens},
		    {"security_log", SECURITY, security}};
	enum err e = OK;

	for (size_t i = 0; !e && i < sizeof(rest) / sizeof(*rest); i++)
		e = write_by_id(x, rest[i].name, rest[i].statement,
				rest[i].columns);
	return e;
}

static enum err
write_sections(struct exporting *x)
{
	char now[CLOCK_TEXT];
	enum err e = write_account(x);

	if (e)
		return e;
	json_string(x->to->json, "exported_at", clock_iso(now, x->c->now));
	e = write_by_id(x, "profiles", PROFILES, profiles);
	if (!e)
		e = write_by_id(x, "customer_records", CUSTOMERS, customers);
	if (!e)
		e = write_by_id(x, "orders", ORDERS, orders);
	if (!e)
		e = write_own_issues(x);
	if (!e)
		e = write_issue_comments(x);
	if (!e)
		e = write_rest(x);
	if (e)
		return e;
	json_end(x->to->json);
	send_on(x);
	return OK;
}

enum err
person_export(struct ctx *c, const struct actor *who, int64_t user_id,
	      const struct person_sink *to)
{
	struct ctx batch = *c;
	struct exporting x = {.c = &batch, .user_id = user_id, .to = to};
	enum err e =
	    security_log_add(c, SECURITY_PERSON_EXPORTED, who, user_id, NULL);

	if (e)
		return e;
	batch.arena = arena_new();
	db_attach(c->db, batch.arena);
	e = write_sections(&x);
	db_attach(c->db, c->arena);
	arena_free(batch.arena);
	return e;
}
