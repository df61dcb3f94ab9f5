/* Reads a file of settings: lines of KEY=value, where a value may stand in
 * quotes; empty lines and those that begin with # are skipped. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/conf.h"

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

/* Passes one line on. False: it is no KEY=value. */
static bool
read_conf_line(char *line, conf_take *take, void *arg)
{
	char *value;
	size_t n;

	line = trim(line);
	if (!*line || *line == '#')
		return true;
	value = strchr(line, '=');
	if (!value)
		return false;
	*value++ = '\0';
	value = trim(value);
	n = strlen(value);
	if (n >= 2 && (*value == '"' || *value == '\'') &&
	    value[n - 1] == *value) {
		value[n - 1] = '\0';
		value++;
	}
	take(arg, trim(line), value);
	return true;
}

bool
conf_file_read(const char *path, conf_take *take, void *arg, char *why,
	       unsigned long n)
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
		ok = read_conf_line(line, take, arg);
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
