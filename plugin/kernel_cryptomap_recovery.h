/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_RECOVERY_H_
#define KERNEL_CRYPTOMAP_RECOVERY_H_

#include "kernel_cryptomap_acquire.h"

typedef struct kernel_cryptomap_recovery_t kernel_cryptomap_recovery_t;

/**
 * Recovers from SPIs that nobody knows: tells the peer that uses one to delete it.
 *
 * If there is an IKE_SA the peer is told with that, as on IOS: with the one at its port,
 * or else any with its address. Without, and with
 * "crypto isakmp invalid-spi-recovery", one is set up for it, which also says
 * INITIAL-CONTACT if there are no SAs with the peer.
 *
 * Anybody can send ESP in the name of others. Who is the peer of no static entry
 * causes nothing; a peer is told once a second, and once in half a minute an
 * IKE_SA is set up for it. The kernel tells of few packets only.
 */
struct kernel_cryptomap_recovery_t {

	/**
	 * ESP came for an SPI that nobody knows. Called by one thread.
	 *
	 * @param local		our address
	 * @param remote	the sender's address, and its port under NAT traversal, which
	 *					may be forged
	 * @param spi		SPI, network order
	 */
	void (*invalid_spi)(kernel_cryptomap_recovery_t *this, host_t *local,
						host_t *remote, uint32_t spi);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_recovery_t *this);
};

/**
 * Create it.
 *
 * @param names			knows the addresses of peers by name
 * @param config		phase 1 configuration
 * @param acquire		negotiator
 */
kernel_cryptomap_recovery_t *kernel_cryptomap_recovery_create(
										kernel_cryptomap_names_t *names,
										kernel_cryptomap_config_t *config,
										kernel_cryptomap_acquire_t *acquire);

#endif /** KERNEL_CRYPTOMAP_RECOVERY_H_ */
