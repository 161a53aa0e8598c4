/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_EVENTS_H_
#define KERNEL_CRYPTOMAP_EVENTS_H_

#include "kernel_cryptomap_acquire.h"
#include "kernel_cryptomap_failover.h"
#include "kernel_cryptomap_orphans.h"
#include "kernel_cryptomap_recovery.h"
#include "kernel_cryptomap_resync.h"
#include "kernel_cryptomap_routes.h"
#include "kernel_cryptomap_sas.h"
#include "kernel_cryptomap_socket.h"
#include "kernel_cryptomap_turns.h"

typedef struct kernel_cryptomap_events_t kernel_cryptomap_events_t;

/**
 * Receives what the kernel module tells, and follows its coming
 * and going.
 */
struct kernel_cryptomap_events_t {

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_events_t *this);
};

/**
 * Start to receive; connects the client as soon as there is a module.
 *
 * @param socket		client of the kernel module
 * @param sas			SAs that charon knows
 * @param acquire		negotiator
 * @param names			knows the addresses of peers by name
 * @param failover		which peers entries are at
 * @param orphans		keeper of SAs that charon does not know
 * @param resync		compares charon with the kernel
 * @param turns			has jobs about SAs of a peer run one at a time
 * @param recovery		teller of SPIs that nobody knows
 * @param routes		keeper of reverse routes
 * @return				the instance, NULL if there is no netlink
 */
kernel_cryptomap_events_t *kernel_cryptomap_events_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_sas_t *sas,
										kernel_cryptomap_acquire_t *acquire,
										kernel_cryptomap_names_t *names,
										kernel_cryptomap_failover_t *failover,
										kernel_cryptomap_orphans_t *orphans,
										kernel_cryptomap_resync_t *resync,
										kernel_cryptomap_turns_t *turns,
										kernel_cryptomap_recovery_t *recovery,
										kernel_cryptomap_routes_t *routes);

#endif /** KERNEL_CRYPTOMAP_EVENTS_H_ */
