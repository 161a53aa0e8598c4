/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_ACQUIRE_H_
#define KERNEL_CRYPTOMAP_ACQUIRE_H_

#include "kernel_cryptomap_config.h"
#include "kernel_cryptomap_failover.h"
#include "kernel_cryptomap_peers.h"
#include "kernel_cryptomap_sas.h"
#include "kernel_cryptomap_socket.h"

#include <bus/listeners/listener.h>

typedef struct kernel_cryptomap_acquire_t kernel_cryptomap_acquire_t;

/**
 * Negotiates SAs for flows.
 *
 * A flow is negotiated once at a time. For each pair of addresses there is
 * one IKE_SA that new quick modes go to; a limited number of them is handed
 * to charon, further flows wait here. If phase 1 fails the other peers of the
 * crypto map entry are tried, once each. A negotiation that fails is told to the
 * kernel with its reason.
 */
struct kernel_cryptomap_acquire_t {

	/**
	 * Follows IKE_SAs and CHILD_SAs.
	 */
	listener_t *listener;

	/**
	 * Negotiate an SA for a flow, unless that is being done already or the
	 * flow has one that charon knows.
	 *
	 * @param id		id of the flow
	 */
	void (*acquire)(kernel_cryptomap_acquire_t *this, uint32_t id);

	/**
	 * The SAs of a flow went since they were idle: the next negotiation may be
	 * with the default peer.
	 *
	 * @param id		id of the flow
	 */
	void (*idle)(kernel_cryptomap_acquire_t *this, uint32_t id);

	/**
	 * Ask the kernel for all flows that wait for an SA and negotiate them.
	 */
	void (*resync)(kernel_cryptomap_acquire_t *this);

	/**
	 * The kernel's flows are gone, and with them what they asked for.
	 */
	void (*reset)(kernel_cryptomap_acquire_t *this);

	/**
	 * Tell a peer that an SA is gone which charon does not know.
	 *
	 * @param local		our address
	 * @param remote	the peer's address
	 * @param spi		SPI of the inbound SA, network order
	 * @param profile	ISAKMP profile, "" for none, to set up an IKE_SA with if need
	 *					be; NULL to tell it only if there is one, of any profile
	 * @return			FALSE if there is none to tell it with
	 */
	bool (*send_delete)(kernel_cryptomap_acquire_t *this, host_t *local,
						host_t *remote, uint32_t spi, char *profile);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_acquire_t *this);
};

/**
 * Create the negotiator.
 *
 * @param socket		client of the kernel module
 * @param sas			SAs that charon knows
 * @param config		phase 1 configuration
 * @param peers			maker of configurations
 * @param names			knows the addresses of peers by name
 * @param failover		which peers entries are at
 */
kernel_cryptomap_acquire_t *kernel_cryptomap_acquire_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_sas_t *sas,
										kernel_cryptomap_config_t *config,
										kernel_cryptomap_peers_t *peers,
										kernel_cryptomap_names_t *names,
										kernel_cryptomap_failover_t *failover);

#endif /** KERNEL_CRYPTOMAP_ACQUIRE_H_ */
