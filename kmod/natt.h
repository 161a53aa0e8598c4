/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NATT_H
#define _CMAP_NATT_H

/*
 * NAT traversal (RFC 3948), inbound.
 *
 * ESP in UDP for our SAs is taken at LOCAL_IN, so it needs no socket: SAs
 * work on when the IKE daemon, whose socket it is addressed to, has gone. All
 * else that comes to that port (IKE, ESP for SPIs that are reserved only, or
 * that are XFRM's) is left to the socket. NAT keepalives are eaten, as the
 * socket would do: without one the kernel would answer each with an ICMP error.
 * ICMP errors that tell the MTU of a path are read there, for the same reason.
 *
 * A peer behind a NAT may come from another port from one packet to the next,
 * when the NAT has forgotten it. RFC 3947 section 6 has it followed: by the
 * kernel itself, for ports. Its address is the configured one and stays.
 */

#include <linux/types.h>

struct cmap_net;
struct cmap_sa;
struct sk_buff;

/**
 * struct cmap_natt - inbound SAs with ESP in UDP of a namespace
 * @sas: how many; written under cn->lock, READ_ONCE
 * @sas6: those between IPv6 addresses, for which fragments are reassembled;
 *	under cn->lock
 * @port: local UDP port of all of them, network byte order, 0 if they differ;
 *	written under cn->lock, READ_ONCE
 */
struct cmap_natt {
	u32	sas;
	u32	sas6;
	__be16	port;
};

int cmap_natt_register(struct cmap_net *cn);
void cmap_natt_unregister(struct cmap_net *cn);

/**
 * cmap_natt_sa_add() - count an SA that is about to be entered into its table
 * @sa: SA, of any kind
 *
 * Context: cn->lock, may sleep.
 * Return: 0, or why fragments cannot be reassembled.
 */
int cmap_natt_sa_add(struct cmap_sa *sa);
void cmap_natt_sa_del(struct cmap_sa *sa);

/**
 * cmap_natt_foresee() - whether a datagram of UDP is ESP
 * @cn: namespace
 * @skb: packet to an address of this host, skb->data at its IP header; with
 *	IPv6 as IP leaves it: IP6CB() tells where the number of its protocol is
 * @spi: set to its SPI, in host byte order
 *
 * Whatever the IKE daemon's socket is sent and is not IKE counts as well: what
 * is not taken before is handed back by the socket, as native ESP is.
 *
 * Context: RCU read side.
 */
bool cmap_natt_foresee(struct cmap_net *cn, const struct sk_buff *skb,
		       u32 *spi);

/**
 * cmap_natt_set_ports() - change the UDP ports of an SA that has some
 * @sa: SA
 * @sport: local port, network byte order
 * @dport: remote port, network byte order
 *
 * Context: cn->lock.
 */
void cmap_natt_set_ports(struct cmap_sa *sa, __be16 sport, __be16 dport);

/**
 * cmap_natt_port() - UDP port that a packet came from
 * @skb: ESP that came in UDP, its headers as they came
 *
 * Return: port, network byte order.
 */
__be16 cmap_natt_port(const struct sk_buff *skb);

/**
 * cmap_natt_seen() - compare where a packet came from with where the peer was
 * @sa: inbound SA with ESP in UDP
 * @skb: authenticated packet with the highest sequence number of all so far,
 *	its headers as they came
 *
 * Only the newest packet tells where the peer is: an old one that was held
 * back on its way, by chance or by purpose, does not change that.
 *
 * Context: BH disabled.
 */
void cmap_natt_seen(struct cmap_sa *sa, const struct sk_buff *skb);

/**
 * cmap_natt_follow() - act on what cmap_natt_seen() has noted
 * @sa: inbound SA
 *
 * The SAs of its flow that were for the old port are for the new one, and the
 * daemon is told.
 *
 * Context: cn->lock.
 */
void cmap_natt_follow(struct cmap_sa *sa);

/**
 * cmap_natt_checksum() - make the transport checksum of a decrypted packet anew
 * @skb: packet of an SA in transport mode, skb->data at its IP header
 *
 * It covers addresses, which a NAT has changed outside (RFC 3948 3.1.2 b).
 *
 * Return: true if the packet has one, which is right now.
 */
bool cmap_natt_checksum(struct sk_buff *skb);

#endif /* _CMAP_NATT_H */
