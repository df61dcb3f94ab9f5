#ifndef MAIL_NAME_H
#define MAIL_NAME_H

struct arena;

/* Text in mails that a user chose. Users choose their own name, and owners that
 * of their organization, so a name must not look like anything else: another
 * line, an address, a link, or text in another order. All results are in the
 * arena. */

/* One line, as text_clean makes it. */
const char *mail_line(struct arena *a, const char *text);

/* The same for the name before an address. Mail programs may show only the
 * name, so it must not look like an address. */
const char *mail_display_name(struct arena *a, const char *name);

/* The same for mails that strangers can cause: at most 80 characters, and
 * nothing that mail programs turn into a link: no address, host name or
 * telephone number. May be empty. */
const char *mail_plain_name(struct arena *a, const char *name);

/* Several lines, cleaned in the same way; each ends with CR LF, as mails need.
 */
const char *mail_lines(struct arena *a, const char *text);

#endif
