#include "thread_find.h"

#include "db/db.h"
#include "db/statements.h"
#include "mail/return_address.h"

/* More references than this are not looked at. */
#define REFERENCES_MAX 20

enum { SENT_TO, STATEMENTS };

static struct stmt sql[] = {
    [SENT_TO] = {"SELECT 1 FROM mail_job WHERE id = ? AND user_id = ?"},
};

const struct statements mail_thread_find_statements = {sql, STATEMENTS};

/* *mail_id is 0 if the reference names no issue on which they may comment. */
static enum err
find_referred(struct correspondent *out, int64_t *mail_id, struct ctx *c,
	      int64_t user_id, const char *reference)
{
	int64_t issue = 0;
	enum err e = return_message_id_read(&issue, mail_id, c, reference);

	if (!e)
		e = correspondent_find(out, c, user_id, issue);
	if (e || out->who.role == ROLE_NONE)
		*mail_id = 0;
	return e == ERR_NOTFOUND ? OK : e;
}

enum err
thread_find(struct correspondent *out, bool *is_receiver, struct ctx *c,
	    int64_t user_id, const char *const *references, size_t n)
{
	struct correspondent by;
	bool found = false;
	int64_t mail;
	enum err e = OK;

	*is_receiver = false;
	for (size_t i = 0; !e && !*is_receiver && i < n && i < REFERENCES_MAX;
	     i++) {
		e = find_referred(&by, &mail, c, user_id, references[i]);
		if (e || !mail)
			continue;
		e = db_exists(is_receiver, c->db, &sql[SENT_TO],
			      ARGS(arg_int(mail), arg_int(user_id)));
		if (*is_receiver || !found)
			*out = by;
		found = true;
	}
	return e ? e : found ? OK : ERR_NOTFOUND;
}
