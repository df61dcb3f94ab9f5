/* Reads the parameters of a verb. The command line becomes a query string, so
 * that the same checks apply as to requests of the API (web/input.h). A verb
 * then asks for the values by name. */
#include "command_line.h"

#include <getopt.h>

#include "base/arena.h"

#define MAX_PARAMS 12

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

enum err
given_one_or_all(int64_t *id, struct call *call, const char *name,
		 const char *what)
{
	*id = given_int(call, name, 0);
	if (given_switch(call, "all") != (*id != 0))
		return OK;
	return misuse(call, arena_printf(call->c->arena,
					 "give the id of %s, or --all", what));
}

struct list_page
given_page(const struct call *call)
{
	return (struct list_page){.limit =
				      given_int(call, "limit", LIST_DEFAULT),
				  .offset = given_int(call, "offset", 0)};
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

enum line
read_command_line(struct call *call, int argc, char **argv)
{
	struct reading r = {.call = call, .query = ""};

	read_options(&r, argc, argv);
	if (r.help)
		return LINE_HELP;
	if (!r.misused)
		read_arguments(&r, argc - optind, argv + optind);
	return r.misused || !is_complete(&r) || !check_input(&r) ? LINE_MISUSED
								 : LINE_READ;
}
