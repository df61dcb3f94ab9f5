/* Reads the configuration. keys[] lists every setting: its name, its kind, its
 * place in struct conf, its default and, for a number, its range. A value comes
 * from the environment, else from the file (conf_file.c), else it is the
 * default; conf_set() checks it and stores it (conf_value.c). A wrong value
 * stops the start with one line that names the setting, never the value, which
 * may be a secret. Settings that are for other programs are ignored here. */
#include "base/conf.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "conf_key.h"

static const struct key keys[] = {
#define AT(member) offsetof(struct conf, member)
    {"STATE", TEXT, AT(state), "./var", 0, 0},
    {"WORKERS", NUMBER, AT(workers), NULL, 1, WORKERS_MAX},
    {"LINEAR_WORKERS", NUMBER, AT(linear_workers), "6", 1, WORKERS_MAX},
    {"DB_SOCKET", TEXT, AT(db_socket), NULL, 0, 0},
    {"DB_HOST", TEXT, AT(db_host), NULL, 0, 0},
    {"DB_PORT", NUMBER, AT(db_port), "3306", 1, 65535},
    {"DB_USER", TEXT, AT(db_user), "docket", 0, 0},
    {"DB_PASSWORD", TEXT, AT(db_password), NULL, 0, 0},
    {"DB_TLS_CA", READABLE, AT(db_tls_ca), NULL, 0, 0},
    {"DB_NAME", TEXT, AT(db_name), "docket", 0, 0},
    {"PUBLIC_URL", URL, AT(public_url), "http://127.0.0.1:8000", 0, 0},
    {"CORS_ORIGINS", ORIGINS, AT(cors_origins), NULL, 0, 0},
    {"TOKEN_TTL_HOURS", NUMBER, AT(token_ttl_hours), "720", 1, 87600},
    {"LINEAR_API_KEY", HEADER, AT(linear_api_key), NULL, 0, 0},
    {"LINEAR_API_URL", URL, AT(linear_api_url),
     "https://api.linear.app/graphql", 0, 0},
    {"LINEAR_FILES_URL", URL, AT(linear_files_url),
     "https://uploads.linear.app", 0, 0},
    {"LINEAR_WEBHOOK_SECRET", TEXT, AT(linear_webhook_secret), NULL, 0, 0},
    {"LINEAR_TEAMS", IDS, AT(linear_teams), NULL, 0, 0},
    {"LINEAR_WAIT_MS", NUMBER, AT(linear_wait_ms), "1500", 0, 60000},
    {"LINEAR_RECONCILE_S", NUMBER, AT(linear_reconcile_s), "600", 1, 86400},
    {"SMTP_URL", SMTP, AT(smtp_url), NULL, 0, 0},
    {"MAIL_FROM", ADDRESS, AT(mail_from), "docket@localhost", 0, 0},
    {"MAIL_IN_DOMAIN", DOMAIN, AT(mail_in_domain), NULL, 0, 0},
    {"MAIL_IN_SECRET", TEXT, AT(mail_in_secret), NULL, 0, 0},
    {"MAIL_AUTHSERV", TEXT, AT(mail_authserv), NULL, 0, 0},
    {"MAIL_BURST_S", NUMBER, AT(mail_burst_s), "60", 0, 3600},
    {"MAIL_DIGEST_S", NUMBER, AT(mail_digest_s), "900", 1, 900},
    {"SIGNUP", SWITCH, AT(signup), "off", 0, 0},
    {"REOPEN_DAYS", NUMBER, AT(reopen_days), "14", 0, 36500},
    {"RAISES_PER_HOUR", NUMBER, AT(raises_per_hour), "30", 0, 1000000},
    {"COMMENTS_PER_HOUR", NUMBER, AT(comments_per_hour), "120", 0, 1000000},
    {"UNPROVED_RAISES_PER_HOUR", NUMBER, AT(unproved_raises_per_hour), "100", 0,
     1000000},
    {"FILES_DIR", TEXT, AT(files_dir), NULL, 0, 0},
    {"FILES_MAX", NUMBER, AT(files_max), "26214400", 1, FILES_MAX_MOST},
    {"FILES_QUOTA", NUMBER, AT(files_quota), "10737418240", 0, LONG_MAX},
    {"FILES_DENY", TEXT, AT(files_deny), NULL, 0, 0},
    {"UPLOADS_PER_HOUR", NUMBER, AT(uploads_per_hour), "200", 0, 1000000},
    {"CLAMD_SOCKET", TEXT, AT(clamd_socket), NULL, 0, 0},
    {"CLAMD_REQUIRED", SWITCH, AT(clamd_required), "off", 0, 0},
    {"LOGIN_RATE", RATE, AT(login_interval), "10r/s", 0, 0},
    {"TLS_CA", READABLE, AT(tls_ca), NULL, 0, 0},
    {"LOG_LEVEL", LEVEL, AT(log_level), "info", 0, 0},
#undef AT
};

#define KEYS (sizeof(keys) / sizeof(keys[0]))

/* Settings of the pools and of tools/instance. */
static const char *const other_names[] = {
    "ACCESS_LOG",     "BUILD",	      "CONNECTIONS_MAX",
    "DB_BUFFER_POOL", "DEMO",	      "LISTEN",
    "MAILBOX",	      "MAILBOX_PORT", "MAILBOX_SMTP_PORT",
    "PORT",	      "SIMULATOR",    "SIMULATOR_PORT",
    "UPLOADS_MAX",
};

static const struct key *
conf_key_find(const char *name)
{
	for (size_t i = 0; i < KEYS; i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

bool
conf_has(const char *name)
{
	for (size_t i = 0; i < sizeof(other_names) / sizeof(*other_names); i++)
		if (strcmp(other_names[i], name) == 0)
			return true;
	return conf_key_find(name) != NULL;
}

static void
take_setting(void *arg, const char *name, const char *value)
{
	char **values = arg;
	const struct key *k = conf_key_find(name);

	if (!k)
		return;
	free(values[k - keys]);
	values[k - keys] = xstrdup(value);
}

/* Twice the processors, and at least 4. */
static const char *
default_workers(void)
{
	static char text[16];
	const long n = 2 * sysconf(_SC_NPROCESSORS_ONLN);

	(void)snprintf(text, sizeof(text), "%ld",
		       n < 4		 ? 4
		       : n > WORKERS_MAX ? WORKERS_MAX
					 : n);
	return text;
}

/* Set by conf_use_installed(). */
static bool installed;

static const char *
fallback_of(const struct key *k)
{
	if (installed && k->offset == offsetof(struct conf, state))
		return STATE_INSTALLED;
	return k->offset == offsetof(struct conf, workers) ? default_workers()
							   : k->fallback;
}

const char *
conf_file(void)
{
	const char *path = getenv("DOCKET_CONF");

	return path && *path ? path : CONF_INSTALLED;
}

static bool
is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

bool
conf_names_file(void)
{
	return is_set("DOCKET_CONF");
}

void
conf_use_installed(void)
{
	if (!is_set("DOCKET_CONF") && !is_set("DB_SOCKET") &&
	    !is_set("DB_HOST") && access(CONF_INSTALLED, F_OK) == 0) {
		setenv("DOCKET_CONF", CONF_INSTALLED, 1);
		installed = true;
	}
}

static bool
load_values(struct conf *c, char *values[KEYS], char *why, size_t n)
{
	const char *v;

	if (is_set("DOCKET_CONF") &&
	    !conf_file_read(conf_file(), take_setting, values, why, n))
		return false;
	for (size_t i = 0; i < KEYS; i++) {
		v = getenv(keys[i].name);
		if (!v || !*v)
			v = values[i];
		if (!v || !*v)
			v = fallback_of(&keys[i]);
		if (!conf_set(c, &keys[i], v, why, n))
			return false;
	}
	return true;
}

static bool
name_files(struct conf *c, char *why, size_t n)
{
	if ((size_t)snprintf(c->sync_socket, sizeof(c->sync_socket),
			     "%s/run/sync.sock",
			     c->state) >= sizeof(c->sync_socket)) {
		snprintf(why, n, "STATE is too long for a socket's path");
		return false;
	}
	/* shorter names in the same directory: they fit */
	(void)snprintf(c->auth_generation_file, sizeof(c->auth_generation_file),
		       "%s/run/stamp", c->state);
	(void)snprintf(c->share_file, sizeof(c->share_file), "%s/run/share",
		       c->state);
	(void)snprintf(c->login_file, sizeof(c->login_file), "%s/run/logins",
		       c->state);
	(void)snprintf(c->high_water_file, sizeof(c->high_water_file),
		       "%s/high-water", c->state);
	if (strcmp(c->state, STATE_INSTALLED) == 0)
		(void)snprintf(c->files_own, sizeof(c->files_own), "%s",
			       FILES_INSTALLED);
	else
		(void)snprintf(c->files_own, sizeof(c->files_own), "%s/files",
			       c->state);
	if (!c->files_dir)
		c->files_dir = c->files_own;
	return true;
}

bool
conf_load(struct conf *c, char *why, unsigned long n)
{
	char *values[KEYS] = {NULL};
	bool ok;

	*c = (struct conf){0};
	ok = load_values(c, values, why, n) && name_files(c, why, n);
	for (size_t i = 0; i < KEYS; i++)
		free(values[i]);
	return ok;
}
