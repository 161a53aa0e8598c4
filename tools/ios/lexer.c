// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines and words. The text stays where it is and is never changed: words are
 * pieces of it, so that no second copy of a key is made here.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "parse.h"
#include "utf8.h"

/* What a pager's prompt and the blanks that take it away have, where the rest was lost. */
#define MORE_COLUMNS 18

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/*
 * Bytes of the blank that @s starts with; 0 when it is none. Web pages and word
 * processors have more of them: U+00A0 (also as Latin-1), U+2000 to U+200F,
 * U+202F, U+3000 and U+FEFF.
 */
static size_t blank_at(const char *s, const char *end)
{
	size_t len = end - s;

	if (blank(*s))
		return 1;
	if (*s == '\xa0')
		return 1;
	if (len >= 2 && !memcmp(s, "\xc2\xa0", 2))
		return 2;
	if (len < 3)
		return 0;
	if (!memcmp(s, "\xe2\x80", 2))
		return (unsigned char)s[2] <= 0x8f || s[2] == '\xaf' ? 3 : 0;
	return !memcmp(s, "\xe3\x80\x80", 3) || !memcmp(s, "\xef\xbb\xbf", 3) ? 3 : 0;
}

/* The first byte that is of no blank. */
static const char *skip_blanks(const char *s, const char *end)
{
	size_t n;

	while (s < end && (n = blank_at(s, end)))
		s += n;
	return s;
}

/* The end of a word, which goes by characters: a byte of one may look like a blank. */
static const char *skip_word_bytes(const char *s, const char *end)
{
	size_t n;

	while (s < end && !blank_at(s, end)) {
		n = (signed char)*s >= 0 ? 1 : utf8_length(s, end - s);
		s += n ? n : 1;
	}
	return s;
}

/* The end without the blanks before it; that of Latin-1 may be part of a character there. */
static const char *trim_blanks(const char *s, const char *end)
{
	size_t n = 1;

	for (; n && end > s; end -= n)
		for (n = 3; n && ((size_t)(end - s) < n || end[-n] == '\xa0' ||
				  blank_at(end - n, end) != n); n--)
			;
	return end;
}

/* Whether a blank of three bytes takes no room: U+200B to U+200F and U+FEFF. */
static bool no_width(const char *s)
{
	return s[0] == '\xef' || (!memcmp(s, "\xe2\x80", 2) && s[2] >= '\x8b' && s[2] <= '\x8f');
}

/* The column that the cursor of a terminal is in after a text, with a tab stop every 8. */
static size_t columns(const char *s, const char *end)
{
	size_t n = 0, bytes;

	for (; s < end; s += bytes) {
		bytes = blank_at(s, end);
		if (*s == '\t')
			n = (n / 8 + 1) * 8;
		else if (*s == '\r')
			n = 0;
		else
			n += bytes < 3 || !no_width(s);
		bytes += !bytes;
	}
	return n;
}

/*
 * The blanks that a line begins with, and what a pager left among them: the
 * prompt " --More-- ", which IOS takes away with blanks between carriage returns. Between
 * backspaces it does not come here (screen.c). A text without those keeps the blanks.
 */
static const char *skip_indent(struct line *line, const char *text, const char *end)
{
	static const char *const more[] = { "--More--", "<--- More --->" };
	const char *s = skip_blanks(text, end);
	bool paged = false;
	size_t i, len;

	for (i = 0; !paged && i < ARRAY_SIZE(more); i++) {
		len = strlen(more[i]);
		paged = (size_t)(end - s) >= len && !memcmp(s, more[i], len);
		if (paged)
			s = skip_blanks(s + len, end);
	}
	line->indent = columns(text, s);
	if (paged && !memchr(text, '\r', s - text))
		line->indent -= line->indent < MORE_COLUMNS ? line->indent : MORE_COLUMNS;
	return s;
}

/* After "(MODE)#", or in print "(MODE) #", which tells whether the line is in a section; NULL when it is not there. */
static const char *skip_mode(struct line *line, const char *s, const char *end)
{
	const char *mode = s + 1, *at = mode, *sharp;

	if (s == end || *s != '(')
		return NULL;
	while (at < end && (isalnum((unsigned char)*at) || *at == '-'))
		at++;
	sharp = at < end && *at == ')' ? skip_blanks(at + 1, end) : end;
	if (sharp == end || *sharp != '#')
		return NULL;
	/* with a long name of the router it is cut off */
	line->indent = at - mode > 6 || memcmp(mode, "config", at - mode);
	return sharp + 1;
}

/*
 * In print there may be a blank before the mode: "Router (config)#". The name is one then, and no word that
 * a text follows. Return: where the mode may be
 */
static const char *print_mode(const char *name, const char *at, const char *end)
{
	const char *mode = skip_blanks(at, end), *c;

	if (at == name || (at - name > 2 && (!strncasecmp(name, "des", 3) || !strncasecmp(name, "rem", 3))))
		return at;
	for (c = name; c < at; c++)
		if (!isalnum((unsigned char)*c) && !(*c && strchr("-_.", *c)))
			return at;
	return isupper((unsigned char)*name) && end - mode > 5 &&
	       (!memcmp(mode, "(conf", 5) || !memcmp(mode, "(cfg-", 5)) ? mode : at;
}

/*
 * The prompt in front of a line that was copied from a terminal: "R1#",
 * "R1>", "R1(config)#", "R1(config-if)#". What follows the first two, at the start of a line, is
 * no configuration; the others say whether the line is in a section, which goes
 * to the indentation that the terminal did not show. Before a mode the name
 * may have any characters.
 *
 * Return: the first byte of the command.
 */
static const char *skip_prompt(struct line *line, const char *s, const char *end)
{
	const char *at = s, *mode, *after;

	line->exec = false;
	line->prompt = false;
	/* a comment, whatever it is about */
	if (s < end && (*s == '!' || *s == '#' || (end - s > 1 && !memcmp(s, "//", 2))))
		return s;
	while (at < end && (isalnum((unsigned char)*at) || (*at && strchr("-_./:@", *at))))
		at++;
	line->exec = !line->indent && at > s && at < end && (*at == '#' || *at == '>');
	while (!line->exec && at < end && *at != '(' && !blank_at(at, end))
		at++;
	mode = print_mode(s, at, end);
	/* in print also without a name */
	after = line->exec ? at + 1 :
		at > s || (end - s > 5 && !memcmp(s, "(conf", 5)) ? skip_mode(line, mode, end) : NULL;
	line->prompt = after;
	return after ? skip_blanks(after, end) : s;
}

const char *line_split(struct line *line, const char *text, size_t len, char newline)
{
	const char *end = memchr(text, newline, len);
	const char *after = end ? end + 1 : text + len;
	const char *s;

	end = trim_blanks(text, end ? end : text + len);
	s = skip_indent(line, text, end);
	s = skip_prompt(line, s, end);
	line->end = end;
	line->n = 0;
	line->more = false;
	while (s < end) {
		const char *word = s;

		if (line->n == LINE_WORDS) {
			line->more = true;
			break;
		}
		s = skip_word_bytes(s, end);
		line->tok[line->n].s = word;
		line->tok[line->n++].len = s - word;
		s = skip_blanks(s, end);
	}
	line->comment = line->n && tok_comment(&line->tok[0]);
	if (line->comment)
		line->n = 0;
	return after;
}

/* IOS knows "!" at the start of a line only, but people write all of these anywhere. */
bool tok_comment(const struct tok *t)
{
	return t->s[0] == '!' || t->s[0] == '#' || (t->len >= 2 && !memcmp(t->s, "//", 2));
}

bool tok_is(const struct tok *t, const char *word)
{
	return t && strlen(word) == t->len && !strncasecmp(t->s, word, t->len);
}

bool tok_digits(const struct tok *t)
{
	size_t i;

	if (!t)
		return false;
	for (i = 0; i < t->len; i++)
		if (t->s[i] < '0' || t->s[i] > '9')
			return false;
	return t->len;
}

bool tok_number(const struct tok *t, uint64_t *value)
{
	size_t i;

	if (!tok_digits(t) || t->len > 18)
		return false;
	*value = 0;
	for (i = 0; i < t->len; i++)
		*value = *value * 10 + (t->s[i] - '0');
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_bytes(const char *s, size_t len, uint8_t *bytes)
{
	int high, low;
	size_t i;

	for (i = 0; i + 1 < len; i += 2) {
		high = hex_digit(s[i]);
		low = hex_digit(s[i + 1]);
		if (high < 0 || low < 0)
			return false;
		if (bytes)
			bytes[i / 2] = high << 4 | low;
	}
	return i == len;
}

bool tok_ipv4(const struct tok *t, struct in_addr *addr)
{
	char text[INET_ADDRSTRLEN];

	if (!t || t->len >= sizeof(text))
		return false;
	memcpy(text, t->s, t->len);
	text[t->len] = '\0';
	return inet_pton(AF_INET, text, addr) == 1;
}

bool tok_ipv6(const struct tok *t, struct in6_addr *addr)
{
	char text[INET6_ADDRSTRLEN];

	if (!t || t->len >= sizeof(text))
		return false;
	memcpy(text, t->s, t->len);
	text[t->len] = '\0';
	return inet_pton(AF_INET6, text, addr) == 1;
}

bool tok_prefix6(const struct tok *t, struct ios_addr *addr, unsigned int *prefix)
{
	const char *slash = t ? memchr(t->s, '/', t->len) : NULL;
	struct ios_addr wild;
	struct tok part;
	uint64_t bits;

	if (!slash)
		return false;
	part = (struct tok){ .s = slash + 1, .len = t->s + t->len - slash - 1 };
	if (!tok_number(&part, &bits) || bits > 128)
		return false;
	part = (struct tok){ .s = t->s, .len = slash - t->s };
	if (!tok_ipv6(&part, &addr->v6))
		return false;
	addr->family = AF_INET6;
	*prefix = bits;
	wild = ios_wild(AF_INET6, bits);
	ios_addr_mask(addr, &wild);
	return true;
}

bool tok_word(const struct tok *t)
{
	const char *end = t->s + t->len;

	return t->len && skip_word_bytes(t->s, end) == end;
}

bool tok_text(const struct tok *t)
{
	size_t at, n;

	for (at = 0; at < t->len; at += n) {
		n = utf8_length(t->s + at, t->len - at);
		if (!utf8_harmless(t->s + at, n))
			return false;
	}
	return true;
}
