#ifndef CLIENTS_H
#define CLIENTS_H

#include <stdint.h>

struct answer;
struct person;

/* The list at that path has one role, the primary one, with these values. */
void expect_role(const struct answer *a, const char *at, int id,
		 const char *name, const char *slug);

/* The path of what a person may do in an organization. */
const char *permissions_path(const struct person *p, int64_t org);

#endif
