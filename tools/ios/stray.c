// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines that are no commands where they stand: words of ours that are
 * misspelled, log lines in the middle of a text that was pasted, the text of
 * banners, and commands that a section about something else would swallow.
 *
 * A line that is skipped in silence may be the one that protects.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "parse.h"

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

/* "cryptomap", "access-list101": a blank that is missing */
static bool missing_blank(struct parser *p, const struct tok *t)
{
	static const char crypto[] = "crypto", list[] = "access-list";
	struct tok rest = { .s = t->s + strlen(crypto), .len = t->len - strlen(crypto) };
	const char *word = NULL;

	if (t->len > strlen(crypto) + 2 && !strncasecmp(t->s, crypto, strlen(crypto)) &&
	    crypto_word(&rest))
		word = crypto;
	if (t->len > strlen(list) && !strncasecmp(t->s, list, strlen(list))) {
		rest = (struct tok){ .s = t->s + strlen(list), .len = t->len - strlen(list) };
		word = tok_digits(&rest) ? list : NULL;
	}
	if (word)
		p_fail(p, "unknown word '%s'; a blank is missing after %s", shown(p, t), word);
	return word;
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
	if (tok_is(t, "ip") || tok_is(t, "ipv6"))
		return misspelled(p, second, "access-list");
	if (p->mode == MODE_INTERFACE && misspelled(p, t, "netdev"))
		return true;
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

bool stray_line(const struct parser *p)
{
	size_t i;

	if (!isalnum((unsigned char)p->line.tok[0].s[0]))
		return true;
	for (i = 0; i < p->line.n; i++)
		if (log_word(&p->line.tok[i]))
			return true;
	return false;
}

bool entry_note(const struct parser *p)
{
	static const char *const begins[][4] = {
		{ "%", "NOTE:", "This", "new" }, { "and", "a", "valid", "access" },
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

/* Steps over the next word if it is (an abbreviation of) one of these. */
static bool skip_one(struct parser *p, const char *const *words, unsigned int min)
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
	return skip_word(p, "set", 3) && skip_one(p, settings, 3);
}

bool resembles(struct parser *p, enum mode mode)
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
	case MODE_TOP:
	case MODE_SKIP:
	case MODE_PEER:
	case MODE_KEYRING:
	case MODE_PROFILE:
	case MODE_TRUSTPOINT:
	case MODE_CHAIN:
	case MODE_CERT_MAP:
	case MODE_GROUP:
	case MODE_INTERFACE:
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
		{ "map", 3, map_words, "crypto map" },
		{ "pki", 3, pki_words, "crypto pki" },
		{ "transform-set", 5, tset_words, "crypto ipsec transform-set" },
	};
	const struct tok *t = tok_peek(p);
	const char *meant = NULL;
	size_t start = p->pos, i;

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
	if (meant)
		p_warn(p, "'%s' is no command here; is %s meant? The line is left out",
		       shown(p, t), meant);
	return meant;
}

bool forgotten_head(struct parser *p)
{
	size_t start = p->pos;
	bool peer;

	if (p->mode != MODE_TOP && p->mode != MODE_SKIP)
		return false;
	peer = skip_word(p, "set", 3) && skip_word(p, "peer", 4) && tok_peek(p);
	p->pos = start;
	if (peer)
		p_warn(p, "set peer belongs to an entry of a crypto map, and none is open; the line is left out");
	return peer;
}

bool list_without_ip(struct parser *p, uint64_t number)
{
	static const char *const kinds[] = { "extended", "standard", NULL };
	static const char *const actions[] = { "deny", "permit", NULL };
	static const char *const protocols[] = {
		"ahp", "esp", "gre", "icmp", "ip", "tcp", "udp", NULL,
	};
	const struct tok *t = tok_peek(p);
	size_t start = p->pos;
	struct in_addr addr;
	bool ours, asa;

	if (!t)
		return false;
	ours = !number && skip_one(p, kinds, 3) && tok_peek(p);
	if (ours)
		p_warn(p, "ip is missing before access-list %s; the list is left out", shown(p, t));
	p->pos = start + 1;
	asa = !ours && !number && skip_one(p, kinds, 8);
	if (asa)
		p_warn(p, "access-list %s %s is of the ASA: IOS has ip access-list %s %s; the line is left out",
		       shown(p, t), shown(p, &p->line.tok[p->pos - 1]),
		       shown(p, &p->line.tok[p->pos - 1]), shown(p, t));
	p->pos = start + 1;
	if (!ours && !asa && skip_one(p, actions, 4) && tok_peek(p) &&
	    (skip_one(p, protocols, 2) || tok_is(tok_peek(p), "host") ||
	     tok_ipv4(tok_peek(p), &addr))) {
		ours = true;
		if (number)
			p_warn(p, "%s is not the number of an access list of IPv4 (1-99, 100-199, 1300-1999 or 2000-2699); the line is left out",
			       shown(p, t));
		else
			p_warn(p, "access-list needs a number here; is ip access-list extended %s meant? The line is left out",
			       shown(p, t));
	}
	p->pos = start;
	return ours || asa;
}

/* ---------------------------------------------------------- banners and macros */

/* Steps over the words before the text of a banner or the like; false when it is none. */
static bool banner_words(struct parser *p)
{
	/* "text" is of web authentication, the title of which is one line */
	static const char *const types[] = {
		"config-save", "exec", "incoming", "login", "motd", "prompt-timeout", "slip-ppp",
		"text", NULL,
	};
	static const char *const messages[] = { "banner", "fail-message", NULL };
	/* of lines; the name of a host comes before the text of the last one */
	static const char *const lines[] = { "refuse-message", "vacant-message", "busy-message", NULL };
	static const char *const menus[] = { "prompt", "title", NULL };

	if (skip_word(p, "aaa", 3))
		return skip_word(p, "authentication", 6) && skip_one(p, messages, 4);
	if (skip_word(p, "menu", 4) && tok_peek(p)) {
		p->pos++;
		return skip_one(p, menus, 5);
	}
	if (skip_one(p, lines, 6)) {
		p->pos += tok_is(&p->line.tok[0], lines[2]) && tok_peek(p);
		return true;
	}
	if (!skip_word(p, "banner", 3))
		return false;
	skip_one(p, types, 3);
	return true;
}

/* The text of "macro name M" ends with the line "@". */
static bool open_macro(struct parser *p)
{
	if (!tok_is(&p->line.tok[0], "macro") || p->line.n < 2 || !tok_is(&p->line.tok[1], "name"))
		return false;
	p->delim[0] = '@';
	p->delim_len = 1;
	p->delim_line = p->line.no;
	return true;
}

void open_banner(struct parser *p)
{
	size_t start = p->pos, len, n = 1;
	const struct tok *first = NULL;
	const char *text;

	if (open_macro(p))
		return;
	if (banner_words(p))
		first = tok_raw(p);
	p->pos = start;
	if (!first)
		return;
	text = first->s;
	len = p->line.end - text;
	/* a running-config shows the control character as two */
	if (len > 1 && text[0] == '^' && text[1] == 'C')
		n = 2;
	/* a letter is more likely of the text, its delimiter having been lost on the way */
	else if (isalnum((unsigned char)text[0]) && first->len > 1)
		return;
	if (memmem(text + n, len - n, text, n))
		return;
	memcpy(p->delim, text, n);
	p->delim_len = n;
	p->delim_line = p->line.no;
}

void banner_line(struct parser *p, const char *text, const char *end)
{
	if (memmem(text, end - text, p->delim, p->delim_len))
		p->delim_len = 0;
}
