/* The content of files: which there is, how much of it an organization has, and
 * when its file may be removed; stored_file.h has the rules. Statements of one
 * content are serialized by its row, those that add to an organization's usage
 * by the row of file_usage. */

#include "desk/stored_file.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "db/statements.h"

enum {
	USE,
	COUNT,
	UNCOUNT,
	REFUSE,
	UNUSED,
	USED_AGAIN,
	DOOMED,
	ORPHAN,
	DELETE,
	EXISTS,
	LIST,
	LIST_FOLDER,
	DIFFERING,
	REPAIR,
	STATEMENTS
};

/* A content of `stored_file s` that no file has. */
#define NOT_USED                                                 \
	"NOT EXISTS (SELECT 1 FROM attachment a "                \
	"WHERE a.organization_id = stored_file.organization_id " \
	"AND a.sha256 = stored_file.sha256)"

#define SUM                                                    \
	"(SELECT COALESCE(SUM(s.size), 0) FROM stored_file s " \
	"WHERE s.organization_id = o.id)"

static struct stmt sql[] = {
    [USE] = {"INSERT INTO stored_file (organization_id, sha256, size, uses, "
	     "created_at) VALUES (?, ?, ?, LAST_INSERT_ID(1), ?) "
	     "ON DUPLICATE KEY UPDATE deleting_at = NULL, "
	     "size = VALUES(size), uses = LAST_INSERT_ID(uses + 1)"},
    [COUNT] = {"INSERT INTO file_usage (organization_id, bytes) "
	       "VALUES (?, LAST_INSERT_ID(?)) ON DUPLICATE KEY UPDATE "
	       "bytes = LAST_INSERT_ID(bytes + VALUES(bytes))"},
    [UNCOUNT] = {"UPDATE file_usage SET bytes = bytes - ? "
		 "WHERE organization_id = ?"},
    [REFUSE] = {"DELETE FROM stored_file WHERE organization_id = ? "
		"AND sha256 = ?"},
    [UNUSED] = {"UPDATE stored_file SET deleting_at = ? "
		"WHERE organization_id = ? AND sha256 = ? "
		"AND deleting_at IS NULL AND " NOT_USED},
    [USED_AGAIN] = {"UPDATE stored_file SET deleting_at = NULL "
		    "WHERE deleting_at IS NOT NULL AND NOT (" NOT_USED ")"},
    [DOOMED] = {"SELECT organization_id, sha256, size, deleting_at "
		"FROM stored_file WHERE deleting_at IS NOT NULL "
		"ORDER BY deleting_at LIMIT ?"},
    [ORPHAN] = {"INSERT IGNORE INTO stored_file (organization_id, sha256, "
		"size, uses, created_at, deleting_at) VALUES (?, ?, 0, 0, ?, "
		"?)"},
    [DELETE] = {"DELETE FROM stored_file WHERE organization_id = ? "
		"AND sha256 = ? AND deleting_at IS NOT NULL AND " NOT_USED},
    [EXISTS] = {"SELECT 1 FROM stored_file WHERE organization_id = ? "
		"AND sha256 = ?"},
    [LIST] = {"SELECT organization_id, sha256, size, deleting_at "
	      "FROM stored_file WHERE organization_id > ? "
	      "OR (organization_id = ? AND sha256 > ?) "
	      "ORDER BY organization_id, sha256 LIMIT ?"},
    [LIST_FOLDER] = {"SELECT organization_id, sha256, size, deleting_at "
		     "FROM stored_file WHERE organization_id = ? "
		     "AND sha256 LIKE CONCAT(?, '%')"},
    [DIFFERING] = {"SELECT o.id, " SUM " FROM organization o "
		   "LEFT JOIN file_usage u ON u.organization_id = o.id "
		   "WHERE COALESCE(u.bytes, 0) <> " SUM},
    [REPAIR] = {"INSERT INTO file_usage (organization_id, bytes) "
		"SELECT o.id, " SUM " FROM organization o WHERE o.id = ? "
		"ON DUPLICATE KEY UPDATE bytes = VALUES(bytes)"},
};

const struct statements stored_file_statements = {sql, STATEMENTS};

static enum err
uncount_bytes(struct ctx *c, int64_t organization_id, int64_t size)
{
	return db_run(c->db, &sql[UNCOUNT],
		      ARGS(arg_int(size), arg_int(organization_id)));
}

/* Takes back what was written of a content that is beyond the quota. A file
 * that an interrupted upload left of it is found again by the sweep. */
static enum err
refuse_content(struct ctx *c, int64_t organization_id, const char *sha256,
	       int64_t size)
{
	enum err e = uncount_bytes(c, organization_id, size);

	if (!e)
		e = db_run(c->db, &sql[REFUSE],
			   ARGS(arg_int(organization_id), arg_text(sha256)));
	return e ? e : ERR_FULL;
}

/* Adds a new content to the usage of the organization. */
static enum err
count_bytes(struct ctx *c, int64_t organization_id, const char *sha256,
	    int64_t size)
{
	const long quota = c->conf->files_quota;
	enum err e;

	if (!organization_id)
		return OK;
	e = db_run(c->db, &sql[COUNT],
		   ARGS(arg_int(organization_id), arg_int(size)));
	if (e || !quota || db_insert_id(c->db) <= quota)
		return e;
	return refuse_content(c, organization_id, sha256, size);
}

enum err
stored_file_use(struct ctx *c, int64_t organization_id, const char *sha256,
		int64_t size, content_keep *keep, void *arg)
{
	enum err e = db_run(c->db, &sql[USE],
			    ARGS(arg_int(organization_id), arg_text(sha256),
				 arg_int(size), arg_time(c->now)));

	if (!e && db_insert_id(c->db) == 1)
		e = count_bytes(c, organization_id, sha256, size);
	if (e)
		return e;
	return keep(arg, c, organization_id, sha256) ? OK : ERR_DB;
}

enum err
stored_file_unused(struct ctx *c, int64_t organization_id, const char *sha256)
{
	return db_run(
	    c->db, &sql[UNUSED],
	    ARGS(arg_time(c->now), arg_int(organization_id), arg_text(sha256)));
}

static void
read_files(struct stored_file **out, size_t *n, struct ctx *c,
	   struct rows *rows)
{
	struct stored_file *f =
	    arena_alloc(c->arena, (rows->count + 1) * sizeof(*f));

	*out = f;
	*n = rows->count;
	for (; rows_next(rows); f++) {
		f->organization_id = col_int(rows);
		(void)snprintf(f->sha256, sizeof(f->sha256), "%s",
			       col_text(rows));
		f->size = col_int(rows);
		f->deleting_at = col_text(rows);
	}
}

enum err
stored_file_doomed(struct stored_file **out, size_t *n, struct ctx *c,
		   int64_t limit)
{
	struct rows rows;
	enum err e = db_run(c->db, &sql[USED_AGAIN], NO_ARGS);

	if (!e)
		e = db_query(&rows, c->db, &sql[DOOMED], ARGS(arg_int(limit)));
	if (!e)
		read_files(out, n, c, &rows);
	return e;
}

enum err
stored_file_orphan(bool *ours, struct ctx *c, int64_t organization_id,
		   const char *sha256)
{
	enum err e = db_run(c->db, &sql[ORPHAN],
			    ARGS(arg_int(organization_id), arg_text(sha256),
				 arg_time(c->now), arg_time(c->now)));

	if (!e)
		*ours = db_affected(c->db) > 0;
	return e;
}

/* The arguments of delete_content_within(). */
struct deletion {
	struct ctx *c;
	const struct stored_file *f;
	bool gone;
};

static enum err
delete_content_within(void *arg)
{
	struct deletion *d = arg;
	struct ctx *c = d->c;
	const struct stored_file *f = d->f;
	enum err e =
	    db_run(c->db, &sql[DELETE],
		   ARGS(arg_int(f->organization_id), arg_text(f->sha256)));

	if (e)
		return e;
	d->gone = db_affected(c->db) > 0;
	return d->gone ? uncount_bytes(c, f->organization_id, f->size) : OK;
}

enum err
stored_file_delete(bool *gone, struct ctx *c, const struct stored_file *f)
{
	struct deletion d = {.c = c, .f = f};
	enum err e = db_transaction(c->db, delete_content_within, &d);

	if (!e)
		*gone = d.gone;
	return e;
}

enum err
stored_file_exists(bool *out, struct ctx *c, int64_t organization_id,
		   const char *sha256)
{
	return db_exists(out, c->db, &sql[EXISTS],
			 ARGS(arg_int(organization_id), arg_text(sha256)));
}

enum err
stored_file_list(struct stored_file **out, size_t *n, struct ctx *c,
		 const struct stored_file *behind, int64_t limit)
{
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[LIST],
			      ARGS(arg_int(behind->organization_id),
				   arg_int(behind->organization_id),
				   arg_text(behind->sha256), arg_int(limit)));

	if (!e)
		read_files(out, n, c, &rows);
	return e;
}

enum err
stored_file_list_folder(struct stored_file **out, size_t *n, struct ctx *c,
			int64_t organization_id, const char *start)
{
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[LIST_FOLDER],
			      ARGS(arg_int(organization_id), arg_text(start)));

	if (!e)
		read_files(out, n, c, &rows);
	return e;
}

enum err
stored_file_check_usage(int64_t *n, struct ctx *c, bool repair)
{
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[DIFFERING], NO_ARGS);

	if (e)
		return e;
	*n = (int64_t)rows.count;
	while (!e && repair && rows_next(&rows))
		e = db_run(c->db, &sql[REPAIR], ARGS(arg_int(col_int(&rows))));
	return e;
}
