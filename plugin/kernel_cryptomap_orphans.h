/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_ORPHANS_H_
#define KERNEL_CRYPTOMAP_ORPHANS_H_

#include "kernel_cryptomap_acquire.h"
#include "kernel_cryptomap_sas.h"
#include "kernel_cryptomap_socket.h"
#include "kernel_cryptomap_turns.h"

#include <bus/listeners/listener.h>
#include <linux/crypto_map.h>

typedef struct kernel_cryptomap_orphans_t kernel_cryptomap_orphans_t;
typedef struct kernel_cryptomap_expire_t kernel_cryptomap_expire_t;

/**
 * What the kernel tells about an SA that expired or was removed.
 */
struct kernel_cryptomap_expire_t {
	/** its flow */
	uint32_t flow;
	/** SPI, network order */
	uint32_t spi;
	/** inbound, else outbound */
	bool inbound;
	/** what happened */
	enum crypto_map_expire_kind kind;
	/** tunnel end points */
	host_t *local, *remote;
};

/**
 * Does for orphans, SAs that work in the kernel though charon does not know
 * them any more, or never did, what charon does for the others.
 */
struct kernel_cryptomap_orphans_t {

	/**
	 * Sees DELETEs that the peer sends for them, and for SAs that charon
	 * knows but does not look for in the IKE_SA the DELETE came over.
	 */
	listener_t listener;

	/**
	 * An orphan expired or was removed: negotiate a successor, or tell the
	 * peer.
	 *
	 * @param expire	what happened; only used during this call
	 */
	void (*expire)(kernel_cryptomap_orphans_t *this,
				   kernel_cryptomap_expire_t *expire);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_orphans_t *this);
};

/**
 * Create the keeper.
 *
 * @param socket		client of the kernel module
 * @param sas			SAs that charon knows
 * @param left			SAs that it left to the kernel
 * @param acquire		negotiator
 * @param turns			has jobs about SAs of a peer run one at a time
 */
kernel_cryptomap_orphans_t *kernel_cryptomap_orphans_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_sas_t *sas,
										kernel_cryptomap_sas_t *left,
										kernel_cryptomap_acquire_t *acquire,
										kernel_cryptomap_turns_t *turns);

#endif /** KERNEL_CRYPTOMAP_ORPHANS_H_ */
