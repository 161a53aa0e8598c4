/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_failover.h"

#include <collections/hashtable.h>
#include <threading/mutex.h>

typedef struct private_kernel_cryptomap_failover_t private_kernel_cryptomap_failover_t;

struct private_kernel_cryptomap_failover_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_failover_t public;

	/**
	 * Entries that are not at their first peer, place_t by map and number.
	 */
	hashtable_t *places;

	/**
	 * Protects places.
	 */
	mutex_t *mutex;
};

/**
 * The peer that a crypto map entry is at. An address, since the list may change.
 */
typedef struct {
	/** crypto map */
	char map[CRYPTO_MAP_NAME_MAX + 1];
	/** sequence number of the entry */
	uint16_t seq;
	/** the peer */
	host_t *peer;
} place_t;

/**
 * Hash a place.
 */
static u_int hash(const void *key)
{
	const place_t *place = key;

	return chunk_hash_inc(chunk_from_str((char*)place->map), place->seq);
}

/**
 * Compare two places.
 */
static bool equals(const void *a, const void *b)
{
	const place_t *one = a, *two = b;

	return one->seq == two->seq && streq(one->map, two->map);
}

/**
 * Destroy a place.
 */
static void destroy_place(place_t *place)
{
	place->peer->destroy(place->peer);
	free(place);
}

/**
 * The name of the place of a flow's entry, without a peer.
 */
static place_t get_key(kernel_cryptomap_flow_t *flow)
{
	place_t key = {
		.seq = flow->entry_seq,
	};

	snprintf(key.map, sizeof(key.map), "%s", flow->map);
	return key;
}

/**
 * Number of a peer in the list of a flow; 0, the first, if it is not there.
 */
static u_int get_index(kernel_cryptomap_flow_t *flow, host_t *peer)
{
	u_int i;

	for (i = 0; i < flow->peer_count; i++)
	{
		if (flow->peer[i]->ip_equals(flow->peer[i], peer))
		{
			return i;
		}
	}
	return 0;
}

/**
 * Number of the peer that the entry of a flow is at. Mutex held.
 */
static u_int get_current(private_kernel_cryptomap_failover_t *this,
						 kernel_cryptomap_flow_t *flow)
{
	place_t key = get_key(flow), *place;

	place = this->places->get(this->places, &key);
	return place ? get_index(flow, place->peer) : 0;
}

/**
 * Set the peer that the entry of a flow is at. Mutex held.
 */
static void set_current(private_kernel_cryptomap_failover_t *this,
						kernel_cryptomap_flow_t *flow, u_int i)
{
	place_t key = get_key(flow), *place;

	place = this->places->remove(this->places, &key);
	if (place)
	{
		destroy_place(place);
	}
	if (i)
	{
		key.peer = flow->peer[i]->clone(flow->peer[i]);
		place = malloc_thing(place_t);
		*place = key;
		this->places->put(this->places, place, place);
	}
}

METHOD(kernel_cryptomap_failover_t, get, host_t*,
	private_kernel_cryptomap_failover_t *this, kernel_cryptomap_flow_t *flow)
{
	u_int i;

	if (!flow->peer_count)
	{
		return NULL;
	}
	this->mutex->lock(this->mutex);
	i = get_current(this, flow);
	this->mutex->unlock(this->mutex);
	return flow->peer[i];
}

METHOD(kernel_cryptomap_failover_t, failed, void,
	private_kernel_cryptomap_failover_t *this, kernel_cryptomap_flow_t *flow,
	host_t *peer)
{
	u_int i;

	if (flow->peer_count < 2)
	{
		return;
	}
	this->mutex->lock(this->mutex);
	i = get_current(this, flow);
	if (flow->peer[i]->ip_equals(flow->peer[i], peer))
	{
		i = (i + 1) % flow->peer_count;
		set_current(this, flow, i);
		DBG1(DBG_CFG, "crypto map %s %u: peer %H failed, the next one is %H",
			 flow->map, flow->entry_seq, peer, flow->peer[i]);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_failover_t, reset, void,
	private_kernel_cryptomap_failover_t *this, kernel_cryptomap_flow_t *flow)
{
	this->mutex->lock(this->mutex);
	set_current(this, flow, 0);
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_failover_t, destroy, void,
	private_kernel_cryptomap_failover_t *this)
{
	enumerator_t *enumerator;
	place_t *place;

	enumerator = this->places->create_enumerator(this->places);
	while (enumerator->enumerate(enumerator, NULL, &place))
	{
		destroy_place(place);
	}
	enumerator->destroy(enumerator);
	this->places->destroy(this->places);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_failover_t *kernel_cryptomap_failover_create()
{
	private_kernel_cryptomap_failover_t *this;

	INIT(this,
		.public = {
			.get = _get,
			.failed = _failed,
			.reset = _reset,
			.destroy = _destroy,
		},
		.places = hashtable_create(hash, equals, 32),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
