/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_METHODS_H_
#define KERNEL_CRYPTOMAP_METHODS_H_

#include <bus/listeners/listener.h>
#include <config/ike_cfg.h>
#include <encoding/payloads/sa_payload.h>
#include <sa/authenticator.h>
#include <sa/ike_sa.h>

typedef struct kernel_cryptomap_methods_t kernel_cryptomap_methods_t;

/**
 * Negotiates the authentication method with the ISAKMP policy.
 *
 * charon has one method for all policies that it offers, and takes that of the first
 * one of a peer for all of them. This writes each policy's own into the offer, and
 * makes of a peer's offer one of the first policy that is acceptable.
 */
struct kernel_cryptomap_methods_t {

	/**
	 * Sees what comes.
	 */
	listener_t incoming;

	/**
	 * Sees what goes. It is apart from the one above, which builds a message when this
	 * side's first one must be built again: charon tells no listener of what it does
	 * itself.
	 */
	listener_t outgoing;

	/**
	 * The method that was agreed for an IKE_SA.
	 *
	 * @return			AUTH_PSK or AUTH_RSA, AUTH_NONE as long as there is none
	 */
	auth_method_t (*get)(kernel_cryptomap_methods_t *this, ike_sa_t *ike_sa);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_methods_t *this);
};

/**
 * The method of the first ISAKMP policy that is offered.
 *
 * @param ike_cfg		policies, as of kernel_cryptomap_config_t
 * @return				AUTH_PSK or AUTH_RSA, AUTH_NONE if there is none
 */
auth_method_t kernel_cryptomap_methods_first(ike_cfg_t *ike_cfg);

/**
 * The transforms of an SA payload, one for each proposal.
 *
 * @return				transform_substructure_t of the payload
 */
linked_list_t *kernel_cryptomap_methods_transforms(sa_payload_t *sa);

/**
 * Create.
 */
kernel_cryptomap_methods_t *kernel_cryptomap_methods_create();

#endif /** KERNEL_CRYPTOMAP_METHODS_H_ */
