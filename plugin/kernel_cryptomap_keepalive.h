/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_KEEPALIVE_H_
#define KERNEL_CRYPTOMAP_KEEPALIVE_H_

#include "kernel_cryptomap_config.h"
#include "kernel_cryptomap_failover.h"
#include "kernel_cryptomap_stale.h"
#include "kernel_cryptomap_socket.h"

#include <bus/listeners/listener.h>

typedef struct kernel_cryptomap_keepalive_t kernel_cryptomap_keepalive_t;

/**
 * Dead peer detection (RFC 3706) as crypto isakmp keepalive says.
 *
 * charon's own knows neither a retry interval nor outbound traffic. A peer is probed
 * in each interval (periodic), or when it sent nothing for an interval though packets
 * went to it (on-demand). While it does not answer it is probed again after each
 * retry interval; after five of them it is dead: its SAs go, and the crypto map
 * entries that used it go on to their next peers. While an exchange is not answered there
 * are no probes: then the peer is judged when charon gives it up. What is configured while
 * an IKE_SA is up holds for that, too, after half a minute or the interval of before.
 */
struct kernel_cryptomap_keepalive_t {

	/**
	 * Sees IKE_SAs that are established, and messages.
	 */
	listener_t listener;

	/**
	 * The peer of an IKE_SA does not answer, which is to be destroyed. If nothing else came
	 * from it, either, it is dead; else its SAs go on without the IKE_SA. So it is
	 * with SAs that are without one already; of several IKE_SAs in a row that are given
	 * up soon the times add up.
	 *
	 * @param ike_sa	IKE_SA that is checked out
	 */
	void (*given_up)(kernel_cryptomap_keepalive_t *this, ike_sa_t *ike_sa);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_keepalive_t *this);
};

/**
 * Create the detector.
 *
 * @param socket		client of the kernel module
 * @param config		phase 1 configuration
 * @param failover		which peers entries are at
 * @param stale			remover of stale orphans
 */
kernel_cryptomap_keepalive_t *kernel_cryptomap_keepalive_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_config_t *config,
										kernel_cryptomap_failover_t *failover,
										kernel_cryptomap_stale_t *stale);

#endif /** KERNEL_CRYPTOMAP_KEEPALIVE_H_ */
