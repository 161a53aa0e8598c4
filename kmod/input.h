/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_INPUT_H
#define _CMAP_INPUT_H

/*
 * ESP that arrives: taken at the protocol handlers, before XFRM's own, so after
 * reassembly, the host's filter and conntrack of the outer packet. ESP in UDP
 * comes from LOCAL_IN (natt.h), or, when it is not for an SA of ours with ESP
 * in UDP, through the UDP_ENCAP socket of the IKE daemon. ESP whose SPI is not
 * ours goes on to XFRM untouched.
 */

#include <linux/types.h>

struct cmap_net;
struct cmap_sa;
struct sk_buff;

int cmap_input_register(void);
void cmap_input_unregister(void);

/**
 * enum cmap_input_fate - what becomes of ESP
 * @CMAP_INPUT_DECRYPT: an SA of ours decrypts it, if it is authentic
 * @CMAP_INPUT_LARVAL: the keys of its SA have not arrived: it waits
 * @CMAP_INPUT_ENCAP_MISMATCH: in UDP, and its SA is for native ESP, or the
 *	reverse: dropped
 * @CMAP_INPUT_INVALID_SPI: nobody knows its SPI: dropped
 * @CMAP_INPUT_XFRM: goes on to XFRM
 */
enum cmap_input_fate {
	CMAP_INPUT_DECRYPT,
	CMAP_INPUT_LARVAL,
	CMAP_INPUT_ENCAP_MISMATCH,
	CMAP_INPUT_INVALID_SPI,
	CMAP_INPUT_XFRM,
};

/**
 * cmap_input_foresee() - what would become of ESP
 * @cn: namespace
 * @skb: packet with a network header, to an address of this host
 * @spi: host byte order
 * @encap: it is in UDP
 * @sa: set to its SA, NULL if there is none
 *
 * Context: RCU read side.
 */
enum cmap_input_fate cmap_input_foresee(struct cmap_net *cn,
					const struct sk_buff *skb, u32 spi,
					bool encap, struct cmap_sa **sa);

/**
 * cmap_input_pending() - resume a packet that waited for the keys of its SA
 * @sa: SA, not larval any more
 * @skb: packet of cmap_sa_hold_pending(); consumed
 *
 * Context: RCU read side, BH disabled.
 */
void cmap_input_pending(struct cmap_sa *sa, struct sk_buff *skb);

/**
 * cmap_input_udp() - take ESP in UDP that was taken at LOCAL_IN
 * @cn: namespace
 * @skb: packet, skb->data at its ESP header, IP and UDP headers before it;
 *	consumed
 *
 * Context: RCU read side, BH disabled.
 */
void cmap_input_udp(struct cmap_net *cn, struct sk_buff *skb);

/**
 * cmap_input_learn4() - learn the MTU of a path from an ICMP error
 * @skb: ICMP error, skb->data at the IP header that it quotes, of a packet that
 *	we sent
 * @mtu: what it tells, 0 for nothing
 * @proto: protocol of the quoted packet
 *
 * Context: RCU read side.
 */
void cmap_input_learn4(struct sk_buff *skb, u32 mtu, u8 proto);

/**
 * cmap_input_learn6() - likewise with IPv6
 * @skb: ICMPv6 error
 * @mtu: what it tells, network byte order
 */
void cmap_input_learn6(struct sk_buff *skb, __be32 mtu);

#endif /* _CMAP_INPUT_H */
