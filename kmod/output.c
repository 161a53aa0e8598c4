// SPDX-License-Identifier: GPL-2.0-only
/* Outbound: find the SA, fit the packet to the path, hand it to ESP. */

#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/udp.h>
#include <net/dst_cache.h>
#include <net/esp.h>
#include <net/gso.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/route.h>

#include "drop.h"
#include "esp_output.h"
#include "flow.h"
#include "net.h"
#include "output.h"
#include "pkt.h"
#include "sa.h"

/**
 * struct cmap_out - a packet on its way out
 * @flow: its flow
 * @sa: SA in use
 * @rt: route to the peer
 * @mtu: largest inner packet that fits the path
 * @df_bit: enum crypto_map_df_bit
 */
struct cmap_out {
	struct cmap_flow	*flow;
	struct cmap_sa		*sa;
	struct rtable		*rt;
	u32			mtu;
	u8			df_bit;
};

/*
 * ip_do_fragment() hands its fragments to a callback without an argument. It
 * calls it on this CPU before it returns, with BH disabled all the time.
 */
static DEFINE_PER_CPU(const struct cmap_out *, cmap_out_fragmented);

static void cmap_out_drop(const struct cmap_out *out, struct sk_buff *skb,
			  enum crypto_map_drop_reason reason)
{
	struct cmap_drop_info info = {
		.cn = out->flow->cn, .flow = out->flow, .sa = out->sa,
		.spi = out->sa->spi,
	};

	cmap_drop(skb, reason, &info);
}

bool cmap_output_is_ours(struct cmap_net *cn, const struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	union cmap_addr daddr = { .ip4 = iph->daddr };
	struct ip_esp_hdr *esp, buf;
	int off = skb_network_offset(skb) + iph->ihl * 4;

	if (!(IPCB(skb)->flags & IPSKB_XFRM_TRANSFORMED))
		return false;
	if (iph->protocol == IPPROTO_UDP)
		off += sizeof(struct udphdr);
	else if (iph->protocol != IPPROTO_ESP)
		return false;
	esp = skb_header_pointer(skb, off, sizeof(buf), &buf);
	return esp && cmap_sa_lookup_out(cn, ntohl(esp->spi), AF_INET, &daddr);
}

/*
 * The outer route does not depend on mark or TOS of the packet, so one cached
 * route serves the SA. XFRM policies do not apply to it.
 */
static struct rtable *cmap_out_route(struct cmap_sa *sa)
{
	struct flowi4 fl4 = {
		.daddr		= sa->remote.ip4,
		.saddr		= sa->local.ip4,
		.flowi4_proto	= IPPROTO_ESP,
	};
	struct rtable *rt;
	__be32 saddr;

	rt = dst_cache_get_ip4(&sa->route, &saddr);
	if (rt)
		return rt;
	rt = __ip_route_output_key(sa->cn->net, &fl4);
	if (IS_ERR(rt))
		return NULL;
	dst_cache_set_ip4(&sa->route, &rt->dst, fl4.saddr);
	return rt;
}

/* Largest inner packet with an IP header of this length that fits. */
static u32 cmap_out_plain_mtu(const struct cmap_sa *sa, u32 path, u32 ip_len)
{
	u32 udp = sa->encap_dport ? sizeof(struct udphdr) : 0;

	if (sa->mode == CRYPTO_MAP_MODE_TRANSPORT)
		return cmap_alg_plain_mtu(&sa->alg, path, udp + ip_len) +
		       ip_len;
	return cmap_alg_plain_mtu(&sa->alg, path, udp + sizeof(struct iphdr));
}

u32 cmap_output_plain_mtu(const struct cmap_sa *sa, u32 path)
{
	return cmap_out_plain_mtu(sa, path, sizeof(struct iphdr));
}

u32 cmap_output_path_mtu(struct cmap_sa *sa)
{
	struct rtable *rt;
	u32 mtu = 0;

	local_bh_disable();
	rcu_read_lock();
	rt = cmap_out_route(sa);
	if (rt) {
		mtu = dst_mtu(&rt->dst);
		ip_rt_put(rt);
	}
	rcu_read_unlock();
	local_bh_enable();
	return mtu;
}

/* Transport mode is for whole packets between the two end points of the SA. */
static bool cmap_out_mode_fits(const struct cmap_sa *sa,
			       const struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);

	if (sa->mode == CRYPTO_MAP_MODE_TUNNEL)
		return true;
	return iph->saddr == sa->local.ip4 && iph->daddr == sa->remote.ip4 &&
	       !ip_is_fragment(iph);
}

/* Whether an SA with selectors narrower than its flow may carry a packet. */
static bool cmap_out_selected(const struct cmap_sa *sa,
			      const struct sk_buff *skb)
{
	struct cmap_tuple tuple;

	return cmap_tuple_ipv4(&tuple, skb, skb_network_offset(skb)) &&
	       cmap_match_tuple(&sa->sel, &tuple) == CMAP_MATCH_YES;
}

static void cmap_out_esp(const struct cmap_out *out, struct sk_buff *skb)
{
	cmap_esp_output(out->sa, out->rt, out->df_bit, skb);
}

static int cmap_out_fragment_esp(struct net *net, struct sock *sk,
				 struct sk_buff *skb)
{
	cmap_out_esp(this_cpu_read(cmap_out_fragmented), skb);
	return 0;
}

static bool cmap_out_fits(const struct cmap_out *out, const struct sk_buff *skb)
{
	if (skb_is_gso(skb))
		return skb_gso_validate_network_len(skb, out->mtu);
	return skb->len <= out->mtu;
}

/*
 * A packet that is too large is fragmented before encryption, so that the peer
 * need not reassemble before it can decrypt. Not so where the peer, holding
 * each fragment against selectors that look at ports, would refuse those that
 * show none (RFC 4301 section 7), and not in transport mode, which is for whole
 * packets (RFC 4303 3.3.4): there the outer packet is fragmented.
 */
static bool cmap_out_fragments_inner(const struct cmap_out *out)
{
	return out->sa->mode == CRYPTO_MAP_MODE_TUNNEL &&
	       !cmap_match_needs_ports(&out->sa->sel);
}

static void cmap_out_fragment(const struct cmap_out *out, struct sk_buff *skb)
{
	const struct cmap_out *outer = this_cpu_read(cmap_out_fragmented);
	u16 limit = IPCB(skb)->frag_max_size;

	/* a fragment may come back here, through a tunnel device on the way */
	this_cpu_write(cmap_out_fragmented, out);
	IPCB(skb)->frag_max_size = limit ? min_t(u32, limit, out->mtu) :
					   out->mtu;
	if (ip_do_fragment(out->flow->cn->net, skb->sk, skb,
			   cmap_out_fragment_esp))
		cmap_out_drop(out, NULL, CRYPTO_MAP_DROP_REASON_OUT_NO_MEMORY);
	this_cpu_write(cmap_out_fragmented, outer);
}

/* One packet, not a super-packet, that may be fragmented if it is too large. */
static void cmap_out_packet(const struct cmap_out *out, struct sk_buff *skb)
{
	struct cmap_out whole = *out;

	if (cmap_out_fits(out, skb)) {
		cmap_out_esp(out, skb);
	} else if (cmap_out_fragments_inner(out) &&
		   (!(ip_hdr(skb)->frag_off & htons(IP_DF)) ||
		    skb->ignore_df)) {
		cmap_out_fragment(out, skb);
	} else {
		whole.df_bit = CRYPTO_MAP_DF_BIT_CLEAR;
		cmap_out_esp(&whole, skb);
	}
}

/* A super-packet: cut it as its sender would have, with all checksums. */
static void cmap_out_segments(const struct cmap_out *out, struct sk_buff *skb)
{
	struct sk_buff *segs, *seg, *next;

	segs = skb_gso_segment(skb, 0);
	if (IS_ERR_OR_NULL(segs)) {
		cmap_out_drop(out, skb, CRYPTO_MAP_DROP_REASON_SEGMENT_FAILED);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(segs, seg, next) {
		skb_mark_not_on_list(seg);
		cmap_out_packet(out, seg);
	}
}

/*
 * Whether a packet insists on DF, by the rules of IP itself: local sockets that
 * only set DF to learn, and datagrams that arrived in fragments, may still be
 * fragmented; fragments that came with DF must not become larger than they were.
 */
static bool cmap_out_insists(const struct cmap_out *out,
			     const struct sk_buff *skb)
{
	if (skb->ignore_df)
		return IPCB(skb)->frag_max_size > out->mtu;
	return ip_hdr(skb)->frag_off & htons(IP_DF);
}

/* Tell the sender what fits, if it insists. Return: whether it was told. */
static bool cmap_out_too_big(const struct cmap_out *out, struct sk_buff *skb)
{
	if (cmap_out_fits(out, skb) || out->df_bit == CRYPTO_MAP_DF_BIT_CLEAR ||
	    !cmap_out_insists(out, skb))
		return false;

	if (!skb->dev)	/* it waited for the SA */
		skb->dev = skb_dst(skb)->dev;
	icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED,
		      htonl(out->mtu));
	cmap_out_drop(out, skb, CRYPTO_MAP_DROP_REASON_TOO_BIG);
	return true;
}

/* Context: RCU read side, BH disabled. */
static void cmap_out_flow(struct cmap_flow *flow, struct sk_buff *skb)
{
	struct cmap_out out = {
		.flow = flow,
		.df_bit = CMAP_SKB_CB(skb)->df_bit,
	};

	out.sa = rcu_dereference(flow->out);
	if (!out.sa) {
		cmap_flow_hold(flow, skb);
		return;
	}
	if (!cmap_out_mode_fits(out.sa, skb)) {
		cmap_out_drop(&out, skb,
			      CRYPTO_MAP_DROP_REASON_TRANSPORT_MISMATCH);
		return;
	}
	if (out.sa->narrow && !cmap_out_selected(out.sa, skb)) {
		cmap_out_drop(&out, skb,
			      CRYPTO_MAP_DROP_REASON_OUT_SELECTOR);
		return;
	}
	out.rt = cmap_out_route(out.sa);
	if (!out.rt) {
		cmap_out_drop(&out, skb, CRYPTO_MAP_DROP_REASON_NO_ROUTE);
		return;
	}
	out.mtu = cmap_out_plain_mtu(out.sa, dst_mtu(&out.rt->dst),
				     ip_hdrlen(skb));

	if (cmap_out_too_big(&out, skb))
		goto put;
	/* told about sizes with them attached, sent on without */
	nf_reset_ct(skb);
	skb_ext_reset(skb);
	if (skb_is_gso(skb))
		cmap_out_segments(&out, skb);
	else if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		cmap_out_drop(&out, skb, CRYPTO_MAP_DROP_REASON_SEGMENT_FAILED);
	else
		cmap_out_packet(&out, skb);
put:
	ip_rt_put(out.rt);
}

int cmap_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct cmap_net *cn = cmap_net_of(net);
	struct cmap_drop_info info = { .cn = cn };
	struct cmap_flow *flow;

	local_bh_disable();
	rcu_read_lock();
	flow = cmap_flow_lookup_rcu(cn, CMAP_SKB_CB(skb)->flow_id);
	if (flow)
		cmap_out_flow(flow, skb);
	else
		cmap_drop(skb, CRYPTO_MAP_DROP_REASON_FLOW_GONE, &info);
	rcu_read_unlock();
	local_bh_enable();
	return 0;
}

void cmap_output_held(struct cmap_flow *flow, struct sk_buff *skb)
{
	cmap_out_flow(flow, skb);
}

void cmap_output_xmit(struct net *net, struct sk_buff *skb)
{
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	/* keeps NAT and VRF from routing it anew through XFRM; and see
	 * cmap_output_is_ours()
	 */
	IPCB(skb)->flags |= IPSKB_XFRM_TRANSFORMED;
	ip_local_out(net, NULL, skb);
}
