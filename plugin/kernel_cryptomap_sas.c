/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_sas.h"

#include <collections/hashtable.h>
#include <threading/mutex.h>

typedef struct private_kernel_cryptomap_sas_t private_kernel_cryptomap_sas_t;

struct private_kernel_cryptomap_sas_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_sas_t public;

	/**
	 * SAs, entry_t by destination and SPI.
	 */
	hashtable_t *table;

	/**
	 * Who they are with, peer_t by address.
	 */
	hashtable_t *peers;

	/**
	 * Number of the last comparison with the kernel.
	 */
	u_int compared;

	/**
	 * Protects all of it.
	 */
	mutex_t *mutex;
};

typedef struct entry_t entry_t;

/**
 * A peer that there are SAs with.
 */
typedef struct {
	/** its address */
	host_t *remote;
	/** the SAs, NULL when there are none: it goes with the last one */
	entry_t *first;
} peer_t;

/**
 * An SA.
 */
struct entry_t {
	/** destination */
	host_t *dst;
	/** SPI, network order */
	uint32_t spi;
	/** what is known about it */
	kernel_cryptomap_sa_t sa;
	/** last comparison with the kernel that it was in */
	u_int seen;
	/** who it is with */
	peer_t *peer;
	/** next one with the same peer, and what refers to this one */
	entry_t *next, **link;
};

/**
 * Hash an SA.
 */
static u_int hash(const void *key)
{
	const entry_t *entry = key;

	return chunk_hash_inc(entry->dst->get_address(entry->dst), entry->spi);
}

/**
 * Compare two SAs.
 */
static bool equals(const void *a, const void *b)
{
	const entry_t *one = a, *two = b;

	return one->spi == two->spi && one->dst->ip_equals(one->dst, two->dst);
}

/**
 * Hash a peer.
 */
static u_int peer_hash(const void *key)
{
	const peer_t *peer = key;

	return chunk_hash(peer->remote->get_address(peer->remote));
}

/**
 * Compare two peers.
 */
static bool peer_equals(const void *a, const void *b)
{
	const peer_t *one = a, *two = b;

	return one->remote->ip_equals(one->remote, two->remote);
}

/**
 * Find a peer. Mutex held.
 */
static peer_t *find_peer(private_kernel_cryptomap_sas_t *this, host_t *remote)
{
	peer_t key = { .remote = remote };

	return this->peers->get(this->peers, &key);
}

/**
 * Let a peer know of an SA with it. Mutex held.
 */
static void link_entry(private_kernel_cryptomap_sas_t *this, entry_t *entry,
					   host_t *remote)
{
	peer_t *peer;

	peer = find_peer(this, remote);
	if (!peer)
	{
		INIT(peer,
			.remote = remote->clone(remote),
		);
		this->peers->put(this->peers, peer, peer);
	}
	entry->peer = peer;
	entry->next = peer->first;
	entry->link = &peer->first;
	if (entry->next)
	{
		entry->next->link = &entry->next;
	}
	peer->first = entry;
}

/**
 * Destroy an SA that is not in the table any more. Mutex held.
 */
static void destroy_entry(private_kernel_cryptomap_sas_t *this, entry_t *entry)
{
	peer_t *peer = entry->peer;

	*entry->link = entry->next;
	if (entry->next)
	{
		entry->next->link = entry->link;
	}
	if (!peer->first)
	{
		this->peers->remove(this->peers, peer);
		peer->remote->destroy(peer->remote);
		free(peer);
	}
	entry->dst->destroy(entry->dst);
	free(entry);
}

METHOD(kernel_cryptomap_sas_t, add, void,
	private_kernel_cryptomap_sas_t *this, host_t *src, host_t *dst,
	uint32_t spi, kernel_cryptomap_sa_t *sa)
{
	entry_t *entry, *old;

	INIT(entry,
		.dst = dst->clone(dst),
		.spi = spi,
		.sa = *sa,
	);
	this->mutex->lock(this->mutex);
	entry->seen = this->compared;
	link_entry(this, entry, sa->inbound ? src : dst);
	old = this->table->put(this->table, entry, entry);
	if (old)
	{
		destroy_entry(this, old);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_sas_t, get, bool,
	private_kernel_cryptomap_sas_t *this, host_t *dst, uint32_t spi,
	kernel_cryptomap_sa_t *sa)
{
	entry_t key = { .dst = dst, .spi = spi }, *entry;

	this->mutex->lock(this->mutex);
	entry = this->table->get(this->table, &key);
	if (entry && sa)
	{
		*sa = entry->sa;
	}
	this->mutex->unlock(this->mutex);
	return entry != NULL;
}

METHOD(kernel_cryptomap_sas_t, remove_, bool,
	private_kernel_cryptomap_sas_t *this, host_t *dst, uint32_t spi,
	kernel_cryptomap_sa_t *sa)
{
	entry_t key = { .dst = dst, .spi = spi }, *entry;

	this->mutex->lock(this->mutex);
	entry = this->table->remove(this->table, &key);
	if (entry)
	{
		*sa = entry->sa;
		destroy_entry(this, entry);
	}
	this->mutex->unlock(this->mutex);
	return entry != NULL;
}

METHOD(kernel_cryptomap_sas_t, has_peer, bool,
	private_kernel_cryptomap_sas_t *this, host_t *remote)
{
	entry_t *entry = NULL;
	peer_t *peer;

	this->mutex->lock(this->mutex);
	peer = find_peer(this, remote);
	if (peer)
	{
		entry = peer->first;
	}
	while (entry && entry->sa.inbound)
	{
		entry = entry->next;
	}
	this->mutex->unlock(this->mutex);
	return entry != NULL;
}

/**
 * Put the name of an SA into an array.
 */
static void insert_name(array_t *names, entry_t *entry)
{
	kernel_cryptomap_sa_name_t name = {
		.dst = entry->dst->clone(entry->dst),
		.spi = entry->spi,
		.inbound = entry->sa.inbound,
	};

	array_insert(names, ARRAY_TAIL, &name);
}

METHOD(kernel_cryptomap_sas_t, get_of_peer, array_t*,
	private_kernel_cryptomap_sas_t *this, host_t *remote)
{
	array_t *names;
	entry_t *entry;
	peer_t *peer;

	names = array_create(sizeof(kernel_cryptomap_sa_name_t), 0);
	this->mutex->lock(this->mutex);
	peer = find_peer(this, remote);
	for (entry = peer ? peer->first : NULL; entry; entry = entry->next)
	{
		insert_name(names, entry);
	}
	this->mutex->unlock(this->mutex);
	return names;
}

METHOD(kernel_cryptomap_sas_t, compare, u_int,
	private_kernel_cryptomap_sas_t *this)
{
	u_int number;

	this->mutex->lock(this->mutex);
	number = ++this->compared;
	this->mutex->unlock(this->mutex);
	return number;
}

METHOD(kernel_cryptomap_sas_t, found, bool,
	private_kernel_cryptomap_sas_t *this, host_t *dst, uint32_t spi,
	u_int number)
{
	entry_t key = { .dst = dst, .spi = spi }, *entry;

	this->mutex->lock(this->mutex);
	entry = this->table->get(this->table, &key);
	if (entry)
	{
		entry->seen = max(entry->seen, number);
	}
	this->mutex->unlock(this->mutex);
	return entry != NULL;
}

METHOD(kernel_cryptomap_sas_t, get_missing, array_t*,
	private_kernel_cryptomap_sas_t *this, u_int number)
{
	enumerator_t *enumerator;
	entry_t *entry;
	array_t *missing;

	missing = array_create(sizeof(kernel_cryptomap_sa_name_t), 0);
	this->mutex->lock(this->mutex);
	enumerator = this->table->create_enumerator(this->table);
	while (enumerator->enumerate(enumerator, NULL, &entry))
	{
		if (!entry->sa.larval && entry->seen < number)
		{
			insert_name(missing, entry);
		}
	}
	enumerator->destroy(enumerator);
	this->mutex->unlock(this->mutex);
	return missing;
}

METHOD(kernel_cryptomap_sas_t, destroy, void,
	private_kernel_cryptomap_sas_t *this)
{
	enumerator_t *enumerator;
	entry_t *entry;

	enumerator = this->table->create_enumerator(this->table);
	while (enumerator->enumerate(enumerator, NULL, &entry))
	{
		destroy_entry(this, entry);
	}
	enumerator->destroy(enumerator);
	this->table->destroy(this->table);
	this->peers->destroy(this->peers);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_sas_t *kernel_cryptomap_sas_create()
{
	private_kernel_cryptomap_sas_t *this;

	INIT(this,
		.public = {
			.add = _add,
			.get = _get,
			.remove = _remove_,
			.has_peer = _has_peer,
			.get_of_peer = _get_of_peer,
			.compare = _compare,
			.found = _found,
			.get_missing = _get_missing,
			.destroy = _destroy,
		},
		.table = hashtable_create(hash, equals, 32),
		.peers = hashtable_create(peer_hash, peer_equals, 32),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
