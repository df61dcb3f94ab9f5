/* docket-mail-read reads one mail and describes it as JSON. docket-sync starts
 * it for each mail that comes in, so that hostile bytes meet GMime, libxml2 and
 * iconv in a process that has nothing to lose.
 *
 *   descriptor 0   the mail, a file
 *   descriptor 1   takes the JSON
 *   descriptor 3   takes the bytes of the files, one after the other, if open
 *
 * The only argument is MAIL_AUTHSERV. How it exits is in mail/incoming.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "mail/incoming.h"
#include "mime/mime.h"

#define JSON_MAX (8UL << 20)
#define FILES_FD 3

static bool
write_out(int fd, const char *s, size_t n)
{
	while (n > 0) {
		const ssize_t done = write(fd, s, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		s += done;
		n -= (size_t)done;
	}
	return true;
}

/* The mail; NULL: it cannot be read. */
static const char *
map_mail(size_t *n)
{
	struct stat st;
	void *at;

	*n = 0;
	if (fstat(STDIN_FILENO, &st) != 0 || !S_ISREG(st.st_mode))
		return NULL;
	*n = (size_t)st.st_size;
	if (*n == 0)
		return "";
	at = mmap(NULL, *n, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
	return at == MAP_FAILED ? NULL : at;
}

static bool
write_files(const struct incoming_mail *mail)
{
	for (size_t i = 0; i < mail->n_files; i++)
		if (!write_out(FILES_FD, mail->files[i].data,
			       mail->files[i].size))
			return false;
	return true;
}

static enum incoming_exit
describe(const char *raw, size_t n, const char *authserv, bool is_confined,
	 bool wants_files)
{
	static const char *const unconfined =
	    "This system could not confine the program that read the mail.";
	struct arena *a = arena_new();
	struct incoming_mail mail;
	struct buf json;
	const char *refused = n > INCOMING_MAX
				  ? "The mail is larger than 35 MiB."
				  : mime_read(&mail, a, raw, n, authserv);

	buf_init(&json, JSON_MAX);
	if (refused) {
		mime_describe_refusal(&json, refused);
	} else {
		if (!is_confined && mail.n_problems == 0) {
			mail.problems = &unconfined;
			mail.n_problems = 1;
		}
		mime_describe(&json, &mail);
		if (wants_files && !write_files(&mail))
			return INCOMING_BROKEN;
	}
	if (json.overflow)
		return INCOMING_SAYS_TOO_MUCH;
	return write_out(STDOUT_FILENO, json.data, json.len)
		   ? INCOMING_DESCRIBED
		   : INCOMING_BROKEN;
}

int
main(int argc, char **argv)
{
	const bool wants_files = fcntl(FILES_FD, F_GETFD) >= 0;
	const char *raw;
	size_t n;
	bool is_confined;

	if (argc > 2) {
		fputs(
		    "usage: docket-mail-read [AUTHSERV] <MAIL >JSON 3>FILES\n",
		    stderr);
		return 64;
	}
	mime_start();
	raw = map_mail(&n);
	if (!raw) {
		fputs("docket-mail-read: standard input must be a file\n",
		      stderr);
		return 66;
	}
	is_confined = mime_sandbox();
	/* Nothing is freed: the process ends, and may do little more. */
	_exit((int)describe(raw, n, argc == 2 ? argv[1] : NULL, is_confined,
			    wants_files));
}
