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

static unsigned int psk_kind(const struct ios_psk *psk)
{
	if (psk->addr.family == AF_INET)
		return INDEX_PSK + psk->prefix;
	return psk->addr.family == AF_INET6 ? INDEX_PSK_SIX : INDEX_PSK_HOST;
}

static uint32_t psk_hash(const struct ios_psk *psk)
{
	if (psk->addr.family == AF_INET)
		return psk->addr.v4.s_addr;
	if (psk->addr.family == AF_INET6)
		return ios_index_hash(psk->addr.bytes, sizeof(psk->addr.bytes)) ^ psk->prefix;
	return ios_index_hash_name(psk->hostname);
}

int ios_psk_index(struct ios_config *cfg, struct ios_psk *psk)
{
	if (psk->addr.family == AF_INET)
		cfg->index->prefixes |= UINT64_C(1) << psk->prefix;
	else if (psk->addr.family == AF_INET6)
		cfg->index->prefixes_six[psk->prefix] = true;
	return ios_index_put(cfg, psk_kind(psk), psk->ring, psk_hash(psk), psk);
}

static bool same_peer(const void *obj, const void *wanted)
{
	const struct ios_psk *a = obj, *b = wanted;

	return a->prefix == b->prefix && ios_addr_same(&a->addr, &b->addr) &&
	       !strcasecmp(a->hostname, b->hostname);
}

struct ios_psk *ios_psk_same(const struct ios_config *cfg, const struct ios_psk *psk)
{
	return ios_index_like(cfg, psk_kind(psk), psk->ring, psk_hash(psk), same_peer, psk);
}

void ios_psk_remove(struct ios_config *cfg, struct ios_psk *psk)
{
	struct ios_keyring *ring = (struct ios_keyring *)psk->ring;

	ios_index_drop(cfg, psk_kind(psk), psk->ring, psk_hash(psk), psk);
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

/* Whether any keyring has a key with a mask of so many bits. */
static bool has_prefix(const struct ios_config *cfg, int family, unsigned int bits)
{
	return family == AF_INET ? cfg->index->prefixes >> bits & 1 :
				   cfg->index->prefixes_six[bits];
}

const struct ios_psk *ios_psk_find(const struct ios_config *cfg, const struct ios_keyring *ring,
				   int family, const void *addr)
{
	struct ios_psk wanted = { .ring = ring, .addr.family = family };
	const struct ios_psk *psk;
	struct ios_addr wild;
	int bits;

	for (bits = ios_addr_bits(family); bits >= 0; bits--) {
		if (!has_prefix(cfg, family, bits))
			continue;
		memcpy(wanted.addr.bytes, addr, ios_addr_bits(family) / 8);
		wild = ios_wild(family, bits);
		ios_addr_mask(&wanted.addr, &wild);
		wanted.prefix = bits;
		psk = ios_psk_same(cfg, &wanted);
		if (psk)
			return psk;
	}
	return NULL;
}

const struct ios_psk *ios_psk_find_host(const struct ios_config *cfg,
					const struct ios_keyring *ring, const char *name)
{
	struct ios_psk wanted = { .ring = ring };

	snprintf(wanted.hostname, sizeof(wanted.hostname), "%s", name);
	return ios_psk_same(cfg, &wanted);
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
