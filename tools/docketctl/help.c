/* Prints what docketctl can do, from the tables of verbs: all verbs, those that
 * begin with a word, or the parameters of one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "command_line.h"

const struct param *
params_of(const struct verb *v)
{
	static const struct param none[] = {PARAMS_END};

	return v->params ? v->params : none;
}

void
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

int
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
			fprintf(to, "  %-29s %s\n", v->name, v->help);
			count++;
		}
	return count;
}

bool
asks_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* Only the first word of a verb, such as "organization": lists those verbs. */
int
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

int
help_all(FILE *to)
{
	fputs("usage: docketctl VERB [ARGUMENT|OPTION]... [--json]\n"
	      "       docketctl VERB --help\n"
	      "       docketctl --version\n\n",
	      to);
	(void)list_verbs(to, NULL);
	fputs("\nThe configuration comes from the environment, else from the "
	      "file that DOCKET_CONF\nnames, else from " CONF_INSTALLED ".\n"
	      "Exit codes: 0 done, 1 refused or not found, 2 wrong usage, "
	      "69 no database,\n78 wrong configuration.\n",
	      to);
	return to == stdout ? EXIT_SUCCESS : EXIT_MISUSE;
}
