// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Extended IPv4 access lists, numbered and named, and IPv6 access lists.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

#define SEQ_MAX 2147483647u
/* remarks in a row that are about one entry */
#define REMARKS_MAX 100
/* entries that are numbered anew in a text: a list of 65536 of them 64 times */
#define RENUMBERED_MAX (4u << 20)

const char acl_expected[] = "a sequence number, deny, permit or remark";

/* The words of an address family. */
struct words {
	const char *source;
	const char *destination;
	const char *protocol;
};

static const struct words words4 = {
	.source = "a source: any, host, object-group or an address and a wildcard",
	.destination = "a destination: any, host, object-group or an address and a wildcard",
	.protocol = "a protocol: a number (0-255) or ip, tcp, udp, icmp, esp, gre, ...",
};

static const struct words words6 = {
	.source = "a source: any, host, object-group or a prefix (2001:DB8::/32)",
	.destination = "a destination: any, host, object-group or a prefix (2001:DB8::/32)",
	.protocol = "a protocol: a number (0-255) or ipv6, tcp, udp, icmp, esp, ...",
};

static const struct words *words_of(int family)
{
	return family == AF_INET6 ? &words6 : &words4;
}

/* ------------------------------------------------------------------- addresses */

/* A network mask in place of a wildcard matches other networks than were meant. */
static void wildcard_check(struct parser *p, struct in_addr wild)
{
	int prefix = ios_mask_prefix(wild);

	if (prefix >= 8 && prefix < 32)
		p_warn(p, "'%s' looks like a network mask; a wildcard has ones where an address may differ",
		       shown(p, &p->line.tok[p->pos - 1]));
}

/* A WILDCARD, or PREFIX/LENGTH of IPv6 */
static void ace_network(struct parser *p, const char *what, struct ios_addr *addr,
			struct ios_addr *wild)
{
	const struct tok *t = tok_peek(p);
	unsigned int prefix;

	if (addr->family == AF_INET6) {
		offer_value(p, "X:X:X:X::X/<0-128>", "a prefix");
		if (tok_prefix6(t, addr, &prefix))
			*wild = ios_wild(AF_INET6, prefix);
		else
			p_expected(p, t, "%s", what);
		tok_next(p);
		return;
	}
	if (next_ipv4(p, what, &addr->v4) && next_ipv4(p, "a wildcard mask", &wild->v4)) {
		wildcard_check(p, wild->v4);
		ios_addr_mask(addr, wild);
	}
}

static void ace_group(struct parser *p, char **group)
{
	char name[IOS_NAME_MAX + 1];

	if (!next_name(p, "the name of an object-group", name))
		return;
	*group = strdup(name);
	if (!*group)
		no_memory(p);
}

/* any | host A | object-group G | a network; the families of both are set */
static void ace_address(struct parser *p, const char *what, struct ios_addr *addr,
			struct ios_addr *wild, char **group)
{
	static const struct kw table[] = {
		{ .word = "any", .id = 0, .help = "any address" },
		{ .word = "host", .id = 1, .help = "one address" },
		{ .word = "object-group", .id = 2, .help = "the networks of an object-group" },
	};
	static const char host[] = "an address after host (not a name)";
	const struct kw *kw;
	bool ambiguous;

	if (p->failed)
		return;
	kw = kw_peek(p, table, ARRAY_SIZE(table), &ambiguous);
	if (!kw) {
		ace_network(p, what, addr, wild);
		return;
	}
	p->pos++;
	switch (kw->id) {
	case 0:
		*wild = ios_wild(addr->family, 0);
		break;
	case 1:
		*wild = ios_wild(addr->family, ios_addr_bits(addr->family));
		if (addr->family == AF_INET6)
			next_ipv6(p, host, &addr->v6);
		else
			next_ipv4(p, host, &addr->v4);
		break;
	case 2:
		ace_group(p, group);
		break;
	}
}

/* ----------------------------------------------------------------------- ports */

/* The first of several must be one. */
static bool ace_port(struct parser *p, int proto, bool first, uint16_t *port)
{
	const struct tok *t = tok_peek(p);
	int number = port_number(proto, t, first);

	offer_ports(p, proto);
	if (number < 0) {
		if (first)
			p_expected(p, t, "a port");
		return false;
	}
	p->pos++;
	*port = number;
	return true;
}

bool next_port(struct parser *p, int proto, uint16_t *port)
{
	return ace_port(p, proto, true, port);
}

/* Shorter forms would be taken for options that may stand there: established, log, rst. */
const struct kw port_operators[PORT_OPERATORS] = {
	{ .word = "eq", .min = 2, .id = IOS_PORT_EQ, .help = "the port, or one of several" },
	{ .word = "gt", .id = IOS_PORT_GT, .help = "ports above" },
	{ .word = "lt", .min = 2, .id = IOS_PORT_LT, .help = "ports below" },
	{ .word = "neq", .id = IOS_PORT_NEQ, .help = "other ports than" },
	{ .word = "range", .min = 2, .id = IOS_PORT_RANGE, .help = "ports from and to" },
};

void next_operands(struct parser *p, enum ios_port_op op, operand_fn operand, int proto,
		   const char *noun, struct ios_ports *ports)
{
	uint16_t value;

	if (!operand(p, proto, true, &ports->port[0]))
		return;
	ports->op = op;
	ports->n = 1;
	if (op == IOS_PORT_RANGE) {
		if (!operand(p, proto, true, &ports->port[1]))
			return;
		ports->n = 2;
		if (ports->port[0] > ports->port[1]) {
			value = ports->port[0];
			ports->port[0] = ports->port[1];
			ports->port[1] = value;
		}
		/* one port is what IKE can name */
		if (ports->port[0] == ports->port[1]) {
			ports->op = IOS_PORT_EQ;
			ports->port[1] = 0;
			ports->n = 1;
		}
		return;
	}
	if (op != IOS_PORT_EQ && op != IOS_PORT_NEQ)
		return;
	while (operand(p, proto, false, &value)) {
		if (ports->n == IOS_PORT_MAX) {
			p_fail(p, "at most %d %s are possible", IOS_PORT_MAX, noun);
			return;
		}
		ports->port[ports->n++] = value;
	}
}

void next_ports(struct parser *p, int proto, struct ios_ports *ports)
{
	const struct kw *kw;
	bool ambiguous;

	if (p->failed ||
	    (proto != IPPROTO_TCP && proto != IPPROTO_UDP && proto != IOS_PROTO_TCP_UDP))
		return;
	kw = kw_peek(p, port_operators, PORT_OPERATORS, &ambiguous);
	if (!kw)
		return;
	p->pos++;
	next_operands(p, kw->id, ace_port, proto, "ports", ports);
}

void next_icmp(struct parser *p, struct ios_ace *ace)
{
	const struct tok *t = tok_peek(p);
	int family = ace->src.family;
	uint32_t number;
	bool ambiguous;

	if (p->failed || ace->proto != icmp_protocol(family))
		return;
	offer_icmp(p, family);
	if (!t)
		return;
	/* "ttl" is no ttl-exceeded */
	if (next_option(p, ace, &ambiguous) || ambiguous)
		return;
	if (icmp_number(family, t, &ace->icmp_type, &ace->icmp_code)) {
		p->pos++;
		return;
	}
	if (!tok_digits(t) || !next_number(p, "an ICMP type", 0, 255, &number))
		return;
	ace->icmp_type = number;
	if (tok_peek(p) && tok_digits(tok_peek(p)) &&
	    next_number(p, "an ICMP code", 0, 255, &number))
		ace->icmp_code = number;
}

/* A type of IGMP, which nothing here looks at */
static void refuse_igmp(struct parser *p, const struct ios_ace *ace)
{
	static const struct kw types[] = {
		{ .word = "dvmrp" }, { .word = "host-query" }, { .word = "host-report" },
		{ .word = "pim" }, { .word = "trace" },
	};
	const struct tok *t = tok_peek(p);
	bool ambiguous;

	if (ace->proto == IPPROTO_IGMP && t &&
	    (tok_digits(t) || kw_match(types, ARRAY_SIZE(types), t, &ambiguous)))
		p_fail(p, "'%s': IGMP types are not supported in this version", shown(p, t));
}

/* --------------------------------------------------------------------- entries */

/*
 * Newer releases write a remark with the number of the entry that it is about: it goes
 * before that one, with those before it. Return: whether the number is free now.
 */
static bool remarks_give_way(struct parser *p, struct ios_acl *acl, uint32_t seq)
{
	struct ios_ace *ace;
	uint32_t to = seq;

	while ((ace = ios_ace_find(p->cfg, acl, to)))
		if (ace->action != IOS_REMARK || !--to || seq - to > REMARKS_MAX)
			return false;
	for (; to < seq; to++)
		if (!ios_ace_move(p->cfg, acl, ios_ace_find(p->cfg, acl, to + 1), to))
			return false;
	return true;
}

/* Takes over what was parsed, unless it failed. */
static void ace_add(struct parser *p, struct ios_acl *acl, uint32_t seq, struct ios_ace *parsed)
{
	const struct ios_ace *twin;
	struct ios_ace *ace;

	twin = p->failed || parsed->action == IOS_REMARK ? NULL :
	       ios_ace_twin(p->cfg, acl, parsed);
	if (twin) {
		/* as on IOS; it could never match */
		p_warn(p, "access list %s has the same entry in line %u; this one is left out",
		       acl->name, twin->line);
		goto drop;
	}
	ios_acl_last(acl);
	if (!seq)
		seq = ios_next_seq(acl->max_seq, acl->max_ace, parsed->action == IOS_REMARK);
	if (!seq)
		p_fail(p, "the access list has no sequence number left");
	else if (!remarks_give_way(p, acl, seq))
		p_fail(p, "access list %s has an entry %u in line %u already", acl->name, seq,
		       ios_ace_find(p->cfg, acl, seq)->line);
	if (p->failed)
		goto drop;
	ace = ios_ace_add(p->cfg, acl, seq);
	if (!ace) {
		no_memory(p);
		goto drop;
	}
	parsed->next = ace->next;
	parsed->seq = seq;
	parsed->line = p->line.no;
	*ace = *parsed;
	if (ios_ace_index(p->cfg, acl, ace))
		no_memory(p);
	if (seq > acl->max_seq)
		acl->max_seq = seq;
	if (ace->action != IOS_REMARK && seq > acl->max_ace)
		acl->max_ace = seq;
	return;

drop:
	ios_ace_clear(parsed);
}

/* Takes out the entry that says the same; @seq: its number, or 0 for any */
static void ace_drop(struct parser *p, struct ios_acl *acl, uint32_t seq, struct ios_ace *parsed)
{
	struct ios_ace *ace = p->failed ? NULL : ios_ace_twin(p->cfg, acl, parsed);

	if (ace && (!seq || ace->seq == seq))
		ios_ace_remove(p->cfg, acl, ace);
	else if (!p->failed)
		p_warn(p, "access list %s has no such entry", acl->name);
	ios_ace_clear(parsed);
}

static void ace_done(struct parser *p, struct ios_acl *acl, uint32_t seq, struct ios_ace *parsed)
{
	if (p->negate)
		ace_drop(p, acl, seq, parsed);
	else
		ace_add(p, acl, seq, parsed);
}

/* an entry that stands for others, which come and go */
#define ACE_FOREIGN (-1)

/* A protocol, or object-group G */
static void ace_protocol(struct parser *p, const char *what, struct ios_ace *ace)
{
	const struct tok *t;
	int proto;

	if (option_word(p, "object-group", 2, "the services of an object-group")) {
		ace_group(p, &ace->group[IOS_PLACE_SERVICE]);
		return;
	}
	t = tok_next(p);
	if (!t)
		offer_protocols(p, ace->src.family);
	proto = protocol_number(ace->src.family, t);
	if (proto < IOS_PROTO_ANY)
		p_expected(p, t, "%s", what);
	else
		ace->proto = proto;
}

/* any | host A | A [WILDCARD], and log: what an entry of a standard list has */
static void standard_words(struct parser *p, struct ios_ace *ace)
{
	const struct tok *next = p->pos + 1 < p->line.n ? &p->line.tok[p->pos + 1] : NULL;
	const struct tok *t = tok_peek(p);
	struct in_addr addr;

	if (t && tok_ipv4(t, &addr) && !(next && tok_ipv4(next, &addr))) {
		next_ipv4(p, "an address", &ace->src.v4);
		ace->src_wild = ios_wild(AF_INET, 32);
	} else {
		ace_address(p, "a source: any, host or an address and a wildcard", &ace->src,
			    &ace->src_wild, &ace->group[IOS_PLACE_SRC]);
	}
	if (ace->group[IOS_PLACE_SRC])
		p_fail(p, "a standard access list has no object-groups");
	if (option_word(p, "log", 3, "without effect")) {
		ace->log = IOS_LOG;
		log_tag(p, ace);
	}
	end_of_line(p);
}

/* permit|deny PROTO SRC [SPORT] DST [DPORT] [options], or remark TEXT */
static void ace_words(struct parser *p, struct ios_acl *acl, uint32_t seq)
{
	static const struct kw actions[] = {
		{ .word = "deny", .id = IOS_DENY, .help = "not by this entry" },
		{ .word = "dynamic", .id = ACE_FOREIGN },
		{ .word = "evaluate", .id = ACE_FOREIGN },
		{ .word = "permit", .id = IOS_PERMIT, .help = "packets to protect" },
		{ .word = "remark", .id = IOS_REMARK, .help = "a text" },
	};
	const struct words *words = words_of(acl->family);
	const struct kw *kw = kw_next(p, actions, ARRAY_SIZE(actions));
	struct ios_ace ace;

	ios_ace_init(&ace, acl->family);
	ace.standard = acl->standard;
	if (!kw)
		return;
	if (kw->id == ACE_FOREIGN) {
		p_fail(p, "'%s' is not supported in this version", kw->word);
		return;
	}
	ace.action = kw->id;
	/* without text it only parts other lines */
	if (ace.action == IOS_REMARK && !tok_raw(p) && !asked(p))
		return;
	if (ace.action == IOS_REMARK) {
		next_text(p, "a remark", &ace.remark);
		ace_done(p, acl, seq, &ace);
		return;
	}
	if (acl->standard) {
		standard_words(p, &ace);
		ace_done(p, acl, seq, &ace);
		return;
	}
	ace_protocol(p, words->protocol, &ace);
	ace_address(p, words->source, &ace.src, &ace.src_wild,
		    &ace.group[IOS_PLACE_SRC]);
	next_ports(p, ace.proto, &ace.sport);
	ace_address(p, words->destination, &ace.dst, &ace.dst_wild,
		    &ace.group[IOS_PLACE_DST]);
	next_ports(p, ace.proto, &ace.dport);
	next_icmp(p, &ace);
	refuse_igmp(p, &ace);
	ace_options(p, &ace, &seq);
	ace_done(p, acl, seq, &ace);
}

/* Numbers the entries as resequence has told. */
static void acl_settle(struct parser *p, struct ios_acl *acl)
{
	if (acl->pending)
		p->renumbered += acl->n_aces;
	if (ios_acl_settle(p->cfg, acl))
		no_memory(p);
}

void settle_lists(struct parser *p)
{
	struct ios_acl *acl;

	for (acl = p->cfg->acls; acl; acl = acl->next)
		acl_settle(p, acl);
}

/* An entry; what is wrong with it is kept until the end of the text. */
static void ace_line(struct parser *p, struct ios_acl *acl, uint32_t seq)
{
	acl_settle(p, acl);
	p->in_acl = acl;
	ace_words(p, acl, seq);
	p->in_acl = NULL;
}

/* Reports a list of this name that is of the other kind. */
static bool other_kind(struct parser *p, const struct ios_acl *acl, bool standard)
{
	if (!acl || !acl->line || acl->standard == standard)
		return false;
	p_fail(p, "access list %s is %s one in line %u", acl->name,
	       acl->standard ? "a standard" : "an extended", acl->line);
	return true;
}

static struct ios_acl *acl_get(struct parser *p, const char *name, int family, bool standard)
{
	struct ios_acl *acl = ios_acl_get(p->cfg, name, family);

	if (!acl) {
		no_memory(p);
		return NULL;
	}
	if (other_kind(p, acl, standard))
		return NULL;
	acl->standard = standard;
	if (!acl->line)
		acl->line = p->line.no;
	return acl;
}

static void acl_remove(struct parser *p, const char *name, int family)
{
	struct ios_acl *acl = ios_acl_find(p->cfg, name, family);

	if (acl)
		ios_acl_remove(p->cfg, acl);
	problem_undo(p, PROBLEM_ACL, name, family, "");
}

bool acl_extended(uint64_t number)
{
	return (number >= 100 && number <= 199) || (number >= 2000 && number <= 2699);
}

bool acl_standard(uint64_t number)
{
	return (number >= 1 && number <= 99) || (number >= 1300 && number <= 1999);
}

/* --------------------------------------------------------------------- commands */

static void skip(struct parser *p)
{
	p->cfg->n_skipped++;
	open_section(p, MODE_SKIP);
}

/* Whether an entry follows, so that "no" may mean its list: as on IOS all of it goes. */
static bool begins_entry(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "deny", .min = 2 }, { .word = "permit", .min = 2 }, { .word = "remark", .min = 2 },
	};

	if (!kw_next(p, table, ARRAY_SIZE(table)))
		return false;
	if (!tok_peek(p))
		p_expected(p, NULL, "the rest of the entry");
	return !p->failed;
}

void parse_access_list(struct parser *p)
{
	char name[IOS_NAME_MAX + 1];
	struct ios_acl *acl;
	uint64_t number;
	bool entry;

	offer_value(p, "<1-99>", "a standard access list");
	offer_value(p, "<100-199>", "an extended access list");
	offer_value(p, "<1300-1999>", "a standard access list");
	offer_value(p, "<2000-2699>", "an extended access list");
	/* lists of other protocols, "access-list compiled", ... */
	if (!tok_number(tok_peek(p), &number))
		number = 0;
	if (!acl_extended(number) && !acl_standard(number)) {
		if (!wrong_list(p, number))
			skip(p);
		return;
	}
	p->pos++;
	snprintf(name, sizeof(name), "%u", (unsigned int)number);
	if (p->negate) {
		entry = tok_peek(p);
		if (entry && !begins_entry(p))
			return;
		if (entry && !p->interactive)
			p_warn(p, "no access-list %s takes the whole list away, not one entry", name);
		acl_remove(p, name, AF_INET);
		return;
	}
	acl = acl_get(p, name, AF_INET, acl_standard(number));
	if (acl)
		ace_line(p, acl, 0);
}

/* Whether so much was numbered anew that there is to be no more; says so once. */
static bool renumbered_enough(struct parser *p)
{
	if (p->renumbered < RENUMBERED_MAX)
		return false;
	if (!p->renumbered_told)
		p_fail(p, "access lists are numbered anew too often: more than %u entries so far; once behind the last entry is enough",
		       RENUMBERED_MAX);
	p->renumbered_told = true;
	return true;
}

/* NAME START STEP */
static void resequence(struct parser *p)
{
	char name[IOS_NAME_MAX + 1];
	struct ios_acl *acl;
	uint32_t start, step;

	if (!next_name(p, "the name of an access list", name) ||
	    !next_number(p, "the first sequence number", 1, SEQ_MAX, &start) ||
	    !next_number(p, "the step between sequence numbers", 1, SEQ_MAX, &step) ||
	    !end_of_line(p))
		return;
	if (p->negate) {
		p_fail(p, "what resequence did cannot be taken back with no");
		return;
	}
	acl = ios_acl_find(p->cfg, name, AF_INET);
	if (!acl) {
		p_warn(p, "access list %s is not defined; nothing is renumbered", name);
		return;
	}
	if (renumbered_enough(p))
		return;
	if (!ios_acl_resequence(acl, start, step))
		p_fail(p, "access list %s has too many entries to be numbered like this", name);
}

/* NAME, which opens the section of its entries */
static void acl_section(struct parser *p, int family, bool standard)
{
	char name[IOS_NAME_MAX + 1];
	struct ios_acl *acl;

	if (!next_name(p, "the name of an access list", name) || !end_of_line(p))
		return;
	if (p->negate) {
		if (!other_kind(p, ios_acl_find(p->cfg, name, family), standard))
			acl_remove(p, name, family);
		return;
	}
	acl = acl_get(p, name, family, standard);
	if (!acl)
		return;
	p->acl = acl;
	open_section(p, MODE_ACL);
}

void parse_ipv6(struct parser *p)
{
	if (skip_word(p, "crypto", 4)) {
		if (!p->negate && !range_line(p))
			p_fail(p, "ipv6 crypto map belongs to an interface, and no interface section is open");
		return;
	}
	p->pos++;	/* access-list, as the caller has seen */
	if (p->pos + 1 < p->line.n &&
	    (tok_is(tok_peek(p), "log-update") || tok_is(tok_peek(p), "role-based"))) {
		skip(p);
		return;
	}
	heads_section(p);
	acl_section(p, AF_INET6, false);
}

void parse_ip(struct parser *p)
{
	static const struct kw kinds[] = {
		{ .word = "extended", .id = 1, .help = "with protocol, source and destination" },
		{ .word = "fqdn", .min = 4, .id = 0 },
		{ .word = "helper", .min = 4, .id = 0 },
		{ .word = "log-update", .min = 4, .id = 0 },
		{ .word = "logging", .min = 4, .id = 0 },
		{ .word = "match-local-traffic", .min = 4, .id = 0 },
		{ .word = "persistent", .min = 4, .id = 0 },
		{ .word = "resequence", .id = 3, .help = "number the entries anew" },
		{ .word = "role-based", .min = 4, .id = 0 },
		{ .word = "standard", .id = 2, .help = "with the source only" },
	};
	const struct kw *kw;
	uint64_t number;

	p->pos++;	/* access-list, as the caller has seen */
	kw = kw_next(p, kinds, ARRAY_SIZE(kinds));
	if (kw && kw->id == 3) {
		resequence(p);
		return;
	}
	heads_section(p);
	if (!kw)
		return;
	if (!kw->id) {
		skip(p);
		return;
	}
	if (tok_number(tok_peek(p), &number) &&
	    !(kw->id == 2 ? acl_standard(number) : acl_extended(number))) {
		p_fail(p, "%s is not the number of %s access list (%s)", shown(p, tok_peek(p)),
		       kw->id == 2 ? "a standard" : "an extended",
		       kw->id == 2 ? "1-99, 1300-1999" : "100-199, 2000-2699");
		return;
	}
	acl_section(p, AF_INET, kw->id == 2);
}

bool acl_line(struct parser *p)
{
	static const struct kw actions[] = {
		{ .word = "deny", .min = 2, .help = "not by this entry" },
		{ .word = "dynamic", .min = 2 },
		{ .word = "evaluate", .min = 2 },
		{ .word = "permit", .help = "packets to protect" },
		{ .word = "remark", .min = 2, .help = "a text" },
	};
	struct ios_ace *ace;
	uint32_t seq = 0;
	bool ambiguous, said;

	said = p->acl->family == AF_INET6 &&
	       option_word(p, "sequence", 3, "the number of the entry");
	if (!said)
		offer_number(p, 1, SEQ_MAX, "the number of the entry");
	if ((said || tok_digits(tok_peek(p))) && !next_number(p, "a sequence number", 1, SEQ_MAX, &seq))
		return true;
	if (p->negate && seq && !tok_peek(p)) {
		acl_settle(p, p->acl);
		ace = ios_ace_find(p->cfg, p->acl, seq);
		if (ace)
			ios_ace_remove(p->cfg, p->acl, ace);
		else
			p_warn(p, "access list %s has no entry %u", p->acl->name, seq);
		return true;
	}
	if (!seq && !kw_peek(p, actions, ARRAY_SIZE(actions), &ambiguous))
		return false;
	ace_line(p, p->acl, seq);
	return true;
}
