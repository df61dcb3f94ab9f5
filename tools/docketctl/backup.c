/* Backups, by MariaDB's own tools. A backup is a directory with these files:
 *
 * - dump.sql.gz: the database at one moment, by mariadb-dump in one
 *   transaction, so that nobody has to wait for it;
 * - high-water: a copy of STATE/high-water, see base/high_water.h;
 * - position: with --log, where in the server's binary log the dump ends, from
 *   where binlog.c goes on;
 * - files: a folder of the files that people attached, copied after the dump:
 * the name of each is its sum;
 * - SHA256SUMS of the others, written last, so that a backup which was cut
 * short has none.
 *
 * restore.c reads it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup.h"
#include "base/arena.h"
#include "base/conf.h"
#include "child.h"
#include "command_line.h"
#include "db/db.h"
#include "docketctl.h"
#include "files.h"
#include "files/verify.h"

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

const char *
backup_file(struct call *call, const char *dir, const char *name)
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
	return write_file(call, backup_file(call, dir, DUMP),
			  (const char *const *const[]){dump.args, pack, NULL});
}

/* The dump begins with a comment about it. */
static enum err
note_position(struct call *call, const char *dir)
{
	const char *const unpack[] = {"gzip", "--decompress", "--stdout",
				      backup_file(call, dir, DUMP), NULL};
	static const char *const find[] = {
	    "sed", "-nE",
	    "s/^-- CHANGE MASTER TO MASTER_LOG_FILE='([^']+)', "
	    "MASTER_LOG_POS=([0-9]+);.*/\\1 \\2/p",
	    NULL};

	if (!given_switch(call, "log"))
		return OK;
	return write_file(call, backup_file(call, dir, POSITION),
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
	return write_file(call, backup_file(call, dir, MARKS),
			  (const char *const *const[]){copy, NULL});
}

/* In the directory: sha256sum names the files as it is told. */
static enum err
sum_files(struct call *call, const char *dir)
{
	struct command sum = {
	    .args = {"env", arena_printf(call->c->arena, "--chdir=%s", dir),
		     "sha256sum", DUMP},
	    .n = 4};

	if (access(backup_file(call, dir, MARKS), F_OK) == 0)
		add_arg(&sum, MARKS);
	if (access(backup_file(call, dir, POSITION), F_OK) == 0)
		add_arg(&sum, POSITION);
	return write_file(call, backup_file(call, dir, SUMS),
			  (const char *const *const[]){sum.args, NULL});
}

/* An incomplete backup is of no use. */
static void
remove_backup(struct call *call, const char *dir)
{
	static const char *const names[] = {DUMP, MARKS, POSITION, SUMS};

	const char *const files[] = {"rm", "-rf", "--",
				     backup_file(call, dir, FILES), NULL};
	const char *failed;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unlink(backup_file(call, dir, names[i]));
	(void)run_pipeline((const char *const *const[]){files, NULL}, -1, -1,
			   &failed);
	(void)rmdir(dir);
}

/* A file that the dump names is removed 30 days after it was deleted, so it is
 * still there. */
static enum err
copy_files(struct call *call, const char *dir)
{
	const char *const to = backup_file(call, dir, FILES);
	struct files_copied copied;
	enum err e;

	if (given_switch(call, "without-files"))
		return OK;
	if (mkdir(to, 0700) != 0)
		return refuse(call, ERR_INVALID, "cannot make %s: %s", to,
			      strerror(errno));
	e = files_copy(&copied, call->c, call->c->conf->files_dir, to,
		       say_file_fault, call);
	if (e && !*db_error(call->c->db))
		return refuse(call, ERR_INVALID, "cannot copy the files: %s",
			      strerror(errno));
	return e;
}

static enum err
write_backup(struct call *call, const char *dir)
{
	enum err e = dump_database(call, dir);

	if (!e)
		e = copy_files(call, dir);

	if (!e)
		e = note_position(call, dir);
	if (!e)
		e = copy_marks(call, dir);
	return e ? e : sum_files(call, dir);
}

static enum err
verb_backup(struct call *call)
{
	static const char *const columns[] = {"backup", "bytes", NULL};
	const char *dir = given_text(call, "directory");
	struct stat dump = {0};
	struct table s;
	enum err e = make_directory(call, dir);

	if (e)
		return e;
	e = write_backup(call, dir);
	if (e) {
		remove_backup(call, dir);
		return e;
	}
	(void)stat(backup_file(call, dir, DUMP), &dump);
	table_init(&s, call, columns);
	put_text_cell(&s, dir);
	put_int_cell(&s, dump.st_size);
	table_print_one(&s);
	return OK;
}

static const struct param backup_params[] = {
    ARGUMENT("directory", F_REQUIRED, 4096, "DIRECTORY",
	     "where to: a new directory"),
    PARAM_SWITCH("without-files", "only the database: the files are backed up "
				  "in another way"),
    PARAM_SWITCH("log", "note the position in the binary log, for restore "
			"--to"),
    PARAMS_END};

const struct verb backup_verbs[] = {
    {"backup", "Backs up the database and the files, while they are in use",
     backup_params, verb_backup},
    VERBS_END};
