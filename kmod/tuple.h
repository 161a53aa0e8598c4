/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_TUPLE_H
#define _CMAP_TUPLE_H

/*
 * What packets are matched on, and what they are matched with. Free of skb and
 * netlink: the same file is built into the module and into the unit tests.
 */

#include <linux/types.h>

struct cmap_flow;

/**
 * union cmap_addr - an IPv4 or IPv6 address, network byte order
 * @ip4: IPv4; the remaining bytes are zero
 * @ip6: IPv6 as four words
 */
union cmap_addr {
	__be32	ip4;
	__be32	ip6[4];
};

/**
 * enum cmap_tuple_flags - what a tuple knows of the transport header
 * @CMAP_TUPLE_PORTS: sport and dport are valid (TCP, UDP, SCTP, DCCP, UDP-Lite)
 * @CMAP_TUPLE_ICMP: icmp_type and icmp_code are valid
 * @CMAP_TUPLE_OPAQUE: the protocol has ports or types, but this packet does not
 *	show them (a fragment other than the first, or a truncated header)
 * @CMAP_TUPLE_FRAGMENT: a fragment, the first included
 * @CMAP_TUPLE_NO_PROTO: IPv6, the packet does not show its protocol (a fragment
 *	other than the first with more extension headers behind, or a chain of
 *	them that is cut off or endless), or many packets do not have the same; with
 *	CMAP_TUPLE_OPAQUE
 * @CMAP_TUPLE_LATER: a fragment other than the first
 * @CMAP_TUPLE_TCP: tcp_flags is valid
 * @CMAP_TUPLE_MANY: it is that of a struct cmap_packets
 */
enum cmap_tuple_flags {
	CMAP_TUPLE_PORTS	= 1 << 0,
	CMAP_TUPLE_ICMP		= 1 << 1,
	CMAP_TUPLE_OPAQUE	= 1 << 2,
	CMAP_TUPLE_NO_PROTO	= 1 << 3,
	CMAP_TUPLE_FRAGMENT	= 1 << 4,
	CMAP_TUPLE_LATER	= 1 << 5,
	CMAP_TUPLE_TCP		= 1 << 6,
	CMAP_TUPLE_MANY		= 1 << 7,
};

/**
 * struct cmap_tuple - the fields of one packet that access lists look at
 * @src: source address
 * @dst: destination address
 * @sport: source port, host byte order
 * @dport: destination port, host byte order
 * @family: AF_INET or AF_INET6
 * @proto: IP protocol, for IPv6 the one after the extension headers
 * @icmp_type: ICMP type
 * @icmp_code: ICMP code
 * @flags: enum cmap_tuple_flags
 * @tos: TOS or traffic class
 * @tcp_flags: byte 13 of the TCP header
 * @ttl: TTL or hop limit
 *
 * "Source" is always the protected side: a packet from outside is mirrored
 * with cmap_tuple_mirror() before it is matched.
 */
struct cmap_tuple {
	union cmap_addr	src;
	union cmap_addr	dst;
	u16		sport;
	u16		dport;
	u8		family;
	u8		proto;
	u8		icmp_type;
	u8		icmp_code;
	u8		flags;
	u8		tos;
	u8		tcp_flags;
	u8		ttl;
};

/* Longest list of an eq or neq operator; CRYPTO_MAP_PORT_LIST_MAX. */
#define CMAP_PORT_LIST_MAX	10

/**
 * struct cmap_ports - an operator on ports, or on TTLs, with its operands
 * @op: enum crypto_map_port_op
 * @n: operands in @port
 * @port: operands, host byte order; for a range low and high end
 */
struct cmap_ports {
	u8	op;
	u8	n;
	u16	port[CMAP_PORT_LIST_MAX];
};

#define CMAP_PROTO_ANY	256
#define CMAP_ICMP_ANY	(-1)

/**
 * struct cmap_match - the condition of an access list entry or a selector
 * @src: source address, bits outside @src_mask are zero
 * @src_mask: one bits are compared (the inverse of an IOS wildcard)
 * @dst: destination address, bits outside @dst_mask are zero
 * @dst_mask: one bits are compared
 * @proto: IP protocol or CMAP_PROTO_ANY
 * @icmp_type: ICMP type or CMAP_ICMP_ANY
 * @icmp_code: ICMP code or CMAP_ICMP_ANY
 * @family: AF_INET or AF_INET6
 * @tos: TOS or traffic class, bits outside @tos_mask are zero
 * @tos_mask: one bits are compared
 * @tcp_set: TCP flags of which one is to be set, or
 * @tcp_clear: one of these is not; both zero for any flags
 * @tcp_all: all of @tcp_set and none of @tcp_clear
 * @later: only fragments other than the first
 * @ttl: condition on the TTL or hop limit
 * @sport: condition on the source port
 * @dport: condition on the destination port
 *
 * TOS, TTL, flags and fragments are conditions on single packets, not on traffic:
 * no selector has them.
 *
 * Always fully initialised, padding included, so that two conditions are equal
 * exactly when their memory is.
 */
struct cmap_match {
	union cmap_addr		src;
	union cmap_addr		src_mask;
	union cmap_addr		dst;
	union cmap_addr		dst_mask;
	u16			proto;
	s16			icmp_type;
	s16			icmp_code;
	u16			family;
	u8			tos;
	u8			tos_mask;
	u8			tcp_set;
	u8			tcp_clear;
	u8			tcp_all;
	u8			later;
	struct cmap_ports	ttl;
	struct cmap_ports	sport;
	struct cmap_ports	dport;
};

/**
 * struct cmap_packets - all the packets of two hosts that a condition matches
 * @tuple: addresses, and protocol and ports if all have the same, for look-ups; with
 *	CMAP_TUPLE_MANY
 * @of: the condition
 * @flow: the flow that may have some of them, while others have some, too
 */
struct cmap_packets {
	struct cmap_tuple		tuple;
	const struct cmap_match		*of;
	const struct cmap_flow		*flow;
};

/**
 * enum cmap_match_result - outcome of comparing a packet with a condition
 * @CMAP_MATCH_NO: it does not match
 * @CMAP_MATCH_YES: it matches
 * @CMAP_MATCH_UNKNOWN: what the packet shows matches, but the condition looks at
 *	a protocol, ports or ICMP types that it does not show; or of many packets
 *	some match
 */
enum cmap_match_result {
	CMAP_MATCH_NO,
	CMAP_MATCH_YES,
	CMAP_MATCH_UNKNOWN,
};

/**
 * cmap_tuple_mirror() - turn a tuple round
 * @to: result; must not be @from
 * @from: tuple as on the wire
 */
void cmap_tuple_mirror(struct cmap_tuple *to, const struct cmap_tuple *from);

/**
 * cmap_match_tuple() - compare a packet with a condition
 * @m: condition
 * @t: packet, source on the protected side, or many of them
 *
 * Return: enum cmap_match_result.
 */
enum cmap_match_result cmap_match_tuple(const struct cmap_match *m,
					const struct cmap_tuple *t);

/**
 * cmap_match_contains() - whether one condition is within another
 * @outer: the wider condition
 * @inner: the narrower condition
 *
 * Return: true only if every packet that @inner matches is matched by @outer.
 * Different port operators are not compared by what they mean: false.
 */
bool cmap_match_contains(const struct cmap_match *outer,
			 const struct cmap_match *inner);

/**
 * cmap_match_overlaps() - whether a packet may match both of two conditions
 * @a: a condition
 * @b: a condition
 *
 * Return: false only if no packet does. Port operators other than single ports,
 * and ICMP types, are not compared.
 */
bool cmap_match_overlaps(const struct cmap_match *a, const struct cmap_match *b);

/**
 * cmap_match_is_hosts() - whether a condition is about two hosts only
 * @m: condition
 * @family: AF_INET or AF_INET6, of the addresses
 * @src: one host
 * @dst: the other
 *
 * Return: true if source and destination are exactly these.
 */
bool cmap_match_is_hosts(const struct cmap_match *m, u16 family,
			 const union cmap_addr *src, const union cmap_addr *dst);

/**
 * cmap_match_between() - what a condition says about two hosts
 * @m: result, the condition with these as addresses
 * @of: condition
 * @src: one host, unused bytes zero
 * @dst: the other
 *
 * Return: false if the condition is not about them.
 */
bool cmap_match_between(struct cmap_match *m, const struct cmap_match *of,
			const union cmap_addr *src, const union cmap_addr *dst);

/**
 * cmap_packets_of() - all the packets of two hosts that a condition matches
 * @p: result
 * @m: condition about two hosts only
 * @flow: flow that may have them
 */
void cmap_packets_of(struct cmap_packets *p, const struct cmap_match *m,
		     const struct cmap_flow *flow);

/**
 * cmap_match_needs_ports() - whether a condition looks behind the IP header
 * @m: condition
 *
 * Return: true if it compares ports, ICMP types or TCP flags, which fragments do
 * not show.
 */
bool cmap_match_needs_ports(const struct cmap_match *m);

/**
 * cmap_match_needs_whole() - whether fragments must be reassembled for a condition
 * @m: condition
 *
 * IPv6 fragments may hide even their protocol.
 *
 * Return: true if fragments may leave it undecided.
 */
bool cmap_match_needs_whole(const struct cmap_match *m);

#endif /* _CMAP_TUPLE_H */
