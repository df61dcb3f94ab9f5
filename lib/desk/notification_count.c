/* Counts unread notifications, exactly, so that telling how many there are
 * costs the same however many there are.
 *
 * A notification for a whole staff is one row, and so is its counter: scope
 * 'staff' counts all that an organization's staff has ever got, scope 'seen'
 * those of them that a profile has read, or caused. The difference is unread.
 * Scope 'own' counts the unread ones that are for a person alone, for each
 * profile of theirs that is shown them.
 *
 * Counters change in the transaction that changes what they count, and each
 * change first locks the counter, then reads what it counts: a notification is
 * counted before it is added, and one who marks all as read first locks the
 * counters of everything that they could be told. Locks are taken in the order
 * of the key.
 *
 * What is no longer shown, since an issue or a comment is gone, becomes read
 * for everybody (notices_hide), as if they had read it. The marks themselves
 * are notification_read.c's. */

#include "notification_count.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_writer.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/profile.h"
#include "notification_row.h"

enum { STAFF = 1, SEEN, OWN }; /* notification_count.scope */

enum {
	UNREAD,
	ADD,
	TAKE,
	LOCK_PROFILE,
	ALL_READ,
	LOCK_HIDDEN,
	COUNT_HIDDEN,
	FIND_WRONG,
	LOCK_STAFF,
	RECOUNT_STAFF,
	RECOUNT_PROFILE,
	STATEMENTS
};

/* Adds to counters, or only locks them. */
#define INTO  "INSERT INTO notification_count (scope, scope_id, n) "
#define ADDED " ON DUPLICATE KEY UPDATE n = notification_count.n + VALUES(n)"
#define SET   " ON DUPLICATE KEY UPDATE n = VALUES(n)"
#define SUMS(rows)                                               \
	"SELECT scope, scope_id, SUM(n) AS n FROM (" rows ") k " \
	"GROUP BY scope, scope_id ORDER BY scope, scope_id"

/* Notifications that are about to be added, as rows; takes JSON. */
#define NEW_ROWS                                                       \
	"JSON_TABLE(?, '$[*]' COLUMNS (user_id BIGINT PATH '$.user', " \
	"staff_of BIGINT PATH '$.staff_of', actor_id BIGINT PATH "     \
	"'$.actor', organization_id BIGINT PATH '$.organization', "    \
	"raised_by BIGINT PATH '$.raised_by')) j "

/* What the counters of all profiles, or of one, must be. Seen is what the mark
 * in the profile covers, and behind it what the person did, or has read. */
#define OF_PROFILES(which)                                              \
	"SELECT 2 AS scope, p.id AS scope_id, (SELECT COUNT(*) FROM "   \
	"notification n WHERE n.organization_id = p.organization_id "   \
	"AND n.id <= p.notifications_read_to) AS n FROM profile p "     \
	"WHERE p.organization_id IS NOT NULL" which                     \
	" UNION ALL SELECT 2, p.id, COUNT(*) FROM notification n "      \
	"JOIN profile p ON p.user_id = n.actor_id "                     \
	"AND p.organization_id = n.organization_id "                    \
	"WHERE n.id > p.notifications_read_to" which " GROUP BY p.id"   \
	" UNION ALL SELECT 2, p.id, COUNT(*) FROM notification_read r " \
	"JOIN profile p ON p.id = r.profile_id JOIN notification n "    \
	"ON n.id = r.notification_id AND n.organization_id = "          \
	"p.organization_id WHERE n.id > p.notifications_read_to "       \
	"AND " NOTICE_IS_OTHERS which " GROUP BY p.id"                  \
	" UNION ALL SELECT 3, p.id, COUNT(*) FROM profile p "           \
	"JOIN notification n ON n.user_id = p.user_id "                 \
	"JOIN issue i ON i.id = n.issue_id AND " NOTICE_IS_ITS(         \
	    "i") " WHERE " NOTICE_IS_UNREAD which " GROUP BY p.id"
#define OF_STAFF                                                         \
	"SELECT 1 AS scope, organization_id AS scope_id, COUNT(*) AS n " \
	"FROM notification WHERE organization_id IS NOT NULL "           \
	"GROUP BY organization_id"
#define ONE " AND p.id = ?"

static struct stmt sql[] = {
    [UNREAD] = {"SELECT " UNREAD_COLUMNS},
    [ADD] = {INTO SUMS(
	"SELECT 1 AS scope, j.staff_of AS scope_id, 1 AS n FROM " NEW_ROWS
	"WHERE j.staff_of IS NOT NULL "
	"UNION ALL SELECT 2, p.id, 1 FROM " NEW_ROWS
	"STRAIGHT_JOIN profile p ON p.user_id = j.actor_id "
	"AND p.organization_id = j.staff_of "
	"UNION ALL SELECT 3, p.id, 1 FROM " NEW_ROWS
	"STRAIGHT_JOIN profile p ON p.user_id = j.user_id "
	"AND " NOTICE_IS_ITS("j")) ADDED},
    [TAKE] = {INTO "VALUES (?, ?, ?)" ADDED},
    [LOCK_PROFILE] = {INTO "SELECT 1, p.organization_id, 0 FROM profile p "
			   "WHERE p.id = ? AND p.organization_id IS NOT NULL "
			   "UNION ALL SELECT 2, p.id, 0 FROM profile p "
			   "WHERE p.id = ? AND p.organization_id IS NOT NULL "
			   "UNION ALL SELECT 3, p.id, 0 FROM profile p "
			   "WHERE p.id = ?" ADDED},
    [ALL_READ] = {"UPDATE notification_count k JOIN profile p "
		  "ON p.id = k.scope_id LEFT JOIN notification_count s "
		  "ON s.scope = 'staff' AND s.scope_id = p.organization_id "
		  "SET k.n = IF(k.scope = 'seen', s.n, 0) "
		  "WHERE k.scope IN ('seen', 'own') AND k.scope_id = ?"},
    [LOCK_HIDDEN] = {INTO "SELECT 2 AS scope, p.id AS scope_id, 0 "
			  "FROM notification n JOIN profile p "
			  "ON p.organization_id = n.organization_id "
			  "WHERE n.issue_id = ? UNION SELECT 3, p.id, 0 "
			  "FROM notification n JOIN profile p "
			  "ON p.user_id = n.user_id WHERE n.issue_id = ? "
			  "ORDER BY scope, scope_id" ADDED},
    [COUNT_HIDDEN] = {INTO SUMS(NOTICES_HIDDEN(NOTICE_OF_ISSUE)) ADDED},
    [FIND_WRONG] = {"SELECT k.scope, k.scope_id, SUM(k.was), SUM(k.n) FROM ("
		    "SELECT scope + 0 AS scope, scope_id, n AS was, 0 AS n "
		    "FROM notification_count UNION ALL "
		    "SELECT scope, scope_id, 0, n FROM (" OF_STAFF ") s "
		    "UNION ALL SELECT scope, scope_id, 0, n FROM (" OF_PROFILES(
			"") ") p) k GROUP BY k.scope, k.scope_id "
			    "HAVING SUM(k.was) <> SUM(k.n) "
			    "ORDER BY k.scope, k.scope_id LIMIT ?"},
    [LOCK_STAFF] = {INTO "VALUES (1, ?, 0)" ADDED},
    [RECOUNT_STAFF] = {INTO "SELECT 1, ?, COUNT(*) FROM notification "
			    "WHERE organization_id = ?" SET},
    [RECOUNT_PROFILE] = {INTO SUMS("SELECT 3 AS scope, ? AS scope_id, 0 AS n "
				   "UNION ALL " OF_PROFILES(ONE)) SET},
};

const struct statements notification_count_statements = {sql, STATEMENTS};

/* Never below 0, whatever a process of an older version has left out. */
static int64_t
col_count(struct rows *rows)
{
	const int64_t n = col_int(rows);

	return n > 0 ? n : 0;
}

void
unread_args(struct arg out[UNREAD_ARGS], const struct actor *who)
{
	out[0] = out[2] = arg_int(who->profile_id);
	out[1] = arg_int(who->organization_id);
}

void
unread_read(struct unread *out, struct rows *rows)
{
	out->own = col_count(rows);
	out->staff = col_count(rows);
}

enum err
unread_of_actor(struct unread *out, struct ctx *c, const struct actor *who)
{
	struct arg args[UNREAD_ARGS];
	struct rows rows;
	enum err e;

	unread_args(args, who);
	e = db_one(&rows, c->db, &sql[UNREAD], args, UNREAD_ARGS);
	if (!e)
		unread_read(out, &rows);
	return e;
}

/* Leaves out what is 0: then it is NULL in NEW_ROWS. */
static void
put_id(struct jsonout *j, const char *name, int64_t id)
{
	if (id)
		json_integer(j, name, id);
}

static const char *
added_json(struct ctx *c, const struct notice_added *list, size_t n)
{
	struct jsonout j;
	struct buf b;
	const char *text;

	buf_init(&b, n * 128 + 16);
	json_begin(&j, &b);
	json_array(&j, NULL);
	for (size_t i = 0; i < n; i++) {
		json_object(&j, NULL);
		put_id(&j, "user", list[i].user_id);
		put_id(&j, "staff_of", list[i].staff_of);
		put_id(&j, "actor", list[i].actor_id);
		put_id(&j, "organization", list[i].organization_id);
		put_id(&j, "raised_by", list[i].raised_by);
		json_end(&j);
	}
	json_end(&j);
	text = arena_memdup(c->arena, b.data, b.len);
	buf_release(&b);
	return text;
}

enum err
unread_add(struct ctx *c, const struct notice_added *list, size_t n)
{
	struct arg json;

	if (!n)
		return OK;
	json = arg_text(added_json(c, list, n));
	return db_run(c->db, &sql[ADD], ARGS(json, json, json));
}

enum err
unread_take(struct ctx *c, int64_t profile_id, bool own)
{
	return db_run(c->db, &sql[TAKE],
		      ARGS(arg_int(own ? OWN : SEEN), arg_int(profile_id),
			   arg_int(own ? -1 : 1)));
}

enum err
notices_hide(struct ctx *c, int64_t issue_id)
{
	const struct arg id = arg_int(issue_id);
	enum err e = db_run(c->db, &sql[LOCK_HIDDEN], ARGS(id, id));

	if (!e)
		e = db_run(c->db, &sql[COUNT_HIDDEN], ARGS(id, id));
	return e ? e : notices_mark_hidden(c, issue_id);
}

/* The arguments of the functions that run in a transaction. */
struct unread_change {
	struct ctx *c;
	int64_t scope, id;
};

static enum err
lock_profile(const struct unread_change *g)
{
	const struct arg id = arg_int(g->id);

	return db_run(g->c->db, &sql[LOCK_PROFILE], ARGS(id, id, id));
}

static enum err
end_within(void *arg)
{
	const struct unread_change *g = arg;
	enum err e = lock_profile(g);

	if (!e)
		e = profile_read_notifications(g->c, g->id);
	return e ? e : db_run(g->c->db, &sql[ALL_READ], ARGS(arg_int(g->id)));
}

enum err
unread_end(struct ctx *c, int64_t profile_id)
{
	struct unread_change g = {.c = c, .id = profile_id};

	return db_transaction(c->db, end_within, &g);
}

enum err
unread_find_wrong(struct unread_miscount **out, size_t *n, struct ctx *c,
		  int64_t limit)
{
	static const char *const names[] = {[STAFF] = "notifications of staff",
					    [SEEN] = "notifications seen",
					    [OWN] = "unread notifications"};
	struct unread_miscount *m;
	struct rows rows;
	enum err e =
	    db_query(&rows, c->db, &sql[FIND_WRONG], ARGS(arg_int(limit)));

	if (e)
		return e;
	*n = rows.count;
	*out = m = arena_alloc(c->arena, (rows.count + 1) * sizeof(*m));
	for (; rows_next(&rows); m++) {
		m->scope = col_int(&rows);
		m->name = names[m->scope];
		m->scope_id = col_int(&rows);
		m->stored = col_int(&rows);
		m->real = col_int(&rows);
	}
	return OK;
}

static enum err
recount_within(void *arg)
{
	const struct unread_change *g = arg;
	const struct arg id = arg_int(g->id);
	struct db *db = g->c->db;
	enum err e;

	if (g->scope == STAFF) {
		e = db_run(db, &sql[LOCK_STAFF], ARGS(id));
		return e ? e : db_run(db, &sql[RECOUNT_STAFF], ARGS(id, id));
	}
	e = lock_profile(g);
	return e ? e
		 : db_run(db, &sql[RECOUNT_PROFILE], ARGS(id, id, id, id, id));
}

/* What an older version has hidden is marked first, and then counted. */
enum err
unread_repair(int64_t *n, struct ctx *c)
{
	struct unread_miscount *list;
	size_t found;
	enum err e = notices_mark_all_hidden(c);

	if (!e)
		e = unread_find_wrong(&list, &found, c, INT64_MAX);
	if (e)
		return e;

	for (size_t i = 0; !e && i < found; i++) {
		struct unread_change g = {c, list[i].scope, list[i].scope_id};

		e = db_transaction(c->db, recount_within, &g);
	}
	if (!e)
		*n = (int64_t)found;
	return e;
}
