/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_OUTPUT_H
#define _CMAP_OUTPUT_H

/*
 * The outbound path, behind the POST_ROUTING hooks: find the SA, fit the
 * packet, hand it to ESP.
 */

#include <linux/types.h>

struct cmap_flow;
struct cmap_net;
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
 * By the flag that we set and the SPI, since XFRM sets the flag too.
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
