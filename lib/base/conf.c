/* Reads the configuration. keys[] lists every setting: its name, its kind, its
 * place in struct conf, its default and, for a number, its range. set() checks
 * a value by its kind and stores it. A wrong value stops the start with one
 * line that names the setting, never the value, which may be a secret. Settings
 * that only tools/instance knows are ignored here. */
#include "base/conf.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/crypto.h"

enum kind {
	TEXT,
	URL,
	SMTP,
	ADDRESS,
	ORIGINS,
	IDS,
	HEADER,
	NUMBER,
	SWITCH,
	LEVEL
};

static const struct key {
	const char *name;
	enum kind kind;
	size_t offset;
	const char *fallback; /* see also fallback_of() */
	long min, max;	      /* of a number */
} keys[] = {
#define AT(member) offsetof(struct conf, member)
    {"STATE", TEXT, AT(state), "./var", 0, 0},
    {"WORKERS", NUMBER, AT(workers), NULL, 1, WORKERS_MAX},
    {"LINEAR_WORKERS", NUMBER, AT(linear_workers), "6", 1, WORKERS_MAX},
    {"DB_SOCKET", TEXT, AT(db_socket), NULL, 0, 0},
    {"DB_HOST", TEXT, AT(db_host), NULL, 0, 0},
    {"DB_PORT", NUMBER, AT(db_port), "3306", 1, 65535},
    {"DB_USER", TEXT, AT(db_user), "docket", 0, 0},
    {"DB_PASSWORD", TEXT, AT(db_password), NULL, 0, 0},
    {"DB_NAME", TEXT, AT(db_name), "docket", 0, 0},
    {"PUBLIC_URL", URL, AT(public_url), "http://127.0.0.1:8000", 0, 0},
    {"CORS_ORIGINS", ORIGINS, AT(cors_origins), NULL, 0, 0},
    {"TOKEN_TTL_HOURS", NUMBER, AT(token_ttl_hours), "720", 1, 87600},
    {"LINEAR_API_KEY", HEADER, AT(linear_api_key), NULL, 0, 0},
    {"LINEAR_API_URL", URL, AT(linear_api_url),
     "https://api.linear.app/graphql", 0, 0},
    {"LINEAR_WEBHOOK_SECRET", TEXT, AT(linear_webhook_secret), NULL, 0, 0},
    {"LINEAR_TEAMS", IDS, AT(linear_teams), NULL, 0, 0},
    {"LINEAR_WAIT_MS", NUMBER, AT(linear_wait_ms), "1500", 0, 60000},
    {"LINEAR_RECONCILE_S", NUMBER, AT(linear_reconcile_s), "600", 1, 86400},
    {"SMTP_URL", SMTP, AT(smtp_url), NULL, 0, 0},
    {"MAIL_FROM", ADDRESS, AT(mail_from), "docket@localhost", 0, 0},
    {"MAIL_BURST_S", NUMBER, AT(mail_burst_s), "60", 0, 3600},
    {"MAIL_DIGEST_S", NUMBER, AT(mail_digest_s), "900", 1, 900},
    {"SIGNUP", SWITCH, AT(signup), "off", 0, 0},
    {"REOPEN_DAYS", NUMBER, AT(reopen_days), "14", 0, 36500},
    {"RAISES_PER_HOUR", NUMBER, AT(raises_per_hour), "30", 0, 1000000},
    {"COMMENTS_PER_HOUR", NUMBER, AT(comments_per_hour), "120", 0, 1000000},
    {"UNPROVED_RAISES_PER_HOUR", NUMBER, AT(unproved_raises_per_hour), "100", 0,
     1000000},
    {"LOG_LEVEL", LEVEL, AT(log_level), "info", 0, 0},
#undef AT
};

#define KEYS (sizeof(keys) / sizeof(keys[0]))

static const struct key *
conf_key_find(const char *name)
{
	for (size_t i = 0; i < KEYS; i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

static bool
set_number(long *out, const struct key *k, const char *v, char *why, size_t n)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(v, &end, 10);
	if (errno || end == v || *end || number < k->min || number > k->max) {
		snprintf(why, n, "%s must be a whole number from %ld to %ld",
			 k->name, k->min, k->max);
		return false;
	}
	*out = number;
	return true;
}

static bool
set_level(enum log_level *out, const struct key *k, const char *v, char *why,
	  size_t n)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};

	for (unsigned i = 0; i < 4; i++) {
		if (strcmp(v, names[i]) == 0) {
			*out = (enum log_level)i;
			return true;
		}
	}
	snprintf(why, n, "%s must be debug, info, warn or error", k->name);
	return false;
}

static bool
set_switch(bool *out, const struct key *k, const char *v, char *why, size_t n)
{
	if (strcmp(v, "on") != 0 && strcmp(v, "off") != 0) {
		snprintf(why, n, "%s must be on or off", k->name);
		return false;
	}
	*out = strcmp(v, "on") == 0;
	return true;
}

/* The URL has a host, and no character that could end a line of a mail or of a
 * request. */
static bool
has_host(const struct key *k, const char *v, char *why, size_t n)
{
	const char *p = strstr(v, "://");
	bool ok = p && p[3] && p[3] != '/';

	for (p = ok ? p + 3 : ""; *p; p++)
		ok = ok && (unsigned char)*p > ' ' && *p != 0x7f;
	if (!ok)
		snprintf(why, n, "%s must name a host, and hold no spaces",
			 k->name);
	return ok;
}

static bool
set_url(const char **out, const struct key *k, const char *v, char *why,
	size_t n)
{
	char *copy;
	size_t len = strlen(v);

	if (strncmp(v, "http://", 7) != 0 && strncmp(v, "https://", 8) != 0) {
		snprintf(why, n, "%s must begin with http:// or https://",
			 k->name);
		return false;
	}
	if (!has_host(k, v, why, n))
		return false;
	copy = xstrdup(v);
	while (len && copy[len - 1] == '/')
		copy[--len] = '\0';
	*out = copy;
	return true;
}

/* The message does not show the value, which may contain a password. */
static bool
set_smtp(const char **out, const struct key *k, const char *v, char *why,
	 size_t n)
{
	if (v && *v && strncmp(v, "smtp://", 7) != 0 &&
	    strncmp(v, "smtps://", 8) != 0) {
		snprintf(why, n, "%s must begin with smtp:// or smtps://",
			 k->name);
		return false;
	}
	if (v && *v && !has_host(k, v, why, n))
		return false;
	*out = v && *v ? xstrdup(v) : NULL;
	return true;
}

/* user@host, which is written into mails as it is. */
static bool
set_address(const char **out, const struct key *k, const char *v, char *why,
	    size_t n)
{
	char kept[ADDRESS_MAX + 1];

	if (address_read(kept, v, HOST_OF_ANY_KIND)) {
		snprintf(why, n, "%s must be an address such as docket@host",
			 k->name);
		return false;
	}
	*out = xstrdup(kept);
	return true;
}

/* "scheme://host" or "scheme://host:port", as browsers send it: in lower case,
 * without a path. Any other form would never match. */
static bool
is_origin(const char *s, size_t n)
{
	const char *at = strstr(s, "://");
	const size_t scheme = at ? (size_t)(at - s) : n;

	if (scheme == 0 || scheme + 3 >= n)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((i < scheme || i >= scheme + 3) &&
		    !strchr("abcdefghijklmnopqrstuvwxyz0123456789+-._:[]",
			    s[i]))
			return false;
	return true;
}

/* The id of a team, or "*" for all teams. */
static bool
is_id(const char *s, size_t n)
{
	char id[UUID_TEXT];

	if (n == 1 && *s == '*')
		return true;
	if (n != sizeof(id) - 1)
		return false;
	memcpy(id, s, n);
	id[n] = '\0';
	return uuid_valid(id);
}

/* The next word of a comma-separated list (NULL is an empty list), and its
 * length in *n, which is 0 at the end of the list. */
static const char *
next_list_word(const char *list, size_t *n)
{
	const char *word = list ? list + strspn(list, ", ") : "";

	*n = strcspn(word, ", ");
	return word;
}

/* A list of words that each pass `fits`; `words` describes them. */
static bool
set_list(const char **out, const struct key *k, const char *v, char *why,
	 size_t n, bool (*fits)(const char *, size_t), const char *words)
{
	size_t part;

	for (const char *p = next_list_word(v, &part); part;
	     p = next_list_word(p + part, &part)) {
		if (!fits(p, part)) {
			snprintf(why, n, "%s must be %s", k->name, words);
			return false;
		}
	}
	*out = v && *v ? xstrdup(v) : NULL;
	return true;
}

/* The value is sent unchanged in a header. */
static bool
set_header(const char **out, const struct key *k, const char *v, char *why,
	   size_t n)
{
	for (const char *p = v; p && *p; p++) {
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f) {
			snprintf(why, n,
				 "%s must be the key alone, without spaces",
				 k->name);
			return false;
		}
	}
	*out = v && *v ? xstrdup(v) : NULL;
	return true;
}

static bool
set(struct conf *c, const struct key *k, const char *v, char *why, size_t n)
{
	char *member = (char *)c + k->offset;

	switch (k->kind) {
	case TEXT:
		*(const char **)(void *)member = v && *v ? xstrdup(v) : NULL;
		return true;
	case URL:
		return set_url((const char **)(void *)member, k, v, why, n);
	case SMTP:
		return set_smtp((const char **)(void *)member, k, v, why, n);
	case ADDRESS:
		return set_address((const char **)(void *)member, k, v, why, n);
	case ORIGINS:
		return set_list((const char **)(void *)member, k, v, why, n,
				is_origin,
				"origins such as https://desk.example.com, "
				"without a path");
	case IDS:
		return set_list((const char **)(void *)member, k, v, why, n,
				is_id,
				"* or the ids of teams, as docketctl team "
				"list shows them");
	case HEADER:
		return set_header((const char **)(void *)member, k, v, why, n);
	case NUMBER:
		return set_number((long *)(void *)member, k, v, why, n);
	case SWITCH:
		return set_switch((bool *)(void *)member, k, v, why, n);
	case LEVEL:
		return set_level((enum log_level *)(void *)member, k, v, why,
				 n);
	}
	return false;
}

/* Removes white space at both ends, in place. */
static char *
trim(char *s)
{
	size_t n;

	while (isspace((unsigned char)*s))
		s++;
	n = strlen(s);
	while (n && isspace((unsigned char)s[n - 1]))
		s[--n] = '\0';
	return s;
}

/* Reads one line of the file into values[]. Unknown keys are ignored: PORT,
 * LISTEN and others belong to tools/instance. */
static bool
read_conf_line(char *line, char *values[KEYS])
{
	const struct key *k;
	char *eq;
	size_t n;

	line = trim(line);
	if (!*line || *line == '#')
		return true;
	eq = strchr(line, '=');
	if (!eq)
		return false;
	*eq++ = '\0';
	k = conf_key_find(trim(line));
	if (!k)
		return true;
	eq = trim(eq);
	n = strlen(eq);
	if (n >= 2 && (*eq == '"' || *eq == '\'') && eq[n - 1] == *eq) {
		eq[n - 1] = '\0';
		eq++;
	}
	free(values[k - keys]);
	values[k - keys] = xstrdup(eq);
	return true;
}

static bool
read_file(const char *path, char *values[KEYS], char *why, size_t n)
{
	FILE *f = fopen(path, "re");
	char line[4096];
	int number = 0;
	bool ok = true;

	if (!f) {
		snprintf(why, n, "DOCKET_CONF: cannot read %s: %s", path,
			 strerror(errno));
		return false;
	}
	while (ok && fgets(line, sizeof(line), f)) {
		number++;
		ok = read_conf_line(line, values);
	}
	if (!ok)
		snprintf(why, n, "DOCKET_CONF: %s:%d is not KEY=value", path,
			 number);
	else if (ferror(f)) {
		ok = false;
		snprintf(why, n, "DOCKET_CONF: cannot read %s: %s", path,
			 strerror(errno));
	}
	fclose(f);
	return ok;
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

static const char *
fallback_of(const struct key *k)
{
	return k->offset == offsetof(struct conf, workers) ? default_workers()
							   : k->fallback;
}

static bool
load(struct conf *c, char *values[KEYS], char *why, size_t n)
{
	const char *path = getenv("DOCKET_CONF"), *v;

	if (path && *path && !read_file(path, values, why, n))
		return false;
	for (size_t i = 0; i < KEYS; i++) {
		v = getenv(keys[i].name);
		if (!v || !*v)
			v = values[i];
		if (!v || !*v)
			v = fallback_of(&keys[i]);
		if (!set(c, &keys[i], v, why, n))
			return false;
	}
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
	return true;
}

bool
conf_load(struct conf *c, char *why, unsigned long n)
{
	char *values[KEYS] = {NULL};
	bool ok;

	*c = (struct conf){0};
	ok = load(c, values, why, n);
	for (size_t i = 0; i < KEYS; i++)
		free(values[i]);
	return ok;
}

bool
conf_lists(const char *list, const char *word)
{
	const size_t n = strlen(word);
	size_t part;

	for (const char *p = next_list_word(list, &part); part;
	     p = next_list_word(p + part, &part))
		if (part == n && strncasecmp(p, word, n) == 0)
			return true;
	return false;
}
