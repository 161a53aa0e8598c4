/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_FAILOVER_H_
#define KERNEL_CRYPTOMAP_FAILOVER_H_

#include "kernel_cryptomap_flow.h"
#include "kernel_cryptomap_names.h"

typedef struct kernel_cryptomap_failover_t kernel_cryptomap_failover_t;

/**
 * Remembers which of its peers a crypto map entry is at.
 *
 * An entry starts with its first peer and goes on to the next one, after the last
 * one to the first, when phase 1 fails or the peer is found dead. It stays there,
 * as on IOS, unless it has a default peer. Thread-safe.
 */
struct kernel_cryptomap_failover_t {

	/**
	 * Get the peer that the entry of a flow is at.
	 *
	 * @param flow		a flow of the entry that nobody else has a reference to: the
	 *					addresses of peers by name take their places
	 * @return			a peer of the flow, NULL if it has none
	 */
	kernel_cryptomap_peer_t *(*get)(kernel_cryptomap_failover_t *this,
									kernel_cryptomap_flow_t *flow);

	/**
	 * A peer failed: if the entry of a flow is at it, it goes on to the next.
	 *
	 * @param flow		as with get()
	 * @param peer		the peer
	 */
	void (*failed)(kernel_cryptomap_failover_t *this,
				   kernel_cryptomap_flow_t *flow,
				   kernel_cryptomap_peer_t *peer);

	/**
	 * The entry of a flow goes back to its first peer.
	 *
	 * @param flow		a flow of the entry
	 */
	void (*reset)(kernel_cryptomap_failover_t *this,
				  kernel_cryptomap_flow_t *flow);

	/**
	 * The configuration changed, or is gone: entries that are not there any more,
	 * or have lost the peer that they are at, start with their first peer should
	 * they come again. Asks the kernel, in a job.
	 */
	void (*resync)(kernel_cryptomap_failover_t *this);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_failover_t *this);
};

/**
 * Create an empty table: all entries are at their first peer.
 *
 * @param socket		client of the kernel module
 * @param names			knows the addresses of peers by name
 */
kernel_cryptomap_failover_t *kernel_cryptomap_failover_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_names_t *names);

#endif /** KERNEL_CRYPTOMAP_FAILOVER_H_ */
