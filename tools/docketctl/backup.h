#ifndef DOCKETCTL_BACKUP_H
#define DOCKETCTL_BACKUP_H

#include <stddef.h>

#include "docketctl.h"

/* What backup.c, restore.c and binlog.c share. */

/* The files of a backup. */
#define DUMP	 "dump.sql.gz"
#define MARKS	 "high-water"
#define POSITION "position"
#define FILES	 "files"
#define SUMS	 "SHA256SUMS"

/* The path of one of them. */
const char *backup_file(struct call *call, const char *dir, const char *name);

/* A command being put together; its arguments end with NULL. Those that do not
 * fit are left out. */
#define COMMAND_ARGS 512
struct command {
	const char *args[COMMAND_ARGS];
	size_t n;
};

void add_arg(struct command *m, const char *arg);

/* One of MariaDB's tools, without anybody's configuration files, connected as
 * this program is. */
struct command mariadb_command(struct call *call, const char *program);

/* Runs a pipeline (child.h); says which command failed. */
enum err run_children(struct call *call, const char *const *const *commands,
		      int from, int to) MUST_CHECK;

/* The server's binary logs, to be replayed from where a backup ends. */
struct replay {
	const char *until; /* as given */
	struct command log;
};

/* Finds the logs that follow the position in that file, and checks the time. */
enum err replay_find(struct replay *r, struct call *call,
		     const char *position) MUST_CHECK;
enum err replay_run(struct replay *r, struct call *call) MUST_CHECK;

#endif
