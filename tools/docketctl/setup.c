/* Verbs that set up an installation: configuration, database, schema. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "db/db.h"
#include "db/migrate.h"
#include "docketctl.h"

#define SCHEMA_MAX	(4UL * 1024 * 1024)
#define SECONDS_DEFAULT 30

static enum err
verb_wait_db(struct call *call)
{
	static const struct timespec pause = {.tv_nsec = 100000000};
	const usec_t deadline =
	    clock_monotonic() +
	    given_int(call, "seconds", SECONDS_DEFAULT) * USEC_PER_SEC;
	size_t tables;
	enum err e;

	while ((e = count_tables(&tables, call->c)) == ERR_DB &&
	       clock_monotonic() < deadline)
		nanosleep(&pause, NULL);
	return e;
}

/* The place of a file that is installed with the programs, seen from the
 * program; the working directory's if there is none. */
static const char *
find_shared_file(struct arena *a, const char *name)
{
	char self[4096];
	const ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	const char *path;
	char *slash;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash) {
		*slash = '\0';
		path = arena_printf(a, "%s/../share/docket/%s", self, name);
		if (access(path, R_OK) == 0)
			return path;
	}
	return name;
}

static enum err
read_whole_file(const char **out, struct call *call, const char *path)
{
	FILE *f = fopen(path, "re");
	char block[65536];
	struct buf b;
	bool broken;
	size_t n;

	if (!f)
		return refuse(call, ERR_NOTFOUND, "cannot read %s: %s", path,
			      strerror(errno));
	buf_init(&b, SCHEMA_MAX);
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(&b, block, n);
	broken = ferror(f) || b.overflow;
	fclose(f);
	if (!broken)
		*out =
		    arena_memdup(call->c->arena, b.data ? b.data : "", b.len);
	buf_release(&b);
	return broken ? refuse(call, ERR_INVALID, "cannot read %s", path) : OK;
}

enum err
read_shared_file(const char **out, struct call *call, const char *name)
{
	return read_whole_file(out, call,
			       find_shared_file(call->c->arena, name));
}

static void
show_migration(struct call *call, const char *path, const struct migration *m,
	       size_t prepared)
{
	static const char *const columns[] = {
	    "schema",	   "version",  "statements", "tables",
	    "tables_made", "prepared", NULL};
	struct table s;

	if (!call->json) {
		say(call,
		    "%s: version %lld; %zu statements run; %zu tables, %zu of "
		    "them new",
		    path, (long long)m->version, m->statements, m->after,
		    m->after - m->before);
		return;
	}
	table_init(&s, call, columns);
	put_text_cell(&s, path);
	put_int_cell(&s, m->version);
	put_int_cell(&s, (int64_t)m->statements);
	put_int_cell(&s, (int64_t)m->after);
	put_int_cell(&s, (int64_t)(m->after - m->before));
	put_int_cell(&s, (int64_t)prepared);
	table_print_one(&s);
}

/* Whether the database has the schema that this program needs: it must accept
 * every statement. Returns their number. */
static enum err
check_statements(size_t *n, struct call *call)
{
	const char *refused;
	enum err e = statements_check(&refused, n, call->c);

	return e ? refuse(call, e,
			  "the database does not match this program: %s, in: "
			  "%s",
			  db_error(call->c->db), refused)
		 : OK;
}

static enum err
verb_check_schema(struct call *call)
{
	size_t n;
	enum err e = schema_check(call->c);

	if (e == ERR_STALE)
		return refuse(call, e,
			      "the database has an older schema: run "
			      "docketctl migrate");
	return e ? e : check_statements(&n, call);
}

static void
show_plan(struct call *call, const struct planned *p, size_t n)
{
	static const char *const columns[] = {
	    "version", "change", "table", "how", "rows", "seconds", NULL};
	struct table s;

	table_init(&s, call, columns);
	for (size_t i = 0; i < n; i++) {
		put_int_cell(&s, p[i].version);
		put_text_cell(&s, p[i].name);
		put_text_cell(&s, p[i].table);
		put_text_cell(&s, p[i].how);
		put_int_cell(&s, p[i].rows);
		put_int_cell(&s, p[i].seconds);
	}
	table_print_list(&s);
}

static enum err
plan_by(struct call *call, const char *path)
{
	struct planned *list;
	const char *script = NULL;
	size_t n;
	enum err e = read_whole_file(&script, call, path);

	if (!e)
		e = migrate_plan(&list, &n, call->c, script);
	if (e)
		return e;
	if (n || call->json)
		show_plan(call, list, n);
	else
		say(call, "Nothing is to be changed in existing tables.");
	return OK;
}

static enum err
migrate_by(struct call *call, const char *path, bool may_copy)
{
	const char *script = NULL;
	struct ctx *c = call->c;
	struct migration m;
	size_t prepared;
	enum err e = read_whole_file(&script, call, path);

	if (!e)
		e = migrate(&m, c, script, may_copy);
	if (!e)
		e = check_statements(&prepared, call);
	if (!e)
		e = user_rewrite_addresses(c);
	if (!e)
		show_migration(call, path, &m, prepared);
	return e;
}

enum err
migrate_to_current(struct call *call)
{
	return migrate_by(call, find_shared_file(call->c->arena, "schema.sql"),
			  true);
}

static enum err
verb_migrate(struct call *call)
{
	const char *path = given_text(call, "schema");

	if (!path)
		path = find_shared_file(call->c->arena, "schema.sql");
	if (given_switch(call, "plan"))
		return plan_by(call, path);
	return migrate_by(call, path, given_switch(call, "allow-copy"));
}

/* One setting, as KEY=value and a NUL. */
static void
print_setting(void *arg, const char *key, const char *value)
{
	(void)arg;
	printf("%s=%s%c", key, value, '\0');
}

static enum err
verb_read_config(struct call *call)
{
	char why[512];

	return conf_file_read(conf_file(), print_setting, NULL, why,
			      sizeof(why))
		   ? OK
		   : refuse(call, ERR_INVALID, "%s", why);
}

static const struct param wait_params[] = {
    PARAM_INT("seconds", 0, 86400, "N", "at most N seconds (default: 30)"),
    PARAMS_END};
static const struct param migrate_params[] = {
    PARAM_LINE("schema", 0, 4096, "FILE",
	       "the schema (default: the "
	       "installed one, else ./schema.sql)"),
    PARAM_SWITCH("plan", "only list what would be changed, and how"),
    PARAM_SWITCH("allow-copy", "copy large tables, while writers wait"),
    PARAMS_END};

const struct verb setup_verbs[] = {
    {"check-config",
     "Checks the configuration, and warns of what is probably a mistake", NULL,
     check_config},
    {"read-config",
     "Prints the settings of the configuration file, each ended by a NUL", NULL,
     verb_read_config},
    {"wait-db", "Waits until the database answers", wait_params, verb_wait_db},
    {"migrate", "Brings the database to the current schema", migrate_params,
     verb_migrate},
    {"check-schema", "Checks whether the database has the current schema", NULL,
     verb_check_schema},
    {"demo", "Fills an empty database with demo data", NULL, run_demo},
    VERBS_END};
