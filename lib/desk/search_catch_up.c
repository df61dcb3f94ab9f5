/* Indexes issues again in the background. Table issue_word lists them: it was
 * the index of an older version, so the issues that this version has not
 * indexed yet are in it already, and others are added when they have to be
 * indexed again. An issue leaves the table in the transaction that indexes
 * it. */

#include "db/db.h"
#include "db/statements.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "desk/search_index.h"
#include "desk/user.h"

#define CATCH_UP_ISSUES	  50
#define CATCH_UP_COMMENTS 100
#define MARK_AT_ONCE	  1000

enum {
	MARK_PERSON,
	MARK_MORE,
	LAST_ISSUE,
	NEXT_OLD,
	READ_OLD,
	READ_COMMENTS,
	FORGET_OLD,
	STATEMENTS
};

static struct stmt sql[] = {
    [MARK_PERSON] = {"INSERT IGNORE INTO issue_word "
		     "(organization_id, word, issue_id) SELECT "
		     "organization_id, LOWER(issue_number), id FROM issue "
		     "WHERE raised_by = ? AND deleted_at IS NULL"},
    [MARK_MORE] = {"INSERT IGNORE INTO issue_word (organization_id, word, "
		   "issue_id) SELECT organization_id, LOWER(issue_number), id "
		   "FROM issue WHERE id > ? AND id <= ?"},
    [LAST_ISSUE] = {"SELECT COALESCE(MAX(id), 0) FROM issue"},
    [NEXT_OLD] = {"SELECT DISTINCT issue_id FROM issue_word "
		  "FORCE INDEX (issue_id) ORDER BY issue_id LIMIT ?"},
    /* Locks the issue, so that its texts do not change meanwhile. */
    [READ_OLD] = {"SELECT i.organization_id, i.issue_number, i.title, "
		  "i.description, (SELECT " SQL_FULL_NAME(
		      "u") " FROM user u WHERE u.id = i.raised_by), "
			   "(SELECT u.email FROM user u WHERE u.id = "
			   "i.raised_by) FROM issue i WHERE i.id = ? "
			   "AND i.deleted_at IS NULL FOR UPDATE"},
    [READ_COMMENTS] = {"SELECT id, content, is_internal FROM comment "
		       "WHERE issue_id = ? AND id > ? AND deleted_at IS NULL "
		       "ORDER BY id LIMIT ?"},
    [FORGET_OLD] = {"DELETE FROM issue_word WHERE issue_id = ?"},
};

const struct statements search_catch_up_statements = {sql, STATEMENTS};

enum err
search_person_changed(struct ctx *c, int64_t user_id)
{
	return db_run(c->db, &sql[MARK_PERSON], ARGS(arg_int(user_id)));
}

enum err
search_all_changed(struct ctx *c)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[LAST_ISSUE], NO_ARGS);
	const int64_t last = e ? 0 : col_int(&rows);

	for (int64_t id = 0; !e && id < last; id += MARK_AT_ONCE)
		e = db_run(c->db, &sql[MARK_MORE],
			   ARGS(arg_int(id), arg_int(id + MARK_AT_ONCE)));
	return e;
}

static enum err
add_comments(struct search_words *w, struct ctx *c, const struct issue *i)
{
	struct comment m = {.issue_id = i->id};
	struct rows rows;
	enum err e;

	do {
		e = db_query(&rows, c->db, &sql[READ_COMMENTS],
			     ARGS(arg_int(i->id), arg_int(m.id),
				  arg_int(CATCH_UP_COMMENTS)));
		while (!e && rows_next(&rows)) {
			m.id = col_int(&rows);
			m.content = col_text(&rows);
			m.is_internal = col_bool(&rows);
			search_words_of_comment(w, i->kind.organization_id, &m);
		}
	} while (!e && rows.count == CATCH_UP_COMMENTS);
	return e;
}

/* The arguments of index_again_within(). */
struct index_again {
	struct ctx *c;
	int64_t issue_id;
};

static enum err
index_whole(struct ctx *c, int64_t id)
{
	struct search_words *w = search_words_new(c);
	struct issue i = {.id = id};
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[READ_OLD], ARGS(arg_int(id)));

	if (e == ERR_NOTFOUND) /* it is deleted */
		return search_forget_issue(c, id);
	if (e)
		return e;
	i.kind.organization_id = col_int(&rows);
	i.issue_number = col_text(&rows);
	i.title = col_text(&rows);
	i.description = col_text(&rows);
	i.raiser_name = col_text(&rows);
	i.raiser_email = col_text(&rows);
	e = search_forget_issue(c, id);
	search_words_of_issue(w, &i);
	if (!e)
		e = add_comments(w, c, &i);
	return e ? e : search_words_write(c, w);
}

static enum err
index_again_within(void *arg)
{
	struct index_again *u = arg;
	enum err e = index_whole(u->c, u->issue_id);

	return e ? e
		 : db_run(u->c->db, &sql[FORGET_OLD],
			  ARGS(arg_int(u->issue_id)));
}

enum err
search_catch_up(bool *more, struct ctx *c)
{
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[NEXT_OLD],
			      ARGS(arg_int(CATCH_UP_ISSUES)));

	*more = !e && rows.count == CATCH_UP_ISSUES;
	while (!e && rows_next(&rows)) {
		struct index_again u = {c, col_int(&rows)};

		e = db_transaction(c->db, index_again_within, &u);
	}
	return e;
}
