/* Adds demo data to an empty database. What is added is listed in demo_story.c;
 * all of it is applied through the library, as if the people had done it, so
 * that numbers, counters, histories and the queue to Linear are right. */

#include "admin/admin.h"
#include "base/arena.h"
#include "base/conf.h"
#include "base/enum_name.h"
#include "db/db.h"
#include "demo_story.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "desk/order.h"
#include "desk/profile.h"
#include "desk/supplier.h"
#include "docketctl.h"
#include "events/events.h"

#define USEC_PER_HOUR (3600 * USEC_PER_SEC)

/* The ids of what was created. */
struct demo {
	struct call *call;
	struct ctx *c;
	int64_t company[COMPANIES], user[PEOPLE], profile[CAST];
	int64_t supplier[SUPPLIERS], order[ORDERS], issue[TOPICS];
};

static struct actor
actor_of(const struct demo *d, enum role_in_story who)
{
	const struct user_new *u = &people[cast[who].person];
	const bool staff = cast[who].role != ROLE_CUSTOMER;

	return (struct actor){
	    .role = cast[who].role,
	    .user_id = d->user[cast[who].person],
	    .profile_id = d->profile[who],
	    .organization_id = staff ? d->company[cast[who].company] : 0,
	    .name = arena_printf(d->c->arena, "%s %s", u->first_name,
				 u->last_name)};
}

static enum err
make_suppliers_and_orders(struct demo *d)
{
	const struct actor owner = actor_of(d, SAHEL_);
	enum err e = OK;

	for (int i = PAPER; !e && i < SUPPLIERS; i++)
		e = supplier_create(&d->supplier[i], d->c, &owner,
				    suppliers[i].name, suppliers[i].email);
	for (int i = DESK; !e && i < ORDERS; i++) {
		const struct order_new new = {
		    .user_id = d->user[TESTUSER],
		    .supplier_id = d->supplier[orders[i].supplier],
		    .number = orders[i].number,
		    .title = orders[i].title};

		e = order_create(&d->order[i], d->c, &owner, &new);
	}
	return e;
}

/* Everything but the issues, in one transaction. */
static enum err
make_world(void *arg)
{
	struct demo *d = arg;
	struct ctx *c = d->c;
	enum err e = OK;

	for (int i = 0; !e && i < COMPANIES; i++)
		e = organization_create(&d->company[i], c, companies[i], NULL);
	if (!e)
		e = organization_update(
		    c, &(struct actor){.organization_id = d->company[DEMO]},
		    d->company[DEMO], &tie);
	for (int i = 0; !e && i < PEOPLE; i++)
		e = user_create(&d->user[i], c, &people[i]);
	for (int i = 0; !e && i < CAST; i++)
		e = profile_create(&d->profile[i], c, d->user[cast[i].person],
				   cast[i].role,
				   cast[i].role == ROLE_CUSTOMER
				       ? 0
				       : d->company[cast[i].company]);
	return e ? e : make_suppliers_and_orders(d);
}

static enum err
raise_topic(struct demo *d, const struct actor *who, enum topic topic)
{
	const struct issue_new new = {
	    .organization_id = d->company[topics[topic].company],
	    .title = topics[topic].title,
	    .description = topics[topic].description,
	    .priority = topics[topic].priority,
	    .category = topics[topic].category,
	    .vendor_id = d->supplier[topics[topic].supplier],
	    .order_id = d->order[topics[topic].order]};

	struct issue_outcome outcome;
	enum err e = issue_raise(&outcome, d->c, who, &new);

	if (!e)
		d->issue[topic] = outcome.id;
	return e;
}

static enum err
change_topic(struct demo *d, const struct actor *who, const struct scene *s)
{
	struct issue_change change = {0};
	struct issue_outcome outcome;

	switch (s->deed) {
	case ASSIGNS:
		change.act = ACT_ASSIGN;
		change.set = SET_ASSIGNEE;
		change.assigned_to = d->profile[s->to_whom];
		break;
	case RESOLVES:
		change.act = ACT_RESOLVE;
		change.set = SET_NOTES;
		change.resolution_notes = s->text;
		break;
	case REOPENS:
		change.act = ACT_REOPEN;
		change.comment = s->text;
		break;
	case CLOSES:
	case RAISES:
	case SAYS:
	case NOTES:
		change.act = ACT_CLOSE;
		break;
	}
	return issue_change(&outcome, d->c, who, d->issue[s->topic], &change);
}

static enum err
play(struct demo *d, const struct scene *s)
{
	const struct actor who = actor_of(d, s->who);
	int64_t comment;

	switch (s->deed) {
	case RAISES:
		return raise_topic(d, &who, s->topic);
	case SAYS:
	case NOTES:
		return comment_add(&comment, d->c, &who, d->issue[s->topic],
				   s->text, s->deed == NOTES, NULL);
	case ASSIGNS:
	case RESOLVES:
	case CLOSES:
	case REOPENS:
		break;
	}
	return change_topic(d, &who, s);
}

static enum err
tell(struct demo *d)
{
	const usec_t now = d->c->now;
	enum err e = OK;

	for (const struct scene *s = story; !e && s->hours_ago; s++) {
		d->c->now = now - s->hours_ago * USEC_PER_HOUR;
		e = play(d, s);
	}
	d->c->now = now;
	return e;
}

/* An empty table if nothing was created. */
static void
print_logins(const struct demo *d, int n)
{
	static const char *const columns[] = {"username",   "password",
					      "profile",    "organization",
					      "profile_id", NULL};
	struct table s;

	table_init(&s, d->call, columns);
	for (int i = 0; i < n; i++) {
		const bool staff = cast[i].role != ROLE_CUSTOMER;

		put_text_cell(&s, people[cast[i].person].username);
		put_text_cell(&s, PASSWORD);
		put_text_cell(&s,
			      enum_name_text(role_names, (int)cast[i].role));
		put_text_cell(&s, staff ? companies[cast[i].company] : NULL);
		put_int_cell(&s, d->profile[i]);
	}
	table_print_list(&s);
}

/* In the same transaction, so that no daemon derives it and sends mails. */
static enum err
play_all(void *arg)
{
	struct demo *d = arg;
	bool more = true;
	int64_t turn = 0;
	enum err e = make_world(d);

	if (!e)
		e = tell(d);
	while (!e && more)
		e = events_derive_some(&more, &turn, d->c, consumers,
				       "docketctl");
	return e;
}

enum err
run_demo(struct call *call)
{
	struct demo d = {.call = call, .c = call->c};
	const struct conf *conf = d.c->conf;
	struct conf silent = *conf;
	bool empty;
	enum err e = admin_is_empty(&empty, d.c);

	if (e)
		return e;
	if (!empty) {
		say(call,
		    "The database is not empty, so no demo data was added.");
		if (call->json)
			print_logins(&d, 0);
		return OK;
	}
	/* the people do not exist, so no mail is sent */
	silent.smtp_url = NULL;
	d.c->conf = &silent;
	e = db_transaction(d.c->db, play_all, &d);
	d.c->conf = conf;
	if (!e)
		print_logins(&d, CAST);
	return e;
}
