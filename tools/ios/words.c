// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What every part of the grammar needs: stepping through the words of a line,
 * matching keywords by table, and saying what is wrong.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "parse.h"
#include "utf8.h"

const struct tok *tok_raw(const struct parser *p)
{
	return p->pos < p->line.n ? &p->line.tok[p->pos] : NULL;
}

const struct tok *tok_peek(const struct parser *p)
{
	const struct tok *t = tok_raw(p);

	return t && !tok_comment(t) ? t : NULL;
}

const struct tok *tok_next(struct parser *p)
{
	const struct tok *t = tok_peek(p);

	p->pos += t ? 1 : 0;
	return t;
}

const char *shown(struct parser *p, const struct tok *t)
{
	char *buf = p->shown[p->shown_next++ % ARRAY_SIZE(p->shown)];
	size_t at = 0, i = 0, n, max = sizeof(p->shown[0]) - 4;

	for (; at < t->len; at += n ? n : 1) {
		n = utf8_length(t->s + at, t->len - at);
		if (i + n > max || i == max)
			break;
		if (utf8_harmless(t->s + at, n)) {
			memcpy(buf + i, t->s + at, n);
			i += n;
		} else {
			buf[i++] = '?';
		}
	}
	strcpy(buf + i, at < t->len ? "..." : "");
	return buf;
}

const char *rest_of_line(struct parser *p, size_t *len)
{
	const struct tok *t = tok_raw(p);

	*len = t ? (size_t)(p->line.end - t->s) : 0;
	p->pos = p->line.n;
	p->line.more = false;
	return t ? t->s : NULL;
}

void no_memory(struct parser *p)
{
	p->nomem = true;
	p->failed = true;
}

void p_warn(struct parser *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (ios_vdiag(p->cfg, IOS_WARNING, p->line.no, fmt, ap))
		no_memory(p);
	va_end(ap);
}

void p_fail(struct parser *p, const char *fmt, ...)
{
	va_list ap;

	if (p->failed)
		return;
	p->failed = true;
	va_start(ap, fmt);
	if (p->in_acl ? problem_acl(p, p->in_acl, fmt, ap) :
	    p->in_group ? problem_group(p->in_group, p->line.no, fmt, ap) :
			ios_vdiag(p->cfg, IOS_ERROR, p->line.no, fmt, ap))
		no_memory(p);
	va_end(ap);
}

/* Bytes of the noun that a text begins with: of "a group: 1, 2 or 5" and "a tag (1-9)" the first two words */
static int noun_length(const char *text)
{
	size_t n = strcspn(text, ":(");

	return text[n] == '(' && n ? n - 1 : n;
}

void p_expected(struct parser *p, const struct tok *t, const char *fmt, ...)
{
	char what[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (t)
		p_fail(p, "unexpected '%s'; expected %s", shown(p, t), what);
	else
		p_fail(p, "the line ends where %.*s was expected%s", noun_length(what), what,
		       what + noun_length(what));
}

const struct kw *kw_match(const struct kw *table, size_t n, const struct tok *t, bool *ambiguous)
{
	const struct kw *found = NULL;
	size_t i;

	*ambiguous = false;
	if (!t)
		return NULL;
	for (i = 0; i < n; i++) {
		if (tok_is(t, table[i].word)) {
			*ambiguous = false;
			return &table[i];
		}
		if (t->len < table[i].min || t->len > strlen(table[i].word) ||
		    strncasecmp(t->s, table[i].word, t->len))
			continue;
		if (found)
			*ambiguous = true;
		found = &table[i];
	}
	return *ambiguous ? NULL : found;
}

const struct kw *kw_peek(struct parser *p, const struct kw *table, size_t n, bool *ambiguous)
{
	offer_keywords(p, table, n);
	return kw_match(table, n, tok_peek(p), ambiguous);
}

/* "a, b (1-9) or c" */
static void write_list(char *buf, size_t size, const struct offered *v, size_t n)
{
	size_t i, at = 0;

	for (i = 0; i < n && at < size; i++) {
		at += snprintf(buf + at, size - at, "%s%s", !i ? "" : i + 1 < n ? ", " : " or ",
			       v[i].what);
		if (v[i].max && at < size)
			at += snprintf(buf + at, size - at, " (%llu-%llu)",
				       (unsigned long long)v[i].min, (unsigned long long)v[i].max);
	}
}

/* What else than the words of a table was offered in place of the next word. Return: how many */
static size_t offered_beside(const struct parser *p, const struct kw *table, size_t n,
			     struct offered *v)
{
	size_t i, j, found = 0;

	for (i = 0; p->offered_at == p->pos && i < p->n_offered; i++) {
		for (j = 0; j < n && strcmp(table[j].word, p->offered[i].what); j++)
			;
		if (j == n)
			v[found++] = p->offered[i];
	}
	return found;
}

/* How many words of a table one is the beginning of. */
static size_t begun(const struct kw *table, size_t n, const struct tok *t)
{
	size_t i, count = 0;

	for (i = 0; i < n; i++)
		count += !strncasecmp(table[i].word, t->s, t->len) && t->len <= strlen(table[i].word);
	return count;
}

/* Reports the next word, which is none of a table, or several of it. */
static void kw_fail(struct parser *p, const struct kw *table, size_t n, bool ambiguous)
{
	const struct tok *t = tok_peek(p);
	struct offered v[2 * OFFERED_MAX] = { 0 };
	size_t found, i;
	char list[600];

	/* those that need more letters count as well */
	ambiguous |= t && begun(table, n, t) > 1;
	found = t && !ambiguous ? offered_beside(p, table, n, v) : 0;
	for (i = 0; i < n && found < ARRAY_SIZE(v); i++)
		if (!ambiguous || !strncasecmp(table[i].word, t->s, t->len))
			v[found++] = (struct offered){ .what = table[i].word };
	write_list(list, sizeof(list), v, found);
	if (ambiguous)
		p_fail(p, "'%s' is ambiguous: %s", shown(p, t), list);
	else
		p_expected(p, t, "%s%s", !t && n > 1 ? "one of " : "", list);
}

const struct kw *kw_next(struct parser *p, const struct kw *table, size_t n)
{
	const struct kw *kw;
	bool ambiguous;

	kw = kw_peek(p, table, n, &ambiguous);
	if (!kw)
		kw_fail(p, table, n, ambiguous);
	tok_next(p);
	return kw;
}

void kw_run_next(struct parser *p, const struct kw *table, size_t n)
{
	const struct kw *kw = kw_next(p, table, n);

	if (kw)
		kw->run(p);
}

bool kw_run(struct parser *p, const struct kw *table, size_t n)
{
	const struct kw *kw;
	bool ambiguous;

	kw = kw_peek(p, table, n, &ambiguous);
	tok_next(p);
	if (kw)
		kw->run(p);
	return kw;
}

bool known_slip(struct parser *p, const struct slip *table, size_t n)
{
	const struct tok *t = tok_peek(p);
	size_t i;

	for (i = 0; t && i < n; i++) {
		if (!tok_is(t, table[i].word))
			continue;
		p_fail(p, "unexpected '%s', %s", shown(p, t), table[i].instead);
		return true;
	}
	return false;
}

bool skip_word(struct parser *p, const char *word, unsigned int min)
{
	const struct kw kw = { .word = word, .min = min };
	bool ambiguous;

	if (!kw_match(&kw, 1, tok_peek(p), &ambiguous))
		return false;
	p->pos++;
	return true;
}

bool option_word(struct parser *p, const char *word, unsigned int min, const char *help)
{
	offer_word(p, word, help);
	return skip_word(p, word, min);
}

bool next_number(struct parser *p, const char *what, uint64_t min, uint64_t max, uint32_t *value)
{
	const struct tok *t = tok_next(p);
	uint64_t number;

	if (!t)
		offer_number(p, min, max, what);
	if (!tok_number(t, &number) || number < min || number > max) {
		p_expected(p, t, "%s (%llu-%llu)", what, (unsigned long long)min,
			   (unsigned long long)max);
		return false;
	}
	*value = number;
	return true;
}

bool next_name(struct parser *p, const char *what, char name[IOS_NAME_MAX + 1])
{
	const struct tok *t = tok_next(p);

	if (!t) {
		offer_value(p, "WORD", what);
		p_expected(p, t, "%s", what);
		return false;
	}
	if (t->len > IOS_NAME_MAX) {
		p_fail(p, "'%s' is too long: %s has at most %d characters", shown(p, t), what,
		     IOS_NAME_MAX);
		return false;
	}
	if (!tok_text(t)) {
		p_fail(p, "'%s': %s must be UTF-8 text without control characters", shown(p, t),
		       what);
		return false;
	}
	memcpy(name, t->s, t->len);
	name[t->len] = '\0';
	return true;
}

bool next_ipv4(struct parser *p, const char *what, struct in_addr *addr)
{
	const struct tok *t = tok_next(p);

	if (tok_ipv4(t, addr))
		return true;
	if (!t)
		offer_value(p, "A.B.C.D", what);
	if (t && memchr(t->s, '/', t->len))
		p_expected(p, t, "%s: IOS writes an address and a mask, not a prefix length", what);
	else
		p_expected(p, t, "%s", what);
	return false;
}

bool next_ipv6(struct parser *p, const char *what, struct in6_addr *addr)
{
	const struct tok *t = tok_next(p);

	if (tok_ipv6(t, addr))
		return true;
	if (!t)
		offer_value(p, "X:X:X:X::X", what);
	p_expected(p, t, "%s", what);
	return false;
}

bool next_addr(struct parser *p, const char *what, struct ios_addr *addr)
{
	offer_value(p, "X:X:X:X::X", "an IPv6 address");
	*addr = (struct ios_addr){ .family = AF_INET6 };
	if (tok_ipv6(tok_peek(p), &addr->v6)) {
		tok_next(p);
		return true;
	}
	*addr = (struct ios_addr){ .family = AF_INET };
	return next_ipv4(p, what, &addr->v4);
}

bool looks_like_host(const struct tok *t)
{
	if (memchr(t->s, ':', t->len))
		return false;
	return (t->s[0] >= 'a' && t->s[0] <= 'z') || (t->s[0] >= 'A' && t->s[0] <= 'Z');
}

/* What is not text becomes '?': a description in another character set is no error. */
static void clean_text(char *text, size_t len)
{
	size_t at, n;

	for (at = 0; at < len; at += n) {
		n = utf8_length(text + at, len - at);
		if (!utf8_harmless(text + at, n)) {
			text[at] = text[at] == '\t' ? ' ' : '?';
			n = 1;
		}
	}
}

bool next_text(struct parser *p, const char *what, char **text)
{
	size_t len;
	const char *s = rest_of_line(p, &len);
	char *copy;

	if (!len) {
		offer_value(p, "LINE", what);
		p_expected(p, NULL, "%s", what);
		return false;
	}
	if (len > IOS_TEXT_MAX) {
		p_fail(p, "%s has %zu bytes; at most %d are possible", what, len, IOS_TEXT_MAX);
		return false;
	}
	copy = calloc(1, len + 1);
	if (!copy) {
		no_memory(p);
		return false;
	}
	memcpy(copy, s, len);
	clean_text(copy, len);
	free(*text);
	*text = copy;
	return true;
}

bool end_of_line(struct parser *p)
{
	const struct tok *t = tok_peek(p);
	char list[600];

	if (p->failed)
		return false;
	offer_end(p);
	if (!t && (!p->line.more || p->pos < p->line.n))
		return true;
	if (t) {
		write_list(list, sizeof(list), p->offered, p->n_offered);
		p_expected(p, t, "%s", list);
	} else {
		p_fail(p, "the line has more than %d words", LINE_WORDS);
	}
	return false;
}

void unsupported(struct parser *p, const char *what)
{
	if (!p->negate)
		p_warn(p, "%s not supported in this version and left out", what);
	p->cfg->n_skipped += p->interactive;
	p->failed = true;
}

void unsupported_setting(struct parser *p, const char *before, const char *behind)
{
	char what[160];

	snprintf(what, sizeof(what), "%s%s%s is", before, shown(p, &p->line.tok[p->pos - 1]), behind);
	unsupported(p, what);
}
