/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_ROUTES_H_
#define KERNEL_CRYPTOMAP_ROUTES_H_

#include "kernel_cryptomap_socket.h"

typedef struct kernel_cryptomap_routes_t kernel_cryptomap_routes_t;

/**
 * Keeps the reverse routes of the namespace: those to the remote networks of
 * flows whose crypto map entry has reverse-route.
 *
 * They are made of what the module says about flows, and are marked in the
 * routing table with a protocol number of their own; what is there with it and
 * is not wanted goes. So nothing has to survive a restart but the routes
 * themselves, which stay when the daemon ends, as its SAs do.
 *
 * Everything here only notes what is to be looked at; one job at a time looks.
 */
struct kernel_cryptomap_routes_t {

	/**
	 * An SA of a flow came or went.
	 *
	 * @param flow		id of the flow
	 */
	void (*update)(kernel_cryptomap_routes_t *this, uint32_t flow);

	/**
	 * Anything may be different: look at all flows and routes.
	 */
	void (*resync)(kernel_cryptomap_routes_t *this);

	/**
	 * There is no module, so no flow.
	 */
	void (*reset)(kernel_cryptomap_routes_t *this);

	/**
	 * Destroy; routes stay.
	 */
	void (*destroy)(kernel_cryptomap_routes_t *this);
};

/**
 * Start to follow devices and routes; there are no reverse routes before a
 * resync().
 *
 * @param socket		client of the kernel module
 * @return				the instance, NULL if there is no rtnetlink
 */
kernel_cryptomap_routes_t *kernel_cryptomap_routes_create(
										kernel_cryptomap_socket_t *socket);

#endif /** KERNEL_CRYPTOMAP_ROUTES_H_ */
