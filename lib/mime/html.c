/* HTML to text. libxml2's HTML parser makes a tree of whatever it gets; the
 * walk over it needs no recursion, because the depth is the sender's choice.
 * What an element is shown as is in html_style.c, how lines are written in
 * html_lines.c. */
#include "html.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "html_lines.h"
#include "html_style.h"

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

static enum html_role
role_of_node(const xmlNode *node)
{
	return html_role((const char *)node->name, attribute(node, "style"));
}

static bool
is_preformatted(const xmlNode *node)
{
	return is_element(node, "pre") ||
	       html_style_has(attribute(node, "style"), "white-space", "pre");
}

static bool
is_list(const xmlNode *node)
{
	return is_element(node, "ul") || is_element(node, "ol");
}

static void
put_picture(struct html_lines *r, const xmlNode *node)
{
	const char *src = attribute(node, "src"), *alt = attribute(node, "alt");
	const bool is_own = src && strncasecmp(src, "cid:", 4) == 0;

	if (!is_own && (!alt || !*alt))
		return;
	html_put(r, "[");
	html_put_text(r, is_own ? src : alt);
	buf_addc(&r->out, ']');
}

/* The number of the next item of the innermost list; NULL: too many lists. */
static int *
item_number(struct html_lines *r)
{
	return r->lists > 0 && r->lists <= LISTS_MAX ? &r->numbers[r->lists - 1]
						     : NULL;
}

static void
begin_item(struct html_lines *r)
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
begin_list(struct html_lines *r, const xmlNode *node)
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
begin_element(struct html_lines *r, const xmlNode *node)
{
	const enum html_role role = role_of_node(node);

	if (role == ROLE_HIDDEN)
		return false;
	if (is_element(node, "br"))
		r->breaks++;
	if (is_element(node, "hr")) {
		html_break(r, 2);
		html_put(r, "---");
		html_break(r, 2);
	}
	if (role != ROLE_INLINE)
		html_break(r, role == ROLE_PARAGRAPH ? 2 : 1);
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
is_worth_showing(const struct html_lines *r, const char *address)
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
end_link(struct html_lines *r, const xmlNode *node)
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
end_cell(struct html_lines *r)
{
	const bool is_empty = r->out.len <= r->begin;
	const bool is_line = !is_empty && r->begin != NOWHERE &&
			     !strchr(r->out.data + r->begin, '\n');

	r->begin = NOWHERE;
	if (is_line) {
		r->breaks = 0;
		r->cell = true;
	} else if (!is_empty) {
		html_break(r, 1);
	}
}

static void
end_element(struct html_lines *r, const xmlNode *node)
{
	const enum html_role role = role_of_node(node);

	if (is_element(node, "a"))
		end_link(r, node);
	r->preformatted -= is_preformatted(node);
	r->quotes -= is_element(node, "blockquote");
	r->lists -= is_list(node);
	if (role != ROLE_INLINE)
		html_break(r, role == ROLE_PARAGRAPH ? 2 : 1);
	if (is_list(node) && r->lists == 0)
		html_break(r, 2);
	if (is_cell(node))
		end_cell(r);
}

/* --- the walk --------------------------------------------------------------
 */

static bool
begin_node(struct html_lines *r, const xmlNode *node)
{
	if (node->type == XML_TEXT_NODE && node->content)
		html_put_text(r, (const char *)node->content);
	return node->type == XML_ELEMENT_NODE && begin_element(r, node);
}

static void
walk_html(struct html_lines *r, const xmlNode *root)
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
	struct html_lines r = {.begin = NOWHERE};
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
