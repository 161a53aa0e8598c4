/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_CREDS_H_
#define KERNEL_CRYPTOMAP_CREDS_H_

#include "kernel_cryptomap_config.h"
#include "kernel_cryptomap_peers.h"

#include <credentials/credential_set.h>

typedef struct kernel_cryptomap_creds_t kernel_cryptomap_creds_t;

/**
 * Pre-shared keys of the phase 1 configuration.
 */
struct kernel_cryptomap_creds_t {

	/**
	 * Answers with one key at most, that of the longest mask; of the keyrings of the
	 * peer's ISAKMP profile if it is to be of one.
	 */
	credential_set_t set;

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_creds_t *this);
};

/**
 * Create the set.
 *
 * @param config		phase 1 configuration
 * @param peers			knows the ISAKMP profiles of peers
 */
kernel_cryptomap_creds_t *kernel_cryptomap_creds_create(
										kernel_cryptomap_config_t *config,
										kernel_cryptomap_peers_t *peers);

#endif /** KERNEL_CRYPTOMAP_CREDS_H_ */
