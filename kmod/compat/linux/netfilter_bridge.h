/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_COMPAT_LINUX_NETFILTER_BRIDGE_H
#define _CMAP_COMPAT_LINUX_NETFILTER_BRIDGE_H

#include_next <linux/netfilter_bridge.h>

/* Kernels without br_netfilter never show IP a frame that a bridge switches. */
#if !IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
static inline bool nf_bridge_info_exists(const struct sk_buff *skb)
{
	return false;
}

static inline struct net_device *
nf_bridge_get_physoutdev(const struct sk_buff *skb)
{
	return NULL;
}
#endif

#endif /* _CMAP_COMPAT_LINUX_NETFILTER_BRIDGE_H */
