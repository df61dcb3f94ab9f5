#ifndef LINEAR_TEXT_H
#define LINEAR_TEXT_H

struct arena;

/* People's words as parts of a Markdown text that Docket writes in Linear: what
 * somebody calls themselves, or says, cannot pass for what somebody else says,
 * nor mention anybody in Linear. */

/* A name: every character of it stands for itself, on one line. */
const char *linear_name(struct arena *a, const char *name);

/* A message, whose Markdown stays what it is: each line is quoted, so that
 * nothing in it stands outside of the quotation. */
const char *linear_quote(struct arena *a, const char *text);

#endif
