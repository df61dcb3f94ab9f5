#ifndef LINEAR_CLIENT_H
#define LINEAR_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

struct arena;
struct conf;
struct json;

/* Linear's API: one function per operation makes a request, linear_send or
 * linear_call sends it, and what comes back is one answer, already understood.
 * No database here, and no policy: when to try again is for others to say. */

/* What an answer means, whatever HTTP's status was. */
enum linear_outcome {
	LINEAR_OK = 1,
	LINEAR_DUPLICATE, /* an id that we chose is there already: it worked
			   * before */
	LINEAR_NOT_FOUND, /* `entity` names what */
	LINEAR_ARCHIVED,  /* cannot be edited before it is unarchived */
	LINEAR_STALE,	  /* a state of another team, or of none */
	LINEAR_INVALID,	  /* no use in sending it again as it is */
	LINEAR_AUTH,	  /* the key is refused */
	LINEAR_LIMITED,	  /* too many requests */
	LINEAR_RETRY	  /* no answer, or a fault of Linear's: maybe done */
};

extern const char *const linear_outcome_words[];

/* What the key may still ask, as the last answer said; -1 while unknown. */
struct linear_budget {
	int64_t limit, remaining; /* of requests */
	int64_t points_limit, points_remaining;
	int64_t retry_after_s;
};

struct linear_answer {
	enum linear_outcome outcome;
	const char *code;   /* of a refusal: Linear's machine word, or ours */
	const char *text;   /* and what it says, for a person */
	const char *field;  /* the one of the document that was refused; NULL:
			     * all of it, or unknown */
	const char *entity; /* of NOT_FOUND and DUPLICATE: "Issue", ... */
	const char *id;	    /* of DUPLICATE: which */
	const struct json *data; /* of OK */
	bool unsent;		 /* it certainly did nothing */
	bool resent;   /* sent twice: what became of the first is unknown */
	bool answered; /* by the API itself: not by what stands before it */
	bool is_issue_specific; /* of RETRY: of this one request
				   (breaker_classify) */
	struct linear_budget budget;
};

/* A request that is ready to be sent. */
struct linear_request {
	const char *operation; /* its name, for logs */
	const char *body;
};

/* --- what is asked ------------------------------------------------------ */

struct linear_link {
	const char *issue_id, *url, *title, *subtitle;
	const char *organization, *category, *number; /* its metadata */
};

struct linear_comment_new {
	const char *id, *issue_id;
	const char *parent_id; /* NULL: begins a thread */
	const char *body;
};

struct linear_issue_new {
	const char *id, *team_id, *title, *description;
	const char *state_id, *assignee_id; /* or NULL */
	int priority;			    /* Linear's: 1 urgent .. 4 low */
};

enum {
	LINEAR_TITLE = 1,
	LINEAR_DESCRIPTION = 2,
	LINEAR_STATE = 4,
	LINEAR_PRIORITY = 8,
	LINEAR_ASSIGNEE = 16
};

struct linear_issue_change {
	unsigned set; /* which of these count */
	const char *title, *description, *state_id;
	const char *assignee_id; /* NULL: nobody */
	int priority;
};

/* The thread is NULL where there is to be none. */
struct linear_request
linear_issue_create(struct arena *a, const struct linear_issue_new *issue,
		    const struct linear_link *link,
		    const struct linear_comment_new *thread);
/* `has_link`: the link back is made, too, and tells how the issue stood. */
struct linear_request
linear_issue_update(struct arena *a, const struct linear_issue_change *change,
		    const struct linear_link *link, bool has_link);
struct linear_request linear_issue_link(struct arena *a,
					const struct linear_link *link);
struct linear_request linear_issue_unarchive(struct arena *a, const char *id);
/* With its comments, the newest first, from the cursor `after` (NULL: the
 * first page) on. */
struct linear_request linear_issue_get(struct arena *a, const char *id,
				       const char *after);
struct linear_request linear_issue_list(struct arena *a, const char *team_id,
					int64_t first, const char *after);
struct linear_request linear_issue_changed(struct arena *a,
					   const char *const *team_ids,
					   size_t n, usec_t since,
					   const char *after);
struct linear_request linear_issue_present(struct arena *a,
					   const char *const *ids, size_t n);
/* The thread is NULL where it is open already. */
struct linear_request
linear_comment_create(struct arena *a, const struct linear_comment_new *thread,
		      const struct linear_comment_new *comment);
struct linear_request linear_comment_update(struct arena *a, const char *id,
					    const char *body);
struct linear_request linear_comment_delete(struct arena *a, const char *id);
struct linear_request linear_team_get(struct arena *a, const char *id);
struct linear_request linear_team_list(struct arena *a, const char *after);
struct linear_request linear_user_find(struct arena *a, const char *email);

/* --- what is told ------------------------------------------------------- */

struct linear_comment {
	const char *id, *body, *parent_id, *issue_id;
	const char *author; /* NULL: nobody that we can name */
	usec_t created_at, updated_at;
};

struct linear_issue {
	const char *id, *identifier, *url, *title, *description;
	const char *state_id, *state_type, *state_name;
	const char *team_id;
	const char *assignee_id, *assignee_email, *assignee_name; /* or NULL */
	int priority;
	usec_t created_at, updated_at;
	usec_t completed_at; /* of linear_issue_list and webhooks; 0: it is not,
			      * or that was not told */
	bool archived, trashed;
	struct linear_comment *comments; /* only of linear_issue_get */
	size_t comment_count;
	bool has_comments;	   /* those above are all there are */
	const char *comments_next; /* cursor; NULL: no more */
};

struct linear_state {
	const char *id, *type, *name;
	double position;
};

struct linear_team {
	const char *id, *name;
	struct linear_state *states;
	size_t n;
};

struct linear_page {
	const struct json *nodes;
	const char *next; /* cursor; NULL: no more */
};

/* The longest id that is kept: a UUID. */
#define LINEAR_ID_MAX 36

/* The id that a value is; NULL: it is none that the database could hold, or be
 * asked for. */
const char *linear_read_id(const struct json *j);

/* A name, cleaned as what people write here; NULL where nobody could read it.
 */
const char *linear_read_name(struct arena *a, const struct json *j);

/* Reads an issue of an answer or of a webhook. False: it is none. */
bool linear_read_issue(struct linear_issue *out, struct arena *a,
		       const struct json *j);
bool linear_read_comment(struct linear_comment *out, struct arena *a,
			 const struct json *j);
bool linear_read_team(struct linear_team *out, struct arena *a,
		      const struct linear_answer *answer);
/* NULL: nobody has that address. */
const char *linear_read_user(const struct linear_answer *answer);
/* The page of issues that follows the cursor `after` (NULL: the first). False:
 * it is none, or leads to itself. Behind an empty one there are no more. */
bool linear_read_page(struct linear_page *out,
		      const struct linear_answer *answer, const char *after);

/* The same of the list of that name in the answer: "teams". */
bool linear_read_list(struct linear_page *out, const char *name,
		      const struct linear_answer *answer, const char *after);

/* --- sending ------------------------------------------------------------ */

/* A connection to the API; nothing can be sent unless conf->linear_api_key is
 * set. */
struct linear;
struct transfers;

#define LINEAR_PARALLEL 50

struct linear *linear_new(const struct conf *conf);
void linear_free(struct linear *l);

/* What carries its requests, and may carry others beside them. */
struct transfers *linear_transfers(struct linear *l);

/* Begins; `tag` comes back with the answer, which will be in the arena. */
void linear_send(struct linear *l, struct arena *a,
		 const struct linear_request *r, void *tag);
size_t linear_pending(const struct linear *l);

/* Waits until an answer may be there, a descriptor can be read, or the time
 * is over. */
void linear_wait(struct linear *l, const int *fds, size_t n, int ms);

/* The next answer. False: none is there yet. */
bool linear_take(struct linear_answer *out, void **tag, struct linear *l);

/* Sends one and waits for its answer; only while nothing is pending. */
void linear_call(struct linear_answer *out, struct linear *l, struct arena *a,
		 const struct linear_request *r);

/* Understands an HTTP answer; linear_take does it by itself. */
void linear_classify(struct linear_answer *out, struct arena *a,
		     long http_status, const char *body, size_t n);

#endif
