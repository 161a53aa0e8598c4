/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_OUTCOME_H_
#define KERNEL_CRYPTOMAP_OUTCOME_H_

#include "kernel_cryptomap_pairs.h"

#include <bus/listeners/listener.h>

typedef struct kernel_cryptomap_outcome_t kernel_cryptomap_outcome_t;

/**
 * Tells what becomes of IKE_SAs and of the quick modes in them, and why one fails, to
 * the table of what is under negotiation.
 */
struct kernel_cryptomap_outcome_t {

	/**
	 * Follows IKE_SAs and CHILD_SAs.
	 */
	listener_t listener;

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_outcome_t *this);
};

/**
 * Create.
 *
 * @param pairs			flows under negotiation and their IKE_SAs
 */
kernel_cryptomap_outcome_t *kernel_cryptomap_outcome_create(
										kernel_cryptomap_pairs_t *pairs);

#endif /** KERNEL_CRYPTOMAP_OUTCOME_H_ */
