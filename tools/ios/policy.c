// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ISAKMP policies: those that IOS has without a configuration.
 */
#include "model.h"

/* In order of priority: each is followed by the same with a pre-shared key. */
#define DEFAULT(i, encr_, bits, hash_, auth_, group_)				\
	{									\
		.next = (i) < 7 ? &defaults[(i) + 1] : NULL,			\
		.priority = IOS_POLICY_DEFAULT + (i),				\
		.encr = encr_,							\
		.key_bits = bits,						\
		.hash = hash_,							\
		.auth = auth_,							\
		.group = group_,						\
		.lifetime = 86400,						\
	}

/* Never written; not constant only since the lists of a model are not. */
static struct ios_policy defaults[8] = {
	DEFAULT(0, IOS_ENCR_AES, 128, IOS_HASH_SHA, IOS_AUTH_RSA_SIG, 5),
	DEFAULT(1, IOS_ENCR_AES, 128, IOS_HASH_SHA, IOS_AUTH_PRE_SHARE, 5),
	DEFAULT(2, IOS_ENCR_AES, 128, IOS_HASH_MD5, IOS_AUTH_RSA_SIG, 5),
	DEFAULT(3, IOS_ENCR_AES, 128, IOS_HASH_MD5, IOS_AUTH_PRE_SHARE, 5),
	DEFAULT(4, IOS_ENCR_3DES, 168, IOS_HASH_SHA, IOS_AUTH_RSA_SIG, 2),
	DEFAULT(5, IOS_ENCR_3DES, 168, IOS_HASH_SHA, IOS_AUTH_PRE_SHARE, 2),
	DEFAULT(6, IOS_ENCR_3DES, 168, IOS_HASH_MD5, IOS_AUTH_RSA_SIG, 2),
	DEFAULT(7, IOS_ENCR_3DES, 168, IOS_HASH_MD5, IOS_AUTH_PRE_SHARE, 2),
};

const struct ios_policy *ios_default_policies(void)
{
	return defaults;
}

const struct ios_policy *ios_policies(const struct ios_config *cfg)
{
	if (cfg->policies)
		return cfg->policies;
	return cfg->isakmp.no_default_policy ? NULL : defaults;
}

const struct ios_policy *ios_policy_by(const struct ios_policy *policy, enum ios_auth auth)
{
	while (policy && policy->auth != auth)
		policy = policy->next;
	return policy;
}
