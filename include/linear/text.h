#ifndef LINEAR_TEXT_H
#define LINEAR_TEXT_H

struct arena;

/* People's texts as parts of Markdown that Docket writes in Linear: they
 * cannot imitate the text of somebody else, nor mention anybody in Linear. */

/* A name on one line, with every character literal. */
const char *linear_name(struct arena *a, const char *name);

/* A message with its Markdown kept: each line is quoted, so nothing in it
 * stands outside of the quotation. */
const char *linear_quote(struct arena *a, const char *text);

#endif
