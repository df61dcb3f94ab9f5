/* The addresses, beside its slug, whose mails reach an organization
 * (mail_address.h): the only writer of their table. Owners add those under
 * MAIL_IN_DOMAIN, the operator any. */
#include "mail/mail_address.h"

#include <string.h>
#include <strings.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/conf.h"
#include "db/db.h"
#include "db/statements.h"

enum { LIST, GET, COUNT, SLUG, ADD, REMOVE, STATEMENTS };

#define COLUMNS "SELECT id, address, created_at FROM mail_address "

static struct stmt sql[] = {
    [LIST] = {COLUMNS "WHERE organization_id = ? ORDER BY id"},
    [GET] = {COLUMNS "WHERE id = ?"},
    [COUNT] = {"SELECT COUNT(*) FROM mail_address WHERE organization_id = ?"},
    /* also an organization's own one: that needs no further row */
    [SLUG] = {"SELECT 1 FROM organization WHERE slug = ?"},
    [ADD] = {"INSERT INTO mail_address (organization_id, address, created_at) "
	     "VALUES (?, ?, ?)"},
    [REMOVE] = {"DELETE FROM mail_address WHERE id = ? "
		"AND organization_id = ?"},
};

const struct statements mail_address_statements = {sql, STATEMENTS};

static void
read_mail_address(struct mail_address *a, struct rows *r)
{
	a->id = col_int(r);
	a->address = col_text(r);
	a->created_at = col_text(r);
}

enum err
mail_address_list(struct mail_address **out, size_t *n, struct ctx *c,
		  const struct actor *who)
{
	struct mail_address *a;
	struct rows rows;
	enum err e = db_query(&rows, c->db, &sql[LIST],
			      ARGS(arg_int(who->organization_id)));

	if (e)
		return e;
	*n = rows.count;
	*out = a = arena_alloc(c->arena, (rows.count + 1) * sizeof(*a));
	while (rows_next(&rows))
		read_mail_address(a++, &rows);
	return OK;
}

/* Local parts that have another meaning here, or by RFC 2142 and RFC 5321. */
static bool
is_reserved(const char *local, size_t n)
{
	static const char *const names[] = {
	    "postmaster", "abuse",  "hostmaster", "webmaster",	  "security",
	    "noc",	  "www",    "root",	  "noreply",	  "no-reply",
	    "reply",	  "bounce", "bounces",	  "mailer-daemon"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == n &&
		    strncasecmp(local, names[i], n) == 0)
			return true;
	return memchr(local, '+', n) != NULL;
}

static enum err
refuse_address(struct ctx *c, const char *why)
{
	return fault_add(&c->faults, "address", "%s", why);
}

/* Under MAIL_IN_DOMAIN, each slug is the address of its organization. */
static enum err
check_ours(struct ctx *c, const char *key, size_t local)
{
	bool taken = false;
	enum err e;

	if (is_reserved(key, local))
		return refuse_address(c, "This address is reserved.");
	e = db_exists(&taken, c->db, &sql[SLUG],
		      ARGS(arg_text(arena_memdup(c->arena, key, local))));
	return e ? e : taken ? refuse_address(c, "This address is taken.") : OK;
}

/* *key: the address as it is stored. */
static enum err
check_address(const char **key, struct ctx *c, const char *address,
	      bool any_domain)
{
	const char *domain = c->conf->mail_in_domain, *at, *why;
	char kept[ADDRESS_MAX + 1];

	if (!domain)
		return refuse_address(
		    c, "No mail comes in here: MAIL_IN_DOMAIN is not set.");
	why = address_read(kept, address, HOST_OF_ANY_KIND);
	if (why)
		return refuse_address(c, why);
	*key = account_key(c->arena, kept);
	at = strrchr(*key, '@');
	if (strcmp(*key, account_key(c->arena, c->conf->mail_from)) == 0)
		return refuse_address(c, "This address is taken.");
	if (strcmp(at + 1, domain) == 0)
		return check_ours(c, *key, (size_t)(at - *key));
	return any_domain
		   ? OK
		   : fault_add(&c->faults, "address",
			       "Only the operator can add an address that "
			       "does not end in @%s.",
			       domain);
}

static enum err
check_count(struct ctx *c, int64_t organization_id)
{
	struct rows rows;
	enum err e =
	    db_one(&rows, c->db, &sql[COUNT], ARGS(arg_int(organization_id)));

	if (e || col_int(&rows) < MAIL_ADDRESSES_MAX)
		return e;
	(void)fault_add(&c->faults, "non_field_errors",
			"An organization has at most %d addresses.",
			MAIL_ADDRESSES_MAX);
	return ERR_CONFLICT;
}

static enum err
add_address(int64_t *id, struct ctx *c, int64_t organization_id,
	    const char *key)
{
	enum err e = db_run(
	    c->db, &sql[ADD],
	    ARGS(arg_int(organization_id), arg_text(key), arg_time(c->now)));

	if (e == ERR_CONFLICT)
		return refuse_address(c, "This address is taken.");
	if (!e)
		*id = db_insert_id(c->db);
	return e;
}

enum err
mail_address_add(struct mail_address **out, struct ctx *c,
		 const struct actor *who, const char *address, bool any_domain)
{
	const int64_t org = who->organization_id;
	const char *key = NULL;
	struct rows rows;
	int64_t id = 0;
	enum err e = check_address(&key, c, address, any_domain);

	if (!e)
		e = check_count(c, org);
	if (!e)
		e = add_address(&id, c, org, key);
	if (!e)
		e = db_one(&rows, c->db, &sql[GET], ARGS(arg_int(id)));
	if (e)
		return e;
	*out = arena_alloc(c->arena, sizeof(**out));
	read_mail_address(*out, &rows);
	return OK;
}

enum err
mail_address_remove(struct ctx *c, const struct actor *who, int64_t id)
{
	enum err e = db_run(c->db, &sql[REMOVE],
			    ARGS(arg_int(id), arg_int(who->organization_id)));

	return !e && db_affected(c->db) == 0 ? ERR_NOTFOUND : e;
}
