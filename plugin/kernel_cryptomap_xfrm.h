/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_XFRM_H_
#define KERNEL_CRYPTOMAP_XFRM_H_

#include <library.h>

/*
 * What IKE's sockets need of the kernel, as charon's XFRM backend does it for them.
 */

/**
 * Have the kernel load XFRM's netlink interface: without it there can be no
 * policies, and none of a socket either, but others may load it later.
 */
void kernel_cryptomap_xfrm_load();

/**
 * Except a socket from XFRM's policies.
 *
 * @param fd			the socket
 * @param family		AF_INET or AF_INET6
 * @return				FALSE if that failed
 */
bool kernel_cryptomap_xfrm_bypass(int fd, int family);

/**
 * Have the kernel take ESP from a UDP socket.
 *
 * @param fd			the socket
 * @param port			its port, for the log
 * @return				FALSE if that failed
 */
bool kernel_cryptomap_xfrm_udp(int fd, uint16_t port);

#endif /** KERNEL_CRYPTOMAP_XFRM_H_ */
