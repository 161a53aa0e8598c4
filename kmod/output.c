// SPDX-License-Identifier: GPL-2.0-only
/* Outbound: find the SA, fit the packet to the path, hand it to ESP. */

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/udp.h>
#include <net/dst_cache.h>
#include <net/esp.h>
#include <net/gso.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "classify.h"
#include "config.h"
#include "drop.h"
#include "esp_output.h"
#include "flow.h"
#include "host_pair.h"
#include "nest.h"
#include "net.h"
#include "output.h"
#include "pkt.h"
#include "sa.h"

/**
 * struct cmap_out - a packet on its way out
 * @flow: its flow
 * @sa: SA in use
 * @dst: route to the peer
 * @family: AF_INET or AF_INET6, of the packet
 * @mtu: largest inner packet whose outer one fits the path
 * @limit: largest inner packet that goes out in one piece: @mtu, but not less
 *	than the 1280 bytes that every IPv6 link carries; beyond @mtu the outer
 *	packet is fragmented
 * @df_bit: enum crypto_map_df_bit
 * @fragmentation: enum crypto_map_fragmentation
 */
struct cmap_out {
	struct cmap_flow	*flow;
	struct cmap_sa		*sa;
	struct dst_entry	*dst;
	u16			family;
	u32			mtu;
	u32			limit;
	u8			df_bit;
	u8			fragmentation;
};

/*
 * ESP of several tunnels inside each other, each of which a crypto map protects. A
 * destination NAT of our own ESP, or routes into a tunnel whose packets come here
 * again, would have no end but that of the stack.
 */
#define CMAP_OUT_DEPTH_MAX	4

/* Offset of the ESP header of a packet that may be ours, or -1. */
static int cmap_out_esp_offset(const struct sk_buff *skb, u16 family)
{
	int off = skb_network_offset(skb);
	__be16 frag;
	u8 proto;

	if (family == AF_INET) {
		if (!(IPCB(skb)->flags & IPSKB_XFRM_TRANSFORMED))
			return -1;
		proto = ip_hdr(skb)->protocol;
		off += ip_hdrlen(skb);
	} else {
		if (!(IP6CB(skb)->flags & IP6SKB_XFRM_TRANSFORMED))
			return -1;
		proto = ipv6_hdr(skb)->nexthdr;
		off = ipv6_skip_exthdr(skb, off + sizeof(struct ipv6hdr),
				       &proto, &frag);
	}
	if (off < 0 || proto == IPPROTO_ESP)
		return off;
	return proto == IPPROTO_UDP ? off + (int)sizeof(struct udphdr) : -1;
}

bool cmap_output_is_ours(struct cmap_net *cn, const struct sk_buff *skb,
			 u16 family)
{
	int off = cmap_out_esp_offset(skb, family);
	union cmap_addr saddr, daddr;
	struct ip_esp_hdr *esp, buf;

	if (off < 0)
		return false;
	cmap_skb_addrs(skb, family, &saddr, &daddr);
	esp = skb_header_pointer(skb, off, sizeof(buf), &buf);
	return esp && cmap_sa_lookup_out(cn, ntohl(esp->spi), family, NULL,
					 &daddr);
}

/* The VRF of the interface that the map is on, or 0. */
static int cmap_out_vrf(const struct cmap_sa *sa)
{
	struct net_device *dev = dev_get_by_name_rcu(sa->cn->net,
						     sa->flow->ifname);

	return dev ? l3mdev_master_ifindex_rcu(dev) : 0;
}

static struct dst_entry *cmap_out_route4(struct cmap_sa *sa)
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
		return &rt->dst;
	fl4.flowi4_oif = cmap_out_vrf(sa);
	rt = __ip_route_output_key(sa->cn->net, &fl4);
	if (IS_ERR(rt))
		return NULL;
	dst_cache_set_ip4(&sa->route, &rt->dst, fl4.saddr);
	return &rt->dst;
}

static struct dst_entry *cmap_out_route6(struct cmap_sa *sa)
{
	struct flowi6 fl6 = { .flowi6_proto = IPPROTO_ESP };
	struct dst_entry *dst;
	struct in6_addr saddr;

	dst = dst_cache_get_ip6(&sa->route, &saddr);
	if (dst)
		return dst;
	memcpy(&fl6.daddr, &sa->remote, sizeof(fl6.daddr));
	memcpy(&fl6.saddr, &sa->local, sizeof(fl6.saddr));
	fl6.flowi6_oif = cmap_out_vrf(sa);
	dst = ip6_route_output(sa->cn->net, NULL, &fl6);
	if (dst->error) {
		dst_release(dst);
		return NULL;
	}
	dst_cache_set_ip6(&sa->route, dst, &fl6.saddr);
	return dst;
}

/*
 * The outer route does not depend on mark or TOS of the packet, so one cached
 * route serves the SA. XFRM policies do not apply to it. Returns a reference.
 */
static struct dst_entry *cmap_out_route(struct cmap_sa *sa)
{
	return sa->family == AF_INET ? cmap_out_route4(sa) :
				       cmap_out_route6(sa);
}

static u32 cmap_out_ip_len(u16 family)
{
	return family == AF_INET ? sizeof(struct iphdr) :
				   sizeof(struct ipv6hdr);
}

/*
 * Largest inner packet that fits; in transport mode one with IP headers of this
 * length before ESP.
 */
static u32 cmap_out_plain_mtu(const struct cmap_sa *sa, u32 path, u32 ip_len)
{
	u32 udp = sa->encap_dport ? sizeof(struct udphdr) : 0;

	if (sa->mode == CRYPTO_MAP_MODE_TRANSPORT)
		return cmap_alg_plain_mtu(&sa->alg, path, udp + ip_len) +
		       ip_len;
	return cmap_alg_plain_mtu(&sa->alg, path,
				  udp + cmap_out_ip_len(sa->family));
}

u32 cmap_output_plain_mtu(const struct cmap_sa *sa, u32 path)
{
	return cmap_out_plain_mtu(sa, path, cmap_out_ip_len(sa->family));
}

u32 cmap_output_path_mtu(struct cmap_sa *sa)
{
	struct dst_entry *dst;
	u32 mtu = 0;

	local_bh_disable();
	rcu_read_lock();
	dst = cmap_out_route(sa);
	if (dst) {
		mtu = dst_mtu(dst);
		dst_release(dst);
	}
	rcu_read_unlock();
	local_bh_enable();
	return mtu;
}

static bool cmap_out_is_fragment6(const struct sk_buff *skb)
{
	u8 nexthdr = ipv6_hdr(skb)->nexthdr;
	__be16 frag = 0;

	return ipv6_skip_exthdr(skb, skb_network_offset(skb) +
				sizeof(struct ipv6hdr), &nexthdr, &frag) < 0 ||
	       frag;
}

/* Transport mode is for whole packets between the two end points of the SA. */
static bool cmap_out_mode_fits(const struct cmap_sa *sa, struct sk_buff *skb,
			       u16 family)
{
	if (sa->mode == CRYPTO_MAP_MODE_TUNNEL)
		return true;
	if (family != sa->family)
		return false;
	if (family == AF_INET)
		return ip_hdr(skb)->saddr == sa->local.ip4 &&
		       ip_hdr(skb)->daddr == sa->remote.ip4 &&
		       !ip_is_fragment(ip_hdr(skb));
	return !memcmp(&ipv6_hdr(skb)->saddr, &sa->local, sizeof(sa->local)) &&
	       !memcmp(&ipv6_hdr(skb)->daddr, &sa->remote, sizeof(sa->remote)) &&
	       !cmap_out_is_fragment6(skb);
}

/*
 * Hooks behind ours, and programs that they ask, may change a packet as they like:
 * whether it still has an IP header of its family, linear after this.
 */
static bool cmap_out_has_header(struct sk_buff *skb, u16 family)
{
	if (!pskb_may_pull(skb, cmap_out_ip_len(family)))
		return false;
	if (family == AF_INET6)
		return ipv6_hdr(skb)->version == 6;
	return ip_hdr(skb)->version == 4 && ip_hdr(skb)->ihl >= 5 &&
	       pskb_may_pull(skb, ip_hdrlen(skb));
}

/*
 * Length of the IP headers that stay before ESP in transport mode, or < 0 if they are
 * malformed.
 */
static int cmap_out_headers(const struct cmap_sa *sa, struct sk_buff *skb,
			    u16 family)
{
	u8 *prevhdr;

	if (!cmap_out_has_header(skb, family))
		return -EINVAL;
	if (sa->mode == CRYPTO_MAP_MODE_TUNNEL)
		return 0;
	return family == AF_INET ? (int)ip_hdrlen(skb) :
				   ip6_find_1stfragopt(skb, &prevhdr);
}

/* Whether an SA with selectors narrower than its flow may carry a packet. */
static bool cmap_out_selected(const struct cmap_sa *sa,
			      const struct sk_buff *skb, u16 family)
{
	struct cmap_tuple tuple;

	return cmap_tuple_take(&tuple, skb, skb_network_offset(skb), family) &&
	       cmap_match_tuple(&sa->sel, &tuple) == CMAP_MATCH_YES;
}

static bool cmap_out_fits(const struct sk_buff *skb, u32 mtu)
{
	if (skb_is_gso(skb))
		return skb_gso_validate_network_len(skb, mtu);
	return skb->len <= mtu;
}

/* An outer packet that does not fit the path is fragmented on the way. */
static void cmap_out_esp(const struct cmap_out *out, struct sk_buff *skb)
{
	cmap_esp_output(out->sa, out->dst, cmap_out_fits(skb, out->mtu) ?
			out->df_bit : CRYPTO_MAP_DF_BIT_CLEAR, skb);
}

/*
 * ip_do_fragment() and its IPv6 sister hand their fragments to a callback without an
 * argument. They call it before they return.
 */
static int cmap_out_fragment_esp(struct net *net, struct sock *sk,
				 struct sk_buff *skb)
{
	cmap_out_esp(cmap_nest_what(), skb);
	return 0;
}

/* Least payload of a fragment but the last: what its offset counts in. */
#define CMAP_FRAGMENT_MIN	8

/*
 * A packet that is too large is fragmented before encryption, so that the peer
 * need not reassemble before it can decrypt, unless the operator wants it the
 * other way round. Not so either where a peer, holding each fragment against
 * selectors that look at ports, might refuse those that show none (RFC 4301
 * section 7), and not in transport mode, which is for whole packets (RFC 4303
 * 3.3.4): there the outer packet is fragmented. With IPv6 the peer could not
 * forward what is larger than its links, so it gets fragments in any case; see
 * reasm.h for our own part as such a peer. What a tiny MTU leaves may have no room for
 * a fragment of IPv4 at all: with some kernels making such fragments has no end.
 */
static bool cmap_out_fragments_inner(const struct cmap_out *out,
				     const struct sk_buff *skb)
{
	if (out->sa->mode != CRYPTO_MAP_MODE_TUNNEL)
		return false;
	if (out->family == AF_INET6)
		return true;
	return out->fragmentation == CRYPTO_MAP_FRAGMENTATION_BEFORE_ENCRYPTION &&
	       !cmap_match_needs_ports(&out->sa->sel) &&
	       out->limit >= ip_hdrlen(skb) + CMAP_FRAGMENT_MIN;
}

static int cmap_out_fragment4(const struct cmap_out *out, struct sk_buff *skb)
{
	u16 received = IPCB(skb)->frag_max_size;

	IPCB(skb)->frag_max_size = received ? min_t(u32, received, out->limit) :
					      out->limit;
	return ip_do_fragment(out->flow->cn->net, skb->sk, skb,
			      cmap_out_fragment_esp);
}

/* Here the size has to suit the packet's own route as well. */
static int cmap_out_fragment6(const struct cmap_out *out, struct sk_buff *skb)
{
	u32 size = min(out->limit, dst_mtu(skb_dst(skb)));
	u16 received = IP6CB(skb)->frag_max_size;

	IP6CB(skb)->frag_max_size = received ? min_t(u32, received, size) :
					       size;
	return cmap_ip6_fragment(out->flow->cn->net, skb->sk, skb,
				 cmap_out_fragment_esp);
}

static void cmap_out_fragment(const struct cmap_out *out, struct sk_buff *skb)
{
	struct cmap_nest nest;
	int err;

	/* a fragment may come back here, through a tunnel device on the way */
	cmap_nest_enter(&nest, out);
	err = out->family == AF_INET ? cmap_out_fragment4(out, skb) :
				       cmap_out_fragment6(out, skb);
	cmap_nest_leave(&nest);
	/* headers that leave no room for a fragment: the sender was told */
	if (err == -EMSGSIZE)
		cmap_drop_sa(out->sa, NULL, CRYPTO_MAP_DROP_REASON_TOO_BIG, 0);
	else if (err)
		cmap_drop_sa(out->sa, NULL,
			     CRYPTO_MAP_DROP_REASON_OUT_NO_MEMORY, 0);
}

static bool cmap_out_may_fragment(const struct cmap_out *out,
				  const struct sk_buff *skb)
{
	if (skb->ignore_df)
		return true;
	return out->family == AF_INET && !(ip_hdr(skb)->frag_off & htons(IP_DF));
}

/* Whether the packet itself is fragmented, and not the outer one if that needs be. */
static bool cmap_out_is_fragmented(const struct cmap_out *out,
				   const struct sk_buff *skb)
{
	return !cmap_out_fits(skb, out->limit) &&
	       cmap_out_fragments_inner(out, skb) && cmap_out_may_fragment(out, skb);
}

/* One packet, not a super-packet, that may be fragmented if it is too large. */
static void cmap_out_packet(const struct cmap_out *out, struct sk_buff *skb)
{
	/* segments of tunnels may have left theirs to the device, too */
	if (skb->ip_summed == CHECKSUM_PARTIAL &&
	    skb_csum_hwoffload_help(skb, 0)) {
		cmap_drop_sa(out->sa, skb,
			     CRYPTO_MAP_DROP_REASON_SEGMENT_FAILED, 0);
		return;
	}
	if (cmap_out_is_fragmented(out, skb))
		cmap_out_fragment(out, skb);
	else
		cmap_out_esp(out, skb);
}

/* A super-packet: cut it as its sender would have, with all checksums. */
static void cmap_out_segments(const struct cmap_out *out, struct sk_buff *skb)
{
	struct sk_buff *segs, *seg, *next;

	segs = skb_gso_segment(skb, 0);
	if (IS_ERR_OR_NULL(segs)) {
		cmap_drop_sa(out->sa, skb,
			     CRYPTO_MAP_DROP_REASON_SEGMENT_FAILED, 0);
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
 * IPv6 always insists but for these.
 */
static bool cmap_out_insists(const struct cmap_out *out,
			     const struct sk_buff *skb)
{
	if (out->family == AF_INET)
		return ip_hdr(skb)->frag_off & htons(IP_DF) &&
		       (!skb->ignore_df ||
			IPCB(skb)->frag_max_size > out->limit);
	return !skb->ignore_df || IP6CB(skb)->frag_max_size > out->limit;
}

static bool cmap_out_is_too_big(const struct cmap_out *out,
				const struct sk_buff *skb)
{
	return !cmap_out_fits(skb, out->limit) &&
	       out->df_bit != CRYPTO_MAP_DF_BIT_CLEAR &&
	       cmap_out_insists(out, skb);
}

/*
 * Tell the sender what fits, if it insists. One whose address was changed, and
 * nobody knows any more to what, is told when it sends the packet again.
 *
 * Return: whether the packet is gone.
 */
static bool cmap_out_too_big(const struct cmap_out *out, struct sk_buff *skb)
{
	if (!cmap_out_is_too_big(out, skb))
		return false;

	if (CMAP_SKB_CB(skb)->natted)
		;
	else if (out->family == AF_INET)
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED,
			      htonl(out->limit));
	else
		icmpv6_ndo_send(skb, ICMPV6_PKT_TOOBIG, 0, out->limit);
	cmap_drop_sa(out->sa, skb, CRYPTO_MAP_DROP_REASON_TOO_BIG, 0);
	return true;
}

/*
 * What fair queueing and multi-queue devices tell flows apart by. Segments,
 * fragments and the outer packet go on with the hash that the packet has here, as
 * with its mark and priority. Without one they are hashed by what they are: packets
 * of one SA stay together and in order.
 */
static void cmap_out_hash(struct sk_buff *skb)
{
	if (CMAP_SKB_CB(skb)->pre_classify)
		skb_get_hash(skb);
	else
		skb_clear_hash(skb);
}

/* With route and sizes known: fit the packet and protect it. */
static void cmap_out_fit(const struct cmap_out *out, struct sk_buff *skb)
{
	if (cmap_out_too_big(out, skb))
		return;
	/* told about sizes with them attached, sent on without */
	nf_reset_ct(skb);
	skb_ext_reset(skb);
	cmap_out_hash(skb);
	if (skb_is_gso(skb))
		cmap_out_segments(out, skb);
	else
		cmap_out_packet(out, skb);
}

/*
 * Whether the SA may carry a packet, and the route and sizes for that.
 *
 * Return: -1 with a reference to out->dst, or an enum crypto_map_drop_reason.
 */
static int cmap_out_prepare(struct cmap_out *out, struct sk_buff *skb)
{
	int headers = cmap_out_headers(out->sa, skb, out->family);

	if (cmap_nest_depth() >= CMAP_OUT_DEPTH_MAX)
		return CRYPTO_MAP_DROP_REASON_OUTPUT_LOOP;
	if (headers < 0)
		return CRYPTO_MAP_DROP_REASON_OUT_MALFORMED;
	if (!cmap_out_mode_fits(out->sa, skb, out->family))
		return CRYPTO_MAP_DROP_REASON_TRANSPORT_MISMATCH;
	if (out->sa->narrow && !cmap_out_selected(out->sa, skb, out->family))
		return CRYPTO_MAP_DROP_REASON_OUT_SELECTOR;
	out->dst = cmap_out_route(out->sa);
	if (!out->dst)
		return CRYPTO_MAP_DROP_REASON_NO_ROUTE;
	out->mtu = cmap_out_plain_mtu(out->sa, dst_mtu(out->dst), headers);
	out->limit = out->family == AF_INET ? out->mtu :
					      max_t(u32, out->mtu, IPV6_MIN_MTU);
	return -1;
}

/* With level per-host what carries a packet depends on its hosts. */
static struct cmap_flow *cmap_out_pair(struct cmap_flow *permit,
				       const struct sk_buff *skb)
{
	union cmap_addr src, dst;

	cmap_skb_addrs(skb, permit->family, &src, &dst);
	return cmap_host_pair_choose(permit, &src, &dst);
}

/* Context: RCU read side, BH disabled. */
static void cmap_out_flow(struct cmap_flow *flow, struct sk_buff *skb)
{
	struct cmap_out out = {
		.family = flow->family,
		.df_bit = CMAP_SKB_CB(skb)->df_bit,
		.fragmentation = CMAP_SKB_CB(skb)->fragmentation,
	};
	int reason;

	if (flow->kind == CMAP_FLOW_PER_HOST)
		flow = cmap_out_pair(flow, skb);
	out.flow = flow;
	out.sa = rcu_dereference(flow->out);
	if (!out.sa) {
		if (flow->kind == CMAP_FLOW_PER_HOST)
			cmap_host_pair_wait(flow, skb);
		else
			cmap_flow_hold(flow, skb);
		return;
	}
	reason = cmap_out_prepare(&out, skb);
	if (reason >= 0) {
		cmap_drop_sa(out.sa, skb, reason, 0);
		return;
	}
	cmap_out_fit(&out, skb);
	dst_release(out.dst);
}

int cmap_output_foresee(struct cmap_sa *sa, const struct cmap_attach *attach,
			const struct cmap_rule *rule, struct sk_buff *skb,
			struct cmap_output_fit *fit)
{
	struct cmap_out out = {
		.flow = sa->flow,
		.sa = sa,
		.family = sa->flow->family,
		.df_bit = cmap_attach_df_bit(attach, rule),
		.fragmentation = attach->inherited.fragmentation,
	};
	int reason = cmap_out_prepare(&out, skb);

	if (reason >= 0)
		return reason;
	fit->limit = out.limit;
	fit->inner_fragmented = cmap_out_is_fragmented(&out, skb);
	fit->outer_fragmented = !fit->inner_fragmented &&
				!cmap_out_fits(skb, out.mtu);
	if (cmap_out_is_too_big(&out, skb))
		reason = CRYPTO_MAP_DROP_REASON_TOO_BIG;
	dst_release(out.dst);
	return reason;
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

/* Whether the configuration in force still gives a packet to a flow. */
static bool cmap_out_belongs(const struct cmap_flow *flow,
			     const struct sk_buff *skb)
{
	const struct cmap_config *cfg = rcu_dereference(flow->cn->config);
	const struct cmap_attach *attach;
	const struct cmap_rule *rule;
	struct cmap_tuple tuple;

	attach = cmap_attach_lookup_rcu(cfg, skb->dev->ifindex, flow->family);
	return attach &&
	       cmap_tuple_take(&tuple, skb, skb_network_offset(skb),
			       flow->family) &&
	       cmap_attach_classify(attach, &tuple, &rule) ==
	       CMAP_CLASS_PROTECT && rule->flow == cmap_flow_permit(flow);
}

void cmap_output_held(struct cmap_flow *flow, struct sk_buff *skb)
{
	struct cmap_drop_info info = { .cn = flow->cn, .flow = flow };

	skb->dev = skb_dst(skb)->dev;
	if (cmap_out_belongs(flow, skb))
		cmap_out_flow(flow, skb);
	else
		cmap_drop(skb, CRYPTO_MAP_DROP_REASON_FLOW_GONE, &info);
}

void cmap_output_xmit(struct net *net, struct sk_buff *skb, u16 family)
{
	struct cmap_nest nest;

	cmap_nest_enter(&nest, NULL);
	/* the flag keeps NAT and VRF from routing it anew through XFRM; and see
	 * cmap_output_is_ours()
	 */
	if (family == AF_INET) {
		memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
		IPCB(skb)->flags |= IPSKB_XFRM_TRANSFORMED;
		ip_local_out(net, NULL, skb);
	} else {
		memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
		IP6CB(skb)->flags |= IP6SKB_XFRM_TRANSFORMED;
		/* this host is its source, so it may fragment it */
		skb->ignore_df = 1;
		ip6_local_out(net, NULL, skb);
	}
	cmap_nest_leave(&nest);
}
