/* Reads a mail by docket-mail-read: finds that program, and checks what it
 * wrote. incoming_child.c runs it. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "incoming_child.h"
#include "incoming_json.h"
#include "mail/incoming.h"

/* How long it may take, in seconds. Its processor time is limited, too. */
#define PATIENCE_S 20

/* How the program is started: itself, or by the loader that started this
 * program (in the folder for shared hosts), with that loader's libraries. */
struct reader_command {
	char loader[PATH_MAX], libraries[PATH_MAX], program[PATH_MAX];
	const char *words[6];
};

static bool
is_reader_at(struct reader_command *c, const char *directory, const char *place)
{
	const int n = snprintf(c->program, PATH_MAX, "%s/%sdocket-mail-read",
			       directory, place);

	return n < PATH_MAX && access(c->program, X_OK) == 0;
}

/* Finds the program beside this one, or where `make install` puts it. */
static bool
find_reader(struct reader_command *c, const char *authserv)
{
	static const char *const places[] = {"", "../lib/docket/", "../",
					     "../bin/"};
	const ssize_t n = readlink("/proc/self/exe", c->loader, PATH_MAX - 1);
	size_t place = 0, words = 0;
	char *slash;

	if (n <= 0)
		return false;
	c->loader[n] = '\0';
	slash = strrchr(c->loader, '/');
	if (!slash)
		return false;
	snprintf(c->libraries, PATH_MAX, "%.*s", (int)(slash - c->loader),
		 c->loader);
	while (!is_reader_at(c, c->libraries, places[place]))
		if (++place == sizeof(places) / sizeof(*places))
			return false;
	if (strncmp(slash, "/ld-", 4) == 0) {
		c->words[words++] = c->loader;
		c->words[words++] = "--library-path";
		c->words[words++] = c->libraries;
	}
	c->words[words++] = c->program;
	c->words[words++] = authserv;
	return true;
}

struct incoming_child *
incoming_mail_begin(const char *raw, size_t n, const char *authserv)
{
	struct reader_command command = {.words = {NULL}};

	if (!find_reader(&command, authserv))
		return NULL;
	return incoming_child_start(command.words, PATIENCE_S, raw, n);
}

enum incoming_result
incoming_mail_end(struct incoming_mail *out, const char **why,
		  struct incoming_child *child, struct arena *a)
{
	enum incoming_result result = INCOMING_FAILED;
	struct incoming_output written;

	*why = incoming_child_wait(child, a);
	if (!*why) {
		*why = "The program that read the mail wrote too much.";
		if (incoming_child_take(&written, child, a))
			result = incoming_json_read(out, why, a, written.json,
						    written.n, written.files,
						    written.files_n);
	}
	incoming_child_close(child);
	return result;
}
