/* Reads addresses. The grammar and its reasons are in the header. */
#include "base/address.h"

#include <idn2.h>
#include <string.h>

#include "base/arena.h"
#include "base/unicode.h"

#define LOCAL_MAX 64 /* RFC 5321, 4.5.3.1.1 */
#define LABEL_MAX 63 /* RFC 1035, 2.3.4 */

#define DIGITS "0123456789"
#define LETTERS                      \
	"abcdefghijklmnopqrstuvwxyz" \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ"

#define SPACE " \t\r\n"

static const char not_valid[] = "Enter a valid e-mail address.";
static const char not_ascii[] =
    "Enter an e-mail address with only the letters a to z before the @: mail "
    "to other letters is often lost.";

static bool
bytes_are_ascii(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] >= 0x80)
			return false;
	return true;
}

/* A dot-atom: RFC 5322, 3.2.3. */
static bool
is_local(const char *s, size_t n)
{
	static const char atoms[] = LETTERS DIGITS "!#$%&'*+-/=?^_`{|}~.";

	return n > 0 && n <= LOCAL_MAX && strspn(s, atoms) >= n &&
	       s[0] != '.' && s[n - 1] != '.' && !memmem(s, n, "..", 2);
}

/* IDNA drops some invisible characters, so a domain with them would look and
 * compare like one without. Refuse every invisible character. */
static bool
shows_every_letter(const char *s)
{
	char letter[5];
	size_t n;

	for (; *s; s += n) {
		n = 1;
		while (n < 4 && ((unsigned char)s[n] & 0xc0) == 0x80)
			n++;
		memcpy(letter, s, n);
		letter[n] = '\0';
		if (!text_is_visible(letter))
			return false;
	}
	return true;
}

/* Host names: RFC 1123, 2.1. The last label of an IP address is a number. */
static bool
is_host(const char *s, enum address_host host)
{
	size_t labels = 0, n;
	bool number = false;

	for (;; s += n + 1) {
		n = strcspn(s, ".");
		if (n == 0 || n > LABEL_MAX ||
		    strspn(s, LETTERS DIGITS "-") < n || s[0] == '-' ||
		    s[n - 1] == '-')
			return false;
		labels++;
		number = strspn(s, DIGITS) >= n;
		if (!s[n])
			break;
	}
	return !number && (labels > 1 || host == HOST_OF_ANY_KIND);
}

/* Writes the domain after the first `at` bytes of `out`. */
static bool
read_domain(char out[ADDRESS_MAX + 1], size_t at, const char *domain,
	    enum address_host host)
{
	uint8_t *ascii = NULL;
	size_t n;
	bool ok;

	if (!shows_every_letter(domain) ||
	    idn2_lookup_u8((const uint8_t *)domain, &ascii,
			   IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
		return false;
	n = strlen((char *)ascii);
	ok = at + n <= ADDRESS_MAX && is_host((char *)ascii, host);
	if (ok)
		memcpy(out + at, ascii, n + 1);
	idn2_free(ascii);
	return ok;
}

const char *
address_read(char out[ADDRESS_MAX + 1], const char *text,
	     enum address_host host)
{
	const char *s = text + strspn(text, SPACE), *at = strchr(s, '@');
	size_t n = strlen(s), local = at ? (size_t)(at - s) : 0;
	char domain[4 * ADDRESS_MAX + 1];

	*out = '\0';
	while (n && strchr(SPACE, s[n - 1]))
		n--;
	if (!at || n - local - 1 >= sizeof(domain))
		return not_valid;
	if (!bytes_are_ascii(s, local))
		return not_ascii;
	if (!is_local(s, local))
		return not_valid;
	memcpy(domain, at + 1, n - local - 1);
	domain[n - local - 1] = '\0';
	memcpy(out, s, local + 1);
	out[local + 1] = '\0';
	if (read_domain(out, local + 1, domain, host))
		return NULL;
	*out = '\0';
	return not_valid;
}

const char *
account_key(struct arena *a, const char *name)
{
	char *key = arena_strdup(a, name);

	for (char *p = key; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return key;
}

const char *
address_key(struct arena *a, const char *address)
{
	char kept[ADDRESS_MAX + 1];

	return account_key(
	    a, address_read(kept, address, HOST_OF_ANY_KIND) ? address : kept);
}
