/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_CONFIG_H_
#define KERNEL_CRYPTOMAP_CONFIG_H_

#include "ios.h"
#include "kernel_cryptomap_ends.h"
#include "kernel_cryptomap_names.h"

#include <config/backend.h>
#include <credentials/auth_cfg.h>
#include <credentials/certificates/certificate.h>
#include <credentials/sets/mem_cred.h>
#include <credentials/keys/shared_key.h>
#include <collections/linked_list.h>
#include <networking/host.h>
#include <sa/authenticator.h>
#include <utils/identification.h>

typedef struct kernel_cryptomap_config_t kernel_cryptomap_config_t;

/**
 * Phase 1 configuration: ISAKMP policies, pre-shared keys, profiles and globals.
 *
 * It comes as IOS text from the command-line tool and is mirrored to a file
 * under /run, from which a restarted daemon reads it. Thread-safe.
 */
struct kernel_cryptomap_config_t {

	/**
	 * Certificates and private keys of trustpoints.
	 */
	mem_cred_t *creds;

	/**
	 * Replace the configuration.
	 *
	 * @param text		IOS text, other parts than phase 1 are ignored
	 * @param warnings	gets what of it this charon can't do, char* to be freed
	 * @return			NULL if done, else why not (to be freed); nothing
	 *					is changed then
	 */
	char *(*set)(kernel_cryptomap_config_t *this, chunk_t text,
				 linked_list_t *warnings);

	/**
	 * Get the configuration.
	 *
	 * @return			IOS text, with keys; to be cleared
	 */
	chunk_t (*get)(kernel_cryptomap_config_t *this);

	/**
	 * Number of the configuration, another one after each set().
	 */
	u_int (*get_generation)(kernel_cryptomap_config_t *this);

	/**
	 * Create an IKE configuration of the ISAKMP policies that can be used with a peer:
	 * those for whose authentication method there are credentials.
	 *
	 * The number of each proposal is its method, AUTH_PSK or AUTH_RSA.
	 *
	 * @param ends		who negotiates
	 * @param aggressive	TRUE for those with the group and the method of the first
	 *					only: in aggressive mode these can't be negotiated
	 * @param started	FALSE if the peer may have a key by a name that it has not
	 *					told yet
	 * @return			configuration without proposals if no policy can be
	 *					used
	 */
	ike_cfg_t *(*create_ike_cfg)(kernel_cryptomap_config_t *this,
								 kernel_cryptomap_ends_t *ends,
								 bool aggressive, bool started);

	/**
	 * Authentication by RSA signatures.
	 *
	 * @param ends		who negotiates
	 * @param local		TRUE for this side, FALSE for the peer
	 * @return			rules, NULL if there is no trustpoint for that
	 */
	auth_cfg_t *(*create_rsa_auth)(kernel_cryptomap_config_t *this,
								   kernel_cryptomap_ends_t *ends, bool local);

	/**
	 * Lifetime of ISAKMP SAs.
	 *
	 * @param proposal	what was agreed: that of the first policy it is of; NULL
	 *					for that of the first policy that can be used, which
	 *					charon offers with all of them
	 * @param method	the method that was agreed, AUTH_NONE for any
	 * @return			seconds
	 */
	uint32_t (*get_lifetime)(kernel_cryptomap_config_t *this,
							 proposal_t *proposal, auth_method_t method);

	/**
	 * Get the globals of crypto isakmp.
	 *
	 * @param profile	ISAKMP profile whose keepalive goes before that of the globals,
	 *					"" for none
	 * @param isakmp	set to what is configured
	 */
	void (*get_isakmp)(kernel_cryptomap_config_t *this, char *profile,
					   struct ios_isakmp *isakmp);

	/**
	 * Find the pre-shared key for a peer: of the keyrings of the ISAKMP profile, or
	 * of crypto isakmp key.
	 *
	 * @param ends		who negotiates
	 * @param aggressive	in aggressive mode
	 * @param id		what the peer calls itself, for aggressive mode: main mode
	 *					has keys by addresses only; NULL if that does not count
	 * @return			key, NULL if there is none
	 */
	shared_key_t *(*get_psk)(kernel_cryptomap_config_t *this,
							 kernel_cryptomap_ends_t *ends, bool aggressive,
							 identification_t *id);

	/**
	 * The first ISAKMP profile that a peer is of.
	 *
	 * @param local		our address
	 * @param id		what the peer calls itself
	 * @param cert		its certificate, NULL for none
	 * @return			name, to be freed; NULL if there is none
	 */
	char *(*get_profile)(kernel_cryptomap_config_t *this, host_t *local,
						 identification_t *id, certificate_t *cert);

	/**
	 * Whether a peer is of an ISAKMP profile.
	 *
	 * @param profile	name of the profile
	 * @param local		our address
	 * @param id		what the peer calls itself, NULL if that does not count
	 * @param cert		its certificate, NULL for none
	 */
	bool (*has_peer)(kernel_cryptomap_config_t *this, char *profile,
					 host_t *local, identification_t *id, certificate_t *cert);

	/**
	 * Whether it was checked that the certificate of a peer is not revoked, as far
	 * as its trustpoint wants that.
	 *
	 * @param profile	name of the profile that it is of, "" for none
	 * @param auth		how the peer authenticated itself
	 */
	bool (*is_checked)(kernel_cryptomap_config_t *this, char *profile,
					   auth_cfg_t *auth);

	/**
	 * Whether this side starts in aggressive mode with a peer.
	 *
	 * @param ends		who negotiates
	 */
	bool (*starts_aggressive)(kernel_cryptomap_config_t *this,
							  kernel_cryptomap_ends_t *ends);

	/**
	 * Whether a peer may start in aggressive mode.
	 *
	 * @param ends		who negotiates
	 * @param id		what the peer calls itself
	 */
	bool (*accepts_aggressive)(kernel_cryptomap_config_t *this,
							   kernel_cryptomap_ends_t *ends,
							   identification_t *id);

	/**
	 * What this side calls itself.
	 *
	 * @param ends		who negotiates
	 * @param aggressive	in aggressive mode, where a peer may have another
	 *					name for us
	 * @return			identity
	 */
	identification_t *(*get_self)(kernel_cryptomap_config_t *this,
								  kernel_cryptomap_ends_t *ends,
								  bool aggressive);

	/**
	 * Whether phase 1 with a peer can be tried.
	 *
	 * @param ends		who negotiates
	 * @return			NULL if so, else a reason
	 */
	const char *(*refuses)(kernel_cryptomap_config_t *this,
						   kernel_cryptomap_ends_t *ends);

	/**
	 * Whether a peer may start phase 1, of whom nothing but the address is
	 * known.
	 *
	 * @param ends		who negotiates
	 * @return			NULL if so, else a reason
	 */
	const char *(*rejects)(kernel_cryptomap_config_t *this,
						   kernel_cryptomap_ends_t *ends);

	/**
	 * Set charon's options again that follow from the configuration, after it
	 * read its own anew.
	 */
	void (*set_options)(kernel_cryptomap_config_t *this);

	/**
	 * Destroy, wiping the keys.
	 */
	void (*destroy)(kernel_cryptomap_config_t *this);
};

/**
 * Read the mirrored configuration, if there is one.
 *
 * @param path			where to mirror it; a file of this name with ".new"
 *						appended is written first
 * @param names			knows the addresses of peers by name
 */
kernel_cryptomap_config_t *kernel_cryptomap_config_create(const char *path,
											kernel_cryptomap_names_t *names);

#endif /** KERNEL_CRYPTOMAP_CONFIG_H_ */
