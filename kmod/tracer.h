/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_TRACER_H
#define _CMAP_TRACER_H

/*
 * What would become of a packet, in the manner of packet-tracer. A packet that nobody
 * sent goes the way of one that arrives, and is decided by the same functions:
 * PRE_ROUTING (policy.h), the route, then either the SA of ESP (input.h) or the
 * crypto map of the device that it leaves by (policy.h), the filter, the SA and the
 * path to the peer (flow.h, output.h).
 */

#include <linux/types.h>
#include <linux/if.h>

#include <uapi/linux/crypto_map.h>

#include "output.h"
#include "tuple.h"

struct cmap_ace;
struct cmap_acl;
struct cmap_attach;
struct cmap_flow;
struct cmap_net;
struct cmap_rule;
struct cmap_sa;
struct net_device;
struct sk_buff;

/**
 * struct cmap_traced - what was found
 * @result: enum crypto_map_trace_result
 * @reason: enum crypto_map_drop_reason, with CRYPTO_MAP_TRACE_RESULT_DROP
 * @in: attachment of the device that it arrives on, or NULL
 * @exempt: not held against @in
 * @out_ifname: device that it is routed to, empty if it is not
 * @gateway: next hop, if @gateway_family is not AF_UNSPEC
 * @gateway_family: AF_INET or AF_INET6
 * @out: attachment of that device, or NULL
 * @held: @in or @out, the one that @tuple was looked up in last, or NULL
 * @tuple: the packet as it was looked up there, source on the protected side
 * @rule: the permit that decides, or the first that might; or NULL
 * @filter: access list that filters it, or NULL
 * @filter_ace: entry of @filter that decides, or NULL
 * @filtered: @filter was asked and denies
 * @flow: flow that it belongs to, or NULL
 * @sa: SA that it is encrypted or decrypted by, or NULL
 * @fit: how it fits the path, if @fit.limit is not 0
 *
 * What it points to stays as long as cn->lock is held.
 */
struct cmap_traced {
	enum crypto_map_trace_result	result;
	enum crypto_map_drop_reason	reason;
	const struct cmap_attach	*in;
	bool				exempt;
	char				out_ifname[IFNAMSIZ];
	union cmap_addr			gateway;
	u16				gateway_family;
	const struct cmap_attach	*out;
	const struct cmap_attach	*held;
	struct cmap_tuple		tuple;
	const struct cmap_rule		*rule;
	struct cmap_acl			*filter;
	struct cmap_ace			*filter_ace;
	bool				filtered;
	struct cmap_flow		*flow;
	struct cmap_sa			*sa;
	struct cmap_output_fit		fit;
};

/**
 * cmap_tracer_packet() - make a packet
 * @data: what is in it, from the IP header on
 * @len: bytes
 *
 * Return: a linear packet with its network header and protocol set, for kfree_skb();
 * NULL when there is no memory; or ERR_PTR(-EINVAL) if IP would not take it: a header
 * that is malformed, or another length than it tells.
 */
struct sk_buff *cmap_tracer_packet(const void *data, unsigned int len);

/**
 * cmap_tracer_run() - find out what would become of a packet
 * @cn: namespace
 * @dev: device that it arrives on; the loopback device for a packet of this host
 * @skb: packet of cmap_tracer_packet()
 * @t: set
 *
 * Context: cn->lock, RCU read side, BH disabled.
 */
void cmap_tracer_run(struct cmap_net *cn, struct net_device *dev,
		     struct sk_buff *skb, struct cmap_traced *t);

#endif /* _CMAP_TRACER_H */
