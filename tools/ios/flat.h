/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The members of an object-group while they are collected: none of them holds a later one.
 */
#ifndef CRYPTOMAP_IOS_FLAT_H
#define CRYPTOMAP_IOS_FLAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "acl.h"

struct ios_config;

/* Lengths of IPv6 prefixes; services have fewer shapes. */
#define FLAT_SHAPES 129

/*
 * struct shape - which values a rule names; all that have one are under its values in the index
 * @wild: of its network
 */
struct shape {
	struct ios_addr wild;
	bool proto, sport, dport, icmp_type, icmp_code;
};

/*
 * struct flat - index of group->flat
 * @shape:  those that there are, @n_shapes of them
 * @wide:   members with more than one port but not all, which are compared one by one, by
 *          their number in group->flat; @n_wide of them, room for a power of two
 * @budget: lookups and comparisons that are left
 */
struct flat {
	struct ios_config *cfg;
	const struct ios_group *group;
	struct shape shape[FLAT_SHAPES];
	size_t n_shapes;
	size_t *wide;
	size_t n_wide;
	size_t budget;
};

/** flat_holds() - Return: whether a member holds the rule; false when the budget is used up, too */
bool flat_holds(struct flat *flat, const struct ios_ace *rule);
/** flat_enter() - enter the last member of group->flat. Return: 0 or -1 (no memory) */
int flat_enter(struct flat *flat);
/** flat_end() - forget all members; those of group->flat stay */
void flat_end(struct flat *flat);

#endif
