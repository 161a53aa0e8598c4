/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_OUTPUT_H
#define _CMAP_OUTPUT_H

/*
 * The outbound path, behind the POST_ROUTING hooks: find the SA, fit the
 * packet, hand it to ESP.
 */

#include <linux/types.h>

struct cmap_attach;
struct cmap_flow;
struct cmap_net;
struct cmap_rule;
struct cmap_sa;
struct net;
struct sk_buff;
struct sock;

/**
 * cmap_output() - protect a packet that belongs to a flow (okfn of the hook)
 * @net: namespace
 * @sk: socket or NULL
 * @skb: packet with a valid CMAP_SKB_CB(); consumed
 *
 * Context: any; RCU and BH are taken care of here.
 * Return: 0; whatever happens to the packet is counted.
 */
int cmap_output(struct net *net, struct sock *sk, struct sk_buff *skb);

/**
 * cmap_output_held() - protect a packet that waited for an SA
 * @flow: its flow
 * @skb: packet of cmap_flow_hold(); consumed
 *
 * Context: RCU read side, BH disabled.
 */
void cmap_output_held(struct cmap_flow *flow, struct sk_buff *skb);

/**
 * cmap_output_is_ours() - whether a packet is ESP that we just made
 * @cn: namespace
 * @skb: packet at POST_ROUTING
 * @family: AF_INET or AF_INET6, of its IP header
 *
 * By the flag that we set, which XFRM sets too, and by SPI and destination, which are
 * what names an SA at the peer (RFC 4301 4.1): source NAT may have changed the source.
 *
 * Context: RCU read side.
 */
bool cmap_output_is_ours(struct cmap_net *cn, const struct sk_buff *skb,
			 u16 family);

/**
 * cmap_output_path_mtu() - MTU of the path to the peer of an outbound SA
 * @sa: SA
 *
 * Context: process. Return: bytes, 0 without a route.
 */
u32 cmap_output_path_mtu(struct cmap_sa *sa);

/**
 * cmap_output_plain_mtu() - largest inner packet that an SA sends in one piece
 * @sa: SA
 * @path: MTU of the path
 */
u32 cmap_output_plain_mtu(const struct cmap_sa *sa, u32 path);

/**
 * struct cmap_output_fit - how a packet fits the path to the peer
 * @limit: largest packet that goes out in one piece
 * @inner_fragmented: it is fragmented, and each fragment encrypted
 * @outer_fragmented: it is encrypted whole, and the outer packet fragmented
 */
struct cmap_output_fit {
	u32	limit;
	bool	inner_fragmented;
	bool	outer_fragmented;
};

/**
 * cmap_output_foresee() - what would become of a packet
 * @sa: outbound SA in use of its flow
 * @attach: attachment by which it would leave
 * @rule: the permit that protects it, of that flow
 * @skb: packet with skb->data at its IP header; not changed
 * @fit: set, if it gets as far as that: else all zero as before
 *
 * Context: RCU read side, BH disabled.
 * Return: -1 if it would be sent, or an enum crypto_map_drop_reason.
 */
int cmap_output_foresee(struct cmap_sa *sa, const struct cmap_attach *attach,
			const struct cmap_rule *rule, struct sk_buff *skb,
			struct cmap_output_fit *fit);

/**
 * cmap_output_xmit() - send a finished outer packet
 * @net: namespace
 * @skb: packet with outer IP header and route; consumed
 * @family: AF_INET or AF_INET6, of the outer header
 *
 * Goes through LOCAL_OUT, so the host's own firewall sees it.
 *
 * Context: BH disabled.
 */
void cmap_output_xmit(struct net *net, struct sk_buff *skb, u16 family);

#endif /* _CMAP_OUTPUT_H */
