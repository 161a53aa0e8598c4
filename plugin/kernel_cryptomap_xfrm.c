/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_xfrm.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/udp.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/** Not in glibc's headers */
#ifndef SOL_UDP
# define SOL_UDP 17
#endif
#ifndef IP_XFRM_POLICY
# define IP_XFRM_POLICY 17
#endif
#ifndef IPV6_XFRM_POLICY
# define IPV6_XFRM_POLICY 35
#endif

/*
 * See header.
 */
void kernel_cryptomap_xfrm_load()
{
	int fd;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_XFRM);
	if (fd < 0)
	{
		DBG1(DBG_KNL, "opening a socket to XFRM failed: %s", strerror(errno));
		return;
	}
	close(fd);
}

/*
 * See header.
 */
bool kernel_cryptomap_xfrm_bypass(int fd, int family)
{
	struct xfrm_userpolicy_info policy = {
		.action = XFRM_POLICY_ALLOW,
		.sel.family = family,
	};
	int level, option;

	switch (family)
	{
		case AF_INET:
			level = SOL_IP;
			option = IP_XFRM_POLICY;
			break;
		case AF_INET6:
			level = SOL_IPV6;
			option = IPV6_XFRM_POLICY;
			break;
		default:
			return FALSE;
	}
	policy.dir = XFRM_POLICY_OUT;
	if (setsockopt(fd, level, option, &policy, sizeof(policy)) < 0)
	{
		DBG1(DBG_KNL, "setting XFRM's policy of the IKE socket failed: %s",
			 strerror(errno));
		return FALSE;
	}
	policy.dir = XFRM_POLICY_IN;
	if (setsockopt(fd, level, option, &policy, sizeof(policy)) < 0)
	{
		DBG1(DBG_KNL, "setting XFRM's policy of the IKE socket failed: %s",
			 strerror(errno));
		return FALSE;
	}
	return TRUE;
}

/*
 * See header.
 */
bool kernel_cryptomap_xfrm_udp(int fd, uint16_t port)
{
	int type = UDP_ENCAP_ESPINUDP;

	if (setsockopt(fd, SOL_UDP, UDP_ENCAP, &type, sizeof(type)) < 0)
	{
		DBG1(DBG_KNL, "receiving ESP on UDP port %u failed: %s", port,
			 strerror(errno));
		return FALSE;
	}
	return TRUE;
}
