/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_failover.h"

#include <daemon.h>
#include <collections/array.h>
#include <collections/hashtable.h>
#include <processing/jobs/callback_job.h>
#include <threading/mutex.h>

#include <errno.h>

typedef struct private_kernel_cryptomap_failover_t private_kernel_cryptomap_failover_t;

struct private_kernel_cryptomap_failover_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_failover_t public;

	/**
	 * Client of the kernel module.
	 */
	kernel_cryptomap_socket_t *socket;

	/**
	 * Knows the addresses of peers by name.
	 */
	kernel_cryptomap_names_t *names;

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
 * The peer that a crypto map entry is at. Itself, since the list may change.
 */
typedef struct {
	/** crypto map */
	char map[CRYPTO_MAP_NAME_MAX + 1];
	/** sequence number of the entry */
	uint16_t seq;
	/** the peer */
	kernel_cryptomap_peer_t peer;
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
	DESTROY_IF(place->peer.host);
	free(place->peer.name);
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
 * Whether two peers are the same one: an address, or a name while it has none.
 */
static bool is_same(kernel_cryptomap_peer_t *a, kernel_cryptomap_peer_t *b)
{
	if (a->host && b->host)
	{
		return a->host->ip_equals(a->host, b->host);
	}
	return !a->host && !b->host && streq(a->name, b->name);
}

/**
 * Number of a peer in the list of a flow; if its address is not there, of the
 * first of its name; 0, the first, if there is none.
 */
static u_int get_index(kernel_cryptomap_flow_t *flow,
					   kernel_cryptomap_peer_t *peer)
{
	u_int i;

	for (i = 0; i < flow->peer_count; i++)
	{
		if (is_same(&flow->peer[i], peer))
		{
			return i;
		}
	}
	for (i = 0; peer->name && i < flow->peer_count; i++)
	{
		if (streq(flow->peer[i].name, peer->name))
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
	return place ? get_index(flow, &place->peer) : 0;
}

/**
 * Copy a place.
 *
 * @param peer			the peer, cloned
 */
static place_t *clone_place(const place_t *place,
							const kernel_cryptomap_peer_t *peer)
{
	place_t *clone;

	clone = malloc_thing(place_t);
	*clone = *place;
	clone->peer.host = peer->host ? peer->host->clone(peer->host) : NULL;
	clone->peer.name = peer->name ? strdup(peer->name) : NULL;
	return clone;
}

/**
 * An entry is at its first peer. Mutex held.
 */
static void forget(private_kernel_cryptomap_failover_t *this,
				   const place_t *key)
{
	place_t *place;

	place = this->places->remove(this->places, key);
	if (place)
	{
		destroy_place(place);
	}
}

/**
 * Set the peer that the entry of a flow is at. Mutex held.
 */
static void set_current(private_kernel_cryptomap_failover_t *this,
						kernel_cryptomap_flow_t *flow, u_int i)
{
	place_t key = get_key(flow), *place;

	forget(this, &key);
	if (i)
	{
		place = clone_place(&key, &flow->peer[i]);
		this->places->put(this->places, place, place);
	}
}

METHOD(kernel_cryptomap_failover_t, get, kernel_cryptomap_peer_t*,
	private_kernel_cryptomap_failover_t *this, kernel_cryptomap_flow_t *flow)
{
	u_int i;

	if (!flow->peer_count)
	{
		return NULL;
	}
	this->names->expand(this->names, flow);
	this->mutex->lock(this->mutex);
	i = get_current(this, flow);
	this->mutex->unlock(this->mutex);
	return &flow->peer[i];
}

/**
 * A peer for a log.
 */
static const char *get_text(kernel_cryptomap_peer_t *peer, char *buf,
							size_t size)
{
	if (!peer->host)
	{
		return peer->name;
	}
	snprintf(buf, size, "%H", peer->host);
	return buf;
}

METHOD(kernel_cryptomap_failover_t, failed, void,
	private_kernel_cryptomap_failover_t *this, kernel_cryptomap_flow_t *flow,
	kernel_cryptomap_peer_t *peer)
{
	place_t key = get_key(flow), *failed;
	char one[64], two[64];
	u_int i;

	/* it may be one of the flow, whose peers change now */
	failed = clone_place(&key, peer);
	this->names->expand(this->names, flow);
	this->mutex->lock(this->mutex);
	i = get_current(this, flow);
	if (flow->peer_count > 1 && is_same(&flow->peer[i], &failed->peer))
	{
		i = (i + 1) % flow->peer_count;
		set_current(this, flow, i);
		DBG1(DBG_CFG, "crypto map %s %u: peer %s failed, the next one is %s",
			 flow->map, flow->entry_seq,
			 get_text(&failed->peer, one, sizeof(one)),
			 get_text(&flow->peer[i], two, sizeof(two)));
	}
	this->mutex->unlock(this->mutex);
	destroy_place(failed);
}

METHOD(kernel_cryptomap_failover_t, reset, void,
	private_kernel_cryptomap_failover_t *this, kernel_cryptomap_flow_t *flow)
{
	this->mutex->lock(this->mutex);
	set_current(this, flow, 0);
	this->mutex->unlock(this->mutex);
}

/**
 * Copy all places.
 *
 * @return				array of place_t*
 */
static array_t *get_places(private_kernel_cryptomap_failover_t *this)
{
	enumerator_t *enumerator;
	array_t *places;
	place_t *place;

	places = array_create(0, 0);
	this->mutex->lock(this->mutex);
	enumerator = this->places->create_enumerator(this->places);
	while (enumerator->enumerate(enumerator, NULL, &place))
	{
		array_insert(places, ARRAY_TAIL, clone_place(place, &place->peer));
	}
	enumerator->destroy(enumerator);
	this->mutex->unlock(this->mutex);
	return places;
}

/**
 * An entry, looked at for its place.
 */
typedef struct {
	/** the place */
	place_t *place;
	/** the entry has its peer */
	bool has_peer;
} entry_t;

/**
 * Look for the peer of a place in the entry of a reply.
 */
static void on_entry(void *user, const struct nlmsghdr *nlh)
{
	entry_t *entry = user;
	const struct nlattr *attr;
	kernel_cryptomap_peer_t *peer = &entry->place->peer;
	host_t *host;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
	{
		switch (mnl_attr_get_type(attr))
		{
			case CRYPTO_MAP_A_ENTRY_PEER:
				host = kernel_cryptomap_host(attr, 0);
				if (host && peer->host && host->ip_equals(host, peer->host))
				{
					entry->has_peer = TRUE;
				}
				DESTROY_IF(host);
				break;
			case CRYPTO_MAP_A_ENTRY_PEER_NAME:
				if (peer->name && streq(peer->name, kernel_cryptomap_str(attr)))
				{
					entry->has_peer = TRUE;
				}
				break;
			default:
				break;
		}
	}
}

/**
 * Whether the entry of a place is there no more, or without the peer.
 */
static bool is_outdated(private_kernel_cryptomap_failover_t *this,
						place_t *place)
{
	kernel_cryptomap_msg_t msg;
	entry_t entry = { .place = place };
	int error;

	this->socket->init(this->socket, &msg, CRYPTO_MAP_CMD_ENTRY_GET, FALSE);
	mnl_attr_put_strz(msg.nlh, CRYPTO_MAP_A_ENTRY_MAP, place->map);
	mnl_attr_put_u16(msg.nlh, CRYPTO_MAP_A_ENTRY_SEQ, place->seq);
	error = this->socket->call(this->socket, &msg, on_entry, &entry);
	if (error && error != ENOENT && error != ENOTCONN)
	{
		DBG1(DBG_KNL, "reading crypto map %s %u failed: %s", place->map,
			 place->seq, msg.error);
		return FALSE;
	}
	return !entry.has_peer;
}

/**
 * Compare all places with the configuration.
 */
CALLBACK(resync_job, job_requeue_t,
	private_kernel_cryptomap_failover_t *this)
{
	array_t *places;
	place_t *place;

	places = get_places(this);
	while (array_remove(places, ARRAY_TAIL, &place))
	{
		if (is_outdated(this, place))
		{
			this->mutex->lock(this->mutex);
			forget(this, place);
			this->mutex->unlock(this->mutex);
		}
		destroy_place(place);
	}
	array_destroy(places);
	return JOB_REQUEUE_NONE;
}

METHOD(kernel_cryptomap_failover_t, resync, void,
	private_kernel_cryptomap_failover_t *this)
{
	lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(resync_job, this, NULL, NULL));
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
kernel_cryptomap_failover_t *kernel_cryptomap_failover_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_names_t *names)
{
	private_kernel_cryptomap_failover_t *this;

	INIT(this,
		.public = {
			.get = _get,
			.failed = _failed,
			.reset = _reset,
			.resync = _resync,
			.destroy = _destroy,
		},
		.socket = socket,
		.names = names,
		.places = hashtable_create(hash, equals, 32),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
