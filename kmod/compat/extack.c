// SPDX-License-Identifier: GPL-2.0-only
/* Storage of formatted error texts for kernels before 6.3. */

#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/netlink.h>
#include <linux/stdarg.h>

/* defined by our <linux/netlink.h> for kernels that need this file */
#ifdef _CMAP_COMPAT_EXTACK

#define CMAP_COMPAT_EXTACK_RING	256

static char cmap_compat_extack_ring[CMAP_COMPAT_EXTACK_RING]
				   [NETLINK_MAX_FMTMSG_LEN];
static atomic_t cmap_compat_extack_next;

const char *cmap_compat_extack_fmt(const char *fmt, ...)
{
	unsigned int slot;
	va_list args;
	char *text;

	slot = atomic_inc_return(&cmap_compat_extack_next);
	text = cmap_compat_extack_ring[slot % CMAP_COMPAT_EXTACK_RING];
	va_start(args, fmt);
	vsnprintf(text, NETLINK_MAX_FMTMSG_LEN, fmt, args);
	va_end(args);
	return text;
}

#endif /* _CMAP_COMPAT_EXTACK */
