/* The sections of the document that a person gets of their data: for each its
 * name, its statement and the names of its columns. A new column or table that
 * is about a person is added here; person_export.c writes what is listed. */

#include "person_section.h"

#include "db/db.h"
#include "db/statements.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "desk/mail_in.h"
#include "desk/notification.h"
#include "desk/profile.h"
#include "desk/security_log.h"
#include "desk/user.h"
#include "notification_row.h"

/* The person's issues (alias i) after a time and an id. */
#define ISSUES_BEHIND                                  \
	"WHERE i.raised_by = ? AND i.created_at >= ? " \
	"AND (i.created_at > ? OR i.id > ?) AND i.deleted_at IS NULL "

#define COMMENT(m)                                                            \
	m ".id, " m ".issue_id, " m ".author_name, " m ".author_kind + 0, " m \
	  ".content, " m ".is_internal, " m ".created_at, " m ".updated_at "

enum {
	ACCOUNT,
	PROFILES,
	CUSTOMERS,
	ORDERS,
	ISSUES,
	ISSUE_KEYS,
	ISSUE_COMMENTS,
	OTHER_COMMENTS,
	FILES,
	MAILS,
	NOTIFICATIONS,
	SESSIONS,
	TOKENS,
	SECURITY,
	STATEMENTS
};

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
    /* internal ones as internal comments; the content is at the address that
     * `url` in the API has */
    [FILES] = {"SELECT f.id, f.issue_id, f.comment_id, f.filename, "
	       "f.content_type, f.size, f.sha256, f.is_internal, f.created_at "
	       "FROM attachment f WHERE f.user_id = ? AND f.id > ? "
	       "AND f.deleted_at IS NULL AND (NOT f.is_internal OR "
	       "EXISTS (SELECT 1 FROM profile s "
	       "WHERE s.user_id = f.user_id AND s.is_active "
	       "AND s.organization_id = f.organization_id)) "
	       "ORDER BY f.id LIMIT ?"},
    /* by which the person acted: others may have named them as the sender */
    [MAILS] = {"SELECT m.id, m.organization_id, o.name, m.issue_id, "
	       "i.issue_number, m.deed + 0, m.from_address, m.subject, "
	       "m.content, m.received_at FROM mail_in m "
	       "JOIN organization o ON o.id = m.organization_id "
	       "JOIN issue i ON i.id = m.issue_id "
	       "WHERE m.user_id = ? AND m.id > ? "
	       "AND m.deed IN ('comment', 'reopening', 'issue') "
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

static const struct column files[] = {{"issue", AN_ID, NULL},
				      {"comment", AN_ID, NULL},
				      {"filename", A_TEXT, NULL},
				      {"content_type", A_TEXT, NULL},
				      {"size", AN_ID, NULL},
				      {"sha256", A_TEXT, NULL},
				      {"is_internal", A_SWITCH, NULL},
				      {"created_at", A_TEXT, NULL},
				      {NULL, 0, NULL}};

static const struct column mails[] = {{"organization", AN_ID, NULL},
				      {"organization_name", A_TEXT, NULL},
				      {"issue", AN_ID, NULL},
				      {"issue_number", A_TEXT, NULL},
				      {"deed", A_NAME, mail_in_deed_words},
				      {"from", A_TEXT, NULL},
				      {"subject", A_TEXT, NULL},
				      {"content", A_TEXT, NULL},
				      {"received_at", A_TEXT, NULL},
				      {NULL, 0, NULL}};

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

struct stmt *const person_issue_keys = &sql[ISSUE_KEYS];

const struct person_section person_sections[PERSON_SECTIONS] = {
    [PERSON_ACCOUNT] = {"account", &sql[ACCOUNT], account},
    [PERSON_PROFILES] = {"profiles", &sql[PROFILES], profiles},
    [PERSON_CUSTOMERS] = {"customer_records", &sql[CUSTOMERS], customers},
    [PERSON_ORDERS] = {"orders", &sql[ORDERS], orders},
    [PERSON_ISSUES] = {"issues", &sql[ISSUES], issues},
    [PERSON_ISSUE_COMMENTS] = {"issue_comments", &sql[ISSUE_COMMENTS],
			       issue_comments},
    [PERSON_OTHER_COMMENTS] = {"other_comments", &sql[OTHER_COMMENTS],
			       other_comments},
    [PERSON_FILES] = {"files", &sql[FILES], files},
    [PERSON_MAILS] = {"mails", &sql[MAILS], mails},
    [PERSON_NOTIFICATIONS] = {"notifications", &sql[NOTIFICATIONS],
			      notifications},
    [PERSON_SESSIONS] = {"sessions", &sql[SESSIONS], sessions},
    [PERSON_TOKENS] = {"personal_tokens", &sql[TOKENS], tokens},
    [PERSON_SECURITY] = {"security_log", &sql[SECURITY], security},
};
