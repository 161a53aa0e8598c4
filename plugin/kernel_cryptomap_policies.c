/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_policies.h"

#include "kernel_cryptomap_algs.h"

#include <daemon.h>

/** IOS's lifetime of an ISAKMP SA */
#define DEFAULT_LIFETIME 86400

/**
 * Whether there are credentials for the authentication method of a policy.
 */
static bool can_authenticate(const struct ios_config *ios,
							 kernel_cryptomap_pki_t *pki,
							 const struct ios_policy *policy, bool has_key,
							 const struct ios_profile *profile)
{
	return policy->auth == IOS_AUTH_RSA_SIG ?
				pki && pki->is_ready(pki, ios, profile) :
				has_key;
}

/*
 * See header.
 */
linked_list_t *kernel_cryptomap_policies_get(const struct ios_config *ios,
											kernel_cryptomap_pki_t *pki,
											bool has_key,
											const struct ios_profile *profile,
											linked_list_t *warnings)
{
	const struct ios_policy *policy;
	linked_list_t *list;
	proposal_t *proposal;
	const char *why;
	char *text;

	list = linked_list_create();
	for (policy = ios ? ios_policies(ios) : NULL; policy; policy = policy->next)
	{
		proposal = kernel_cryptomap_ike_proposal(policy, &why);
		if (proposal && !can_authenticate(ios, pki, policy, has_key, profile))
		{
			proposal->destroy(proposal);
			proposal = NULL;
			why = "no trustpoint has a private key, its certificate and that of "
				  "its CA";
		}
		if (proposal)
		{
			list->insert_last(list, proposal);
		}
		else if (warnings && ios->policies &&
				 asprintf(&text, "ISAKMP policy %u is inactive: %s",
						  policy->priority, why) >= 0)
		{
			warnings->insert_last(warnings, text);
		}
	}
	return list;
}

/*
 * See header.
 */
int kernel_cryptomap_policies_count(const struct ios_config *ios,
									kernel_cryptomap_pki_t *pki, bool has_key,
									const struct ios_profile *profile,
									linked_list_t *warnings)
{
	linked_list_t *list;
	int count;

	list = kernel_cryptomap_policies_get(ios, pki, has_key, profile, warnings);
	count = list->get_count(list);
	list->destroy_offset(list, offsetof(proposal_t, destroy));
	return count;
}

/**
 * The Diffie-Hellman group of a proposal.
 */
static uint16_t get_group(proposal_t *proposal)
{
	uint16_t group = 0;

	proposal->get_algorithm(proposal, KEY_EXCHANGE_METHOD, &group, NULL);
	return group;
}

/*
 * See header.
 */
bool kernel_cryptomap_policies_alike(proposal_t *proposal, proposal_t *first)
{
	return get_group(proposal) == get_group(first) &&
		   proposal->get_number(proposal) == first->get_number(first);
}

/**
 * Whether a policy can be used, and is what was agreed.
 *
 * @param agreed		NULL for any
 * @param method		AUTH_NONE for any
 */
static bool policy_is(const struct ios_policy *policy, proposal_t *agreed,
					  auth_method_t method)
{
	proposal_t *proposal;
	const char *why;
	bool is;

	proposal = kernel_cryptomap_ike_proposal(policy, &why);
	if (!proposal)
	{
		return FALSE;
	}
	is = (method == AUTH_NONE || proposal->get_number(proposal) == method) &&
		 (!agreed || proposal->matches(proposal, agreed, 0));
	proposal->destroy(proposal);
	return is;
}

/*
 * See header.
 */
uint32_t kernel_cryptomap_policies_lifetime(const struct ios_config *ios,
											kernel_cryptomap_pki_t *pki,
											proposal_t *agreed,
											auth_method_t method)
{
	const struct ios_policy *policy;

	policy = ios ? ios_policies(ios) : NULL;
	while (policy && (!policy_is(policy, agreed, method) ||
					  !can_authenticate(ios, pki, policy, TRUE, NULL)))
	{
		policy = policy->next;
	}
	return policy ? policy->lifetime : DEFAULT_LIFETIME;
}
