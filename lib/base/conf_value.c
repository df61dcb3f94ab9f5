/* Checks the value of a setting by its kind, and stores it. Each set_…()
 * returns false with one line in `why`, which does not show the value. Lists
 * are in conf_list.c. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/address.h"
#include "base/arena.h"
#include "conf_key.h"

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

/* "10r/s" or "30r/m", as nginx writes it; stored as microseconds between two.
 */
static bool
set_rate(long *out, const struct key *k, const char *v, char *why, size_t n)
{
	const size_t digits = strspn(v, "0123456789");
	const char *unit = v + digits;
	const bool a_second = strcmp(unit, "r/s") == 0;

	if (*v < '1' || digits > 6 || (!a_second && strcmp(unit, "r/m") != 0)) {
		snprintf(why, n, "%s must be a rate such as 10r/s", k->name);
		return false;
	}
	*out = (a_second ? 1000000L : 60000000L) / strtol(v, NULL, 10);
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

/* The part of addresses behind the @, in the form of address_read(). */
static bool
set_domain(const char **out, const struct key *k, const char *v, char *why,
	   size_t n)
{
	char kept[ADDRESS_MAX + 1], address[ADDRESS_MAX + 1];

	*out = NULL;
	if (!v || !*v)
		return true;
	if ((size_t)snprintf(address, sizeof(address), "x@%s", v) >=
		sizeof(address) ||
	    address_read(kept, address, HOST_OF_ANY_KIND)) {
		snprintf(why, n, "%s must be a domain such as in.example.com",
			 k->name);
		return false;
	}
	*out = xstrdup(kept + 2);
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
set_readable(const char **out, const struct key *k, const char *v, char *why,
	     size_t n)
{
	if (v && *v && access(v, R_OK) != 0) {
		snprintf(why, n, "%s must be a file that can be read: %s",
			 k->name, strerror(errno));
		return false;
	}
	*out = v && *v ? xstrdup(v) : NULL;
	return true;
}

bool
conf_set(struct conf *c, const struct key *k, const char *v, char *why,
	 size_t n)
{
	char *member = (char *)c + k->offset;

	switch (k->kind) {
	case TEXT:
		*(const char **)(void *)member = v && *v ? xstrdup(v) : NULL;
		return true;
	case READABLE:
		return set_readable((const char **)(void *)member, k, v, why,
				    n);
	case URL:
		return set_url((const char **)(void *)member, k, v, why, n);
	case SMTP:
		return set_smtp((const char **)(void *)member, k, v, why, n);
	case ADDRESS:
		return set_address((const char **)(void *)member, k, v, why, n);
	case DOMAIN:
		return set_domain((const char **)(void *)member, k, v, why, n);
	case ORIGINS:
		return conf_set_origins((const char **)(void *)member, k, v,
					why, n);
	case IDS:
		return conf_set_ids((const char **)(void *)member, k, v, why,
				    n);
	case HEADER:
		return set_header((const char **)(void *)member, k, v, why, n);
	case NUMBER:
		return set_number((long *)(void *)member, k, v, why, n);
	case RATE:
		return set_rate((long *)(void *)member, k, v, why, n);
	case SWITCH:
		return set_switch((bool *)(void *)member, k, v, why, n);
	case LEVEL:
		return set_level((enum log_level *)(void *)member, k, v, why,
				 n);
	}
	return false;
}
