#ifndef ADMIN_ADMIN_ROWS_H
#define ADMIN_ADMIN_ROWS_H

#include "base/ctx.h"
#include "db/db.h"

/* For the lists of docketctl: the parts of statements that they share. */

/* The column begins with the text. Reads the whole table: operators rarely
 * search.
 */
#define BEGINS(column) "LEFT(" column ", CHAR_LENGTH(?)) = ? "
#define PAGE	       "LIMIT ? OFFSET ?"

/* The arguments of two BEGINS, and whether there is a search at all. */
#define SEARCH(text)                                                    \
	arg_text(text), arg_text(text), arg_text(text), arg_text(text), \
	    arg_text(text)

#endif
