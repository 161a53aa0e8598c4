// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines that are no commands where they stand: words of ours that are
 * misspelled, log lines in the middle of a text that was pasted, and commands
 * that a section about something else would swallow.
 *
 * A line that is skipped in silence may be the one that protects.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "parse.h"
#include "utf8.h"

#define WORD_MAX 16

/*
 * How many letters of two words differ; two that changed places count once
 * (optimal string alignment).
 */
static unsigned int distance(const struct tok *t, const char *word)
{
	unsigned int d[WORD_MAX + 3][WORD_MAX + 1], change;
	size_t n = strlen(word), i, j;

	if (t->len > n + 2 || n > WORD_MAX)
		return WORD_MAX;
	for (i = 0; i <= t->len; i++)
		d[i][0] = i;
	for (j = 0; j <= n; j++)
		d[0][j] = j;
	for (i = 1; i <= t->len; i++) {
		for (j = 1; j <= n; j++) {
			char a = tolower((unsigned char)t->s[i - 1]), b = word[j - 1];

			change = d[i - 1][j - 1] + (a != b);
			if (d[i - 1][j] + 1 < change)
				change = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < change)
				change = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a == word[j - 2] &&
			    tolower((unsigned char)t->s[i - 2]) == b && d[i - 2][j - 2] + 1 < change)
				change = d[i - 2][j - 2] + 1;
			d[i][j] = change;
		}
	}
	return d[t->len][n];
}

/* Likewise, a dash of a word processor is one wrong letter; words of few letters are all alike. */
static bool nearly(const struct tok *t, const char *word)
{
	char letters[WORD_MAX + 3];
	struct tok plain = { .s = letters };
	unsigned int d;
	size_t at, n;

	if (!t || t->len < 5)
		return false;
	for (at = 0; at < t->len && plain.len < sizeof(letters); at += n) {
		n = utf8_length(t->s + at, t->len - at);
		letters[plain.len++] = n > 1 ? '?' : t->s[at];
		n += !n;
	}
	d = distance(&plain, word);
	return d && d <= 2;
}

bool misspelled(struct parser *p, const struct tok *t, const char *word)
{
	if (!nearly(t, word))
		return false;
	p_fail(p, "unknown word '%s'; is %s meant?", shown(p, t), word);
	return true;
}

/* A slip in what comes before access-list; "ipx" is none. */
static bool misspelled_family(struct parser *p, const struct tok *t, const struct tok *second)
{
	if (!second || (!tok_is(second, "access-list") && !nearly(second, "access-list")) ||
	    tok_is(t, "ipx") || (distance(t, "ip") > 1 && distance(t, "ipv6") > 2))
		return false;
	p_fail(p, "unknown word '%s'; is ip or ipv6 meant?", shown(p, t));
	return true;
}

/*
 * Steps over a word of an expected list, "a, b or c", which is copied to @word.
 * Return: what follows it, NULL at the end
 */
static const char *next_expected(const char *s, char word[WORD_MAX + 1])
{
	size_t n;

	s += strspn(s, ", ");
	n = strcspn(s, ", ");
	if (!n)
		return NULL;
	snprintf(word, WORD_MAX + 1, "%.*s", (int)n, s);
	return s + n;
}

/* A slip in a word of a section; of short words one letter may be wrong. */
static bool slip_of(struct parser *p, const struct tok *t, const char *word)
{
	size_t n = strlen(word);
	unsigned int d = n < 3 || t->len < 2 ? WORD_MAX : distance(t, word);

	if (!d || d > (n < 6 ? 1 : 2))
		return false;
	p_fail(p, "unknown word '%s'; is %s meant?", shown(p, t), word);
	return true;
}

/* "permitip", "setpeer": what the words of these sections have behind them never makes another one */
static bool glued(struct parser *p, const struct tok *t)
{
	static const char *const words[] = { "permit", "deny", "match", "set", NULL };
	static const char *const netdev[] = { "netdev", NULL };
	const char *const *word;

	if (p->mode != MODE_ACL && p->mode != MODE_ENTRY && p->mode != MODE_INTERFACE)
		return false;
	for (word = p->mode == MODE_INTERFACE ? netdev : words; *word; word++) {
		if (t->len <= strlen(*word) || strncasecmp(t->s, *word, strlen(*word)))
			continue;
		p_fail(p, "unknown word '%s'; a blank is missing after %s", shown(p, t), *word);
		return true;
	}
	return false;
}

/* Whether ports follow a word, or those of the source. */
static bool before_ports(const struct parser *p)
{
	static const char *const words[] = { "eq", "gt", "lt", "neq", "range", "source" };
	const struct tok *next = p->pos + 1 < p->line.n ? &p->line.tok[p->pos + 1] : NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (tok_is(next, words[i]))
			return true;
	return tok_digits(next) && p->pos + 2 == p->line.n;
}

/* A slip in a protocol that has ports, which are short words: others are near "cdp" and "vtp". */
static bool misspelled_protocol(struct parser *p, const struct tok *t)
{
	return p->mode == MODE_GROUP && p->group->service && before_ports(p) &&
	       (slip_of(p, t, "tcp") || slip_of(p, t, "udp") || slip_of(p, t, "tcp-udp"));
}

bool misspelled_command(struct parser *p, const char *expected)
{
	const struct tok *t = tok_peek(p);
	char word[WORD_MAX + 1];

	if (!t)
		return false;
	if (glued(p, t) || misspelled_protocol(p, t) ||
	    (p->mode == MODE_POLICY && slip_of(p, t, "encr")))
		return true;
	while ((expected = next_expected(expected, word)))
		if (slip_of(p, t, word))
			return true;
	return false;
}

bool misspelled_binding(struct parser *p)
{
	const struct tok *t = &p->line.tok[p->pos];
	size_t n = p->line.n - p->pos, i;

	if (tok_is(t, "description"))
		return false;
	if (n == 3 && tok_is(t, "ipv6") && tok_is(&t[1], "map")) {
		p_fail(p, "unexpected 'map'; expected crypto");
		return true;
	}
	if (n == 3 && tok_is(t, "ipsec") && tok_is(&t[1], "map")) {
		p_fail(p, "unexpected 'ipsec'; expected crypto map or ipv6 crypto map");
		return true;
	}
	for (i = 0; i < 3 && i + 1 < n; i++) {
		if (!tok_is(&t[i + 1], "map") || (!tok_is(&t[i], "crypto") && !nearly(&t[i], "crypto")))
			continue;
		if (!tok_is(&t[i], "crypto"))
			return misspelled(p, &t[i], "crypto");
		if (!i)
			return false;
		p_fail(p, "unexpected '%s'; expected crypto map or ipv6 crypto map",
		       shown(p, tok_is(t, "ipv6") ? &t[1] : t));
		return true;
	}
	return false;
}

/* What follows @word in a word that begins with it, and a mark in between: "-map" of "crypto-map" */
static bool joined(const struct tok *t, const char *word, struct tok *rest)
{
	size_t len = strlen(word);

	if (t->len <= len || strncasecmp(t->s, word, len))
		return false;
	*rest = (struct tok){ .s = t->s + len, .len = t->len - len };
	if (strchr("-_.:/,", *rest->s)) {
		rest->s++;
		rest->len--;
	}
	return rest->len;
}

/* Whether a word is one that follows the name or number of an access list. */
static bool list_word(const struct tok *t)
{
	static const char *const words[] = { "deny", "extended", "permit", "remark", "standard" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (tok_is(t, words[i]))
			return true;
	return false;
}

/* A word of ours and one of those that follow it, with something else than a blank between them, or nothing */
static bool missing_blank(struct parser *p, const struct tok *t)
{
	static const struct {
		const char *word;
		const char *next[5];
	} table[] = {
		{ "access-list", { "extended", "resequence", "standard" } },
		{ "ip", { "access-list" } },
		{ "ipv6", { "access-list", "crypto" } },
		{ "object-group", { "network", "service", "v6-network", "v6-service" } },
	};
	static const char crypto[] = "crypto", list[] = "access-list";
	const char *word = NULL, *const *next;
	struct tok rest;
	size_t i;

	if (!t)
		return false;
	/* "crypto-engine" is a word of IOS */
	if (joined(t, crypto, &rest) && rest.len > 2 &&
	    (isalnum((unsigned char)t->s[strlen(crypto)]) ? crypto_word(&rest) : crypto_own_word(&rest)))
		word = crypto;
	if (joined(t, list, &rest) && (tok_digits(&rest) || (t + 1 < &p->line.tok[p->line.n] && list_word(t + 1))))
		word = list;
	for (i = 0; !word && i < ARRAY_SIZE(table); i++) {
		if (!joined(t, table[i].word, &rest))
			continue;
		for (next = table[i].next; *next; next++)
			if (tok_is(&rest, *next))
				word = table[i].word;
	}
	if (word)
		p_fail(p, "unknown word '%s'; a blank is missing after %s", shown(p, t), word);
	return word;
}

/* "ip extended A", "ip ip access-list extended A": a word that is missing, or is too much */
static bool list_words(struct parser *p, const struct tok *t)
{
	static const char *const kinds[] = { "extended", "resequence", "standard", NULL };
	size_t n = p->line.n - p->pos, i;

	for (i = 0; n > 2 && tok_is(t, "ip") && kinds[i]; i++) {
		if (tok_is(&t[1], kinds[i]))
			p_fail(p, "unexpected '%s'; expected access-list", kinds[i]);
		else if (n > 3 && tok_is(&t[2], "access-list") && tok_is(&t[3], kinds[i]))
			p_expected(p, &t[1], "access-list");
	}
	if (n > 2 && tok_is(t, "ipv6") && tok_is(&t[1], "ipv6") && tok_is(&t[2], "access-list"))
		p_fail(p, "unexpected 'ipv6'; expected access-list");
	return p->failed;
}

bool near_miss(struct parser *p)
{
	const struct tok *t = tok_peek(p), *second;

	/* "no ! comment" */
	if (!t)
		return false;
	p->pos++;
	second = tok_peek(p);
	p->pos--;
	if (p->mode == MODE_INTERFACE &&
	    (glued(p, t) || misspelled(p, t, "netdev") || misspelled_binding(p)))
		return true;
	if (tok_is(t, "ip") || tok_is(t, "ipv6"))
		return misspelled(p, second, "access-list") || missing_blank(p, second) ||
		       list_words(p, t);
	return misspelled(p, t, "access-list") || misspelled(p, t, "crypto") ||
	       misspelled(p, t, "interface") || misspelled(p, t, "object-group") ||
	       misspelled_family(p, t, second) || missing_blank(p, t);
}

/* %FACILITY-SEVERITY-MNEMONIC, as in every log line of IOS */
static bool log_word(const struct tok *t)
{
	const char *end = t->s + t->len, *s = t->s + 1;

	if (t->s[0] != '%')
		return false;
	while (s < end && (isupper((unsigned char)*s) || isdigit((unsigned char)*s) || *s == '_'))
		s++;
	return end - s > 3 && s[0] == '-' && isdigit((unsigned char)s[1]) && s[2] == '-';
}

bool cut_line(struct parser *p)
{
	static const char lost[] =
		"the beginning of this line is lost: the terminal was too narrow for it";

	if (p->line.tok[0].s[0] != '$' || (!p->line.prompt && p->line.tok[0].len == 1))
		return false;
	if (p->line.prompt)
		p_fail(p, "%s", lost);
	else
		p_warn(p, "%s; it is left out", lost);
	return true;
}

/* "*Mar  1 00:00:01.003:", with a number before it, which debug writes before its lines, too */
static bool log_time(const struct parser *p)
{
	static const char months[] = "jan feb mar apr may jun jul aug sep oct nov dec";
	const struct tok *t = p->line.tok, *end = t + p->line.n;
	char month[4] = "";

	if (t->len > 1 && t->s[t->len - 1] == ':' && isdigit((unsigned char)*t->s))
		t++;
	if (end - t < 3)
		return false;
	/* a mark where the clock is not set, or not synchronized */
	if (t->len - (*t->s == '*' || *t->s == '.') != 3)
		return false;
	memcpy(month, t->s + t->len - 3, 3);
	for (char *c = month; *c; c++)
		*c = tolower((unsigned char)*c);
	return strstr(months, month) && tok_digits(&t[1]) && memchr(t[2].s, ':', t[2].len);
}

bool log_line(const struct parser *p)
{
	size_t i;

	if (p->line.n && log_time(p))
		return true;
	for (i = 0; i < p->line.n; i++)
		if (log_word(&p->line.tok[i]))
			return true;
	return false;
}

bool wrapped_line(struct parser *p)
{
	static const char *const words[] = {
		"128", "192", "256", "any", "eq", "established", "gt", "host", "ipsec-isakmp", "ipsec-manual", "kilobytes", "log",
		"log-input", "lt", "neq", "no-xauth", "range", "seconds",
	};
	static const char *const transforms[] = { "ah-", "comp-lzs", "esp-" };
	const struct tok *t = &p->line.tok[0];
	struct ios_addr addr;
	unsigned int prefix;
	bool found;
	size_t i;

	if (p->interactive || !p->taken_line || p->line.no != p->taken_line + 1)
		return false;
	found = tok_ipv4(t, &addr.v4) || tok_ipv6(t, &addr.v6) || tok_prefix6(t, &addr, &prefix);
	for (i = 0; i < ARRAY_SIZE(words); i++)
		found |= tok_is(t, words[i]);
	for (i = 0; i < ARRAY_SIZE(transforms); i++)
		found |= t->len >= strlen(transforms[i]) && !strncasecmp(t->s, transforms[i], strlen(transforms[i]));
	if (found)
		p_fail(p, "'%s' is no command; is it the end of line %u?", shown(p, t), p->taken_line);
	return found;
}

bool stray_line(const struct parser *p)
{
	return !isalnum((unsigned char)p->line.tok[0].s[0]) || log_line(p);
}

bool entry_note(const struct parser *p)
{
	static const char *const begins[][4] = {
		{ "%", "NOTE:", "This", "new" }, { "and", "a", "valid", "access" },
		{ "%", "A", "profile", "is" },
	};
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(begins); i++) {
		for (j = 0; j < 4 && j < p->line.n && tok_is(&p->line.tok[j], begins[i][j]);)
			j++;
		if (j == 4)
			return true;
	}
	return false;
}

bool skip_one(struct parser *p, const char *const *words, unsigned int min)
{
	for (; *words; words++)
		if (skip_word(p, *words, min))
			return true;
	return false;
}

static bool resembles_entry(struct parser *p)
{
	static const char *const settings[] = {
		"isakmp-profile", "peer", "pfs", "security-association", "session-key",
		"transform-set", NULL,
	};

	if (skip_word(p, "match", 3))
		return skip_word(p, "address", 3);
	if (skip_word(p, "reverse-route", 8))
		return true;
	return skip_word(p, "set", 3) && skip_one(p, settings, 3);
}

/* Two addresses, as a network and a mask or the ends of a range, or PREFIX/LENGTH alone */
static bool resembles_network(struct parser *p)
{
	const struct tok *t = tok_next(p);
	struct in_addr addr;
	struct ios_addr net;
	unsigned int prefix;
	bool six = tok_prefix6(t, &net, &prefix);

	if (!six && (!tok_ipv4(t, &addr) || !(t = tok_next(p)) ||
		     (t->s[0] != '/' && !tok_ipv4(t, &addr))))
		return false;
	return !tok_peek(p);
}

/* A line of an object-group, but for a description, which many sections have. */
static bool resembles_member(struct parser *p, bool service)
{
	struct in6_addr six;
	struct in_addr addr;

	if (skip_word(p, "group-object", 5))
		return true;
	if (service)
		return (tok_is(tok_peek(p), "tcp") || tok_is(tok_peek(p), "udp") ||
			tok_is(tok_peek(p), "tcp-udp")) && before_ports(p);
	if (skip_word(p, "host", 4))
		return p->pos + 1 == p->line.n &&
		       (tok_ipv4(tok_peek(p), &addr) || tok_ipv6(tok_peek(p), &six));
	skip_word(p, "range", 5);
	return resembles_network(p);
}

static bool resembles_profile(struct parser *p)
{
	static const char *const whom[] = { "certificate", "identity", NULL };
	static const char *const others[] = { "keyring", "self-identity", NULL };

	if (skip_word(p, "initiate", 5))
		return skip_word(p, "mode", 2);
	if (skip_one(p, others, 5))
		return tok_peek(p);
	return skip_word(p, "match", 3) && skip_one(p, whom, 3);
}

/* FIELD co|eq|nc|ne VALUE of a certificate map */
static bool resembles_rule(struct parser *p)
{
	static const char *const fields[] = {
		"alt-subject-name", "issuer-name", "serial-number", "subject-name", NULL,
	};
	static const char *const compare[] = { "co", "eq", "nc", "ne", NULL };

	return skip_one(p, fields, 3) && skip_one(p, compare, 2) && tok_peek(p);
}

bool resembles(struct parser *p, enum mode mode, bool service)
{
	static const char *const actions[] = { "deny", "permit", "remark", NULL };
	static const char *const policy[] = {
		"authentication", "encryption", "group", "hash", "lifetime", NULL,
	};
	static const char *const modes[] = { "transport", "tunnel", NULL };
	size_t start = p->pos;
	bool found = false;

	switch (mode) {
	case MODE_ENTRY:
		found = resembles_entry(p);
		break;
	case MODE_ACL:
		skip_word(p, "sequence", 3);
		if (tok_digits(tok_peek(p)))
			p->pos++;
		found = skip_one(p, actions, 3);
		break;
	case MODE_POLICY:
		found = skip_one(p, policy, 3);
		break;
	case MODE_TSET:
		found = skip_word(p, "mode", 3) && skip_one(p, modes, 3);
		break;
	case MODE_GROUP:
		found = resembles_member(p, service);
		break;
	case MODE_PROFILE:
		found = resembles_profile(p);
		break;
	case MODE_CERT_MAP:
		found = resembles_rule(p);
		break;
	case MODE_KEYRING:
		found = skip_word(p, "pre-shared-key", 5);
		break;
	case MODE_INTERFACE:
		found = skip_word(p, "netdev", 6);
		break;
	case MODE_TOP:
	case MODE_SKIP:
	case MODE_PEER:
	case MODE_TRUSTPOINT:
	case MODE_CHAIN:
		break;
	}
	p->pos = start;
	return found;
}

/* ------------------------------------------------------------- forgotten first words */

/* Steps over a name. */
static bool skip_name(struct parser *p)
{
	return tok_next(p);
}

static bool skip_digits(struct parser *p)
{
	const struct tok *t = tok_next(p);

	return t && tok_digits(t);
}

/* What may follow a word of the domain that "crypto" belongs before. */
static bool isakmp_words(struct parser *p)
{
	static const char *const words[] = {
		"aggressive-mode", "enable", "fragmentation", "identity", "invalid-spi-recovery",
		"keepalive", "key", "nat", "peer", "policy", "profile", NULL,
	};

	return skip_one(p, words, 3);
}

static bool ipsec_words(struct parser *p)
{
	static const char *const words[] = {
		"df-bit", "fragmentation", "ipv4-deny", "nat-transparency", "security-association",
		"transform-set", NULL,
	};

	return skip_one(p, words, 3);
}

static bool pki_words(struct parser *p)
{
	static const char *const words[] = { "chain", "map", NULL };

	return skip_word(p, "certificate", 3) && skip_one(p, words, 3);
}

/* NAME TRANSFORM */
static bool tset_words(struct parser *p)
{
	static const char *const begins[] = { "ah-", "comp-lzs", "esp-" };
	const struct tok *t = skip_name(p) ? tok_next(p) : NULL;
	size_t i;

	for (i = 0; t && i < ARRAY_SIZE(begins); i++)
		if (t->len >= strlen(begins[i]) &&
		    !strncasecmp(t->s, begins[i], strlen(begins[i])))
			return true;
	return false;
}

static bool dynamic_words(struct parser *p)
{
	return skip_name(p) && skip_digits(p);
}

/* Whether a line is no deeper than the head of the section that it is in, and of no other one. */
static bool at_head(const struct parser *p)
{
	return p->line.indent <= p->indent && p->mode != MODE_SKIP;
}

/* NAME [vrf V]: what follows would be of nothing */
static bool keyring_words(struct parser *p)
{
	return skip_name(p) && (skip_word(p, "vrf", 3) || (at_head(p) && !tok_peek(p)));
}

/* KEY {address | hostname} A */
static bool key_words(struct parser *p)
{
	static const char *const whose[] = { "address", "hostname", NULL };

	return skip_name(p) && skip_one(p, whose, 4) && tok_peek(p);
}

static bool policy_words(struct parser *p)
{
	return at_head(p) && skip_digits(p) && !tok_peek(p);
}

/* NAME SEQ ipsec-isakmp */
static bool entry_words(struct parser *p)
{
	static const char *const kinds[] = { "gdoi", "ipsec-isakmp", "ipsec-manual", NULL };

	return dynamic_words(p) && skip_one(p, kinds, 4);
}

/* The same, NAME local-address, or only NAME on an interface */
static bool map_words(struct parser *p)
{
	size_t start = p->pos;

	if (entry_words(p))
		return true;
	p->pos = start;
	if (!skip_name(p))
		return false;
	return skip_word(p, "local-address", 5) || (p->mode == MODE_INTERFACE && !tok_peek(p));
}

/* permit|deny PROTOCOL SOURCE, with a number or without */
static bool entry_of_list(struct parser *p)
{
	static const char *const actions[] = { "deny", "permit", NULL };
	static const char *const protocols[] = { "esp", "gre", "icmp", "ip", "tcp", "udp", NULL };
	static const char *const sources[] = { "any", "host", "object-group", NULL };
	struct in_addr addr;

	p->pos += tok_digits(tok_peek(p));
	return skip_one(p, actions, 4) && skip_one(p, protocols, 2) &&
	       (tok_ipv4(tok_peek(p), &addr) || skip_one(p, sources, 3)) && tok_peek(p);
}

/* "acl 101 permit ip ...", "ess-list 101 permit ip ...", "line 7: access-list 101 permit ip ..." */
static bool misnamed_list(struct parser *p)
{
	const struct tok *t = tok_peek(p);
	size_t start = p->pos;
	uint64_t number;
	bool found;

	while (p->pos + 1 < p->line.n && !tok_is(&p->line.tok[p->pos], "access-list"))
		p->pos++;
	if (p->pos + 1 >= p->line.n)
		p->pos = start;
	p->pos++;
	/* "sequence 100 permit ..." is of a list by name */
	found = !tok_is(t, "sequence") && tok_number(tok_peek(p), &number) && acl_extended(number) &&
		entry_of_list(p);
	p->pos = start;
	if (found)
		p_expected(p, t, "access-list at the beginning of an entry of a list by number");
	return found;
}

bool forgotten_word(struct parser *p)
{
	static const struct {
		const char *word;
		unsigned int min;
		bool (*words)(struct parser *p);
		const char *meant;
	} table[] = {
		{ "dynamic-map", 8, dynamic_words, "crypto dynamic-map" },
		{ "ipsec", 4, ipsec_words, "crypto ipsec" },
		{ "isakmp", 3, isakmp_words, "crypto isakmp" },
		{ "key", 3, key_words, "crypto isakmp key" },
		{ "keyring", 7, keyring_words, "crypto keyring" },
		{ "map", 3, map_words, "crypto map" },
		{ "pki", 3, pki_words, "crypto pki" },
		{ "policy", 6, policy_words, "crypto isakmp policy" },
		{ "transform-set", 5, tset_words, "crypto ipsec transform-set" },
	};
	const struct tok *t = tok_peek(p);
	const char *meant = NULL;
	size_t start = p->pos, i;

	if (t && !tok_is(t, "description") && !tok_is(t, "remark") && misnamed_list(p))
		return true;
	for (i = 0; t && !meant && i < ARRAY_SIZE(table); i++, p->pos = start)
		if (skip_word(p, table[i].word, table[i].min) && table[i].words(p))
			meant = table[i].meant;
	if (t && !meant && tok_is(t, "ip") && ++p->pos && skip_word(p, "crypto", 6))
		meant = "crypto";
	p->pos = start;
	/* "VPN 10 ipsec-isakmp", with both words forgotten */
	if (t && !meant && !tok_is(t, "description") && !tok_is(t, "remark") && entry_words(p))
		meant = "crypto map";
	p->pos = start;
	/* without its map all of an interface passes in clear, without the entry what its list permits */
	if (meant && (p->mode == MODE_INTERFACE || !strcmp(meant, "crypto map")))
		p_fail(p, "'%s' is no command here; is %s meant?", shown(p, t), meant);
	else if (meant)
		p_warn(p, "'%s' is no command here; is %s meant? The line is left out",
		       shown(p, t), meant);
	return meant;
}

/* address|hostname A key K of a keyring */
static bool key_of_ring(struct parser *p)
{
	static const char *const words[] = { "address", "hostname", NULL };
	size_t i;

	if (!skip_word(p, "pre-shared-key", 7) || !skip_one(p, words, 4))
		return false;
	for (i = 0; i < 3 && tok_next(p); i++)
		if (skip_word(p, "key", 3))
			return tok_peek(p);
	return false;
}

bool forgotten_head(struct parser *p)
{
	size_t start = p->pos;
	const char *what = NULL;

	if (p->mode != MODE_TOP && p->mode != MODE_SKIP)
		return false;
	if (skip_word(p, "set", 3) && skip_word(p, "peer", 4) && tok_peek(p))
		what = "set peer belongs to an entry of a crypto map";
	p->pos = start;
	if (!what && key_of_ring(p))
		what = "pre-shared-key belongs to a keyring";
	p->pos = start;
	if (!what && entry_of_list(p))
		what = "permit and deny belong to an access list";
	p->pos = start;
	/* of many in a row the first is told */
	if (what && p->headless != what)
		p_warn(p, "%s, and none is open; the line is left out", what);
	p->headless = what;
	return what;
}

/* access-list NAME, access-list extended NAME, access-list NAME extended permit ... */
static bool list_without_ip(struct parser *p)
{
	static const char *const globals[] = { "compiled", "dynamic-extended", NULL };
	static const char *const kinds[] = { "extended", "resequence", "standard", NULL };
	const struct tok *t = tok_peek(p);
	size_t start = p->pos;
	bool kind = skip_one(p, kinds, 3) && tok_peek(p), asa;

	p->pos = start + 1;
	asa = !kind && skip_one(p, kinds, 8);
	p->pos = start;
	if (kind)
		p_fail(p, "ip is missing before access-list %s", shown(p, t));
	else if (asa)
		p_fail(p, "access-list %s %s is of the ASA: IOS has ip access-list %s %s", shown(p, t),
		       shown(p, t + 1), shown(p, t + 1), shown(p, t));
	else if (p->pos + 1 == p->line.n && !skip_one(p, globals, 4))
		p_fail(p, "access-list %s is no command; is ip or ipv6 missing before it?", shown(p, t));
	p->pos = start;
	return p->failed;
}

/* Whether one of the next @n words is of an access list. */
static bool list_follows(const struct parser *p, size_t n)
{
	const struct tok *t = &p->line.tok[p->pos], *end = &p->line.tok[p->line.n];

	for (; n && t < end; t++, n--)
		if (list_word(t))
			return true;
	return false;
}

bool wrong_list(struct parser *p, uint64_t number)
{
	static const char *const actions[] = { "deny", "permit", NULL };
	static const char *const protocols[] = {
		"ahp", "esp", "gre", "icmp", "ip", "tcp", "udp", NULL,
	};
	const struct tok *t = tok_peek(p);
	size_t start = p->pos;
	struct in_addr addr;

	if (!t)
		p_expected(p, NULL, "the number of an access list");
	if (!t || (!number && list_without_ip(p)))
		return true;
	/* "permit ip ...", "NAME permit ip ...", "10l permit ip ...", "NAME line 1 permit ip ..." */
	if (!number && (isdigit((unsigned char)*t->s) || list_follows(p, 5))) {
		p_expected(p, t, "the number of an access list (a name has ip access-list extended)");
		return true;
	}
	p->pos = start + 1;
	if (number && skip_one(p, actions, 4) && tok_peek(p) &&
	    (skip_one(p, protocols, 2) || tok_is(tok_peek(p), "host") || tok_ipv4(tok_peek(p), &addr)))
		p_fail(p, "%s is not the number of an access list of IPv4 (1-99, 100-199, 1300-1999 or 2000-2699)",
		       shown(p, t));
	p->pos = start;
	return p->failed;
}
