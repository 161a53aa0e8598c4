// SPDX-License-Identifier: GPL-2.0-only
/* Inbound ESP: from the protocol handlers to the SA. */

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/udp.h>
#include <net/esp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/ndisc.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "drop.h"
#include "esp_input.h"
#include "input.h"
#include "natt.h"
#include "net.h"
#include "nl_event.h"
#include "pkt.h"
#include "sa.h"

/* Before XFRM's handlers: vti has 100, xfrm interfaces 10, ESP 0. */
#define CMAP_PRI_ESP	200

/**
 * struct cmap_input_cb - our part of skb->cb while ESP waits for keys
 * @h4: IP's own part, in place
 * @h6: likewise for IPv6
 * @encap: it came in UDP
 */
struct cmap_input_cb {
	union {
		struct inet_skb_parm	h4;
		struct inet6_skb_parm	h6;
	};
	bool	encap;
};

#define CMAP_INPUT_CB(skb)	((struct cmap_input_cb *)&(skb)->cb[0])

/* Native ESP for an SA without UDP, ESP in UDP for one with it. */
static bool cmap_input_encap_fits(const struct cmap_sa *sa, bool encap)
{
	return encap == !!READ_ONCE(sa->encap_dport);
}

static void cmap_input_sa(struct cmap_sa *sa, struct sk_buff *skb, bool encap)
{
	if (!cmap_input_encap_fits(sa, encap))
		cmap_drop_sa(sa, skb, CRYPTO_MAP_DROP_REASON_ENCAP_MISMATCH, 0);
	else
		cmap_esp_input(sa, skb);
}

/*
 * Keys are on their way. What the packet refers to must not outlive its owners
 * while it waits: the device is looked up again by its index.
 */
static int cmap_input_hold(struct cmap_sa *sa, struct sk_buff *skb, bool encap)
{
	int err;

	nf_reset_ct(skb);
	skb_dst_drop(skb);
	CMAP_INPUT_CB(skb)->encap = encap;
	err = cmap_sa_hold_pending(sa, skb);
	if (err == -ENOBUFS)
		cmap_drop_sa(sa, skb, CRYPTO_MAP_DROP_REASON_LARVAL_FULL, 0);
	return err == -EAGAIN ? err : 0;
}

void cmap_input_pending(struct cmap_sa *sa, struct sk_buff *skb)
{
	const struct cmap_input_cb *cb = CMAP_INPUT_CB(skb);
	struct net_device *dev;

	dev = dev_get_by_index_rcu(sa->cn->net, sa->family == AF_INET ?
				   cb->h4.iif : cb->h6.iif);
	if (!dev) {
		cmap_drop_sa(sa, skb, CRYPTO_MAP_DROP_REASON_LARVAL_FULL, 0);
		return;
	}
	skb->dev = dev;
	cmap_input_sa(sa, skb, cb->encap);
}

static bool cmap_input_xfrm_knows(struct cmap_net *cn,
				  const struct sk_buff *skb, u32 spi,
				  u16 family, const union cmap_addr *daddr)
{
	struct xfrm_state *x;

	x = xfrm_state_lookup(cn->net, skb->mark,
			      (const xfrm_address_t *)daddr, cpu_to_be32(spi),
			      IPPROTO_ESP, family);
	if (!x)
		return false;
	xfrm_state_put(x);
	return true;
}

/*
 * Nobody's SPI, as far as we know: told to the daemon. XFRM's states may carry
 * marks that only its own handlers know how to look up, so while there is any
 * state the packet goes on, and XFRM has the last word.
 */
static int cmap_input_unknown(struct cmap_net *cn, struct sk_buff *skb,
			      u32 spi, u32 seq, bool encap)
{
	struct cmap_drop_info info = { .cn = cn, .spi = spi, .seq = seq };
	u16 family = cmap_skb_family(skb);
	struct cmap_origin from = {};
	union cmap_addr local;

	if (!READ_ONCE(cn->hooked))
		return -EINVAL;
	cmap_skb_addrs(skb, family, &from.addr, &local);
	if (READ_ONCE(cn->net->xfrm.state_num) &&
	    cmap_input_xfrm_knows(cn, skb, spi, family, &local))
		return -EINVAL;
	if (encap)
		from.port = cmap_natt_port(skb);
	cmap_nl_invalid_spi_ntf(cn, spi, family, &local, &from);
	if (READ_ONCE(cn->net->xfrm.state_num))
		return -EINVAL;
	cmap_drop(skb, CRYPTO_MAP_DROP_REASON_INVALID_SPI, &info);
	return 0;
}

/*
 * The interface that the packet came by: IP puts the VRF in its place, and the
 * inner packet has to pass the VRF again.
 */
static struct net_device *cmap_input_dev(const struct sk_buff *skb, u16 family)
{
	int iif = family == AF_INET ? IPCB(skb)->iif : IP6CB(skb)->iif;
	struct net_device *dev = NULL;

	if (netif_is_l3_master(skb->dev))
		dev = dev_get_by_index_rcu(dev_net(skb->dev), iif);
	return dev ?: skb->dev;
}

/* Keys came, and went again with their SA, while a packet was on its way. */
static int cmap_input_gone(struct cmap_net *cn, struct sk_buff *skb, u32 spi,
			   u32 seq)
{
	struct cmap_drop_info info = { .cn = cn, .spi = spi, .seq = seq };

	cmap_drop(skb, CRYPTO_MAP_DROP_REASON_IN_SA_EXPIRED, &info);
	return 0;
}

static int cmap_input(struct sk_buff *skb, bool encap)
{
	struct cmap_net *cn = cmap_net_of(dev_net(skb->dev));
	u16 family = cmap_skb_family(skb);
	union cmap_addr saddr, daddr;
	struct ip_esp_hdr *esp, buf;
	bool changed = false;
	struct cmap_sa *sa;
	u32 spi, seq;

	esp = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	if (!esp)
		return -EINVAL;
	spi = ntohl(esp->spi);
	seq = ntohl(esp->seq_no);
	cmap_skb_addrs(skb, family, &saddr, &daddr);

	/* again, when keys came between look-up and queue */
	do {
		sa = cmap_sa_lookup_in(cn, spi, family, &daddr);
		/* XFRM may only get what we did not touch */
		if (!sa && changed)
			return cmap_input_gone(cn, skb, spi, seq);
		if (!sa)
			return cmap_input_unknown(cn, skb, spi, seq, encap);
		skb->dev = cmap_input_dev(skb, family);
		changed = true;
		if (!READ_ONCE(sa->waits)) {
			cmap_input_sa(sa, skb, encap);
			return 0;
		}
	} while (cmap_input_hold(sa, skb, encap) == -EAGAIN);
	return 0;
}

enum cmap_input_fate cmap_input_foresee(struct cmap_net *cn,
					const struct sk_buff *skb, u32 spi,
					bool encap, struct cmap_sa **sa)
{
	u16 family = cmap_skb_family(skb);
	union cmap_addr saddr, daddr;

	cmap_skb_addrs(skb, family, &saddr, &daddr);
	*sa = cmap_sa_lookup_in(cn, spi, family, &daddr);
	if (!*sa)
		return READ_ONCE(cn->hooked) &&
		       !READ_ONCE(cn->net->xfrm.state_num) ?
		       CMAP_INPUT_INVALID_SPI : CMAP_INPUT_XFRM;
	if ((*sa)->state == CRYPTO_MAP_SA_STATE_LARVAL)
		return CMAP_INPUT_LARVAL;
	return cmap_input_encap_fits(*sa, encap) ? CMAP_INPUT_DECRYPT :
						   CMAP_INPUT_ENCAP_MISMATCH;
}

void cmap_input_udp(struct cmap_net *cn, struct sk_buff *skb)
{
	/* nobody else may get what was taken from UDP */
	if (cmap_input(skb, true))
		cmap_input_gone(cn, skb, 0, 0);
}

static int cmap_input_native(struct sk_buff *skb)
{
	return cmap_input(skb, false);
}

/*
 * What a socket that XFRM reads did not keep. ESP in TCP, or in UDP behind a marker, is
 * for no SA of ours, nor does a UDP header that tells a port come right before it.
 */
static int cmap_input_encap(struct sk_buff *skb, int nexthdr, __be32 spi,
			    int encap_type)
{
	if (encap_type && encap_type != UDP_ENCAP_ESPINUDP)
		return -EINVAL;
	return cmap_input(skb, encap_type != 0);
}

/* Called for what XFRM did with other packets: nothing to add. */
static int cmap_input_cb_none(struct sk_buff *skb, int err)
{
	return 1;
}

/* Where the kernel learns of a path: the VRF that the ICMP error came by, or 0. */
static int cmap_input_vrf(const struct sk_buff *skb)
{
	return netif_is_l3_master(skb->dev) ? skb->dev->ifindex : 0;
}

/* What every IPv4 host takes (RFC 791); no path of today has less. */
#define CMAP_PMTU_MIN4	576

/*
 * The kernel lets the value expire. One below what any path has is forged, or of
 * a router that does not tell (0).
 */
void cmap_input_learn4(struct sk_buff *skb, u32 mtu, u8 proto)
{
	if (!mtu)
		mtu = CMAP_PMTU_MIN4;
	if (mtu >= CMAP_PMTU_MIN4)
		ipv4_update_pmtu(skb, dev_net(skb->dev), mtu,
				 cmap_input_vrf(skb), proto);
}

void cmap_input_learn6(struct sk_buff *skb, __be32 mtu)
{
	struct net *net = dev_net(skb->dev);

	if (ntohl(mtu) >= IPV6_MIN_MTU)
		ip6_update_pmtu(skb, net, mtu, cmap_input_vrf(skb), 0,
				sock_net_uid(net, NULL));
}

/*
 * An ICMP error about ESP that we sent: learn the path MTU.
 *
 * Return: 0 if the SPI is ours.
 */
static int cmap_input_icmp4(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct ip_esp_hdr *esp = (void *)skb->data + iph->ihl * 4;
	union cmap_addr saddr = { .ip4 = iph->saddr };
	union cmap_addr daddr = { .ip4 = iph->daddr };
	struct net *net = dev_net(skb->dev);

	if (!cmap_sa_lookup_out(cmap_net_of(net), ntohl(esp->spi), AF_INET,
				&saddr, &daddr))
		return -ENOENT;

	if (icmp_hdr(skb)->type == ICMP_REDIRECT)
		ipv4_redirect(skb, net, cmap_input_vrf(skb), IPPROTO_ESP);
	else if (icmp_hdr(skb)->type == ICMP_DEST_UNREACH &&
		 icmp_hdr(skb)->code == ICMP_FRAG_NEEDED)
		cmap_input_learn4(skb, info, IPPROTO_ESP);
	return 0;
}

/* Likewise ICMPv6; the ESP header lies at an offset, perhaps not linear. */
static int cmap_input_icmp6(struct sk_buff *skb, struct inet6_skb_parm *opt,
			    u8 type, u8 code, int offset, __be32 info)
{
	const struct ipv6hdr *iph = (const struct ipv6hdr *)skb->data;
	struct net *net = dev_net(skb->dev);
	union cmap_addr saddr, daddr;
	struct ip_esp_hdr *esp, buf;

	esp = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	if (!esp)
		return -ENOENT;
	memcpy(&saddr, &iph->saddr, sizeof(saddr));
	memcpy(&daddr, &iph->daddr, sizeof(daddr));
	if (!cmap_sa_lookup_out(cmap_net_of(net), ntohl(esp->spi), AF_INET6,
				&saddr, &daddr))
		return -ENOENT;

	if (type == NDISC_REDIRECT)
		ip6_redirect(skb, net, skb->dev->ifindex, 0,
			     sock_net_uid(net, NULL));
	else if (type == ICMPV6_PKT_TOOBIG)
		cmap_input_learn6(skb, info);
	return 0;
}

static struct xfrm4_protocol cmap_esp4 = {
	.handler	= cmap_input_native,
	.input_handler	= cmap_input_encap,
	.cb_handler	= cmap_input_cb_none,
	.err_handler	= cmap_input_icmp4,
	.priority	= CMAP_PRI_ESP,
};

static struct xfrm6_protocol cmap_esp6 = {
	.handler	= cmap_input_native,
	.input_handler	= cmap_input_encap,
	.cb_handler	= cmap_input_cb_none,
	.err_handler	= cmap_input_icmp6,
	.priority	= CMAP_PRI_ESP,
};

int cmap_input_register(void)
{
	int err;

	err = xfrm4_protocol_register(&cmap_esp4, IPPROTO_ESP);
	if (err)
		return err;
	err = xfrm6_protocol_register(&cmap_esp6, IPPROTO_ESP);
	if (err)
		xfrm4_protocol_deregister(&cmap_esp4, IPPROTO_ESP);
	return err;
}

void cmap_input_unregister(void)
{
	xfrm6_protocol_deregister(&cmap_esp6, IPPROTO_ESP);
	xfrm4_protocol_deregister(&cmap_esp4, IPPROTO_ESP);
}
