/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_STATES_H_
#define KERNEL_CRYPTOMAP_STATES_H_

#include <bus/listeners/listener.h>

#include <jansson.h>

typedef struct kernel_cryptomap_states_t kernel_cryptomap_states_t;

/**
 * Table of ISAKMP SAs in the terms of IOS, the deleted ones of the last
 * minute included.
 */
struct kernel_cryptomap_states_t {

	/**
	 * Follows IKE_SAs.
	 */
	listener_t listener;

	/**
	 * The table.
	 *
	 * @return			array as "isakmp-list" answers it, NULL without memory
	 */
	json_t *(*list)(kernel_cryptomap_states_t *this);

	/**
	 * Delete ISAKMP SAs, not the IPsec SAs that were negotiated with them.
	 *
	 * @param conn_id	the one to delete, 0 for all
	 * @return			number of ISAKMP SAs that are being deleted
	 */
	u_int (*clear)(kernel_cryptomap_states_t *this, uint32_t conn_id);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_states_t *this);
};

/**
 * Create the table.
 */
kernel_cryptomap_states_t *kernel_cryptomap_states_create();

#endif /** KERNEL_CRYPTOMAP_STATES_H_ */
