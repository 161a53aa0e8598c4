/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_compare.h"

#include "compat.h"

#include <daemon.h>
#include <crypto/proposal/proposal.h>

/** Pairs of proposals that are told */
#define PAIRS_MAX 32

/**
 * Attributes that are compared, in words of IOS.
 */
static const struct {
	transform_type_t type;
	const char *name;
} attributes[] = {
	{ ENCRYPTION_ALGORITHM, "encryption" },
	{ INTEGRITY_ALGORITHM, "hash" },
	{ KEY_EXCHANGE_METHOD, "group" },
	{ EXTENDED_SEQUENCE_NUMBERS, "sequence numbers" },
};

/**
 * Write the value of an attribute.
 */
static void put_value(proposal_t *proposal, transform_type_t type, char *buf,
					  size_t size)
{
	uint16_t alg, key_size;

	if (!proposal->get_algorithm(proposal, type, &alg, &key_size))
	{
		snprintf(buf, size, "none");
	}
	else if (key_size)
	{
		snprintf(buf, size, "%N %d", transform_get_enum_names(type), alg,
				 key_size);
	}
	else
	{
		snprintf(buf, size, "%N", transform_get_enum_names(type), alg);
	}
}

/**
 * Tell of a pair of proposals.
 */
static void compare_pair(int phase, int i, proposal_t *offered, int j,
						 proposal_t *configured)
{
	char theirs[64], ours[64];
	u_int k;

	DBG1(DBG_CFG, "checking offer %d against %s %d", i,
		 phase == 1 ? "policy" : "transform set", j);
	for (k = 0; k < countof(attributes); k++)
	{
		put_value(offered, attributes[k].type, theirs, sizeof(theirs));
		put_value(configured, attributes[k].type, ours, sizeof(ours));
		if (!streq(theirs, ours))
		{
			DBG1(DBG_CFG, "  %s: offered %s, configured %s",
				 attributes[k].name, theirs, ours);
		}
		else if (!streq(theirs, "none"))
		{
			DBG1(DBG_CFG, "  %s: %s", attributes[k].name, theirs);
		}
	}
}

/*
 * See header.
 */
void kernel_cryptomap_compare(int phase, linked_list_t *offered,
							  linked_list_t *configured)
{
	enumerator_t *outer, *inner;
	proposal_t *theirs, *ours;
	int i = 0, j, pairs = 0;

	outer = offered->create_enumerator(offered);
	while (outer->enumerate(outer, &theirs))
	{
		i++;
		j = 0;
		inner = configured->create_enumerator(configured);
		while (inner->enumerate(inner, &ours) && pairs < PAIRS_MAX)
		{
			compare_pair(phase, i, theirs, ++j, ours);
			pairs++;
		}
		inner->destroy(inner);
	}
	outer->destroy(outer);
}

/*
 * See header.
 */
void kernel_cryptomap_compare_ours(int phase, linked_list_t *ours)
{
	enumerator_t *enumerator;
	proposal_t *proposal;
	char value[64];
	u_int i = 0, k;

	enumerator = ours->create_enumerator(ours);
	while (enumerator->enumerate(enumerator, &proposal) && i < PAIRS_MAX)
	{
		DBG1(DBG_CFG, phase == 1 ? "policy %d was refused" :
								   "transform set %d is offered", ++i);
		for (k = 0; k < countof(attributes); k++)
		{
			put_value(proposal, attributes[k].type, value, sizeof(value));
			if (!streq(value, "none"))
			{
				DBG1(DBG_CFG, "  %s: offered %s", attributes[k].name, value);
			}
		}
	}
	enumerator->destroy(enumerator);
}
