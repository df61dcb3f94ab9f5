/* HTML to text. libxml2's HTML parser makes a tree of whatever it gets; the
 * walk over it needs no recursion, because the depth is the sender's choice.
 *
 * The output is made of lines. A break is only noted where it is due, and
 * written before the next visible character, so that empty elements, of which
 * mails are full, leave nothing. */
#include "html.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"

#define QUOTES_MAX 20
#define LISTS_MAX  20

struct rendering {
	struct buf out;
	int breaks;    /* line ends that are due before the next character */
	bool space;    /* a space is due */
	bool cell;     /* the end of a cell is due */
	bool has_text; /* the current line has something */
	int preformatted;
	int quotes;
	int lists;
	int numbers[LISTS_MAX]; /* of the next item; -1: not numbered */
	size_t link;		/* where the text of the current link begins */
	size_t begin; /* where the current cell begins; NOWHERE: in none */
};

#define NOWHERE ((size_t)-1)

enum role {
	ROLE_INLINE,
	ROLE_BLOCK,	/* on lines of its own */
	ROLE_PARAGRAPH, /* with an empty line on both sides */
	ROLE_HIDDEN
};

static const struct {
	const char *name;
	enum role role;
} roles[] = {
    {"address", ROLE_BLOCK},   {"article", ROLE_BLOCK},
    {"aside", ROLE_BLOCK},     {"blockquote", ROLE_PARAGRAPH},
    {"center", ROLE_BLOCK},    {"dd", ROLE_BLOCK},
    {"div", ROLE_BLOCK},       {"dl", ROLE_PARAGRAPH},
    {"dt", ROLE_BLOCK},	       {"fieldset", ROLE_BLOCK},
    {"figure", ROLE_BLOCK},    {"footer", ROLE_BLOCK},
    {"form", ROLE_BLOCK},      {"h1", ROLE_PARAGRAPH},
    {"h2", ROLE_PARAGRAPH},    {"h3", ROLE_PARAGRAPH},
    {"h4", ROLE_PARAGRAPH},    {"h5", ROLE_PARAGRAPH},
    {"h6", ROLE_PARAGRAPH},    {"head", ROLE_HIDDEN},
    {"header", ROLE_BLOCK},    {"li", ROLE_BLOCK},
    {"main", ROLE_BLOCK},      {"nav", ROLE_BLOCK},
    {"noframes", ROLE_HIDDEN}, {"object", ROLE_HIDDEN},
    {"ol", ROLE_BLOCK},	       {"p", ROLE_PARAGRAPH},
    {"pre", ROLE_PARAGRAPH},   {"script", ROLE_HIDDEN},
    {"section", ROLE_BLOCK},   {"style", ROLE_HIDDEN},
    {"table", ROLE_BLOCK},     {"template", ROLE_HIDDEN},
    {"textarea", ROLE_HIDDEN}, {"title", ROLE_HIDDEN},
    {"tr", ROLE_BLOCK},	       {"ul", ROLE_BLOCK},
};

/* --- writing ---------------------------------------------------------------
 */

static void
line_break(struct rendering *r, int n)
{
	if (r->out.len == r->begin)
		return; /* a cell stays on the line of its row */
	if (r->breaks < n)
		r->breaks = n;
	r->space = r->cell = false;
}

static int
at_most(int n, int most)
{
	return n < most ? n : most;
}

static void
put_quotes(struct rendering *r)
{
	for (int i = at_most(r->quotes, QUOTES_MAX); i > 0; i--)
		buf_addc(&r->out, '>');
}

static void
begin_line(struct rendering *r)
{
	put_quotes(r);
	if (r->quotes > 0)
		buf_addc(&r->out, ' ');
	for (int i = at_most(r->lists, LISTS_MAX); i > 1; i--)
		buf_adds(&r->out, "  ");
	r->has_text = false;
}

/* Writes the breaks that are due. */
static void
end_lines(struct rendering *r)
{
	for (; r->out.len > 0 && r->breaks > 0; r->breaks--) {
		buf_addc(&r->out, '\n');
		if (r->breaks > 1)
			put_quotes(r);
	}
	begin_line(r);
	r->breaks = 0;
}

/* Before a visible character. */
static void
flush_due(struct rendering *r)
{
	const bool begins_cell = r->out.len == r->begin;

	if (r->breaks || r->out.len == 0)
		end_lines(r);
	if (r->cell && r->has_text)
		buf_adds(&r->out, " | ");
	else if (r->space && r->has_text)
		buf_addc(&r->out, ' ');
	if (begins_cell)
		r->begin = r->out.len;
	r->cell = r->space = false;
	r->has_text = true;
}

static void
html_put(struct rendering *r, const char *s)
{
	flush_due(r);
	buf_adds(&r->out, s);
}

/* White space as HTML has it: a run is one space. A no-break space is one, too:
 * mail programs indent with them. */
static size_t
html_space(const char *s)
{
	if (*s && strchr(" \t\n\r\f", *s))
		return 1;
	return strncmp(s, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

static void
put_text(struct rendering *r, const char *s)
{
	while (*s) {
		const size_t space = html_space(s);

		if (r->preformatted && *s == '\n') {
			r->breaks++;
			r->space = false;
			s++;
		} else if (r->preformatted && (*s == ' ' || *s == '\t')) {
			if (r->breaks || r->out.len == 0)
				end_lines(r);
			buf_addc(&r->out, *s++);
		} else if (space) {
			r->space = r->space || !r->breaks;
			s += space;
		} else {
			flush_due(r);
			buf_addc(&r->out, *s++);
		}
	}
}

/* --- elements --------------------------------------------------------------
 */

static bool
is_element(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE &&
	       strcasecmp((const char *)node->name, name) == 0;
}

/* The value of an attribute, which belongs to the tree; NULL: the element does
 * not have it. */
static const char *
attribute(const xmlNode *node, const char *name)
{
	for (const xmlAttr *at = node->properties; at; at = at->next)
		if (strcasecmp((const char *)at->name, name) == 0 &&
		    at->children && at->children->content)
			return (const char *)at->children->content;
	return NULL;
}

/* Whether the style of an element has "key:value", whatever spaces are in it.
 */
static bool
has_style(const xmlNode *node, const char *key, const char *value)
{
	const char *s = attribute(node, "style");

	while (s && (s = strcasestr(s, key)) != NULL) {
		s += strlen(key);
		s += strspn(s, " \t\r\n");
		if (*s != ':')
			continue;
		s += 1 + strspn(s + 1, " \t\r\n");
		if (strncasecmp(s, value, strlen(value)) == 0)
			return true;
	}
	return false;
}

static enum role
html_role(const xmlNode *node)
{
	if (has_style(node, "display", "none") ||
	    has_style(node, "mso-hide", "all"))
		return ROLE_HIDDEN;
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
		if (is_element(node, roles[i].name))
			return roles[i].role;
	return ROLE_INLINE;
}

static bool
is_preformatted(const xmlNode *node)
{
	return is_element(node, "pre") || has_style(node, "white-space", "pre");
}

static bool
is_list(const xmlNode *node)
{
	return is_element(node, "ul") || is_element(node, "ol");
}

static void
put_picture(struct rendering *r, const xmlNode *node)
{
	const char *src = attribute(node, "src"), *alt = attribute(node, "alt");
	const bool is_own = src && strncasecmp(src, "cid:", 4) == 0;

	if (!is_own && (!alt || !*alt))
		return;
	html_put(r, "[");
	put_text(r, is_own ? src : alt);
	buf_addc(&r->out, ']');
}

/* The number of the next item of the innermost list; NULL: too many lists. */
static int *
item_number(struct rendering *r)
{
	return r->lists > 0 && r->lists <= LISTS_MAX ? &r->numbers[r->lists - 1]
						     : NULL;
}

static void
begin_item(struct rendering *r)
{
	int *number = item_number(r);
	char text[16];

	if (!number || *number < 0)
		html_put(r, "-");
	else {
		snprintf(text, sizeof(text), "%d.", *number);
		*number += *number < INT_MAX;
		html_put(r, text);
	}
	r->space = true;
}

static void
begin_list(struct rendering *r, const xmlNode *node)
{
	int *number;

	r->lists++;
	number = item_number(r);
	if (number)
		*number = is_element(node, "ol") ? 1 : -1;
}

static bool
is_cell(const xmlNode *node)
{
	return is_element(node, "td") || is_element(node, "th");
}

/* False: what is in it is not shown. */
static bool
begin_element(struct rendering *r, const xmlNode *node)
{
	const enum role role = html_role(node);

	if (role == ROLE_HIDDEN)
		return false;
	if (is_element(node, "br"))
		r->breaks++;
	if (is_element(node, "hr")) {
		line_break(r, 2);
		html_put(r, "---");
		line_break(r, 2);
	}
	if (role != ROLE_INLINE)
		line_break(r, role == ROLE_PARAGRAPH ? 2 : 1);
	if (is_element(node, "img"))
		put_picture(r, node);
	if (is_element(node, "a"))
		r->link = r->out.len;
	if (is_list(node))
		begin_list(r, node);
	if (is_element(node, "li"))
		begin_item(r);
	if (is_cell(node))
		r->begin = r->out.len;
	r->quotes += is_element(node, "blockquote");
	r->preformatted += is_preformatted(node);
	return true;
}

/* Whether the address of a link says more than its text. */
static bool
is_worth_showing(const struct rendering *r, const char *address)
{
	const char *text = r->out.data + r->link;
	const char *host = strstr(address, "://");

	if (strncasecmp(address, "http", 4) != 0 || !host ||
	    strstr(text, address))
		return false;
	host += 3;
	return strncmp(text + strspn(text, " \n>"), host,
		       strcspn(host, "/?#")) != 0;
}

static void
end_link(struct rendering *r, const xmlNode *node)
{
	const char *address = attribute(node, "href");

	if (!address || r->link >= r->out.len || !is_worth_showing(r, address))
		return;
	r->space = true;
	html_put(r, "<");
	buf_adds(&r->out, address);
	buf_addc(&r->out, '>');
}

static void
end_cell(struct rendering *r)
{
	const bool is_empty = r->out.len <= r->begin;
	const bool is_line = !is_empty && r->begin != NOWHERE &&
			     !strchr(r->out.data + r->begin, '\n');

	r->begin = NOWHERE;
	if (is_line) {
		r->breaks = 0;
		r->cell = true;
	} else if (!is_empty) {
		line_break(r, 1);
	}
}

static void
end_element(struct rendering *r, const xmlNode *node)
{
	const enum role role = html_role(node);

	if (is_element(node, "a"))
		end_link(r, node);
	r->preformatted -= is_preformatted(node);
	r->quotes -= is_element(node, "blockquote");
	r->lists -= is_list(node);
	if (role != ROLE_INLINE)
		line_break(r, role == ROLE_PARAGRAPH ? 2 : 1);
	if (is_list(node) && r->lists == 0)
		line_break(r, 2);
	if (is_cell(node))
		end_cell(r);
}

/* --- the walk --------------------------------------------------------------
 */

static bool
begin_node(struct rendering *r, const xmlNode *node)
{
	if (node->type == XML_TEXT_NODE && node->content)
		put_text(r, (const char *)node->content);
	return node->type == XML_ELEMENT_NODE && begin_element(r, node);
}

static void
walk_html(struct rendering *r, const xmlNode *root)
{
	const xmlNode *node = root;

	while (!r->out.overflow) {
		bool begun = begin_node(r, node);

		if (begun && node->children) {
			node = node->children;
			continue;
		}
		for (;; node = node->parent, begun = true) {
			if (begun)
				end_element(r, node);
			if (node == root)
				return;
			if (node->next)
				break;
		}
		node = node->next;
	}
}

void
html_start(void)
{
	xmlInitParser();
}

/* The tree of the document, however deep; NULL: nothing could be parsed. */
static xmlDoc *
parse_html(const char *html, size_t n)
{
	htmlParserCtxt *context =
	    htmlCreateMemoryParserCtxt(html, n < INT_MAX ? (int)n : INT_MAX);
	xmlDoc *doc;

	if (!context)
		return NULL;
	htmlCtxtUseOptions(context, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
					HTML_PARSE_NOWARNING |
					HTML_PARSE_NONET |
					HTML_PARSE_IGNORE_ENC);
	context->options |= XML_PARSE_HUGE;
	xmlSwitchEncoding(context, XML_CHAR_ENCODING_UTF8);
	htmlParseDocument(context);
	doc = context->myDoc;
	htmlFreeParserCtxt(context);
	return doc;
}

char *
html_text(struct arena *a, const char *html, size_t n, size_t max)
{
	struct rendering r = {.begin = NOWHERE};
	const xmlNode *root;
	xmlDoc *doc = parse_html(html, n);
	char *text;

	root = doc ? xmlDocGetRootElement(doc) : NULL;
	buf_init(&r.out, max);
	if (root)
		walk_html(&r, root);
	xmlFreeDoc(doc);
	while (r.out.overflow && r.out.len > 0 &&
	       r.out.data[r.out.len - 1] != '\n')
		r.out.len--; /* it may end within a character */
	text = arena_memdup(a, r.out.data ? r.out.data : "", r.out.len);
	buf_release(&r.out);
	return text;
}

const char *
html_charset(struct arena *a, const char *html, size_t n)
{
	const char *head = arena_memdup(a, html, n < 2048 ? n : 2048);
	const char *s = strcasestr(head, "charset=");
	size_t length;

	if (!s)
		return NULL;
	s += strlen("charset=");
	s += strspn(s, "\"' ");
	length = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxy"
			   "z0123456789-_.:");
	return length ? arena_memdup(a, s, length) : NULL;
}
