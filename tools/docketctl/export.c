/* Exports an organization as one JSON document, for its owner. Everything is
 * read as an owner would read it, in batches, and written after each batch, so
 * that the memory does not grow with the organization. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/enum_name.h"
#include "base/json_writer.h"
#include "db/db.h"
#include "desk/activity.h"
#include "desk/comment.h"
#include "desk/issue.h"
#include "desk/order.h"
#include "desk/security_log.h"
#include "desk/staff.h"
#include "desk/supplier.h"
#include "docketctl.h"

#define BATCH	  100
#define PIECE_MAX (64UL * 1024 * 1024)

struct export
{
	struct ctx c; /* with the arena of one batch */
	struct actor who;
	struct buf out;
	struct jsonout json;
};

/* After each batch: writes the output, and frees what was read. */
static void
next_batch(struct export *x)
{
	fwrite(x->out.data, 1, x->out.len, stdout);
	buf_clear(&x->out);
	arena_reset(x->c.arena);
}

static void
write_organization(struct export *x, const struct organization *o)
{
	struct jsonout *j = &x->json;

	json_object(j, "organization");
	json_id(j, "id", o->id);
	json_string(j, "name", o->name);
	json_string(j, "slug", o->slug);
	json_bool(j, "is_active", o->is_active);
	json_bool(j, "is_listed", o->is_listed);
	json_bool(j, "staff_may_raise", o->staff_may_raise);
	json_string(j, "time_zone", o->time_zone);
	json_string(j, "mail_in",
		    enum_name_text(mail_in_words, (int)o->mail_in));
	json_string(j, "linear_team_id", o->linear_team_id);
	json_string(j, "linear_team_name", o->linear_team_name);
	json_string(j, "created_at", o->created_at);
	json_string(j, "updated_at", o->updated_at);
	json_end(j);
}

/* Writes a page of a list; *n: how many it has. */
typedef enum err write_page(size_t *n, struct export *x,
			    const struct list_page *page);

static enum err
export_pages(struct export *x, const char *key, write_page *write)
{
	struct list_page page = {.limit = BATCH};
	size_t n = 0;
	enum err e;

	json_array(&x->json, key);
	do {
		e = write(&n, x, &page);
		next_batch(x);
		page.offset += BATCH;
	} while (!e && n == BATCH);
	json_end(&x->json);
	return e;
}

static enum err
write_staff(size_t *n, struct export *x, const struct list_page *page)
{
	struct jsonout *j = &x->json;
	struct employee *p;
	int64_t total;
	enum err e = employee_list(&p, n, &total, &x->c, &x->who, true, page);

	for (size_t i = 0; !e && i < *n; i++) {
		json_object(j, NULL);
		json_id(j, "id", p[i].id);
		json_id(j, "user", p[i].user_id);
		json_string(j, "profile_type",
			    enum_name_text(role_names, (int)p[i].role));
		json_string(j, "full_name", p[i].full_name);
		json_string(j, "email", p[i].email);
		json_bool(j, "is_active", p[i].is_active);
		json_string(j, "created_at", p[i].created_at);
		json_end(j);
	}
	return e;
}

static enum err
write_vendors(size_t *n, struct export *x, const struct list_page *page)
{
	struct jsonout *j = &x->json;
	struct supplier *v;
	int64_t total;
	enum err e = supplier_list(&v, n, &total, &x->c, &x->who, 0, page);

	for (size_t i = 0; !e && i < *n; i++) {
		json_object(j, NULL);
		json_id(j, "id", v[i].id);
		json_string(j, "name", v[i].name);
		json_string(j, "email", v[i].email);
		json_string(j, "created_at", v[i].created_at);
		json_end(j);
	}
	return e;
}

static enum err
write_orders(size_t *n, struct export *x, const struct list_page *page)
{
	struct jsonout *j = &x->json;
	struct order *o;
	int64_t total;
	enum err e = order_list(&o, n, &total, &x->c, &x->who, 0, page);

	for (size_t i = 0; !e && i < *n; i++) {
		json_object(j, NULL);
		json_id(j, "id", o[i].id);
		json_string(j, "order_number", o[i].number);
		json_string(j, "title", o[i].title);
		json_id(j, "user", o[i].user_id);
		json_string(j, "user_name", o[i].user_name);
		json_id(j, "vendor", o[i].supplier_id);
		json_string(j, "created_at", o[i].created_at);
		json_end(j);
	}
	return e;
}

static void
write_comment(struct jsonout *j, const struct comment *m)
{
	json_object(j, NULL);
	json_id(j, "id", m->id);
	json_id(j, "author", m->author_id);
	json_string(j, "author_name", m->author_name);
	json_string(j, "author_kind",
		    enum_name_text(author_words, (int)m->author_kind));
	json_string(j, "content", m->content);
	json_bool(j, "is_internal", m->is_internal);
	json_string(j, "source", comment_source(m));
	json_string(j, "created_at", m->created_at);
	json_end(j);
}

/* The newest issues first. */
static enum err
write_comments(struct export *x, int64_t issue_id)
{
	struct comment *m;
	int64_t before = 0;
	size_t n = 0;
	enum err e;

	json_array(&x->json, "comments");
	do {
		e = comment_list(&m, &n, &x->c, &x->who, issue_id, before);
		if (e)
			break;
		for (size_t i = n; i > 0; i--)
			write_comment(&x->json, &m[i - 1]);
		before = n ? m[0].id : 0;
	} while (n == COMMENTS_SHOWN);
	json_end(&x->json);
	return e;
}

static enum err
write_activity(struct export *x, int64_t issue_id)
{
	struct jsonout *j = &x->json;
	struct activity *a;
	struct activity_range range = {.before = INT64_MAX, .limit = BATCH};
	bool more;
	size_t n;
	enum err e;

	json_array(j, "activity");
	do {
		e = activity_list(&a, &n, &more, &x->c, &x->who, issue_id,
				  &range);
		for (size_t i = 0; !e && i < n; i++) {
			json_object(j, NULL);
			json_id(j, "actor", a[i].actor_id);
			json_string(j, "actor_name", a[i].actor_name);
			json_string(j, "field", a[i].field);
			json_string(j, "from", a[i].old_value);
			json_string(j, "to", a[i].new_value);
			json_bool(j, "is_public", a[i].is_public);
			json_string(j, "created_at", a[i].created_at);
			json_end(j);
			range.after = a[i].id;
		}
	} while (!e && more);
	json_end(j);
	return e;
}

/* A field, and what its id is called, as the API has it: "assigned_to" and
 * "assigned_to_name", "order" and "order_number". */
static void
write_field(struct export *x, const struct issue *i, enum issue_field_id id)
{
	const struct issue_field *f = &issue_fields[id];
	struct issue_naming naming;
	char key[64];

	issue_value_json(&x->json, id, issue_value(i, id));
	if (!f->called)
		return;
	naming = issue_naming(i, id);
	if (f->called_email || strcmp(f->called, f->name) == 0)
		snprintf(key, sizeof(key), "%s_name", f->name);
	else
		snprintf(key, sizeof(key), "%s", f->called);
	json_string(&x->json, key, naming.name);
	if (!f->called_email)
		return;
	snprintf(key, sizeof(key), "%s_email", f->name);
	json_string(&x->json, key, naming.email);
}

static enum err
write_issue(struct export *x, const struct issue *i)
{
	enum err e;

	json_object(&x->json, NULL);
	json_id(&x->json, "id", i->id);
	for (int id = 0; id < ISSUE_FIELD_MAX; id++)
		write_field(x, i, (enum issue_field_id)id);
	e = write_comments(x, i->id);
	if (!e)
		e = write_activity(x, i->id);
	json_end(&x->json);
	return e;
}

static enum err
export_issues(struct export *x)
{
	struct issue_filter filter = {.order = ORDER_CREATED, .limit = BATCH};
	struct issue_page page;
	enum err e;

	json_array(&x->json, "issues");
	do {
		e = issue_list(&page, &x->c, &x->who, &filter);
		for (size_t i = 0; !e && i < page.n; i++)
			e = write_issue(x, &page.issues[i]);
		if (!e)
			filter.behind = page.last;
		next_batch(x);
	} while (!e && page.more);
	json_end(&x->json);
	return e;
}

static enum err
write_export(struct export *x, const struct organization *o)
{
	char now[CLOCK_TEXT];
	enum err e;

	json_begin(&x->json, &x->out);
	json_object(&x->json, NULL);
	json_string(&x->json, "exported_at", clock_iso(now, x->c.now));
	write_organization(x, o);
	e = export_pages(x, "employees", write_staff);
	if (!e)
		e = export_pages(x, "vendors", write_vendors);
	if (!e)
		e = export_pages(x, "orders", write_orders);
	if (!e)
		e = export_issues(x);
	json_end(&x->json);
	buf_addc(&x->out, '\n');
	return e;
}

enum err
export_organization(struct call *call)
{
	struct export x = {.c = *call->c};
	struct organization *o;
	enum err e = find_organization_argument(
	    &o, call, given_text(call, "organization"));

	if (e)
		return e;
	x.who = operator_of(o);
	e = security_log_add(call->c, SECURITY_ISSUES_EXPORTED, &x.who, 0,
			     NULL);
	if (e)
		return e;
	x.c.arena = arena_new();
	db_attach(x.c.db, x.c.arena);
	buf_init(&x.out, PIECE_MAX);
	e = write_export(&x, o);
	/* an incomplete document is not valid JSON, so it cannot be mistaken
	 * for a complete one */
	if (!e)
		next_batch(&x);
	buf_release(&x.out);
	db_attach(x.c.db, call->c->arena);
	arena_free(x.c.arena);
	return e;
}
