#include "db/provision.h"

#include <string.h>

#include "base/arena.h"
#include "db/db.h"

/* The words become part of statements, where nothing could be bound. */
static bool
is_plain(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_.%";

	return *word && word[strspn(word, plain)] == '\0';
}

enum err
provision(struct ctx *c, const char *database, const char *user,
	  const char *host, const char *password, bool replace)
{
	struct arena *a = c->arena;
	const char *statements[3];
	enum err e = OK;

	if (!is_plain(database) || !is_plain(user) || !is_plain(host) ||
	    !is_plain(password))
		return ERR_INVALID;
	statements[0] = arena_printf(a,
				     "CREATE DATABASE IF NOT EXISTS `%s` "
				     "CHARACTER SET utf8mb4",
				     database);
	statements[1] =
	    arena_printf(a,
			 replace ? "ALTER USER '%s'@'%s' IDENTIFIED BY '%s'"
				 : "CREATE USER '%s'@'%s' IDENTIFIED BY '%s'",
			 user, host, password);
	statements[2] = arena_printf(a, "GRANT ALL ON `%s`.* TO '%s'@'%s'",
				     database, user, host);
	for (size_t i = 0; i < 3 && !e; i++)
		e = db_script(c->db, statements[i]);
	return e;
}

enum err
provision_again(struct ctx *c, const char *database)
{
	struct arena *a = c->arena;
	enum err e;

	if (!is_plain(database))
		return ERR_INVALID;
	e = db_script(c->db, arena_printf(a, "DROP DATABASE `%s`", database));
	if (!e)
		e = db_script(c->db, arena_printf(a,
						  "CREATE DATABASE `%s` "
						  "CHARACTER SET utf8mb4",
						  database));
	return e ? e : db_script(c->db, arena_printf(a, "USE `%s`", database));
}
