/* The tables mail_in and mail_in_part; beside mail_in_upkeep.c no other file
 * writes them. A mail is stored in parts in the transaction that adds its row.
 * It is `new` until docket-sync has applied it; a lease says which process
 * works on it. What is decided about mails is in lib/mail/decide.c, what they
 * do in apply.c, and how staff read them in mail_in_list.c. */
#include "desk/mail_in.h"

#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "db/db.h"
#include "db/lease.h"
#include "db/statements.h"

/* Less than what servers take in one packet (16 MiB), or in one entry of their
 * log. */
#define PART_BYTES ((size_t)4 << 20)

/* Longer than a child may take to parse a mail. */
#define LEASE_S 180

enum {
	STORE,
	STORE_PART,
	OF_RECIPIENT,
	DUE,
	LEASE,
	PARTS,
	RELEASE,
	LEASE_OWNERS,
	BREAK_LEASES,
	LOCK,
	END,
	DEEDS_OF_USER,
	DEEDS_OF_ORGANIZATION,
	DEEDS_OF_ISSUE,
	STATEMENTS
};

#define DEEDS(owner)                                                        \
	"SELECT COUNT(*) FROM mail_in WHERE " owner                         \
	" = ? AND received_at > ? AND (deed = ? OR (? IS NULL AND deed IS " \
	"NOT NULL))"

static struct stmt sql[] = {
    [STORE] = {"INSERT INTO mail_in (received_at, recipient, sender, "
	       "message_hash, size, run_at) VALUES (?, ?, ?, ?, ?, ?)"},
    [STORE_PART] = {"INSERT INTO mail_in_part (mail_id, place, data) "
		    "VALUES (?, ?, ?)"},
    [OF_RECIPIENT] = {"SELECT COUNT(*) FROM mail_in WHERE recipient = ? "
		      "AND received_at > ?"},
    [DUE] = {"SELECT id, recipient, sender, received_at, attempts "
	     "FROM mail_in WHERE state = 'new' AND run_at <= ? "
	     "AND (lease_until IS NULL OR lease_until < ?) "
	     "ORDER BY run_at, id LIMIT ? FOR UPDATE SKIP LOCKED"},
    [LEASE] = {"UPDATE mail_in m JOIN JSON_TABLE(?, '$[*]' COLUMNS "
	       "(id BIGINT PATH '$')) j ON j.id = m.id "
	       "SET m.lease_owner = ?, m.lease_until = ?"},
    [PARTS] = {"SELECT data FROM mail_in_part WHERE mail_id = ? "
	       "ORDER BY place"},
    [RELEASE] = {"UPDATE mail_in SET run_at = ?, attempts = attempts + ?, "
		 "lease_owner = NULL, lease_until = NULL "
		 "WHERE id = ? AND lease_owner = ? AND state = 'new'"},
    [LEASE_OWNERS] = {"SELECT DISTINCT lease_owner FROM mail_in "
		      "WHERE state = 'new' AND lease_until > ?"},
    [BREAK_LEASES] = {"UPDATE mail_in SET lease_owner = NULL, "
		      "lease_until = NULL WHERE state = 'new' "
		      "AND lease_owner = ?"},
    [LOCK] = {"SELECT 1 FROM mail_in WHERE id = ? AND state = 'new' "
	      "AND lease_owner = ? FOR UPDATE"},
    [END] = {"UPDATE mail_in SET state = ?, reason = LEFT(?, 255), deed = ?, "
	     "organization_id = ?, issue_id = ?, comment_id = ?, user_id = ?, "
	     "from_address = ?, from_name = LEFT(?, 255), "
	     "subject = LEFT(?, 1000), content = ?, whole = ?, "
	     "decided_at = ?, decided_by = ?, lease_owner = NULL, "
	     "lease_until = NULL WHERE id = ?"},
    [DEEDS_OF_USER] = {DEEDS("user_id")},
    [DEEDS_OF_ORGANIZATION] = {DEEDS("organization_id")},
    [DEEDS_OF_ISSUE] = {DEEDS("issue_id")},
};

const struct statements mail_in_statements = {sql, STATEMENTS};

const struct enum_name mail_in_state_words[] = {
    {"new", MAIL_IN_NEW},
    {"done", MAIL_IN_DONE},
    {"held", MAIL_IN_HELD},
    {"auto", MAIL_IN_AUTO},
    {"bounce", MAIL_IN_BOUNCE},
    {"refused", MAIL_IN_REFUSED},
    {"failed", MAIL_IN_FAILED},
    {"discarded", MAIL_IN_DISCARDED},
    {NULL, 0}};

const struct enum_name mail_in_deed_words[] = {{"comment", MAIL_IN_COMMENT},
					       {"reopening", MAIL_IN_REOPENING},
					       {"issue", MAIL_IN_ISSUE},
					       {"bounce", MAIL_IN_BOUNCED},
					       {NULL, 0}};

/* --- the door ------------------------------------------------------------ */

/* The arguments of store_within(). */
struct storing {
	struct ctx *c;
	const char *recipient, *sender;
	const unsigned char *message_hash;
	const char *raw;
	size_t n;
};

static enum err
store_within(void *arg)
{
	const struct storing *s = arg;
	struct ctx *c = s->c;
	int64_t id, place = 0;
	enum err e = db_run(c->db, &sql[STORE],
			    ARGS(arg_time(c->now), arg_text(s->recipient),
				 arg_text(s->sender),
				 arg_bytes(s->message_hash, HASH_BYTES),
				 arg_int((int64_t)s->n), arg_time(c->now)));

	if (e)
		return e;
	id = db_insert_id(c->db);
	for (size_t at = 0, size; !e && at < s->n; at += size, place++) {
		size = s->n - at < PART_BYTES ? s->n - at : PART_BYTES;
		e = db_run(c->db, &sql[STORE_PART],
			   ARGS(arg_int(id), arg_int(place),
				arg_bytes(s->raw + at, size)));
	}
	return e;
}

enum err
mail_in_store(struct ctx *c, const char *recipient, const char *sender,
	      const unsigned char *message_hash, const char *raw, size_t n)
{
	struct storing s = {c, recipient, sender, message_hash, raw, n};
	enum err e = db_transaction(c->db, store_within, &s);

	return e == ERR_CONFLICT ? OK : e;
}

enum err
mail_in_count_of_recipient(int64_t *out, struct ctx *c, const char *recipient,
			   usec_t since)
{
	return db_number(out, c->db, &sql[OF_RECIPIENT],
			 ARGS(arg_text(recipient), arg_time(since)));
}

/* --- the queue ----------------------------------------------------------- */

/* The arguments of lease_mails_in(). */
struct mail_in_leasing {
	struct ctx *c;
	const char *owner;
	struct mail_in_job *out;
	size_t count, n;
};

static enum err
lease_mails_in(void *arg)
{
	struct mail_in_leasing *l = arg;
	struct ctx *c = l->c;
	int64_t *ids = arena_alloc(c->arena, (l->n + 1) * sizeof(*ids));
	struct rows rows;
	enum err e = db_query(
	    &rows, c->db, &sql[DUE],
	    ARGS(arg_time(c->now), arg_time(c->now), arg_int((int64_t)l->n)));

	l->count = 0;
	while (!e && rows_next(&rows)) {
		struct mail_in_job *j = &l->out[l->count++];

		j->id = col_int(&rows);
		j->recipient = col_text(&rows);
		j->sender = col_text(&rows);
		j->received_at = col_time(&rows);
		j->attempts = col_int(&rows);
		ids[l->count - 1] = j->id;
	}
	return e ? e
		 : lease_rows(c, &sql[LEASE], ids, l->count, l->owner,
			      c->now + LEASE_S * USEC_PER_SEC);
}

enum err
mail_in_lease(struct mail_in_job *out, size_t *count, struct ctx *c,
	      const char *owner, size_t n)
{
	struct mail_in_leasing l = {.c = c, .owner = owner, .out = out, .n = n};
	enum err e = db_transaction(c->db, lease_mails_in, &l);

	*count = e ? 0 : l.count;
	return e;
}

enum err
mail_in_raw(const char **raw, size_t *n, struct ctx *c, int64_t id)
{
	struct rows rows, sizes;
	const char *part;
	char *all;
	size_t size;
	enum err e = db_query(&rows, c->db, &sql[PARTS], ARGS(arg_int(id)));

	if (e)
		return e;
	*n = 0;
	for (sizes = rows; rows_next(&sizes); *n += size)
		(void)col_bytes(&sizes, &size);
	*raw = all = arena_alloc(c->arena, *n + 1);
	for (; rows_next(&rows); all += size) {
		part = col_bytes(&rows, &size);
		memcpy(all, part, size);
	}
	return OK;
}

enum err
mail_in_release(struct ctx *c, const char *owner, int64_t id, usec_t run_at,
		bool failed)
{
	return db_run(c->db, &sql[RELEASE],
		      ARGS(arg_time(run_at), arg_int(failed), arg_int(id),
			   arg_text(owner)));
}

enum err
mail_in_break_leases(struct ctx *c, const char *host)
{
	struct rows rows;
	const char *owner;
	enum err e =
	    db_query(&rows, c->db, &sql[LEASE_OWNERS], ARGS(arg_time(c->now)));

	while (!e && (owner = lease_next_dead(&rows, host)))
		e = db_run(c->db, &sql[BREAK_LEASES], ARGS(arg_text(owner)));
	return e;
}

enum err
mail_in_lock(struct ctx *c, const char *owner, int64_t id)
{
	struct rows rows;

	return db_one(&rows, c->db, &sql[LOCK],
		      ARGS(arg_int(id), arg_text(owner)));
}

enum err
mail_in_end(struct ctx *c, int64_t id, const struct mail_in_outcome *o)
{
	return db_run(
	    c->db, &sql[END],
	    ARGS(arg_int(o->state), arg_text(o->reason), arg_id(o->deed),
		 arg_id(o->organization_id), arg_id(o->issue_id),
		 arg_id(o->comment_id), arg_id(o->user_id), arg_text(o->from),
		 arg_text(o->from_name), arg_text(o->subject),
		 arg_text(o->content), arg_text(o->whole), arg_time(c->now),
		 arg_id(o->decided_by), arg_int(id)));
}

enum err
mail_in_count(int64_t *out, struct ctx *c, enum mail_in_owner which, int64_t id,
	      enum mail_in_deed deed, usec_t since)
{
	static const int statements[] = {[MAIL_IN_OF_USER] = DEEDS_OF_USER,
					 [MAIL_IN_OF_ORGANIZATION] =
					     DEEDS_OF_ORGANIZATION,
					 [MAIL_IN_OF_ISSUE] = DEEDS_OF_ISSUE};

	return db_number(
	    out, c->db, &sql[statements[which]],
	    ARGS(arg_int(id), arg_time(since), arg_id(deed), arg_id(deed)));
}
