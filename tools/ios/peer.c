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

static bool is_peer(const void *obj, const void *wanted)
{
	const struct ios_isakmp_peer *peer = obj;

	return ios_id_same(&peer->peer, wanted);
}

struct ios_isakmp_peer *ios_isakmp_peer_find(const struct ios_config *cfg, const struct ios_id *id)
{
	return ios_index_like(cfg, INDEX_PEER, NULL, ios_id_hash(id), is_peer, id);
}

struct ios_isakmp_peer *ios_isakmp_peer_add(struct ios_config *cfg, const struct ios_id *id)
{
	struct ios_isakmp_peer *peer = calloc(1, sizeof(*peer));

	if (!peer)
		return NULL;
	if (ios_index_put(cfg, INDEX_PEER, NULL, ios_id_hash(id), peer)) {
		free(peer);
		return NULL;
	}
	peer->peer = *id;
	ios_list_push(&cfg->peers, peer);
	return peer;
}

void ios_isakmp_peer_remove(struct ios_config *cfg, struct ios_isakmp_peer *peer)
{
	ios_index_drop(cfg, INDEX_PEER, NULL, ios_id_hash(&peer->peer), peer);
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
