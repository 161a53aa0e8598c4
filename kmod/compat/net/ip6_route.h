/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_COMPAT_NET_IP6_ROUTE_H
#define _CMAP_COMPAT_NET_IP6_ROUTE_H

#include_next <net/ip6_route.h>
#include <linux/version.h>

/* Exported since the table of stubs is gone (7.2). */
#if KERNEL_VERSION(7, 2, 0) > LINUX_VERSION_CODE
#include <net/ipv6_stubs.h>

static inline int cmap_ip6_fragment(struct net *net, struct sock *sk,
				    struct sk_buff *skb,
				    int (*output)(struct net *net,
						  struct sock *sk,
						  struct sk_buff *skb))
{
	return ipv6_stub->ipv6_fragment(net, sk, skb, output);
}
#else
#define cmap_ip6_fragment ip6_fragment
#endif

#endif /* _CMAP_COMPAT_NET_IP6_ROUTE_H */
