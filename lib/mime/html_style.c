#include "html_style.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *name;
	enum html_role role;
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

bool
html_style_has(const char *style, const char *key, const char *value)
{
	const char *s = style;

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

enum html_role
html_role(const char *name, const char *style)
{
	if (html_style_has(style, "display", "none") ||
	    html_style_has(style, "mso-hide", "all"))
		return ROLE_HIDDEN;
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
		if (strcasecmp(name, roles[i].name) == 0)
			return roles[i].role;
	return ROLE_INLINE;
}
