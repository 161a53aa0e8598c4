// SPDX-License-Identifier: GPL-2.0-only
/* NAT traversal: ESP in UDP that arrives, and where the peer is. */

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/esp.h>
#include <net/gso.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>

#include "drop.h"
#include "flow.h"
#include "hook.h"
#include "input.h"
#include "natt.h"
#include "net.h"
#include "nl_event.h"
#include "pkt.h"
#include "sa.h"
#include "sa_life.h"

/* Behind the host's own filter, before conntrack's helpers and confirmation. */
#define CMAP_PRI_LOCAL_IN	(NF_IP_PRI_CONNTRACK_HELPER - 1)

/* Payload of a NAT keepalive (RFC 3948 2.3): this byte. */
#define CMAP_NATT_KEEPALIVE	0xff

/* Of the IKE daemon (RFC 3948 2.1). */
#define CMAP_NATT_PORT		4500

/* How often an SA moves to another port at most. */
#define CMAP_NATT_MOVE_INTERVAL	HZ

static unsigned int cmap_natt_in(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state);

/*
 * What a packet is for us, and where that begins, from skb->data. With IPv6 only
 * behind those headers that IP has dealt with already (hop-by-hop options): what
 * others mean is for the stack to find out.
 */
static u8 cmap_natt_proto(const struct sk_buff *skb, u16 family, int *off)
{
	if (family == AF_INET) {
		*off = skb_network_offset(skb) + (int)ip_hdrlen(skb);
		return ip_hdr(skb)->protocol;
	}
	*off = skb_transport_offset(skb);
	return skb_network_header(skb)[IP6CB(skb)->nhoff];
}

static bool cmap_natt_is_keepalive(const struct sk_buff *skb,
				   unsigned int off, unsigned int end)
{
	u8 *byte, buf;

	if (end - off != 1)
		return false;
	byte = skb_header_pointer(skb, off, sizeof(buf), &buf);
	return byte && *byte == CMAP_NATT_KEEPALIVE;
}

/* Larval SAs have no port yet: charon is there, and so is its socket. */
static bool cmap_natt_is_sa(struct cmap_net *cn, u32 spi, u16 family,
			    const union cmap_addr *daddr, __be16 port)
{
	const struct cmap_sa *sa = cmap_sa_lookup_in(cn, spi, family, daddr);

	return sa && READ_ONCE(sa->encap_sport) == port;
}

/*
 * Whether a payload of UDP is ESP of ours; of a super-packet whether one of its
 * payloads is. The marker of IKE is the SPI zero, which no SA has.
 */
static bool cmap_natt_has_esp(struct cmap_net *cn, const struct sk_buff *skb,
			      u16 family, __be16 port, unsigned int off,
			      unsigned int end)
{
	unsigned int step = skb_is_gso(skb) ? skb_shinfo(skb)->gso_size :
					      end - off;
	union cmap_addr saddr, daddr;
	__be32 *spi, buf;

	cmap_skb_addrs(skb, family, &saddr, &daddr);
	for (; off + sizeof(struct ip_esp_hdr) < end; off += step) {
		spi = skb_header_pointer(skb, off, sizeof(buf), &buf);
		if (spi && cmap_natt_is_sa(cn, ntohl(*spi), family, &daddr,
					   port))
			return true;
	}
	return false;
}

/*
 * Where the payload of UDP begins and ends, if there is one; malformed packets
 * are UDP's to count.
 *
 * Return: the port that it is for, 0 if it is none.
 */
static __be16 cmap_natt_udp(const struct sk_buff *skb, u16 family,
			    unsigned int *start, unsigned int *end)
{
	const struct udphdr *uh;
	struct udphdr buf;
	int off;

	if (cmap_natt_proto(skb, family, &off) != IPPROTO_UDP)
		return 0;
	uh = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!uh)
		return 0;
	*start = off + sizeof(*uh);
	*end = off + ntohs(uh->len);
	return *end > *start && *end <= skb->len ? uh->dest : 0;
}

/* Whether a packet is for us. It is only read. */
static bool cmap_natt_wants(struct cmap_net *cn, const struct sk_buff *skb,
			    u16 family)
{
	__be16 port = READ_ONCE(cn->natt.port), dest;
	unsigned int off, end;

	dest = cmap_natt_udp(skb, family, &off, &end);
	if (!dest || (port && port != dest))
		return false;
	return (port && cmap_natt_is_keepalive(skb, off, end)) ||
	       cmap_natt_has_esp(cn, skb, family, dest, off, end);
}

bool cmap_natt_foresee(struct cmap_net *cn, const struct sk_buff *skb, u32 *spi)
{
	u16 family = cmap_skb_family(skb);
	unsigned int off, end;
	__be32 *esp, buf;
	__be16 dest;

	dest = cmap_natt_udp(skb, family, &off, &end);
	if (!dest || end - off < sizeof(struct ip_esp_hdr))
		return false;
	esp = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!esp || !*esp)
		return false;
	*spi = ntohl(*esp);
	return dest == htons(CMAP_NATT_PORT) ||
	       cmap_natt_has_esp(cn, skb, family, dest, off, end);
}

/* Zero is none, with IPv6 as well where UDP carries a tunnel (RFC 6935). */
static bool cmap_natt_checksum_ok(struct sk_buff *skb, u16 family,
				  unsigned int off)
{
	return !udp_hdr(skb)->check || skb_csum_unnecessary(skb) ||
	       !nf_checksum(skb, NF_INET_LOCAL_IN, off, IPPROTO_UDP, family);
}

/*
 * Take IP's and UDP's word for where ESP begins and ends, and leave their headers
 * before skb->data.
 *
 * Return: -1, -EAGAIN for a keepalive, or why the packet is to be dropped.
 */
static int cmap_natt_unwrap(struct sk_buff *skb, u16 family)
{
	unsigned int len;
	int off;

	/* the hooks behind ours may have changed it */
	if (cmap_natt_proto(skb, family, &off) != IPPROTO_UDP ||
	    !pskb_may_pull(skb, off + sizeof(struct udphdr)))
		return CRYPTO_MAP_DROP_REASON_BAD_LENGTH;
	skb_set_transport_header(skb, off);
	len = ntohs(udp_hdr(skb)->len);
	if (len < sizeof(struct udphdr) || off + len > skb->len)
		return CRYPTO_MAP_DROP_REASON_BAD_LENGTH;
	if (pskb_trim_rcsum(skb, off + len))
		return CRYPTO_MAP_DROP_REASON_IN_NO_MEMORY;
	if (!cmap_natt_checksum_ok(skb, family, off))
		return CRYPTO_MAP_DROP_REASON_UDP_CHECKSUM;
	if (cmap_natt_is_keepalive(skb, off + sizeof(struct udphdr), off + len))
		return -EAGAIN;
	__skb_pull(skb, off + sizeof(struct udphdr));
	skb_reset_transport_header(skb);
	return -1;
}

/* All hooks have seen it. Also called without a lock, by a netfilter queue. */
static int cmap_natt_rcv(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct cmap_drop_info info = { .cn = cmap_net_of(net) };
	int drop;

	local_bh_disable();
	rcu_read_lock();
	skb_orphan(skb);	/* early demultiplexing found charon's socket */
	drop = cmap_natt_unwrap(skb, cmap_skb_family(skb));
	if (drop >= 0)
		cmap_drop(skb, drop, &info);
	else if (drop == -EAGAIN)
		consume_skb(skb);
	else
		cmap_input_udp(info.cn, skb);
	rcu_read_unlock();
	local_bh_enable();
	return 0;
}

/*
 * Datagrams that were merged on their way, or not yet taken apart: each goes on
 * by itself, those that are not ours to where all would have gone.
 */
static void cmap_natt_segments(struct sk_buff *skb,
			       const struct nf_hook_state *state, u16 family)
{
	struct cmap_net *cn = cmap_net_of(state->net);
	struct cmap_drop_info info = { .cn = cn };
	struct sk_buff *segs, *seg, *next;

	/* with the link-layer header, which segmentation takes for the start */
	__skb_push(skb, -skb_mac_offset(skb));
	segs = __skb_gso_segment(skb, NETIF_F_SG | NETIF_F_IP_CSUM |
				 NETIF_F_IPV6_CSUM, false);
	if (IS_ERR_OR_NULL(segs)) {
		cmap_drop(skb, CRYPTO_MAP_DROP_REASON_IN_NO_MEMORY, &info);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(segs, seg, next) {
		skb_mark_not_on_list(seg);
		__skb_pull(seg, skb_network_offset(seg));
		/* GRO has checked the sum that it was merged by */
		if (seg->ip_summed == CHECKSUM_NONE)
			seg->csum_valid = 1;
		cmap_hook_divert(seg, state, cmap_natt_in,
				 cmap_natt_wants(cn, seg, family) ?
				 cmap_natt_rcv : state->okfn);
	}
}

/* Whether the UDP header there, which an ICMP error quotes, is of our ESP. */
static bool cmap_natt_quoted(struct cmap_net *cn, const struct sk_buff *skb,
			     unsigned int off, u16 family,
			     const union cmap_addr *saddr,
			     const union cmap_addr *daddr)
{
	struct { struct udphdr udp; __be32 spi; } *esp, buf;
	const struct cmap_sa *sa;

	esp = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!esp)
		return false;
	sa = cmap_sa_lookup_out(cn, ntohl(esp->spi), family, saddr, daddr);
	return sa && READ_ONCE(sa->encap_sport) == esp->udp.source &&
	       READ_ONCE(sa->encap_dport) == esp->udp.dest;
}

static void cmap_natt_icmp4(struct cmap_net *cn, struct sk_buff *skb,
			    unsigned int off)
{
	unsigned int inner = off + sizeof(struct icmphdr);
	union cmap_addr saddr = {}, daddr = {};
	const struct icmphdr *icmp;
	const struct iphdr *iph;

	if (!pskb_may_pull(skb, inner + sizeof(*iph)))
		return;
	icmp = (const struct icmphdr *)(skb->data + off);
	iph = (const struct iphdr *)(skb->data + inner);
	if (icmp->type != ICMP_DEST_UNREACH || icmp->code != ICMP_FRAG_NEEDED ||
	    iph->version != 4 || iph->ihl < 5 || iph->protocol != IPPROTO_UDP ||
	    iph->frag_off & htons(IP_OFFSET))
		return;
	saddr.ip4 = iph->saddr;
	daddr.ip4 = iph->daddr;
	if (!cmap_natt_quoted(cn, skb, inner + iph->ihl * 4, AF_INET, &saddr,
			      &daddr) ||
	    nf_checksum(skb, NF_INET_LOCAL_IN, off, IPPROTO_ICMP,
			AF_INET))
		return;
	__skb_pull(skb, inner);
	cmap_input_learn4(skb, ntohs(icmp->un.frag.mtu), IPPROTO_UDP);
	__skb_push(skb, inner);
}

static void cmap_natt_icmp6(struct cmap_net *cn, struct sk_buff *skb,
			    unsigned int off)
{
	unsigned int inner = off + sizeof(struct icmp6hdr);
	const struct icmp6hdr *icmp;
	union cmap_addr saddr, daddr;
	const struct ipv6hdr *iph;

	if (!pskb_may_pull(skb, inner + sizeof(*iph)))
		return;
	icmp = (const struct icmp6hdr *)(skb->data + off);
	iph = (const struct ipv6hdr *)(skb->data + inner);
	if (icmp->icmp6_type != ICMPV6_PKT_TOOBIG || iph->version != 6 ||
	    iph->nexthdr != IPPROTO_UDP)
		return;
	memcpy(&saddr, &iph->saddr, sizeof(saddr));
	memcpy(&daddr, &iph->daddr, sizeof(daddr));
	if (!cmap_natt_quoted(cn, skb, inner + sizeof(*iph), AF_INET6, &saddr,
			      &daddr) ||
	    nf_checksum(skb, NF_INET_LOCAL_IN, off, IPPROTO_ICMPV6, AF_INET6))
		return;
	__skb_pull(skb, inner);
	cmap_input_learn6(skb, icmp->icmp6_mtu);
	__skb_push(skb, inner);
}

/*
 * An ICMP error that says what fits the path of our ESP in UDP: the kernel would
 * learn from it by a socket only.
 */
static void cmap_natt_icmp(struct cmap_net *cn, struct sk_buff *skb, u16 family)
{
	int off;
	u8 proto = cmap_natt_proto(skb, family, &off);

	if (family == AF_INET && proto == IPPROTO_ICMP)
		cmap_natt_icmp4(cn, skb, off);
	else if (family == AF_INET6 && proto == IPPROTO_ICMPV6)
		cmap_natt_icmp6(cn, skb, off);
}

static unsigned int cmap_natt_in(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	u16 family = state->pf == NFPROTO_IPV4 ? AF_INET : AF_INET6;
	struct cmap_net *cn = cmap_net_of(state->net);

	if (!READ_ONCE(cn->natt.sas))
		return NF_ACCEPT;
	if (!cmap_natt_wants(cn, skb, family)) {
		cmap_natt_icmp(cn, skb, family);
		return NF_ACCEPT;
	}
	if (!skb_is_gso(skb))
		cmap_hook_divert(skb, state, cmap_natt_in, cmap_natt_rcv);
	else if (skb_shinfo(skb)->gso_type & (SKB_GSO_UDP_L4 | SKB_GSO_FRAGLIST))
		cmap_natt_segments(skb, state, family);
	else
		return NF_ACCEPT;	/* as UDP, which refuses it */
	return NF_STOLEN;
}

static const struct nf_hook_ops cmap_natt_ops[] = {
	{
		.hook		= cmap_natt_in,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_LOCAL_IN,
		.priority	= CMAP_PRI_LOCAL_IN,
	}, {
		.hook		= cmap_natt_in,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_LOCAL_IN,
		.priority	= CMAP_PRI_LOCAL_IN,
	},
};

int cmap_natt_register(struct cmap_net *cn)
{
	return nf_register_net_hooks(cn->net, cmap_natt_ops,
				     ARRAY_SIZE(cmap_natt_ops));
}

void cmap_natt_unregister(struct cmap_net *cn)
{
	nf_unregister_net_hooks(cn->net, cmap_natt_ops,
				ARRAY_SIZE(cmap_natt_ops));
}

static bool cmap_natt_counts(const struct cmap_sa *sa)
{
	return sa->dir == CRYPTO_MAP_SA_DIR_IN && sa->encap_dport;
}

int cmap_natt_sa_add(struct cmap_sa *sa)
{
	struct cmap_natt *natt = &sa->cn->natt;
	int err;

	lockdep_assert_held(&sa->cn->lock);

	if (!cmap_natt_counts(sa))
		return 0;
	/* IPv6 itself reassembles behind LOCAL_IN, and goes on from there */
	if (sa->family == AF_INET6 && !natt->sas6) {
		err = nf_defrag_ipv6_enable(sa->cn->net);
		if (err)
			return err;
	}
	natt->sas6 += sa->family == AF_INET6;
	if (!natt->sas)
		WRITE_ONCE(natt->port, sa->encap_sport);
	else if (natt->port != sa->encap_sport)
		WRITE_ONCE(natt->port, 0);
	WRITE_ONCE(natt->sas, natt->sas + 1);
	return 0;
}

void cmap_natt_sa_del(struct cmap_sa *sa)
{
	struct cmap_natt *natt = &sa->cn->natt;

	lockdep_assert_held(&sa->cn->lock);

	if (!cmap_natt_counts(sa))
		return;
	WRITE_ONCE(natt->sas, natt->sas - 1);
	if (sa->family == AF_INET6 && !--natt->sas6)
		nf_defrag_ipv6_disable(sa->cn->net);
}

void cmap_natt_set_ports(struct cmap_sa *sa, __be16 sport, __be16 dport)
{
	struct cmap_natt *natt = &sa->cn->natt;

	lockdep_assert_held(&sa->cn->lock);

	WRITE_ONCE(sa->encap_sport, sport);
	if (cmap_natt_counts(sa) && natt->port != sport)
		WRITE_ONCE(natt->port, natt->sas == 1 ? sport : 0);
	spin_lock_bh(&sa->lock);
	WRITE_ONCE(sa->encap_dport, dport);
	memset(&sa->seen, 0, sizeof(sa->seen));
	spin_unlock_bh(&sa->lock);
}

static bool cmap_natt_same(const struct cmap_sa *sa,
			   const struct cmap_origin *a,
			   const struct cmap_origin *b)
{
	return a->port == b->port &&
	       cmap_sa_addr_equal(sa->family, &a->addr, &b->addr);
}

__be16 cmap_natt_port(const struct sk_buff *skb)
{
	const struct udphdr *uh = (void *)(skb_transport_header(skb) -
					   sizeof(*uh));

	return uh->source;
}

void cmap_natt_seen(struct cmap_sa *sa, const struct sk_buff *skb)
{
	struct cmap_origin from = { .port = cmap_natt_port(skb) };
	union cmap_addr daddr;

	if (!sa->follow_port)
		return;
	cmap_skb_addrs(skb, sa->family, &from.addr, &daddr);
	if (likely(from.port == READ_ONCE(sa->encap_dport) &&
		   cmap_sa_addr_equal(sa->family, &from.addr, &sa->remote)))
		return;

	spin_lock_bh(&sa->lock);
	if (!sa->dead && !cmap_natt_same(sa, &sa->seen, &from) &&
	    time_after_eq(jiffies, sa->seen_next)) {
		sa->seen = from;
		sa->seen_next = jiffies + CMAP_NATT_MOVE_INTERVAL;
		cmap_sa_event(sa, CMAP_SA_EVENT_SEEN);
	}
	spin_unlock_bh(&sa->lock);
}

void cmap_natt_follow(struct cmap_sa *sa)
{
	__be16 old = sa->encap_dport;
	struct cmap_origin to;
	struct cmap_sa *other;

	lockdep_assert_held(&sa->cn->lock);

	spin_lock_bh(&sa->lock);
	to = sa->seen;
	spin_unlock_bh(&sa->lock);
	if (!to.port)
		return;		/* the daemon was faster */
	if (cmap_sa_addr_equal(sa->family, &to.addr, &sa->remote))
		list_for_each_entry(other, &sa->flow->sas, flow_node)
			if (other->follow_port && other->encap_dport == old &&
			    cmap_sa_addr_equal(sa->family, &other->remote,
					       &sa->remote))
				cmap_natt_set_ports(other, other->encap_sport,
						    to.port);
	cmap_nl_mapping_ntf(sa, &to);
}

/* Offset of the checksum from the header of a protocol, or -1 for none. */
static int cmap_natt_checksum_at(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return offsetof(struct tcphdr, check);
	case IPPROTO_UDP:
		return offsetof(struct udphdr, check);
	default:
		return -1;
	}
}

/* Offset of the transport header of a whole packet, or -1. */
static int cmap_natt_transport(const struct sk_buff *skb, u8 *proto)
{
	__be16 frag = 0;
	int off;

	if (ip_hdr(skb)->version == 4) {
		*proto = ip_hdr(skb)->protocol;
		return ip_is_fragment(ip_hdr(skb)) ? -1 : (int)ip_hdrlen(skb);
	}
	*proto = ipv6_hdr(skb)->nexthdr;
	off = ipv6_skip_exthdr(skb, sizeof(struct ipv6hdr), proto, &frag);
	return frag ? -1 : off;
}

bool cmap_natt_checksum(struct sk_buff *skb)
{
	int off, at, len;
	__sum16 *check;
	__wsum sum;
	u8 proto;

	off = cmap_natt_transport(skb, &proto);
	at = cmap_natt_checksum_at(proto);
	if (off < 0 || at < 0 ||
	    !pskb_may_pull(skb, off + at + sizeof(*check)))
		return false;
	len = skb->len - off;
	if (proto == IPPROTO_UDP) {
		struct udphdr *uh = (struct udphdr *)(skb->data + off);

		/* none, or one that UDP will refuse */
		if (!uh->check || ntohs(uh->len) > len)
			return false;
		len = ntohs(uh->len);
	}

	check = (__sum16 *)(skb->data + off + at);
	*check = 0;
	sum = skb_checksum(skb, off, len, 0);
	if (ip_hdr(skb)->version == 4)
		*check = csum_tcpudp_magic(ip_hdr(skb)->saddr,
					   ip_hdr(skb)->daddr, len, proto, sum);
	else
		*check = csum_ipv6_magic(&ipv6_hdr(skb)->saddr,
					 &ipv6_hdr(skb)->daddr, len, proto,
					 sum);
	if (proto == IPPROTO_UDP && !*check)
		*check = CSUM_MANGLED_0;
	return true;
}
