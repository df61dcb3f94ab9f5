#ifndef DOCKETCTL_COMMAND_LINE_H
#define DOCKETCTL_COMMAND_LINE_H

#include <stdio.h>

#include "docketctl.h"

/* What main.c, help.c and command_line.c share. */

/* --- main.c --------------------------------------------------------------- */

/* The tables of verbs, ended by NULL. */
extern const struct verb *const all_verbs[];

void print_call_faults(const struct call *call);

/* --- help.c --------------------------------------------------------------- */

/* The verb's parameters, ended by one without a name. */
const struct param *params_of(const struct verb *v);

void print_usage(FILE *to, const struct verb *v);
bool asks_help(const char *word);

/* These return an exit code. help_half() is for a command line with only the
 * first word of a verb, such as "organization": it lists those verbs. */
int help_verb(const struct verb *v);
int help_half(int argc, char **argv);
int help_all(FILE *to);

/* --- command_line.c ------------------------------------------------------- */

enum line { LINE_READ, LINE_HELP, LINE_MISUSED };

/* Reads what follows the verb into call->in. What is wrong has been reported on
 * stderr. */
enum line read_command_line(struct call *call, int argc, char **argv);

#endif
