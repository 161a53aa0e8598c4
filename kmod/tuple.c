// SPDX-License-Identifier: GPL-2.0-only
/* Comparison of packets with conditions: the innermost part of a look-up. */

#ifdef __KERNEL__
#include <linux/socket.h>
#else
#include <sys/socket.h>
#endif
#include <linux/container_of.h>
#include <linux/in.h>
#include <linux/string.h>
#include <linux/types.h>

#include <uapi/linux/crypto_map.h>

#include "tuple.h"

void cmap_tuple_mirror(struct cmap_tuple *to, const struct cmap_tuple *from)
{
	*to = *from;
	to->src = from->dst;
	to->dst = from->src;
	to->sport = from->dport;
	to->dport = from->sport;
}

static bool cmap_addr_match(const union cmap_addr *a,
			    const union cmap_addr *want,
			    const union cmap_addr *mask, u16 family)
{
	if (family == AF_INET)
		return !((a->ip4 & mask->ip4) ^ want->ip4);

	return !(((a->ip6[0] & mask->ip6[0]) ^ want->ip6[0]) |
		 ((a->ip6[1] & mask->ip6[1]) ^ want->ip6[1]) |
		 ((a->ip6[2] & mask->ip6[2]) ^ want->ip6[2]) |
		 ((a->ip6[3] & mask->ip6[3]) ^ want->ip6[3]));
}

static bool cmap_ports_listed(const struct cmap_ports *p, u16 port)
{
	unsigned int i;

	for (i = 0; i < p->n; i++)
		if (p->port[i] == port)
			return true;
	return false;
}

static bool cmap_ports_match(const struct cmap_ports *p, u16 port)
{
	switch (p->op) {
	case CRYPTO_MAP_PORT_OP_ANY:
		return true;
	case CRYPTO_MAP_PORT_OP_EQ:
		return cmap_ports_listed(p, port);
	case CRYPTO_MAP_PORT_OP_NEQ:
		return !cmap_ports_listed(p, port);
	case CRYPTO_MAP_PORT_OP_LT:
		return port < p->port[0];
	case CRYPTO_MAP_PORT_OP_GT:
		return port > p->port[0];
	case CRYPTO_MAP_PORT_OP_RANGE:
		return port >= p->port[0] && port <= p->port[1];
	}
	return false;
}

static bool cmap_match_has_tcp(const struct cmap_match *m)
{
	return m->tcp_set || m->tcp_clear;
}

static bool cmap_tcp_match(const struct cmap_match *m, u8 flags)
{
	if (m->tcp_all)
		return (flags & m->tcp_set) == m->tcp_set &&
		       !(flags & m->tcp_clear);
	return flags & m->tcp_set || ~flags & m->tcp_clear;
}

bool cmap_match_needs_ports(const struct cmap_match *m)
{
	return m->sport.op != CRYPTO_MAP_PORT_OP_ANY ||
	       m->dport.op != CRYPTO_MAP_PORT_OP_ANY ||
	       m->icmp_type != CMAP_ICMP_ANY || cmap_match_has_tcp(m);
}

bool cmap_match_needs_whole(const struct cmap_match *m)
{
	return cmap_match_needs_ports(m) ||
	       (m->family == AF_INET6 && m->proto != CMAP_PROTO_ANY);
}

bool cmap_match_is_hosts(const struct cmap_match *m, u16 family,
			 const union cmap_addr *src, const union cmap_addr *dst)
{
	int i, words = family == AF_INET ? 1 : 4;

	if (m->family != family)
		return false;
	for (i = 0; i < words; i++)
		if (~(m->src_mask.ip6[i] & m->dst_mask.ip6[i]) ||
		    m->src.ip6[i] ^ src->ip6[i] || m->dst.ip6[i] ^ dst->ip6[i])
			return false;
	return true;
}

bool cmap_match_between(struct cmap_match *m, const struct cmap_match *of,
			const union cmap_addr *src, const union cmap_addr *dst)
{
	size_t len = of->family == AF_INET ? sizeof(src->ip4) :
					     sizeof(src->ip6);

	if (!cmap_addr_match(src, &of->src, &of->src_mask, of->family) ||
	    !cmap_addr_match(dst, &of->dst, &of->dst_mask, of->family))
		return false;
	*m = *of;
	m->src = *src;
	m->dst = *dst;
	memset(&m->src_mask, 0xff, len);
	memset(&m->dst_mask, 0xff, len);
	return true;
}

static bool cmap_ports_single(const struct cmap_ports *p)
{
	return p->op == CRYPTO_MAP_PORT_OP_EQ && p->n == 1;
}

void cmap_packets_of(struct cmap_packets *p, const struct cmap_match *m,
		     const struct cmap_flow *flow)
{
	struct cmap_tuple *t = &p->tuple;

	memset(p, 0, sizeof(*p));
	p->of = m;
	p->flow = flow;
	t->src = m->src;
	t->dst = m->dst;
	t->family = m->family;
	t->flags = CMAP_TUPLE_MANY;
	if (m->proto == CMAP_PROTO_ANY)
		t->flags |= CMAP_TUPLE_NO_PROTO | CMAP_TUPLE_OPAQUE;
	else
		t->proto = m->proto;
	if (cmap_ports_single(&m->sport) && cmap_ports_single(&m->dport)) {
		t->flags |= CMAP_TUPLE_PORTS;
		t->sport = m->sport.port[0];
		t->dport = m->dport.port[0];
	} else if (m->icmp_type != CMAP_ICMP_ANY &&
		   m->icmp_code != CMAP_ICMP_ANY) {
		t->flags |= CMAP_TUPLE_ICMP;
		t->icmp_type = m->icmp_type;
		t->icmp_code = m->icmp_code;
	} else {
		t->flags |= CMAP_TUPLE_OPAQUE;
	}
}

static bool cmap_net_contains(const union cmap_addr *addr,
			      const union cmap_addr *mask,
			      const union cmap_addr *in_addr,
			      const union cmap_addr *in_mask)
{
	int i;

	for (i = 0; i < 4; i++)
		if ((mask->ip6[i] & ~in_mask->ip6[i]) ||
		    ((in_addr->ip6[i] & mask->ip6[i]) ^ addr->ip6[i]))
			return false;
	return true;
}

static bool cmap_ports_contain(const struct cmap_ports *outer,
			       const struct cmap_ports *inner)
{
	unsigned int i;

	if (outer->op == CRYPTO_MAP_PORT_OP_ANY)
		return true;
	if (inner->op != CRYPTO_MAP_PORT_OP_EQ)
		return !memcmp(outer, inner, sizeof(*outer));
	for (i = 0; i < inner->n; i++)
		if (!cmap_ports_match(outer, inner->port[i]))
			return false;
	return true;
}

/* Conditions on TCP flags are not compared by what they mean. */
static bool cmap_packet_contains(const struct cmap_match *outer,
				 const struct cmap_match *inner)
{
	if (outer->tos_mask & ~inner->tos_mask ||
	    (inner->tos & outer->tos_mask) != outer->tos ||
	    outer->later > inner->later ||
	    !cmap_ports_contain(&outer->ttl, &inner->ttl))
		return false;
	return !cmap_match_has_tcp(outer) ||
	       (outer->tcp_set == inner->tcp_set &&
		outer->tcp_clear == inner->tcp_clear &&
		outer->tcp_all == inner->tcp_all);
}

bool cmap_match_contains(const struct cmap_match *outer,
			 const struct cmap_match *inner)
{
	return outer->family == inner->family &&
	       cmap_net_contains(&outer->src, &outer->src_mask,
				 &inner->src, &inner->src_mask) &&
	       cmap_net_contains(&outer->dst, &outer->dst_mask,
				 &inner->dst, &inner->dst_mask) &&
	       (outer->proto == CMAP_PROTO_ANY ||
		outer->proto == inner->proto) &&
	       (outer->icmp_type == CMAP_ICMP_ANY ||
		outer->icmp_type == inner->icmp_type) &&
	       (outer->icmp_code == CMAP_ICMP_ANY ||
		outer->icmp_code == inner->icmp_code) &&
	       cmap_packet_contains(outer, inner) &&
	       cmap_ports_contain(&outer->sport, &inner->sport) &&
	       cmap_ports_contain(&outer->dport, &inner->dport);
}

static bool cmap_net_overlaps(const union cmap_addr *a,
			      const union cmap_addr *a_mask,
			      const union cmap_addr *b,
			      const union cmap_addr *b_mask)
{
	int i;

	for (i = 0; i < 4; i++)
		if ((a->ip6[i] ^ b->ip6[i]) & a_mask->ip6[i] & b_mask->ip6[i])
			return false;
	return true;
}

static bool cmap_ports_overlap(const struct cmap_ports *a,
			       const struct cmap_ports *b)
{
	return !cmap_ports_single(a) || !cmap_ports_single(b) ||
	       a->port[0] == b->port[0];
}

bool cmap_match_overlaps(const struct cmap_match *a, const struct cmap_match *b)
{
	return a->family == b->family &&
	       cmap_net_overlaps(&a->src, &a->src_mask, &b->src,
				 &b->src_mask) &&
	       cmap_net_overlaps(&a->dst, &a->dst_mask, &b->dst,
				 &b->dst_mask) &&
	       (a->proto == CMAP_PROTO_ANY || b->proto == CMAP_PROTO_ANY ||
		a->proto == b->proto) &&
	       cmap_ports_overlap(&a->sport, &b->sport) &&
	       cmap_ports_overlap(&a->dport, &b->dport);
}

static enum cmap_match_result cmap_match_packets(const struct cmap_match *m,
						 const struct cmap_packets *p)
{
	if (cmap_match_contains(m, p->of))
		return CMAP_MATCH_YES;
	return cmap_match_overlaps(m, p->of) ? CMAP_MATCH_UNKNOWN :
					       CMAP_MATCH_NO;
}

enum cmap_match_result cmap_match_tuple(const struct cmap_match *m,
					const struct cmap_tuple *t)
{
	if (m->family != t->family ||
	    !cmap_addr_match(&t->dst, &m->dst, &m->dst_mask, m->family) ||
	    !cmap_addr_match(&t->src, &m->src, &m->src_mask, m->family))
		return CMAP_MATCH_NO;
	if (t->flags & CMAP_TUPLE_MANY)
		return cmap_match_packets(m, container_of(t, const struct cmap_packets,
							  tuple));
	if ((t->tos & m->tos_mask) != m->tos ||
	    (m->later && !(t->flags & CMAP_TUPLE_LATER)) ||
	    !cmap_ports_match(&m->ttl, t->ttl))
		return CMAP_MATCH_NO;
	if (m->proto != CMAP_PROTO_ANY) {
		if (t->flags & CMAP_TUPLE_NO_PROTO)
			return CMAP_MATCH_UNKNOWN;
		if (m->proto != t->proto)
			return CMAP_MATCH_NO;
	}
	if (!cmap_match_needs_ports(m))
		return CMAP_MATCH_YES;

	/* from here on the answer depends on what the packet shows */
	if (t->flags & CMAP_TUPLE_OPAQUE)
		return CMAP_MATCH_UNKNOWN;

	if (m->icmp_type != CMAP_ICMP_ANY &&
	    (!(t->flags & CMAP_TUPLE_ICMP) || m->icmp_type != t->icmp_type))
		return CMAP_MATCH_NO;
	if (m->icmp_code != CMAP_ICMP_ANY && m->icmp_code != t->icmp_code)
		return CMAP_MATCH_NO;

	if (cmap_match_has_tcp(m)) {
		/* a first fragment may end before them */
		if (!(t->flags & CMAP_TUPLE_TCP))
			return CMAP_MATCH_UNKNOWN;
		if (!cmap_tcp_match(m, t->tcp_flags))
			return CMAP_MATCH_NO;
	}
	if (m->sport.op == CRYPTO_MAP_PORT_OP_ANY &&
	    m->dport.op == CRYPTO_MAP_PORT_OP_ANY)
		return CMAP_MATCH_YES;
	if (!(t->flags & CMAP_TUPLE_PORTS))
		return CMAP_MATCH_NO;
	return cmap_ports_match(&m->sport, t->sport) &&
	       cmap_ports_match(&m->dport, t->dport) ?
		       CMAP_MATCH_YES : CMAP_MATCH_NO;
}
