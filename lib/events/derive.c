/* Derives what follows from changes: the search index, notifications, the
 * trend, the job for Linear, and whatever else has a row in consumers.c.
 *
 * A request writes the change, its history and one outbox row for the issue in
 * one transaction; what can come a moment later is left to this file. It works
 * on a batch of issues in one transaction: it locks the outbox rows and their
 * issues, reads the new entries of the histories, calls each consumer, and
 * deletes the rows. So the derived data and the position in the history commit
 * together, and a process that is killed at any point leaves both or neither.
 *
 * docket-sync calls this when it is woken, and every half second, since wake
 * messages can be lost. Where there is no daemon, plain CGI calls it after its
 * answer. Any number of processes may call it at once.
 *
 * If a consumer fails for an issue, the batch is rolled back, and its issues
 * are processed one by one, that issue without the consumer. A row of
 * outbox_failure then holds the consumer's own position, from which
 * events_retry() tries again. While the row exists, the consumer gets no newer
 * events of the issue, so that it gets them in order.
 *
 * An issue with very many new entries, from an import or after a long outage,
 * is processed by itself as well, and in parts: each is a transaction of its
 * own, so that other issues go on in between. */

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "db/db.h"
#include "desk/outbox.h"
#include "events/events.h"
#include "failure.h"
#include "history.h"

#define CONSUMERS_MAX 32
#define RETRY_BATCH   20

#define NO_CONSUMER (-1)

/* A batch that is being processed. */
struct batch {
	struct ctx *c;
	const struct consumer *list;
	const int64_t *ids;
	size_t n;
	bool single; /* one issue, for which consumers may be left out */
	const char *left_out[CONSUMERS_MAX]; /* the reasons */

	struct outbox_row rows[OUTBOX_BATCH];
	struct news news[OUTBOX_BATCH];
	size_t count;
	int64_t apart[OUTBOX_BATCH]; /* issues with consumers that failed
				      * before, or with many events */
	size_t n_apart;
	bool in_part; /* there are more events */
	int failed;   /* the consumer that failed, or NO_CONSUMER */
};

/* Whether "search,trend" has the name. */
static bool
names_consumer(const char *names, const char *name)
{
	const size_t n = strlen(name);

	for (const char *s = names; s; s = strchr(s, ',')) {
		s += *s == ',';
		if (strncmp(s, name, n) == 0 && (s[n] == ',' || !s[n]))
			return true;
	}
	return false;
}

static enum err
lock_news(struct batch *b)
{
	size_t n;
	enum err e = outbox_lock(b->rows, &n, b->c, b->ids, b->n);

	b->count = b->n_apart = 0;
	b->in_part = false;
	b->failed = NO_CONSUMER;
	for (size_t i = 0; !e && i < n; i++) {
		if (!b->single && (b->rows[i].failed || b->rows[i].part_to)) {
			b->apart[b->n_apart++] = b->rows[i].issue.id;
			continue;
		}
		b->rows[b->count] = b->rows[i];
		b->news[b->count++] =
		    (struct news){.issue = b->rows[i].issue,
				  .is_deleted = b->rows[i].is_deleted};
	}
	return e;
}

static enum err
run_consumer(struct batch *b, int k)
{
	enum err e = b->list[k].take(b->c, b->news, b->count);

	if (e && e != ERR_AGAIN)
		b->failed = k;
	return e;
}

/* Runs consumer k for a single issue, and leaves it out if it fails. */
static enum err
run_or_leave_out(struct batch *b, int k)
{
	const struct outbox_row *row = &b->rows[0];
	const char *name = b->list[k].name;

	if (row->failed && names_consumer(row->failed, name))
		return OK;
	return b->left_out[k] ? failure_add(b->c, &row->issue, name,
					    row->seen_id, b->left_out[k])
			      : run_consumer(b, k);
}

/* Only a single issue is read in parts. */
static enum err
read_news(struct batch *b)
{
	const struct outbox_row *row = &b->rows[0];

	b->in_part = row->part_to != 0;
	return b->in_part ? news_read_between(b->c, b->news, row->seen_id,
					      row->part_to)
			  : news_read_all(b->c, b->news, b->count);
}

static enum err
note_derived(struct batch *b)
{
	const struct outbox_row *row = &b->rows[0];
	int64_t ids[OUTBOX_BATCH];

	if (b->in_part)
		return outbox_advance(b->c, row->issue.id, row->part_to);
	for (size_t i = 0; i < b->count; i++)
		ids[i] = b->rows[i].issue.id;
	return outbox_remove(b->c, ids, b->count);
}

static enum err
derive_within(void *arg)
{
	struct batch *b = arg;
	enum err e = lock_news(b);

	if (e || !b->count)
		return e;
	e = read_news(b);
	for (int k = 0; !e && b->list[k].name; k++)
		e = b->single ? run_or_leave_out(b, k) : run_consumer(b, k);
	if (!e && b->rows[0].failed)
		e = failure_expedite(b->c, b->rows[0].issue.id);
	return e ? e : note_derived(b);
}

/* Why the last statement or consumer failed. */
static const char *
reason_of(struct ctx *c, enum err e)
{
	const char *text = db_error(c->db);
	/* the server may cut a value that it quotes within a character */
	const bool told = *text && utf8_valid(text, strlen(text));

	return arena_strdup(c->arena, told	    ? text
				      : e == ERR_DB ? "The database failed."
						    : "The consumer failed.");
}

/* One issue, without the consumers that fail for it. If the database is away
 * all of them fail, and so does recording it: then nothing has happened. */
static enum err
derive_single(bool *in_part, struct ctx *c, const struct consumer *list,
	      int64_t id)
{
	struct batch b = {
	    .c = c, .list = list, .ids = &id, .n = 1, .single = true};
	enum err e;

	do {
		b.failed = NO_CONSUMER;
		e = db_transaction(c->db, derive_within, &b);
		if (e && b.failed != NO_CONSUMER)
			b.left_out[b.failed] = reason_of(c, e);
	} while (e && e != ERR_AGAIN && b.failed != NO_CONSUMER);
	*in_part = *in_part || (!e && b.in_part);
	return e;
}

/* *in_part: some issue has more events; *all: none was left out. */
static enum err
derive_ids(bool *all, bool *in_part, struct ctx *c, const struct consumer *list,
	   const int64_t *ids, size_t n)
{
	struct batch b = {
	    .c = c, .list = list, .ids = ids, .n = n, .failed = NO_CONSUMER};
	enum err e = n ? db_transaction(c->db, derive_within, &b) : OK;
	const bool one_by_one = e && b.failed != NO_CONSUMER;

	if (one_by_one)
		e = OK;
	*all = b.count + b.n_apart == n;
	*in_part = false;
	for (size_t i = 0; !e && i < (one_by_one ? n : b.n_apart); i++)
		e = derive_single(in_part, c, list,
				  one_by_one ? ids[i] : b.apart[i]);
	return e;
}

enum err
events_derive(bool *all, struct ctx *c, const struct consumer *list,
	      const int64_t *ids, size_t n)
{
	bool in_part;
	enum err e = derive_ids(all, &in_part, c, list, ids, n);

	*all = *all && !in_part;
	return e;
}

enum err
events_derive_some(bool *more, int64_t *turn, struct ctx *c,
		   const struct consumer *list, const char *owner)
{
	int64_t ids[OUTBOX_BATCH];
	size_t n;
	bool all, in_part = false;
	enum err e = outbox_lease(ids, &n, more, c, owner, turn);

	if (!e)
		e = derive_ids(&all, &in_part, c, list, ids, n);
	*more = !e && (in_part || *more);
	return e;
}

/* --- again ---------------------------------------------------------------- */

/* A consumer that tries again. */
struct retrying {
	struct ctx *c;
	const struct consumer *consumer;
	struct failure *failure;
	bool failed;
};

static enum err
retry_within(void *arg)
{
	struct retrying *r = arg;
	struct news news;
	enum err e = failure_lock(&news, r->c, r->failure);

	r->failed = false;
	if (e)
		return e;
	e = r->consumer->take(r->c, &news, 1);
	r->failed = e && e != ERR_AGAIN;
	return e ? e : failure_taken(r->c, r->failure);
}

static const struct consumer *
find_consumer(const struct consumer *list, const char *name)
{
	while (list->name && strcmp(list->name, name) != 0)
		list++;
	return list->name ? list : NULL;
}

static enum err
retry_one(struct ctx *c, const struct consumer *list, struct failure *f)
{
	struct retrying r = {
	    .c = c, .consumer = find_consumer(list, f->consumer), .failure = f};
	enum err e;

	if (!r.consumer)
		return failure_again(c, f, "There is no such consumer.");
	e = db_transaction(c->db, retry_within, &r);
	if (e && r.failed)
		return failure_again(c, f, reason_of(c, e));
	return e == ERR_NOTFOUND ? OK : e;
}

enum err
events_retry(bool *more, struct ctx *c, const struct consumer *list)
{
	struct failure *f;
	size_t n;
	enum err e = failure_due(&f, &n, c, RETRY_BATCH);

	*more = !e && n == RETRY_BATCH;
	for (size_t i = 0; !e && i < n; i++)
		e = retry_one(c, list, &f[i]);
	return e;
}
