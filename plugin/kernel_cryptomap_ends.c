/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_ends.h"

#include "kernel_cryptomap_identities.h"

#include <daemon.h>

/*
 * See header.
 */
struct ios_local kernel_cryptomap_ends_local(host_t *host)
{
	struct ios_local local = { .addr = kernel_cryptomap_addr(host) };
	char *name;

	if (charon->kernel->get_interface(charon->kernel, host, &name))
	{
		snprintf(local.ifname, sizeof(local.ifname), "%s", name);
		free(name);
	}
	return local;
}

/*
 * See header.
 */
const struct ios_profile *kernel_cryptomap_ends_profile(
										const struct ios_config *ios,
										char *profile)
{
	return ios && *profile ? ios_profile_find(ios, profile) : NULL;
}

/*
 * See header.
 */
bool kernel_cryptomap_ends_find(const struct ios_config *ios,
								kernel_cryptomap_ends_t *ends,
								struct ios_ends *found)
{
	*found = (struct ios_ends){
		.local = kernel_cryptomap_ends_local(ends->local),
		.remote = kernel_cryptomap_addr(ends->remote),
		.profile = kernel_cryptomap_ends_profile(ios, ends->profile),
	};
	return ios && (found->profile || !*ends->profile);
}

/**
 * Look up the names that the peer has; that of one for which there is a key by name
 * becomes its name.
 *
 * @return				what owns the name, to be given to put_names()
 */
static array_t *get_names(const struct ios_config *ios,
						  kernel_cryptomap_names_t *known, host_t *remote,
						  struct ios_ends *ends)
{
	const struct ios_psk *psk;
	array_t *names;
	char *name;
	int i;

	names = known->get(known, remote);
	for (i = 0; i < array_count(names); i++)
	{
		array_get(names, i, &name);
		ends->name = name;
		psk = ios_psk_lookup(ios, ends);
		if (psk && psk->hostname[0])
		{
			break;
		}
	}
	return names;
}

/**
 * Free what get_names() got.
 */
static void put_names(array_t *names)
{
	array_destroy_function(names, (void*)free, NULL);
}

/**
 * Whether there is a key by which this side can start.
 */
static bool has_key(const struct ios_config *ios, struct ios_ends *ends)
{
	const struct ios_id id = { .kind = IOS_ID_NONE };
	const uint8_t *key;
	size_t len;

	return ios_aggressive_key(ios, ends, &id, &key, &len);
}

/*
 * See header.
 */
bool kernel_cryptomap_ends_has_key(const struct ios_config *ios,
								   kernel_cryptomap_names_t *names,
								   kernel_cryptomap_ends_t *ends,
								   struct ios_ends *found, bool started)
{
	array_t *own;
	bool has;

	own = get_names(ios, names, ends->remote, found);
	has = (!started && ios_aggressive_wanted(ios)) || has_key(ios, found);
	put_names(own);
	return has;
}

/**
 * The pre-shared key for a peer whose names are known.
 */
static chunk_t find_key(const struct ios_config *ios, struct ios_ends *ends,
						bool aggressive, const struct ios_id *id)
{
	const struct ios_psk *psk;
	const uint8_t *key = NULL;
	size_t len = 0;

	if (aggressive)
	{
		ios_aggressive_key(ios, ends, id, &key, &len);
	}
	else if ((psk = ios_psk_lookup(ios, ends)))
	{
		key = psk->key;
		len = psk->key_len;
	}
	return chunk_clone(chunk_create((u_char*)key, len));
}

/*
 * See header.
 */
chunk_t kernel_cryptomap_ends_key(const struct ios_config *ios,
								  kernel_cryptomap_names_t *names,
								  kernel_cryptomap_ends_t *ends,
								  struct ios_ends *found, bool aggressive,
								  const struct ios_id *id)
{
	array_t *own;
	chunk_t key;

	own = get_names(ios, names, ends->remote, found);
	key = find_key(ios, found, aggressive, id);
	put_names(own);
	return key;
}

/**
 * What a profile, or crypto isakmp peer, has this side call itself, NULL for
 * nothing.
 */
static const struct ios_id *find_self(const struct ios_config *ios,
									  struct ios_ends *ends, bool aggressive)
{
	const struct ios_isakmp_peer *peer;

	if (ends->profile)
	{
		return ends->profile->self.kind ? &ends->profile->self : NULL;
	}
	peer = aggressive ? ios_aggressive_peer(ios, &ends->remote) : NULL;
	return peer && peer->endpoint.kind ? &peer->endpoint : NULL;
}

/*
 * See header.
 */
identification_t *kernel_cryptomap_ends_self(const struct ios_config *ios,
											 kernel_cryptomap_ends_t *ends,
											 struct ios_ends *found,
											 bool aggressive,
											 identification_t *subject)
{
	static const struct ios_id own_name = { .kind = IOS_ID_FQDN };
	static const struct ios_id own_address = { .kind = IOS_ID_ADDRESS };
	const struct ios_id *id = NULL;
	identification_t *self;
	bool by_name = FALSE;

	if (ios)
	{
		id = find_self(ios, found, aggressive);
		if (!id && ios->isakmp.identity == IOS_IDENTITY_HOSTNAME)
		{
			id = &own_name;
		}
		by_name = id ? id->kind == IOS_ID_DN :
					   ios->isakmp.identity == IOS_IDENTITY_DN;
	}
	if (by_name)
	{
		return subject ? subject->clone(subject) :
						 kernel_cryptomap_identity(&own_address, ends->local);
	}
	self = kernel_cryptomap_identity(id ?: &own_address, ends->local);
	return self ?: kernel_cryptomap_identity(&own_address, ends->local);
}
