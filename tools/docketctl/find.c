/* What several verbs need: finding what an argument names, and passwords. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "admin/admin.h"
#include "base/arena.h"
#include "base/enum_name.h"
#include "base/json.h"
#include "desk/auth.h"
#include "docketctl.h"

/* The number that the text is; 0: it is not an id. */
static int64_t
id_of(const char *s)
{
	for (const char *p = s; *p; p++)
		if (!isdigit((unsigned char)*p))
			return 0;
	return strlen(s) < 19 ? strtoll(s, NULL, 10) : 0;
}

enum err
find_organization_argument(struct organization **out, struct call *call,
			   const char *which)
{
	int64_t id = id_of(which);
	enum err e = OK;

	if (!id)
		e = admin_organization_find(&id, call->c, which);
	if (!e)
		e = organization_get(out, call->c, id);
	if (e == ERR_NOTFOUND)
		return refuse(call, e, "there is no organization %s", which);
	return e;
}

enum err
find_user_argument(struct user **out, struct call *call, const char *which)
{
	const int64_t id = id_of(which);
	enum err e = id ? user_get(out, call->c, id) : ERR_NOTFOUND;

	if (e == ERR_NOTFOUND)
		e = user_find(out, call->c, which);
	if (e == ERR_NOTFOUND)
		return refuse(call, e, "there is no user %s", which);
	return e;
}

struct actor
operator_of(const struct organization *org)
{
	return (struct actor){.role = ROLE_VENDOR,
			      .organization_id = org->id,
			      .name = "docketctl"};
}

enum err
enter_organization(struct actor *who, struct call *call)
{
	struct organization *o;
	enum err e = find_organization_argument(
	    &o, call, given_text(call, "organization"));

	if (!e)
		*who = operator_of(o);
	return e;
}

const char *
read_stream_line(struct arena *a, FILE *from)
{
	char line[4 * PASSWORD_MAX + 2];
	const char *got = fgets(line, sizeof(line), from);
	size_t n = got ? strcspn(line, "\r\n") : 0;

	got = got && (line[n] || feof(from)) ? arena_memdup(a, line, n) : NULL;
	explicit_bzero(line, sizeof(line));
	return got;
}

const char *
ask_unseen(struct arena *a, const char *prompt)
{
	struct termios seen, unseen;
	const char *line;

	if (tcgetattr(STDIN_FILENO, &seen) != 0)
		return NULL;
	unseen = seen;
	unseen.c_lflag &= ~(tcflag_t)ECHO;
	/* The prompt comes last: what is typed in answer to it is never shown,
	 * nor discarded. */
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen) != 0)
		return NULL;
	fputs(prompt, stderr);
	line = read_stream_line(a, stdin);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &seen);
	fputc('\n', stderr);
	return line;
}

enum err
read_password(const char **out, struct call *call)
{
	struct arena *a = call->c->arena;
	const char *password, *again;
	size_t n;

	if (isatty(STDIN_FILENO)) {
		password = ask_unseen(a, "New password: ");
		again = password ? ask_unseen(a, "Again: ") : NULL;
		if (again && strcmp(password, again) != 0)
			return refuse(call, ERR_INVALID,
				      "the passwords differ");
	} else {
		password = read_stream_line(a, stdin);
	}
	if (!password)
		return refuse(call, ERR_INVALID, "no password was given");
	if (!utf8_valid(password, strlen(password)))
		return refuse(call, ERR_INVALID, "the password is not UTF-8");
	n = utf8_length(password);
	if (n < PASSWORD_MIN || n > PASSWORD_MAX)
		return refuse(call, ERR_INVALID,
			      "a password has %d to %d characters",
			      PASSWORD_MIN, PASSWORD_MAX);
	*out = password;
	return OK;
}
