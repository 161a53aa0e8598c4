// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Peers of crypto map entries.
 */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "ios.h"

bool ios_peer_same(const struct ios_peer *a, const struct ios_peer *b)
{
	if (!a->name || !b->name)
		return !a->name && !b->name && ios_addr_same(&a->addr, &b->addr);
	return !strcasecmp(a->name, b->name);
}

const char *ios_peer_text(const struct ios_peer *peer, char *buf)
{
	if (!peer->name)
		return ios_addr_text(&peer->addr, buf);
	snprintf(buf, IOS_PEER_TEXT, "%s", peer->name);
	return buf;
}

void ios_peer_resolved(struct ios_peer *peer, const struct ios_addr *addr)
{
	free(peer->name);
	peer->name = NULL;
	peer->dynamic = false;
	peer->addr = *addr;
}

int ios_entry_family(const struct ios_map *map, const struct ios_entry *entry)
{
	size_t i;

	for (i = 0; i < entry->n_peers; i++)
		if (!entry->peers[i].name)
			return entry->peers[i].addr.family;
	return map->family;
}
