#ifndef LINEAR_CLIENT_H
#define LINEAR_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

struct arena;
struct conf;
struct json;

/* Linear's API. One function per operation makes a request; linear_send or
 * linear_call sends it; the answer comes back classified. There is no
 * database access and no retry policy here. */

/* What an answer means, whatever HTTP's status was. */
enum linear_outcome {
	LINEAR_OK = 1,
	LINEAR_DUPLICATE, /* the id that we chose exists: an earlier try worked
			   */
	LINEAR_NOT_FOUND, /* `entity` says what is missing */
	LINEAR_ARCHIVED,  /* must be unarchived before it can be edited */
	LINEAR_STALE,	  /* the state is deleted, or of another team */
	LINEAR_INVALID,	  /* must not be sent again unchanged */
	LINEAR_AUTH,	  /* the key is refused */
	LINEAR_LIMITED,	  /* too many requests */
	LINEAR_RETRY /* no answer, or a failure of Linear's; maybe applied */
};

extern const char *const linear_outcome_words[];

/* The remaining request budget of the key, from the last answer; -1:
 * unknown. */
struct linear_budget {
	int64_t limit, remaining; /* of requests */
	int64_t points_limit, points_remaining;
	int64_t retry_after_s;
};

struct linear_answer {
	enum linear_outcome outcome;
	const char *code;   /* of a refusal: Linear's code, or ours */
	const char *text;   /* its message, for a person */
	const char *field;  /* the document's field that was refused; NULL: the
			       whole document, or unknown */
	const char *entity; /* of NOT_FOUND and DUPLICATE: "Issue", ... */
	const char *id;	    /* of DUPLICATE: which */
	const struct json *data; /* of OK */
	bool unsent;		 /* certainly not applied */
	bool resent;   /* sent twice: the outcome of the first is unknown */
	bool answered; /* by the API itself, not by a proxy */
	bool is_issue_specific; /* of RETRY, set by breaker_classify */
	struct linear_budget budget;
};

/* A request that is ready to be sent. */
struct linear_request {
	const char *operation; /* its name, for logs */
	const char *body;      /* NULL: it is the PUT of a file */
	const struct linear_upload *upload;
	const char *path; /* of that file */
	int64_t size;
};

/* --- requests ------------------------------------------------------------ */

struct linear_link {
	const char *issue_id, *url, *title, *subtitle;
	const char *organization, *category, *number; /* its metadata */
	const char *customer; /* the user's id; NULL: none */
};

struct linear_comment_new {
	const char *id, *issue_id;
	const char *parent_id; /* NULL: starts a thread */
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
	unsigned set; /* the members that count */
	const char *title, *description, *state_id;
	const char *assignee_id; /* NULL: nobody */
	int priority;
};

/* The thread t is NULL if none is opened. */
struct linear_request linear_issue_create(struct arena *a,
					  const struct linear_issue_new *n,
					  const struct linear_link *l,
					  const struct linear_comment_new *t);
/* `has_link`: also sends the link back, whose answer shows the issue as it
 * was before the update. */
struct linear_request linear_issue_update(struct arena *a,
					  const struct linear_issue_change *n,
					  const struct linear_link *l,
					  bool has_link);
struct linear_request linear_issue_link(struct arena *a,
					const struct linear_link *link);
struct linear_request linear_issue_unarchive(struct arena *a, const char *id);
/* With its comments, newest first, from the cursor `after` (NULL: the first
 * page) on. */
struct linear_request linear_issue_get(struct arena *a, const char *id,
				       const char *after);
struct linear_request linear_issue_list(struct arena *a, const char *team_id,
					int64_t first, const char *after);
struct linear_request linear_issue_changed(struct arena *a,
					   const char *const *team_ids,
					   size_t n, usec_t since,
					   const char *after);
/* With the links of each, and its comment that begins with `thread`. */
struct linear_request linear_issue_linked(struct arena *a, const char *team_id,
					  const char *thread, usec_t since,
					  const char *after);
struct linear_request linear_issue_present(struct arena *a,
					   const char *const *ids, size_t n);
/* The thread t is NULL if it is open already. */
struct linear_request linear_comment_create(struct arena *a,
					    const struct linear_comment_new *t,
					    const struct linear_comment_new *n);
struct linear_request linear_comment_update(struct arena *a, const char *id,
					    const char *body);
struct linear_request linear_comment_delete(struct arena *a, const char *id);
/* Asks where a file can be sent; linear_read_upload reads the answer. */
struct linear_request linear_file_ask(struct arena *a, const char *filename,
				      const char *content_type, int64_t size);
/* Sends the file there. `u` must last until the answer comes, which has no
 * data. It is not of the API: LINEAR_INVALID is the storage's refusal, and the
 * answer says nothing about the key or its budget. */
struct linear_request linear_file_put(const struct linear_upload *u,
				      const char *path, int64_t size);
struct linear_request linear_team_get(struct arena *a, const char *id);
struct linear_request linear_team_list(struct arena *a, const char *after);
struct linear_request linear_user_find(struct arena *a, const char *email);

/* --- answers ------------------------------------------------------------- */

struct linear_comment {
	const char *id, *body, *parent_id, *issue_id;
	const char *author; /* NULL: unknown */
	usec_t created_at, updated_at;
};

struct linear_issue {
	const char *id, *identifier, *url, *title, *description;
	const char *state_id, *state_type, *state_name;
	const char *team_id;
	const char *assignee_id, *assignee_email, *assignee_name; /* or NULL */
	int priority;
	usec_t created_at, updated_at;
	usec_t completed_at; /* of linear_issue_list and webhooks; 0: not
				completed, or not in the payload */
	bool archived, trashed;
	struct linear_comment
	    *comments; /* of linear_issue_get and linear_issue_list */
	size_t comment_count;
	bool has_comments;	   /* `comments` is the complete list */
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

/* Where a file is to be sent: an answer to linear_file_ask. */
struct linear_upload {
	const char *asset_url;	    /* where it will be */
	const char *upload_url;	    /* where to PUT it, for a minute */
	const char *const *headers; /* of the PUT: whole lines, ended by NULL */
};

/* The longest id that is kept: a UUID. */
#define LINEAR_ID_MAX 36

/* The value as an id; NULL: it is not one, or the database could not hold
 * it. */
const char *linear_read_id(const struct json *j);

/* A name, cleaned like the names of people here; NULL: nothing visible is
 * left. */
const char *linear_read_name(struct arena *a, const struct json *j);

/* Reads an issue of an answer or a webhook. False: a required member is
 * missing. */
bool linear_read_issue(struct linear_issue *out, struct arena *a,
		       const struct json *j);
bool linear_read_comment(struct linear_comment *out, struct arena *a,
			 const struct json *j);
/* The link of an issue whose URL begins with `prefix`: only its URL and
 * metadata. False: it has none. */
bool linear_read_link(struct linear_link *out, const struct json *issue,
		      const char *prefix);
bool linear_read_team(struct linear_team *out, struct arena *a,
		      const struct linear_answer *answer);
/* False: the file cannot be sent there, since there is no such place, it is not
 * below `files_url`, or the URL is not as safe as that one (https). */
bool linear_read_upload(struct linear_upload *out, struct arena *a,
			const struct linear_answer *answer,
			const char *content_type, const char *files_url);
/* NULL: nobody has that address. */
const char *linear_read_user(const struct linear_answer *answer);
/* The page of issues that follows the cursor `after` (NULL: the first).
 * False: the answer has none, or its cursor leads back to itself. After an
 * empty page there is no next one. */
bool linear_read_page(struct linear_page *out,
		      const struct linear_answer *answer, const char *after);

/* The same for another list of the answer, such as "teams". */
bool linear_read_list(struct linear_page *out, const char *name,
		      const struct linear_answer *answer, const char *after);

/* --- sending ------------------------------------------------------------ */

/* A connection to the API. conf->linear_api_key must be set to send. */
struct linear;
struct transfers;

#define LINEAR_PARALLEL 50

struct linear *linear_new(const struct conf *conf);
void linear_free(struct linear *l);

/* Carries its requests, and may carry other transfers, too. */
struct transfers *linear_transfers(struct linear *l);

/* Sends; the answer is allocated in the arena and comes back with `tag`. */
void linear_send(struct linear *l, struct arena *a,
		 const struct linear_request *r, void *tag);

size_t linear_pending(const struct linear *l);

/* Waits until there may be an answer, a descriptor is readable, or the time
 * is over. */
void linear_wait(struct linear *l, const int *fds, size_t n, int ms);

/* The next answer. False: there is none yet. */
bool linear_take(struct linear_answer *out, void **tag, struct linear *l);

/* Sends one request and waits for its answer; only while nothing is pending. */
void linear_call(struct linear_answer *out, struct linear *l, struct arena *a,
		 const struct linear_request *r);

/* --- fetching files ------------------------------------------------------ */

/* One step of fetching a file in Linear: its URL with the key, or the target of
 * a redirect, which never gets the key. */
struct linear_fetch {
	const char *url;
	bool is_redirect;
	/* takes the bytes; false: they cannot be stored, which ends the step */
	bool (*take)(void *arg, const void *p, size_t n);
	void *arg;
	int64_t max; /* bytes */
};

enum linear_fetched_how {
	LINEAR_FETCHED,
	LINEAR_REDIRECTED, /* `next` is the URL of the next step */
	LINEAR_UNFETCHED,  /* it may work later */
	LINEAR_UNFIT	   /* it is too large, and will stay so */
};

struct linear_fetched {
	enum linear_fetched_how how;
	const char *next;
	const char *text; /* why it failed, for a person */
};

void linear_fetch_begin(struct linear *l, struct arena *a,
			const struct linear_fetch *f, void *tag);

/* The outcome of a step. False: none has ended. */
bool linear_fetch_take(struct linear_fetched *out, void **tag,
		       struct linear *l);

/* Classifies an HTTP answer; linear_take does it by itself. */
void linear_classify(struct linear_answer *out, struct arena *a,
		     long http_status, const char *body, size_t n);

#endif
