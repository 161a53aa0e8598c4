/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_STRANGERS_H_
#define KERNEL_CRYPTOMAP_STRANGERS_H_

#include <library.h>
#include <networking/host.h>

typedef struct kernel_cryptomap_strangers_t kernel_cryptomap_strangers_t;

/**
 * Remembers for a second who is no peer, so that a stranger that goes on
 * sending does not have the kernel search all crypto maps each time.
 * Thread-safe.
 */
struct kernel_cryptomap_strangers_t {

	/**
	 * Whether an address was no peer just now.
	 *
	 * @param local		our address
	 * @param remote	the other address
	 */
	bool (*has)(kernel_cryptomap_strangers_t *this, host_t *local,
				host_t *remote);

	/**
	 * An address is no peer.
	 *
	 * @param local		our address
	 * @param remote	the other address
	 */
	void (*add)(kernel_cryptomap_strangers_t *this, host_t *local,
				host_t *remote);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_strangers_t *this);
};

/**
 * Create an empty table.
 */
kernel_cryptomap_strangers_t *kernel_cryptomap_strangers_create();

#endif /** KERNEL_CRYPTOMAP_STRANGERS_H_ */
