/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_COMPAT_NET_GSO_H
#define _CMAP_COMPAT_NET_GSO_H

#include <linux/version.h>

/* Split off from these two in 6.5. */
#if KERNEL_VERSION(6, 5, 0) > LINUX_VERSION_CODE
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#else
#include_next <net/gso.h>
#endif

#endif /* _CMAP_COMPAT_NET_GSO_H */
