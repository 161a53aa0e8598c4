// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What can be done and is most likely not meant: algorithms that are broken,
 * this side's own addresses as those of the other, access lists that are
 * written for the other end.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lint.h"

/* struct side - an address of this side, and the interface that has it */
struct side {
	const struct ios_own *own;
	const struct ios_interface *ifc;
};

/* struct sides - all of them, sorted */
struct sides {
	struct side *side;
	size_t n;
};

/* -------------------------------------------------------------------- algorithms */

static void advise_tset(struct lint *l, const struct ios_tset *set)
{
	if (set->usable && set->cipher == IOS_ESP_CIPHER_NULL)
		SAY(l, IOS_WARNING, set->line, "transform set %s: esp-null does not encrypt", set->name);
}

static bool weak_group(unsigned int group)
{
	return group == 1 || group == 2 || group == 5;
}

static void advise_policy(struct lint *l, const struct ios_policy *policy)
{
	char weak[3][24];
	size_t n = 0;

	if (policy->encr != IOS_ENCR_AES)
		snprintf(weak[n++], sizeof(*weak), "encr %s", ios_encr_word(policy->encr));
	if (policy->hash == IOS_HASH_MD5)
		snprintf(weak[n++], sizeof(*weak), "hash %s", ios_hash_word(policy->hash));
	if (weak_group(policy->group))
		snprintf(weak[n++], sizeof(*weak), "group %u", policy->group);
	if (n && lint_policy_usable(l, policy))
		SAY(l, IOS_WARNING, policy->line,
		    "crypto isakmp policy %u: %s%s%s%s%s %s weak and refused by current IOS XE",
		    policy->priority, weak[0], n > 2 ? ", " : "", n > 2 ? weak[1] : "",
		    n > 1 ? " and " : "", n > 1 ? weak[n - 1] : "", n > 1 ? "are" : "is");
}

/* Whether two policies offer and accept the same. */
static bool same_offer(const struct ios_policy *a, const struct ios_policy *b)
{
	return a->encr == b->encr && a->key_bits == b->key_bits && a->hash == b->hash &&
	       a->auth == b->auth && a->group == b->group;
}

/* Of two policies that are the same but for their lifetime the first is agreed. */
static void advise_repeated(struct lint *l, const struct ios_policy *policy)
{
	const struct ios_policy *first = l->cfg->policies;

	while (first != policy && lint_step(l) && !same_offer(first, policy))
		first = first->next;
	if (first != policy && same_offer(first, policy))
		SAY(l, IOS_WARNING, policy->line,
		    "crypto isakmp policy %u is never agreed: policy %u (line %u) is the same and goes before it",
		    policy->priority, first->priority, first->line);
}

static void advise_pfs(struct lint *l, const struct ios_map *map, const struct ios_entry *entry)
{
	if (entry->kind != IOS_KIND_MANUAL && weak_group(entry->pfs_group))
		SAY(l, IOS_WARNING, entry->line,
		    "%s %s %u: set pfs group%u is weak and refused by current IOS XE",
		    ios_map_word(map), map->name, entry->seq, entry->pfs_group);
}

/* ----------------------------------------------------------------- own addresses */

static int compare_sides(const void *a, const void *b)
{
	const struct side *x = a, *y = b;

	return ios_addr_compare(&x->own->addr, &y->own->addr);
}

static int find_side(const void *key, const void *b)
{
	const struct side *side = b;

	return ios_addr_compare(key, &side->own->addr);
}

/* The addresses of all interfaces of the text. Return: 0 or -1 (no memory) */
static int collect_sides(const struct ios_config *cfg, struct sides *sides)
{
	const struct ios_interface *ifc;
	const struct ios_own *own;
	size_t n = 0;

	for (ifc = cfg->interfaces; ifc; ifc = ifc->next)
		for (own = ifc->own; own; own = own->next)
			n++;
	sides->n = 0;
	sides->side = calloc(n + 1, sizeof(*sides->side));
	if (!sides->side)
		return -1;
	for (ifc = cfg->interfaces; ifc; ifc = ifc->next)
		for (own = ifc->own; own; own = own->next)
			sides->side[sides->n++] = (struct side){ .own = own, .ifc = ifc };
	qsort(sides->side, sides->n, sizeof(*sides->side), compare_sides);
	return 0;
}

static void advise_peers(struct lint *l, const struct sides *sides, const struct ios_map *map,
			 const struct ios_entry *entry)
{
	char text[IOS_ADDR_TEXT];
	const struct side *side;
	size_t i;

	for (i = 0; i < entry->n_peers; i++) {
		side = bsearch(&entry->peers[i].addr, sides->side, sides->n, sizeof(*side), find_side);
		if (side)
			SAY(l, IOS_WARNING, entry->line,
			    "%s %s %u: peer %s is this side's own address, of interface %s (line %u)",
			    ios_map_word(map), map->name, entry->seq, ios_addr_text(&entry->peers[i].addr, text),
			    side->ifc->name, side->own->line);
	}
}

/* An interface of IOS's manner stands for a Linux device of its name, most likely in error. */
static void advise_local_address(struct lint *l, const struct ios_map *map)
{
	const struct ios_interface *ifc = ios_interface_find(l->cfg, map->local_if);

	if (map->local_if[0] < 'A' || map->local_if[0] > 'Z' || !ios_dev_valid(map->local_if) ||
	    (ifc && (*ifc->netdev || *ifc->map || *ifc->map6)))
		return;
	if (ifc)
		SAY(l, IOS_WARNING, map->local_line,
		    "interface %s has no netdev line: the Linux device is taken to have the same name",
		    map->local_if);
	else
		SAY(l, IOS_WARNING, map->local_line,
		    "there is no interface %s in this text: the Linux device is taken to have the same name",
		    map->local_if);
}

/* -------------------------------------------------------------------- both sides */

/* struct ends - what of both sides a network has */
struct ends {
	const struct ios_addr *peer;
	const struct side *own;
	const struct side *gateway;	/* an address that ESP may have */
};

static bool is_gateway(const struct ios_map *map, const struct ios_interface *ifc)
{
	return ios_interface_has(ifc, map->name) || !strcmp(ifc->name, map->local_if);
}

/* The first address that is not lower: a network begins with its lowest. */
static const struct side *first_side(const struct sides *sides, const struct ios_addr *addr)
{
	size_t low = 0, high = sides->n, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (ios_addr_compare(&sides->side[middle].own->addr, addr) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return sides->side + low;
}

static struct ends find_ends(struct lint *l, const struct sides *sides, const struct ios_map *map,
			     const struct ios_entry *entry, const struct ios_addr *net,
			     const struct ios_addr *wild)
{
	bool holes = ios_wild_prefix(wild) < 0;
	struct ends ends = { 0 };
	const struct side *side;
	size_t i;

	for (i = 0; i < entry->n_peers && !ends.peer; i++)
		if (ios_net_has(net, wild, &entry->peers[i].addr))
			ends.peer = &entry->peers[i].addr;
	side = first_side(sides, net);
	for (; side < sides->side + sides->n && lint_step(l); side++) {
		if (!ios_net_has(net, wild, &side->own->addr)) {
			if (holes)
				continue;
			break;
		}
		if (!ends.own)
			ends.own = side;
		if (is_gateway(map, side->ifc)) {
			ends.gateway = side;
			break;
		}
	}
	return ends;
}

/* Whether a network is of another one, which then says little about whose side it is. */
static bool within(const struct ios_addr *net, const struct ios_addr *wild,
		   const struct ios_addr *outer, const struct ios_addr *outer_wild)
{
	size_t i;

	for (i = 0; i < ios_addr_bits(wild->family) / 8; i++)
		if (wild->bytes[i] & ~outer_wild->bytes[i])
			return false;
	return ios_net_has(outer, outer_wild, net);
}

/* A permit that looks as if it were of the other end's list. */
static bool advise_mirror(struct lint *l, const struct ios_acl *acl, const struct ios_ace *ace,
			  const struct ends *src, const struct ends *dst)
{
	char text[IOS_ADDR_TEXT];

	if (src->own || dst->peer)
		return false;
	if (src->peer && !within(&ace->dst, &ace->dst_wild, &ace->src, &ace->src_wild)) {
		SAY(l, IOS_WARNING, ace->line,
		    "access list %s looks like that of the other end: the source of this permit has peer %s",
		    acl->name, ios_addr_text(src->peer, text));
		return true;
	}
	if (dst->own && !within(&ace->src, &ace->src_wild, &ace->dst, &ace->dst_wild)) {
		SAY(l, IOS_WARNING, ace->line,
		    "access list %s looks like that of the other end: the destination of this permit has %s, the address of interface %s (line %u)",
		    acl->name, ios_addr_text(&dst->own->own->addr, text), dst->own->ifc->name,
		    dst->own->own->line);
		return true;
	}
	return false;
}

static bool carries_gateways(const struct ios_ace *ace)
{
	return ace->proto == IOS_PROTO_ANY || ace->proto == IPPROTO_UDP ||
	       ace->proto == IPPROTO_ESP || ace->proto == IPPROTO_AH;
}

/* Whether a deny before a permit keeps what the gateways say to each other from it. */
static bool spared(struct lint *l, const struct ios_acl *acl, const struct ios_ace *permit,
		   const struct ends *src, const struct ends *dst)
{
	const struct ios_ace *ace;

	for (ace = ios_rule_first(acl); ace != permit && lint_step(l); ace = ios_rule_next(ace))
		if (ace->action == IOS_DENY && ace->proto == IOS_PROTO_ANY &&
		    ios_net_has(&ace->dst, &ace->dst_wild, dst->peer) &&
		    (!src->gateway ||
		     ios_net_has(&ace->src, &ace->src_wild, &src->gateway->own->addr)))
			return true;
	return false;
}

/* What the gateways say to each other in a tunnel between them. */
static bool advise_gateways(struct lint *l, const struct sides *sides, const struct ios_acl *acl,
			    const struct ios_ace *ace, const struct ends *src,
			    const struct ends *dst)
{
	int bits = ios_addr_bits(acl->family), src_prefix = ios_wild_prefix(&ace->src_wild);
	int dst_prefix = ios_wild_prefix(&ace->dst_wild);
	char text[IOS_ADDR_TEXT];

	/* without addresses of this side a source that has the peer may have them as well */
	if (!dst->peer || !carries_gateways(ace) || !(sides->n ? !!src->gateway : !!src->peer))
		return false;
	/* meant: between the two, and nothing else */
	if (src_prefix == bits && dst_prefix == bits)
		return false;
	/* told as permit ip any any */
	if ((!src_prefix && !dst_prefix) || spared(l, acl, ace, src, dst))
		return false;
	SAY(l, IOS_WARNING, ace->line,
	    "access list %s: this permit is for the gateways themselves, too: what they send each other, but for IKE and ESP, goes to peer %s in the tunnel",
	    acl->name, ios_addr_text(dst->peer, text));
	return true;
}

/* What no reverse route can be to: it would be one to the peer, too. */
static bool advise_route(struct lint *l, const struct ios_acl *acl, const struct ios_ace *ace,
			 const struct ios_entry *entry, const struct ends *dst)
{
	int prefix = ios_wild_prefix(&ace->dst_wild);
	char text[IOS_ADDR_TEXT];

	if (prefix < 0) {
		SAY(l, IOS_WARNING, ace->line,
		    "access list %s: no reverse route is made to a wildcard with holes", acl->name);
		return true;
	}
	if (!dst->peer || entry->route.remote_peer.family ||
	    prefix == (int)ios_addr_bits(acl->family))
		return false;
	SAY(l, IOS_WARNING, ace->line,
	    "access list %s: no reverse route is made to this network, which has peer %s in it: reverse-route remote-peer A gives the peer a route of its own",
	    acl->name, ios_addr_text(dst->peer, text));
	return true;
}

static bool has_tunnel(const struct ios_config *cfg, const struct ios_entry *entry)
{
	const struct ios_tset *set;
	size_t i;

	for (i = 0; i < entry->n_tsets; i++) {
		set = ios_tset_find(cfg, entry->tsets[i]);
		if (set && set->usable && !set->transport)
			return true;
	}
	return false;
}

/* Each kind is told once for an entry of a map: the other permits will be like that. */
static void advise_sides(struct lint *l, const struct sides *sides, const struct ios_map *map,
			 const struct ios_entry *entry)
{
	const struct ios_acl *acl = ios_acl_find(l->cfg, entry->acl, map->family);
	bool mirror = false, gateways = !has_tunnel(l->cfg, entry), route = !entry->route.line;
	const struct ios_ace *ace;
	struct ends src, dst;

	for (ace = ios_rule_first(acl); ace && !(mirror && gateways && route);
	     ace = ios_rule_next(ace)) {
		if (ace->action != IOS_PERMIT)
			continue;
		src = find_ends(l, sides, map, entry, &ace->src, &ace->src_wild);
		dst = find_ends(l, sides, map, entry, &ace->dst, &ace->dst_wild);
		if (!l->steps)
			return;
		if (!mirror)
			mirror = advise_mirror(l, acl, ace, &src, &dst);
		if (!gateways)
			gateways = advise_gateways(l, sides, acl, ace, &src, &dst);
		if (!route)
			route = advise_route(l, acl, ace, entry, &dst);
	}
}

/* A map that protects nothing, as it is nowhere. */
static void advise_unbound(struct lint *l, const struct ios_map *map)
{
	const struct ios_entry *entry = map->entries;

	while (entry && !entry->complete)
		entry = entry->next;
	if (!entry || map->bound || map->user)
		return;
	SAY(l, IOS_WARNING, map->line, "%s %s is %s and protects nothing", ios_map_word(map), map->name,
	    map->dynamic ? "in no crypto map" : "on no interface");
}

/* Entries after one that takes what peers ask for. */
static void advise_dynamic(struct lint *l, const struct ios_map *map)
{
	const struct ios_entry *entry, *dynamic = NULL;

	for (entry = map->entries; entry; entry = entry->next) {
		if (entry->kind == IOS_KIND_DYNAMIC)
			dynamic = entry;
		else if (dynamic)
			break;
	}
	if (entry)
		SAY(l, IOS_WARNING, dynamic->line,
		    "crypto map %s %u should be the last entry: what peers negotiate by it goes before entry %u (line %u)",
		    map->name, dynamic->seq, entry->seq, entry->line);
}

static void advise_map(struct lint *l, const struct sides *sides, const struct ios_map *map)
{
	const struct ios_entry *entry;

	advise_local_address(l, map);
	advise_unbound(l, map);
	advise_dynamic(l, map);
	for (entry = map->entries; entry; entry = entry->next) {
		advise_pfs(l, map, entry);
		advise_peers(l, sides, map, entry);
		if (entry->complete && *entry->acl)
			advise_sides(l, sides, map, entry);
	}
}

int ios_advise(struct ios_config *cfg)
{
	struct lint l = { .cfg = cfg, .steps = LINT_STEPS, .rsa = ios_rsa_sig_ready(cfg, NULL) };
	const struct ios_policy *policy;
	const struct ios_tset *set;
	const struct ios_map *map;
	struct sides sides;

	if (collect_sides(cfg, &sides))
		return -1;
	for (policy = cfg->policies; policy; policy = policy->next) {
		advise_policy(&l, policy);
		advise_repeated(&l, policy);
	}
	for (set = cfg->tsets; set; set = set->next)
		advise_tset(&l, set);
	for (map = ios_map_next(cfg, NULL); map; map = ios_map_next(cfg, map))
		advise_map(&l, &sides, map);
	lint_claims(&l);
	if (!l.steps)
		SAY(&l, IOS_WARNING, 0,
		    "too much to compare: not all access lists were searched for addresses of this side");
	free(sides.side);
	l.steps = LINT_STEPS;
	lint_order(&l);
	return l.nomem ? -1 : 0;
}
