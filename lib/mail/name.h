#ifndef MAIL_NAME_H
#define MAIL_NAME_H

struct arena;

/* Text in mails that somebody else chose. Everybody chooses their own name, and
 * owners that of their organization, so a name must not pass for anything else:
 * for another line, an address, a link, or text in another order. All results
 * are in the arena. */

/* One line, as text_clean makes it. */
const char *mail_line(struct arena *a, const char *text);

/* The same as a name in front of an address: mail programs may show it alone,
 * so it must not look like an address. */
const char *mail_display_name(struct arena *a, const char *name);

/* The same for mails that come unasked: 80 characters at most, and nothing that
 * mail programs make a link of: no address, host name or telephone number. May
 * be empty. */
const char *mail_plain_name(struct arena *a, const char *name);

/* Several lines, cleaned alike, as mails have them: each ends with CR LF. */
const char *mail_lines(struct arena *a, const char *text);

#endif
