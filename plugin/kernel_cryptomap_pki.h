/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_PKI_H_
#define KERNEL_CRYPTOMAP_PKI_H_

#include "ios.h"

#include <collections/linked_list.h>
#include <credentials/auth_cfg.h>
#include <credentials/sets/mem_cred.h>

typedef struct kernel_cryptomap_pki_t kernel_cryptomap_pki_t;

/**
 * Certificates and private keys of the trustpoints of a configuration.
 *
 * It does not change once it is made, and needs a configuration with the same
 * trustpoints.
 */
struct kernel_cryptomap_pki_t {

	/**
	 * Whether this side can authenticate itself, and peers, by a trustpoint of an
	 * ISAKMP profile.
	 *
	 * @param ios		configuration
	 * @param profile	profile, NULL for none
	 */
	bool (*is_ready)(kernel_cryptomap_pki_t *this, const struct ios_config *ios,
					 const struct ios_profile *profile);

	/**
	 * The name in the certificate of this side by the first trustpoint of a profile.
	 *
	 * @return			identity, NULL if there is none
	 */
	identification_t *(*get_subject)(kernel_cryptomap_pki_t *this,
									 const struct ios_config *ios,
									 const struct ios_profile *profile);

	/**
	 * Authentication by the trustpoints of a profile.
	 *
	 * @param id		identity of this side, consumed; NULL for that of the peer, of
	 *					which all that is said is by which CAs it is
	 * @return			rules, NULL if there is nothing to authenticate by
	 */
	auth_cfg_t *(*create_auth)(kernel_cryptomap_pki_t *this,
							   const struct ios_config *ios,
							   const struct ios_profile *profile,
							   identification_t *id);

	/**
	 * Whether it was checked that a peer's certificate is not revoked, as the
	 * trustpoint of its CA has it: the first of the profile that is content.
	 *
	 * @param auth		how the peer authenticated itself
	 */
	bool (*is_checked)(kernel_cryptomap_pki_t *this,
					   const struct ios_config *ios,
					   const struct ios_profile *profile, auth_cfg_t *auth);

	/**
	 * Have a set of credentials serve these, and no others.
	 */
	void (*serve)(kernel_cryptomap_pki_t *this, mem_cred_t *creds);

	/**
	 * Destroy, wiping the keys; not those that are served.
	 */
	void (*destroy)(kernel_cryptomap_pki_t *this);
};

/**
 * Read the certificates and keys of trustpoints.
 *
 * @param ios			configuration, NULL for none
 * @param warnings		gets what is wrong with them, char* to be freed
 */
kernel_cryptomap_pki_t *kernel_cryptomap_pki_create(
										const struct ios_config *ios,
										linked_list_t *warnings);

#endif /** KERNEL_CRYPTOMAP_PKI_H_ */
