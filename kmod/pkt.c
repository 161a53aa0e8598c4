// SPDX-License-Identifier: GPL-2.0-only
/* Tuples of packets. */

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/string.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "pkt.h"

static bool cmap_proto_has_ports(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		return true;
	}
	return false;
}

static u8 cmap_proto_icmp(u8 family)
{
	return family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;
}

/* Byte of the TCP header that has the flags. */
#define CMAP_TCP_FLAGS	13

static void cmap_tuple_tcp(struct cmap_tuple *t, const struct sk_buff *skb,
			   int thoff)
{
	u8 *flags, buf;

	flags = skb_header_pointer(skb, thoff + CMAP_TCP_FLAGS, sizeof(buf),
				   &buf);
	if (!flags)
		return;
	t->flags |= CMAP_TUPLE_TCP;
	t->tcp_flags = *flags;
}

static void cmap_tuple_transport(struct cmap_tuple *t,
				 const struct sk_buff *skb, int thoff,
				 bool shown)
{
	struct { __be16 src, dst; } *ports, ports_buf;
	struct { u8 type, code; } *icmp, icmp_buf;

	if (cmap_proto_has_ports(t->proto)) {
		ports = shown ? skb_header_pointer(skb, thoff,
						   sizeof(ports_buf),
						   &ports_buf) : NULL;
		if (!ports) {
			t->flags |= CMAP_TUPLE_OPAQUE;
			return;
		}
		t->flags |= CMAP_TUPLE_PORTS;
		t->sport = ntohs(ports->src);
		t->dport = ntohs(ports->dst);
		if (t->proto == IPPROTO_TCP)
			cmap_tuple_tcp(t, skb, thoff);
	} else if (t->proto == cmap_proto_icmp(t->family)) {
		icmp = shown ? skb_header_pointer(skb, thoff, sizeof(icmp_buf),
						  &icmp_buf) : NULL;
		if (!icmp) {
			t->flags |= CMAP_TUPLE_OPAQUE;
			return;
		}
		t->flags |= CMAP_TUPLE_ICMP;
		t->icmp_type = icmp->type;
		t->icmp_code = icmp->code;
	}
}

/* Extension headers of a packet; more than any real one has. */
#define CMAP_EXT_HEADERS_MAX	16

/**
 * struct cmap_ipv6_chain - end of the extension headers of an IPv6 packet
 * @proto: protocol behind them, if @known
 * @thoff: offset of its header from skb->data
 * @known: the chain was read to its end
 * @shown: the packet holds that header: it is no fragment but the first
 * @fragment: it is a fragment
 */
struct cmap_ipv6_chain {
	u8	proto;
	int	thoff;
	bool	known;
	bool	shown;
	bool	fragment;
};

/* ESP and AH are protocols here, not extension headers: access lists name them. */
static void cmap_ipv6_chain(const struct sk_buff *skb, int nhoff, u8 nexthdr,
			    struct cmap_ipv6_chain *c)
{
	struct frag_hdr *fh, fh_buf;
	struct ipv6_opt_hdr *oh, oh_buf;
	int i;

	c->proto = nexthdr;
	c->thoff = nhoff + sizeof(struct ipv6hdr);
	c->shown = true;
	c->known = false;
	c->fragment = false;
	for (i = 0; i < CMAP_EXT_HEADERS_MAX; i++) {
		switch (c->proto) {
		case NEXTHDR_HOP:
		case NEXTHDR_ROUTING:
		case NEXTHDR_DEST:
			oh = c->shown ? skb_header_pointer(skb, c->thoff,
							   sizeof(oh_buf),
							   &oh_buf) : NULL;
			if (!oh)
				return;
			c->proto = oh->nexthdr;
			c->thoff += ipv6_optlen(oh);
			break;
		case NEXTHDR_FRAGMENT:
			fh = c->shown ? skb_header_pointer(skb, c->thoff,
							   sizeof(fh_buf),
							   &fh_buf) : NULL;
			if (!fh)
				return;
			c->proto = fh->nexthdr;
			c->thoff += sizeof(*fh);
			c->shown = !(fh->frag_off & htons(IP6_OFFSET));
			c->fragment = fh->frag_off & htons(IP6_OFFSET | IP6_MF);
			break;
		default:
			c->known = true;
			return;
		}
	}
}

static bool cmap_tuple_ipv6(struct cmap_tuple *t, const struct sk_buff *skb,
			    int nhoff)
{
	struct cmap_ipv6_chain chain;
	const struct ipv6hdr *iph;
	struct ipv6hdr buf;

	iph = skb_header_pointer(skb, nhoff, sizeof(buf), &buf);
	if (!iph || iph->version != 6)
		return false;

	memset(t, 0, sizeof(*t));
	t->family = AF_INET6;
	memcpy(&t->src, &iph->saddr, sizeof(t->src));
	memcpy(&t->dst, &iph->daddr, sizeof(t->dst));
	cmap_ipv6_chain(skb, nhoff, iph->nexthdr, &chain);
	t->proto = chain.proto;
	t->tos = ipv6_get_dsfield(iph);
	t->ttl = iph->hop_limit;
	if (chain.fragment)
		t->flags |= CMAP_TUPLE_FRAGMENT;
	if (!chain.shown)
		t->flags |= CMAP_TUPLE_LATER;
	if (chain.known)
		cmap_tuple_transport(t, skb, chain.thoff, chain.shown);
	else
		t->flags |= CMAP_TUPLE_OPAQUE | CMAP_TUPLE_NO_PROTO;
	return true;
}

static bool cmap_tuple_ipv4(struct cmap_tuple *t, const struct sk_buff *skb,
			    int nhoff)
{
	struct iphdr buf;
	const struct iphdr *iph;

	iph = skb_header_pointer(skb, nhoff, sizeof(buf), &buf);
	if (!iph || iph->version != 4 || iph->ihl < 5)
		return false;

	memset(t, 0, sizeof(*t));
	t->family = AF_INET;
	t->proto = iph->protocol;
	t->tos = iph->tos;
	t->ttl = iph->ttl;
	if (ip_is_fragment(iph))
		t->flags |= CMAP_TUPLE_FRAGMENT;
	if (iph->frag_off & htons(IP_OFFSET))
		t->flags |= CMAP_TUPLE_LATER;
	t->src.ip4 = iph->saddr;
	t->dst.ip4 = iph->daddr;
	cmap_tuple_transport(t, skb, nhoff + iph->ihl * 4,
			     !(iph->frag_off & htons(IP_OFFSET)));
	return true;
}

bool cmap_tuple_take(struct cmap_tuple *t, const struct sk_buff *skb, int nhoff,
		     u16 family)
{
	return family == AF_INET ? cmap_tuple_ipv4(t, skb, nhoff) :
				   cmap_tuple_ipv6(t, skb, nhoff);
}
