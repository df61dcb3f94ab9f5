/* The demo data: two companies, five people, and a dozen issues that were
 * raised and handled over the last weeks. demo.c applies it. */
#include "demo_story.h"

const char *const companies[COMPANIES] = {"Demo Company", "Other Company"};

/* The simulator's first team. */
const struct organization_change tie = {
    .set_team = true,
    .linear_team_id = "b95250db-8430-4dbc-88f8-9fc109369df0",
    .linear_team_name = "Too Good CRM"};

const struct user_new people[PEOPLE] = {
    {"testuser", "john@example.com", "John", "Doe", PASSWORD, true},
    {"alice", "alice@example.com", "Alice", "Meyer", PASSWORD, true},
    {"sahel", "sahel@example.com", "Sahel", "Rahimi", PASSWORD, true},
    {"erin", "erin@example.com", "Erin", "Walsh", PASSWORD, true},
    {"omar", "omar@example.com", "Omar", "Haddad", PASSWORD, true},
};

const struct role_cast cast[CAST] = {
    [JOHN] = {TESTUSER, ROLE_CUSTOMER, DEMO},
    [JOHN_OWNER] = {TESTUSER, ROLE_VENDOR, OTHER},
    [ALICE_] = {ALICE, ROLE_CUSTOMER, DEMO},
    [SAHEL_] = {SAHEL, ROLE_VENDOR, DEMO},
    [ERIN_] = {ERIN, ROLE_EMPLOYEE, DEMO},
    [OMAR_] = {OMAR, ROLE_EMPLOYEE, OTHER},
};

const struct demo_supplier_row suppliers[SUPPLIERS] = {
    [PAPER] = {"Northwind Paper", "sales@northwind.example"},
    [COURIER] = {"Swift Courier", "dispatch@swift-courier.example"},
};

const struct demo_order orders[ORDERS] = {
    [DESK] = {COURIER, "ORD-1001", "Standing desk, oak, 160 cm"},
    [SUPPLIES] = {PAPER, "ORD-1002", "Office supplies, monthly box"},
};

const struct demo_issue topics[TOPICS] = {
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

/* The events, oldest first. */
const struct scene story[] = {
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
    {0, CAST, RAISES, TOPICS, NULL, CAST},
};
