/* Restores a backup (backup.c has its files) into an empty database, brings
 * that to the current schema and prepares it (admin/after_restore.h);
 * `after-restore` does the latter alone, for a database that was restored by
 * other means. Nothing else may use the database meanwhile. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "admin/after_restore.h"
#include "admin/verify.h"
#include "backup.h"
#include "base/arena.h"
#include "base/conf.h"
#include "child.h"
#include "command_line.h"
#include "db/db.h"
#include "db/migrate.h"
#include "db/provision.h"
#include "docketctl.h"
#include "files.h"
#include "files/store.h"
#include "files/verify.h"

static enum err
check_files(struct call *call, const char *dir)
{
	const char *const in = arena_printf(call->c->arena, "--chdir=%s", dir);
	const char *const check[] = {"env",	in,	   "sha256sum",
				     "--check", "--quiet", "--strict",
				     SUMS,	NULL};
	const char *failed;

	if (access(backup_file(call, dir, SUMS), R_OK) != 0)
		return refuse(call, ERR_NOTFOUND,
			      "%s is not a complete backup: it has no " SUMS,
			      dir);
	return run_pipeline((const char *const *const[]){check, NULL}, -1, -1,
			    &failed)
		   ? OK
		   : refuse(call, ERR_INVALID,
			    "%s is damaged: it differs from its " SUMS, dir);
}

/* What is restored under running programs would be mixed with their changes. */
static enum err
check_unused(struct call *call)
{
	int64_t others;
	enum err e = count_other_connections(&others, call->c);

	if (e || !others)
		return e;
	return refuse(call, ERR_CONFLICT,
		      "the database is in use by %lld other connections: stop "
		      "Docket first",
		      (long long)others);
}

static enum err
make_empty(struct call *call)
{
	struct ctx *c = call->c;
	size_t tables;
	enum err e = count_tables(&tables, c);

	if (e || !tables)
		return e;
	if (!given_switch(call, "replace"))
		return refuse(call, ERR_CONFLICT,
			      "the database is not empty; --replace deletes "
			      "what it holds");
	return provision_again(c, c->conf->db_name);
}

static enum err
load_dump(struct call *call, const char *dir)
{
	struct command load = mariadb_command(call, "mariadb");
	static const char *const unpack[] = {"gzip", "--decompress", "--stdout",
					     NULL};
	const int from =
	    open(backup_file(call, dir, DUMP), O_RDONLY | O_CLOEXEC);
	enum err e;

	if (from < 0)
		return refuse(call, ERR_NOTFOUND, "cannot read %s/%s: %s", dir,
			      DUMP, strerror(errno));
	add_arg(&load, call->c->conf->db_name);
	e = run_children(call,
			 (const char *const *const[]){unpack, load.args, NULL},
			 from, -1);
	close(from);
	return e;
}

/* What the backup has of the files that the database has now; others may be in
 * FILES_DIR still. */
static enum err
restore_files(struct call *call, const char *dir)
{
	const char *const from = backup_file(call, dir, FILES);
	struct files_copied copied;
	enum err e;

	if (access(from, R_OK) != 0)
		return OK; /* made without them */
	if (!store_prepare(call->c->conf))
		return refuse(call, ERR_INVALID, "cannot write to %s: %s",
			      call->c->conf->files_dir, strerror(errno));
	e = files_copy(&copied, call->c, from, call->c->conf->files_dir,
		       say_file_fault, call);
	if (e && !*db_error(call->c->db))
		return refuse(call, ERR_INVALID, "cannot copy the files: %s",
			      strerror(errno));
	return e;
}

static void
print_restored(struct call *call, const struct restored *r)
{
	static const char *const columns[] = {
	    "first_new_id",	"left_gap", "mails_held",    "mails_in_held",
	    "logins_ended",	"erased",   "erased_failed", "adopted",
	    "without_customer", NULL};
	struct table s;

	table_init(&s, call, columns);
	put_int_cell(&s, r->first_id);
	put_bool_cell(&s, r->left_gap);
	put_int_cell(&s, r->mails_held);
	put_int_cell(&s, r->mails_in_held);
	put_int_cell(&s, r->logins_ended);
	put_int_cell(&s, r->erased);
	put_int_cell(&s, r->erased_failed);
	put_int_cell(&s, r->adopted);
	put_int_cell(&s, r->customerless);
	table_print_one(&s);
}

/* The marks are those that the option names; else those of STATE; else what a
 * backup has (`copy`, or NULL), which are too old. */
static enum err
prepare(struct call *call, const char *copy)
{
	const char *given = given_text(call, "marks");
	const char *own = call->c->conf->high_water_file;
	const bool current = given || access(own, R_OK) == 0;
	struct restored restored;
	enum err e;

	if (given && access(given, R_OK) != 0)
		return refuse(call, ERR_NOTFOUND, "cannot read %s: %s", given,
			      strerror(errno));
	if (!given)
		given = current || !copy ? own : copy;
	e = after_restore(&restored, call->c, given, current);
	if (e == ERR_UPSTREAM) {
		print_call_faults(call);
		return refuse(call, e,
			      "issues that only Linear has are missing: run "
			      "`docketctl after-restore` before you start "
			      "Docket");
	}
	if (!e)
		print_restored(call, &restored);
	return e;
}

static enum err
verb_after_restore(struct call *call)
{
	enum err e = check_unused(call);

	return e ? e : prepare(call, NULL);
}

static enum err
verb_restore(struct call *call)
{
	const char *dir = given_text(call, "directory");
	struct replay replay = {.until = given_text(call, "to")};
	enum err e = check_files(call, dir);

	if (!e)
		e = check_unused(call);
	if (!e && replay.until)
		e = replay_find(&replay, call,
				backup_file(call, dir, POSITION));
	if (!e)
		e = make_empty(call);
	if (!e)
		e = load_dump(call, dir);
	if (!e && replay.until)
		e = replay_run(&replay, call);
	if (!e)
		e = migrate_to_current(call);
	if (!e)
		e = restore_files(call, dir);
	return e ? e : prepare(call, backup_file(call, dir, MARKS));
}

/* --- verifying ------------------------------------------------------------ */

static enum err
verb_verify(struct call *call)
{
	static const char *const columns[] = {"differences", "in", NULL};
	const char *dir = given_text(call, "directory");
	struct verification *v;
	int64_t differences = 0;
	struct table s;
	size_t n;
	enum err e;

	if (dir) {
		e = check_files(call, dir);
		if (!e)
			say(call, "The backup is complete and undamaged.");
		return e;
	}
	e = verify_database(&v, &n, call->c);
	if (e)
		return e;
	table_init(&s, call, columns);
	for (size_t i = 0; i < n; i++) {
		put_int_cell(&s, v[i].differences);
		put_text_cell(&s, v[i].what);
		differences += v[i].differences;
	}
	if (n || call->json)
		table_print_list(&s);
	else
		say(call, "Nothing differs.");
	return differences ? refuse(call, ERR_CONFLICT, "%lld differences",
				    (long long)differences)
			   : OK;
}

#define DIRECTORY(flags, help) \
	ARGUMENT("directory", flags, 4096, "DIRECTORY", help)
#define PARAM_MARKS                          \
	PARAM_LINE("marks", 0, 4096, "FILE", \
		   "the latest copy of STATE/high-water (default: itself)")

static const struct param restore_params[] = {
    DIRECTORY(F_REQUIRED, "of a backup"),
    PARAM_MARKS,
    PARAM_SWITCH("replace", "delete what the database holds"),
    PARAM_LINE("to", 0, 40, "TIME",
	       "go on to this time, such as 2026-11-27T15:04:05Z"),
    PARAM_LINE("binlog", 0, 4096, "DIRECTORY",
	       "with --to: where the server's binary logs are, or copies"),
    PARAMS_END};
static const struct param after_params[] = {PARAM_MARKS, PARAMS_END};
static const struct param verify_params[] = {
    DIRECTORY(0, "of a backup, whose files are checked instead"), PARAMS_END};

const struct verb restore_verbs[] = {
    {"restore", "Restores a backup into an empty database, and prepares that",
     restore_params, verb_restore},
    {"after-restore", "Prepares a database that was restored by other means",
     after_params, verb_after_restore},
    {"verify", "Checks what the database holds twice, or a backup's files",
     verify_params, verb_verify},
    VERBS_END};
