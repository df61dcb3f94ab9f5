#ifndef DOCKETCTL_DEMO_STORY_H
#define DOCKETCTL_DEMO_STORY_H

#include "desk/issue.h"
#include "desk/organization.h"
#include "desk/profile.h"
#include "desk/user.h"

/* What demo.c adds to the database; the tables are in demo_story.c. */

#define PASSWORD "test123456"

enum company { DEMO, OTHER, COMPANIES };

extern const char *const companies[COMPANIES];
extern const struct organization_change tie;

enum person { TESTUSER, ALICE, SAHEL, ERIN, OMAR, PEOPLE };

extern const struct user_new people[PEOPLE];

/* Who acts in the story; a person may have several roles. */
enum role_in_story { JOHN, JOHN_OWNER, ALICE_, SAHEL_, ERIN_, OMAR_, CAST };

struct role_cast {
	enum person person;
	enum role role;
	enum company company; /* for staff */
};
extern const struct role_cast cast[CAST];

enum demo_supplier { NO_SUPPLIER, PAPER, COURIER, SUPPLIERS };

struct demo_supplier_row {
	const char *name, *email;
};
extern const struct demo_supplier_row suppliers[SUPPLIERS];

enum purchase { NO_ORDER, DESK, SUPPLIES, ORDERS };

struct demo_order {
	enum demo_supplier supplier;
	const char *number, *title;
};
extern const struct demo_order orders[ORDERS];

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

struct demo_issue {
	enum company company;
	enum priority priority;
	enum category category;
	enum demo_supplier supplier;
	enum purchase order;
	const char *title, *description;
};
extern const struct demo_issue topics[TOPICS];

enum deed { RAISES, SAYS, NOTES, ASSIGNS, RESOLVES, CLOSES, REOPENS };

struct scene {
	int hours_ago; /* 0: the end */
	enum role_in_story who;
	enum deed deed;
	enum topic topic;
	const char *text;	    /* the comment, or the resolution */
	enum role_in_story to_whom; /* for ASSIGNS */
};

/* The events, oldest first. */
extern const struct scene story[];

#endif
