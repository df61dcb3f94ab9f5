/* Demo data for an empty database: two companies, five people, and a dozen
 * issues that were raised and handled over the last weeks. Tables list the
 * people, the issues and the events; all of them are applied through the
 * library, as if the people had done it, so that numbers, counters, histories
 * and the queue to Linear are right. */
#include <stdio.h>

#include "admin/admin.h"
#include "base/arena.h"
#include "base/conf.h"
#include "base/enum_name.h"
#include "db/db.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "desk/order.h"
#include "desk/profile.h"
#include "desk/supplier.h"
#include "docketctl.h"

#define PASSWORD      "test123456"
#define USEC_PER_HOUR (3600 * USEC_PER_SEC)

enum company { DEMO, OTHER, COMPANIES };
static const char *const companies[] = {"Demo Company", "Other Company"};

/* The simulator's first team. */
static const struct organization_change tie = {
    .set_team = true,
    .linear_team_id = "b95250db-8430-4dbc-88f8-9fc109369df0",
    .linear_team_name = "Too Good CRM"};

enum person { TESTUSER, ALICE, SAHEL, ERIN, OMAR, PEOPLE };
static const struct user_new people[] = {
    {"testuser", "john@example.com", "John", "Doe", PASSWORD, true},
    {"alice", "alice@example.com", "Alice", "Meyer", PASSWORD, true},
    {"sahel", "sahel@example.com", "Sahel", "Rahimi", PASSWORD, true},
    {"erin", "erin@example.com", "Erin", "Walsh", PASSWORD, true},
    {"omar", "omar@example.com", "Omar", "Haddad", PASSWORD, true},
};

/* Who acts in the story; a person may have several roles. */
enum role_in_story { JOHN, JOHN_OWNER, ALICE_, SAHEL_, ERIN_, OMAR_, CAST };
static const struct {
	enum person person;
	enum role role;
	enum company company; /* for staff */
} cast[] = {
    [JOHN] = {TESTUSER, ROLE_CUSTOMER, DEMO},
    [JOHN_OWNER] = {TESTUSER, ROLE_VENDOR, OTHER},
    [ALICE_] = {ALICE, ROLE_CUSTOMER, DEMO},
    [SAHEL_] = {SAHEL, ROLE_VENDOR, DEMO},
    [ERIN_] = {ERIN, ROLE_EMPLOYEE, DEMO},
    [OMAR_] = {OMAR, ROLE_EMPLOYEE, OTHER},
};

enum demo_supplier { NO_SUPPLIER, PAPER, COURIER, SUPPLIERS };
static const struct {
	const char *name, *email;
} suppliers[] = {
    [PAPER] = {"Northwind Paper", "sales@northwind.example"},
    [COURIER] = {"Swift Courier", "dispatch@swift-courier.example"},
};

enum purchase { NO_ORDER, DESK, SUPPLIES, ORDERS };
static const struct {
	enum demo_supplier supplier;
	const char *number, *title;
} orders[] = {
    [DESK] = {COURIER, "ORD-1001", "Standing desk, oak, 160 cm"},
    [SUPPLIES] = {PAPER, "ORD-1002", "Office supplies, monthly box"},
};

enum topic {
	LATE_DESK,
	TWICE_CHARGED,
	APP_CRASH,
	SCRATCHED,
	VAT_NUMBER,
	NO_ANSWER,
	EXPORT_FAILS,
	SLOW_SEARCH,
	WRONG_PAPER,
	ADDRESS,
	LAMP,
	RECEIPT,
	TOPICS
};
static const struct {
	enum company company;
	enum priority priority;
	enum category category;
	enum demo_supplier supplier;
	enum purchase order;
	const char *title, *description;
} topics[] = {
    [VAT_NUMBER] = {DEMO, PRIORITY_LOW, CATEGORY_BILLING, NO_SUPPLIER, NO_ORDER,
		    "Invoice lacks our VAT number",
		    "Our accounting rejects the invoice of last month: the "
		    "VAT number DE811234567 is missing. Please send a "
		    "corrected one."},
    [SCRATCHED] = {DEMO, PRIORITY_MEDIUM, CATEGORY_QUALITY, NO_SUPPLIER,
		   NO_ORDER, "Monitor arrived with a scratched screen",
		   "There is a scratch of about 4 cm in the lower left "
		   "corner. The carton was not damaged. Photos on request."},
    [EXPORT_FAILS] = {DEMO, PRIORITY_HIGH, CATEGORY_TECHNICAL, NO_SUPPLIER,
		      NO_ORDER, "Export of orders stops halfway",
		      "Steps:\n\n1. Open *Orders*, choose the whole year\n2. "
		      "Press *Export*\n\nThe file ends after 500 rows, without "
		      "an error. We need all 1,240."},
    [WRONG_PAPER] = {DEMO, PRIORITY_MEDIUM, CATEGORY_QUALITY, PAPER, SUPPLIES,
		     "Wrong paper in the monthly box",
		     "We ordered A4, 90 g. The box holds A5. Everything else "
		     "is as ordered."},
    [NO_ANSWER] = {DEMO, PRIORITY_LOW, CATEGORY_COMMUNICATION, NO_SUPPLIER,
		   NO_ORDER, "No answer to my call-back request",
		   "I asked for a call last Monday and again on Thursday. "
		   "Nobody called."},
    [LAMP] = {OTHER, PRIORITY_MEDIUM, CATEGORY_QUALITY, NO_SUPPLIER, NO_ORDER,
	      "Desk lamp flickers", "It flickers when dimmed below a third."},
    [SLOW_SEARCH] = {DEMO, PRIORITY_MEDIUM, CATEGORY_TECHNICAL, NO_SUPPLIER,
		     NO_ORDER, "Search in the portal takes ten seconds",
		     "Since Tuesday every search takes about ten seconds. "
		     "Before that it was instant. Same in Firefox and Chrome."},
    [TWICE_CHARGED] = {DEMO, PRIORITY_URGENT, CATEGORY_BILLING, NO_SUPPLIER,
		       SUPPLIES, "Charged twice for the monthly box",
		       "My card statement shows 49.90 twice for ORD-1002, on "
		       "the same day. Please refund one of them."},
    [RECEIPT] = {OTHER, PRIORITY_LOW, CATEGORY_GENERAL, NO_SUPPLIER, NO_ORDER,
		 "Can I have a paper receipt?",
		 "Our office still files receipts on paper."},
    [LATE_DESK] = {DEMO, PRIORITY_HIGH, CATEGORY_DELIVERY, COURIER, DESK,
		   "Standing desk is a week late",
		   "ORD-1001 was due last Friday. The tracking page has said "
		   "\"in transit\" for six days. When will it arrive?"},
    [ADDRESS] = {DEMO, PRIORITY_MEDIUM, CATEGORY_GENERAL, NO_SUPPLIER, NO_ORDER,
		 "Change of delivery address",
		 "We move to Harbour Street 12 on the first of next month. "
		 "Please deliver there from then on."},
    [APP_CRASH] = {DEMO, PRIORITY_URGENT, CATEGORY_TECHNICAL, NO_SUPPLIER,
		   NO_ORDER, "App closes when I open an order",
		   "Version 3.2 on Android 14. It closes at once, for every "
		   "order. Reinstalling did not help."},
};

enum deed { RAISES, SAYS, NOTES, ASSIGNS, RESOLVES, CLOSES, REOPENS };

/* The events, oldest first. */
static const struct scene {
	int hours_ago;
	enum role_in_story who;
	enum deed deed;
	enum topic topic;
	const char *text;	    /* the comment, or the resolution */
	enum role_in_story to_whom; /* for ASSIGNS */
} story[] = {
    {620, ALICE_, RAISES, VAT_NUMBER, NULL, CAST},
    {612, SAHEL_, ASSIGNS, VAT_NUMBER, NULL, ERIN_},
    {598, ERIN_, SAYS, VAT_NUMBER,
     "The corrected invoice is on its way to you by e-mail.", CAST},
    {597, ERIN_, RESOLVES, VAT_NUMBER,
     "Corrected invoice sent; the VAT number is in the customer's record now.",
     CAST},
    {540, ALICE_, RAISES, SCRATCHED, NULL, CAST},
    {530, ERIN_, ASSIGNS, SCRATCHED, NULL, ERIN_},
    {529, ERIN_, SAYS, SCRATCHED,
     "I am sorry about that. Could you send us a photo of the corner?", CAST},
    {505, ALICE_, SAYS, SCRATCHED, "Sent to your support address just now.",
     CAST},
    {500, SAHEL_, NOTES, SCRATCHED,
     "Third one from that batch. Replace it and claim it from the maker.",
     CAST},
    {455, SAHEL_, CLOSES, VAT_NUMBER, NULL, CAST},
    {430, ERIN_, RESOLVES, SCRATCHED,
     "Replacement delivered, the scratched one was picked up.", CAST},
    {362, JOHN, RAISES, EXPORT_FAILS, NULL, CAST},
    {350, SAHEL_, ASSIGNS, EXPORT_FAILS, NULL, SAHEL_},
    {344, SAHEL_, SAYS, EXPORT_FAILS,
     "We can reproduce it: the export stops at its time limit. A fix is being "
     "tested.",
     CAST},
    {290, JOHN, RAISES, WRONG_PAPER, NULL, CAST},
    {281, ERIN_, ASSIGNS, WRONG_PAPER, NULL, ERIN_},
    {280, ERIN_, NOTES, WRONG_PAPER,
     "Northwind mixed up the article numbers; they send A4 at their cost.",
     CAST},
    {240, ERIN_, RESOLVES, WRONG_PAPER,
     "The right paper was sent by express; keep the A5.", CAST},
    {238, ALICE_, RAISES, NO_ANSWER, NULL, CAST},
    {215, JOHN, REOPENS, WRONG_PAPER,
     "The express parcel holds A5 again. Please check the article number.",
     CAST},
    {200, SAHEL_, SAYS, NO_ANSWER,
     "That was our mistake. I called you a minute ago; we spoke about your "
     "new contract.",
     CAST},
    {199, SAHEL_, CLOSES, NO_ANSWER, NULL, CAST},
    {180, ALICE_, RAISES, LAMP, NULL, CAST},
    {175, OMAR_, SAYS, LAMP, "Which bulb is in it?", CAST},
    {150, JOHN, RAISES, SLOW_SEARCH, NULL, CAST},
    {141, SAHEL_, ASSIGNS, SLOW_SEARCH, NULL, ERIN_},
    {120, ERIN_, NOTES, SLOW_SEARCH,
     "The index was rebuilt on Tuesday with the wrong settings.", CAST},
    {118, ERIN_, RESOLVES, SLOW_SEARCH,
     "The search index has its old settings again; searches are quick.", CAST},
    {74, JOHN, RAISES, TWICE_CHARGED, NULL, CAST},
    {72, SAHEL_, ASSIGNS, TWICE_CHARGED, NULL, ERIN_},
    {70, ERIN_, SAYS, TWICE_CHARGED,
     "The second charge is a reservation that the bank should drop by itself. "
     "If it is still there tomorrow, we refund it.",
     CAST},
    {49, JOHN, SAYS, TWICE_CHARGED, "It is still there.", CAST},
    {47, JOHN, RAISES, RECEIPT, NULL, CAST},
    {30, ALICE_, RAISES, ADDRESS, NULL, CAST},
    {20, JOHN, RAISES, LATE_DESK, NULL, CAST},
    {3, ALICE_, RAISES, APP_CRASH, NULL, CAST},
};

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
				   s->text, s->deed == NOTES);
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

	for (size_t i = 0; !e && i < sizeof(story) / sizeof(story[0]); i++) {
		d->c->now = now - story[i].hours_ago * USEC_PER_HOUR;
		e = play(d, &story[i]);
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
	e = db_transaction(d.c->db, make_world, &d);
	if (!e)
		e = tell(&d);
	d.c->conf = conf;
	if (!e)
		print_logins(&d, CAST);
	return e;
}
