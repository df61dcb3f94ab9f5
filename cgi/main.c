/* The program of the workers. Started with a socket as its standard input, it
 * is a pool of processes (pool.h) that serve FastCGI requests; otherwise it
 * serves the one request of its environment, as CGI. The options print what it
 * knows, and need no configuration. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "base/high_water.h"
#include "base/log.h"
#include "db/auth_generation.h"
#include "db/db.h"
#include "db/migrate.h"
#include "dispatch.h"
#include "events/events.h"
#include "pool.h"
#include "version.h"
#include "web/transport.h"

#define EXIT_MISUSE 2
#define EXIT_CONFIG 78 /* sysexits.h */

/* Checking a password takes a processor for a while: more workers than this
 * would leave less of it for the other pools. */
#define AUTH_WORKERS 2

/* nginx has received a file before a worker gets it, so a worker has it for a
 * moment only. */
#define FILES_WORKERS 2

static const char usage[] =
    "usage: docket.fcgi [--pool NAME | --routes | --version | --help]\n"
    "A FastCGI worker when fd 0 is a listening socket, else a CGI program.\n"
    "  --pool    run the workers of a pool: app or write (WORKERS of "
    "them),\n"
    "            auth or files (2) or linear (LINEAR_WORKERS); SIGTERM stops "
    "them\n"
    "            gracefully\n"
    "  --routes  print every endpoint: method, path, who, handler\n";

/* "customer,employee,vendor", or "login", "anyone". */
static void
print_access(unsigned access)
{
	static const char *const names[] = {"customer", "employee", "vendor",
					    "login", "anyone"};
	const char *sep = "";

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (access & (1U << i)) {
			printf("%s%s", sep, names[i]);
			sep = ",";
		}
	}
}

static int
print_routes(void)
{
	char method[64];

	for (const struct route *r = routes; r->pattern; r++) {
		route_allow(method, (unsigned)r->method);
		method[strcspn(method, ",")] = '\0';
		printf("%s %s ", method, r->pattern);
		print_access(r->access);
		printf(" %s\n", r->stem);
	}
	return EXIT_SUCCESS;
}

/* Where no docket-sync runs, a CGI program derives what follows from its own
 * change, after its answer has gone: the web server waits for the end of the
 * output. `docket-sync --once` does what else there is. */
static void
derive_own_news(struct app *app)
{
	struct ctx c = {.db = app->db,
			.arena = app->arena,
			.conf = app->conf,
			.now = clock_now()};

	bool all;

	if (!app->unheard)
		return;
	close(STDOUT_FILENO);
	arena_reset(app->arena);
	db_attach(app->db, app->arena);
	faults_init(&c.faults, app->arena);
	if (events_derive(&all, &c, consumers, &app->unheard, 1) != OK)
		log_event(LOG_WARN, "not_derived", "reason", db_error(app->db),
			  NULL);
}

/* Requests wait in the socket meanwhile. */
static void
log_worker_waits(void)
{
	log_event(LOG_ERROR, "schema_is_older", "reason",
		  "waiting for docketctl migrate", NULL);
}

static int
serve_requests(void *arg)
{
	const struct conf *conf = arg;
	struct app app;
	bool ok = true;

	crypto_init();
	/* a CGI program serves one request: it has no use for caches */
	auth_generation_open(conf->auth_generation_file, fcgi_is_server());
	high_water_open(conf->high_water_file, true);
	app_init(&app, conf);
	if (fcgi_is_server()) {
		memory_keep_freed();
		ok = fcgi_serve(dispatch, &app);
	} else {
		cgi_serve(dispatch, &app);
		derive_own_news(&app);
	}
	app_release(&app);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* The number of workers of a pool; 0: there is no such pool. */
static long
pool_size(const struct conf *conf, const char *name)
{
	if (strcmp(name, "app") == 0 || strcmp(name, "write") == 0)
		return conf->workers;
	if (strcmp(name, "linear") == 0)
		return conf->linear_workers;
	if (strcmp(name, "files") == 0)
		return FILES_WORKERS;
	return strcmp(name, "auth") == 0 ? AUTH_WORKERS : 0;
}

static int
run_pool(struct conf *conf, const char *name)
{
	const long size = pool_size(conf, name);

	if (size && fcgi_is_server()) {
		schema_wait(conf, log_worker_waits);
		return pool_run(size, serve_requests, conf);
	}
	fprintf(stderr, "docket.fcgi: %s\n",
		size ? "--pool: fd 0 is not a listening socket"
		     : "--pool must be app, write, auth, files or linear");
	return EXIT_MISUSE;
}

/* Prints what --routes, --version and --help ask for. */
static int
inform(const char *option)
{
	if (strcmp(option, "--routes") == 0)
		return print_routes();
	if (strcmp(option, "--version") == 0) {
		puts("docket.fcgi " VERSION);
		return EXIT_SUCCESS;
	}
	fputs(usage, stdout);
	return strcmp(option, "--help") == 0 ? EXIT_SUCCESS : EXIT_MISUSE;
}

int
main(int argc, char **argv)
{
	const char *pool =
	    argc == 3 && strcmp(argv[1], "--pool") == 0 ? argv[2] : NULL;
	static struct conf conf;
	char why[512];

	if (argc > 1 && !pool)
		return inform(argv[1]);
	if (!conf_load(&conf, why, sizeof(why))) {
		fprintf(stderr, "docket.fcgi: %s\n", why);
		return EXIT_CONFIG;
	}
	log_init("docket.fcgi", conf.log_level);
	conf.is_pooled = pool != NULL;
	return pool ? run_pool(&conf, pool) : serve_requests(&conf);
}
