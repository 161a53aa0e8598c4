/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the checks of a whole model share.
 */
#ifndef CRYPTOMAP_IOS_LINT_H
#define CRYPTOMAP_IOS_LINT_H

#include "model.h"

/*
 * LINT_STEPS - most comparisons of a check of a configuration, so that no text
 * takes more than a fraction of a second; a map of 65,535 entries of one shape
 * takes a tenth of them
 */
#define LINT_STEPS (4u << 20)

/* struct keyless - a peer without a pre-shared key, of one entry */
struct keyless {
	const struct ios_addr *peer;
	const struct ios_map *map;
	const struct ios_entry *entry;
};

/*
 * struct lint - state of the checks
 * @cfg:       the model
 * @nomem:     a diagnostic was lost
 * @steps:     comparisons that are left
 * @rsa:       RSA signatures can be made without a profile, or by one that names no trustpoint
 * @keys:      a policy has pre-shared keys
 * @keyless:   peers of entries for which there is no pre-shared key
 * @n_keyless: how many; there is room up to the next power of two
 */
struct lint {
	struct ios_config *cfg;
	bool nomem;
	size_t steps;
	bool rsa;
	bool keys;
	struct keyless *keyless;
	size_t n_keyless;
};

#define SAY(l, severity, line, ...)						\
	do {									\
		if (ios_diag((l)->cfg, severity, line, __VA_ARGS__))		\
			(l)->nomem = true;					\
	} while (0)

/* Takes a comparison; false when none is left. */
static inline bool lint_step(struct lint *l)
{
	return l->steps && l->steps--;
}

/* Whether an ISAKMP policy can be agreed. */
static inline bool lint_policy_usable(const struct lint *l, const struct ios_policy *policy)
{
	return policy->auth == IOS_AUTH_PRE_SHARE || (l->rsa && policy->auth == IOS_AUTH_RSA_SIG);
}

/* lint.c */
const struct ios_interface *lint_abbreviated(const struct lint *l, const char *name);

/* lint_profile.c: keyrings and isakmp profiles, and who refers to them */
void lint_profiles(struct lint *l);
/* what two profiles claim both, as advice */
void lint_claims(struct lint *l);

/* lint_pki.c: trustpoints and certificate maps, and the profiles that name them */
void lint_pki(struct lint *l);
void lint_profile_pki(struct lint *l, const struct ios_profile *profile);

/* lint_acl.c: what earlier entries of access lists and crypto maps leave to later ones */
void lint_order(struct lint *l);

#endif
