#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "base/log.h"
#include "db/auth_generation.h"
#include "dispatch.h"
#include "web/transport.h"

#define EXIT_CONFIG 78 /* sysexits.h */

static const char usage[] =
    "usage: docket.fcgi [--routes | --help]\n"
    "A FastCGI worker when fd 0 is a listening socket, else a CGI program.\n"
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

static int
serve_requests(const struct conf *conf)
{
	struct app app;
	bool ok = true;

	/* a CGI program serves one request: it has no use for caches */
	auth_generation_open(conf->auth_generation_file, fcgi_is_server());
	app_init(&app, conf);
	if (fcgi_is_server()) {
		memory_keep_freed();
		ok = fcgi_serve(dispatch, &app);
	} else {
		cgi_serve(dispatch, &app);
	}
	app_release(&app);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	static struct conf conf;
	char why[512];

	if (argc > 1 && strcmp(argv[1], "--routes") == 0)
		return print_routes();
	if (argc > 1) {
		fputs(usage, stdout);
		return strcmp(argv[1], "--help") == 0 ? EXIT_SUCCESS : 2;
	}
	if (!conf_load(&conf, why, sizeof(why))) {
		fprintf(stderr, "docket.fcgi: %s\n", why);
		return EXIT_CONFIG;
	}
	crypto_init();
	log_init("docket.fcgi", conf.log_level);
	return serve_requests(&conf);
}
