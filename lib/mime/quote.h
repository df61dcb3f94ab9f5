#ifndef MIME_QUOTE_H
#define MIME_QUOTE_H

#include <stdbool.h>

struct arena;

/* What the sender wrote themselves: the text without the quotation at its end
 * and without signature, in the arena. A quotation is only looked for in a
 * reply (`is_reply`). Quotations with answers between or below them stay, as
 * everything does if nothing else would be left. */
const char *quote_cut(struct arena *a, const char *whole, bool is_reply);

#endif
