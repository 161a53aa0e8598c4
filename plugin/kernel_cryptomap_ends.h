/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_ENDS_H_
#define KERNEL_CRYPTOMAP_ENDS_H_

#include "ios.h"
#include "kernel_cryptomap_names.h"

#include <networking/host.h>
#include <utils/identification.h>

/*
 * The two ends of a phase 1, and what the configuration has for them. It does not change
 * meanwhile: the caller sees to that.
 */

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
 * Our address in the terms of the configuration: with the device that has it now.
 */
struct ios_local kernel_cryptomap_ends_local(host_t *host);

/**
 * Find an ISAKMP profile.
 *
 * @param ios			configuration, or NULL
 * @param profile		its name, "" for none
 * @return				NULL if there is none, or none is meant
 */
const struct ios_profile *kernel_cryptomap_ends_profile(
										const struct ios_config *ios,
										char *profile);

/**
 * The ends of a phase 1 in the terms of the configuration.
 *
 * @param ios			configuration, or NULL
 * @param found			set to them
 * @return				FALSE if there is no configuration, or not the profile
 */
bool kernel_cryptomap_ends_find(const struct ios_config *ios,
								kernel_cryptomap_ends_t *ends,
								struct ios_ends *found);

/**
 * Whether there may be a pre-shared key for a peer, by the names as well that have its
 * address.
 *
 * @param names			knows the addresses of peers by name
 * @param found			the ends as kernel_cryptomap_ends_find() has them
 * @param started		FALSE if the peer may have a key by a name that it has not told
 *						yet
 */
bool kernel_cryptomap_ends_has_key(const struct ios_config *ios,
								   kernel_cryptomap_names_t *names,
								   kernel_cryptomap_ends_t *ends,
								   struct ios_ends *found, bool started);

/**
 * The pre-shared key for a peer, by the names as well that have its address.
 *
 * @param names			knows the addresses of peers by name
 * @param found			the ends as kernel_cryptomap_ends_find() has them
 * @param id			what the peer calls itself, for aggressive mode
 * @return				copy of the key, empty if there is none
 */
chunk_t kernel_cryptomap_ends_key(const struct ios_config *ios,
								  kernel_cryptomap_names_t *names,
								  kernel_cryptomap_ends_t *ends,
								  struct ios_ends *found, bool aggressive,
								  const struct ios_id *id);

/**
 * What this side calls itself.
 *
 * @param ios			configuration, NULL if there is none, or not the profile
 * @param found			the ends as kernel_cryptomap_ends_find() has them
 * @param aggressive	in aggressive mode, where a peer may have another name for us
 * @param subject		name in the certificate of this side, NULL for none
 */
identification_t *kernel_cryptomap_ends_self(const struct ios_config *ios,
											 kernel_cryptomap_ends_t *ends,
											 struct ios_ends *found,
											 bool aggressive,
											 identification_t *subject);

#endif /** KERNEL_CRYPTOMAP_ENDS_H_ */
