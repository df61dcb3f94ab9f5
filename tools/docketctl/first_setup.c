/* `docketctl setup`: from an installed package to a system that can start. It
 * asks for what it is not told, makes the database and its user with the rights
 * of the server's administrator, writes the configuration file from its
 * template (mode 0600), and brings the database to the current schema. It never
 * changes an existing configuration. nginx and systemd are left to their own
 * commands, which it prints. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "db/db.h"
#include "db/provision.h"
#include "docketctl.h"

#define TEMPLATE_MAX 65536UL
#define SOCKET	     "/run/mysqld/mysqld.sock"
#define DATABASE     "docket"
#define USER_NAME    "docket"

/* The answers. */
struct setup {
	const char *file, *url;
	const char *socket;	      /* NULL: TCP */
	const char *host, *port, *ca; /* with TCP */
	const char *client;	      /* where the user connects from */
	const char *admin, *admin_password;
	char password[TOKEN_TEXT]; /* of the new user */
};

/* The value of an option; if it is missing, that of the person at the terminal,
 * who may accept the suggestion by an empty line. */
static const char *
option_or_ask(struct call *call, const char *option, const char *question,
	      const char *suggestion)
{
	struct arena *a = call->c->arena;
	const char *given = given_text(call, option), *line = NULL;

	if (given || !isatty(STDIN_FILENO))
		return given ? given : suggestion;
	fprintf(stderr, "%s [%s]: ", question, suggestion);
	line = read_stream_line(a, stdin);
	return line && *line ? line : suggestion;
}

static void
ask_for_server(struct setup *s, struct call *call)
{
	const char *server = given_text(call, "host");

	if (!server)
		server = option_or_ask(call, "socket",
				       "Database server: its socket, or its "
				       "host name",
				       SOCKET);
	if (*server == '/') {
		s->socket = server;
		s->client = "localhost";
		return;
	}
	s->host = server;
	s->port = option_or_ask(call, "port", "Its port", "3306");
	s->ca = option_or_ask(call, "tls-ca",
			      "File of the authorities that may certify it; "
			      "none: without TLS",
			      "none");
	s->client = option_or_ask(
	    call, "client", "The host that Docket connects from; %: any", "%");
}

/* By the socket, the server knows who asks; by TCP, it needs a password. */
static enum err
ask_for_administrator(struct setup *s, struct call *call)
{
	struct arena *a = call->c->arena;

	s->admin = option_or_ask(
	    call, "admin", "Administrator of the database server", "root");
	if (s->socket && !isatty(STDIN_FILENO))
		return OK;
	s->admin_password =
	    isatty(STDIN_FILENO)
		? ask_unseen(a, s->socket
				    ? "Their password (empty: none is needed): "
				    : "Their password: ")
		: read_stream_line(a, stdin);
	return s->admin_password
		   ? OK
		   : refuse(call, ERR_INVALID, "no password was given");
}

static enum err
ask_all(struct setup *s, struct call *call)
{
	s->file = given_text(call, "file");
	if (!s->file)
		s->file = CONF_INSTALLED;
	if (access(s->file, F_OK) == 0)
		return refuse(call, ERR_CONFLICT,
			      "%s exists already: edit it, or move it away",
			      s->file);
	s->url = option_or_ask(call, "url",
			       "Address at which people will reach Docket",
			       "http://localhost");
	if (strncmp(s->url, "http://", 7) != 0 &&
	    strncmp(s->url, "https://", 8) != 0)
		return refuse(call, ERR_INVALID,
			      "the address must begin with http:// or "
			      "https://");
	ask_for_server(s, call);
	if (s->port && s->port[strspn(s->port, "0123456789")])
		return refuse(call, ERR_INVALID, "the port must be a number");
	return ask_for_administrator(s, call);
}

/* The configuration with which to reach the server as this user. */
static struct conf
conf_of(const struct setup *s, const struct call *call, const char *user,
	const char *password, const char *database)
{
	struct conf conf = *call->c->conf;

	conf.db_socket = s->socket;
	conf.db_host = s->host;
	if (s->port)
		conf.db_port = strtol(s->port, NULL, 10);
	conf.db_tls_ca = s->ca && strcmp(s->ca, "none") != 0 ? s->ca : NULL;
	conf.db_user = user;
	conf.db_password = password && *password ? password : NULL;
	conf.db_name = database;
	return conf;
}

static enum err
make_database(struct setup *s, struct call *call)
{
	const struct conf conf =
	    conf_of(s, call, s->admin, s->admin_password, NULL);
	const bool replace = given_switch(call, "replace-password");
	struct ctx c = *call->c;
	enum err e;

	random_token(s->password);
	c.conf = &conf;
	c.db = db_new(&conf);
	db_attach(c.db, c.arena);
	e = provision(&c, DATABASE, USER_NAME, s->client, s->password, replace);
	if (e)
		(void)refuse(call, e, "cannot make the database: %s%s",
			     db_error(c.db),
			     replace ? ""
				     : " (if its user exists already, "
				       "--replace-password gives it another "
				       "password: programs that use the old "
				       "one can then no longer connect)");
	db_free(c.db);
	return e;
}

static bool
is_line_of(const char *line, const char *key)
{
	const size_t n = strlen(key);

	return strncmp(line, key, n) == 0 && line[n] == '=';
}

/* The template with the line of each key replaced; without a value, left out.
 */
static void
fill_template(struct buf *out, const char *template, const char *const pairs[])
{
	const char *end, *line = template;
	size_t n;

	for (; *line; line = end) {
		end = strchr(line, '\n');
		end = end ? end + 1 : line + strlen(line);
		n = 0;
		while (pairs[n] && !is_line_of(line, pairs[n]))
			n += 2;
		if (!pairs[n])
			buf_add(out, line, (size_t)(end - line));
		else if (pairs[n + 1])
			buf_printf(out, "%s=%s\n", pairs[n], pairs[n + 1]);
	}
}

static enum err
write_private(struct call *call, const char *path, const struct buf *text)
{
	const int fd =
	    open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && !text->overflow &&
		  write(fd, text->data, text->len) == (ssize_t)text->len &&
		  fsync(fd) == 0;
	const int why = errno;

	if (fd >= 0 && close(fd) != 0)
		ok = false;
	if (!ok && fd >= 0)
		(void)unlink(path);
	return ok ? OK
		  : refuse(call, ERR_INVALID, "cannot write %s: %s", path,
			   strerror(why));
}

static enum err
write_configuration(const struct setup *s, struct call *call)
{
	const bool tls = s->ca && strcmp(s->ca, "none") != 0;
	const char *const pairs[] = {
	    "PUBLIC_URL",	s->url,	   "DB_SOCKET",
	    s->socket,		"DB_HOST", s->host,
	    "DB_PORT",		s->port,   "DB_TLS_CA",
	    tls ? s->ca : NULL, "DB_NAME", DATABASE,
	    "DB_USER",		USER_NAME, "DB_PASSWORD",
	    s->password,	NULL};
	const char *template = NULL;
	struct buf text;
	enum err e = read_shared_file(&template, call, "docket.env");

	if (e)
		return e;
	buf_init(&text, TEMPLATE_MAX);
	fill_template(&text, template, pairs);
	e = write_private(call, s->file, &text);
	buf_release(&text);
	return e;
}

static enum err
migrate_new_database(const struct setup *s, struct call *call)
{
	const struct conf conf =
	    conf_of(s, call, USER_NAME, s->password, DATABASE);
	struct ctx c = *call->c, *original = call->c;
	enum err e;

	c.conf = &conf;
	c.db = db_new(&conf);
	db_attach(c.db, c.arena);
	call->c = &c;
	e = migrate_to_current(call);
	if (e)
		(void)refuse(call, e, "%s", db_error(c.db));
	call->c = original;
	db_free(c.db);
	return e;
}

static void
say_next_steps(const struct setup *s, const struct call *call)
{
	const char *host = strstr(s->url, "://") + 3;
	const int n = (int)strcspn(host, "/:");

	say(call,
	    "Written: %s. Next, as README, \"Production\", explains:", s->file);
	say(call,
	    "  sed -i 's/issues.example.com/%.*s/' "
	    "/etc/nginx/sites-available/docket",
	    n, host);
	say(call,
	    "  ln -s ../sites-available/docket /etc/nginx/sites-enabled/");
	say(call, "  systemctl reload nginx");
	say(call, "  systemctl enable --now docket.target");
}

static enum err
verb_setup(struct call *call)
{
	struct setup s = {.file = NULL};
	enum err e = ask_all(&s, call);

	if (!e)
		e = make_database(&s, call);
	if (!e)
		e = write_configuration(&s, call);
	if (!e)
		e = migrate_new_database(&s, call);
	if (!e)
		say_next_steps(&s, call);
	return e;
}

static const struct param setup_params[] = {
    PARAM_LINE("file", 0, 1024, "FILE",
	       "the configuration to write (default: " CONF_INSTALLED ")"),
    PARAM_LINE("url", 0, 1024, "URL", "the address of Docket for people"),
    PARAM_LINE("socket", 0, 107, "PATH",
	       "socket of the database server (default: " SOCKET ")"),
    PARAM_LINE("host", 0, 255, "HOST", "or its host name"),
    PARAM_LINE("port", 0, 5, "PORT", "with --host (default: 3306)"),
    PARAM_LINE("tls-ca", 0, 1024, "FILE",
	       "with --host: who may certify it; none: without TLS"),
    PARAM_LINE("client", 0, 255, "HOST",
	       "with --host: where Docket connects from (default: %)"),
    PARAM_LINE("admin", 0, 80, "USER",
	       "administrator of the server (default: root); a password is "
	       "asked for, or with --host read from stdin"),
    PARAM_SWITCH("replace-password",
		 "the database's user exists; give it a new password"),
    PARAMS_END};

const struct verb first_setup_verbs[] = {
    {"setup", "Makes the database and the configuration of a new installation",
     setup_params, verb_setup},
    VERBS_END};
