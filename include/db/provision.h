#ifndef DB_PROVISION_H
#define DB_PROVISION_H

#include "base/ctx.h"

/* Makes a database and the user that it belongs to, with the rights of the
 * connection of `c`. `replace`: the user exists, and gets the new password;
 * otherwise ERR_DB if it exists. `host`: where the
 * user connects from, "%" for anywhere. All are plain words: letters, digits,
 * and '-', '_', '.', '%'. ERR_INVALID: one is not. ERR_DB: db_error() has the
 * server's message. */
enum err provision(struct ctx *c, const char *database, const char *user,
		   const char *host, const char *password,
		   bool replace) MUST_CHECK;

/* Drops the connection's database and makes it again, empty. ERR_INVALID: its
 * name has other characters than those of words. */
enum err provision_again(struct ctx *c, const char *database) MUST_CHECK;

#endif
