/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_IPSEC_H_
#define KERNEL_CRYPTOMAP_IPSEC_H_

#include "kernel_cryptomap_contacts.h"
#include "kernel_cryptomap_lifetimes.h"
#include "kernel_cryptomap_sas.h"
#include "kernel_cryptomap_socket.h"

#include <bus/listeners/listener.h>
#include <kernel/kernel_ipsec.h>

typedef struct kernel_cryptomap_ipsec_t kernel_cryptomap_ipsec_t;

/**
 * Installs IPsec SAs in the kernel module.
 *
 * SAs that do not come of this plugin's child_cfg_t objects, and policies,
 * are refused. An SA that charon drops without a DELETE having been sent or
 * received stays in the kernel as an orphan.
 */
struct kernel_cryptomap_ipsec_t {

	/**
	 * charon's interface to the kernel.
	 */
	kernel_ipsec_t interface;

	/**
	 * Learns which CHILD_SA an SA is for and why it goes.
	 */
	listener_t *listener;
};

/**
 * Create the backend; works without the module, SAs fail then.
 *
 * @param socket		client of the kernel module
 * @param sas			table to keep of the SAs that charon knows
 * @param left			table to keep of the SAs that it left to the kernel
 * @param contacts		peers that have none of the SAs of before
 * @param lifetimes	what peers say of lifetimes
 */
kernel_cryptomap_ipsec_t *kernel_cryptomap_ipsec_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_sas_t *sas,
										kernel_cryptomap_sas_t *left,
										kernel_cryptomap_contacts_t *contacts,
										kernel_cryptomap_lifetimes_t *lifetimes);

#endif /** KERNEL_CRYPTOMAP_IPSEC_H_ */
