/* The connection to MariaDB or MySQL: how it is opened, which session it gets,
 * and what the server's errors mean. The numbers of errors decide three things:
 * whether the connection is broken, whether the work lost a race and may run
 * again, and whether the data was refused. Running again is left to db.c, which
 * knows about transactions; statements and rows to statement.c. */
#include "connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/conf.h"
#include "client.h"

/* From mysqld_error.h and errmsg.h, whose names differ between the two client
 * libraries. */
enum {
	NOT_PRIMARY = 1047, /* a Galera node outside the majority */
	SERVER_SHUTDOWN = 1053,
	DUPLICATE_COLUMN = 1060,
	DUPLICATE_INDEX = 1061,
	NOTHING_TO_DROP = 1091,
	COMMIT_FAILED = 1180, /* Galera: the certification failed */
	LOCK_WAIT_TIMEOUT = 1205,
	DEADLOCK = 1213,
	TABLE_CHANGED = 1412,	 /* by an ALTER TABLE, within the transaction */
	TOO_MANY_CHANGES = 1615, /* while a statement was prepared */
	OPTION_FORBIDS = 1290,	 /* --read-only */
	READ_ONLY_MODE = 1836,
	DUPLICATE_KEY = 1062,
	OUT_OF_RANGE = 1264,
	TRUNCATED = 1265, /* for example a number outside an ENUM */
	WRONG_COLLATION = 1267,
	WRONG_VALUE = 1292,
	WRONG_STRING = 1366,
	TOO_LONG = 1406,
	CONNECTION_KILLED = 1927,
	CLIENT_IDLE = 4031, /* MySQL closed an idle connection */
	SERVER_GONE = 2006,
	SERVER_LOST = 2013
};

void
connection_close(struct connection *c)
{
	if (c->my)
		mysql_close(c->my);
	c->my = NULL;
}

void
connection_library_end(void)
{
	mysql_library_end();
}

static void
record_error(struct connection *c, unsigned number, const char *text)
{
	(void)snprintf(c->error, sizeof(c->error), "%u: %s", number, text);
}

/* Strict mode and UTC. READ COMMITTED, because with REPEATABLE READ the readers
 * of counters would wait for each other. If a process or its machine stops in
 * the middle of a transaction, MariaDB ends the transaction after a minute;
 * MySQL, which has no such setting and reads the text as a comment, keeps its
 * locks until TCP finds out. */
static bool
set_session(MYSQL *my)
{
	static const char *const settings[] = {
	    "SET SESSION sql_mode='STRICT_ALL_TABLES,"
	    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', "
	    "time_zone='+00:00', innodb_lock_wait_timeout=10"
	    "/*M!100300 , idle_transaction_timeout=60 */",
	    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"};

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (mysql_query(my, settings[i]) != 0)
			return false;
	return true;
}

/* Makes the kernel probe an idle network connection, so that firewalls keep it
 * open, and connection_was_closed() notices when one has dropped it. */
static void
enable_keepalive(MYSQL *my)
{
	static const struct {
		int option, value;
	} settings[] = {
	    {TCP_KEEPIDLE, 60}, {TCP_KEEPINTVL, 10}, {TCP_KEEPCNT, 3}};
	const int fd = (int)mysql_get_socket(my);

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		(void)setsockopt(fd, IPPROTO_TCP, settings[i].option,
				 &settings[i].value, sizeof(int));
}

/* The connection is encrypted, and the server must have a certificate for its
 * name by one of the authorities in the file. The client libraries say that in
 * two ways. */
static void
require_tls(MYSQL *my, const char *ca)
{
#ifdef MARIADB_BASE_VERSION
	const my_bool yes = 1;

	mysql_optionsv(my, MYSQL_OPT_SSL_ENFORCE, &yes);
	mysql_optionsv(my, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
#else
	const unsigned mode = SSL_MODE_VERIFY_IDENTITY;

	mysql_options(my, MYSQL_OPT_SSL_MODE, &mode);
#endif
	mysql_options(my, MYSQL_OPT_SSL_CA, ca);
}

/* Without this, the libraries look for a socket if the host is "localhost". */
static void
use_tcp(MYSQL *my, const char *ca)
{
	const unsigned tcp = MYSQL_PROTOCOL_TCP;

	mysql_options(my, MYSQL_OPT_PROTOCOL, &tcp);
	if (ca)
		require_tls(my, ca);
}

enum err
connection_open(struct connection *c)
{
	const struct conf *f = c->conf;
	const unsigned connect_s = 5;

	c->my = mysql_init(NULL);
	if (!c->my)
		abort(); /* out of memory */
	mysql_options(c->my, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
	mysql_options(c->my, MYSQL_OPT_READ_TIMEOUT, &c->timeout_s);
	mysql_options(c->my, MYSQL_OPT_WRITE_TIMEOUT, &c->timeout_s);
	mysql_options(c->my, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	if (!f->db_socket && f->db_host)
		use_tcp(c->my, f->db_tls_ca);
	if (!mysql_real_connect(c->my, f->db_socket ? NULL : f->db_host,
				f->db_user, f->db_password, f->db_name,
				(unsigned)f->db_port, f->db_socket,
				CLIENT_FOUND_ROWS) ||
	    !set_session(c->my)) {
		record_error(c, mysql_errno(c->my), mysql_error(c->my));
		connection_close(c);
		return ERR_DB;
	}
	if (!f->db_socket)
		enable_keepalive(c->my);
	c->generation++;
	c->is_read_only = false;
	return OK;
}

/* Between statements the server sends only one thing: that it closes the
 * connection, which was idle for too long, or because the server stops. Polling
 * the socket costs a microsecond and no round trip. */
bool
connection_was_closed(const struct connection *c)
{
	struct pollfd p = {.fd = (int)mysql_get_socket(c->my),
			   .events = POLLIN};

	return poll(&p, 1, 0) != 0;
}

static bool
is_broken(unsigned number)
{
	return number == SERVER_GONE || number == SERVER_LOST ||
	       number == SERVER_SHUTDOWN || number == CONNECTION_KILLED ||
	       number == CLIENT_IDLE;
}

/* After a failover. A new connection may reach the server that accepts writes.
 */
static bool
is_read_only(unsigned number)
{
	return number == NOT_PRIMARY || number == OPTION_FORBIDS ||
	       number == READ_ONLY_MODE;
}

static bool
is_lost_race(unsigned number)
{
	return number == DEADLOCK || number == LOCK_WAIT_TIMEOUT ||
	       number == COMMIT_FAILED || number == TABLE_CHANGED ||
	       number == TOO_MANY_CHANGES;
}

static bool
is_made_already(unsigned number)
{
	return number == DUPLICATE_COLUMN || number == DUPLICATE_INDEX ||
	       number == NOTHING_TO_DROP;
}

static bool
is_bad_value(unsigned number)
{
	return number == OUT_OF_RANGE || number == TRUNCATED ||
	       number == WRONG_COLLATION || number == WRONG_VALUE ||
	       number == WRONG_STRING || number == TOO_LONG;
}

enum err
connection_failed(struct connection *c, unsigned number, const char *text)
{
	record_error(c, number, text);
	c->was_made = is_made_already(number);
	if (is_broken(number)) {
		connection_close(c);
		/* The statement was not sent, or the server answered with an
		 * error. Without an answer it may have been executed. */
		c->not_executed = number != SERVER_LOST;
		return ERR_DB;
	}
	if (number == DUPLICATE_KEY)
		return ERR_CONFLICT;
	if (is_bad_value(number))
		return ERR_VALUE;
	if (is_read_only(number))
		c->is_read_only = true;
	return is_read_only(number) || is_lost_race(number) ? ERR_AGAIN
							    : ERR_DB;
}

enum err
connection_command(struct connection *c, const char *sql)
{
	c->statements++;
	return mysql_query(c->my, sql) == 0
		   ? OK
		   : connection_failed(c, mysql_errno(c->my),
				       mysql_error(c->my));
}
