/* The program: finds the verb that the command line names, parses its arguments
 * and options, runs it, and turns its error into an exit code. All of that
 * works from the tables of verbs: the command line becomes a query string, so
 * that the same checks apply as to requests of the API (web/input.h). What a
 * verb does is in the file of its table. */
#include "docketctl.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "db/db.h"
#include "version.h"

#define MAX_PARAMS 12

static const struct verb *const all_verbs[] = {
    setup_verbs,     organization_verbs, user_verbs, staff_verbs,
    directory_verbs, token_verbs,	 team_verbs, queue_verbs,
    mail_verbs,	     security_verbs,	 NULL};

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

static void
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

const char *
given_text(const struct call *call, const char *name)
{
	const struct value *v = input_get(&call->in, name);

	return v->given ? v->s : NULL;
}

int64_t
given_int(const struct call *call, const char *name, int64_t otherwise)
{
	const struct value *v = input_get(&call->in, name);

	return v->given ? v->i : otherwise;
}

bool
given_switch(const struct call *call, const char *name)
{
	return given_int(call, name, 0) != 0;
}

static const struct param *
params_of(const struct verb *v)
{
	static const struct param none[] = {PARAMS_END};

	return v->params ? v->params : none;
}

static void
print_usage(FILE *to, const struct verb *v)
{
	const struct param *p;

	fprintf(to, "usage: docketctl %s", v->name);
	for (p = params_of(v); p->field.name; p++) {
		bool must = p->field.flags & F_REQUIRED;

		fputs(must ? " " : " [", to);
		if (!p->argument)
			fprintf(to, "--%s%s", p->field.name,
				p->value ? " " : "");
		fprintf(to, "%s%s", p->value ? p->value : "", must ? "" : "]");
	}
	fputs(" [--json]\n", to);
}

static int
help_verb(const struct verb *v)
{
	const struct param *p;
	char left[64];

	print_usage(stdout, v);
	printf("\n%s.\n\n", v->help);
	for (p = params_of(v); p->field.name; p++) {
		snprintf(left, sizeof(left), "%s%s%s%s",
			 p->argument ? "" : "--",
			 p->argument ? "" : p->field.name,
			 p->argument || !p->value ? "" : " ",
			 p->value ? p->value : "");
		printf("  %-24s %s\n", left, p->help);
	}
	printf("  %-24s %s\n", "--json", "print JSON instead of text");
	return EXIT_SUCCESS;
}

/* Lists the verbs that begin with the word (NULL: all); returns their number.
 */
static int
list_verbs(FILE *to, const char *word)
{
	const size_t n = word ? strlen(word) : 0;
	int count = 0;

	for (size_t i = 0; all_verbs[i]; i++)
		for (const struct verb *v = all_verbs[i]; v->name; v++) {
			if (word && (strncmp(v->name, word, n) != 0 ||
				     v->name[n] != ' '))
				continue;
			fprintf(to, "  %-24s %s\n", v->name, v->help);
			count++;
		}
	return count;
}

static bool
asks_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* Only the first word of a verb, such as "organization": lists those verbs. */
static int
help_half(int argc, char **argv)
{
	const bool asked = argc > 1 && asks_help(argv[1]);
	FILE *to = asked ? stdout : stderr;

	if (list_verbs(to, argv[0]) == 0)
		fputs("docketctl: no such verb; docketctl --help lists them\n",
		      stderr);
	else if (asked)
		return EXIT_SUCCESS;
	return EXIT_MISUSE;
}

static int
help_all(FILE *to)
{
	fputs("usage: docketctl VERB [ARGUMENT|OPTION]... [--json]\n"
	      "       docketctl VERB --help\n"
	      "       docketctl --version\n\n",
	      to);
	(void)list_verbs(to, NULL);
	fputs("\nThe configuration comes from the environment, else from the "
	      "file that DOCKET_CONF\nnames. Exit codes: 0 done, 1 refused or "
	      "not found, 2 wrong usage, 69 no database,\n78 wrong "
	      "configuration.\n",
	      to);
	return to == stdout ? EXIT_SUCCESS : EXIT_MISUSE;
}

/* How many words of the command line are the verb's name; 0: it is another
 * verb. */
static int
count_name_words(const char *name, int argc, char **argv)
{
	const char *space = strchr(name, ' ');
	const size_t first = space ? (size_t)(space - name) : strlen(name);

	if (argc < 1 || strlen(argv[0]) != first ||
	    strncmp(argv[0], name, first) != 0)
		return 0;
	if (!space)
		return 1;
	return argc > 1 && strcmp(argv[1], space + 1) == 0 ? 2 : 0;
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

/* The command line while it is parsed into a query string. */
struct reading {
	struct call *call;
	const char *query;
	bool given[MAX_PARAMS];
	bool help, misused;
};

static void
give(struct reading *r, const struct param *p, const char *text)
{
	struct arena *a = r->call->c->arena;

	r->given[p - params_of(r->call->verb)] = true;
	if (!*text && !(p->field.flags & F_BLANK))
		(void)fault_add(&r->call->c->faults, p->field.name,
				"This may not be blank.");
	r->query = arena_printf(a, "%s&%s=%s", r->query, p->field.name,
				percent_encode(a, text));
}

static void
read_options(struct reading *r, int argc, char **argv)
{
	enum { HELP = MAX_PARAMS + 1, JSON };
	const struct param *params = params_of(r->call->verb), *p;
	struct option options[MAX_PARAMS + 3] = {
	    {"help", no_argument, NULL, HELP},
	    {"json", no_argument, NULL, JSON}};
	int n = 2, got;

	for (p = params; p->field.name; p++)
		if (!p->argument)
			options[n++] = (struct option){
			    p->field.name,
			    p->value ? required_argument : no_argument, NULL,
			    (int)(p - params) + 1};
	while ((got = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (got == HELP || got == 'h')
			r->help = true;
		else if (got == JSON)
			r->call->json = true;
		else if (got == '?')
			r->misused = true;
		else
			give(r, &params[got - 1], optarg ? optarg : "true");
	}
}

/* The words that are not options are arguments, in order. */
static void
read_arguments(struct reading *r, int argc, char **argv)
{
	const struct param *p = params_of(r->call->verb);

	for (; p->field.name; p++)
		if (p->argument && argc > 0) {
			give(r, p, *argv++);
			argc--;
		}
	if (argc > 0) {
		fprintf(stderr, "docketctl: %s: what is %s?\n",
			r->call->verb->name, *argv);
		r->misused = true;
	}
}

/* Says which of the required ones are not there. */
static bool
is_complete(const struct reading *r)
{
	const struct param *params = params_of(r->call->verb);
	bool complete = true;

	for (size_t i = 0; params[i].field.name; i++) {
		if (r->given[i] || !(params[i].field.flags & F_REQUIRED))
			continue;
		fprintf(stderr, "docketctl: %s: %s is missing\n",
			r->call->verb->name, params[i].value);
		complete = false;
	}
	return complete;
}

static bool
check_input(struct reading *r)
{
	struct call *call = r->call;
	const struct param *params = params_of(call->verb);
	struct field *fields;
	size_t n = 0;

	while (params[n].field.name)
		n++;
	fields = arena_alloc(call->c->arena, (n + 1) * sizeof(*fields));
	for (size_t i = 0; i <= n; i++)
		fields[i] = params[i].field;
	if (!input_read(&call->in, call->c->arena, fields, NULL, r->query,
			&call->c->faults) &&
	    !call->c->faults.first)
		return true;
	print_call_faults(call);
	return false;
}

static int
run_verb(struct call *call, int argc, char **argv)
{
	struct reading r = {.call = call, .query = ""};

	read_options(&r, argc, argv);
	if (r.help)
		return help_verb(call->verb);
	if (!r.misused)
		read_arguments(&r, argc - optind, argv + optind);
	if (r.misused || !is_complete(&r) || !check_input(&r)) {
		print_usage(stderr, call->verb);
		return EXIT_MISUSE;
	}
	return exit_code(call, call->verb->run(call));
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
	if (!conf_load(&conf, why, sizeof(why))) {
		fprintf(stderr, "docketctl: %s\n", why);
		return EXIT_CONFIG;
	}
	/* getopt_long begins its messages with argv[0] */
	argv[words] = (char[]){"docketctl"};
	return with_context(v, &conf, argc - words, argv + words);
}
