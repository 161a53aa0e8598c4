// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Extended IPv4 access lists, numbered and named.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

#define SEQ_MAX 2147483647u

const char acl_expected[] = "a sequence number, deny, permit or remark";

/* ------------------------------------------------------------------- addresses */

/* A network mask in place of a wildcard matches other networks than were meant. */
static void wildcard_check(struct parser *p, struct in_addr wild)
{
	int prefix = ios_mask_prefix(wild);

	if (prefix >= 8 && prefix < 32)
		p_warn(p, "'%s' looks like a network mask; a wildcard has ones where an address may differ",
		       shown(p, &p->line.tok[p->pos - 1]));
}

/* any | host A | A WILDCARD */
static void ace_address(struct parser *p, const char *what, struct in_addr *addr,
			struct in_addr *wild)
{
	static const struct kw table[] = {
		{ .word = "any", .id = 0 },
		{ .word = "host", .id = 1 },
		{ .word = "object-group", .id = 2 },
	};
	const struct kw *kw;
	bool ambiguous;

	if (p->failed)
		return;
	kw = kw_match(table, ARRAY_SIZE(table), tok_peek(p), &ambiguous);
	if (!kw) {
		if (next_ipv4(p, what, addr) && next_ipv4(p, "a wildcard mask", wild)) {
			wildcard_check(p, *wild);
			addr->s_addr &= ~wild->s_addr;
		}
		return;
	}
	p->pos++;
	switch (kw->id) {
	case 0:
		addr->s_addr = 0;
		wild->s_addr = UINT32_MAX;
		break;
	case 1:
		wild->s_addr = 0;
		next_ipv4(p, "an address after host", addr);
		break;
	case 2:
		p_fail(p, "object-group is not supported yet");
		break;
	}
}

/* ----------------------------------------------------------------------- ports */

static bool ace_port(struct parser *p, int proto, bool first, uint16_t *port)
{
	const struct tok *t = tok_peek(p);
	int number = port_number(proto, t, first);

	if (number < 0) {
		if (first)
			p_fail(p, "unexpected '%s'; expected a port", shown(p, t));
		return false;
	}
	p->pos++;
	*port = number;
	return true;
}

/* eq P... | neq P... | lt P | gt P | range P P | nothing */
static void ace_ports(struct parser *p, int proto, struct ios_ports *ports)
{
	static const struct kw table[] = {
		{ .word = "eq", .min = 2, .id = IOS_PORT_EQ },
		{ .word = "gt", .min = 2, .id = IOS_PORT_GT },
		{ .word = "lt", .min = 2, .id = IOS_PORT_LT },
		{ .word = "neq", .min = 3, .id = IOS_PORT_NEQ },
		{ .word = "range", .min = 3, .id = IOS_PORT_RANGE },
	};
	const struct kw *kw;
	uint16_t port;
	bool ambiguous;

	if (p->failed || (proto != IPPROTO_TCP && proto != IPPROTO_UDP))
		return;
	kw = kw_match(table, ARRAY_SIZE(table), tok_peek(p), &ambiguous);
	if (!kw)
		return;
	p->pos++;
	if (!ace_port(p, proto, true, &ports->port[0]))
		return;
	ports->op = kw->id;
	ports->n = 1;
	if (kw->id == IOS_PORT_RANGE) {
		if (!ace_port(p, proto, true, &ports->port[1]))
			return;
		ports->n = 2;
		if (ports->port[0] > ports->port[1]) {
			port = ports->port[0];
			ports->port[0] = ports->port[1];
			ports->port[1] = port;
		}
		return;
	}
	if (kw->id != IOS_PORT_EQ && kw->id != IOS_PORT_NEQ)
		return;
	while (ace_port(p, proto, false, &port)) {
		if (ports->n == IOS_PORT_MAX) {
			p_fail(p, "at most %d ports are possible", IOS_PORT_MAX);
			return;
		}
		ports->port[ports->n++] = port;
	}
}

/* What an entry may end with and is not supported. */
static const struct kw options[] = {
	{ .word = "ack" }, { .word = "dscp" }, { .word = "established" }, { .word = "evaluate" },
	{ .word = "fin" }, { .word = "fragments" }, { .word = "match-all" },
	{ .word = "match-any" }, { .word = "option" }, { .word = "precedence" },
	{ .word = "psh" }, { .word = "reflect" }, { .word = "rst" }, { .word = "syn" },
	{ .word = "time-range" }, { .word = "tos" }, { .word = "ttl" }, { .word = "urg" },
};

/* a name, or TYPE [CODE] */
static void ace_icmp(struct parser *p, struct ios_ace *ace)
{
	const struct tok *t = tok_peek(p);
	uint32_t number;
	bool ambiguous;

	if (p->failed || ace->proto != IPPROTO_ICMP || !t)
		return;
	/* "ttl" is no ttl-exceeded */
	if (kw_match(options, ARRAY_SIZE(options), t, &ambiguous) || ambiguous)
		return;
	if (icmp_number(t, &ace->icmp_type, &ace->icmp_code)) {
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

static void ace_options(struct parser *p, struct ios_ace *ace)
{
	const struct kw *kw;
	bool ambiguous;

	if (p->failed)
		return;
	if (skip_word(p, "log-input", 3)) {
		ace->log = true;
		/* a word that the log shows with each match may follow */
		if (!kw_match(options, ARRAY_SIZE(options), tok_peek(p), &ambiguous))
			tok_next(p);
	}
	kw = kw_match(options, ARRAY_SIZE(options), tok_peek(p), &ambiguous);
	if (kw)
		p_fail(p, "'%s' is not supported in this version", kw->word);
	else
		end_of_line(p);
}

/* --------------------------------------------------------------------- entries */

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
		return;
	}
	if (!seq)
		seq = ios_next_seq(acl->max_seq, acl->max_ace, parsed->action == IOS_REMARK);
	if (!seq)
		p_fail(p, "the access list has no sequence number left");
	else if (ios_ace_find(p->cfg, acl, seq))
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
	if (ace->action != IOS_REMARK && ios_ace_index(p->cfg, acl, ace))
		no_memory(p);
	if (seq > acl->max_seq)
		acl->max_seq = seq;
	if (ace->action != IOS_REMARK && seq > acl->max_ace)
		acl->max_ace = seq;
	return;

drop:
	free(parsed->remark);
}

/* Takes out the entry that says the same. */
static void ace_drop(struct parser *p, struct ios_acl *acl, struct ios_ace *parsed)
{
	struct ios_ace *ace = acl->aces;

	while (ace && !ios_ace_same(ace, parsed))
		ace = ace->next;
	if (ace && !p->failed)
		ios_ace_remove(p->cfg, acl, ace);
	else if (!p->failed)
		p_warn(p, "access list %s has no such entry", acl->name);
	free(parsed->remark);
}

static void ace_done(struct parser *p, struct ios_acl *acl, uint32_t seq, struct ios_ace *parsed)
{
	if (p->negate)
		ace_drop(p, acl, parsed);
	else
		ace_add(p, acl, seq, parsed);
}

/* an entry that stands for others, which come and go */
#define ACE_FOREIGN (-1)

/* permit|deny PROTO SRC [SPORT] DST [DPORT] [options], or remark TEXT */
static void ace_words(struct parser *p, struct ios_acl *acl, uint32_t seq)
{
	static const struct kw actions[] = {
		{ .word = "deny", .id = IOS_DENY },
		{ .word = "dynamic", .id = ACE_FOREIGN },
		{ .word = "evaluate", .id = ACE_FOREIGN },
		{ .word = "permit", .id = IOS_PERMIT },
		{ .word = "remark", .id = IOS_REMARK },
	};
	struct ios_ace ace = {
		.proto = IOS_PROTO_ANY,
		.icmp_type = IOS_ICMP_ANY,
		.icmp_code = IOS_ICMP_ANY,
		.src_wild.s_addr = UINT32_MAX,
		.dst_wild.s_addr = UINT32_MAX,
	};
	const struct kw *kw = kw_next(p, actions, ARRAY_SIZE(actions));
	const struct tok *proto;

	if (!kw)
		return;
	if (kw->id == ACE_FOREIGN) {
		p_fail(p, "'%s' is not supported in this version", kw->word);
		return;
	}
	ace.action = kw->id;
	if (ace.action == IOS_REMARK) {
		next_text(p, "a remark", &ace.remark);
		ace_done(p, acl, seq, &ace);
		return;
	}
	proto = tok_next(p);
	ace.proto = protocol_number(proto);
	if (ace.proto < IOS_PROTO_ANY && tok_is(proto, "object-group"))
		p_fail(p, "object-group is not supported yet");
	if (ace.proto < IOS_PROTO_ANY)
		p_fail(p, "unexpected '%s'; expected a protocol: a number (0-255) or ip, tcp, udp, icmp, esp, gre, ...",
		       shown(p, proto));
	ace_address(p, "a source: any, host or an address and a wildcard", &ace.src, &ace.src_wild);
	ace_ports(p, ace.proto, &ace.sport);
	ace_address(p, "a destination: any, host or an address and a wildcard", &ace.dst,
		    &ace.dst_wild);
	ace_ports(p, ace.proto, &ace.dport);
	ace_icmp(p, &ace);
	ace_options(p, &ace);
	ace_done(p, acl, seq, &ace);
}

/* An entry; what is wrong with it is kept until the end of the text. */
static void ace_line(struct parser *p, struct ios_acl *acl, uint32_t seq)
{
	p->in_acl = acl;
	ace_words(p, acl, seq);
	p->in_acl = NULL;
}

static struct ios_acl *acl_get(struct parser *p, const char *name)
{
	struct ios_acl *acl = ios_acl_get(p->cfg, name);

	if (!acl)
		no_memory(p);
	else if (!acl->line)
		acl->line = p->line.no;
	return acl;
}

static void acl_remove(struct parser *p, const char *name)
{
	struct ios_acl *acl = ios_acl_find(p->cfg, name);

	if (acl)
		ios_acl_remove(p->cfg, acl);
	problem_undo(p, PROBLEM_ACL, name, 0, "");
}

bool acl_extended(uint64_t number)
{
	return (number >= 100 && number <= 199) || (number >= 2000 && number <= 2699);
}

/* --------------------------------------------------------------------- commands */

static void skip(struct parser *p)
{
	p->cfg->n_skipped++;
	open_section(p, MODE_SKIP);
}

void parse_access_list(struct parser *p)
{
	char name[IOS_NAME_MAX + 1];
	struct ios_acl *acl;
	uint64_t number;

	/* standard lists, lists of other protocols, "access-list compiled", ... */
	if (!tok_number(tok_peek(p), &number) || !acl_extended(number)) {
		skip(p);
		return;
	}
	p->pos++;
	snprintf(name, sizeof(name), "%u", (unsigned int)number);
	if (p->negate) {
		acl_remove(p, name);
		return;
	}
	acl = acl_get(p, name);
	if (acl)
		ace_line(p, acl, 0);
}

/* Notes the name of a standard list, for who takes it for an extended one. */
static void keep_standard(struct parser *p)
{
	struct standard *standard = calloc(1, sizeof(*standard));

	if (!standard) {
		no_memory(p);
		return;
	}
	if (!next_name(p, "the name of an access list", standard->name)) {
		free(standard);
		return;
	}
	standard->next = p->standards;
	p->standards = standard;
}

/* NAME START STEP */
static void resequence(struct parser *p)
{
	char name[IOS_NAME_MAX + 1];
	struct ios_acl *acl;
	uint32_t start, step;
	int ret;

	if (!next_name(p, "the name of an access list", name) ||
	    !next_number(p, "the first sequence number", 1, SEQ_MAX, &start) ||
	    !next_number(p, "the step between sequence numbers", 1, SEQ_MAX, &step) ||
	    !end_of_line(p))
		return;
	acl = ios_acl_find(p->cfg, name);
	if (!acl) {
		p_warn(p, "access list %s is not defined; nothing is renumbered", name);
		return;
	}
	ret = ios_acl_resequence(p->cfg, acl, start, step);
	if (ret < 0)
		no_memory(p);
	else if (ret)
		p_fail(p, "access list %s has too many entries to be numbered like this", name);
}

void parse_ip(struct parser *p)
{
	static const struct kw kinds[] = {
		{ .word = "extended", .id = 1 },
		{ .word = "log-update", .id = 0 },
		{ .word = "logging", .id = 0 },
		{ .word = "persistent", .id = 0 },
		{ .word = "resequence", .id = 3 },
		{ .word = "role-based", .id = 0 },
		{ .word = "standard", .id = 2 },
	};
	char name[IOS_NAME_MAX + 1];
	const struct kw *kw;
	struct ios_acl *acl;
	uint64_t number;

	p->pos++;	/* access-list, as the caller has seen */
	kw = kw_next(p, kinds, ARRAY_SIZE(kinds));
	if (!kw)
		return;
	if (kw->id == 3) {
		resequence(p);
		return;
	}
	if (kw->id == 2 && !p->negate)
		keep_standard(p);
	if (kw->id != 1) {
		skip(p);
		return;
	}
	if (tok_number(tok_peek(p), &number) && !acl_extended(number)) {
		p_fail(p, "%s is not the number of an extended access list (100-199, 2000-2699)",
		       shown(p, tok_peek(p)));
		return;
	}
	if (!next_name(p, "the name of an access list", name) || !end_of_line(p))
		return;
	if (p->negate) {
		acl_remove(p, name);
		return;
	}
	acl = acl_get(p, name);
	if (!acl)
		return;
	p->acl = acl;
	open_section(p, MODE_ACL);
}

bool acl_line(struct parser *p)
{
	static const struct kw actions[] = {
		{ .word = "deny", .min = 2 },
		{ .word = "dynamic", .min = 2 },
		{ .word = "evaluate", .min = 2 },
		{ .word = "permit", .min = 2 },
		{ .word = "remark", .min = 3 },
	};
	struct ios_ace *ace;
	uint32_t seq = 0;
	bool ambiguous;

	if (tok_digits(tok_peek(p)) && !next_number(p, "a sequence number", 1, SEQ_MAX, &seq))
		return true;
	if (p->negate && seq) {
		ace = ios_ace_find(p->cfg, p->acl, seq);
		if (ace)
			ios_ace_remove(p->cfg, p->acl, ace);
		return true;
	}
	if (!seq && !kw_match(actions, ARRAY_SIZE(actions), tok_peek(p), &ambiguous))
		return false;
	ace_line(p, p->acl, seq);
	return true;
}
