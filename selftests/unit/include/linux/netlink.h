/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the module's pure logic uses of this kernel header. */
#ifndef _UNIT_LINUX_NETLINK_H
#define _UNIT_LINUX_NETLINK_H

#include <stdio.h>

struct netlink_ext_ack {
	char text[80];
};

#define NL_SET_ERR_MSG_FMT(extack, ...) \
	snprintf((extack)->text, sizeof((extack)->text), __VA_ARGS__)
#define NL_SET_ERR_MSG(extack, text)	NL_SET_ERR_MSG_FMT(extack, "%s", text)

#endif
