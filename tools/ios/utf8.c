// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The characters of a text (RFC 3629).
 */
#include <stdint.h>
#include <string.h>

#include "utf8.h"

size_t utf8_length(const char *s, size_t len)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t n, i;
	uint32_t c;

	if (!len)
		return 0;
	if (u[0] < 0x80)
		return 1;
	n = u[0] >= 0xf0 && u[0] < 0xf5 ? 4 : u[0] >= 0xe0 ? 3 : u[0] >= 0xc2 ? 2 : 0;
	if (!n || u[0] > 0xf4 || n > len)
		return 0;
	c = u[0] & (0x7f >> n);
	for (i = 1; i < n; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (u[i] & 0x3f);
	}
	/* too long a form, a surrogate, or beyond Unicode */
	if ((n == 3 && c < 0x800) || (n == 4 && (c < 0x10000 || c > 0x10ffff)) ||
	    (c >= 0xd800 && c < 0xe000))
		return 0;
	return n;
}

bool utf8_harmless(const char *s, size_t n)
{
	/* U+0080 to U+009F, and those that turn the direction of a text: U+202A to U+202E, U+2066 to U+2069 */
	if (n == 2)
		return s[0] != '\xc2' || s[1] >= '\xa0';
	if (n == 3 && !memcmp(s, "\xe2\x80", 2))
		return s[2] < '\xaa' || s[2] > '\xae';
	if (n == 3 && !memcmp(s, "\xe2\x81", 2))
		return s[2] < '\xa6' || s[2] > '\xa9';
	return n > 1 || (n && *s >= ' ' && *s <= '~');
}
