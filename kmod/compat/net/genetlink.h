/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_COMPAT_NET_GENETLINK_H
#define _CMAP_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>
#include <linux/version.h>

/**
 * cmap_genl_dump_attrs() - attributes of a dump request
 * @cb: dump
 *
 * They moved into a struct genl_info in 6.6.
 *
 * Return: attributes by type.
 */
static inline struct nlattr **cmap_genl_dump_attrs(struct netlink_callback *cb)
{
#if KERNEL_VERSION(6, 6, 0) > LINUX_VERSION_CODE
	return genl_dumpit_info(cb)->attrs;
#else
	return genl_dumpit_info(cb)->info.attrs;
#endif
}

#endif /* _CMAP_COMPAT_NET_GENETLINK_H */
