#ifndef RIGHTS_H
#define RIGHTS_H

#include "tests/lib/client.h"
#include "tests/lib/fixture.h"

/* What the tests of customers' rights begin with: an issue that the customer
 * has raised, and its path. */

static struct world w;
static int64_t issue;
static const char *mine;

static inline void
set_up(void)
{
	fixture_begin();
	make_world(&w);
	issue = raise_issue(&w.customer, w.org, "Subject");
	mine = issue_path(issue, "");
}

#endif
