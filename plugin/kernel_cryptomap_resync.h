/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_RESYNC_H_
#define KERNEL_CRYPTOMAP_RESYNC_H_

#include "kernel_cryptomap_sas.h"
#include "kernel_cryptomap_socket.h"
#include "kernel_cryptomap_stale.h"
#include "kernel_cryptomap_turns.h"

typedef struct kernel_cryptomap_resync_t kernel_cryptomap_resync_t;

/**
 * Compares what charon knows of SAs with what the kernel has.
 */
struct kernel_cryptomap_resync_t {

	/**
	 * Compare charon's SAs with those of the kernel: those that charon does not
	 * know become orphans, for those it knows a soft expiry that it missed is
	 * repeated, and those that the kernel has no longer are closed.
	 */
	void (*resync)(kernel_cryptomap_resync_t *this);

	/**
	 * The kernel has none of the SAs any more that there are now: close them.
	 */
	void (*reset)(kernel_cryptomap_resync_t *this);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_resync_t *this);
};

/**
 * Create what compares them.
 *
 * @param socket		client of the kernel module
 * @param sas			SAs that charon knows
 * @param left			SAs that it left to the kernel
 * @param stale			told when the orphans of an earlier daemon are known
 * @param turns			has jobs about SAs of a peer run one at a time
 */
kernel_cryptomap_resync_t *kernel_cryptomap_resync_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_sas_t *sas,
										kernel_cryptomap_sas_t *left,
										kernel_cryptomap_stale_t *stale,
										kernel_cryptomap_turns_t *turns);

#endif /** KERNEL_CRYPTOMAP_RESYNC_H_ */
