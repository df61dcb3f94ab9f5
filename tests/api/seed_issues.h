#ifndef SEED_ISSUES_H
#define SEED_ISSUES_H

#include <stdint.h>

struct answer;
struct world;

/* Four issues in different states, in the order of raising: PIPE is open, LAMP
 * in progress, DESK resolved, BILL closed. The stranger raised BILL, the
 * customer the others. */
enum { PIPE, LAMP, DESK, BILL, ISSUES };

/* The set-up of a test: a world with these issues. Stores their ids. */
void set_up_four_issues(struct world *w, int64_t ids[ISSUES]);

/* The first letters of the titles in a list of issues, in its order. */
const char *title_letters(const struct answer *list);

/* GET /api/issues/ with that query gives the issues whose titles begin with
 * these letters, in that order. */
void expect_titles(const char *token, const char *query, const char *letters);

#endif
