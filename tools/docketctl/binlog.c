/* Replays binary logs after a backup was loaded, up to a moment, by
 * mariadb-binlog. The logs are in one directory: the server's own, or copies
 * that `mariadb-binlog --read-from-remote-server --raw --stop-never` makes on
 * another machine. Their names end with a number of equal length, so they sort.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backup.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"

static enum err
add_options(struct replay *r, struct call *call, const char *position)
{
	struct arena *a = call->c->arena;
	char text[CLOCK_TEXT];
	usec_t until;

	if (!clock_parse(&until, r->until))
		return misuse(call, "--to is not a time such as "
				    "2026-11-27T15:04:05Z");
	(void)clock_iso(text, until);
	/* for the tool: no T, whole seconds, and UTC by TZ */
	text[10] = ' ';
	text[19] = '\0';
	setenv("TZ", "UTC", 1);
	add_arg(&r->log, "mariadb-binlog");
	add_arg(&r->log, "--no-defaults");
	add_arg(&r->log, arena_printf(a, "--start-position=%s", position));
	add_arg(&r->log, arena_printf(a, "--stop-datetime=%s", text));
	add_arg(&r->log,
		arena_printf(a, "--database=%s", call->c->conf->db_name));
	return OK;
}

/* Whether a name is `first`, or that name with a higher number. */
static bool
follows(const char *name, const char *first)
{
	const char *dot = strrchr(first, '.');
	const size_t n = dot ? (size_t)(dot + 1 - first) : 0;

	return n && strlen(name) == strlen(first) &&
	       strncmp(name, first, n) == 0 &&
	       name[n + strspn(name + n, "0123456789")] == '\0' &&
	       strcmp(name, first) >= 0;
}

static enum err
add_files(struct replay *r, struct call *call, const char *dir,
	  const char *first)
{
	struct dirent **names = NULL;
	const int n = scandir(dir, &names, NULL, alphasort);
	bool has_first = false;

	for (int i = 0; i < n; i++) {
		if (follows(names[i]->d_name, first)) {
			has_first |= strcmp(names[i]->d_name, first) == 0;
			add_arg(&r->log, arena_printf(call->c->arena, "%s/%s",
						      dir, names[i]->d_name));
		}
		free(names[i]);
	}
	free(names);
	if (!has_first)
		return refuse(call, ERR_NOTFOUND,
			      "%s has no %s, where the backup ends", dir,
			      first);
	return r->log.n + 1 < COMMAND_ARGS
		   ? OK
		   : refuse(call, ERR_INVALID,
			    "there are too many binary logs: restore a later "
			    "backup");
}

enum err
replay_find(struct replay *r, struct call *call, const char *position)
{
	const char *dir = given_text(call, "binlog");
	FILE *f = dir ? fopen(position, "re") : NULL;
	char first[256], at[32];
	enum err e;
	int got;

	if (!dir)
		return misuse(call, "--to needs --binlog");
	if (!f)
		return refuse(call, ERR_NOTFOUND,
			      "this backup was made without --log");
	got = fscanf(f, "%255s %31[0-9]", first, at);
	fclose(f);
	if (got != 2)
		return refuse(call, ERR_INVALID,
			      "the backup names no position: has the server a "
			      "binary log (log_bin)?");
	e = add_options(r, call, at);
	return e ? e : add_files(r, call, dir, first);
}

enum err
replay_run(struct replay *r, struct call *call)
{
	struct command apply = mariadb_command(call, "mariadb");

	return run_children(
	    call, (const char *const *const[]){r->log.args, apply.args, NULL},
	    -1, -1);
}
