/* The program: finds the verb that the command line names, has its parameters
 * read (command_line.c), runs it, and turns its error into an exit code. What a
 * verb does is in the file of its table; help.c prints the tables. */
#include "docketctl.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "command_line.h"
#include "db/db.h"
#include "version.h"

const struct verb *const all_verbs[] = {
    first_setup_verbs, setup_verbs,   organization_verbs,
    user_verbs,	       profile_verbs, staff_verbs,
    directory_verbs,   token_verbs,   team_verbs,
    queue_verbs,       mail_verbs,    mail_in_verbs,
    backup_verbs,      restore_verbs, security_verbs,
    files_verbs,       NULL};

/* Reports the error of a verb that has not reported it itself. */
static void
explain(const struct call *call, enum err e)
{
	static const char *const texts[ERR_MAX] = {
	    [ERR_FORBIDDEN] = "not allowed",
	    [ERR_NOTFOUND] = "not found",
	    [ERR_CONFLICT] = "it exists already",
	    [ERR_UPSTREAM] = "Linear cannot be reached, or refuses",
	};
	const char *db = db_error(call->c->db);

	fprintf(stderr, "docketctl: %s: ", call->verb->name);
	if (texts[e])
		fprintf(stderr, "%s\n", texts[e]);
	else
		fprintf(stderr, "database: %s\n",
			*db ? db : "cannot be reached");
}

void
print_call_faults(const struct call *call)
{
	const struct fault *f;

	for (f = call->c->faults.first; f; f = f->next)
		fprintf(stderr, "docketctl: %s: %s%s%s\n", call->verb->name,
			strcmp(f->field, "non_field_errors") == 0 ? ""
								  : f->field,
			strcmp(f->field, "non_field_errors") == 0 ? "" : ": ",
			f->text);
}

static int
exit_code(const struct call *call, enum err e)
{
	if (e && !call->explained) {
		print_call_faults(call);
		if (!call->c->faults.first)
			explain(call, e);
	}
	if (call->misused)
		return EXIT_MISUSE;
	if (e == ERR_DB || e == ERR_AGAIN)
		return EXIT_NO_DATABASE;
	return e ? EXIT_REFUSED : EXIT_SUCCESS;
}

void
say_why(struct call *call, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "docketctl: %s: ", call->verb->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	call->explained = true;
}

enum err
misuse(struct call *call, const char *text)
{
	call->misused = true;
	return refuse(call, ERR_INVALID, "%s", text);
}

/* How many words of the command line are the verb's name; 0: it is another
 * verb. */
static int
count_name_words(const char *name, int argc, char **argv)
{
	int words = 0;
	size_t n;

	for (; *name; name += n + (name[n] == ' '), words++) {
		n = strcspn(name, " ");
		if (words == argc || strlen(argv[words]) != n ||
		    strncmp(argv[words], name, n) != 0)
			return 0;
	}
	return words;
}

static const struct verb *
find_verb(int *words, int argc, char **argv)
{
	for (size_t i = 0; all_verbs[i]; i++)
		for (const struct verb *v = all_verbs[i]; v->name; v++)
			if ((*words = count_name_words(v->name, argc, argv)) >
			    0)
				return v;
	return NULL;
}

/* A mail that could not be looked at is tried again. */
static int
failure_exit(const struct verb *v, int code)
{
	return v->run == deliver_mail ? EXIT_TRY_LATER : code;
}

static int
run_verb(struct call *call, int argc, char **argv)
{
	int code;

	switch (read_command_line(call, argc, argv)) {
	case LINE_HELP:
		return help_verb(call->verb);
	case LINE_MISUSED:
		print_usage(stderr, call->verb);
		return failure_exit(call->verb, EXIT_MISUSE);
	case LINE_READ:
		break;
	}
	code = exit_code(call, call->verb->run(call));
	return call->exit_code ? call->exit_code : code;
}

static int
with_context(const struct verb *v, const struct conf *conf, int argc,
	     char **argv)
{
	struct ctx c = {.conf = conf, .now = clock_now()};
	struct call call = {.c = &c, .verb = v};
	int code;

	crypto_init();
	c.arena = arena_new();
	c.db = db_new(conf);
	db_attach(c.db, c.arena);
	faults_init(&c.faults, c.arena);
	code = run_verb(&call, argc, argv);
	db_free(c.db);
	arena_free(c.arena);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("docketctl: standard output");
		return EXIT_REFUSED;
	}
	return code;
}

int
main(int argc, char **argv)
{
	const struct verb *v;
	static struct conf conf; /* its texts are never freed */
	char why[512];
	int words;

	if (argc < 2)
		return help_all(stderr);
	if (asks_help(argv[1]) || strcmp(argv[1], "help") == 0)
		return help_all(stdout);
	if (strcmp(argv[1], "--version") == 0) {
		puts("docketctl " VERSION);
		return EXIT_SUCCESS;
	}
	v = find_verb(&words, argc - 1, argv + 1);
	if (!v)
		return help_half(argc - 1, argv + 1);
	conf_use_installed();
	if (!conf_load(&conf, why, sizeof(why))) {
		fprintf(stderr, "docketctl: %s\n", why);
		return failure_exit(v, EXIT_CONFIG);
	}
	/* getopt_long begins its messages with argv[0] */
	argv[words] = (char[]){"docketctl"};
	return with_context(v, &conf, argc - words, argv + words);
}
