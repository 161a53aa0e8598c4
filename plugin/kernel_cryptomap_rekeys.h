/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_REKEYS_H_
#define KERNEL_CRYPTOMAP_REKEYS_H_

#include <bus/listeners/listener.h>

typedef struct kernel_cryptomap_rekeys_t kernel_cryptomap_rekeys_t;

/**
 * Repeats rekeyings that fail.
 *
 * charon marks a CHILD_SA as being rekeyed and leaves it so when the quick mode
 * fails, as when the peer refuses it: the CHILD_SA is never rekeyed again and
 * expires.
 */
struct kernel_cryptomap_rekeys_t {

	/**
	 * Follows CHILD_SAs.
	 */
	listener_t listener;

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_rekeys_t *this);
};

/**
 * Create it.
 */
kernel_cryptomap_rekeys_t *kernel_cryptomap_rekeys_create();

#endif /** KERNEL_CRYPTOMAP_REKEYS_H_ */
