/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_REAUTHS_H_
#define KERNEL_CRYPTOMAP_REAUTHS_H_

#include "kernel_cryptomap_offers.h"

#include <bus/listeners/listener.h>

typedef struct kernel_cryptomap_reauths_t kernel_cryptomap_reauths_t;

/**
 * Has ISAKMP SAs renewed before they end, and removed when they were.
 *
 * A responder whose lifetime is the smaller one says so (RESPONDER-LIFETIME of RFC 2407
 * section 4.6.3.1): in phase 1, or in a message after it, as routers do. charon ignores
 * that, so the reauthentication is brought forward here; and we say so.
 *
 * charon puts reauthentication off while any CHILD_SA of the IKE_SA is being rekeyed, in
 * the end until the IKE_SA expires, with all its CHILD_SAs. Shortly before that it is
 * done whatever they are in.
 *
 * charon leaves it to the peer to delete an IKE_SA that it replaced, or that the peer takes
 * for replaced. The DELETE may be lost: half a minute after an IKE_SA came up those with the
 * same peer go that came up before and have nothing left.
 */
struct kernel_cryptomap_reauths_t {

	/**
	 * Follows IKE_SAs and their messages.
	 */
	listener_t listener;

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_reauths_t *this);
};

/**
 * Create it.
 *
 * @param offers		knows which lifetimes were agreed
 */
kernel_cryptomap_reauths_t *kernel_cryptomap_reauths_create(
											kernel_cryptomap_offers_t *offers);

#endif /** KERNEL_CRYPTOMAP_REAUTHS_H_ */
