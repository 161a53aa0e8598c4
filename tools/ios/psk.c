// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pre-shared keys and keyrings.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "index.h"
#include "list.h"
#include "model.h"
#include "wipe.h"

struct ios_psk *ios_psk_add(struct ios_config *cfg, struct ios_keyring *ring)
{
	struct ios_psk *psk = calloc(1, sizeof(*psk));

	if (!psk)
		return NULL;
	psk->ring = ring;
	ios_list_push(ring ? &ring->psks : &cfg->psks, psk);
	return psk;
}

int ios_psk_index(struct ios_config *cfg, const struct ios_psk *psk)
{
	if (psk->addr.family != AF_INET || psk->prefix > 32)
		return 0;
	cfg->index->prefixes |= UINT64_C(1) << psk->prefix;
	return ios_index_add(cfg, INDEX_PSK + psk->prefix, psk->ring, psk->addr.v4.s_addr, NULL,
			     (void *)psk);
}

const struct ios_psk *ios_psk_exact(const struct ios_config *cfg, const struct ios_keyring *ring,
				    struct in_addr addr, unsigned int prefix)
{
	return ios_index_find(cfg, INDEX_PSK + prefix, ring, addr.s_addr, NULL);
}

void ios_psk_remove(struct ios_config *cfg, struct ios_psk *psk)
{
	struct ios_keyring *ring = (struct ios_keyring *)psk->ring;

	if (psk->addr.family == AF_INET && ios_psk_exact(cfg, ring, psk->addr.v4, psk->prefix) == psk)
		ios_index_del(cfg, INDEX_PSK + psk->prefix, ring, psk->addr.v4.s_addr, NULL);
	ios_list_unlink(ring ? &ring->psks : &cfg->psks, psk);
	wipe_free(psk, sizeof(*psk));
}

bool ios_prefix_match(const uint8_t *a, const uint8_t *b, unsigned int bits)
{
	unsigned int rest = bits % 8;

	if (memcmp(a, b, bits / 8))
		return false;
	return !rest || !((a[bits / 8] ^ b[bits / 8]) >> (8 - rest));
}

/* The keys of a keyring. */
static const struct ios_psk *psk_list(const struct ios_config *cfg, const struct ios_keyring *ring)
{
	return ring ? ring->psks : cfg->psks;
}

const struct ios_psk *ios_psk_find(const struct ios_config *cfg, const struct ios_keyring *ring,
				   int family, const void *addr)
{
	const struct ios_psk *psk, *best = NULL;
	struct in_addr v4, net;
	int bits;

	if (family == AF_INET) {
		memcpy(&v4, addr, sizeof(v4));
		for (bits = 32; bits >= 0; bits--) {
			if (!(cfg->index->prefixes >> bits & 1))
				continue;
			net.s_addr = bits ? v4.s_addr & htonl(UINT32_MAX << (32 - bits)) : 0;
			psk = ios_psk_exact(cfg, ring, net, bits);
			if (psk)
				return psk;
		}
		return NULL;
	}
	for (psk = psk_list(cfg, ring); psk; psk = psk->next)
		if (psk->addr.family == family &&
		    ios_prefix_match(psk->addr.bytes, addr, psk->prefix) &&
		    (!best || psk->prefix > best->prefix))
			best = psk;
	return best;
}

const struct ios_psk *ios_psk_find_host(const struct ios_config *cfg,
					const struct ios_keyring *ring, const char *name)
{
	const struct ios_psk *psk;

	for (psk = psk_list(cfg, ring); psk; psk = psk->next)
		if (psk->addr.family == AF_UNSPEC && !strcasecmp(psk->hostname, name))
			return psk;
	return NULL;
}

struct ios_keyring *ios_keyring_find(const struct ios_config *cfg, const char *name)
{
	return ios_index_find(cfg, INDEX_KEYRING, NULL, 0, name);
}

struct ios_keyring *ios_keyring_get(struct ios_config *cfg, const char *name)
{
	struct ios_keyring *ring = ios_keyring_find(cfg, name);

	if (ring)
		return ring;
	ring = calloc(1, sizeof(*ring));
	if (!ring)
		return NULL;
	snprintf(ring->name, sizeof(ring->name), "%s", name);
	return ios_object_add(cfg, &cfg->keyrings, INDEX_KEYRING, NULL, 0, ring->name, ring);
}

void ios_keyring_remove(struct ios_config *cfg, struct ios_keyring *ring)
{
	while (ring->psks)
		ios_psk_remove(cfg, ring->psks);
	ios_index_del(cfg, INDEX_KEYRING, NULL, 0, ring->name);
	ios_list_unlink(&cfg->keyrings, ring);
	free(ring->description);
	free(ring);
}
