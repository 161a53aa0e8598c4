// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * interface: the binding of crypto maps, and the Linux device.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "parse.h"

/* What follows the type of an interface: "1/0.10", "0/0/0:15" */
static bool interface_number(const struct tok *t)
{
	size_t i;

	for (i = 0; i < t->len; i++)
		if (!t->s[i] || !strchr("0123456789/.:", t->s[i]))
			return false;
	return true;
}

/* A name, with or without a blank before the number: "Serial 1/0", "eth0". */
bool next_interface(struct parser *p, char name[IOS_NAME_MAX + 1])
{
	const struct tok *number;
	size_t len;

	if (!next_name(p, "the name of an interface", name))
		return false;
	number = tok_peek(p);
	len = strlen(name);
	/* what stands behind a number is another word, such as a VRF */
	if (!number || !interface_number(number) || isdigit((unsigned char)name[len - 1]))
		return true;
	if (len + number->len > IOS_NAME_MAX) {
		p_fail(p, "the name of the interface is too long");
		return false;
	}
	memcpy(name + len, number->s, number->len);
	name[len + number->len] = '\0';
	p->pos++;
	return true;
}

/* Two maps in one section: what the first one protects would go in clear. */
static void check_taken(struct parser *p, const char *name, const char *old, unsigned int line)
{
	if (!p->interactive && *old && strcmp(old, name) && line > p->section_line)
		p_warn(p, "crypto map %s takes the place of %s (line %u): an interface has one", name, old,
		       line);
}

/* no ipv6 crypto map [M], ipv6 crypto map M */
static void interface_map6(struct parser *p)
{
	char name[IOS_NAME_MAX + 1] = "";

	if ((!p->negate || tok_peek(p)) && !next_name(p, "the name of a crypto map", name))
		return;
	if (p->negate) {
		if (!end_of_line(p))
			return;
		if (!*name || !strcmp(name, p->ifc->map6))
			ios_interface_bind(p->cfg, p->ifc, AF_INET6, "");
		else
			p_warn(p, "crypto map %s is not on interface %s", name, p->ifc->name);
		return;
	}
	if (skip_word(p, "redundancy", 3)) {
		p_warn(p, "redundancy is not supported in this version; the map is bound without it");
		p->pos = p->line.n;
	}
	if (!end_of_line(p))
		return;
	check_taken(p, name, p->ifc->map6, p->ifc->map6_line);
	if (ios_interface_bind(p->cfg, p->ifc, AF_INET6, name))
		no_memory(p);
	p->ifc->map6_line = p->line.no;
}

/*
 * no crypto map [M]. What might be meant for the map as a whole is left to the
 * top level: to take a map off an interface opens it to clear text.
 */
static bool interface_no_map(struct parser *p)
{
	char name[IOS_NAME_MAX + 1];

	if (outside_section(p))
		return false;
	if (tok_peek(p)) {
		if (p->parted && p->line.indent <= p->indent)
			return false;
		if (!next_name(p, "the name of a crypto map", name))
			return true;
		if (tok_peek(p))
			return false;
		if (strcmp(name, p->ifc->map) && p->line.indent > p->indent) {
			p_warn(p, "crypto map %s is not on interface %s", name, p->ifc->name);
			return true;
		}
		if (strcmp(name, p->ifc->map)) {
			if (ios_map_find(p->cfg, name))
				p_warn(p, "crypto map %s is not on interface %s: this removes the map as a whole",
				       name, p->ifc->name);
			return false;
		}
	}
	offer_value(p, "WORD", "the name of the crypto map");
	offer_end(p);
	ios_interface_bind(p->cfg, p->ifc, AF_INET, "");
	return true;
}

/* What may follow "crypto map M" at the top. */
static bool of_top(const struct tok *t)
{
	static const struct kw table[] = {
		{ .word = "client" }, { .word = "gdoi" }, { .word = "isakmp" },
		{ .word = "isakmp-profile" }, { .word = "local-address" },
	};
	bool ambiguous;

	return tok_digits(t) || kw_match(table, ARRAY_SIZE(table), t, &ambiguous) || ambiguous;
}

/* crypto map M; false when the line is a top level command of these words. */
static bool interface_map(struct parser *p)
{
	char name[IOS_NAME_MAX + 1];

	if (p->negate)
		return interface_no_map(p);
	if (!next_name(p, "the name of a crypto map", name))
		return true;
	if (skip_word(p, "redundancy", 3)) {
		if (skip_word(p, "replay-interval", 2))
			return false;
		p_warn(p, "redundancy is not supported in this version; the map is bound without it");
		p->pos = p->line.n;
	}
	if (tok_peek(p) && p->line.indent > p->indent && !of_top(tok_peek(p))) {
		p_expected(p, tok_peek(p), "redundancy or the end of the line");
		return true;
	}
	if (tok_peek(p))
		return false;
	offer_end(p);
	check_taken(p, name, p->ifc->map, p->ifc->map_line);
	if (ios_interface_bind(p->cfg, p->ifc, AF_INET, name))
		no_memory(p);
	p->ifc->map_line = p->line.no;
	return true;
}

/* crypto ipsec client|df-bit|fragmentation ...; false when it is for the top level, which has them, too */
static bool interface_ipsec(struct parser *p)
{
	if (outside_section(p) || (p->parted && p->line.indent <= p->indent))
		return false;
	if (option_word(p, "df-bit", 1, "the bit don't-fragment of ESP"))
		df_words(p, &p->ifc->df, IOS_DF_UNSET);
	else if (option_word(p, "fragmentation", 1, "when packets that are too large are cut"))
		frag_words(p, &p->ifc->frag, IOS_FRAG_UNSET);
	else if (skip_word(p, "client", 1))
		unsupported(p, "the EzVPN client is");
	else
		return false;
	return true;
}

/* crypto connect vlan N, crypto engine slot N: which hardware does it; false for others */
static bool interface_engine(struct parser *p)
{
	if (p->line.indent <= p->indent || (!skip_word(p, "connect", 2) && !skip_word(p, "engine", 2)))
		return false;
	unsupported(p, "crypto engine settings are");
	return true;
}

static bool interface_crypto(struct parser *p)
{
	if (option_word(p, "ipsec", 2, "settings of IPsec on this interface"))
		return interface_ipsec(p);
	if (interface_engine(p))
		return true;
	return option_word(p, "map", 2, "the crypto map of this interface") && interface_map(p);
}

static void interface_netdev(struct parser *p)
{
	char name[IOS_NAME_MAX + 1];

	if (p->negate) {
		p->ifc->netdev[0] = '\0';
		return;
	}
	if (!next_name(p, "the name of a Linux network device", name) || !end_of_line(p))
		return;
	if (!ios_dev_valid(name)) {
		p_fail(p, "'%s' cannot be the name of a Linux network device", name);
		return;
	}
	/* what is typed takes effect at once: the device of before would be without its map */
	if (p->interactive && (*p->ifc->map || *p->ifc->map6) && strcmp(name, ios_interface_dev(p->ifc))) {
		p_fail(p, "interface %s is device %s and has crypto map %s: take that off it first", p->ifc->name,
		       ios_interface_dev(p->ifc), *p->ifc->map ? p->ifc->map : p->ifc->map6);
		return;
	}
	strcpy(p->ifc->netdev, name);
}

/* What is given stands for the netdev line of the section, whichever it has. */
static bool bind_interface(struct ios_config *cfg, const struct ios_binding *binding)
{
	struct ios_interface *ifc = ios_interface_find(cfg, binding->name);

	if (!ifc)
		return !ios_diag(cfg, IOS_ERROR, 0, "--interface %s=%s: there is no interface of this name in the text",
				 binding->name, binding->dev);
	if (*ifc->netdev && strcmp(ifc->netdev, binding->dev) &&
	    ios_diag(cfg, IOS_WARNING, ifc->line, "interface %s: --interface makes it %s, its netdev line, which does not count, %s",
		     ifc->name, binding->dev, ifc->netdev))
		return false;
	strcpy(ifc->netdev, binding->dev);
	return true;
}

void bind_interfaces(struct parser *p, const struct given *given)
{
	size_t i;

	for (i = 0; i < given->n_bindings; i++)
		if (!bind_interface(p->cfg, &given->bindings[i]))
			no_memory(p);
}

/* The address of ADDRESS MASK; false when there is none, as with "dhcp". */
static bool own_address(struct parser *p, struct ios_addr *addr)
{
	const struct tok *t = tok_next(p);
	struct in_addr mask;

	addr->family = AF_INET;
	return t && tok_ipv4(t, &addr->v4) && tok_peek(p) && tok_ipv4(tok_next(p), &mask);
}

/* The same of ADDRESS/LENGTH; the address of eui-64 is not known. */
static bool own_address6(struct parser *p, struct ios_addr *addr)
{
	const struct tok *t = tok_next(p);
	const char *slash = t ? memchr(t->s, '/', t->len) : NULL;
	struct tok part = { .s = t ? t->s : NULL, .len = slash ? slash - t->s : 0 };

	addr->family = AF_INET6;
	return slash && tok_ipv6(&part, &addr->v6) && !tok_is(tok_peek(p), "eui-64");
}

/*
 * ip address, ipv6 address: the checks want to know which addresses are of this
 * side. It stays a line about something else, whatever is in it.
 */
static void interface_address(struct parser *p)
{
	bool six = tok_is(tok_peek(p), "ipv6"), any, secondary;
	struct ios_addr addr = { 0 };

	if (!six && !tok_is(tok_peek(p), "ip"))
		return;
	p->pos++;
	if (!skip_word(p, "address", 3))
		return;
	any = tok_peek(p);
	if (any && !(six ? own_address6(p, &addr) : own_address(p, &addr)))
		return;
	secondary = six || tok_is(tok_peek(p), "secondary");
	if (p->negate)
		ios_interface_no_addr(p->cfg, p->ifc, six ? AF_INET6 : AF_INET, any ? &addr : NULL);
	else if (any && ios_interface_addr(p->cfg, p->ifc, &addr, p->line.no, secondary))
		no_memory(p);
}

/* tunnel protection ipsec, tunnel mode ipsec: what protects a tunnel interface; false for others */
static bool interface_tunnel(struct parser *p)
{
	static const char what[] = "a tunnel interface that IPsec protects is";

	if (skip_word(p, "protection", 1) || (skip_word(p, "mode", 1) && skip_word(p, "ipsec", 3))) {
		unsupported(p, what);
		return true;
	}
	return false;
}

/* ipv6 ospf authentication ipsec, ospfv3 encryption ipsec: IPsec of a routing protocol */
static bool interface_ospf(struct parser *p)
{
	bool ospf = skip_word(p, "ospfv3", 6) || (skip_word(p, "ipv6", 4) && skip_word(p, "ospf", 4));
	size_t i;

	for (i = p->pos; ospf && i < p->line.n; i++)
		if (tok_is(&p->line.tok[i], "ipsec")) {
			unsupported(p, "IPsec of OSPFv3 is");
			return true;
		}
	return false;
}

bool interface_line(struct parser *p)
{
	static const struct kw map[] = {
		{ .word = "map", .min = 2, .help = "the crypto map of IPv6 of this interface" },
	};
	size_t start = p->pos;

	if (option_word(p, "crypto", 2, "crypto map and settings of IPsec"))
		return interface_crypto(p);
	if (option_word(p, "netdev", 4, "the Linux network device that it is")) {
		interface_netdev(p);
		return true;
	}
	if (skip_word(p, "tunnel", 3) && interface_tunnel(p))
		return true;
	p->pos = start;
	if (interface_ospf(p))
		return true;
	p->pos = start;
	if (option_word(p, "ipv6", 4, "crypto map of IPv6") &&
	    option_word(p, "crypto", 2, "crypto map of IPv6")) {
		if (kw_next(p, map, ARRAY_SIZE(map)))
			interface_map6(p);
		return true;
	}
	p->pos = start;
	interface_address(p);
	return false;
}

bool range_line(struct parser *p)
{
	if (p->range_line)
		p_fail(p, "the crypto map of an interface range (line %u) is not supported in this version: write it in the section of each interface",
		       p->range_line);
	return p->range_line;
}

/* What may follow the name: what kind of interface it is, which is all the same here */
static bool interface_kind(struct parser *p)
{
	static const struct kw kinds[] = {
		{ .word = "l2transport", .min = 3 }, { .word = "mpls", .min = 3 },
		{ .word = "multipoint", .min = 3 }, { .word = "point-to-point", .min = 3 },
		{ .word = "tag-switching", .min = 3 }, { .word = "type", .min = 3 },
	};
	bool ambiguous;

	if (kw_match(kinds, ARRAY_SIZE(kinds), tok_peek(p), &ambiguous))
		p->pos = p->line.n;
	return end_of_line(p);
}

void parse_interface(struct parser *p)
{
	char name[IOS_NAME_MAX + 1];
	struct ios_interface *ifc;

	heads_section(p);
	if (tok_is(tok_peek(p), "range")) {
		if (p->negate)
			p_warn(p, "an interface range is not supported in this version: its interfaces stay as they are");
		unsupported(p, "an interface range is");
		open_section(p, MODE_SKIP);
		p->range_line = p->line.no;
		return;
	}
	if (!next_interface(p, name) || !interface_kind(p))
		return;
	if (p->negate) {
		ifc = ios_interface_find(p->cfg, name);
		if (!p->reset && !ios_interface_configured(name))
			p_warn(p, "interface %s is physical and stays as it is; \"default interface\" takes its settings back",
			       name);
		else if (ifc)
			ios_interface_remove(p->cfg, ifc);
		return;
	}
	ifc = ios_interface_get(p->cfg, name);
	if (!ifc) {
		no_memory(p);
		return;
	}
	if (!ifc->line)
		ifc->line = p->line.no;
	if (!ios_interface_full(ifc->name) && ios_interface_full(name))
		strcpy(ifc->name, name);
	p->ifc = ifc;
	open_section(p, MODE_INTERFACE);
}
