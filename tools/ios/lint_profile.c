// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The checks of keyrings and isakmp profiles.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lint.h"

/* Who has a profile, told as "crypto map M 10"; a map as a whole is without number. */
static void lint_reference(struct lint *l, const struct ios_map *map, unsigned int seq,
			   const char *name, unsigned int line)
{
	struct ios_profile *profile = ios_profile_find(l->cfg, name);
	char number[16] = "";

	if (!*name)
		return;
	if (profile) {
		profile->bound |= map->bound;
		return;
	}
	if (seq)
		snprintf(number, sizeof(number), " %u", seq);
	SAY(l, IOS_WARNING, line,
	    "%s %s%s: isakmp profile %s is not defined, so that nothing can be negotiated",
	    ios_map_word(map), map->name, number, name);
}

/* @of: what has it, "keyring K" */
static void lint_local(struct lint *l, const struct ios_local *local, const char *of)
{
	const struct ios_interface *ifc = ios_interface_find(l->cfg, local->ifname);
	const struct ios_interface *other = lint_abbreviated(l, local->ifname);

	if (other)
		SAY(l, IOS_WARNING, local->line,
		    "%s: local-address %s is a Linux device here, and on IOS interface %s (line %u): write out which is meant",
		    of, local->ifname, other->name, other->line);
	if (*local->ifname && !ios_dev_valid(ifc ? ios_interface_dev(ifc) : local->ifname))
		SAY(l, IOS_WARNING, local->line,
		    "%s: no Linux device can have the name %s, so that it is for no address; add a netdev line to interface %s",
		    of, local->ifname, local->ifname);
}

static void lint_keyring(struct lint *l, const struct ios_keyring *ring)
{
	char of[IOS_NAME_MAX + sizeof("keyring ")];

	snprintf(of, sizeof(of), "keyring %s", ring->name);
	lint_local(l, &ring->local, of);
	if (!ring->psks)
		SAY(l, IOS_WARNING, ring->line, "keyring %s has no keys", ring->name);
}

static void lint_keyrings_of(struct lint *l, const struct ios_profile *profile)
{
	const char *name;
	size_t i;

	for (i = 0; i < profile->n_keyrings; i++) {
		name = profile->keyrings[i];
		if (strcmp(name, IOS_KEYRING_DEFAULT) && !ios_keyring_find(l->cfg, name))
			SAY(l, IOS_WARNING, profile->line,
			    "isakmp profile %s: keyring %s is not defined", profile->name, name);
	}
}

/* Without them peers would come in that have not shown all that they are to show. */
static void lint_clients(struct lint *l, const struct ios_profile *profile)
{
	static const char *const what[] = {
		[IOS_CLIENTS_XAUTH] = "extended authentication (XAUTH) of clients is",
		[IOS_CLIENTS_CONFIG] = "configuration of clients (mode config) is",
		[IOS_CLIENTS_AUTHORIZE] = "authorization of clients (mode config) is",
		[IOS_CLIENTS_PKI] = "authorization of clients by their certificates (client pki) is",
	};
	const struct ios_client *client;

	for (client = profile->clients; client; client = client->next) {
		if (profile->bound)
			SAY(l, IOS_ERROR, client->line,
			    "%s not supported in this version, and isakmp profile %s is of a crypto map on an interface",
			    what[client->kind], profile->name);
		else
			SAY(l, IOS_WARNING, client->line,
			    "%s not supported in this version and has no effect", what[client->kind]);
	}
}

static void lint_profile(struct lint *l, const struct ios_profile *profile)
{
	char of[IOS_NAME_MAX + sizeof("isakmp profile ")];

	snprintf(of, sizeof(of), "isakmp profile %s", profile->name);
	lint_local(l, &profile->local, of);
	lint_keyrings_of(l, profile);
	lint_profile_pki(l, profile);
	if (!profile->matches && !profile->n_cert_maps)
		SAY(l, IOS_WARNING, profile->line,
		    "isakmp profile %s has no match identity or certificate, so that nobody is of it", profile->name);
	if (*profile->vrf)
		SAY(l, IOS_WARNING, profile->line,
		    "isakmp profile %s: vrf has no effect, what is decrypted stays in the VRF of its interface",
		    profile->name);
	lint_clients(l, profile);
}

void lint_profiles(struct lint *l)
{
	const struct ios_profile *profile;
	const struct ios_keyring *ring;
	const struct ios_entry *entry;
	const struct ios_map *map;

	for (map = ios_map_next(l->cfg, NULL); map; map = ios_map_next(l->cfg, map)) {
		lint_reference(l, map, 0, map->profile, map->profile_line);
		for (entry = map->entries; entry; entry = entry->next)
			lint_reference(l, map, entry->seq, entry->profile, entry->profile_line);
	}
	for (ring = l->cfg->keyrings; ring; ring = ring->next)
		lint_keyring(l, ring);
	for (profile = l->cfg->profiles; profile; profile = profile->next)
		lint_profile(l, profile);
}

/* ------------------------------------------------------------------- what both claim */

/* struct claim - a match identity, and the profile that has it */
struct claim {
	const struct ios_match *match;
	const struct ios_profile *profile;
};

/* Groups are keys, others are names, which have no case. */
static int compare_ids(const struct ios_match *x, const struct ios_match *y)
{
	int order = (int)x->id.kind - (int)y->id.kind;

	if (!order)
		order = x->domain - y->domain;
	if (!order)
		order = (int)x->prefix - (int)y->prefix;
	if (!order && x->id.kind == IOS_ID_ADDRESS)
		order = ios_addr_compare(&x->id.addr, &y->id.addr);
	else if (!order)
		order = x->id.kind == IOS_ID_GROUP ? strcmp(x->id.text, y->id.text) :
						     strcasecmp(x->id.text, y->id.text);
	return order;
}

static int compare_claims(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	int order = compare_ids(x->match, y->match);

	if (!order)
		order = strcmp(x->profile->local.ifname, y->profile->local.ifname);
	if (!order)
		order = ios_addr_compare(&x->profile->local.addr, &y->profile->local.addr);
	return order;
}

/* As of compare_claims(); of those that are the same the one that stands first goes first. */
static int order_claims(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	int order = compare_claims(a, b);

	return order ? order : (x->profile->line > y->profile->line) - (x->profile->line < y->profile->line);
}

struct match_text {
	char s[IOS_HOST_MAX + 1];
};

static struct match_text match_text(const struct ios_match *match)
{
	char addr[IOS_ADDR_TEXT];
	struct match_text text;

	if (match->id.kind == IOS_ID_ADDRESS)
		snprintf(text.s, sizeof(text.s), "%s/%u", ios_addr_text(&match->id.addr, addr),
			 match->prefix);
	else
		snprintf(text.s, sizeof(text.s), "%s", match->id.text);
	return text;
}

/* What identities of two profiles for the same address of this side are about. */
void lint_claims(struct lint *l)
{
	const struct ios_profile *profile;
	const struct ios_match *match;
	struct claim *claims, *first;
	size_t n = 0, i;

	for (profile = l->cfg->profiles; profile; profile = profile->next)
		for (match = profile->matches; match; match = match->next)
			n++;
	claims = calloc(n + 1, sizeof(*claims));
	if (!claims) {
		l->nomem = true;
		return;
	}
	n = 0;
	for (profile = l->cfg->profiles; profile; profile = profile->next)
		for (match = profile->matches; match; match = match->next)
			claims[n++] = (struct claim){ .match = match, .profile = profile };
	qsort(claims, n, sizeof(*claims), order_claims);
	for (first = claims, i = 1; i < n; i++) {
		if (compare_claims(first, &claims[i]))
			first = &claims[i];
		else if (claims[i].profile != first->profile)
			SAY(l, IOS_WARNING, claims[i].profile->line,
			    "isakmp profile %s: match identity %s is of isakmp profile %s, too (line %u), which stands first and is taken for it",
			    claims[i].profile->name, match_text(claims[i].match).s, first->profile->name,
			    first->profile->line);
	}
	free(claims);
}
