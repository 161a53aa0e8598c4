// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The members of an object-group while they are collected.
 *
 * What may hold a network is a prefix of it: for each length of prefix that the group has there is
 * one to look up. Likewise a service is held by what names the same values, or some of them. So a
 * rule has as many lookups as the group has shapes, however many members there are.
 */
#include <stdlib.h>
#include <string.h>

#include "flat.h"
#include "index.h"
#include "model.h"

/* struct wanted - for the index: a rule, and the group which may hold it */
struct wanted {
	const struct ios_group *group;
	const struct ios_ace *rule;
};

static bool one_port(const struct ios_ports *ports)
{
	return ports->op == IOS_PORT_EQ && ports->n == 1;
}

static bool is_wide(const struct ios_ace *rule)
{
	return (rule->sport.op != IOS_PORT_ANY && !one_port(&rule->sport)) ||
	       (rule->dport.op != IOS_PORT_ANY && !one_port(&rule->dport));
}

static struct shape shape_of(const struct ios_ace *rule)
{
	return (struct shape){
		.wild = rule->src_wild,
		.proto = rule->proto != IOS_PROTO_ANY,
		.sport = one_port(&rule->sport),
		.dport = one_port(&rule->dport),
		.icmp_type = rule->icmp_type != IOS_ICMP_ANY,
		.icmp_code = rule->icmp_code != IOS_ICMP_ANY,
	};
}

static bool same_shape(const struct shape *a, const struct shape *b)
{
	return ios_addr_same(&a->wild, &b->wild) && a->proto == b->proto && a->sport == b->sport &&
	       a->dport == b->dport && a->icmp_type == b->icmp_type && a->icmp_code == b->icmp_code;
}

/* Whether a rule has all values that a shape names, so that a member of that shape may hold it. */
static bool names_all(const struct ios_ace *rule, const struct shape *shape)
{
	const struct shape own = shape_of(rule);

	return own.proto >= shape->proto && own.sport >= shape->sport && own.dport >= shape->dport &&
	       own.icmp_type >= shape->icmp_type && own.icmp_code >= shape->icmp_code;
}

/* The hash of the values of a rule that a shape names. */
static uint32_t hash(const struct ios_ace *rule, const struct shape *shape)
{
	struct {
		uint8_t net[sizeof(rule->src.bytes)];
		int proto, sport, dport, icmp_type, icmp_code;
	} key;
	size_t i;

	memset(&key, 0, sizeof(key));
	for (i = 0; i < ios_addr_bits(rule->src.family) / 8; i++)
		key.net[i] = rule->src.bytes[i] & ~shape->wild.bytes[i];
	key.proto = shape->proto ? rule->proto : 0;
	key.sport = shape->sport ? rule->sport.port[0] : 0;
	key.dport = shape->dport ? rule->dport.port[0] : 0;
	key.icmp_type = shape->icmp_type ? rule->icmp_type : 0;
	key.icmp_code = shape->icmp_code ? rule->icmp_code : 0;
	return ios_index_hash(&key, sizeof(key));
}

/* Members are known by their number + 1, since their array moves as it grows. */
static bool holds(const void *obj, const void *wanted)
{
	const struct wanted *w = wanted;

	return ios_ace_contains(&w->group->flat[(uintptr_t)obj - 1], w->rule);
}

bool flat_holds(struct flat *flat, const struct ios_ace *rule)
{
	const struct wanted wanted = { .group = flat->group, .rule = rule };
	size_t i;

	for (i = 0; i < flat->n_shapes && flat->budget; i++, flat->budget--)
		if (names_all(rule, &flat->shape[i]) &&
		    ios_index_like(flat->cfg, INDEX_FLAT, flat->group, hash(rule, &flat->shape[i]),
				   holds, &wanted))
			return true;
	for (i = 0; i < flat->n_wide && flat->budget; i++, flat->budget--)
		if (ios_ace_contains(&flat->group->flat[flat->wide[i]], rule))
			return true;
	return false;
}

static int enter_wide(struct flat *flat, size_t number)
{
	size_t *bigger;

	/* at powers of two */
	if (!(flat->n_wide & (flat->n_wide - 1))) {
		bigger = realloc(flat->wide, (flat->n_wide ? 2 * flat->n_wide : 1) * sizeof(*bigger));
		if (!bigger)
			return -1;
		flat->wide = bigger;
	}
	flat->wide[flat->n_wide++] = number;
	return 0;
}

int flat_enter(struct flat *flat)
{
	size_t number = flat->group->n_flat - 1, i;
	const struct ios_ace *rule = &flat->group->flat[number];
	const struct shape shape = shape_of(rule);

	if (is_wide(rule))
		return enter_wide(flat, number);
	for (i = 0; i < flat->n_shapes && !same_shape(&flat->shape[i], &shape); i++)
		;
	if (i == FLAT_SHAPES)
		return enter_wide(flat, number);
	if (i == flat->n_shapes)
		flat->shape[flat->n_shapes++] = shape;
	return ios_index_put(flat->cfg, INDEX_FLAT, flat->group, hash(rule, &shape),
			     (void *)(uintptr_t)(number + 1));
}

void flat_end(struct flat *flat)
{
	const struct ios_ace *rule;
	struct shape shape;
	size_t i;

	for (i = 0; i < flat->group->n_flat; i++) {
		rule = &flat->group->flat[i];
		shape = shape_of(rule);
		ios_index_drop(flat->cfg, INDEX_FLAT, flat->group, hash(rule, &shape),
			       (void *)(uintptr_t)(i + 1));
	}
	free(flat->wide);
}
