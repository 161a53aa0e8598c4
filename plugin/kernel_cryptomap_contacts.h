/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_CONTACTS_H_
#define KERNEL_CRYPTOMAP_CONTACTS_H_

#include "kernel_cryptomap_stale.h"

#include <bus/listeners/listener.h>
#include <sa/ike_sa.h>

typedef struct kernel_cryptomap_contacts_t kernel_cryptomap_contacts_t;

/**
 * Knows which peers said INITIAL-CONTACT: they have none of the SAs of before.
 * And says so to peers that we have no SAs with, when we initiate.
 *
 * charon destroys the older IKE_SAs with such a peer as it would one that
 * expired, without a DELETE: this tells the difference. Orphans that were left
 * earlier are removed at once.
 */
struct kernel_cryptomap_contacts_t {

	/**
	 * Sees what peers say, and what is said to them.
	 */
	listener_t listener;

	/**
	 * Whether the peer of an IKE_SA said that it has forgotten it.
	 *
	 * @param ike_sa	IKE_SA that is being destroyed
	 * @return			TRUE if its CHILD_SAs are of no use
	 */
	bool (*is_forgotten)(kernel_cryptomap_contacts_t *this, ike_sa_t *ike_sa);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_contacts_t *this);
};

/**
 * Create an empty table.
 *
 * @param sas			SAs that charon knows
 * @param left			SAs that it left to the kernel
 * @param stale			remover of stale orphans
 */
kernel_cryptomap_contacts_t *kernel_cryptomap_contacts_create(
										kernel_cryptomap_sas_t *sas,
										kernel_cryptomap_sas_t *left,
										kernel_cryptomap_stale_t *stale);

#endif /** KERNEL_CRYPTOMAP_CONTACTS_H_ */
