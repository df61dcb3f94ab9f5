/* Warnings about a configuration in which no value is wrong. main() has read
 * it, so each value has been checked already. */
#include <string.h>

#include "base/conf.h"
#include "docketctl.h"

#define WARNING "docketctl: warning: "

static void
warn_of_unknown(void *arg, const char *name, const char *value)
{
	(void)arg;
	(void)value;
	if (!conf_has(name))
		fprintf(stderr, WARNING "%s: there is no setting %s\n",
			conf_file(), name);
}

/* The addresses of this machine; of the sample files (RFC 2606). */
static bool
is_no_public_host(const char *url)
{
	return strstr(url, "://127.0.0.1") || strstr(url, "://localhost") ||
	       strstr(url, ".example.com");
}

static bool
is_this_machine(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
	       strncmp(host, "127.", 4) == 0;
}

enum err
check_config(struct call *call)
{
	const struct conf *conf = call->c->conf;
	char why[512];

	if (conf_names_file()) {
		if (!conf_file_read(conf_file(), warn_of_unknown, NULL, why,
				    sizeof(why)))
			return refuse(call, ERR_INVALID, "%s", why);
		if (is_no_public_host(conf->public_url))
			fputs(WARNING "PUBLIC_URL: links in mails and in "
				      "Linear lead to this address, which "
				      "others cannot reach\n",
			      stderr);
	}
	if (!conf->db_socket && conf->db_host && !conf->db_tls_ca &&
	    !is_this_machine(conf->db_host))
		fputs(WARNING "DB_HOST: without DB_TLS_CA, passwords and data "
			      "cross the network unencrypted\n",
		      stderr);
	return OK;
}
