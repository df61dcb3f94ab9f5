#include "mime/mime.h"

#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "body.h"
#include "charset.h"
#include "html.h"
#include "mail/incoming.h"
#include "message.h"
#include "sender.h"

/* Mail servers take less. */
#define HEADER_MAX (1UL << 20)

void
mime_start(void)
{
	message_start();
	html_start();
	charset_start();
}

/* The only address of From, as Docket stores addresses; "" if From has no
 * address, or several, so that nobody knows who wrote. */
static void
read_from(struct incoming_mail *out, struct arena *a, const struct message *m,
	  bool is_one)
{
	char *address = arena_alloc(a, ADDRESS_MAX + 1);

	out->from = out->from_name = "";
	if (!is_one || m->n_from != 1 || !m->from[0].address ||
	    address_read(address, m->from[0].address, HOST_OF_ANY_KIND) != NULL)
		return;
	out->from = address;
	if (m->from[0].name)
		out->from_name = m->from[0].name;
}

const char *
mime_read(struct incoming_mail *out, struct arena *a, const char *raw, size_t n,
	  const char *authserv)
{
	struct message m;
	const char *refused =
	    mail_header_size(raw, n) > HEADER_MAX
		? "The header of the mail is larger than 1 MiB."
		: message_parse(&m, a, raw, n);

	if (refused)
		return refused;
	*out = (struct incoming_mail){
	    .message_id = m.message_id ? m.message_id : "",
	    .references = m.references,
	    .n_references = m.n_references,
	    .subject = m.subject,
	    .date = m.date,
	    .automated = sender_automated(a, &m),
	    .spam = sender_spam(a, &m),
	    .is_report = strcmp(m.type, "multipart/report") == 0};
	read_from(out, a, &m, sender_is_one(raw, n));
	out->dmarc = sender_dmarc(a, &m, authserv, out->from);
	sender_bounce(&out->bounce, a, &m);
	body_read(out, a, &m);
	return NULL;
}
