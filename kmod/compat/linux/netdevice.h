/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_COMPAT_LINUX_NETDEVICE_H
#define _CMAP_COMPAT_LINUX_NETDEVICE_H

#include_next <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/version.h>

/* Dummy devices, which only carry NAPI contexts, are allocated since 6.10. */
#if KERNEL_VERSION(6, 10, 0) > LINUX_VERSION_CODE
static inline struct net_device *cmap_dummy_netdev_alloc(void)
{
	struct net_device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (dev)
		init_dummy_netdev(dev);
	return dev;
}

static inline void cmap_dummy_netdev_free(struct net_device *dev)
{
	kfree(dev);
}
#else
static inline struct net_device *cmap_dummy_netdev_alloc(void)
{
	return alloc_netdev_dummy(0);
}

static inline void cmap_dummy_netdev_free(struct net_device *dev)
{
	free_netdev(dev);
}
#endif

#endif /* _CMAP_COMPAT_LINUX_NETDEVICE_H */
