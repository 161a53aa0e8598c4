// SPDX-License-Identifier: GPL-2.0-only
/* Tuples of packets. */

#include <linux/icmp.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/string.h>

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
			t->flags = CMAP_TUPLE_OPAQUE;
			return;
		}
		t->flags = CMAP_TUPLE_PORTS;
		t->sport = ntohs(ports->src);
		t->dport = ntohs(ports->dst);
	} else if (t->proto == IPPROTO_ICMP) {
		icmp = shown ? skb_header_pointer(skb, thoff, sizeof(icmp_buf),
						  &icmp_buf) : NULL;
		if (!icmp) {
			t->flags = CMAP_TUPLE_OPAQUE;
			return;
		}
		t->flags = CMAP_TUPLE_ICMP;
		t->icmp_type = icmp->type;
		t->icmp_code = icmp->code;
	}
}

bool cmap_tuple_ipv4(struct cmap_tuple *t, const struct sk_buff *skb, int nhoff)
{
	struct iphdr buf;
	const struct iphdr *iph;

	iph = skb_header_pointer(skb, nhoff, sizeof(buf), &buf);
	if (!iph || iph->version != 4 || iph->ihl < 5)
		return false;

	memset(t, 0, sizeof(*t));
	t->family = AF_INET;
	t->proto = iph->protocol;
	t->src.ip4 = iph->saddr;
	t->dst.ip4 = iph->daddr;
	cmap_tuple_transport(t, skb, nhoff + iph->ihl * 4,
			     !(iph->frag_off & htons(IP_OFFSET)));
	return true;
}
