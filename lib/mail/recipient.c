#include "mail/recipient.h"

#include <string.h>
#include <strings.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "db/statements.h"

#define COLUMNS "SELECT o.id, o.mail_in + 0, o.mail_in_since "
#define TAKES	"o.is_active AND o.mail_in <> 'off'"

enum { BY_ADDRESS, BY_SLUG, STATEMENTS };

static struct stmt sql[] = {
    [BY_ADDRESS] = {COLUMNS "FROM mail_address a JOIN organization o "
			    "ON o.id = a.organization_id "
			    "WHERE a.address = ? AND " TAKES},
    [BY_SLUG] = {COLUMNS "FROM organization o WHERE o.slug = ? AND " TAKES},
};

const struct statements mail_recipient_statements = {sql, STATEMENTS};

static enum err
read_mailing_organization(struct recipient *out, enum err e, struct rows *rows)
{
	if (e)
		return e;
	*out = (struct recipient){.kind = RECIPIENT_ORGANIZATION,
				  .organization_id = col_int(rows)};
	out->mail_in = (enum mail_in_mode)col_int(rows);
	out->mail_in_since = col_time(rows);
	return OK;
}

/* The slug of slug@MAIL_IN_DOMAIN, or NULL. */
static const char *
slug_in(struct ctx *c, const char *address)
{
	const char *at = strrchr(address, '@'),
		   *domain = c->conf->mail_in_domain;

	return domain && at && strcasecmp(at + 1, domain) == 0
		   ? arena_memdup(c->arena, address, (size_t)(at - address))
		   : NULL;
}

static enum err
find_organization(struct recipient *out, struct ctx *c, const char *address)
{
	const char *slug = slug_in(c, address);
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[BY_ADDRESS],
			    ARGS(arg_text(account_key(c->arena, address))));

	if (e == ERR_NOTFOUND && slug)
		e = db_one(&rows, c->db, &sql[BY_SLUG], ARGS(arg_text(slug)));
	return read_mailing_organization(out, e, &rows);
}

enum err
recipient_find(struct recipient *out, struct ctx *c, const char *address)
{
	struct return_address tag;
	enum err e = return_address_read(&tag, c, address);

	if (!e) {
		*out = (struct recipient){.kind = tag.kind == RETURN_REPLY
						      ? RECIPIENT_REPLY
						      : RECIPIENT_BOUNCE,
					  .tag = tag};
		return OK;
	}
	if (e != ERR_NOTFOUND)
		return e;
	if (strcasecmp(address, c->conf->mail_from) == 0) {
		*out = (struct recipient){.kind = RECIPIENT_DESK};
		return OK;
	}
	return find_organization(out, c, address);
}
