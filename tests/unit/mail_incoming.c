/* The child process that reads mails: what it says, and what hostile children
 * can do. */
#include "mail/incoming.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "mail/incoming_child.h"
#include "mime/mime.h"
#include "unit/runner.h"

static const char usual[] =
    "Received: by mx.docket.example; Mon, 23 Nov 2026 10:12:01 +0100\r\n"
    "Authentication-Results: mx.docket.example (Postfix); dkim=pass;\r\n"
    " dmarc=pass (p=none; a\\)b) header.from=example.com\r\n"
    "Authentication-Results: evil.example; dmarc=fail\r\n"
    "From: =?utf-8?Q?Ana_L=C3=B3pez?= <ana@EXAMPLE.com>\r\n"
    "To: reply+abc@docket.example\r\n"
    "Subject: Re: =?iso-8859-1?Q?Gr=FC=DFe?=\r\n"
    "Date: Mon, 23 Nov 2026 10:12:00 +0100\r\n"
    "Message-ID: <abc@mail.example.com>\r\n"
    "In-Reply-To: <2@localhost>\r\n"
    "References: <1@localhost> <2@localhost>\r\n"
    "Content-Type: multipart/mixed; boundary=\"b\"\r\n"
    "\r\n"
    "--b\r\n"
    "Content-Type: text/plain; charset=koi8-r\r\n"
    "\r\n"
    "\xf0\xd2\xc9\xd7\xc5\xd4\r\n"
    "\r\n"
    "On Mon, 23 Nov 2026 at 10:00, Demo <docket@localhost> wrote:\r\n"
    "> Hello\r\n"
    "--b\r\n"
    "Content-Type: application/octet-stream;\r\n"
    " name*0*=utf-8''..%2F..%2Fetc%2F%E2%82%AC;\r\n"
    " name*1=\" rates.bin\"\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "AAECAwQ=\r\n"
    "--b--\r\n";

static struct arena *arena;

static void
begin(void)
{
	arena = arena_new();
}

static void
end(void)
{
	arena_free(arena);
}

static enum incoming_result
read_mail(struct incoming_mail *out, const char **why, const char *raw,
	  size_t n)
{
	struct incoming_child *child =
	    incoming_mail_begin(raw, n, "mx.docket.example");

	ck_assert_ptr_nonnull(child);
	return incoming_mail_end(out, why, child, arena);
}

START_TEST(a_usual_mail)
{
	struct incoming_mail m;
	const char *why;

	ck_assert_int_eq(read_mail(&m, &why, usual, sizeof(usual) - 1),
			 INCOMING_PARSED);
	ck_assert_ptr_null(why);
	ck_assert_str_eq(m.message_id, "abc@mail.example.com");
	ck_assert_uint_eq(m.n_references, 2);
	ck_assert_str_eq(m.references[0], "2@localhost");
	ck_assert_str_eq(m.references[1], "1@localhost");
	ck_assert_str_eq(m.from, "ana@example.com");
	ck_assert_str_eq(m.from_name, "Ana López");
	ck_assert_str_eq(m.subject, "Re: Grüße");
	ck_assert_int_eq(m.date, INT64_C(1795425120) * USEC_PER_SEC);
	ck_assert_int_eq(m.dmarc, DMARC_PASS);
	ck_assert_ptr_null(m.automated);
	ck_assert_str_eq(m.text, "Привет");
	ck_assert_ptr_nonnull(strstr(m.whole, "> Hello"));
	ck_assert_uint_eq(m.n_problems, 0);
	ck_assert_uint_eq(m.n_files, 1);
	ck_assert_str_eq(m.files[0].name, "€ rates.bin");
	ck_assert_uint_eq(m.files[0].size, 5);
	ck_assert_mem_eq(m.files[0].data, "\0\1\2\3\4", 5);
}
END_TEST

/* A mail with these headers only. */
static void
read_headers(struct incoming_mail *out, const char *headers, size_t n)
{
	static const char rest[] = "Date: Mon, 23 Nov 2026 10:12:00 +0100\r\n"
				   "\r\nFrom: x@y.de\r\n";
	struct arena *a = arena;
	char *raw = arena_alloc(a, n + sizeof(rest));
	const char *why;

	memcpy(raw, headers, n);
	memcpy(raw + n, rest, sizeof(rest));
	ck_assert_int_eq(read_mail(out, &why, raw, n + sizeof(rest) - 1),
			 INCOMING_PARSED);
}

#define ANA "ana@example.com"

START_TEST(the_sender)
{
#define FROM(text, from)                                   \
	{                                                  \
		text "\r\n", sizeof(text "\r\n") - 1, from \
	}
	static const struct {
		const char *headers;
		size_t n;
		const char *from;
	} rows[] = {
	    FROM("From: " ANA, ANA),
	    FROM("FROM:\r\n =?utf-8?q?L=C3=B3pez,_Ana:?=\r\n <" ANA ">", ANA),
	    FROM("From: (a, b: c) \"d, e@f; \\\" \" <" ANA ">", ANA),
	    FROM("From: eve@evil.example <" ANA ">", ANA),
	    FROM("From: \"" ANA "\" <eve@evil.example>", "eve@evil.example"),
	    FROM("From: " ANA " <eve@evil.example>", "eve@evil.example"),
	    FROM("From: " ANA "\r\nFrom: eve@evil.example", ""),
	    FROM("From: eve@evil.example\r\nFrom: " ANA, ""),
	    FROM("From : eve@evil.example\r\nFrom: " ANA, ""),
	    FROM("From: eve@evil.example, " ANA, ""),
	    FROM("From: eve@, " ANA, ""),
	    FROM("From: <eve@evil.example> <" ANA ">", ""),
	    FROM("From: <@evil.example:" ANA ">", ""),
	    FROM("From: a group: " ANA ";", ""),
	    FROM("From: a group:;, " ANA, ""),
	    FROM("From: a:b:c:d:eve@evil.example;;;;, " ANA, ""),
	    FROM("From: " ANA "; eve@evil.example", ""),
	    FROM("From: " ANA "\0, eve@evil.example", ""),
	    FROM("From: " ANA " (eve@evil.example", ""),
	    FROM("From: =?utf-8?q?ana=40example.com?=", ""),
	    FROM("Sender: " ANA "\r\nResent-From: " ANA, "")};
	struct incoming_mail m;

	for (size_t i = 0; i < COUNT(rows); i++) {
		read_headers(&m, rows[i].headers, rows[i].n);
		ck_assert_msg(strcmp(m.from, rows[i].from) == 0, "%s: %s",
			      rows[i].headers, m.from);
	}
}
END_TEST

START_TEST(results_of_dmarc)
{
#define OURS "Authentication-Results: mx.docket.example; "
	static const struct {
		const char *results;
		enum incoming_dmarc dmarc;
	} rows[] = {
	    {OURS "dmarc=pass header.from=example.com", DMARC_PASS},
	    {OURS "dmarc=pass (x) header.from=\"EXAMPLE.com.\"", DMARC_PASS},
	    {OURS "dmarc=none header.from=example.com", DMARC_UNKNOWN},
	    {OURS "spf=pass smtp.mailfrom=evil.example", DMARC_UNKNOWN},
	    /* about another From than the one that is read here */
	    {OURS "dmarc=pass header.from=evil.example", DMARC_FAIL},
	    {OURS "dmarc=none header.from=ample.com", DMARC_FAIL},
	    {OURS "dmarc=pass header.from=x.example.com", DMARC_FAIL},
	    /* the sender's words before the result */
	    {OURS "spf=pass smtp.mailfrom=a(b@evil.example; dmarc=fail",
	     DMARC_FAIL},
	    {OURS "spf=pass smtp.mailfrom=a\"b@evil.example; dmarc=fail",
	     DMARC_FAIL},
	    {OURS "spf=pass smtp.mailfrom=a; dmarc=pass@evil.example; "
		  "dmarc=fail",
	     DMARC_FAIL},
	    {OURS "spf=pass smtp.mailfrom==?us-ascii?q?a=3B_dmarc=3Dpass_?=; "
		  "dmarc=fail",
	     DMARC_FAIL},
	    {OURS "spf=pass\r\n" OURS "dmarc=(x) fail", DMARC_FAIL},
	    {OURS "dmarc=pass\r\n" OURS "dmarc=fail", DMARC_FAIL},
	    {"Authentication-Results: evil.example; dmarc=fail",
	     DMARC_UNKNOWN}};
	struct incoming_mail m;
	const char *headers;

	for (size_t i = 0; i < COUNT(rows); i++) {
		headers = arena_printf(arena, "%s\r\nFrom: " ANA "\r\n",
				       rows[i].results);
		read_headers(&m, headers, strlen(headers));
		ck_assert_msg(m.dmarc == rows[i].dmarc, "%s: %d", headers,
			      (int)m.dmarc);
	}
}
END_TEST

/* Its converter would have to be loaded when the sandbox is closed. */
START_TEST(a_rare_charset)
{
	static const char raw[] =
	    "From: " ANA "\r\nSubject: =?cp855?q?a=E4?=\r\n"
	    "Content-Type: text/plain; charset=cp855\r\n\r\nabc\xe4\r\n";
	struct incoming_mail m;
	const char *why;

	ck_assert_int_eq(read_mail(&m, &why, raw, sizeof(raw) - 1),
			 INCOMING_PARSED);
	ck_assert_int_eq(strncmp(m.text, "abc", 3), 0);
	ck_assert_uint_eq(m.n_problems, 1);
}
END_TEST

START_TEST(what_is_refused)
{
	struct incoming_mail m;
	char *deep = arena_alloc(arena, 8192), *many = arena_alloc(arena, 8192);
	const char *why,
	    *raw[] = {"", "x", "\r\n\r\n", "no header at all\r\n", deep, many};
	size_t n = 0;

	for (int i = 0; i < 25; i++)
		n += (size_t)snprintf(deep + n, 8192 - n,
				      "%sContent-Type: multipart/mixed; "
				      "boundary=b%d\n\n--b%d\n",
				      i ? "" : "From: a@b.de\n", i, i);
	n = (size_t)snprintf(many, 8192,
			     "From: a@b.de\nContent-Type: multipart/mixed; "
			     "boundary=b\n\n");
	for (int i = 0; i < 201; i++)
		n += (size_t)snprintf(many + n, 8192 - n, "--b\n\nx\n");
	for (size_t i = 0; i < COUNT(raw); i++) {
		ck_assert_int_eq(read_mail(&m, &why, raw[i], strlen(raw[i])),
				 INCOMING_REFUSED);
		ck_assert_msg(strlen(why) > 10, "%zu: %s", i, why);
	}
}
END_TEST

/* What becomes of a mail if the child is this shell script, and has that many
 * seconds. */
static const char *
fate_within(int seconds, const char *script)
{
	const char *const command[] = {"/bin/sh", "-c", script, NULL};
	struct incoming_child *child =
	    incoming_child_start(command, seconds, usual, sizeof(usual) - 1);
	struct incoming_output out;
	const char *why;

	ck_assert_ptr_nonnull(child);
	why = incoming_child_wait(child, arena);
	if (!why)
		why = incoming_child_take(&out, child, arena) ? "taken"
							      : "too much";
	incoming_child_close(child);
	return why;
}

static const char *
fate(const char *script)
{
	return fate_within(60, script);
}

START_TEST(hostile_children)
{
	const usec_t begun = clock_monotonic();

	ck_assert_str_eq(fate("kill -SEGV $$"),
			 "The program that read the mail crashed (signal 11).");
	ck_assert_str_eq(fate("kill -SYS $$"),
			 "The program that read the mail tried something that "
			 "it may not do.");
	ck_assert_str_eq(fate("kill -ABRT $$"),
			 "The program that read the mail crashed (signal 6).");
	ck_assert_str_eq(fate("kill -XFSZ $$"),
			 "The files of the mail are too large to be kept.");
	ck_assert_str_eq(fate("exit 2"), "Reading the mail took more memory "
					 "than one mail may use.");
	ck_assert_str_eq(fate("exit 3"),
			 "The texts of the mail are too long to be kept.");
	ck_assert_str_eq(fate("exit 77"),
			 "The program that reads mails failed.");
	ck_assert_str_eq(fate_within(2, "while :; do :; done"),
			 "Reading the mail took too long.");
	ck_assert_str_eq(fate("kill -XCPU $$"),
			 "Reading the mail took too long.");
	/* as one that the system kills */
	ck_assert_str_eq(fate("exec 4>&-; sleep 300"),
			 "The program that read the mail was killed, maybe "
			 "because the system was short of memory.");
	ck_assert_str_eq(fate("head -c 9000000 /dev/zero"), "too much");
	ck_assert_str_eq(fate("echo {"), "taken");
	/* of the environment it has one thing */
	ck_assert_int_eq(setenv("GCONV_PATH", "/converters", 1), 0);
	ck_assert_str_eq(fate("test -z \"$HOME$DB_PASSWORD\" && "
			      "test \"$GCONV_PATH\" = /converters"),
			 "taken");
	ck_assert_int_eq(unsetenv("GCONV_PATH"), 0);
	ck_assert_int_lt(clock_monotonic() - begun, 120 * USEC_PER_SEC);
}
END_TEST

START_TEST(no_process_is_left)
{
	struct incoming_child *child =
	    incoming_mail_begin(usual, sizeof(usual) - 1, NULL);

	incoming_mail_cancel(child);
	incoming_mail_cancel(NULL);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

/* Runs what a hijacked reader may try, in a process that has closed its
 * sandbox. Returns the signal that ended it; 0: it did it. */
static int
confined(void (*attempt)(void))
{
	const pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (mime_sandbox())
			attempt();
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/* A crash, which the parent should see as one. */
static void
try_abort(void)
{
	abort();
}

static void
try_socket(void)
{
	(void)socket(AF_INET, SOCK_STREAM, 0);
}

static void
try_open(void)
{
	_exit(open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0 && errno == EACCES
		  ? 0
		  : 1);
}

static void
try_fork(void)
{
	(void)fork();
}

static void
try_exec(void)
{
	execl("/bin/true", "true", (char *)NULL);
}

static void
try_kill(void)
{
	(void)kill(1, 0);
}

static void
try_nothing(void)
{
	_exit(write(STDOUT_FILENO, "", 0) == 0 ? 0 : 1);
}

START_TEST(the_sandbox)
{
	ck_assert_int_eq(confined(try_socket), SIGSYS);
	ck_assert_int_eq(confined(try_open), 0);
	ck_assert_int_eq(confined(try_fork), SIGSYS);
	ck_assert_int_eq(confined(try_exec), SIGSYS);
	ck_assert_int_eq(confined(try_kill), SIGSYS);
	ck_assert_int_eq(confined(try_abort), SIGABRT);
	ck_assert_int_eq(confined(try_nothing), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("mail_incoming");
	TCase *tests = tcase_create("all");

	tcase_add_checked_fixture(tests, begin, end);
	tcase_set_timeout(tests, 180);
	tcase_add_test(tests, a_usual_mail);
	tcase_add_test(tests, the_sender);
	tcase_add_test(tests, results_of_dmarc);
	tcase_add_test(tests, a_rare_charset);
	tcase_add_test(tests, what_is_refused);
	tcase_add_test(tests, hostile_children);
	tcase_add_test(tests, no_process_is_left);
	tcase_add_test(tests, the_sandbox);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
