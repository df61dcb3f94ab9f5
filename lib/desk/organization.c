/* Tenants: their names and settings, who may know of them, and the Linear team
 * that each is linked to.
 *
 * Everybody may read the public part of an active organization that is listed;
 * SQL_KNOWN_TO (organization.h) decides who else may know of one. Only owners
 * change their organization; the callers check that. Linking a team resets the
 * watermark up to which sync/reconcile.c has seen Linear's changes. The staff
 * are in staff.c, suppliers and orders in supplier.c and order.c. */

#include "desk/organization.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/time_zone.h"
#include "base/unicode.h"
#include "db/db.h"
#include "db/statements.h"
#include "desk/list_page.h"
#include "desk/list_revision.h"
#include "desk/security_log.h"

#define SLUG_MAX 80

#define COLUMNS                                                             \
	"o.id, o.name, o.slug, o.is_active, o.is_listed, "                  \
	"o.staff_may_raise, o.time_zone, o.mail_in + 0, o.linear_team_id, " \
	"o.linear_team_name, o.created_at, o.updated_at"

#define LIST  "SELECT " COLUMNS " FROM organization o WHERE "
#define PAGE  " ORDER BY o.name, o.id " SQL_PAGE
#define COUNT "SELECT COUNT(*) FROM organization o WHERE "

#define AND_USER " AND ? IS NOT NULL"

#define WHERE_ACTIVE "o.is_active AND " SQL_KNOWN_TO("o", "?")

#define WHERE_MINE                                                      \
	"o.id IN (SELECT p.organization_id FROM profile p "             \
	"WHERE p.user_id = ? AND p.is_active AND p.kind <> 'customer' " \
	"UNION SELECT k.organization_id FROM customer k WHERE k.user_id = ?)"

#define WHERE_RAISED                                                         \
	"o.is_active AND o.id IN (SELECT k.organization_id FROM customer k " \
	"WHERE k.user_id = ?)"

enum {
	GET,
	FIND,
	LIST_ACTIVE,
	COUNT_ACTIVE,
	LIST_MINE,
	COUNT_MINE,
	LIST_RAISED,
	COUNT_RAISED,
	CREATE,
	UPDATE,
	TOUCH,
	OTHER_OWNERS,
	ADVANCE_WATERMARK,
	STATEMENTS
};

static struct stmt sql[] = {
    [GET] = {"SELECT " COLUMNS " FROM organization o WHERE o.id = ?"},
    [FIND] = {LIST "o.id = ? AND (o.id <=> ? OR (o.is_active AND " SQL_KNOWN_TO(
	"o", "?") "))"},
    /* Each list and count takes the user three times, so that one call fits
     * all. */
    [LIST_ACTIVE] = {LIST WHERE_ACTIVE PAGE},
    [COUNT_ACTIVE] = {COUNT WHERE_ACTIVE},
    [LIST_MINE] = {LIST WHERE_MINE AND_USER PAGE},
    [COUNT_MINE] = {COUNT WHERE_MINE AND_USER},
    [LIST_RAISED] = {LIST WHERE_RAISED AND_USER AND_USER PAGE},
    [COUNT_RAISED] = {COUNT WHERE_RAISED AND_USER AND_USER},
    [CREATE] = {"INSERT INTO organization (name, slug, created_at, "
		"updated_at) SELECT ?, ?, ?, ? FROM (SELECT 1) one "
		"WHERE NOT EXISTS (SELECT 1 FROM mail_address a "
		"WHERE a.address = ?)"},
    /* The watermark of one team says nothing about the next one. */
    [UPDATE] = {"UPDATE organization SET name = COALESCE(?, name), "
		"linear_watermark = IF(? AND NOT (linear_team_id <=> ?), ?, "
		"linear_watermark), "
		"linear_team_name = IF(?, ?, linear_team_name), "
		"linear_team_id = IF(?, ?, linear_team_id), "
		"is_active = IF(?, ?, is_active), "
		"is_listed = IF(?, ?, is_listed), "
		"staff_may_raise = IF(?, ?, staff_may_raise), "
		"time_zone = COALESCE(?, time_zone), "
		"mail_in_since = IF(mail_in = 'off', ?, mail_in_since), "
		"mail_in = COALESCE(ELT(?, 'off', 'known', 'anyone'), "
		"mail_in), updated_at = ? "
		"WHERE id = ?",
		true},
    [TOUCH] = {"UPDATE organization SET updated_at = ? WHERE id = ?"},
    [OTHER_OWNERS] = {"SELECT 1 FROM profile p JOIN user u ON u.id = p.user_id "
		      "WHERE p.organization_id = ? AND p.kind = 'vendor' "
		      "AND p.is_active AND u.is_active "
		      "AND u.password_hash <> '' AND p.id <> ? LIMIT 1"},
    [ADVANCE_WATERMARK] = {"UPDATE organization SET linear_watermark = ? "
			   "WHERE linear_team_id = ? "
			   "AND (linear_watermark IS NULL "
			   "OR linear_watermark < ? OR linear_watermark > ?)"},
};

const struct statements organization_statements = {sql, STATEMENTS};

const struct enum_name mail_in_words[] = {{"off", MAIL_IN_OFF},
					  {"known", MAIL_IN_KNOWN},
					  {"anyone", MAIL_IN_ANYONE},
					  {NULL, 0}};

/* Its first address; NULL: no mail comes in. */
static const char *
mail_address_of(struct ctx *c, const char *slug)
{
	return c->conf->mail_in_domain ? arena_printf(c->arena, "%s@%s", slug,
						      c->conf->mail_in_domain)
				       : NULL;
}

static void
read_organization(struct ctx *c, struct organization *o, struct rows *r)
{
	o->id = col_int(r);
	o->name = col_text(r);
	o->slug = col_text(r);
	o->mail_address = mail_address_of(c, o->slug);
	o->is_active = col_bool(r);
	o->is_listed = col_bool(r);
	o->staff_may_raise = col_bool(r);
	o->time_zone = col_text(r);
	o->mail_in = (enum mail_in_mode)col_int(r);
	o->linear_team_id = col_text(r);
	o->linear_team_name = col_text(r);
	o->created_at = col_text(r);
	o->updated_at = col_text(r);
}

enum err
organization_get(struct organization **out, struct ctx *c, int64_t id)
{
	struct rows rows;
	enum err e = db_one(&rows, c->db, &sql[GET], ARGS(arg_int(id)));

	if (e)
		return e;
	*out = arena_alloc(c->arena, sizeof(**out));
	read_organization(c, *out, &rows);
	return OK;
}

enum err
organization_find(struct organization **out, struct ctx *c,
		  const struct actor *who, int64_t id)
{
	const struct arg user = arg_int(who->user_id);
	struct rows rows;
	enum err e = db_one(
	    &rows, c->db, &sql[FIND],
	    ARGS(arg_int(id), arg_id(who->organization_id), user, user, user));

	if (e)
		return e;
	*out = arena_alloc(c->arena, sizeof(**out));
	read_organization(c, *out, &rows);
	return OK;
}

enum err
organization_list(struct organization **out, size_t *n, int64_t *total,
		  struct ctx *c, enum organization_list which, int64_t user_id,
		  int64_t limit, int64_t offset)
{
	static const struct {
		int list, count;
	} statements[] = {
	    [ORGANIZATIONS_ACTIVE] = {LIST_ACTIVE, COUNT_ACTIVE},
	    [ORGANIZATIONS_MINE] = {LIST_MINE, COUNT_MINE},
	    [ORGANIZATIONS_RAISED] = {LIST_RAISED, COUNT_RAISED},
	};
	const struct arg user = arg_int(user_id);
	struct rows rows;
	struct organization *list;
	size_t i = 0;
	enum err e =
	    db_query(&rows, c->db, &sql[statements[which].list],
		     ARGS(user, user, user, arg_int(limit), arg_int(offset)));

	if (!e)
		e = db_number(total, c->db, &sql[statements[which].count],
			      ARGS(user, user, user));
	if (e)
		return e;
	list = arena_alloc(c->arena, (rows.count + 1) * sizeof(*list));
	while (rows_next(&rows))
		read_organization(c, &list[i++], &rows);
	*out = list;
	*n = i;
	return OK;
}

int64_t
organization_listed(const struct actor *who, int64_t id)
{
	if (!actor_is_staff(who))
		return id;
	return !id || id == who->organization_id ? who->organization_id : 0;
}

/* "Müller & Söhne, Ltd." becomes "muller-sohne-ltd". Letters that have no ASCII
 * form are left out. */
static const char *
slug_of(struct arena *a, const char *name)
{
	struct word_walk walk;
	struct text_word word;
	char slug[SLUG_MAX + 1];
	size_t n = 0;

	word_walk_begin(&walk, a, name);
	while (word_walk_next(&word, &walk)) {
		if (n && slug[n - 1] != '-' && n < SLUG_MAX)
			slug[n++] = '-';
		for (size_t i = 0; i < word.n && n < SLUG_MAX; i++)
			if (isalnum((unsigned char)word.s[i]))
				slug[n++] = word.s[i];
	}
	while (n && slug[n - 1] == '-')
		n--;
	return n ? arena_memdup(a, slug, n) : "organization";
}

enum err
organization_create(int64_t *id, struct ctx *c, const char *name,
		    const char *slug)
{
	enum err e;

	if (!slug)
		slug = slug_of(c->arena, name);
	e = db_run(c->db, &sql[CREATE],
		   ARGS(arg_text(name), arg_text(slug), arg_time(c->now),
			arg_time(c->now), arg_text(mail_address_of(c, slug))));
	if (!e && db_affected(c->db) == 0)
		e = ERR_CONFLICT;
	if (!e)
		*id = db_insert_id(c->db);
	return e;
}

/* Reconcile reads what changed in a team since the day before it was linked:
 * Linear's clock, which dates the changes, may differ from ours. */
static usec_t
first_watermark(const struct ctx *c)
{
	return c->now - 86400 * USEC_PER_SEC;
}

static enum err
write_update(struct ctx *c, int64_t id, const struct organization_change *ch)
{
	enum err e = revision_run(
	    c, &(struct renamed){.organization_id = id}, &sql[UPDATE],
	    ARGS(arg_text(ch->name), arg_int(ch->set_team),
		 arg_text(ch->linear_team_id), arg_time(first_watermark(c)),
		 arg_int(ch->set_team), arg_text(ch->linear_team_name),
		 arg_int(ch->set_team), arg_text(ch->linear_team_id),
		 arg_int(ch->set_active), arg_int(ch->is_active),
		 arg_int(ch->set_listed), arg_int(ch->is_listed),
		 arg_int(ch->set_staff_may_raise), arg_int(ch->staff_may_raise),
		 arg_text(ch->time_zone), arg_time(c->now), arg_id(ch->mail_in),
		 arg_time(c->now), arg_int(id)));
	if (e == ERR_CONFLICT)
		return fault_add(&c->faults, "linear_team_id",
				 "This Linear team belongs to another "
				 "organization.");
	return e;
}

/* The arguments of link_team(). */
struct team_link {
	struct ctx *c;
	const struct actor *who;
	const struct organization_change *change;
};

static enum err
link_team(void *arg)
{
	struct team_link *t = arg;
	const struct organization_change *ch = t->change;
	enum err e = write_update(t->c, t->who->organization_id, ch);

	return e ? e
		 : security_log_add(t->c,
				    ch->linear_team_id ? SECURITY_TEAM_TIED
						       : SECURITY_TEAM_UNTIED,
				    t->who, 0,
				    ch->linear_team_name ? ch->linear_team_name
							 : ch->linear_team_id);
}

enum err
organization_update(struct ctx *c, const struct actor *who, int64_t id,
		    const struct organization_change *ch)
{
	struct team_link t = {c, who, ch};

	if (who->organization_id != id)
		return ERR_NOTFOUND;
	if (ch->time_zone && !time_zone_is_known(ch->time_zone))
		return fault_add(&c->faults, "time_zone",
				 "There is no such time zone. Enter a name "
				 "such as Europe/Berlin.");
	if (!ch->name && !ch->set_team && !ch->set_active && !ch->set_listed &&
	    !ch->set_staff_may_raise && !ch->time_zone && !ch->mail_in)
		return OK;
	return ch->set_team ? db_transaction(c->db, link_team, &t)
			    : write_update(c, id, ch);
}

enum err
organization_has_other_owner(bool *out, struct ctx *c, int64_t id,
			     int64_t profile_id)
{
	enum err e =
	    db_run(c->db, &sql[TOUCH], ARGS(arg_time(c->now), arg_int(id)));

	return e ? e
		 : db_exists(out, c->db, &sql[OTHER_OWNERS],
			     ARGS(arg_int(id), arg_int(profile_id)));
}

enum err
organization_advance_watermark(struct ctx *c, const char *team_id, usec_t seen,
			       usec_t latest)
{
	return db_run(c->db, &sql[ADVANCE_WATERMARK],
		      ARGS(arg_time(seen), arg_text(team_id), arg_time(seen),
			   arg_time(latest)));
}
