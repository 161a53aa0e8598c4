// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Host names in a configuration.
 */
#include <netdb.h>
#include <string.h>

#include "ios/model.h"
#include "resolve.h"

/* Return: 0, or why not as of getaddrinfo(). */
static int resolve(const char *name, struct ios_addr *addr)
{
	struct addrinfo hints = { .ai_family = addr->family, .ai_socktype = SOCK_DGRAM }, *found;
	int err = getaddrinfo(name, NULL, &hints, &found);

	if (err)
		return err;
	if (addr->family == AF_INET)
		addr->v4 = ((const struct sockaddr_in *)found->ai_addr)->sin_addr;
	else
		addr->v6 = ((const struct sockaddr_in6 *)found->ai_addr)->sin6_addr;
	freeaddrinfo(found);
	return 0;
}

static int resolve_entry(struct ios_config *cfg, const struct ios_map *map, struct ios_entry *entry)
{
	struct ios_peer *peer;
	int err;

	for (peer = entry->peers; peer < entry->peers + entry->n_peers; peer++) {
		struct ios_addr addr = { .family = ios_entry_family(map, entry) };

		if (!peer->name || peer->dynamic)
			continue;
		err = resolve(peer->name, &addr);
		if (!err)
			ios_peer_resolved(peer, &addr);
		else if (ios_diag(cfg, IOS_ERROR, peer->line,
				  "peer %s cannot be resolved (%s); with \"dynamic\" behind it it is when a tunnel is to be set up",
				  peer->name, gai_strerror(err)))
			return -1;
	}
	return 0;
}

int resolve_peers(struct ios_config *cfg)
{
	struct ios_entry *entry;
	struct ios_map *map;
	int ret = 0;

	for (map = cfg->maps; map && !ret; map = map->next)
		for (entry = map->entries; entry && !ret; entry = entry->next)
			ret = resolve_entry(cfg, map, entry);
	ios_diags_finish(cfg);
	return ret;
}
