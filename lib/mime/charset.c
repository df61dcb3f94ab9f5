/* Charsets of mails. Labels are wrong in known ways: "iso-8859-1" and
 * "us-ascii" stand for windows-1252, "gb2312" for GB 18030 (as the Encoding
 * Standard of WHATWG has them), and programs send UTF-8 under any label. UTF-8
 * with characters beyond ASCII is hardly ever anything else, so it is believed
 * to be UTF-8 whatever single-byte charset it is said to be. */
#include "charset.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* What a label means; NULL: nothing. */
static const struct {
	const char *label, *meaning;
} meanings[] = {
    {"us-ascii", "windows-1252"},
    {"ascii", "windows-1252"},
    {"iso-8859-1", "windows-1252"},
    {"iso8859-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"ansi_x3.4-1968", "windows-1252"},
    {"iso-8859-9", "windows-1254"},
    {"iso-8859-11", "cp874"},
    {"tis-620", "cp874"},
    {"windows-874", "cp874"},
    {"iso-8859-6-i", "iso-8859-6"},
    {"iso-8859-8-i", "iso-8859-8"},
    {"gb2312", "gb18030"},
    {"gbk", "gb18030"},
    {"x-gbk", "gb18030"},
    {"ks_c_5601-1987", "cp949"},
    {"euc-kr", "cp949"},
    {"shift_jis", "cp932"},
    {"shift-jis", "cp932"},
    {"x-sjis", "cp932"},
    {"windows-31j", "cp932"},
    {"big5", "big5-hkscs"},
    {"x-mac-roman", "macintosh"},
    {"unicode-1-1-utf-7", "utf-7"},
    {"utf8", "utf-8"},
    {"x-unknown", NULL},
    {"unknown-8bit", NULL},
    {"default", NULL},
};

static const char *const known[] = {
    "windows-1250", "windows-1251", "windows-1252", "windows-1253",
    "windows-1254", "windows-1255", "windows-1256", "windows-1257",
    "windows-1258", "iso-8859-1",   "iso-8859-2",   "iso-8859-3",
    "iso-8859-4",   "iso-8859-5",   "iso-8859-6",   "iso-8859-7",
    "iso-8859-8",   "iso-8859-9",   "iso-8859-10",  "iso-8859-13",
    "iso-8859-14",  "iso-8859-15",  "iso-8859-16",  "koi8-r",
    "koi8-u",	    "cp437",	    "cp850",	    "cp852",
    "cp866",	    "cp874",	    "macintosh",    "utf-7",
    "utf-16",	    "utf-16le",	    "utf-16be",	    "iso-2022-jp",
    "iso-2022-kr",  "euc-jp",	    "cp932",	    "cp949",
    "euc-kr",	    "gb18030",	    "gb2312",	    "gbk",
    "big5",	    "big5-hkscs",   "shift_jis",    "us-ascii",
};

void
charset_start(void)
{
	/* They stay open: glibc unloads a converter that nobody uses. */
	static iconv_t opened[sizeof(known) / sizeof(*known)];

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!opened[i])
			opened[i] = iconv_open("utf-8", known[i]);
}

static const char *
meaning_of(const char *label)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
		if (strcasecmp(label, meanings[i].label) == 0)
			return meanings[i].meaning;
	return label;
}

static bool
is_single_byte(const char *charset)
{
	static const char *const begins[] = {
	    "windows-125", "iso-8859-", "koi8",	 "cp4",
	    "cp85",	   "cp866",	"cp874", "macintosh"};

	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		if (strncasecmp(charset, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* The number of sequences beyond ASCII that are well formed, and of bytes that
 * are not. */
static void
count_sequences(size_t *good, size_t *bad, const char *s, size_t n)
{
	*good = *bad = 0;
	for (size_t i = 0, k; i < n; i += k) {
		k = utf8_sequence(s + i, n - i);
		if (k > 1)
			++*good;
		else if (k == 0) {
			++*bad;
			k = 1;
		}
	}
}

static char *
take_text(struct arena *a, struct buf *b)
{
	char *text = arena_memdup(a, b->data ? b->data : "", b->len);

	buf_release(b);
	return text;
}

static char *
mend_utf8(struct arena *a, const char *s, size_t n)
{
	struct buf b;

	buf_init(&b, 3 * n + 1);
	for (size_t i = 0, k; i < n; i += k) {
		k = utf8_sequence(s + i, n - i);
		if (k == 0)
			buf_adds(&b, REPLACEMENT);
		else if (s[i] != '\0')
			buf_add(&b, s + i, k);
		if (k == 0)
			k = 1;
	}
	return take_text(a, &b);
}

/* Converts what can be converted; each other byte is replaced. */
static void
convert(struct buf *b, iconv_t c, const char *bytes, size_t n,
	bool *is_doubtful)
{
	union {
		const char *in;
		char *out; /* iconv does not change what it points to */
	} from = {.in = bytes};
	char out[4096];

	while (n > 0) {
		char *to = out;
		size_t room = sizeof(out);
		const size_t done = iconv(c, &from.out, &n, &to, &room);

		for (const char *p = out; p < to; p++)
			if (*p)
				buf_addc(b, *p);
		if (done != (size_t)-1 || errno == E2BIG)
			continue;
		buf_adds(b, REPLACEMENT);
		*is_doubtful = true;
		from.in++;
		n--;
	}
}

static char *
decode_from(struct arena *a, const char *charset, const char *bytes, size_t n,
	    bool *is_doubtful)
{
	iconv_t c = iconv_open("utf-8", charset);
	struct buf b;

	/* NOLINTNEXTLINE(performance-no-int-to-ptr): POSIX's own value */
	if (c == (iconv_t)-1)
		return NULL;
	buf_init(&b, 4 * n + 64);
	convert(&b, c, bytes, n, is_doubtful);
	iconv_close(c);
	return take_text(a, &b);
}

/* Without a believable label. */
static char *
decode_unlabelled(struct arena *a, const char *bytes, size_t n,
		  bool *is_doubtful)
{
	size_t good, bad;
	char *text;

	count_sequences(&good, &bad, bytes, n);
	if (bad <= good) {
		*is_doubtful |= bad > 0;
		return mend_utf8(a, bytes, n);
	}
	text = decode_from(a, "windows-1252", bytes, n, is_doubtful);
	return text ? text : mend_utf8(a, bytes, n);
}

char *
charset_decode(struct arena *a, const char *bytes, size_t n, const char *label,
	       bool *is_doubtful)
{
	const char *charset = label && *label ? meaning_of(label) : NULL;
	size_t good, bad;
	char *text;

	if (n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		return mend_utf8(a, bytes + 3, n - 3);
	if (!charset || strcasecmp(charset, "utf-8") == 0)
		return decode_unlabelled(a, bytes, n, is_doubtful);
	if (is_single_byte(charset)) {
		count_sequences(&good, &bad, bytes, n);
		if (good > 0 && bad == 0)
			return mend_utf8(a, bytes, n);
	}
	text = decode_from(a, charset, bytes, n, is_doubtful);
	if (text)
		return text;
	*is_doubtful = true;
	return decode_unlabelled(a, bytes, n, is_doubtful);
}

size_t
text_prefix(const char *s, size_t n)
{
	const size_t length = strnlen(s, n + 1);

	if (length <= n)
		return length;
	while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	return n;
}
