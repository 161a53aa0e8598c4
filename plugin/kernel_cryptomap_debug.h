/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_DEBUG_H_
#define KERNEL_CRYPTOMAP_DEBUG_H_

#include <bus/listeners/listener.h>
#include <networking/host.h>

typedef struct kernel_cryptomap_debug_t kernel_cryptomap_debug_t;

/**
 * What negotiations are about that are followed.
 */
typedef enum {
	/** phase 1 */
	KERNEL_CRYPTOMAP_DEBUG_ISAKMP,
	/** phase 2 */
	KERNEL_CRYPTOMAP_DEBUG_IPSEC,
} kernel_cryptomap_debug_kind_t;

/**
 * Follows negotiations for the tool (debug crypto).
 *
 * Lines of charon's log at its lowest level, which has no keys, go to sockets as JSON
 * objects with "line" and "peer", a line each. Nothing waits for a socket: what it
 * has no room for is missed, and how many lines were is told in "missed" of the next.
 */
struct kernel_cryptomap_debug_t {

	/**
	 * Listener to register with the bus: compares offers with policies.
	 */
	listener_t listener;

	/**
	 * Send lines to a socket from now on.
	 *
	 * @param fd		socket
	 * @param kind		what about
	 * @param peer		only of this peer, cloned; NULL for all
	 */
	void (*add)(kernel_cryptomap_debug_t *this, int fd,
				kernel_cryptomap_debug_kind_t kind, host_t *peer);

	/**
	 * No more. Nothing uses the socket when this returns.
	 *
	 * @param fd		socket
	 */
	void (*remove)(kernel_cryptomap_debug_t *this, int fd);

	/**
	 * Destroy it, after all sockets were removed.
	 */
	void (*destroy)(kernel_cryptomap_debug_t *this);
};

/**
 * Create an instance.
 */
kernel_cryptomap_debug_t *kernel_cryptomap_debug_create();

#endif /** KERNEL_CRYPTOMAP_DEBUG_H_ */
