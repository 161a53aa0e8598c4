/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_STALE_H_
#define KERNEL_CRYPTOMAP_STALE_H_

#include "kernel_cryptomap_sas.h"
#include "kernel_cryptomap_socket.h"

typedef struct kernel_cryptomap_stale_t kernel_cryptomap_stale_t;

/**
 * Removes orphans that are stale: the peer has none of them.
 */
struct kernel_cryptomap_stale_t {

	/**
	 * A peer has none of the SAs of before: remove the orphans.
	 *
	 * @param local		our address
	 * @param remote	the peer's address and port: others may be behind its NAT
	 */
	void (*forget)(kernel_cryptomap_stale_t *this, host_t *local,
				   host_t *remote);

	/**
	 * A peer does not answer: remove the orphans, unless packets come by them, or
	 * charon has SAs with it.
	 *
	 * @param local		our address
	 * @param remote	the peer's address and port
	 * @param seconds	nothing came by orphans for so long
	 */
	void (*forget_silent)(kernel_cryptomap_stale_t *this, host_t *local,
						  host_t *remote, u_int seconds);

	/**
	 * Whether the orphans of an earlier daemon are known; until then peers wait
	 * for that.
	 *
	 * @param compared	charon was compared with the kernel
	 */
	void (*set_compared)(kernel_cryptomap_stale_t *this, bool compared);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_stale_t *this);
};

/**
 * Create the remover.
 *
 * @param socket		client of the kernel module
 * @param sas			SAs that charon knows
 * @param left			SAs that it left to the kernel
 */
kernel_cryptomap_stale_t *kernel_cryptomap_stale_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_sas_t *sas,
										kernel_cryptomap_sas_t *left);

#endif /** KERNEL_CRYPTOMAP_STALE_H_ */
