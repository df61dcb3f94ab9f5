#ifndef DB_CONNECTION_H
#define DB_CONNECTION_H

#include <stdbool.h>

#include "base/err.h"

struct conf;
struct st_mysql; /* MYSQL of the client library */

/* A connection to the server, and what its last error means. */
struct connection {
	const struct conf *conf;
	struct st_mysql *my; /* NULL: not connected */
	unsigned timeout_s;  /* for each statement; 0: none */
	unsigned generation; /* counts the connections that were opened */
	bool is_read_only;   /* the server refused a write */
	bool not_executed;   /* the connection broke before the statement ran */
	bool was_made; /* the last error: what an ALTER TABLE adds exists, or
			* what it drops does not */
	unsigned statements; /* sent so far */
	char error[512];     /* number and message of the last error */
};

enum err connection_open(struct connection *c) MUST_CHECK;
void connection_close(struct connection *c);

/* Frees what the client library itself holds. */
void connection_library_end(void);

/* Whether the server has closed it. */
bool connection_was_closed(const struct connection *c);

/* Runs the text of a statement that gives no rows. */
enum err connection_command(struct connection *c, const char *sql) MUST_CHECK;

/* Records an error of the client library, and says what it means for the caller
 * of db_run (db.h). Closes a connection that broke. */
enum err connection_failed(struct connection *c, unsigned number,
			   const char *text) MUST_CHECK;

#endif
