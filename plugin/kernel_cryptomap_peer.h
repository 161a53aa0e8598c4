/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_PEER_H_
#define KERNEL_CRYPTOMAP_PEER_H_

#include "kernel_cryptomap_config.h"
#include "kernel_cryptomap_methods.h"
#include "kernel_cryptomap_offers.h"
#include "kernel_cryptomap_responder.h"
#include "kernel_cryptomap_twins.h"

#include <config/peer_cfg.h>
#include <sa/ike_sa.h>

typedef struct kernel_cryptomap_peer_context_t kernel_cryptomap_peer_context_t;

/**
 * What configurations of peers ask; lives longer than they do.
 */
struct kernel_cryptomap_peer_context_t {

	/**
	 * Phase 1 configuration.
	 */
	kernel_cryptomap_config_t *config;

	/**
	 * Knows which authentication methods were agreed.
	 */
	kernel_cryptomap_methods_t *methods;

	/**
	 * Knows which lifetimes were agreed.
	 */
	kernel_cryptomap_offers_t *offers;

	/**
	 * Finds configurations for quick modes that peers start.
	 */
	kernel_cryptomap_responder_t *responder;

	/**
	 * Which IKE_SAs stay although the peer started another one.
	 */
	kernel_cryptomap_twins_t *twins;
};

/**
 * Create the configuration of a peer for main or aggressive mode.
 *
 * It reads phase 1 from the configuration and finds the child_cfg_t for what a peer
 * proposes in the kernel.
 *
 * @param context		what it asks
 * @param ends			the two ends, and the ISAKMP profile
 * @param aggressive	whether it is for aggressive mode
 * @param started		whether this side starts
 * @return				configuration
 */
peer_cfg_t *kernel_cryptomap_peer_create(
								kernel_cryptomap_peer_context_t *context,
								kernel_cryptomap_ends_t *ends, bool aggressive,
								bool started);

/**
 * Whether phase 1 with a peer is in aggressive mode.
 *
 * @param peer_cfg		configuration that this plugin made
 * @return				TRUE if it is, as things are configured now
 */
bool kernel_cryptomap_peer_is_aggressive(peer_cfg_t *peer_cfg);

/**
 * The ISAKMP profile of an IKE_SA.
 *
 * @param ike_sa		IKE_SA
 * @return				name, "" for none, and as long as that is not known; lives as
 *						long as the configuration that the IKE_SA has
 */
char *kernel_cryptomap_peer_profile(ike_sa_t *ike_sa);

/**
 * The addresses that an IKE_SA is configured for, which its key belongs to; those it
 * is at if it has no configuration yet, or not one of this plugin.
 *
 * @param ike_sa		IKE_SA
 * @param local			our address, of the IKE_SA or its configuration
 * @param remote		the peer's address
 */
void kernel_cryptomap_peer_hosts(ike_sa_t *ike_sa, host_t **local,
								 host_t **remote);

/**
 * How this side authenticates itself by RSA signatures in an IKE_SA.
 *
 * @param ike_sa		IKE_SA
 * @return				rules, NULL if it can't, or has no configuration of this plugin
 *						yet; live as long as that
 */
auth_cfg_t *kernel_cryptomap_peer_local_rsa(ike_sa_t *ike_sa);

/**
 * Whether an IKE_SA is at the addresses that it is configured for: charon follows a
 * peer to whatever address its messages come from.
 *
 * @param ike_sa		IKE_SA
 * @return				FALSE if it is at others
 */
bool kernel_cryptomap_peer_is_at(ike_sa_t *ike_sa);

#endif /** KERNEL_CRYPTOMAP_PEER_H_ */
