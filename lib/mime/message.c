/* GMime, and only here. It splits a mail into parts, undoes transfer encodings,
 * encoded words and the parameters of RFC 2231; everything that is needed is
 * copied into the arena, and its objects are freed.
 *
 * The tree is walked with a limit of depth and of parts; the process has limits
 * of memory and time for what GMime does before. */
#include "message.h"

#include <gmime/gmime.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/unicode.h"
#include "charset.h"

#define HEADERS_MAX    1000
#define REFERENCES_MAX 50
#define FROM_MAX       20

/* In the year 2223: JSON holds no later time in microseconds. */
#define DATE_MAX_S INT64_C(8000000000)

static GMimeParserOptions *options;

/* GLib would write its warnings, such as those about odd mails, by system calls
 * that the sandbox does not allow. */
static void
ignore_message(const char *domain, GLogLevelFlags level, const char *text,
	       void *data)
{
	(void)domain, (void)level, (void)text, (void)data;
}

void
message_start(void)
{
	static const char *charsets[] = {"utf-8", "windows-1252", NULL};

	if (options)
		return;
	g_log_set_default_handler(ignore_message, NULL);
	g_mime_init();
	options = g_mime_parser_options_new();
	g_mime_parser_options_set_fallback_charsets(options, charsets);
}

/* A text of GMime on one line; NULL stays NULL. */
static const char *
take_line(struct arena *a, const char *s)
{
	bool is_doubtful = false;

	return s ? text_clean(
		       a, charset_decode(a, s, strlen(s), NULL, &is_doubtful),
		       false)
		 : NULL;
}

static const char *
take_lower(struct arena *a, const char *s)
{
	const char *line = take_line(a, s);
	char *lower = arena_strdup(a, line);

	for (char *p = lower; p && *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + ('a' - 'A'));
	return lower;
}

/* --- parts ---------------------------------------------------------------- */

/* Where in the tree a part is. */
struct place {
	int depth, alternative;
	bool is_related, is_report;
};

struct part_walk {
	struct message *m;
	int alternatives;
	const char *refused;
};

static void
part_bytes(struct message_part *part, struct arena *a, GMimeStream *bytes)
{
	GByteArray *array =
	    g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(bytes));

	part->size = array->len;
	part->data =
	    arena_memdup(a, array->len ? (char *)array->data : "", array->len);
}

static void
take_content(struct message_part *part, struct arena *a, GMimeObject *object)
{
	GMimeStream *bytes = g_mime_stream_mem_new();

	if (GMIME_IS_MESSAGE_PART(object)) {
		GMimeMessage *inner =
		    g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));

		if (inner)
			g_mime_object_write_to_stream(GMIME_OBJECT(inner), NULL,
						      bytes);
	} else {
		GMimeDataWrapper *content =
		    g_mime_part_get_content(GMIME_PART(object));

		if (content)
			g_mime_data_wrapper_write_to_stream(content, bytes);
	}
	part_bytes(part, a, bytes);
	g_object_unref(bytes);
}

static const char *
type_of(struct arena *a, GMimeObject *object)
{
	char *type = g_mime_content_type_get_mime_type(
	    g_mime_object_get_content_type(object));
	const char *lower = take_lower(a, type);

	g_free(type);
	return lower ? lower : "application/octet-stream";
}

static bool
parameter_is(GMimeObject *object, const char *name, const char *value)
{
	const char *given =
	    g_mime_object_get_content_type_parameter(object, name);

	return given && strcasecmp(given, value) == 0;
}

static void
add_part(struct part_walk *w, GMimeObject *object, struct place at)
{
	struct message_part *part;
	struct arena *a = w->m->arena;
	const char *name, *disposition;

	if (w->m->n_parts == MESSAGE_PARTS_MAX) {
		w->refused = "The mail has more than 200 parts.";
		return;
	}
	part = &w->m->parts[w->m->n_parts++];
	name =
	    g_mime_object_get_content_disposition_parameter(object, "filename");
	if (!name)
		name = g_mime_object_get_content_type_parameter(object, "name");
	disposition = g_mime_object_get_disposition(object);
	*part = (struct message_part){
	    .type = type_of(a, object),
	    .charset = take_lower(
		a, g_mime_object_get_content_type_parameter(object, "charset")),
	    .name = take_line(a, name),
	    .content_id = take_line(a, g_mime_object_get_content_id(object)),
	    .is_attachment =
		disposition && strcasecmp(disposition, "attachment") == 0,
	    .is_flowed = parameter_is(object, "format", "flowed"),
	    .has_delsp = parameter_is(object, "delsp", "yes"),
	    .alternative = at.alternative,
	    .is_related = at.is_related,
	    .is_report = at.is_report};
	take_content(part, a, object);
}

static void
walk_part(struct part_walk *w, GMimeObject *object, struct place at)
{
	int n;

	if (!GMIME_IS_MULTIPART(object)) {
		if (GMIME_IS_PART(object) || GMIME_IS_MESSAGE_PART(object))
			add_part(w, object, at);
		return;
	}
	if (at.depth == MESSAGE_DEPTH_MAX) {
		w->refused = "The parts of the mail are nested too deeply.";
		return;
	}
	at.depth++;
	if (strcmp(type_of(w->m->arena, object), "multipart/alternative") == 0)
		at.alternative = ++w->alternatives;
	at.is_related =
	    strcmp(type_of(w->m->arena, object), "multipart/related") == 0;
	at.is_report =
	    strcmp(type_of(w->m->arena, object), "multipart/report") == 0;
	n = g_mime_multipart_get_count(GMIME_MULTIPART(object));
	for (int i = 0; i < n && !w->refused; i++)
		walk_part(w,
			  g_mime_multipart_get_part(GMIME_MULTIPART(object), i),
			  at);
}

/* --- the header ------------------------------------------------------------
 */

static void
take_headers(struct message *m, GMimeMessage *message)
{
	GMimeHeaderList *list =
	    g_mime_object_get_header_list(GMIME_OBJECT(message));
	const int n = g_mime_header_list_get_count(list);

	m->headers = arena_alloc(m->arena, HEADERS_MAX * sizeof(*m->headers));
	for (int i = 0; i < n && m->n_headers < HEADERS_MAX; i++) {
		GMimeHeader *header = g_mime_header_list_get_header_at(list, i);
		const char *value =
		    take_line(m->arena, g_mime_header_get_value(header));

		m->headers[m->n_headers++] = (struct message_header){
		    .name = take_line(m->arena, g_mime_header_get_name(header)),
		    .value = value ? value : ""};
	}
}

static void
take_addresses(struct message *m, InternetAddressList *list, int depth)
{
	const int n = list ? internet_address_list_length(list) : 0;

	for (int i = 0; i < n && m->n_from < FROM_MAX; i++) {
		InternetAddress *one =
		    internet_address_list_get_address(list, i);

		if (INTERNET_ADDRESS_IS_MAILBOX(one))
			m->from[m->n_from++] = (struct message_address){
			    take_line(m->arena,
				      internet_address_mailbox_get_addr(
					  INTERNET_ADDRESS_MAILBOX(one))),
			    take_line(m->arena,
				      internet_address_get_name(one))};
		else if (INTERNET_ADDRESS_IS_GROUP(one) && depth < 3)
			take_addresses(m,
				       internet_address_group_get_members(
					   INTERNET_ADDRESS_GROUP(one)),
				       depth + 1);
	}
}

static void
take_references(struct message *m, const char *name)
{
	const char *value = message_header(m, name);
	GMimeReferences *ids =
	    value ? g_mime_references_parse(options, value) : NULL;
	const int n = ids ? g_mime_references_length(ids) : 0;

	for (int i = n - 1; i >= 0 && m->n_references < REFERENCES_MAX; i--) {
		const char *id = take_line(
		    m->arena, g_mime_references_get_message_id(ids, i));
		bool known = !id || !*id;

		for (size_t k = 0; k < m->n_references && !known; k++)
			known = strcmp(m->references[k], id) == 0;
		if (!known)
			m->references[m->n_references++] = id;
	}
	if (ids)
		g_mime_references_free(ids);
}

static usec_t
date_of(GMimeMessage *message)
{
	GDateTime *date = g_mime_message_get_date(message);
	const gint64 s = date ? g_date_time_to_unix(date) : 0;

	return s > 0 && s < DATE_MAX_S ? s * USEC_PER_SEC : 0;
}

static void
take_head(struct message *m, GMimeMessage *message)
{
	GMimeObject *body = g_mime_message_get_mime_part(message);
	const char *subject;

	take_headers(m, message);
	m->from = arena_alloc(m->arena, FROM_MAX * sizeof(*m->from));
	take_addresses(m, g_mime_message_get_from(message), 0);
	m->references =
	    arena_alloc(m->arena, REFERENCES_MAX * sizeof(*m->references));
	take_references(m, "In-Reply-To");
	take_references(m, "References");
	m->message_id =
	    take_line(m->arena, g_mime_message_get_message_id(message));
	subject = take_line(m->arena, g_mime_message_get_subject(message));
	m->subject = subject ? subject : "";
	m->date = date_of(message);
	m->type = body ? type_of(m->arena, body) : "text/plain";
	if (body)
		m->report_type = take_lower(
		    m->arena, g_mime_object_get_content_type_parameter(
				  body, "report-type"));
}

/* --- parsing ---------------------------------------------------------------
 */

/* NULL: it is no mail. */
static GMimeMessage *
parse_bytes(const char *raw, size_t n)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(raw, n);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message =
	    g_mime_parser_construct_message(parser, options);

	g_object_unref(parser);
	g_object_unref(stream);
	return message;
}

/* Mail servers may put a line "From ana@example.com Mon Nov 23 …" on top. */
static size_t
envelope_line(const char *raw, size_t n)
{
	const char *end =
	    n > 5 && memcmp(raw, "From ", 5) == 0 ? memchr(raw, '\n', n) : NULL;

	return end ? (size_t)(end + 1 - raw) : 0;
}

const char *
message_parse(struct message *out, struct arena *a, const char *raw, size_t n)
{
	struct part_walk w = {.m = out};
	const size_t skip = envelope_line(raw, n);
	GMimeMessage *message = parse_bytes(raw + skip, n - skip);
	GMimeObject *body =
	    message ? g_mime_message_get_mime_part(message) : NULL;

	*out = (struct message){.arena = a, .subject = ""};
	out->parts = arena_alloc(a, MESSAGE_PARTS_MAX * sizeof(*out->parts));
	if (message)
		take_head(out, message);
	if (body)
		walk_part(&w, body, (struct place){0});
	if (message)
		g_object_unref(message);
	if (!w.refused && !message_header(out, "From") &&
	    !message_header(out, "Date") && !message_header(out, "Received"))
		return "This is not a mail: it has no header.";
	return w.refused;
}

const char *
message_header(const struct message *m, const char *name)
{
	for (size_t i = 0; i < m->n_headers; i++)
		if (strcasecmp(m->headers[i].name, name) == 0)
			return m->headers[i].value;
	return NULL;
}

const char *
message_id_in(struct arena *a, const char *raw, size_t n)
{
	GMimeMessage *message = parse_bytes(raw, n);
	const char *id =
	    message ? take_line(a, g_mime_message_get_message_id(message))
		    : NULL;

	if (message)
		g_object_unref(message);
	return id;
}
