#ifndef DB_CLIENT_H
#define DB_CLIENT_H

/* The client library, for connection.c and statement.c alone. */
#include <mysql.h>

#endif
