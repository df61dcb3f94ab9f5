/* The arguments of a list of issues. query_prepare() takes a filter, has the
 * index to walk chosen, decides whether each row tells the total, and pushes an
 * argument for everything that narrows the list. enum query_part is the order
 * in which they stand in the statement, which issue_query_sql.c writes. Reading
 * the rows, paging and counting are issue_list.c's. */

#include "issue_query.h"

#include <assert.h>

#include "desk/issue_count.h"

_Static_assert((int)STATUS_CLOSED == (int)PRIORITY_URGENT,
	       "a cursor knows how many follow");

void
query_push(struct issue_query *q, unsigned part, struct arg a)
{
	size_t to = q->n++;

	assert(to < sizeof(q->args) / sizeof(q->args[0]));
	for (; to && q->parts[to - 1] > part; to--) {
		q->args[to] = q->args[to - 1];
		q->parts[to] = q->parts[to - 1];
	}
	q->args[to] = a;
	q->parts[to] = part;
}

bool
query_is_narrowed_by(const struct issue_query *q, enum criterion k)
{
	return criterion_is_set(&q->filter.narrow, k);
}

/* All of the person's or organization's issues, or those in the status that is
 * asked for. */
static void
push_status_total(struct issue_query *q, enum query_total all,
		  enum query_total of_status, int64_t id)
{
	const bool narrowed = query_is_narrowed_by(q, BY_STATUS);

	q->variant.total = narrowed ? of_status : all;
	query_push(q, PART_TOTAL, arg_int(id));
	if (narrowed)
		query_push(q, PART_TOTAL,
			   arg_int(q->filter.narrow.values[BY_STATUS]));
}

static void
push_cells_total(struct issue_query *q)
{
	struct arg cells[COUNT_CELL_ARGS];
	const size_t n = count_cell_args(cells, &q->filter);

	q->variant.total = TOTAL_OF_CELLS;
	query_push(q, PART_TOTAL, arg_int(q->who->organization_id));
	for (size_t i = 0; i < n; i++)
		query_push(q, PART_TOTAL, cells[i]);
}

bool
query_may_find_few(const struct issue_query *q)
{
	const uint32_t organization = UINT32_C(1) << BY_ORGANIZATION;

	return issue_list_order(&q->filter) != ORDER_CREATED &&
	       q->who->role != ROLE_CUSTOMER &&
	       (q->filter.narrow.bits & ~organization);
}

/* Has each row tell the total, which saves a statement. Not for a page by
 * number, since how far it may reach has to be known first; nor where it has to
 * be checked whose issues the counters are about, or whether they are few. */
static void
push_total(struct issue_query *q)
{
	const struct issue_filter *f = &q->filter;
	const bool total = count_is_total(f);

	if (f->uncounted || (f->offset && !f->behind.id) ||
	    !count_covers(q->who, f) || query_is_narrowed_by(q, BY_ASSIGNEE) ||
	    query_is_narrowed_by(q, BY_CUSTOMER) || query_may_find_few(q))
		return;
	if (q->who->role == ROLE_CUSTOMER && total)
		push_status_total(q, TOTAL_OF_RAISER, TOTAL_OF_RAISER_STATUS,
				  q->who->user_id);
	else if (q->who->role != ROLE_CUSTOMER && total)
		push_status_total(q, TOTAL_ALL, TOTAL_OF_STATUS,
				  q->who->organization_id);
	else if (q->who->role != ROLE_CUSTOMER)
		push_cells_total(q);
}

static void
push_walk(struct issue_query *q)
{
	if (q->variant.walk == WALK_IDS)
		query_push(q, PART_WALK, arg_text(q->ids));
	query_push(q, PART_WALK,
		   q->variant.walk == WALK_RAISER
		       ? arg_int(q->who->user_id)
		       : arg_int(q->who->organization_id));
}

static struct arg
criterion_arg(enum criterion k, int64_t value)
{
	switch (issue_criteria[k].kind) {
	case CRITERION_TIME:
		return arg_time(value);
	case CRITERION_ASSIGNEE:
		return value == ASSIGNEE_NONE ? arg_text(NULL) : arg_int(value);
	case CRITERION_CHOICE:
	case CRITERION_BOOL:
	case CRITERION_ID:
		break;
	}
	return arg_int(value);
}

static void
push_criterion(struct issue_query *q, enum criterion k)
{
	if (!query_is_narrowed_by(q, k))
		return;
	q->variant.criteria |= UINT32_C(1) << k;
	query_push(q, PART_CRITERIA + k,
		   criterion_arg(k, q->filter.narrow.values[k]));
}

static void
push_words(struct issue_query *q)
{
	q->variant.words = q->n_words;
	for (size_t i = 0; i < q->n_words; i++) {
		const size_t n = q->spelled ? q->spelled[i].n : 0;

		q->variant.spelled[i] = (unsigned char)n;
		for (size_t k = 0; k < n; k++)
			query_push(q, PART_WORDS,
				   arg_text(q->spelled[i].list[k]));
		if (!n)
			query_push(q, PART_WORDS, arg_text(q->words[i].now));
		query_push(q, PART_WORDS, arg_text(q->words[i].before));
	}
}

void
query_prepare(struct issue_query *q)
{
	q->variant.order = issue_list_order(&q->filter);
	q->variant.walk = query_choose_walk(q);
	q->variant.descending = q->filter.descending;
	q->variant.joined = !q->who->organization_name;
	q->variant.public = q->who->role == ROLE_CUSTOMER;
	push_total(q);
	push_walk(q);
	for (int k = 0; k < CRITERIA; k++)
		push_criterion(q, (enum criterion)k);
	push_words(q);
}

void
query_prepare_end(struct issue_query *q, const struct issue_query *list)
{
	const enum criterion walked = query_walk_criterion(list->variant.walk);

	q->variant = (struct query_variant){.walk = list->variant.walk,
					    .shape = SHAPE_END,
					    .order = list->variant.order,
					    .descending = q->filter.descending};
	push_walk(q);
	if (walked < CRITERIA)
		push_criterion(q, walked);
	/* where they are a part of the index that is walked */
	if (list->variant.order == ORDER_CREATED) {
		push_criterion(q, BY_CREATED_AFTER);
		push_criterion(q, BY_CREATED_BEFORE);
	}
}

/* The walk, with the criteria that its index tells. */
static void
push_told(struct issue_query *q)
{
	push_walk(q);
	for (int k = 0; k < CRITERIA; k++)
		if (query_index_tells(q->variant.walk, (enum criterion)k))
			push_criterion(q, (enum criterion)k);
}

void
query_prepare_index(struct issue_query *q)
{
	q->few = true;
	q->variant = (struct query_variant){.walk = query_choose_walk(q),
					    .shape = SHAPE_INDEX};
	push_told(q);
}

void
query_prepare_walk(struct issue_query *q)
{
	q->variant =
	    (struct query_variant){.shape = SHAPE_WALK,
				   .order = issue_list_order(&q->filter),
				   .descending = q->filter.descending};
	q->variant.walk = query_choose_walk(q);
	push_told(q);
}

enum issue_order
issue_list_order(const struct issue_filter *f)
{
	if ((f->order == ORDER_STATUS &&
	     criterion_is_set(&f->narrow, BY_STATUS)) ||
	    (f->order == ORDER_PRIORITY &&
	     criterion_is_set(&f->narrow, BY_PRIORITY)))
		return ORDER_CREATED;
	return f->order;
}

/* The values of a status or priority that come behind one (step 1), or before
 * it (-1), as the list goes: at most three. */
static void
push_values(struct issue_query *q, unsigned part, int64_t value, int64_t step)
{
	if (q->variant.descending)
		step = -step;
	for (int i = 0; i < 3; i++) {
		value += step;
		query_push(q, part,
			   value > 0 && value <= STATUS_CLOSED ? arg_int(value)
							       : arg_id(0));
	}
}

/* A place in the list, and which side of it is meant. */
static void
push_place(struct issue_query *q, unsigned part, const struct issue_cursor *k,
	   int64_t step)
{
	const enum issue_order order = q->variant.order;

	if (order == ORDER_CREATED || order == ORDER_UPDATED) {
		query_push(q, part, arg_time(k->key));
		query_push(q, part, arg_time(k->key));
	} else {
		push_values(q, part, k->key, step);
		query_push(q, part, arg_int(k->key));
		query_push(q, part, arg_time(k->created));
		query_push(q, part, arg_int(k->key));
		query_push(q, part, arg_time(k->created));
	}
	query_push(q, part, arg_int(k->id));
}

void
query_push_places(struct issue_query *q)
{
	q->variant.behind = q->filter.behind.id != 0;
	q->variant.until = q->end.id != 0;
	if (q->variant.behind)
		push_place(q, PART_PLACES, &q->filter.behind, 1);
	if (q->variant.until)
		push_place(q, PART_PLACES, &q->end, -1);
}

void
query_push_passed(struct issue_query *q)
{
	q->variant.behind = q->filter.behind.id != 0;
	if (q->variant.behind)
		push_place(q, PART_PASSED, &q->filter.behind, 1);
}
