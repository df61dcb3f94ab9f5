#ifndef MAIL_MARKER_H
#define MAIL_MARKER_H

/* The first line of each mail that can be answered: in an answer, this line and
 * all that follows it are a quotation. Mail programs may quote it ("> "), wrap
 * it, or put other white space into it. */
#define MAIL_MARKER "--- Reply above this line ---"

#endif
