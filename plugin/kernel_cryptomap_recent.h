/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_RECENT_H_
#define KERNEL_CRYPTOMAP_RECENT_H_

#include <library.h>
#include <networking/host.h>

typedef struct kernel_cryptomap_recent_t kernel_cryptomap_recent_t;

/**
 * Remembers pairs of addresses for some seconds, so that what anybody can cause by
 * sending is not done each time. Of pairs that fall into one place it knows
 * the last. Thread-safe.
 */
struct kernel_cryptomap_recent_t {

	/**
	 * Whether a pair of addresses was added just now.
	 *
	 * @param local		our address
	 * @param remote	the other address
	 */
	bool (*has)(kernel_cryptomap_recent_t *this, host_t *local,
				host_t *remote);

	/**
	 * Add a pair of addresses.
	 *
	 * @param local		our address
	 * @param remote	the other address
	 */
	void (*add)(kernel_cryptomap_recent_t *this, host_t *local,
				host_t *remote);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_recent_t *this);
};

/**
 * Create an empty table.
 *
 * @param seconds		how long pairs are remembered
 */
kernel_cryptomap_recent_t *kernel_cryptomap_recent_create(u_int seconds);

#endif /** KERNEL_CRYPTOMAP_RECENT_H_ */
