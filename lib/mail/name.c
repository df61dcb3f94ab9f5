/* Cleans text that users chose, for mails: a name must not look like a second
 * line, an address, a link or a telephone number, and must not change the order
 * of the text around it. Characters are replaced by what they look like, not
 * only by what they are: full-width and other forms of the signs of addresses
 * count as well. */
#include "name.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/unicode.h"

#define TEXT_MAX   ((size_t)64 * 1024)
#define NAME_MAX   80 /* characters */
#define DIGITS_MAX 6  /* more could be a telephone number */

/* A character, its bytes, and where the next one begins. */
struct character {
	unsigned code;
	const char *bytes, *next;
};

/* A byte that is not UTF-8 counts as a character, and stays as it is. */
static struct character
read_character(const char *s)
{
	static const unsigned char first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	const unsigned char *b = (const unsigned char *)s;
	const size_t n = utf8_sequence(s, strnlen(s, 4));
	unsigned code = n ? b[0] & first_bits[n] : 0xfffd;

	for (size_t i = 1; i < n; i++)
		code = code << 6 | (b[i] & 0x3f);
	return (struct character){code, s, s + (n ? n : 1)};
}

static void
add_character(struct buf *b, const struct character *c)
{
	buf_add(b, c->bytes, (size_t)(c->next - c->bytes));
}

struct range {
	unsigned first, last;
};

static bool
is_in(unsigned code, const struct range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

#define IS_IN(code, ranges) \
	is_in(code, ranges, sizeof(ranges) / sizeof((ranges)[0]))

/* A sign of an address, a link or a quotation, also in full width. */
static bool
is_link_sign(unsigned code)
{
	static const struct range signs[] = {
	    {'"', '"'},	      {'/', '/'},	{':', ':'},
	    {'<', '<'},	      {'>', '>'},	{'@', '@'},
	    {'\\', '\\'},     {0x201c, 0x201f}, {0x2044, 0x2044},
	    {0x2215, 0x2215}, {0x29f8, 0x29f8}, {0xa789, 0xa789},
	    {0xfe55, 0xfe55}, {0xfe6b, 0xfe6b}, {0xff02, 0xff02},
	    {0xff0f, 0xff0f}, {0xff1a, 0xff1a}, {0xff1c, 0xff1c},
	    {0xff1e, 0xff1e}, {0xff20, 0xff20}, {0xff3c, 0xff3c}};

	return IS_IN(code, signs);
}

/* A dot inside a word, as in a host name, in any form that IDNA accepts (RFC
 * 3490, 3.1). */
static bool
is_inner_dot(const struct character *c)
{
	static const struct range dots[] = {{'.', '.'},	      {0x2024, 0x2024},
					    {0x3002, 0x3002}, {0xfe52, 0xfe52},
					    {0xff0e, 0xff0e}, {0xff61, 0xff61}};

	return IS_IN(c->code, dots) && *c->next && *c->next != ' ';
}

/* A digit of any script. */
static bool
is_digit(unsigned code)
{
	static const struct range digits[] = {
	    {'0', '9'},	    {0x660, 0x669},   {0x6f0, 0x6f9},
	    {0x966, 0x96f}, {0xff10, 0xff19}, {0x1d7ce, 0x1d7ff}};

	return IS_IN(code, digits);
}

static const char *
name_finish(struct arena *a, struct buf *b)
{
	const char *s = b->data ? b->data : "";
	size_t n = b->len;
	const char *text;

	for (; n && *s == ' '; n--)
		s++;
	while (n && s[n - 1] == ' ')
		n--;
	text = arena_memdup(a, s, n);
	buf_release(b);
	return text;
}

const char *
mail_line(struct arena *a, const char *text)
{
	return text_clean(a, text, false);
}

const char *
mail_display_name(struct arena *a, const char *name)
{
	struct character c;
	struct buf b;

	buf_init(&b, TEXT_MAX);
	for (name = mail_line(a, name); *name; name = c.next) {
		c = read_character(name);
		if (c.code == '<' || c.code == '>' || c.code == '@' ||
		    c.code == 0xff20 || c.code == 0xfe6b)
			buf_addc(&b, ' ');
		else
			add_character(&b, &c);
	}
	return name_finish(a, &b);
}

/* Visible, or a space between words. */
static bool
is_seen(struct arena *a, const struct character *c)
{
	return c->code == ' ' ||
	       text_is_visible(
		   arena_memdup(a, c->bytes, (size_t)(c->next - c->bytes)));
}

static size_t
count_digits(const char *s)
{
	struct character c;
	size_t n = 0;

	for (; *s; s = c.next) {
		c = read_character(s);
		n += is_digit(c.code);
	}
	return n;
}

const char *
mail_plain_name(struct arena *a, const char *name)
{
	const bool digits = count_digits(name) <= DIGITS_MAX;
	struct character c;
	struct buf b;

	buf_init(&b, TEXT_MAX);
	name = mail_line(a, name);
	for (size_t n = 0; *name && n < NAME_MAX; name = c.next) {
		c = read_character(name);
		if (!is_seen(a, &c) || (is_digit(c.code) && !digits))
			continue;
		if (is_link_sign(c.code) || is_inner_dot(&c))
			c = (struct character){' ', " ", c.next};
		if (c.code == ' ' && b.len && b.data[b.len - 1] == ' ')
			continue;
		buf_add(&b, c.bytes,
			c.code == ' ' ? 1 : (size_t)(c.next - c.bytes));
		n++;
	}
	return name_finish(a, &b);
}

const char *
mail_lines(struct arena *a, const char *text)
{
	const char *lines, *s, *end;
	struct buf b;

	buf_init(&b, SIZE_MAX);
	for (s = text_clean(a, text, true); *s; s = *end ? end + 1 : end) {
		end = s + strcspn(s, "\n");
		buf_add(&b, s, (size_t)(end - s));
		buf_adds(&b, "\r\n");
	}
	lines = arena_memdup(a, b.data ? b.data : "", b.len);
	buf_release(&b);
	return lines;
}
