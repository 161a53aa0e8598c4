/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_LIFETIMES_H_
#define KERNEL_CRYPTOMAP_LIFETIMES_H_

#include <bus/listeners/listener.h>
#include <config/child_cfg.h>

typedef struct kernel_cryptomap_lifetimes_t kernel_cryptomap_lifetimes_t;

/**
 * Has both sides use the smaller lifetime of an IPsec SA.
 *
 * charon offers its own lifetimes, answers with those of the initiator, and uses its
 * own. This reads what the peer offers, or answers with RESPONDER-LIFETIME
 * (RFC 2407 section 4.6.3.1), and answers so itself where the own ones are smaller.
 * Thread-safe.
 */
struct kernel_cryptomap_lifetimes_t {

	/**
	 * Follows quick modes.
	 */
	listener_t listener;

	/**
	 * Reduce lifetimes to what the peer has of the CHILD_SA that the calling thread
	 * installs.
	 *
	 * @param lifetime	own lifetimes
	 */
	void (*limit)(kernel_cryptomap_lifetimes_t *this,
				  lifetime_cfg_t *lifetime);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_lifetimes_t *this);
};

/**
 * Create.
 */
kernel_cryptomap_lifetimes_t *kernel_cryptomap_lifetimes_create();

#endif /** KERNEL_CRYPTOMAP_LIFETIMES_H_ */
