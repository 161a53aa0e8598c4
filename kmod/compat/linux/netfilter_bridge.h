/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_COMPAT_LINUX_NETFILTER_BRIDGE_H
#define _CMAP_COMPAT_LINUX_NETFILTER_BRIDGE_H

#include_next <linux/netfilter_bridge.h>
#include <linux/netdevice.h>

#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
/**
 * cmap_bridge_shows() - whether br_netfilter shows a frame at PRE_ROUTING, or did
 * @skb: packet
 * @dev: device that it comes by: the bridge, or one that stands for it now
 */
static inline bool cmap_bridge_shows(const struct sk_buff *skb,
				     const struct net_device *dev)
{
	const struct nf_bridge_info *info = nf_bridge_info_get(skb);

	return info && (info->in_prerouting || netif_is_bridge_master(dev));
}

/**
 * cmap_bridge_hides() - whether PRE_ROUTING was left out for what br_netfilter had shown
 * @skb: packet behind PRE_ROUTING
 */
static inline bool cmap_bridge_hides(const struct sk_buff *skb)
{
	const struct nf_bridge_info *info = nf_bridge_info_get(skb);

	return info && info->sabotage_in_done;
}
#else
/* Kernels without br_netfilter never show IP a frame that a bridge switches. */
static inline bool cmap_bridge_shows(const struct sk_buff *skb,
				     const struct net_device *dev)
{
	return false;
}

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
