// SPDX-License-Identifier: GPL-2.0-only
/* What would become of a packet. */

#include <linux/err.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/esp.h>
#include <net/inet_dscp.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "attach.h"
#include "classify.h"
#include "config.h"
#include "flow.h"
#include "flow_filter.h"
#include "host_pair.h"
#include "input.h"
#include "natt.h"
#include "net.h"
#include "pkt.h"
#include "policy.h"
#include "sa.h"
#include "tracer.h"

static bool cmap_tracer_is_ip(const void *data, unsigned int len)
{
	const struct ipv6hdr *ip6h = data;
	const struct iphdr *iph = data;

	if (len < sizeof(*iph))
		return false;
	if (iph->version == 4)
		return iph->ihl >= 5 && iph->ihl * 4 <= len &&
		       ntohs(iph->tot_len) == len;
	return iph->version == 6 && len >= sizeof(*ip6h) &&
	       ntohs(ip6h->payload_len) + sizeof(*ip6h) == len;
}

struct sk_buff *cmap_tracer_packet(const void *data, unsigned int len)
{
	struct sk_buff *skb;

	if (!cmap_tracer_is_ip(data, len))
		return ERR_PTR(-EINVAL);
	skb = alloc_skb(len, GFP_KERNEL);
	if (!skb)
		return NULL;
	skb_put_data(skb, data, len);
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	/* as IP does: choosing one of several routes looks at ICMP errors there */
	if (ip_hdr(skb)->version == 4) {
		skb->protocol = htons(ETH_P_IP);
		skb_set_transport_header(skb, ip_hdrlen(skb));
	} else {
		skb->protocol = htons(ETH_P_IPV6);
		IP6CB(skb)->nhoff = offsetof(struct ipv6hdr, nexthdr);
		skb_set_transport_header(skb, sizeof(struct ipv6hdr));
	}
	return skb;
}

static void cmap_tracer_drop(struct cmap_traced *t,
			     enum crypto_map_drop_reason reason)
{
	t->result = CRYPTO_MAP_TRACE_RESULT_DROP;
	t->reason = reason;
}

/* Whether it gets past the crypto map of the device that it arrives on. */
static bool cmap_tracer_arrives(struct cmap_net *cn, struct sk_buff *skb,
				struct cmap_traced *t)
{
	struct cmap_policy_clear found;
	int reason;

	if (!t->in)
		return true;
	reason = cmap_policy_check_clear(cn, t->in, skb, &found);
	t->exempt = found.exempt;
	if (reason < 0)
		return true;
	t->held = t->in;
	t->tuple = found.tuple;
	t->rule = found.rule;
	t->flow = found.rule->flow;
	cmap_tracer_drop(t, reason);
	return false;
}

/* Routes a packet of IPv4, as ip_rcv() does, or as a socket. Return: 0 or an errno. */
static int cmap_tracer_route4(struct cmap_net *cn, struct net_device *dev,
			      struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct flowi4 fl4 = {
		.daddr		= iph->daddr,
		.saddr		= iph->saddr,
		.flowi4_proto	= iph->protocol,
	};
	struct rtable *rt;

	if (!(dev->flags & IFF_LOOPBACK))
		return ip_route_input(skb, iph->daddr, iph->saddr,
				      inet_dsfield_to_dscp(iph->tos),
				      dev) ? -EHOSTUNREACH : 0;
	rt = __ip_route_output_key(cn->net, &fl4);
	if (IS_ERR(rt))
		return PTR_ERR(rt);
	skb_dst_set(skb, &rt->dst);
	return 0;
}

/* Likewise IPv6. */
static int cmap_tracer_route6(struct cmap_net *cn, struct net_device *dev,
			      struct sk_buff *skb)
{
	const struct ipv6hdr *iph = ipv6_hdr(skb);
	struct flowi6 fl6 = {
		.flowi6_iif	= dev->ifindex,
		.daddr		= iph->daddr,
		.saddr		= iph->saddr,
		.flowlabel	= ip6_flowinfo(iph),
		.flowi6_proto	= iph->nexthdr,
	};
	struct dst_entry *dst;

	dst = dev->flags & IFF_LOOPBACK ?
	      ip6_route_output(cn->net, NULL, &fl6) :
	      ip6_route_input_lookup(cn->net, dev, &fl6, skb,
				     RT6_LOOKUP_F_HAS_SADDR);
	skb_dst_set(skb, dst);
	return 0;
}

static bool cmap_tracer_is_local(const struct net_device *dev,
				 const struct sk_buff *skb)
{
	const struct rt6_info *rt6;

	if (skb->protocol == htons(ETH_P_IP))
		return skb_rtable(skb)->rt_flags & RTCF_LOCAL;
	/* its route says no more than the device it arrived on */
	if (!(dev->flags & IFF_LOOPBACK) &&
	    ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr))
		return true;
	rt6 = container_of(skb_dst(skb), struct rt6_info, dst);
	return rt6->rt6i_flags & (RTF_LOCAL | RTF_ANYCAST);
}

static bool cmap_tracer_forwards(const struct cmap_net *cn,
				 const struct net_device *dev,
				 const struct sk_buff *skb)
{
	/* with IPv4 the route says it */
	return skb->protocol == htons(ETH_P_IP) || dev->flags & IFF_LOOPBACK ||
	       READ_ONCE(cn->net->ipv6.devconf_all->forwarding);
}

static void cmap_tracer_next_hop(const struct sk_buff *skb,
				 struct cmap_traced *t)
{
	const struct rtable *rt = skb_rtable(skb);
	const struct rt6_info *rt6;

	strscpy(t->out_ifname, skb_dst(skb)->dev->name, sizeof(t->out_ifname));
	if (skb->protocol == htons(ETH_P_IPV6)) {
		rt6 = container_of(skb_dst(skb), struct rt6_info, dst);
		if (!(rt6->rt6i_flags & RTF_GATEWAY))
			return;
		t->gateway_family = AF_INET6;
		memcpy(&t->gateway, &rt6->rt6i_gateway, sizeof(t->gateway));
	} else if (rt->rt_gw_family == AF_INET) {
		t->gateway_family = AF_INET;
		t->gateway.ip4 = rt->rt_gw4;
	} else if (rt->rt_gw_family == AF_INET6) {
		t->gateway_family = AF_INET6;
		memcpy(&t->gateway, &rt->rt_gw6, sizeof(t->gateway));
	}
}

/* Whether a packet is ESP, by itself. */
static bool cmap_tracer_is_esp(const struct sk_buff *skb, u32 *spi)
{
	struct ip_esp_hdr *esp, buf;
	__be16 frag;
	int off;
	u8 next;

	if (skb->protocol == htons(ETH_P_IP)) {
		next = ip_hdr(skb)->protocol;
		off = ip_hdrlen(skb);
	} else {
		next = ipv6_hdr(skb)->nexthdr;
		off = ipv6_skip_exthdr(skb, sizeof(struct ipv6hdr), &next,
				       &frag);
	}
	if (off < 0 || next != IPPROTO_ESP)
		return false;
	esp = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (esp)
		*spi = ntohl(esp->spi);
	return esp;
}

/* ESP for this host, also in UDP; anything else is delivered as it is. */
static void cmap_tracer_local(struct cmap_net *cn, struct sk_buff *skb,
			      struct cmap_traced *t)
{
	struct cmap_tuple tuple;
	struct cmap_sa *sa;
	bool encap;
	u32 spi;

	t->result = CRYPTO_MAP_TRACE_RESULT_DELIVER;
	if (!cmap_tuple_take(&tuple, skb, 0, cmap_skb_family(skb)) ||
	    tuple.flags & CMAP_TUPLE_FRAGMENT)
		return;
	encap = tuple.proto == IPPROTO_UDP && cmap_natt_foresee(cn, skb, &spi);
	if (!encap && !cmap_tracer_is_esp(skb, &spi))
		return;

	switch (cmap_input_foresee(cn, skb, spi, encap, &sa)) {
	case CMAP_INPUT_DECRYPT:
		t->result = CRYPTO_MAP_TRACE_RESULT_DECRYPT;
		break;
	case CMAP_INPUT_LARVAL:
		t->result = CRYPTO_MAP_TRACE_RESULT_LARVAL;
		break;
	case CMAP_INPUT_ENCAP_MISMATCH:
		cmap_tracer_drop(t, CRYPTO_MAP_DROP_REASON_ENCAP_MISMATCH);
		break;
	case CMAP_INPUT_INVALID_SPI:
		cmap_tracer_drop(t, CRYPTO_MAP_DROP_REASON_INVALID_SPI);
		break;
	case CMAP_INPUT_XFRM:
		t->result = CRYPTO_MAP_TRACE_RESULT_XFRM;
		break;
	}
	/* one without keys has no flow yet */
	if (sa && sa->flow) {
		t->sa = sa;
		t->flow = sa->flow;
	}
}

/* The flow protects it: whether it can, now. */
static void cmap_tracer_protect(struct cmap_traced *t, struct sk_buff *skb)
{
	u64 generation = cmap_config_of(t->flow->cn)->generation;
	int reason;

	t->filtered = !cmap_flow_filter_match(t->flow, generation,
					      CRYPTO_MAP_SA_DIR_OUT, &t->tuple,
					      &t->filter, &t->filter_ace);
	if (t->filtered) {
		cmap_tracer_drop(t, CRYPTO_MAP_DROP_REASON_ACCESS_GROUP_OUT);
		return;
	}
	if (t->flow->kind == CMAP_FLOW_PER_HOST)
		t->flow = cmap_host_pair_choose(t->flow, &t->tuple.src,
						&t->tuple.dst);
	t->sa = rcu_dereference(t->flow->out);
	if (t->sa) {
		t->result = CRYPTO_MAP_TRACE_RESULT_PROTECT;
		reason = cmap_output_foresee(t->sa, t->out, t->rule, skb,
					     &t->fit);
	} else {
		t->result = CRYPTO_MAP_TRACE_RESULT_HOLD;
		reason = t->flow->kind == CMAP_FLOW_PER_HOST ?
			 cmap_host_pair_foresee_wait(t->flow, &t->tuple.src) :
			 cmap_flow_foresee_hold(t->flow);
	}
	if (reason >= 0)
		cmap_tracer_drop(t, reason);
}

/* It leaves by a device, perhaps one with a crypto map. */
static void cmap_tracer_leaves(struct sk_buff *skb, struct cmap_traced *t)
{
	int reason;

	t->result = CRYPTO_MAP_TRACE_RESULT_CLEAR;
	if (!t->out)
		return;
	if (!cmap_tuple_take(&t->tuple, skb, 0, t->out->family)) {
		cmap_tracer_drop(t, CRYPTO_MAP_DROP_REASON_OUT_MALFORMED);
		return;
	}
	t->held = t->out;
	reason = cmap_policy_check_out(t->out, &t->tuple, skb, &t->rule);
	if (reason >= 0) {
		cmap_tracer_drop(t, reason);
		return;
	}
	if (!t->rule)
		return;
	t->flow = t->rule->flow;
	cmap_tracer_protect(t, skb);
}

void cmap_tracer_run(struct cmap_net *cn, struct net_device *dev,
		     struct sk_buff *skb, struct cmap_traced *t)
{
	const struct cmap_config *cfg = cmap_config_of(cn);
	u16 family = cmap_skb_family(skb);
	struct net_device *vrf;
	int err;

	memset(t, 0, sizeof(*t));
	/* without IPv6 nobody set up its tables, and nobody would take it */
	if (family == AF_INET6 && !ipv6_mod_enabled()) {
		t->result = CRYPTO_MAP_TRACE_RESULT_UNROUTABLE;
		return;
	}
	t->in = cmap_attach_lookup_rcu(cfg, dev->ifindex, family);
	skb->dev = dev;
	if (!cmap_tracer_arrives(cn, skb, t))
		return;

	/* from a VRF on, the VRF is where it comes from */
	vrf = l3mdev_master_dev_rcu(dev);
	skb->dev = vrf ?: dev;
	err = family == AF_INET ? cmap_tracer_route4(cn, skb->dev, skb) :
				  cmap_tracer_route6(cn, skb->dev, skb);
	if (err || skb_dst(skb)->error) {
		t->result = CRYPTO_MAP_TRACE_RESULT_UNROUTABLE;
	} else if (cmap_tracer_is_local(dev, skb)) {
		cmap_tracer_local(cn, skb, t);
	} else if (!cmap_tracer_forwards(cn, dev, skb)) {
		t->result = CRYPTO_MAP_TRACE_RESULT_UNROUTABLE;
	} else {
		cmap_tracer_next_hop(skb, t);
		t->out = cmap_attach_lookup_rcu(cfg, skb_dst(skb)->dev->ifindex,
						family);
		skb->dev = skb_dst(skb)->dev;
		cmap_tracer_leaves(skb, t);
	}
}
