/* Backups, by MariaDB's own tools. A backup is a directory with these files:
 *
 * - dump.sql.gz: the database at one moment, by mariadb-dump in one
 *   transaction, so that nobody has to wait for it;
 * - high-water: a copy of STATE/high-water, see base/high_water.h;
 * - position: with --log, where in the server's binary log the dump ends, from
 *   where binlog.c goes on;
 * - SHA256SUMS of these, written last, so that a backup which was cut short has
 *   none.
 *
 * `restore` fills an empty database from it, brings that to the current schema
 * and prepares it (admin/after_restore.h); `after-restore` does the latter
 * alone, for a database that was restored by other means. Nothing else may use
 * the database meanwhile. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

#define DUMP  "dump.sql.gz"
#define MARKS "high-water"
#define SUMS  "SHA256SUMS"

void
add_arg(struct command *m, const char *arg)
{
	if (m->n + 1 < COMMAND_ARGS)
		m->args[m->n++] = arg;
}

struct command
mariadb_command(struct call *call, const char *program)
{
	const struct conf *f = call->c->conf;
	struct arena *a = call->c->arena;
	struct command m = {.args = {program, "--no-defaults"}, .n = 2};

	if (f->db_password)
		setenv("MYSQL_PWD", f->db_password, 1);
	add_arg(&m, arena_printf(a, "--user=%s", f->db_user));
	add_arg(&m, "--default-character-set=utf8mb4");
	if (f->db_socket) {
		add_arg(&m, arena_printf(a, "--socket=%s", f->db_socket));
		return m;
	}
	add_arg(&m, "--protocol=tcp");
	add_arg(&m, arena_printf(a, "--host=%s", f->db_host));
	add_arg(&m, arena_printf(a, "--port=%ld", f->db_port));
	if (f->db_tls_ca) {
		add_arg(&m, arena_printf(a, "--ssl-ca=%s", f->db_tls_ca));
		add_arg(&m, "--ssl-verify-server-cert");
	}
	return m;
}

enum err
run_children(struct call *call, const char *const *const *commands, int from,
	     int to)
{
	const char *failed = commands[0][0];

	return run_pipeline(commands, from, to, &failed)
		   ? OK
		   : refuse(call, ERR_INVALID, "%s failed", failed);
}

static const char *
file_in(struct call *call, const char *dir, const char *name)
{
	return arena_printf(call->c->arena, "%s/%s", dir, name);
}

/* --- backing up ----------------------------------------------------------- */

static enum err
make_directory(struct call *call, const char *dir)
{
	/* an empty one may be there */
	if (rmdir(dir) != 0 && errno != ENOENT)
		return refuse(call, ERR_CONFLICT, "%s: %s", dir,
			      strerror(errno));
	return mkdir(dir, 0700) == 0
		   ? OK
		   : refuse(call, ERR_INVALID, "cannot make %s: %s", dir,
			    strerror(errno));
}

/* Runs the commands, and flushes what they wrote to the disk. */
static enum err
write_file(struct call *call, const char *path,
	   const char *const *const *commands)
{
	const int to =
	    open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	enum err e;

	if (to < 0)
		return refuse(call, ERR_INVALID, "cannot write %s: %s", path,
			      strerror(errno));
	e = run_children(call, commands, -1, to);
	if (!e && fsync(to) != 0)
		e = refuse(call, ERR_INVALID, "cannot write %s: %s", path,
			   strerror(errno));
	close(to);
	return e;
}

static enum err
dump_database(struct call *call, const char *dir)
{
	struct command dump = mariadb_command(call, "mariadb-dump");
	static const char *const pack[] = {"gzip", "--fast", NULL};

	add_arg(&dump, "--single-transaction");
	add_arg(&dump, "--quick");
	add_arg(&dump, "--hex-blob");
	add_arg(&dump, "--no-tablespaces");
	if (given_switch(call, "log"))
		add_arg(&dump, "--master-data=2");
	add_arg(&dump, call->c->conf->db_name);
	return write_file(call, file_in(call, dir, DUMP),
			  (const char *const *const[]){dump.args, pack, NULL});
}

/* The dump begins with a comment about it. */
static enum err
note_position(struct call *call, const char *dir)
{
	const char *const unpack[] = {"gzip", "--decompress", "--stdout",
				      file_in(call, dir, DUMP), NULL};
	static const char *const find[] = {
	    "sed", "-nE",
	    "s/^-- CHANGE MASTER TO MASTER_LOG_FILE='([^']+)', "
	    "MASTER_LOG_POS=([0-9]+);.*/\\1 \\2/p",
	    NULL};

	if (!given_switch(call, "log"))
		return OK;
	return write_file(call, file_in(call, dir, POSITION),
			  (const char *const *const[]){unpack, find, NULL});
}

static enum err
copy_marks(struct call *call, const char *dir)
{
	const char *const copy[] = {"cat", call->c->conf->high_water_file,
				    NULL};

	if (access(copy[1], R_OK) != 0) {
		fprintf(stderr,
			"docketctl: backup: %s is missing: is STATE right?\n",
			copy[1]);
		return OK;
	}
	return write_file(call, file_in(call, dir, MARKS),
			  (const char *const *const[]){copy, NULL});
}

/* In the directory: sha256sum names the files as it is told. */
static enum err
sum_files(struct call *call)
{
	struct command sum = {.args = {"sha256sum", DUMP}, .n = 2};

	if (access(MARKS, F_OK) == 0)
		add_arg(&sum, MARKS);
	if (access(POSITION, F_OK) == 0)
		add_arg(&sum, POSITION);
	return write_file(call, SUMS,
			  (const char *const *const[]){sum.args, NULL});
}

static enum err
verb_backup(struct call *call)
{
	static const char *const columns[] = {"backup", "bytes", NULL};
	const char *dir = given_text(call, "directory");
	struct stat dump;
	struct table s;
	enum err e = make_directory(call, dir);

	if (!e)
		e = dump_database(call, dir);
	if (!e)
		e = note_position(call, dir);
	if (!e)
		e = copy_marks(call, dir);
	if (e)
		return e;
	if (chdir(dir) != 0 || stat(DUMP, &dump) != 0)
		return refuse(call, ERR_INVALID, "%s: %s", dir,
			      strerror(errno));
	e = sum_files(call);
	if (e)
		return e;
	table_init(&s, call, columns);
	put_text_cell(&s, dir);
	put_int_cell(&s, dump.st_size);
	table_print_one(&s);
	return OK;
}

/* --- restoring ------------------------------------------------------------ */

static enum err
check_files(struct call *call, const char *dir)
{
	const char *const in = arena_printf(call->c->arena, "--chdir=%s", dir);
	const char *const check[] = {"env",	in,	   "sha256sum",
				     "--check", "--quiet", "--strict",
				     SUMS,	NULL};

	if (access(file_in(call, dir, SUMS), R_OK) != 0)
		return refuse(call, ERR_NOTFOUND,
			      "%s is not a complete backup: it has no " SUMS,
			      dir);
	return run_children(call, (const char *const *const[]){check, NULL}, -1,
			    -1);
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
	const int from = open(file_in(call, dir, DUMP), O_RDONLY | O_CLOEXEC);
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

static void
print_restored(struct call *call, const struct restored *r)
{
	static const char *const columns[] = {
	    "first_new_id", "left_gap",		"mails_held",
	    "logins_ended", "erased",		"erased_failed",
	    "adopted",	    "without_customer", NULL};
	struct table s;

	table_init(&s, call, columns);
	put_int_cell(&s, r->first_id);
	put_bool_cell(&s, r->left_gap);
	put_int_cell(&s, r->mails_held);
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
	return prepare(call, NULL);
}

static enum err
verb_restore(struct call *call)
{
	const char *dir = given_text(call, "directory");
	struct replay replay = {.until = given_text(call, "to")};
	enum err e = check_files(call, dir);

	if (!e && replay.until)
		e = replay_find(&replay, call, file_in(call, dir, POSITION));
	if (!e)
		e = make_empty(call);
	if (!e)
		e = load_dump(call, dir);
	if (!e && replay.until)
		e = replay_run(&replay, call);
	if (!e)
		e = migrate_to_current(call);
	return e ? e : prepare(call, file_in(call, dir, MARKS));
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

	if (dir)
		return check_files(call, dir);
	e = verify_database(&v, &n, call->c);
	if (e)
		return e;
	table_init(&s, call, columns);
	for (size_t i = 0; i < n; i++) {
		put_int_cell(&s, v[i].differences);
		put_text_cell(&s, v[i].what);
		differences += v[i].differences;
	}
	table_print_list(&s);
	return differences ? refuse(call, ERR_CONFLICT, "%lld differences",
				    (long long)differences)
			   : OK;
}

#define DIRECTORY(flags, help) \
	ARGUMENT("directory", flags, 4096, "DIRECTORY", help)
#define PARAM_MARKS                          \
	PARAM_LINE("marks", 0, 4096, "FILE", \
		   "the latest copy of STATE/high-water (default: itself)")

static const struct param backup_params[] = {
    DIRECTORY(F_REQUIRED, "where to: a new directory"),
    PARAM_SWITCH("log", "note the position in the binary log, for restore "
			"--to"),
    PARAMS_END};
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

const struct verb backup_verbs[] = {
    {"backup", "Backs up the database, while it is in use", backup_params,
     verb_backup},
    {"restore", "Restores a backup into an empty database, and prepares that",
     restore_params, verb_restore},
    {"after-restore", "Prepares a database that was restored by other means",
     after_params, verb_after_restore},
    {"verify", "Checks what the database holds twice, or a backup's files",
     verify_params, verb_verify},
    VERBS_END};
