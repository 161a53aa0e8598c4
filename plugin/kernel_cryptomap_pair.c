/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_pair.h"

/** UDP ports of IKE, one of them for peers where there is a NAT */
#define IKE_PORT 500
#define NATT_PORT 4500

/*
 * See header.
 */
u_int kernel_cryptomap_pair_hash(const void *key)
{
	const kernel_cryptomap_pair_t *pair = key;

	return chunk_hash_inc(pair->local->get_address(pair->local),
				chunk_hash(pair->remote->get_address(pair->remote)));
}

/*
 * See header.
 */
bool kernel_cryptomap_pair_is_mapped(host_t *remote)
{
	uint16_t port = remote->get_port(remote);

	return port && port != IKE_PORT && port != NATT_PORT;
}

/**
 * Whether the port of a peer is known: 500 is also that of one that has no SA.
 */
static bool has_port(host_t *remote)
{
	uint16_t port = remote->get_port(remote);

	return port && port != IKE_PORT;
}

/*
 * See header.
 */
bool kernel_cryptomap_pair_same_port(host_t *one, host_t *other)
{
	/* between the other two it changes when a NAT is found */
	return one->get_port(one) == other->get_port(other) ||
		   (!kernel_cryptomap_pair_is_mapped(one) &&
			!kernel_cryptomap_pair_is_mapped(other));
}

/*
 * See header.
 */
u_int kernel_cryptomap_pair_host_hash(const void *host)
{
	host_t *key = (host_t*)host;

	return chunk_hash(key->get_address(key));
}

/*
 * See header.
 */
bool kernel_cryptomap_pair_host_equals(const void *a, const void *b)
{
	host_t *one = (host_t*)a, *other = (host_t*)b;

	return one->ip_equals(one, other) && kernel_cryptomap_pair_same_port(one, other);
}

/*
 * See header.
 */
kernel_cryptomap_ike_t *kernel_cryptomap_pair_choose(
							const kernel_cryptomap_pair_t *pair, host_t *remote)
{
	kernel_cryptomap_ike_t *ike, *found = NULL;
	enumerator_t *enumerator;

	if (!has_port(remote) ||
		(pair->current &&
		 kernel_cryptomap_pair_same_port(pair->current->remote, remote)))
	{
		return pair->current;
	}
	enumerator = pair->ikes->create_enumerator(pair->ikes);
	while (enumerator->enumerate(enumerator, &ike))
	{
		if (ike->id && kernel_cryptomap_pair_same_port(ike->remote, remote))
		{
			found = ike;
		}
	}
	enumerator->destroy(enumerator);
	return found;
}

/*
 * See header.
 */
bool kernel_cryptomap_pair_equals(const void *a, const void *b)
{
	const kernel_cryptomap_pair_t *one = a, *two = b;

	if (!one->local->ip_equals(one->local, two->local) ||
		!one->remote->ip_equals(one->remote, two->remote))
	{
		return FALSE;
	}
	if (!one->profile)
	{
		return kernel_cryptomap_pair_choose(two, one->remote) != NULL;
	}
	if (!two->profile)
	{
		return kernel_cryptomap_pair_choose(one, two->remote) != NULL;
	}
	return streq(one->profile, two->profile);
}

/*
 * See header.
 */
kernel_cryptomap_pair_t *kernel_cryptomap_pair_create(host_t *local,
												host_t *remote, char *profile)
{
	kernel_cryptomap_pair_t *pair;

	INIT(pair,
		.local = local->clone(local),
		.remote = remote->clone(remote),
		.profile = strdup(profile),
		.ikes = linked_list_create(),
		.active = linked_list_create(),
		.waiting = linked_list_create(),
	);
	return pair;
}

/*
 * See header.
 */
void kernel_cryptomap_pair_destroy(kernel_cryptomap_pair_t *pair)
{
	pair->local->destroy(pair->local);
	pair->remote->destroy(pair->remote);
	free(pair->profile);
	pair->ikes->destroy(pair->ikes);
	pair->active->destroy(pair->active);
	pair->waiting->destroy(pair->waiting);
	free(pair);
}

/*
 * See header.
 */
bool kernel_cryptomap_pair_is_used(kernel_cryptomap_pair_t *pair)
{
	return pair->ikes->get_count(pair->ikes) || pair->creating || pair->handing ||
		   pair->active->get_count(pair->active) ||
		   pair->waiting->get_count(pair->waiting);
}

/*
 * See header.
 */
kernel_cryptomap_ike_t *kernel_cryptomap_ike_create(
												kernel_cryptomap_pair_t *pair)
{
	kernel_cryptomap_ike_t *ike;

	INIT(ike,
		.pair = pair,
	);
	pair->ikes->insert_last(pair->ikes, ike);
	return ike;
}

/*
 * See header.
 */
void kernel_cryptomap_ike_destroy(kernel_cryptomap_ike_t *ike)
{
	DESTROY_IF(ike->id);
	DESTROY_IF(ike->remote);
	free(ike->reason);
	free(ike);
}

/*
 * See header.
 */
void kernel_cryptomap_ike_set_reason(kernel_cryptomap_ike_t *ike,
									 const char *reason, bool refused)
{
	free(ike->reason);
	ike->reason = reason ? strdup(reason) : NULL;
	ike->refused = refused;
}

/*
 * See header.
 */
void kernel_cryptomap_ike_set_remote(kernel_cryptomap_ike_t *ike,
									 host_t *remote)
{
	remote = remote->clone(remote);
	DESTROY_IF(ike->remote);
	ike->remote = remote;
}

/*
 * See header.
 */
void kernel_cryptomap_ike_use(kernel_cryptomap_ike_t *ike, ike_sa_id_t *id,
							  host_t *remote)
{
	DESTROY_IF(ike->id);
	ike->id = id->clone(id);
	kernel_cryptomap_ike_set_remote(ike, remote);
	ike->pair->current = ike;
}

/*
 * See header.
 */
void kernel_cryptomap_ike_stop(kernel_cryptomap_ike_t *ike)
{
	DESTROY_IF(ike->id);
	ike->id = NULL;
	if (ike->pair->current == ike)
	{
		ike->pair->current = NULL;
	}
}
