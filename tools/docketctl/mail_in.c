/* Mails that came in: the door for a mail server's pipe, what became of them,
 * and the addresses of organizations. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "desk/mail_in.h"
#include "desk/outbox.h"
#include "docketctl.h"
#include "mail/door.h"
#include "mail/incoming.h"
#include "mail/mail_address.h"
#include "mail/return_address.h"

/* Of sysexits.h, as mail servers read them. */
enum { EXIT_NOT_A_MAIL = 65, EXIT_NO_SUCH_ADDRESS = 67 };

/* --- the door ------------------------------------------------------------ */

/* Reads standard input, up to one byte more than a mail may have. */
static bool
read_mail(struct buf *b)
{
	char part[64 * 1024];
	ssize_t n;

	buf_init(b, INCOMING_MAX + 1);
	do {
		n = read(STDIN_FILENO, part, sizeof(part));
		if (n > 0)
			buf_add(b, part,
				(size_t)n < b->max - b->len ? (size_t)n
							    : b->max - b->len);
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n == 0;
}

static int
delivery_exit(enum door_answer answer)
{
	switch (answer) {
	case DOOR_STORED:
		return EXIT_SUCCESS;
	case DOOR_NO_ADDRESS:
	case DOOR_NOT_KNOWN:
		return EXIT_NO_SUCH_ADDRESS;
	case DOOR_NO_MAIL:
	case DOOR_TOO_LARGE:
		return EXIT_NOT_A_MAIL;
	case DOOR_BUSY:
	case DOOR_CLOSED:
		break;
	}
	return EXIT_TRY_LATER;
}

/* A mail server sends what is printed here to the sender of a mail that it
 * returns. Whatever is wrong here, the mail must not get lost: it is to be
 * tried again, except where the mail or its address is what is wrong. */
enum err
deliver_mail(struct call *call)
{
	enum door_answer answer = DOOR_STORED;
	struct delivery d = {.recipient = given_text(call, "recipient"),
			     .sender = given_text(call, "sender")};
	struct buf b;
	enum err e;

	call->exit_code = EXIT_TRY_LATER;
	if (!read_mail(&b)) {
		buf_release(&b);
		return refuse(call, ERR_INVALID, "standard input: %s",
			      strerror(errno));
	}
	d.raw = b.data ? b.data : "";
	d.n = b.len;
	e = door_deliver(&answer, call->c, &d);
	buf_release(&b);
	if (e)
		return e;
	call->exit_code = delivery_exit(answer);
	if (answer != DOOR_STORED)
		return refuse(call, ERR_INVALID, "%s", door_sentence(answer));
	outbox_wake(call->c);
	return OK;
}

/* --- what became of them ------------------------------------------------- */

static void
put_mail_in_cells(struct table *s, const struct mail_in *m)
{
	put_int_cell(s, m->id);
	put_text_cell(s, enum_name_text(mail_in_state_words, (int)m->state));
	put_text_cell(s, enum_name_text(mail_in_deed_words, (int)m->deed));
	put_text_cell(s, m->from);
	put_text_cell(s, m->recipient);
	put_text_cell(s, m->subject);
	put_id_cell(s, m->organization_id);
	put_text_cell(s, m->issue_number);
	put_int_cell(s, m->size);
	put_text_cell(s, m->received_at);
	put_text_cell(s, m->decided_at);
	put_text_cell(s, m->reason);
}

#define MAIL_IN_COLUMNS                                                        \
	"id", "state", "deed", "from", "recipient", "subject", "organization", \
	    "issue_number", "size", "received_at", "decided_at", "reason"

static enum err
verb_mail_in_list(struct call *call)
{
	static const char *const columns[] = {MAIL_IN_COLUMNS, NULL};
	const struct list_page page = given_page(call);
	struct mail_in *list;
	struct table s;
	int64_t total;
	size_t n;
	enum err e = mail_in_list_all(
	    &list, &n, &total, call->c,
	    (enum mail_in_state)given_int(call, "state", 0), &page);

	if (e)
		return e;
	table_init(&s, call, columns);
	for (size_t i = 0; i < n; i++)
		put_mail_in_cells(&s, &list[i]);
	table_print_list(&s);
	say_more(call, n, total);
	return OK;
}

static enum err
print_raw(struct call *call, int64_t id)
{
	const char *raw;
	size_t n;
	enum err e = mail_in_raw(&raw, &n, call->c, id);

	if (!e)
		(void)fwrite(raw, 1, n, stdout);
	return e;
}

static enum err
verb_mail_in_show(struct call *call)
{
	static const char *const columns[] = {MAIL_IN_COLUMNS, "content",
					      "whole", NULL};
	const int64_t id = given_int(call, "mail", 0);
	struct mail_in *m;
	struct table s;
	enum err e = mail_in_get_any(&m, call->c, id);

	if (e || given_switch(call, "raw"))
		return e ? e : print_raw(call, id);
	table_init(&s, call, columns);
	put_mail_in_cells(&s, m);
	put_text_cell(&s, m->content);
	put_text_cell(&s, m->whole);
	table_print_one(&s);
	return OK;
}

static enum err
verb_mail_in_retry(struct call *call)
{
	int64_t id, n;
	enum err e = given_one_or_all(&id, call, "mail", "a mail");

	if (!e)
		e = mail_in_retry(&n, call->c, id);
	if (e)
		return e;
	if (id && !n)
		return refuse(call, ERR_NOTFOUND,
			      "mail %lld has done something already, or is "
			      "waiting, or does not exist",
			      (long long)id);
	outbox_wake(call->c);
	table_print_count(call, "retried", n);
	return OK;
}

/* --- addresses ----------------------------------------------------------- */

static enum err
verb_mail_rotate_key(struct call *call)
{
	enum err e = return_address_rotate(call->c);

	if (!e)
		say(call, "Mails have addresses with a new key from now on. "
			  "Those of the last key are valid until the next "
			  "rotation. Make a backup: if an older one is "
			  "restored, addresses with the new key are no longer "
			  "valid.");
	return e;
}

static void
put_address_cells(struct table *s, const struct mail_address *a)
{
	put_int_cell(s, a->id);
	put_text_cell(s, a->address);
	put_text_cell(s, a->created_at);
}

static const char *const address_columns[] = {"id", "address", "created_at",
					      NULL};

static enum err
verb_mail_address_list(struct call *call)
{
	struct mail_address *list;
	struct actor who;
	struct table s;
	size_t n;
	enum err e = enter_organization(&who, call);

	if (!e)
		e = mail_address_list(&list, &n, call->c, &who);
	if (e)
		return e;
	table_init(&s, call, address_columns);
	for (size_t i = 0; i < n; i++)
		put_address_cells(&s, &list[i]);
	table_print_list(&s);
	return OK;
}

static enum err
verb_mail_address_add(struct call *call)
{
	struct mail_address *a;
	struct actor who;
	struct table s;
	enum err e = enter_organization(&who, call);

	if (!e)
		e = mail_address_add(&a, call->c, &who,
				     given_text(call, "address"), true);
	if (e)
		return e;
	table_init(&s, call, address_columns);
	put_address_cells(&s, a);
	table_print_one(&s);
	return OK;
}

static enum err
verb_mail_address_remove(struct call *call)
{
	struct actor who;
	enum err e = enter_organization(&who, call);

	return e ? e
		 : mail_address_remove(call->c, &who, given_int(call, "id", 0));
}

static const struct param deliver_params[] = {
    PARAM_LINE("recipient", F_REQUIRED, 320, "ADDRESS",
	       "the recipient of the envelope"),
    {{"sender", FIELD_LINE, F_QUERY | F_BLANK, 0, 320, NULL},
     "ADDRESS",
     "of the envelope; empty or <>: nobody",
     false},
    PARAMS_END};
static const struct param in_list_params[] = {
    {{"state", FIELD_CHOICE, F_QUERY, 0, 0, mail_in_state_words},
     "STATE",
     "new, done, held, auto, bounce, refused, failed, discarded",
     false},
    PARAMS_LIST,
    PARAMS_END};
static const struct param in_show_params[] = {
    ARGUMENT_ID("mail", F_REQUIRED, "MAIL", "id, as mail in list shows it"),
    PARAM_SWITCH("raw", "print the mail as it came"), PARAMS_END};
static const struct param in_retry_params[] = {
    ARGUMENT_ID("mail", 0, "MAIL", "id, as mail in list shows it"),
    PARAM_SWITCH("all", "all that failed, or are held since a restore"),
    PARAMS_END};
static const struct param address_list_params[] = {ORGANIZATION, PARAMS_END};
static const struct param address_add_params[] = {
    ORGANIZATION, ARGUMENT_EMAIL("address", "also of another domain"),
    PARAMS_END};
static const struct param address_remove_params[] = {
    ORGANIZATION,
    ARGUMENT_ID("id", F_REQUIRED, "ID", "as mail address list shows it"),
    PARAMS_END};

const struct verb mail_in_verbs[] = {
    {"mail deliver",
     "Stores a mail from standard input, for a mail server's pipe: exits with "
     "0, 75 (try later), 67 (no such address) or 65 (not a mail)",
     deliver_params, deliver_mail},
    {"mail in list", "Lists the mails that came in, the newest first",
     in_list_params, verb_mail_in_list},
    {"mail in show", "Shows a mail that came in, and what became of it",
     in_show_params, verb_mail_in_show},
    {"mail in retry",
     "Applies a mail again that did nothing, or all that failed or are held "
     "since a restore",
     in_retry_params, verb_mail_in_retry},
    {"mail rotate-key", "Makes a new key for the addresses in mails", NULL,
     verb_mail_rotate_key},
    {"mail address list", "Lists further addresses of an organization",
     address_list_params, verb_mail_address_list},
    {"mail address add", "Adds an address of an organization",
     address_add_params, verb_mail_address_add},
    {"mail address remove", "Removes an address of an organization",
     address_remove_params, verb_mail_address_remove},
    VERBS_END};
