// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Isakmp profiles: which peers they have, and whose keys.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "index.h"
#include "list.h"
#include "model.h"

struct ios_profile *ios_profile_find(const struct ios_config *cfg, const char *name)
{
	return ios_index_find(cfg, INDEX_PROFILE, NULL, 0, name);
}

struct ios_profile *ios_profile_get(struct ios_config *cfg, const char *name)
{
	struct ios_profile *profile = ios_profile_find(cfg, name);

	if (profile)
		return profile;
	profile = calloc(1, sizeof(*profile));
	if (!profile)
		return NULL;
	snprintf(profile->name, sizeof(profile->name), "%s", name);
	return ios_object_add(cfg, &cfg->profiles, INDEX_PROFILE, NULL, 0, profile->name, profile);
}

static uint32_t client_hash(enum ios_clients kind, const char *text)
{
	return ios_index_hash(text, strlen(text)) ^ kind;
}

static bool same_client(const void *obj, const void *wanted)
{
	const struct ios_client *a = obj, *b = wanted;

	return a->kind == b->kind && !strcmp(a->text, b->text);
}

static struct ios_client *client_find(const struct ios_config *cfg,
				      const struct ios_profile *profile, enum ios_clients kind,
				      const char *text)
{
	const struct ios_client wanted = { .kind = kind, .text = (char *)text };

	return ios_index_like(cfg, INDEX_CLIENT, profile, client_hash(kind, text), same_client,
			      &wanted);
}

static void client_free(struct ios_config *cfg, struct ios_profile *profile,
			struct ios_client *client)
{
	ios_index_drop(cfg, INDEX_CLIENT, profile, client_hash(client->kind, client->text), client);
	ios_list_unlink(&profile->clients, client);
	free(client->text);
	free(client);
}

void ios_profile_remove(struct ios_config *cfg, struct ios_profile *profile)
{
	while (profile->matches)
		ios_match_remove(cfg, profile, profile->matches);
	while (profile->clients)
		client_free(cfg, profile, profile->clients);
	ios_index_del(cfg, INDEX_PROFILE, NULL, 0, profile->name);
	ios_list_unlink(&cfg->profiles, profile);
	free(profile->description);
	free(profile);
}

int ios_client_add(struct ios_config *cfg, struct ios_profile *profile, enum ios_clients kind,
		   const char *text, unsigned int line)
{
	struct ios_client *client;

	if (client_find(cfg, profile, kind, text))
		return 0;
	client = calloc(1, sizeof(*client));
	if (client)
		client->text = strdup(text);
	if (!client || !client->text ||
	    ios_index_put(cfg, INDEX_CLIENT, profile, client_hash(kind, text), client)) {
		if (client)
			free(client->text);
		free(client);
		return -1;
	}
	client->kind = kind;
	client->line = line;
	ios_list_push(&profile->clients, client);
	return 0;
}

void ios_client_remove(struct ios_config *cfg, struct ios_profile *profile, enum ios_clients kind,
		       const char *text)
{
	struct ios_client *client = text ? client_find(cfg, profile, kind, text) : NULL, *next;

	if (client)
		client_free(cfg, profile, client);
	for (client = text ? NULL : profile->clients; client; client = next) {
		next = client->next;
		if (client->kind == kind)
			client_free(cfg, profile, client);
	}
}

bool ios_id_same(const struct ios_id *a, const struct ios_id *b)
{
	if (a->kind != b->kind)
		return false;
	return a->kind == IOS_ID_ADDRESS ? ios_addr_same(&a->addr, &b->addr) :
					   !strcasecmp(a->text, b->text);
}

uint32_t ios_id_hash(const struct ios_id *id)
{
	return id->kind == IOS_ID_ADDRESS ?
		       ios_index_hash(id->addr.bytes, ios_addr_bits(id->addr.family) / 8) :
		       ios_index_hash_name(id->text);
}

static uint32_t match_hash(const struct ios_match *match)
{
	return ios_id_hash(&match->id) ^ match->prefix ^
	       ios_index_hash(match->vrf, strlen(match->vrf)) * 31;
}

static bool same_match(const void *obj, const void *wanted)
{
	const struct ios_match *a = obj, *b = wanted;

	return ios_id_same(&a->id, &b->id) && a->prefix == b->prefix && a->domain == b->domain &&
	       !strcmp(a->vrf, b->vrf);
}

struct ios_match *ios_match_find(const struct ios_config *cfg, const struct ios_profile *profile,
				 const struct ios_match *match)
{
	return ios_index_like(cfg, INDEX_MATCH, profile, match_hash(match), same_match, match);
}

int ios_match_add(struct ios_config *cfg, struct ios_profile *profile, const struct ios_match *match)
{
	struct ios_match *copy = malloc(sizeof(*copy));

	if (!copy)
		return -1;
	*copy = *match;
	if (ios_index_put(cfg, INDEX_MATCH, profile, match_hash(copy), copy)) {
		free(copy);
		return -1;
	}
	ios_list_push(&profile->matches, copy);
	return 0;
}

void ios_match_remove(struct ios_config *cfg, struct ios_profile *profile, struct ios_match *match)
{
	ios_index_drop(cfg, INDEX_MATCH, profile, match_hash(match), match);
	ios_list_unlink(&profile->matches, match);
	free(match);
}

/* Whether a host or user is of a domain: what ends in it, after a dot or the "@". */
static bool of_domain(const char *name, const char *domain)
{
	size_t len = strlen(name), end = strlen(domain);

	return len > end && !strcasecmp(name + len - end, domain) &&
	       (name[len - end - 1] == '.' || name[len - end - 1] == '@');
}

static bool matches(const struct ios_match *match, const struct ios_id *id)
{
	if (match->id.kind != id->kind)
		return false;
	if (id->kind == IOS_ID_ADDRESS)
		return match->id.addr.family == id->addr.family &&
		       ios_prefix_match(match->id.addr.bytes, id->addr.bytes, match->prefix);
	if (match->domain)
		return of_domain(id->text, match->id.text);
	/* a group is a key, not a name */
	return id->kind == IOS_ID_GROUP ? !strcmp(match->id.text, id->text) :
					  !strcasecmp(match->id.text, id->text);
}

bool ios_profile_identity(const struct ios_profile *profile, const struct ios_id *id)
{
	const struct ios_match *match;

	for (match = profile->matches; match; match = match->next)
		if (matches(match, id))
			return true;
	return false;
}

bool ios_profile_certificate(const struct ios_config *cfg, const struct ios_profile *profile,
			     const struct ios_cert_names *names)
{
	size_t i;

	for (i = 0; names && i < profile->n_cert_maps; i++)
		if (ios_cert_map_has(cfg, profile->cert_maps[i], names))
			return true;
	return false;
}

bool ios_profile_has(const struct ios_config *cfg, const struct ios_profile *profile,
		     const struct ios_id *id, const struct ios_cert_names *names)
{
	return ios_profile_identity(profile, id) || ios_profile_certificate(cfg, profile, names);
}

/* Whether what is for some addresses of this side, if for any, is for this one. */
static bool is_local(const struct ios_local *only, const struct ios_local *local)
{
	if (!local->addr.family)
		return true;
	if (*only->ifname)
		return !strcmp(only->ifname, local->ifname);
	return !only->addr.family || ios_addr_same(&only->addr, &local->addr);
}

bool ios_profile_at(const struct ios_profile *profile, const struct ios_local *local)
{
	return is_local(&profile->local, local);
}

const struct ios_profile *ios_profile_of(const struct ios_config *cfg, const struct ios_local *local,
					 const struct ios_id *id,
					 const struct ios_cert_names *names)
{
	const struct ios_profile *profile;

	for (profile = cfg->profiles; profile; profile = profile->next)
		if (ios_profile_at(profile, local) && ios_profile_has(cfg, profile, id, names))
			return profile;
	return NULL;
}

/*
 * The keyring of this rank; false when it has no keys for these ends. NULL are the keys of crypto
 * isakmp key.
 */
static bool keyring_at(const struct ios_config *cfg, const struct ios_ends *ends, size_t i,
		       const struct ios_keyring **ring)
{
	const struct ios_profile *profile = ends->profile;

	*ring = NULL;
	if (!profile || !profile->n_keyrings || !strcmp(profile->keyrings[i], IOS_KEYRING_DEFAULT))
		return true;
	*ring = ios_keyring_find(cfg, profile->keyrings[i]);
	return *ring && is_local(&(*ring)->local, &ends->local);
}

/* How many keyrings count. */
static size_t keyring_count(const struct ios_ends *ends)
{
	return ends->profile && ends->profile->n_keyrings ? ends->profile->n_keyrings : 1;
}

/* The key for a peer by its name. */
static const struct ios_psk *name_key(const struct ios_config *cfg, const struct ios_ends *ends,
				      const char *name)
{
	const struct ios_psk *psk = NULL;
	const struct ios_keyring *ring;
	size_t i;

	for (i = 0; !psk && i < keyring_count(ends); i++)
		if (keyring_at(cfg, ends, i, &ring))
			psk = ios_psk_find_host(cfg, ring, name);
	return psk;
}

/* The key for the name that a peer tells. */
static const struct ios_psk *host_key(const struct ios_config *cfg, const struct ios_ends *ends,
				      const struct ios_id *id)
{
	if (id->kind != IOS_ID_FQDN && id->kind != IOS_ID_USER)
		return NULL;
	return name_key(cfg, ends, id->text);
}

/* The key for the address of a peer. */
static const struct ios_psk *address_key(const struct ios_config *cfg, const struct ios_ends *ends)
{
	const struct ios_psk *psk, *best = NULL;
	const struct ios_keyring *ring;
	size_t i;

	for (i = 0; i < keyring_count(ends); i++) {
		if (!keyring_at(cfg, ends, i, &ring))
			continue;
		psk = ios_psk_find(cfg, ring, ends->remote.family, ends->remote.bytes);
		if (psk && (!best || psk->prefix > best->prefix))
			best = psk;
	}
	return best;
}

/* Whether a key is for this address alone. */
static bool is_own(const struct ios_psk *psk, const struct ios_ends *ends)
{
	return psk && psk->prefix == ios_addr_bits(ends->remote.family);
}

const struct ios_psk *ios_psk_lookup(const struct ios_config *cfg, const struct ios_ends *ends)
{
	const struct ios_psk *psk = address_key(cfg, ends), *named = NULL;

	if (ends->name && !is_own(psk, ends))
		named = name_key(cfg, ends, ends->name);
	return named ? named : psk;
}

/* ------------------------------------------------------------- aggressive mode */

/* crypto isakmp peer of a name, if it says something about aggressive mode */
static const struct ios_isakmp_peer *named_peer(const struct ios_config *cfg,
						const struct ios_id *id)
{
	const struct ios_isakmp_peer *peer = NULL;

	if (id->kind == IOS_ID_FQDN)
		peer = ios_isakmp_peer_find(cfg, id);
	return peer && (peer->key_len || peer->endpoint.kind) ? peer : NULL;
}

bool ios_aggressive_starts(const struct ios_config *cfg, const struct ios_ends *ends)
{
	if (ends->profile)
		return ends->profile->aggressive && !cfg->isakmp.no_aggressive;
	return ios_aggressive_peer(cfg, &ends->remote);
}

bool ios_aggressive_accepts(const struct ios_config *cfg, const struct ios_ends *ends,
			    const struct ios_id *id)
{
	if (cfg->isakmp.no_aggressive)
		return false;
	return ios_aggressive_starts(cfg, ends) || (!ends->profile && named_peer(cfg, id)) ||
	       host_key(cfg, ends, id);
}

static bool has_host_key(const struct ios_psk *psk)
{
	while (psk && psk->addr.family != AF_UNSPEC)
		psk = psk->next;
	return psk;
}

bool ios_aggressive_wanted(const struct ios_config *cfg)
{
	const struct ios_isakmp_peer *peer;
	const struct ios_profile *profile;
	const struct ios_keyring *ring;

	if (cfg->isakmp.no_aggressive)
		return false;
	for (peer = cfg->peers; peer; peer = peer->next)
		if (peer->key_len || peer->endpoint.kind)
			return true;
	for (profile = cfg->profiles; profile; profile = profile->next)
		if (profile->aggressive)
			return true;
	for (ring = cfg->keyrings; ring; ring = ring->next)
		if (has_host_key(ring->psks))
			return true;
	return has_host_key(cfg->psks);
}

bool ios_aggressive_key(const struct ios_config *cfg, const struct ios_ends *ends,
			const struct ios_id *id, const uint8_t **key, size_t *len)
{
	const struct ios_psk *psk = ios_psk_lookup(cfg, ends), *named;
	const struct ios_isakmp_peer *peer = NULL;

	if (!ends->profile)
		peer = ios_aggressive_peer(cfg, &ends->remote);
	if (peer && !peer->key_len)
		peer = NULL;
	/* a name that is told from an address with a key of its own chooses no other one */
	if (!peer && !is_own(psk, ends)) {
		if (!ends->profile)
			peer = named_peer(cfg, id);
		named = host_key(cfg, ends, id);
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
