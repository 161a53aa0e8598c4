// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The parse: line by line, in the section that is open, else at the top.
 *
 * Indentation is a hint only. A line is first read as a command of the open
 * section; one that is not may be a top level command, which closes the
 * section. Commands that are both, on an interface and at the top, are told
 * apart by it. What neither knows is an error where the indentation says that it
 * belongs to the section, else it opens a section about something else.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "print.h"
#include "screen.h"
#include "wipe.h"

#define TEXT_MAX (256u << 20)

void heads_section(struct parser *p)
{
	p->cfg->head = !p->negate;
}

void open_section(struct parser *p, enum mode mode)
{
	p->mode = mode;
	p->section_line = p->line.no;
	p->indent = p->line.indent;
	p->own = 0;
	p->flat = false;
	p->parted = false;
	p->broken = MODE_TOP;
	p->range_line = 0;
}

/* This line cuts the open section off, which it is not of; what has it may be gone by the next line. */
static void cut_section(struct parser *p, enum mode mode)
{
	p->broken = mode;
	p->broken_line = p->line.no;
	p->broken_service = mode == MODE_GROUP && p->group->service;
}

/* The open section ends with this line, which is no head of another one. */
static void end_section(struct parser *p)
{
	if (p->mode != MODE_TOP && p->mode != MODE_SKIP)
		cut_section(p, p->mode);
	p->mode = MODE_TOP;
}

bool outside_section(const struct parser *p)
{
	return p->line.indent < p->indent || p->line.indent < p->own;
}

bool defines_vrf(const struct parser *p)
{
	return p->pos + 3 == p->line.n && tok_is(&p->line.tok[p->pos], "vrf") &&
	       tok_is(&p->line.tok[p->pos + 1], "definition");
}

/*
 * What follows is skipped, but for the counter, unless it is here. The
 * shortest forms are longer than on IOS, since most top level commands of IOS
 * are not known here.
 */
static const struct kw top[] = {
	{ .word = "access-list", .min = 4, .run = parse_access_list,
	  .help = "an access list by number" },
	{ .word = "crypto", .min = 2, .run = parse_crypto, .help = "crypto maps, ISAKMP and IPsec" },
	{ .word = "interface", .min = 3, .run = parse_interface,
	  .help = "an interface, and the crypto maps on it" },
	{ .word = "ip", .min = 2, .run = parse_ip, .help = "access lists of IPv4 by name" },
	{ .word = "ipv6", .min = 4, .run = parse_ipv6, .help = "access lists of IPv6" },
	{ .word = "object-group", .min = 3, .run = parse_group,
	  .help = "networks or services that access lists name together" },
};

/* "ip route", "no ip http server", ...: begins like a command of ours, but is none. */
static bool foreign(struct parser *p)
{
	static const struct kw own[] = {
		{ .word = "access-list", .min = 4, .help = "an access list by name" },
		{ .word = "crypto", .min = 4, .help = "crypto maps" },		/* of IPv6 only */
	};
	const struct tok *t = &p->line.tok[p->pos], *last = &p->line.tok[p->line.n - 1];
	bool six = tok_is(t, "ipv6"), ambiguous;

	/* of track list, and of performance routing */
	if (tok_is(t, "object") && last == t + 1 && tok_digits(last))
		return true;
	if (tok_is(t, "interface") && last == t + 2 &&
	    (tok_is(last, "external") || tok_is(last, "internal")))
		return true;
	if (!six && !tok_is(&p->line.tok[p->pos], "ip"))
		return false;
	if (p->pos + 1 < p->line.n)
		return !kw_match(own, six ? 2 : 1, &p->line.tok[p->pos + 1], &ambiguous);
	if (p->asked) {
		p->pos++;
		offer_keywords(p, own, 1);
	}
	return true;
}

/* A top level command of ours; false when it is none. */
static bool top_line(struct parser *p)
{
	unsigned int range_line = p->range_line;
	const struct kw *kw;
	bool ambiguous;

	kw = kw_peek(p, top, ARRAY_SIZE(top), &ambiguous);
	if (!kw || foreign(p))
		return false;
	p->pos++;
	end_section(p);
	p->indent = p->line.indent;
	kw->run(p);
	/* what belongs to a command that was refused must not be taken for something else */
	if (p->failed && p->mode == MODE_TOP) {
		open_section(p, MODE_SKIP);
		p->range_line = range_line;
	} else if (p->range_line == range_line) {
		p->range_line = 0;
	}
	return true;
}

/* Words of the top level only: in a text without indentation they end a section. */
static bool global(const struct tok *t)
{
	static const char *const words[] = {
		"aaa", "archive", "banner", "boot-end-marker", "boot-start-marker", "class-map",
		"control-plane", "enable", "gatekeeper", "hostname", "license", "line",
		"policy-map", "route-map", "router", "scheduler", "snmp-server", "username",
		"version",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (tok_is(t, words[i]))
			return true;
	return false;
}

/* Whether a line at the top opens a section that has lines of its own, which may look like ours. */
static bool opens_other(const struct parser *p)
{
	static const char *const words[] = {
		"aaa", "application", "archive", "arp", "bfd-template", "bridge-domain", "class-map",
		"control-plane", "dial-peer", "dot11", "ephone", "event", "gatekeeper", "gateway", "kron",
		"key", "l2tp-class", "ldap", "line", "mac", "parameter-map", "policy-map",
		"pseudowire-class", "radius", "redundancy", "route-map", "router", "sip-ua", "tacacs",
		"telephony-service", "template", "track", "voice", "vpdn-group", "vrf", "zone", "zone-pair",
	};
	static const char *const lists[] = {
		"as-path", "community-list", "dhcp", "extcommunity-list", "sla", "vrf",
	};
	const struct tok *t = &p->line.tok[p->pos];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (tok_is(t, words[i]))
			return true;
	for (i = 0; p->pos + 1 < p->line.n && tok_is(t, "ip") && i < ARRAY_SIZE(lists); i++)
		if (tok_is(&t[1], lists[i]))
			return true;
	return false;
}

/* Reports a line that belongs to the section that was cut off; false when it does not. */
static bool lost_line(struct parser *p)
{
	if ((p->mode != MODE_SKIP && p->mode != MODE_TOP) || p->broken == MODE_TOP ||
	    !resembles(p, p->broken, p->broken_service))
		return false;
	p_fail(p, "'%s' is lost: line %u ended the section that it belongs to", shown(p, tok_peek(p)),
	       p->broken_line);
	p->broken = MODE_TOP;
	return true;
}

/* A second name of a router: the text is of two, and they would be one. */
static void check_hostname(struct parser *p)
{
	const struct tok *t = p->line.tok, *old = &p->hostname;

	if (!tok_is(t, "hostname") || p->line.n < 2)
		return;
	if (old->len && (old->len != t[1].len || memcmp(old->s, t[1].s, old->len)))
		p_warn(p, "hostname %s after hostname %s: what two routers have is taken for one",
		       shown(p, &t[1]), shown(p, old));
	p->hostname = t[1];
}

/*
 * Whether the line stands where one of the open section does in a text without indentation:
 * behind another one, or first, where none of the text is indented. A transform set needs none.
 */
static bool in_flat_section(const struct parser *p)
{
	return p->flat || (!p->indented && p->line.no == p->section_line + 1 && p->mode != MODE_TSET);
}

/*
 * A line that neither the open section nor the top level knows: it belongs to
 * something else, or opens it.
 */
static void unknown_line(struct parser *p)
{
	const char *expected = section_expected(p->mode);
	const struct tok *t = tok_peek(p);
	enum mode broken = MODE_TOP;

	check_hostname(p);
	/* most of what is configured on an interface is not ours, with tabs in one line and blanks in others */
	if (p->mode == MODE_INTERFACE && (p->line.indent > p->indent || !outside_section(p)) &&
	    !global(t)) {
		forgotten_word(p);
		p->cfg->n_skipped += p->interactive || (p->line.indent <= p->indent && !p->flat);
		return;
	}
	if (expected && p->line.indent > p->indent) {
		p_expected(p, t, "%s", expected);
		return;
	}
	if (expected && misspelled_command(p, expected))
		return;
	if (!forgotten_word(p) && !forgotten_head(p) && expected && in_flat_section(p) &&
	    !global(t) && !tok_is(t, "ip") && !tok_is(t, "ipv6"))
		p_warn(p, "'%s' is neither %s; skipped", shown(p, t), expected);
	/* another product's or protocol's access list looks like ours */
	if (expected && !p->parted && !opens_other(p) &&
	    !(p->line.n > 1 && tok_is(&p->line.tok[1], "access-list")))
		broken = p->mode;
	p->cfg->n_skipped++;
	open_section(p, MODE_SKIP);
	cut_section(p, broken);
}

/* Whether a line that is deeper in a section about something else is a command of ours. */
static bool ours(struct parser *p)
{
	const struct kw *kw;
	bool ambiguous;

	kw = kw_match(top, ARRAY_SIZE(top), tok_peek(p), &ambiguous);
	if (!kw || foreign(p) || p->pos + 1 >= p->line.n)
		return false;
	return kw->run != parse_crypto || crypto_word(&p->line.tok[p->pos + 1]);
}

/* Whether a line that was typed where nothing is configured is of the configuration. */
static bool configures(struct parser *p)
{
	static const struct kw kinds[] = {
		{ .word = "dynamic-map", .min = 2 }, { .word = "ipsec", .min = 2 },
		{ .word = "isakmp", .min = 2 }, { .word = "keyring", .min = 4 }, { .word = "map", .min = 2 },
	};
	bool ambiguous;

	p->pos = p->line.n > 1 && (tok_is(&p->line.tok[0], "no") || tok_is(&p->line.tok[0], "default"));
	return p->line.n > p->pos + 1 && ours(p) &&
	       (!tok_is(tok_peek(p), "crypto") ||
		kw_match(kinds, ARRAY_SIZE(kinds), &p->line.tok[p->pos + 1], &ambiguous));
}

/*
 * A line of a section about something else. It is no place for commands of
 * ours: if there is one, the text was taken wrong, and is not deeper in it but
 * on its own.
 */
static void skipped_line(struct parser *p)
{
	/* "no crypto map [M]" of an interface that was refused; at the top it would remove the map */
	if (p->negate && p->line.n <= 4 && tok_is(tok_peek(p), "crypto"))
		return;
	if (ours(p)) {
		top_line(p);
		return;
	}
	if (!near_miss(p) && !lost_line(p))
		forgotten_word(p);
}

/*
 * "> crypto map M 10 ipsec-isakmp", "1. crypto ...", "7 : crypto ...": a command of ours behind marks.
 * Return: its first word, or NULL
 */
static const struct tok *marked(struct parser *p)
{
	const struct tok *found;
	size_t start = p->pos++;

	while (p->pos < p->line.n && !isalnum((unsigned char)*p->line.tok[p->pos].s))
		p->pos++;
	found = p->pos < p->line.n && ours(p) ? &p->line.tok[p->pos] : NULL;
	p->pos = start;
	return found;
}

/* "*** Interface of site A ***" */
static bool framed(const struct parser *p)
{
	const struct tok *first = &p->line.tok[0], *last = &p->line.tok[p->line.n - 1];

	return last > first && first->len == last->len && !memcmp(first->s, last->s, first->len);
}

/* The same of a line of the open section: "+ permit ip ...", "*encr aes" */
static bool marked_within(struct parser *p)
{
	bool service = p->mode == MODE_GROUP && p->group->service, found;
	struct tok *first = &p->line.tok[0], whole = *first;

	p->pos = 1;
	found = p->pos < p->line.n && resembles(p, p->mode, service);
	p->pos = 0;
	while (!found && first->len && !isalnum((unsigned char)*first->s)) {
		first->s++;
		first->len--;
	}
	found |= first->len && first->len < whole.len && resembles(p, p->mode, service);
	*first = whole;
	return found;
}

/* A line that begins with what is no word. */
static void stray(struct parser *p)
{
	const struct tok *command = marked(p);
	const char *expected = p->mode == MODE_INTERFACE && command ? "crypto map or ipv6 crypto map" :
								      section_expected(p->mode);

	if (log_line(p)) {
		p->cfg->n_skipped += p->mode == MODE_TOP;
		return;
	}
	/* an entry of a list, say, that would be left out */
	if (expected && (p->line.indent > p->indent || marked_within(p))) {
		p->pos = 0;
		p_expected(p, &p->line.tok[0], "%s", expected);
		return;
	}
	/* what is behind the head of a section would be of the one before */
	if (command && !framed(p)) {
		p_fail(p, "unexpected '%s' before '%s'", shown(p, &p->line.tok[0]), shown(p, command));
		return;
	}
	if (command || (p->mode != MODE_TOP && p->mode != MODE_SKIP))
		p_warn(p, "'%s' is no command; the line is left out", shown(p, &p->line.tok[0]));
	p->cfg->n_skipped += p->mode == MODE_TOP;
}

/* "1.", "2)" */
static bool numbered(const struct parser *p)
{
	return p->line.tok[0].s[0] >= '0' && p->line.tok[0].s[0] <= '9';
}

/* Also "ex" and "exi", and control-Z as a terminal shows it. */
static bool ends_section(const struct parser *p)
{
	static const struct kw leave[] = { { .word = "exit", .min = 2 } };
	const struct tok *t = &p->line.tok[0];
	bool ambiguous;

	return tok_is(t, "exit") || tok_is(t, "end") || tok_is(t, "^Z") ||
	       (p->line.n == 1 && kw_match(leave, 1, t, &ambiguous));
}

/* "no" or "default" before a command, which a comment is not */
static void take_back(struct parser *p)
{
	if (p->line.n > 1 && tok_comment(&p->line.tok[1]))
		return;
	p->reset = tok_is(&p->line.tok[0], "default");
	p->negate = p->reset || tok_is(&p->line.tok[0], "no");
	p->pos = p->negate;
}

/* A line that is asked about: it is of the open section, or else of the top. */
static void asked_line(struct parser *p)
{
	bool within = p->mode != MODE_TOP && p->mode != MODE_SKIP, taken, bare;
	size_t start;

	if (!p->line.n) {
		offer_word(p, "default", "what a command is without a line about it");
		offer_word(p, "do", "a command outside of the configuration");
		offer_word(p, "end", "leave the configuration");
		offer_word(p, "exit", within ? "leave this section" : "leave the configuration");
		offer_word(p, "no", "take a command back");
	} else {
		take_back(p);
	}
	start = p->pos;
	bare = start == p->line.n;
	taken = within && section_line(p);
	/* on an interface the words of the top begin with the same ones */
	if (!taken && !(within && bare)) {
		p->pos = start;
		taken = top_line(p);
	}
	/* what takes the rest of the line unread */
	if (taken && !p->failed && !p->asked->n)
		offer_end(p);
}

/* show running-config, startup-config, configuration or tech-support; write terminal */
static bool prints_configuration(struct parser *p)
{
	static const char *const what[] = {
		"running-config", "startup-config", "configuration", "tech-support",
	};
	size_t i;

	if (skip_word(p, "write", 2))
		return skip_word(p, "terminal", 1);
	if (!skip_word(p, "show", 2))
		return false;
	for (i = 0; i < ARRAY_SIZE(what); i++)
		if (skip_word(p, what[i], 2))
			return true;
	return false;
}

/* Whether it was asked what may stand there, on a terminal: "?" or the start of a word with it. */
static bool asks_help(const struct parser *p)
{
	const struct tok *last = &p->line.tok[p->line.n - 1];

	return p->line.prompt && last->s[last->len - 1] == '?' && (last->len == 1 || p->line.n == 1);
}

/* What follows was printed, up to the next prompt, or also to a comment. */
static void open_output(struct parser *p, bool parted)
{
	p->output = p->line.no;
	p->output_parted = parted;
}

/*
 * A command of the other kind, which changes nothing. What it printed is left out up to the
 * next prompt: most of it only looks like a configuration.
 */
static void do_line(struct parser *p)
{
	if (!p->line.prompt)
		return;
	open_output(p, false);
	p->pos = 1;
	if (prints_configuration(p))
		p_warn(p, "the configuration that a command after do printed is left out; it is read without that line");
}

/*
 * A command that was typed outside of the configuration. What show prints is left out like
 * that, such as the crypto maps of show crypto map, but for a configuration. It has no
 * comments: one is of a configuration that was put behind it, unless it is under a heading,
 * and ends with the next one.
 */
static void exec_line(struct parser *p, bool heading)
{
	/* what a command prints is no part of the section it came after */
	chain_end(p);
	p->cfg->n_skipped += p->line.n > 0;
	open_section(p, MODE_SKIP);
	if (!p->refused && configures(p)) {
		p_fail(p, "'%s' is configured in configure terminal only, where the prompt ends in (config)#",
		       shown(p, tok_peek(p)));
		return;
	}
	if (prints_configuration(p))
		return;
	p->pos = 0;
	if (skip_word(p, "show", 2))
		open_output(p, !heading);
}

/* Whether it is a line of dashes. */
static bool rule(const struct tok *t)
{
	size_t i = 0;

	while (i < t->len && t->s[i] == '-')
		i++;
	return i == t->len && i > 4;
}

/* "------------------ show running-config ------------------" of show tech-support */
static bool show_heading(struct parser *p)
{
	struct line *line = &p->line;

	if (line->n < 3 || !rule(&line->tok[0]) || !rule(&line->tok[line->n - 1]) ||
	    !tok_is(&line->tok[1], "show"))
		return false;
	line->n -= 2;
	memmove(&line->tok[0], &line->tok[1], line->n * sizeof(line->tok[0]));
	line->exec = true;
	/* it ends what another command has printed */
	line->prompt = true;
	return true;
}

static void parse_line(struct parser *p)
{
	bool heading;
	size_t start;

	p->pos = 0;
	p->failed = false;
	p->n_offered = 0;
	p->negate = false;
	p->reset = false;
	p->cfg->head = false;
	if (p->asked) {
		asked_line(p);
		return;
	}
	heading = show_heading(p);
	if (p->output && !p->line.prompt && !(p->output_parted && p->line.comment)) {
		p->cfg->n_skipped += p->line.no == p->output + 1;
		return;
	}
	p->output = 0;
	if (p->line.exec) {
		exec_line(p, heading);
		return;
	}
	if (!p->line.n) {
		p->flat = false;
		p->parted |= p->line.comment;
		if (p->mode == MODE_TOP && p->line.comment)
			p->broken = MODE_TOP;
		return;
	}
	if (tok_is(&p->line.tok[0], "do") && p->line.n > 1) {
		do_line(p);
		return;
	}
	if (asks_help(p)) {
		open_output(p, false);
		return;
	}
	open_banner(p);
	if ((p->mode == MODE_ENTRY && entry_note(p)) || answer_line(p))
		return;
	if (ends_section(p)) {
		chain_end(p);
		end_section(p);
		p->range_line = 0;
		return;
	}
	if (p->line.n > 1)
		take_back(p);
	p->indented |= p->line.indent > p->indent;
	if (p->mode == MODE_SKIP && p->line.indent > p->indent) {
		skipped_line(p);
		return;
	}

	if (!p->own && p->line.indent > p->indent)
		p->own = p->line.indent;
	start = p->pos;
	if (section_line(p)) {
		p->taken_line = p->line.no;
		p->flat = p->line.indent <= p->indent;
		return;
	}
	p->pos = start;
	if (top_line(p)) {
		p->taken_line = p->line.no;
		return;
	}
	if (near_miss(p) || lost_line(p) || wrapped_line(p))
		return;
	if (cut_line(p))
		return;
	if (stray_line(p) || (numbered(p) && (marked(p) || marked_within(p))))
		stray(p);
	else
		unknown_line(p);
}

/* A line of the text, which begins at @text; others follow up to @end. */
static void parse_next(struct parser *p, const char *text, const char *next, const char *end,
		       char newline)
{
	/* of an output of more than that one line */
	bool output = p->output && !p->line.prompt;
	struct parser before;

	p->refused = !p->asked && !output && refused_line(p, next, end, newline);
	if (p->refused && !p->line.exec) {
		p->output = 0;
		p_warn(p, "the router refused this line; it is left out");
		return;
	}
	if (helped_line(p, text, next, end, newline)) {
		open_output(p, false);
		return;
	}
	if (!completed_line(p, text, next, end)) {
		parse_line(p);
		return;
	}
	before = *p;
	parse_line(p);
	if (p->failed && !p->nomem)
		forget_line(p, &before);
}

static void name_interface(const struct ios_config *cfg, char name[IOS_NAME_MAX + 1])
{
	const struct ios_interface *ifc = ios_interface_find(cfg, name);

	if (ifc)
		strcpy(name, ifc->name);
}

/* local-address by the name that the interface's section has */
static void name_local_interfaces(struct ios_config *cfg)
{
	struct ios_profile *profile;
	struct ios_keyring *ring;
	struct ios_map *map;

	for (map = cfg->maps; map; map = map->next)
		name_interface(cfg, map->local_if);
	for (ring = cfg->keyrings; ring; ring = ring->next)
		name_interface(cfg, ring->local.ifname);
	for (profile = cfg->profiles; profile; profile = profile->next)
		name_interface(cfg, profile->local.ifname);
}

/*
 * The transform set that IOS has without a definition. It is made only when an
 * entry names it: an entry that names none has none here.
 */
static void builtin_tset(struct parser *p)
{
	const struct ios_tset *builtin = &ios_builtin_tset;
	struct ios_entry *entry;
	struct ios_tset *set;
	struct ios_map *map;
	bool named = false;
	size_t i;

	for (map = ios_map_next(p->cfg, NULL); map; map = ios_map_next(p->cfg, map))
		for (entry = map->entries; entry; entry = entry->next)
			for (i = 0; i < entry->n_tsets; i++)
				named |= !strcmp(entry->tsets[i], builtin->name);
	if (!named || ios_tset_find(p->cfg, builtin->name))
		return;
	set = ios_tset_get(p->cfg, builtin->name);
	if (!set) {
		no_memory(p);
		return;
	}
	set->cipher = builtin->cipher;
	set->key_bits = builtin->key_bits;
	set->auth = builtin->auth;
	set->transport = builtin->transport;
	set->usable = builtin->usable;
}

/* Interfaces that say nothing about crypto maps are not kept. */
static void prune_interfaces(struct ios_config *cfg)
{
	struct ios_interface *ifc, *next;

	for (ifc = cfg->interfaces; ifc; ifc = next) {
		next = ifc->next;
		if (!*ifc->map && !*ifc->map6 && !*ifc->netdev)
			ios_interface_remove(cfg, ifc);
	}
}

/* What the lines of a text end with: an old Macintosh, or a terminal's log, has no line feeds. */
static char newline_of(const char *text, size_t len)
{
	return memchr(text, '\n', len) || !memchr(text, '\r', len) ? '\n' : '\r';
}

/* Whether it is UTF-16, with or without a byte order mark: every other byte of ASCII is zero. */
static bool utf16(const char *text, size_t len)
{
	return len >= 2 && (!memcmp(text, "\xff\xfe", 2) || !memcmp(text, "\xfe\xff", 2) ||
			    !text[0] != !text[1]);
}

struct ios_config *ios_parse(const char *file, const char *text, size_t len, unsigned int flags)
{
	return parse_text(file, text, len, flags, &(struct given){ 0 });
}

struct ios_config *ios_parse_bound(const char *file, const char *text, size_t len,
				   unsigned int flags, const struct ios_binding *bindings,
				   size_t n)
{
	return parse_text(file, text, len, flags,
			  &(struct given){ .bindings = bindings, .n_bindings = n });
}

struct ios_config *parse_text(const char *file, const char *text, size_t len, unsigned int flags,
			      const struct given *given)
{
	const char newline = newline_of(text, len);
	bool wide = utf16(text, len);
	struct parser p = { 0 };
	char *screen = NULL;
	const char *end, *next;

	if (len > TEXT_MAX) {
		errno = EFBIG;
		return NULL;
	}
	if (screen_needed(text, len)) {
		screen = screen_text(text, len, newline, &len);
		text = screen;
	}
	p.cfg = text ? ios_new(file) : NULL;
	if (!p.cfg) {
		wipe_free(screen, len);
		return NULL;
	}
	end = text + len;
	p.interactive = flags & IOS_INTERACTIVE;

	/* a byte order mark, as editors on other systems write it */
	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		text += 3;
	if (wide) {
		p.line.no = 1;
		p_fail(&p, "the text is UTF-16; it must be UTF-8 (iconv -f UTF-16 -t UTF-8)");
		text = end;
	}
	for (; text < end && !p.nomem; text = next) {
		p.line.no++;
		next = line_split(&p.line, text, end - text, newline);
		p.asked = next == end ? given->words : NULL;
		if (p.delim_len)
			banner_line(&p, text, next);
		else
			parse_next(&p, text, next, end, newline);
	}
	tell_section(&p);
	p.failed = false;
	p.line.no = p.delim_line;
	if (p.delim_len)
		p_fail(&p, "the text that begins here (of a banner or macro) has no end");
	chain_end(&p);
	p.line.no = 0;

	settle_lists(&p);
	settle_cert_maps(&p);
	bind_interfaces(&p, given);
	name_local_interfaces(p.cfg);
	builtin_tset(&p);
	expand_groups(&p);
	parse_dynamic_families(&p);
	problems_report(&p);
	if (!p.nomem && !(flags & IOS_PHASE1_ONLY) && ios_lint(p.cfg))
		p.nomem = true;
	ios_finish(p.cfg);
	if (!p.nomem && flags & IOS_ADVICE && ios_advise(p.cfg))
		p.nomem = true;
	wipe_free(screen, len);
	if (p.nomem) {
		ios_free(p.cfg);
		errno = ENOMEM;
		return NULL;
	}
	ios_diags_finish(p.cfg);
	prune_interfaces(p.cfg);
	return p.cfg;
}
