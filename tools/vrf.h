/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VRFs that devices are in.
 */
#ifndef CRYPTOMAP_VRF_H
#define CRYPTOMAP_VRF_H

#include <libmnl/libmnl.h>
#include <stdint.h>

#include "ctl.h"
#include "kernel.h"

/**
 * vrf_find() - fill in the VRF of each flow
 *
 * It is that of the device that the crypto map is on: packets in clear and in ESP go by it, whatever a
 * keyring or isakmp profile says of VRFs. Where the kernel does not tell there is none.
 */
void vrf_find(struct flows *flows);

/**
 * vrf_find_isakmp() - fill in the inside VRF of each ISAKMP SA
 * @flows: with their VRFs
 *
 * It is that of the flows between the same two addresses. Without such a flow there is none.
 */
void vrf_find_isakmp(struct isakmp_sas *sas, const struct flows *flows);

/** vrf_of_link() - Return: the index of the VRF that a device is in, by what RTM_GETLINK told; 0 for none */
uint32_t vrf_of_link(const struct nlmsghdr *nlh);

#endif
