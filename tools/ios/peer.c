// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crypto isakmp peer.
 */
#include <stdlib.h>
#include <string.h>

#include "index.h"
#include "list.h"
#include "model.h"
#include "wipe.h"

static uint32_t id_hash(const struct ios_id *id)
{
	return id->kind == IOS_ID_ADDRESS ?
		       ios_index_hash(id->addr.bytes, ios_addr_bits(id->addr.family) / 8) :
		       ios_index_hash_name(id->text);
}

struct ios_isakmp_peer *ios_isakmp_peer_find(const struct ios_config *cfg, const struct ios_id *id)
{
	struct ios_isakmp_peer *peer = ios_index_find(cfg, INDEX_PEER, NULL, id_hash(id), NULL);

	while (peer && !ios_id_same(&peer->peer, id))
		peer = peer->alike;
	return peer;
}

struct ios_isakmp_peer *ios_isakmp_peer_add(struct ios_config *cfg, const struct ios_id *id)
{
	struct ios_isakmp_peer *peer = calloc(1, sizeof(*peer));

	if (!peer)
		return NULL;
	peer->peer = *id;
	peer->alike = ios_index_find(cfg, INDEX_PEER, NULL, id_hash(id), NULL);
	return ios_object_add(cfg, &cfg->peers, INDEX_PEER, NULL, id_hash(id), NULL, peer);
}

/* Takes it off those with the same hash. */
static void peer_forget(struct ios_config *cfg, const struct ios_isakmp_peer *peer)
{
	uint32_t hash = id_hash(&peer->peer);
	struct ios_isakmp_peer *other = ios_index_find(cfg, INDEX_PEER, NULL, hash, NULL);

	if (other == peer && peer->alike) {
		ios_index_add(cfg, INDEX_PEER, NULL, hash, NULL, peer->alike);
		return;
	}
	if (other == peer) {
		ios_index_del(cfg, INDEX_PEER, NULL, hash, NULL);
		return;
	}
	while (other && other->alike != peer)
		other = other->alike;
	if (other)
		other->alike = peer->alike;
}

void ios_isakmp_peer_remove(struct ios_config *cfg, struct ios_isakmp_peer *peer)
{
	peer_forget(cfg, peer);
	ios_list_unlink(&cfg->peers, peer);
	free(peer->description);
	wipe_free(peer, sizeof(*peer));
}

const struct ios_isakmp_peer *ios_aggressive_peer(const struct ios_config *cfg,
						  const struct ios_addr *remote)
{
	struct ios_id id = { .kind = IOS_ID_ADDRESS, .addr = *remote };
	const struct ios_isakmp_peer *peer = ios_isakmp_peer_find(cfg, &id);

	return peer && !cfg->isakmp.no_aggressive && (peer->key_len || peer->endpoint.kind) ? peer :
											     NULL;
}
