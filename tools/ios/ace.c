// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How access list entries relate to each other. The answers are those that the
 * kernel module has (kmod/tuple.c), but for ports: a range within a range is
 * known here.
 */
#include <stdlib.h>
#include <string.h>

#include "list.h"
#include "model.h"

void ios_ace_init(struct ios_ace *ace, int family)
{
	*ace = (struct ios_ace){
		.proto = IOS_PROTO_ANY,
		.icmp_type = IOS_ICMP_ANY,
		.icmp_code = IOS_ICMP_ANY,
		.src.family = family,
		.src_wild = ios_wild(family, 0),
		.dst.family = family,
		.dst_wild = ios_wild(family, 0),
	};
}

void ios_ace_clear(struct ios_ace *ace)
{
	struct ios_ace *part;
	size_t i;

	free(ace->remark);
	free(ace->tag);
	for (i = 0; i < IOS_PLACES; i++)
		free(ace->group[i]);
	while ((part = ios_list_pop(&ace->parts)))
		free(part);
}

bool ios_ace_grouped(const struct ios_ace *ace)
{
	return ace->group[IOS_PLACE_SERVICE] || ace->group[IOS_PLACE_SRC] ||
	       ace->group[IOS_PLACE_DST];
}

static bool groups_same(const struct ios_ace *a, const struct ios_ace *b)
{
	size_t i;

	for (i = 0; i < IOS_PLACES; i++)
		if (!a->group[i] != !b->group[i] ||
		    (a->group[i] && strcmp(a->group[i], b->group[i])))
			return false;
	return true;
}

static bool ports_same(const struct ios_ports *a, const struct ios_ports *b)
{
	return a->op == b->op && a->n == b->n && !memcmp(a->port, b->port, a->n * sizeof(*a->port));
}

static bool tcp_same(const struct ios_ace *a, const struct ios_ace *b)
{
	return a->tcp_set == b->tcp_set && a->tcp_clear == b->tcp_clear &&
	       a->tcp_all == b->tcp_all;
}

bool ios_ace_same(const struct ios_ace *a, const struct ios_ace *b)
{
	if (a->action != b->action)
		return false;
	if (a->action == IOS_REMARK)
		return a->remark && b->remark && !strcmp(a->remark, b->remark);
	return a->proto == b->proto && ios_addr_same(&a->src, &b->src) &&
	       ios_addr_same(&a->src_wild, &b->src_wild) && ios_addr_same(&a->dst, &b->dst) &&
	       ios_addr_same(&a->dst_wild, &b->dst_wild) && ports_same(&a->sport, &b->sport) &&
	       ports_same(&a->dport, &b->dport) && a->icmp_type == b->icmp_type &&
	       a->icmp_code == b->icmp_code && a->tos == b->tos && a->tos_mask == b->tos_mask &&
	       tcp_same(a, b) && ports_same(&a->ttl, &b->ttl) &&
	       a->fragments == b->fragments && groups_same(a, b);
}

/* Whether all addresses of a network are of another one. */
static bool net_contains(const struct ios_addr *addr, const struct ios_addr *wild,
			 const struct ios_addr *in_addr, const struct ios_addr *in_wild)
{
	unsigned int i;

	for (i = 0; i < ios_addr_bits(addr->family) / 8; i++)
		if (((addr->bytes[i] ^ in_addr->bytes[i]) | in_wild->bytes[i]) &
		    (uint8_t)~wild->bytes[i])
			return false;
	return true;
}

static bool net_overlaps(const struct ios_addr *a, const struct ios_addr *a_wild,
			 const struct ios_addr *b, const struct ios_addr *b_wild)
{
	unsigned int i;

	for (i = 0; i < ios_addr_bits(a->family) / 8; i++)
		if ((a->bytes[i] ^ b->bytes[i]) & (uint8_t)~(a_wild->bytes[i] | b_wild->bytes[i]))
			return false;
	return true;
}

bool ios_net_has(const struct ios_addr *net, const struct ios_addr *wild,
		 const struct ios_addr *addr)
{
	static const struct ios_addr host;

	return net->family == addr->family && net_contains(net, wild, addr, &host);
}

/* The ports from *low to *high are all that can match; neq leaves some of them out. */
static void port_span(const struct ios_ports *ports, int *low, int *high)
{
	*low = ports->op == IOS_PORT_GT ? ports->port[0] + 1 :
	       ports->op == IOS_PORT_RANGE ? ports->port[0] : 0;
	*high = ports->op == IOS_PORT_LT ? ports->port[0] - 1 :
		ports->op == IOS_PORT_RANGE ? ports->port[1] : UINT16_MAX;
}

static bool port_matches(const struct ios_ports *ports, int port)
{
	bool listed = false;
	int low, high;
	unsigned int i;

	if (ports->op == IOS_PORT_EQ || ports->op == IOS_PORT_NEQ) {
		for (i = 0; i < ports->n; i++)
			listed |= ports->port[i] == port;
		return listed == (ports->op == IOS_PORT_EQ);
	}
	port_span(ports, &low, &high);
	return port >= low && port <= high;
}

static bool ports_contain(const struct ios_ports *outer, const struct ios_ports *inner)
{
	int low, high, in_low, in_high;
	unsigned int i;

	switch (outer->op) {
	case IOS_PORT_ANY:
		return true;
	case IOS_PORT_EQ:
		if (inner->op != IOS_PORT_EQ)
			return false;
		break;
	case IOS_PORT_NEQ:
		/* what is left out must not match the inner one */
		for (i = 0; i < outer->n; i++)
			if (port_matches(inner, outer->port[i]))
				return false;
		return true;
	case IOS_PORT_LT:
	case IOS_PORT_GT:
	case IOS_PORT_RANGE:
		if (inner->op == IOS_PORT_EQ)
			break;
		port_span(outer, &low, &high);
		port_span(inner, &in_low, &in_high);
		return in_low >= low && in_high <= high;
	}
	for (i = 0; i < inner->n; i++)
		if (!port_matches(outer, inner->port[i]))
			return false;
	return true;
}

static bool ports_overlap(const struct ios_ports *a, const struct ios_ports *b)
{
	int low, high, b_low, b_high, port;
	unsigned int i;

	if (a->op == IOS_PORT_EQ) {
		for (i = 0; i < a->n; i++)
			if (port_matches(b, a->port[i]))
				return true;
		return false;
	}
	if (b->op == IOS_PORT_EQ)
		return ports_overlap(b, a);
	port_span(a, &low, &high);
	port_span(b, &b_low, &b_high);
	low = b_low > low ? b_low : low;
	high = b_high < high ? b_high : high;
	/* ends soon: neq leaves out few */
	for (port = low; port <= high; port++)
		if (port_matches(a, port) && port_matches(b, port))
			return true;
	return false;
}

static bool number_contains(int outer, int inner, int any)
{
	return outer == any || outer == inner;
}

static bool number_overlaps(int a, int b, int any)
{
	return a == any || b == any || a == b;
}

/* Conditions on single packets. */
static bool packet_contains(const struct ios_ace *outer, const struct ios_ace *inner)
{
	return !(outer->tos_mask & ~inner->tos_mask) &&
	       (inner->tos & outer->tos_mask) == outer->tos &&
	       ((!outer->tcp_set && !outer->tcp_clear) || tcp_same(outer, inner)) &&
	       ports_contain(&outer->ttl, &inner->ttl) && (!outer->fragments || inner->fragments);
}

bool ios_ace_contains(const struct ios_ace *outer, const struct ios_ace *inner)
{
	return net_contains(&outer->src, &outer->src_wild, &inner->src, &inner->src_wild) &&
	       net_contains(&outer->dst, &outer->dst_wild, &inner->dst, &inner->dst_wild) &&
	       number_contains(outer->proto, inner->proto, IOS_PROTO_ANY) &&
	       number_contains(outer->icmp_type, inner->icmp_type, IOS_ICMP_ANY) &&
	       number_contains(outer->icmp_code, inner->icmp_code, IOS_ICMP_ANY) &&
	       packet_contains(outer, inner) &&
	       ports_contain(&outer->sport, &inner->sport) &&
	       ports_contain(&outer->dport, &inner->dport);
}

bool ios_ace_overlaps(const struct ios_ace *a, const struct ios_ace *b)
{
	return net_overlaps(&a->src, &a->src_wild, &b->src, &b->src_wild) &&
	       net_overlaps(&a->dst, &a->dst_wild, &b->dst, &b->dst_wild) &&
	       number_overlaps(a->proto, b->proto, IOS_PROTO_ANY) &&
	       number_overlaps(a->icmp_type, b->icmp_type, IOS_ICMP_ANY) &&
	       number_overlaps(a->icmp_code, b->icmp_code, IOS_ICMP_ANY) &&
	       !((a->tos ^ b->tos) & a->tos_mask & b->tos_mask) &&
	       ports_overlap(&a->ttl, &b->ttl) &&
	       ports_overlap(&a->sport, &b->sport) && ports_overlap(&a->dport, &b->dport);
}

static void meet_nets(struct ios_addr *addr, struct ios_addr *wild, const struct ios_addr *other,
		      const struct ios_addr *other_wild)
{
	unsigned int i;

	for (i = 0; i < ios_addr_bits(addr->family) / 8; i++) {
		addr->bytes[i] |= other->bytes[i];
		wild->bytes[i] &= other_wild->bytes[i];
	}
}

void ios_ace_meet(struct ios_ace *ace, const struct ios_ace *other)
{
	meet_nets(&ace->src, &ace->src_wild, &other->src, &other->src_wild);
	meet_nets(&ace->dst, &ace->dst_wild, &other->dst, &other->dst_wild);
	if (ace->proto == IOS_PROTO_ANY)
		ace->proto = other->proto;
	if (ace->icmp_type == IOS_ICMP_ANY)
		ace->icmp_type = other->icmp_type;
	if (ace->icmp_code == IOS_ICMP_ANY)
		ace->icmp_code = other->icmp_code;
	ace->tos |= other->tos;
	ace->tos_mask |= other->tos_mask;
	ace->fragments |= other->fragments;
	if (ports_contain(&ace->ttl, &other->ttl))
		ace->ttl = other->ttl;
	if (!ace->tcp_set && !ace->tcp_clear) {
		ace->tcp_set = other->tcp_set;
		ace->tcp_clear = other->tcp_clear;
		ace->tcp_all = other->tcp_all;
	}
	if (ports_contain(&ace->sport, &other->sport))
		ace->sport = other->sport;
	if (ports_contain(&ace->dport, &other->dport))
		ace->dport = other->dport;
}
