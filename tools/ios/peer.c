// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crypto isakmp peer.
 */
#include <stdlib.h>
#include <string.h>

#include "list.h"
#include "model.h"
#include "wipe.h"

struct ios_isakmp_peer *ios_isakmp_peer_find(const struct ios_config *cfg, const struct ios_id *id)
{
	struct ios_isakmp_peer *peer;

	for (peer = cfg->peers; peer; peer = peer->next)
		if (ios_id_same(&peer->peer, id))
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
