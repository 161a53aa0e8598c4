// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The checks of keyrings and isakmp profiles.
 */
#include <stdio.h>
#include <string.h>

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

static void lint_keyring(struct lint *l, const struct ios_keyring *ring)
{
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
	};
	size_t i;

	for (i = 0; i < IOS_CLIENTS; i++) {
		if (profile->clients[i] && profile->bound)
			SAY(l, IOS_ERROR, profile->clients[i],
			    "%s not supported in this version, and isakmp profile %s is of a crypto map on an interface",
			    what[i], profile->name);
		else if (profile->clients[i])
			SAY(l, IOS_WARNING, profile->clients[i],
			    "%s not supported in this version and left out", what[i]);
	}
}

static void lint_profile(struct lint *l, const struct ios_profile *profile)
{
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
