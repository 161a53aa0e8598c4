// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crypto isakmp peer, and what it means for aggressive mode.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "list.h"
#include "model.h"

static bool id_same(const struct ios_id *a, const struct ios_id *b)
{
	if (a->kind != b->kind)
		return false;
	return a->kind == IOS_ID_ADDRESS ? ios_addr_same(&a->addr, &b->addr) :
					   !strcasecmp(a->text, b->text);
}

struct ios_isakmp_peer *ios_isakmp_peer_find(const struct ios_config *cfg, const struct ios_id *id)
{
	struct ios_isakmp_peer *peer;

	for (peer = cfg->peers; peer; peer = peer->next)
		if (id_same(&peer->peer, id))
			return peer;
	return NULL;
}

struct ios_isakmp_peer *ios_isakmp_peer_add(struct ios_config *cfg, const struct ios_id *id)
{
	struct ios_isakmp_peer *peer = calloc(1, sizeof(*peer));

	if (!peer)
		return NULL;
	peer->peer = *id;
	ios_list_push(&cfg->peers, peer);
	return peer;
}

void ios_isakmp_peer_remove(struct ios_config *cfg, struct ios_isakmp_peer *peer)
{
	ios_list_unlink(&cfg->peers, peer);
	free(peer->description);
	explicit_bzero(peer, sizeof(*peer));
	free(peer);
}

/* The one of an identity, if it says something about aggressive mode. */
static const struct ios_isakmp_peer *aggressive(const struct ios_config *cfg,
						const struct ios_id *id)
{
	const struct ios_isakmp_peer *peer = ios_isakmp_peer_find(cfg, id);

	return peer && (peer->key_len || peer->endpoint.kind) ? peer : NULL;
}

const struct ios_isakmp_peer *ios_aggressive_peer(const struct ios_config *cfg,
						  const struct ios_addr *remote)
{
	struct ios_id id = { .kind = IOS_ID_ADDRESS, .addr = *remote };

	return cfg->isakmp.no_aggressive ? NULL : aggressive(cfg, &id);
}

static const struct ios_psk *host_key(const struct ios_config *cfg, const struct ios_id *id)
{
	return id->kind == IOS_ID_FQDN || id->kind == IOS_ID_USER ?
		       ios_psk_find_host(cfg, id->text) : NULL;
}

bool ios_aggressive_accepts(const struct ios_config *cfg, const struct ios_addr *remote,
			    const struct ios_id *id)
{
	if (cfg->isakmp.no_aggressive)
		return false;
	return ios_aggressive_peer(cfg, remote) ||
	       (id->kind == IOS_ID_FQDN && aggressive(cfg, id)) || host_key(cfg, id);
}

bool ios_aggressive_wanted(const struct ios_config *cfg)
{
	const struct ios_isakmp_peer *peer;
	const struct ios_psk *psk;

	if (cfg->isakmp.no_aggressive)
		return false;
	for (peer = cfg->peers; peer; peer = peer->next)
		if (peer->key_len || peer->endpoint.kind)
			return true;
	for (psk = cfg->psks; psk; psk = psk->next)
		if (psk->addr.family == AF_UNSPEC)
			return true;
	return false;
}

bool ios_aggressive_key(const struct ios_config *cfg, const struct ios_addr *remote,
			const struct ios_id *id, const uint8_t **key, size_t *len)
{
	const struct ios_isakmp_peer *peer = ios_aggressive_peer(cfg, remote);
	const struct ios_psk *psk = ios_psk_find(cfg, remote->family, remote->bytes), *named;
	bool own = psk && psk->prefix == (remote->family == AF_INET6 ? 128 : 32);

	if (peer && !peer->key_len)
		peer = NULL;
	/* a name that is told from an address with a key of its own chooses no other one */
	if (!peer && !own) {
		if (id->kind == IOS_ID_FQDN)
			peer = aggressive(cfg, id);
		named = host_key(cfg, id);
		if (named)
			psk = named;
	}
	if (peer && peer->key_len) {
		*key = peer->key;
		*len = peer->key_len;
		return true;
	}
	if (!psk)
		return false;
	*key = psk->key;
	*len = psk->key_len;
	return true;
}
