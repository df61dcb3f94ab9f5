#ifndef SIMULATOR_H
#define SIMULATOR_H

#include <stdint.h>

struct answer;

/* The simulated Linear, read and controlled through its control endpoints
 * (tests/linear/README.md). */

/* Replaces its faults, a JSON array where ' stands for "; "[]": none. */
void linear_faults(const char *rules);
void linear_down(void);
void linear_well(void);

/* The issue in Linear, by the id that Docket chose; 404 when there is none. */
struct answer *linear_issue(const char *id);

/* Waits until Linear has the issue. */
struct answer *linear_await(const char *id);

/* Actions of people in Linear: create an issue (returns its id), set its
 * state. */
const char *linear_create(const char *team, const char *title);
void linear_move(const char *id, const char *state);

/* The number of issues with that title in Linear. */
int linear_count(const char *title);

/* Removes the faults, without a fixture: for an unchecked fixture, which runs
 * in the parent process also after a test that failed. */
void linear_mend(void);

/* The id in Linear of one of our issues, or NULL. */
const char *linear_id_of(int64_t issue);

/* Waits until docket-sync has no jobs left for the organization. */
void expect_no_jobs(int64_t org);

#endif
