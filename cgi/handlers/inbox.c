/* Mails that came in: the door for other hosts, what staff see of the mails to
 * their organization and decide about those that are held, and the addresses
 * that owners choose. */

#include "base/conf.h"
#include "base/enum_name.h"
#include "cgi/handlers.h"
#include "cgi/page.h"
#include "cgi/view.h"
#include "desk/mail_in.h"
#include "desk/outbox.h"
#include "mail/apply.h"
#include "mail/door.h"
#include "mail/mail_address.h"
#include "mail/return_address.h"

const struct field in_mail_inbound[] = {
    {"recipient", FIELD_LINE, F_REQUIRED | F_QUERY, 1, 320, NULL},
    {"sender", FIELD_LINE, F_QUERY | F_BLANK, 0, 320, NULL},
    FIELDS_END};

static enum err
reply_door(struct req *r, enum door_answer answer)
{
	static const struct {
		int status;
		const char *code;
	} answers[] = {
	    [DOOR_NO_ADDRESS] = {404, "no_such_address"},
	    [DOOR_NOT_KNOWN] = {403, "sender_not_known"},
	    [DOOR_NO_MAIL] = {400, "not_a_mail"},
	    [DOOR_TOO_LARGE] = {413, "too_large"},
	    [DOOR_BUSY] = {429, "throttled"},
	    [DOOR_CLOSED] = {503, "mail_in_not_configured"},
	};

	if (answer == DOOR_STORED) {
		outbox_wake(r->ctx);
		return reply_message(r, "Mail received");
	}
	if (answer == DOOR_BUSY)
		reply_header(r, "Retry-After", "600");
	return reply_error(r, answers[answer].status, answers[answer].code,
			   door_sentence(answer));
}

/* POST /api/mail/inbound/: stores a mail that another host has received.
 * docket-sync applies it. */
enum err
do_mail_inbound(struct req *r)
{
	const struct delivery d = {.recipient = in_text(r, "recipient"),
				   .sender = in_text(r, "sender"),
				   .raw = r->body,
				   .n = r->body_len};
	enum door_answer answer;
	enum err e =
	    door_check_signature(r->ctx, &d, http_header(r, "X-Mail-Timestamp"),
				 http_header(r, "X-Mail-Signature"));

	if (e == ERR_UPSTREAM)
		return reply_error(r, 503, "mail_in_not_configured",
				   "No MAIL_IN_SECRET is configured.");
	if (e == ERR_CREDENTIALS)
		return reply_error(r, 401, "invalid_signature",
				   "Invalid signature.");
	if (!e)
		e = door_deliver(&answer, r->ctx, &d);
	return e ? e : reply_door(r, answer);
}

/* --- what staff see ------------------------------------------------------ */

static void
view_mail_in_members(struct req *r, struct jsonout *j, const struct mail_in *m)
{
	const char *recipient =
	    return_address_hide(r->ctx->arena, m->recipient);

	json_integer(j, "id", m->id);
	json_string(j, "state",
		    enum_name_text(mail_in_state_words, (int)m->state));
	json_string(j, "reason", m->reason);
	json_string(j, "deed",
		    enum_name_text(mail_in_deed_words, (int)m->deed));
	json_string(j, "recipient", recipient);
	json_string(j, "from", m->from);
	json_string(j, "from_name", m->from_name);
	json_string(j, "subject", m->subject);
	json_id(j, "issue", m->issue_id);
	json_string(j, "issue_number", m->issue_number);
	json_id(j, "comment", m->comment_id);
	json_integer(j, "size", m->size);
	json_string(j, "received_at", m->received_at);
	json_string(j, "decided_at", m->decided_at);
	json_id(j, "decided_by", m->decided_by);
}

static void
view_mail_in(struct req *r, struct jsonout *j, const struct mail_in *m)
{
	view_mail_in_members(r, j, m);
	json_string(j, "content", m->content);
	json_string(j, "whole", m->whole);
}

const struct field in_inbox_list[] = {
    {"state", FIELD_CHOICE, F_QUERY, 0, 0, mail_in_state_words},
    PAGE_INPUTS(PAGE_SIZE_MAX),
    FIELDS_END};

/* GET /api/mail/inbox/: newest first. */
enum err
do_inbox_list(struct req *r)
{
	const struct list_page asked = page_asked(r, PAGE_SIZE);
	struct mail_in *list;
	struct jsonout *j;
	int64_t total;
	size_t n;
	enum err e =
	    mail_in_list(&list, &n, &total, r->ctx, &r->actor,
			 (enum mail_in_state)in_int(r, "state"), &asked);

	if (e)
		return e;
	j = page_reply(r, &asked, total);
	if (!j)
		return OK;
	json_array(j, "results");
	for (size_t i = 0; i < n; i++) {
		json_object(j, NULL);
		view_mail_in_members(r, j, &list[i]);
		json_end(j);
	}
	json_end(j);
	return OK;
}

/* GET /api/mail/inbox/{id}/: one, with its text. */
enum err
do_inbox_show(struct req *r)
{
	struct mail_in *m;
	enum err e = mail_in_get(&m, r->ctx, &r->actor, r->id);

	if (!e)
		view_mail_in(r, reply(r, 200), m);
	return e;
}

static enum err
reply_decided(struct req *r, const char *message, const struct mail_in *m)
{
	struct jsonout *j = reply(r, 200);

	json_string(j, "message", message);
	json_object(j, "mail");
	view_mail_in(r, j, m);
	json_end(j);
	return OK;
}

/* POST /api/mail/inbox/{id}/accept/ */
enum err
do_inbox_accept(struct req *r)
{
	struct mail_in *m;
	enum err e = mail_accept(&m, r->ctx, &r->actor, r->id);

	return e ? e : reply_decided(r, "Mail accepted", m);
}

/* POST /api/mail/inbox/{id}/discard/ */
enum err
do_inbox_discard(struct req *r)
{
	struct mail_in *m;
	enum err e = mail_discard(&m, r->ctx, &r->actor, r->id);

	return e ? e : reply_decided(r, "Mail discarded", m);
}

/* --- addresses ----------------------------------------------------------- */

static void
view_mail_address(struct jsonout *j, const struct mail_address *a)
{
	json_integer(j, "id", a->id);
	json_string(j, "address", a->address);
	json_string(j, "created_at", a->created_at);
}

/* GET /api/mail/addresses/ */
enum err
do_mail_address_list(struct req *r)
{
	struct mail_address *list;
	struct jsonout *j;
	size_t n;
	enum err e = mail_address_list(&list, &n, r->ctx, &r->actor);

	if (e)
		return e;
	j = page_reply_whole(r, n);
	json_array(j, "results");
	for (size_t i = 0; i < n; i++) {
		json_object(j, NULL);
		view_mail_address(j, &list[i]);
		json_end(j);
	}
	json_end(j);
	return OK;
}

const struct field in_mail_address_add[] = {
    {"address", FIELD_EMAIL, F_REQUIRED, 3, 254, NULL}, FIELDS_END};

/* POST /api/mail/addresses/ */
enum err
do_mail_address_add(struct req *r)
{
	struct mail_address *a;
	enum err e = mail_address_add(&a, r->ctx, &r->actor,
				      in_text(r, "address"), false);

	if (!e)
		view_mail_address(reply(r, 201), a);
	return e;
}

/* DELETE /api/mail/addresses/{id}/ */
enum err
do_mail_address_remove(struct req *r)
{
	enum err e = mail_address_remove(r->ctx, &r->actor, r->id);

	if (!e)
		reply_empty(r, 204);
	return e;
}
