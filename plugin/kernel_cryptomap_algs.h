/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_ALGS_H_
#define KERNEL_CRYPTOMAP_ALGS_H_

#include "kernel_cryptomap_flow.h"

#include <crypto/proposal/proposal.h>

#include "ios.h"

/**
 * Make an ESP proposal of a transform set.
 *
 * @param tset			transform set
 * @param number		number of the proposal, from 1
 * @param group			Diffie-Hellman group of PFS, 0 for none
 * @return				proposal, NULL if IKE has no words for it
 */
proposal_t *kernel_cryptomap_esp_proposal(kernel_cryptomap_tset_t *tset,
										  uint8_t number, uint16_t group);

/**
 * Translate the algorithms of a negotiated SA for the kernel module.
 *
 * @param enc_alg		encryption_algorithm_t
 * @param int_alg		integrity_algorithm_t
 * @param tset			cipher, ICV length and authenticator are set
 * @return				FALSE if the module does not have them
 */
bool kernel_cryptomap_esp_algs(uint16_t enc_alg, uint16_t int_alg,
							   kernel_cryptomap_tset_t *tset);

/**
 * Make an IKE proposal of an ISAKMP policy.
 *
 * @param policy		ISAKMP policy
 * @param why			set to a reason if this charon can't do it
 * @return				proposal, NULL if this charon can't do it
 */
proposal_t *kernel_cryptomap_ike_proposal(const struct ios_policy *policy,
										  const char **why);

/**
 * The algorithms of an ISAKMP SA in the words of IOS.
 *
 * @param proposal		negotiated proposal
 * @param encr			set to "des", "3des" or "aes"
 * @param key_bits		set to the length of the key
 * @param hash			set to "md5", "sha", "sha256", "sha384" or "sha512"
 * @param group			set to the Diffie-Hellman group
 */
void kernel_cryptomap_ike_words(proposal_t *proposal, const char **encr,
								uint16_t *key_bits, const char **hash,
								uint16_t *group);

#endif /** KERNEL_CRYPTOMAP_ALGS_H_ */
