/* The door for mails: what is refused at once, and storing the others. Refusing
 * here is what senders hear of, from their mail server; what is refused later
 * is told to nobody, since the mail may have come from somebody else than it
 * says. */
#include "mail/door.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "base/json.h"
#include "desk/mail_in.h"
#include "desk/user.h"
#include "mail/incoming.h"
#include "mail/recipient.h"
#include "mail/return_address.h"

#define HOUR (3600 * USEC_PER_SEC)

/* To one recipient within an hour: no person writes so many. */
#define RECIPIENT_MAX 1000

/* How old a signed request may be, in seconds; and how far ahead. */
#define FRESH_S 300

#define HEADER_MAX                                                \
	((size_t)256 * 1024) /* looked through for the Message-ID \
			      */

const char *
door_sentence(enum door_answer answer)
{
	switch (answer) {
	case DOOR_STORED:
		break;
	case DOOR_NO_ADDRESS:
		return "There is no such address here.";
	case DOOR_NOT_KNOWN:
		return "This address takes e-mail only from people who have an "
		       "account with the address that they write from.";
	case DOOR_NO_MAIL:
		return "This is not an e-mail.";
	case DOOR_TOO_LARGE:
		return "This e-mail is too large.";
	case DOOR_BUSY:
		return "There were too many e-mails to this address. Try again "
		       "later.";
	case DOOR_CLOSED:
		return "No e-mail comes in here.";
	}
	return NULL;
}

/* --- what is read of the bytes ------------------------------------------- */

/* Where the line at s ends: at its LF, or at `end`. */
static const char *
end_of_line(const char *s, const char *end)
{
	const char *p = memchr(s, '\n', (size_t)(end - s));

	return p ? p : end;
}

static bool
is_header(const char *s, const char *end)
{
	const char *p = s;

	while (p < end &&
	       (isalnum((unsigned char)*p) || *p == '-' || *p == '_'))
		p++;
	while (p > s && p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p > s && p < end && *p == ':';
}

/* The line that some programs put before a mail: "From x@y Fri Nov 27 …". */
static bool
is_mbox_line(const char *s, const char *end)
{
	return end - s > 5 && strncmp(s, "From ", 5) == 0;
}

static bool
is_mail(const struct delivery *d)
{
	const char *s = d->raw, *end = d->raw + d->n;

	if (is_mbox_line(s, end))
		s = end_of_line(s, end);
	while (s < end && *s == '\n')
		s++;
	return is_header(s, end_of_line(s, end));
}

/* What follows a header's name at the beginning of a line, or NULL. */
static const char *
after_name(const char *line, const char *end, const char *name)
{
	const size_t n = strlen(name);

	if ((size_t)(end - line) <= n || strncasecmp(line, name, n) != 0)
		return NULL;
	for (line += n; line < end && (*line == ' ' || *line == '\t'); line++)
		;
	return line < end && *line == ':' ? line + 1 : NULL;
}

/* Where the header ends, and the empty line before the body begins. */
static const char *
body_of_delivery(const struct delivery *d)
{
	const char *end = d->raw + (d->n < HEADER_MAX ? d->n : HEADER_MAX);
	const char *s = d->raw;

	while (s < end && *s != '\n' &&
	       (*s != '\r' || s + 1 == end || s[1] != '\n')) {
		s = end_of_line(s, end);
		s += s < end;
	}
	return s;
}

/* The first Message-ID in the header, without what surrounds it; *n is 0 if
 * the header has no Message-ID. */
static const char *
find_message_id(size_t *n, const char *s, const char *end)
{
	const char *id = NULL;

	for (; s < end && !id; s += s < end) {
		id = after_name(s, end, "Message-ID");
		s = end_of_line(s, end);
	}
	/* it may begin on the next line, which then begins with a space */
	while (
	    id && id < end && isspace((unsigned char)*id) &&
	    (*id != '\n' || (id + 1 < end && (id[1] == ' ' || id[1] == '\t'))))
		id++;
	for (*n = 0; id && id + *n < end && (unsigned char)id[*n] > ' ';)
		++*n;
	return id;
}

/* The body, whatever its lines end with: the two doors differ in that. */
static void
add_body(struct sha256 *h, const char *s, const char *end)
{
	while (end > s && isspace((unsigned char)end[-1]))
		end--;
	for (const char *cr; s < end; s = cr + (cr < end)) {
		cr = memchr(s, '\r', (size_t)(end - s));
		cr = cr ? cr : end;
		sha256_add(h, s, (size_t)(cr - s));
	}
}

/* Of what is the same however a mail gets here: its Message-ID and its body. A
 * Message-ID alone does not do: others can know it and be first to use it, and
 * some programs give all their mails the same. Without one, all counts. */
static void
hash_delivery(unsigned char out[HASH_BYTES], const struct delivery *d)
{
	const char *body = body_of_delivery(d), *id;
	char hex[SHA256_TEXT];
	struct sha256 h;
	size_t n;

	id = find_message_id(&n, d->raw, body);
	sha256_begin(&h);
	if (n)
		sha256_add(&h, id, n);
	add_body(&h, n ? body : d->raw, d->raw + d->n);
	sha256_end(hex, &h);
	hash_text(out, hex);
}

/* --- the envelope -------------------------------------------------------- */

/* An address without < and >, in lower case; NULL: it is too long. */
static const char *
envelope_address(struct ctx *c, const char *s)
{
	size_t n = strlen(s);

	if (n >= 2 && s[0] == '<' && s[n - 1] == '>') {
		s++;
		n -= 2;
	}
	return n <= ADDRESS_MAX && utf8_valid(s, n)
		   ? account_key(c->arena, arena_memdup(c->arena, s, n))
		   : NULL;
}

/* Whether somebody has confirmed this address. An envelope without a sender is
 * a program's, and one with an address of Docket's mails a test: they do
 * nothing anyway. */
static enum err
is_known(bool *known, struct ctx *c, const char *sender)
{
	struct return_address own;
	struct user *user;
	enum err e;

	*known = true;
	if (!sender || !*sender)
		return OK;
	e = return_address_read(&own, c, sender);
	if (e != ERR_NOTFOUND)
		return e;
	e = user_find_proved(&user, c, sender);
	*known = e != ERR_NOTFOUND;
	return e == ERR_NOTFOUND ? OK : e;
}

static enum err
check_recipient(enum door_answer *out, struct ctx *c, const char *recipient,
		const char *sender)
{
	struct recipient r;
	bool known = true;
	int64_t n;
	enum err e = recipient_find(&r, c, recipient);

	if (e) {
		*out = DOOR_NO_ADDRESS;
		return e == ERR_NOTFOUND ? OK : e;
	}
	if (r.kind == RECIPIENT_ORGANIZATION && r.mail_in == MAIL_IN_KNOWN)
		e = is_known(&known, c, sender);
	if (!e)
		e = mail_in_count_of_recipient(&n, c, recipient, c->now - HOUR);
	if (!e)
		*out = !known		    ? DOOR_NOT_KNOWN
		       : n >= RECIPIENT_MAX ? DOOR_BUSY
					    : DOOR_STORED;
	return e;
}

static enum door_answer
check_bytes(const struct ctx *c, const struct delivery *d)
{
	return !c->conf->mail_in_domain ? DOOR_CLOSED
	       : d->n > INCOMING_MAX	? DOOR_TOO_LARGE
	       : is_mail(d)		? DOOR_STORED
					: DOOR_NO_MAIL;
}

enum err
door_deliver(enum door_answer *out, struct ctx *c, const struct delivery *d)
{
	const char *recipient = envelope_address(c, d->recipient);
	const char *sender = d->sender ? envelope_address(c, d->sender) : NULL;
	unsigned char hash[HASH_BYTES];
	enum err e;

	*out = check_bytes(c, d);
	if (*out == DOOR_STORED && !recipient)
		*out = DOOR_NO_ADDRESS;
	if (*out != DOOR_STORED)
		return OK;
	e = check_recipient(out, c, recipient, sender);
	if (e || *out != DOOR_STORED)
		return e;
	hash_delivery(hash, d);
	return mail_in_store(c, recipient, sender, hash, d->raw, d->n);
}

/* --- signatures ---------------------------------------------------------- */

static bool
is_fresh(const struct ctx *c, const char *timestamp)
{
	char *end;
	const long long now = c->now / USEC_PER_SEC;
	const long long at = strtoll(timestamp, &end, 10);

	return isdigit((unsigned char)*timestamp) && !*end &&
	       at >= now - FRESH_S && at <= now + FRESH_S;
}

/* Any of the comma-separated secrets may fit: two are valid during a rotation.
 */
enum err
door_check_signature(const struct ctx *c, const struct delivery *d,
		     const char *timestamp, const char *signature)
{
	const char *secrets = c->conf->mail_in_secret;
	const char *sender = d->sender ? d->sender : "";
	unsigned char mac[MAC_BYTES];
	char hex[HEX_TEXT(MAC_BYTES)];
	bool fits = false;

	if (!secrets)
		return ERR_UPSTREAM;
	if (!timestamp || !signature || !is_fresh(c, timestamp))
		return ERR_CREDENTIALS;
	for (size_t n; *secrets; secrets += n + (secrets[n] == ',')) {
		const struct mac_part parts[] = {
		    {timestamp, strlen(timestamp)},
		    {"\n", 1},
		    {d->recipient, strlen(d->recipient)},
		    {"\n", 1},
		    {sender, strlen(sender)},
		    {"\n", 1},
		    {d->raw, d->n}};

		n = strcspn(secrets, ",");
		if (!n)
			continue;
		hmac_sha256(mac, arena_memdup(c->arena, secrets, n), parts,
			    sizeof(parts) / sizeof(parts[0]));
		hex_text(hex, mac, sizeof(mac));
		fits = same_secret(hex, signature) || fits;
	}
	return fits ? OK : ERR_CREDENTIALS;
}
