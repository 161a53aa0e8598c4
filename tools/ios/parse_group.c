// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * object-group: networks and services that access lists name together.
 *
 * A line that cannot be understood is a fault of its group: an error only where
 * an access list in use needs the group.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

/* So that it fits into a line of the kernel module. */
#define DESCRIPTION_MAX 200
#define LINES_MAX 4096

const char group_expected[] = "description, group-object, host, a network or a service";

enum { WORD_ANY, WORD_DESCRIPTION, WORD_GROUP, WORD_HOST, WORD_RANGE };

static const struct kw words[] = {
	{ .word = "any", .id = WORD_ANY, .help = "any address" },
	{ .word = "description", .min = 4, .id = WORD_DESCRIPTION,
	  .help = "a text about the group" },
	{ .word = "group-object", .min = 5, .id = WORD_GROUP, .help = "all of another group" },
	{ .word = "host", .id = WORD_HOST, .help = "one address" },
	{ .word = "range", .id = WORD_RANGE, .help = "addresses from and to" },
};

/* MASK or /LENGTH */
static bool next_mask(struct parser *p, int *bits)
{
	const struct tok *t = tok_peek(p);
	struct tok length = { .s = t ? t->s + 1 : NULL, .len = t ? t->len - 1 : 0 };
	struct in_addr mask;
	uint64_t number;

	offer_value(p, "/<0-32>", "the length of a prefix");
	if (t && t->s[0] == '/' && tok_number(&length, &number) && number <= 32) {
		p->pos++;
		*bits = number;
		return true;
	}
	if (!next_ipv4(p, "a mask", &mask))
		return false;
	*bits = ios_mask_prefix(mask);
	if (*bits < 0)
		p_fail(p, "the mask of a network must be contiguous (255.255.255.0)");
	return *bits >= 0;
}

/* A MASK, or PREFIX/LENGTH of IPv6 */
static void network(struct parser *p, struct ios_ace *rule)
{
	static const char what[] = "a network: an address and a mask, host, range, any or group-object";
	const struct tok *t = tok_peek(p);
	unsigned int prefix;
	int bits;

	if (rule->src.family == AF_INET6) {
		offer_value(p, "X:X:X:X::X/<0-128>", "a prefix");
		if (tok_prefix6(t, &rule->src, &prefix))
			rule->src_wild = ios_wild(AF_INET6, prefix);
		else
			p_expected(p, t, "%s", what);
		tok_next(p);
		return;
	}
	if (!next_ipv4(p, what, &rule->src.v4) || !next_mask(p, &bits))
		return;
	rule->src_wild = ios_wild(AF_INET, bits);
	ios_addr_mask(&rule->src, &rule->src_wild);
}

static void host(struct parser *p, struct ios_ace *rule)
{
	static const char what[] = "an address after host (not a name)";

	rule->src_wild = ios_wild(rule->src.family, ios_addr_bits(rule->src.family));
	if (rule->src.family == AF_INET6)
		next_ipv6(p, what, &rule->src.v6);
	else
		next_ipv4(p, what, &rule->src.v4);
}

static void range(struct parser *p, struct ios_member *member)
{
	struct in_addr first, last;

	member->kind = IOS_MEMBER_RANGE;
	if (member->rule.src.family != AF_INET) {
		p_fail(p, "a range is of IPv4 addresses");
		return;
	}
	if (!next_ipv4(p, "the first address", &first) || !next_ipv4(p, "the last address", &last))
		return;
	if (ntohl(first.s_addr) > ntohl(last.s_addr)) {
		p_fail(p, "the first address of a range must not be above the last");
		return;
	}
	member->rule.src.v4 = first;
	member->last = (struct ios_addr){ .family = AF_INET, .v4 = last };
}

/* [eq] P... | ..., where there may be ports */
static void ports(struct parser *p, int proto, struct ios_ports *ports)
{
	next_ports(p, proto, ports);
	if (ports->op == IOS_PORT_ANY)
		offer_ports(p, proto);
	if (ports->n > 1 && ports->op != IOS_PORT_RANGE)
		p_fail(p, "an object-group has one port after eq and neq: write one line for each");
	if (p->failed || ports->op != IOS_PORT_ANY || !tok_peek(p))
		return;
	if (next_port(p, proto, &ports->port[0])) {
		ports->op = IOS_PORT_EQ;
		ports->n = 1;
	}
}

/* PROTO, tcp|udp|tcp-udp [source PORTS] [PORTS], or icmp [TYPE] */
static void service(struct parser *p, struct ios_member *member)
{
	const struct tok *t = tok_next(p);
	struct ios_ace *rule = &member->rule;

	member->kind = IOS_MEMBER_SERVICE;
	if (!t) {
		offer_protocols(p, rule->src.family);
		offer_word(p, "tcp-udp", "TCP and UDP");
	}
	rule->proto = tok_is(t, "tcp-udp") ? IOS_PROTO_TCP_UDP :
					     protocol_number(rule->src.family, t);
	if (rule->proto < IOS_PROTO_ANY) {
		p_expected(p, t, "a service: a protocol, tcp-udp, group-object or description");
		return;
	}
	if (rule->proto == IPPROTO_TCP || rule->proto == IPPROTO_UDP ||
	    rule->proto == IOS_PROTO_TCP_UDP) {
		if (option_word(p, "source", 2, "ports of the source"))
			ports(p, rule->proto, &rule->sport);
		ports(p, rule->proto, &rule->dport);
	}
	next_icmp(p, rule);
}

static void member_add(struct parser *p, struct ios_group *group, const struct ios_member *parsed)
{
	struct ios_member *same = ios_member_find(p->cfg, group, parsed);

	if (p->negate && same)
		ios_member_remove(p->cfg, group, same);
	if (p->negate || same)
		return;
	if (group->n_members == LINES_MAX)
		p_fail(p, "object-group %s has more than %d lines", group->name, LINES_MAX);
	else if (ios_member_add(p->cfg, group, parsed))
		no_memory(p);
}

static void description(struct parser *p, struct ios_group *group)
{
	if (p->negate) {
		free(group->description);
		group->description = NULL;
		return;
	}
	if (next_text(p, "a description", &group->description) &&
	    strlen(group->description) > DESCRIPTION_MAX)
		p_fail(p, "the description of an object-group has at most %d bytes", DESCRIPTION_MAX);
}

/* Of the words those that a group of its kind has. */
static void offer_words(struct parser *p, const struct ios_group *group)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i].id == WORD_DESCRIPTION || words[i].id == WORD_GROUP || !group->service)
			offer_keywords(p, &words[i], 1);
}

static void member_words(struct parser *p, struct ios_group *group)
{
	struct ios_member member = { .line = p->line.no };
	const struct kw *kw;
	bool ambiguous;

	ios_ace_init(&member.rule, group->family);
	kw = kw_match(words, ARRAY_SIZE(words), tok_peek(p), &ambiguous);
	offer_words(p, group);
	if (kw && kw->id == WORD_DESCRIPTION) {
		p->pos++;
		description(p, group);
		return;
	}
	if (kw && kw->id == WORD_GROUP) {
		p->pos++;
		member.kind = IOS_MEMBER_GROUP;
		next_name(p, "the name of an object-group", member.group);
	} else if (group->service) {
		service(p, &member);
	} else if (!kw) {
		network(p, &member.rule);
	} else {
		p->pos++;
		if (kw->id == WORD_HOST)
			host(p, &member.rule);
		else if (kw->id == WORD_RANGE)
			range(p, &member);
	}
	if (end_of_line(p))
		member_add(p, group, &member);
}

/* Whether a line that is not indented belongs to the group. */
static bool own_line(const struct parser *p)
{
	const struct tok *t = tok_peek(p);
	struct in_addr addr;
	bool ambiguous;
	int proto;

	/* asked what a line may begin with */
	if (!t)
		return true;
	if (kw_match(words, ARRAY_SIZE(words), t, &ambiguous))
		return true;
	if (!p->group->service && p->group->family == AF_INET6)
		return memchr(t->s, ':', t->len) != NULL;
	if (!p->group->service)
		return tok_ipv4(t, &addr);
	proto = protocol_number(p->group->family, t);
	/* "ip access-list" is none of it */
	return tok_is(t, "tcp-udp") || proto > IOS_PROTO_ANY ||
	       (proto == IOS_PROTO_ANY && p->line.n == 1);
}

bool group_line(struct parser *p)
{
	if (p->line.indent <= p->indent && !own_line(p))
		return false;
	p->in_group = p->group;
	member_words(p, p->group);
	p->in_group = NULL;
	return true;
}

void parse_group(struct parser *p)
{
	static const struct kw kinds[] = {
		{ .word = "network", .id = 0, .help = "networks" },
		{ .word = "service", .id = 1, .help = "protocols and ports" },
		{ .word = "v6-network", .min = 4, .id = 2, .help = "networks of IPv6" },
		{ .word = "v6-service", .min = 4, .id = 3, .help = "protocols and ports with IPv6" },
	};
	/* of other things */
	static const struct kw others[] = {
		{ .word = "fqdn", .min = 2 }, { .word = "geo", .min = 2 },
		{ .word = "security", .min = 3 }, { .word = "url", .min = 2 },
	};
	char name[IOS_NAME_MAX + 1];
	struct ios_group *group;
	const struct kw *kw;
	bool ambiguous;

	heads_section(p);
	kw = kw_match(others, ARRAY_SIZE(others), tok_peek(p), &ambiguous);
	if (kw) {
		p->cfg->n_skipped++;
		open_section(p, MODE_SKIP);
		return;
	}
	kw = kw_next(p, kinds, ARRAY_SIZE(kinds));
	if (!kw || !next_name(p, "the name of an object-group", name))
		return;
	group = ios_group_find(p->cfg, name);
	if (group && (group->service != kw->id % 2 ||
		      group->family != (kw->id < 2 ? AF_INET : AF_INET6))) {
		p_fail(p, "object-group %s is of another kind in line %u", name, group->line);
		return;
	}
	if (p->negate) {
		if (group)
			ios_group_remove(p->cfg, group);
		return;
	}
	group = ios_group_get(p->cfg, name, kw->id < 2 ? AF_INET : AF_INET6, kw->id % 2);
	if (!group) {
		no_memory(p);
		return;
	}
	if (!group->line)
		group->line = p->line.no;
	p->group = group;
	open_section(p, MODE_GROUP);
	p->in_group = group;
	end_of_line(p);
	p->in_group = NULL;
}
