// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Host names in a configuration.
 */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "ios/list.h"
#include "ios/model.h"
#include "resolve.h"

/* The first address that a peer can have. Return: 0, or why not as of getaddrinfo(). */
static int resolve(const char *name, struct ios_addr *addr)
{
	struct addrinfo hints = { .ai_family = addr->family, .ai_socktype = SOCK_DGRAM }, *found, *f;
	int err = getaddrinfo(name, NULL, &hints, &found);

	if (err)
		return err;
	err = EAI_NONAME;
	for (f = found; f && err; f = f->ai_next) {
		if (f->ai_family == AF_INET)
			addr->v4 = ((const struct sockaddr_in *)f->ai_addr)->sin_addr;
		else
			addr->v6 = ((const struct sockaddr_in6 *)f->ai_addr)->sin6_addr;
		if (ios_addr_unicast(addr))
			err = 0;
	}
	freeaddrinfo(found);
	return err;
}

/* Two names, or a name and an address, may be one peer: the first counts. */
static void drop_same(struct ios_entry *entry)
{
	size_t i, j, kept = 0;

	for (i = 0; i < entry->n_peers; i++) {
		for (j = 0; j < kept && !ios_peer_same(&entry->peers[j], &entry->peers[i]); j++)
			;
		if (j == kept)
			entry->peers[kept++] = entry->peers[i];
		else
			free(entry->peers[i].name);
	}
	entry->n_peers = kept;
}

/*
 * A name that has no address now stays one that has it when a tunnel is to be set up: a load at
 * boot, before the network is there, must not fail, as all would pass in clear.
 *
 * Return: 0 or -1.
 */
static int leave(struct ios_config *cfg, const struct ios_entry *entry, struct ios_peer *peer, int why)
{
	if (entry->kind == IOS_KIND_MANUAL)
		return ios_diag(cfg, IOS_ERROR, peer->line, "peer %s cannot be resolved (%s)",
				peer->name, gai_strerror(why));
	peer->dynamic = true;
	return ios_diag(cfg, IOS_WARNING, peer->line,
			"peer %s cannot be resolved (%s): it is dynamic, resolved when a tunnel is to be set up",
			peer->name, gai_strerror(why));
}

/* A resolver that does not answer is not asked again: *down is its error then. Return: 0 or -1. */
static int resolve_entry(struct ios_config *cfg, const struct ios_map *map, struct ios_entry *entry,
			 int *down)
{
	struct ios_peer *peer;
	int err;

	for (peer = entry->peers; peer < entry->peers + entry->n_peers; peer++) {
		struct ios_addr addr = { .family = ios_entry_family(map, entry) };

		if (!peer->name || peer->dynamic)
			continue;
		err = *down ? *down : resolve(peer->name, &addr);
		if (err == EAI_AGAIN)
			*down = err;
		if (!err)
			ios_peer_resolved(peer, &addr);
		else if (leave(cfg, entry, peer, err))
			return -1;
	}
	drop_same(entry);
	return 0;
}

static int resolve_maps(struct ios_config *cfg, const struct ios_map *map, int *down)
{
	struct ios_entry *entry;
	int ret = 0;

	for (; map && !ret; map = map->next)
		for (entry = map->entries; entry && !ret; entry = entry->next)
			ret = resolve_entry(cfg, map, entry, down);
	return ret;
}

int resolve_peers(struct ios_config *cfg)
{
	int down = 0, ret;

	/* back to the order in which they came, which ios_diags_finish() starts from */
	ios_list_reverse(&cfg->diags);
	ret = resolve_maps(cfg, cfg->dynamics, &down);
	if (!ret)
		ret = resolve_maps(cfg, cfg->maps, &down);
	ios_diags_finish(cfg);
	return ret;
}
