/* Markdown to HTML, by cmark-gfm. It renders in its safe mode; before, the tree
 * is changed so that no word of the text is lost: what safe mode would leave
 * out becomes text. */
#include "markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* Some inputs cost this version of cmark-gfm time that grows with the square of
 * their length. */
#define TEXT_MAX ((size_t)64 * 1024)

/* Line ends stay, as in the portal. */
#define OPTIONS (CMARK_OPT_HARDBREAKS | CMARK_OPT_VALIDATE_UTF8)

static bool
may_be_followed(const char *url)
{
	static const char *const schemes[] = {"http://", "https://", "mailto:"};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
			return true;
	return false;
}

/* Puts a text node with that text in the place of `node`. */
static void
replace_by_text(cmark_node *node, const char *text)
{
	cmark_node *new = cmark_node_new(CMARK_NODE_TEXT);

	cmark_node_set_literal(new, text);
	cmark_node_replace(node, new);
	cmark_node_free(node);
}

/* A block of HTML becomes a paragraph. */
static void
replace_by_paragraph(cmark_node *node, const char *text)
{
	cmark_node *paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
	cmark_node *inside = cmark_node_new(CMARK_NODE_TEXT);

	cmark_node_set_literal(inside, text);
	cmark_node_append_child(paragraph, inside);
	cmark_node_replace(node, paragraph);
	cmark_node_free(node);
}

/* Moves the children of `node` to its place, inside of `into` if that is not
 * NULL. */
static void
replace_by_children(cmark_node *node, cmark_node *into)
{
	cmark_node *child;

	if (into)
		cmark_node_insert_before(node, into);
	while ((child = cmark_node_first_child(node))) {
		cmark_node_unlink(child);
		if (into)
			cmark_node_append_child(into, child);
		else
			cmark_node_insert_before(node, child);
	}
	cmark_node_free(node);
}

static bool
is_in_link(cmark_node *node)
{
	while ((node = cmark_node_parent(node)))
		if (cmark_node_get_type(node) == CMARK_NODE_LINK)
			return true;
	return false;
}

/* An image becomes a link to it, whose words are its description, or else its
 * address. */
static void
replace_image(cmark_node *node)
{
	const char *url = cmark_node_get_url(node);
	cmark_node *link, *words;

	if (!cmark_node_first_child(node)) {
		words = cmark_node_new(CMARK_NODE_TEXT);
		cmark_node_set_literal(words, url);
		cmark_node_append_child(node, words);
	}
	if (!may_be_followed(url) || is_in_link(node)) {
		replace_by_children(node, NULL);
		return;
	}
	link = cmark_node_new(CMARK_NODE_LINK);
	cmark_node_set_url(link, url);
	replace_by_children(node, link);
}

/* Called when the walk leaves a node, which may then be replaced. */
static void
mend_node(cmark_node *node)
{
	const cmark_node_type type = cmark_node_get_type(node);

	if (type == CMARK_NODE_HTML_INLINE)
		replace_by_text(node, cmark_node_get_literal(node));
	else if (type == CMARK_NODE_HTML_BLOCK)
		replace_by_paragraph(node, cmark_node_get_literal(node));
	else if (type == CMARK_NODE_IMAGE)
		replace_image(node);
	else if (type == CMARK_NODE_LINK &&
		 !may_be_followed(cmark_node_get_url(node)))
		replace_by_children(node, NULL);
}

static void
mend_tree(cmark_node *document)
{
	cmark_iter *walk = cmark_iter_new(document);
	cmark_event_type event;
	cmark_node *node;

	while ((event = cmark_iter_next(walk)) != CMARK_EVENT_DONE) {
		node = cmark_iter_get_node(walk);
		/* leaves are only entered */
		if (event == CMARK_EVENT_EXIT ||
		    cmark_node_get_type(node) == CMARK_NODE_HTML_INLINE ||
		    cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK)
			mend_node(node);
	}
	cmark_iter_free(walk);
}

static cmark_parser *
parser_new(void)
{
	static const char *const names[] = {"table", "strikethrough",
					    "autolink"};
	cmark_parser *parser;

	cmark_gfm_core_extensions_ensure_registered();
	parser = cmark_parser_new(OPTIONS);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		cmark_parser_attach_syntax_extension(
		    parser, cmark_find_syntax_extension(names[i]));
	return parser;
}

bool
mail_add_markdown(struct buf *out, const char *text)
{
	const size_t len = strlen(text);
	cmark_parser *parser;
	cmark_node *document;
	char *html;

	if (len > TEXT_MAX)
		return false;
	parser = parser_new();
	cmark_parser_feed(parser, text, len);
	document = cmark_parser_finish(parser);
	mend_tree(document);
	html = cmark_render_html(document, OPTIONS,
				 cmark_parser_get_syntax_extensions(parser));
	buf_adds(out, html);
	free(html);
	cmark_node_free(document);
	cmark_parser_free(parser);
	return true;
}
