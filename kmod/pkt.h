/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_PKT_H
#define _CMAP_PKT_H

/* Packets: what the hooks take from them, and what travels with them. */

#include <linux/if_ether.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/ip.h>

#include "tuple.h"

/**
 * struct cmap_skb_cb - our part of skb->cb between hook and output
 * @h4: IP's own part, in place
 * @h6: likewise for IPv6
 * @flow_id: flow that protects the packet
 * @df_bit: enum crypto_map_df_bit of the entry
 * @fragmentation: enum crypto_map_fragmentation of the interface
 * @pre_classify: the outer packet keeps the flow hash of this one
 * @natted: it waited for an SA, and conntrack, which has gone, had changed its
 *	addresses
 *
 * Ids, not pointers: a netfilter queue may keep the packet for long, and drop
 * it without telling us.
 */
struct cmap_skb_cb {
	union {
		struct inet_skb_parm	h4;
		struct inet6_skb_parm	h6;
	};
	u32	flow_id;
	u8	df_bit;
	u8	fragmentation;
	bool	pre_classify;
	bool	natted;
};

/* Segmentation keeps what lies before its own part of skb->cb. */
#define CMAP_SKB_CB_MAX	32

#define CMAP_SKB_CB(skb)	((struct cmap_skb_cb *)&(skb)->cb[0])

/**
 * cmap_tuple_take() - take the tuple of a packet
 * @t: result, source and destination as in the packet
 * @skb: packet
 * @nhoff: offset of the IP header from skb->data
 * @family: AF_INET or AF_INET6, what the IP header must be
 *
 * Return: false if the IP header is truncated or malformed.
 */
bool cmap_tuple_take(struct cmap_tuple *t, const struct sk_buff *skb, int nhoff,
		     u16 family);

/**
 * cmap_skb_family() - address family of a packet
 * @skb: packet inside IP
 *
 * What IP takes it for, whatever hooks have made of its header.
 */
static inline u16 cmap_skb_family(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IPV6) ? AF_INET6 : AF_INET;
}

/**
 * cmap_skb_addrs() - addresses of a packet
 * @skb: packet with a network header, complete
 * @family: AF_INET or AF_INET6, of that header
 * @saddr: set to the source
 * @daddr: set to the destination
 */
static inline void cmap_skb_addrs(const struct sk_buff *skb, u16 family,
				  union cmap_addr *saddr,
				  union cmap_addr *daddr)
{
	if (family == AF_INET) {
		memset(saddr, 0, sizeof(*saddr));
		memset(daddr, 0, sizeof(*daddr));
		saddr->ip4 = ip_hdr(skb)->saddr;
		daddr->ip4 = ip_hdr(skb)->daddr;
	} else {
		memcpy(saddr, &ipv6_hdr(skb)->saddr, sizeof(*saddr));
		memcpy(daddr, &ipv6_hdr(skb)->daddr, sizeof(*daddr));
	}
}

#endif /* _CMAP_PKT_H */
