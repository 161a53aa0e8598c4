/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_OFFERS_H_
#define KERNEL_CRYPTOMAP_OFFERS_H_

#include "kernel_cryptomap_config.h"
#include "kernel_cryptomap_methods.h"

#include <bus/listeners/listener.h>

typedef struct kernel_cryptomap_offers_t kernel_cryptomap_offers_t;
typedef struct kernel_cryptomap_offer_t kernel_cryptomap_offer_t;

/**
 * What a peer proposes in a quick mode.
 */
struct kernel_cryptomap_offer_t {

	/**
	 * Encapsulation mode.
	 */
	ipsec_mode_t mode;

	/**
	 * Proposals, proposal_t.
	 */
	linked_list_t *proposals;
};

/**
 * Reads in SA payloads what charon does not hand to configurations: what a peer
 * proposes in quick modes, and lifetimes of ISAKMP SAs.
 */
struct kernel_cryptomap_offers_t {

	/**
	 * Sees messages.
	 */
	listener_t listener;

	/**
	 * The offer of the quick mode that this thread answers.
	 *
	 * @return			offer, until this thread works on another one; NULL if none
	 */
	kernel_cryptomap_offer_t *(*get)(kernel_cryptomap_offers_t *this);

	/**
	 * The lifetime that was agreed for the IKE_SA that this thread works on, else
	 * that to offer.
	 *
	 * @return			seconds
	 */
	uint32_t (*get_lifetime)(kernel_cryptomap_offers_t *this);

	/**
	 * The lifetime of an IKE_SA, if it is less than what its peer proposed or accepted.
	 *
	 * @param ike_sa	IKE_SA
	 * @return			seconds, 0 if it is not
	 */
	uint32_t (*get_less)(kernel_cryptomap_offers_t *this, ike_sa_t *ike_sa);

	/**
	 * The peer of an IKE_SA has a limit of its own.
	 *
	 * @param ike_sa	IKE_SA
	 * @param seconds	the limit
	 * @return			TRUE if the lifetime is less now
	 */
	bool (*limit)(kernel_cryptomap_offers_t *this, ike_sa_t *ike_sa,
				  uint32_t seconds);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_offers_t *this);
};

/**
 * Create without any offer.
 *
 * @param config		phase 1 configuration
 * @param methods		knows which authentication methods were agreed
 */
kernel_cryptomap_offers_t *kernel_cryptomap_offers_create(
										kernel_cryptomap_config_t *config,
										kernel_cryptomap_methods_t *methods);

#endif /** KERNEL_CRYPTOMAP_OFFERS_H_ */
