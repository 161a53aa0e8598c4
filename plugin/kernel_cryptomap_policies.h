/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_POLICIES_H_
#define KERNEL_CRYPTOMAP_POLICIES_H_

#include "ios.h"
#include "kernel_cryptomap_pki.h"

#include <crypto/proposal/proposal.h>
#include <sa/authenticator.h>

/*
 * ISAKMP policies as proposals of charon. The configuration stays while they are read;
 * NULL is one without anything.
 */

/**
 * The proposals of the ISAKMP policies that this charon can do; of the default ones
 * without any.
 *
 * @param ios			configuration
 * @param pki			credentials of its trustpoints, NULL for none
 * @param has_key		whether there is a pre-shared key
 * @param profile		ISAKMP profile whose trustpoints count, NULL for none
 * @param warnings		NULL, or gets which ones are skipped that were configured, char*
 * @return				proposal_t, numbers are auth_method_t
 */
linked_list_t *kernel_cryptomap_policies_get(const struct ios_config *ios,
											kernel_cryptomap_pki_t *pki,
											bool has_key,
											const struct ios_profile *profile,
											linked_list_t *warnings);

/**
 * Count them.
 */
int kernel_cryptomap_policies_count(const struct ios_config *ios,
									kernel_cryptomap_pki_t *pki, bool has_key,
									const struct ios_profile *profile,
									linked_list_t *warnings);

/**
 * Whether a policy can be used in aggressive mode beside the first one.
 */
bool kernel_cryptomap_policies_alike(proposal_t *proposal, proposal_t *first);

/**
 * Lifetime of ISAKMP SAs.
 *
 * @param ios			configuration
 * @param pki			credentials of its trustpoints, NULL for none
 * @param agreed		what was agreed, NULL for anything
 * @param method		method that was agreed, AUTH_NONE for any
 * @return				that of the first policy which it is of, seconds
 */
uint32_t kernel_cryptomap_policies_lifetime(const struct ios_config *ios,
											kernel_cryptomap_pki_t *pki,
											proposal_t *agreed,
											auth_method_t method);

#endif /** KERNEL_CRYPTOMAP_POLICIES_H_ */
