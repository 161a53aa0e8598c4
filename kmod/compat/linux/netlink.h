/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_COMPAT_LINUX_NETLINK_H
#define _CMAP_COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>

/* Formatted error texts came with Linux 6.3. */
#ifndef NL_SET_ERR_MSG_FMT

#define _CMAP_COMPAT_EXTACK
#define NETLINK_MAX_FMTMSG_LEN	80

/**
 * cmap_compat_extack_fmt() - format an error text for a netlink_ext_ack
 * @fmt: printf format
 *
 * An older struct netlink_ext_ack has no room for a text, so it is kept in a
 * ring that many later refusals have to go round before it is overwritten; the
 * acknowledgment copies it as soon as the handler returns.
 *
 * Return: the text, cut to NETLINK_MAX_FMTMSG_LEN - 1 bytes.
 */
__printf(1, 2) const char *cmap_compat_extack_fmt(const char *fmt, ...);

#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {			\
	struct netlink_ext_ack *__extack = (extack);			\
									\
	if (__extack)							\
		__extack->_msg = cmap_compat_extack_fmt(fmt, ##args);	\
} while (0)

#define NL_SET_ERR_MSG_ATTR_FMT(extack, attr, fmt, args...) do {	\
	struct netlink_ext_ack *__extack2 = (extack);			\
									\
	NL_SET_ERR_MSG_FMT(__extack2, fmt, ##args);			\
	NL_SET_BAD_ATTR(__extack2, attr);				\
} while (0)

#endif /* NL_SET_ERR_MSG_FMT */

#endif /* _CMAP_COMPAT_LINUX_NETLINK_H */
