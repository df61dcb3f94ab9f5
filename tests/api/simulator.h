#ifndef SIMULATOR_H
#define SIMULATOR_H

struct answer;

/* The simulated Linear, looked at and steered through its control endpoints
 * (tests/linear/README.md). */

/* Replaces its faults; ' stands for ". "[]" is none. */
void linear_faults(const char *rules);
void linear_down(void);
void linear_well(void);

/* The issue as Linear has it, by the id that Docket chose; 404 when it has
 * none. */
struct answer *linear_issue(const char *id);

/* Waits at most that long until Linear has the issue, and then says whether it
 * is there. */
struct answer *linear_await(const char *id, int seconds);

/* What people do there: a new issue (its id), another state. */
const char *linear_create(const char *team, const char *title);
void linear_move(const char *id, const char *state);

/* How many issues with that title it has. */
int linear_count(const char *title);

#endif
