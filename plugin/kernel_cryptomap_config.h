/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_CONFIG_H_
#define KERNEL_CRYPTOMAP_CONFIG_H_

#include "ios.h"
#include "kernel_cryptomap_names.h"

#include <config/backend.h>
#include <credentials/keys/shared_key.h>
#include <collections/linked_list.h>
#include <networking/host.h>
#include <utils/identification.h>

typedef struct kernel_cryptomap_config_t kernel_cryptomap_config_t;

/**
 * The two ends of a phase 1.
 */
typedef struct {
	/** our address and the peer's */
	host_t *local, *remote;
	/** ISAKMP profile, "" for none */
	char *profile;
} kernel_cryptomap_ends_t;

/**
 * Phase 1 configuration: ISAKMP policies, pre-shared keys, profiles and globals.
 *
 * It comes as IOS text from the command-line tool and is mirrored to a file
 * under /run, from which a restarted daemon reads it. Thread-safe.
 */
struct kernel_cryptomap_config_t {

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
	 * Create an IKE configuration of the ISAKMP policies.
	 *
	 * @param local		our address
	 * @param remote	the peer's address
	 * @param aggressive	TRUE for those with the group of the first only: in
	 *					aggressive mode it can't be negotiated
	 * @return			configuration without proposals if no policy can be
	 *					used
	 */
	ike_cfg_t *(*create_ike_cfg)(kernel_cryptomap_config_t *this,
								 host_t *local, host_t *remote,
								 bool aggressive);

	/**
	 * Lifetime of ISAKMP SAs.
	 *
	 * @param proposal	what was agreed: that of the first policy it is of; NULL
	 *					for that of the first policy that can be used, which
	 *					charon offers with all of them
	 * @return			seconds
	 */
	uint32_t (*get_lifetime)(kernel_cryptomap_config_t *this,
							 proposal_t *proposal);

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
	 * @return			name, to be freed; NULL if there is none
	 */
	char *(*get_profile)(kernel_cryptomap_config_t *this, host_t *local,
						 identification_t *id);

	/**
	 * Whether a peer is of an ISAKMP profile.
	 *
	 * @param profile	name of the profile
	 * @param local		our address
	 * @param id		what the peer calls itself
	 */
	bool (*has_peer)(kernel_cryptomap_config_t *this, char *profile,
					 host_t *local, identification_t *id);

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
