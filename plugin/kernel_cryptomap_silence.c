/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_silence.h"

#include "kernel_cryptomap_pair.h"

#include <collections/hashtable.h>
#include <threading/mutex.h>

typedef struct private_kernel_cryptomap_silence_t private_kernel_cryptomap_silence_t;

struct private_kernel_cryptomap_silence_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_silence_t public;

	/**
	 * Seconds between two exchanges, after which the silence is another one.
	 */
	u_int gap;

	/**
	 * Peers that are silent, peer_t by themselves.
	 */
	hashtable_t *peers;

	/**
	 * Protects peers.
	 */
	mutex_t *mutex;
};

/**
 * A peer that is silent.
 */
typedef struct {
	/** addresses */
	host_t *local, *remote;
	/** since when, and when the last exchange was given up; monotonic */
	time_t since, last;
} peer_t;

/**
 * Hash a peer.
 */
static u_int hash(const void *key)
{
	const peer_t *peer = key;

	return kernel_cryptomap_pair_host_hash(peer->remote);
}

/**
 * Compare two peers.
 */
static bool equals(const void *a, const void *b)
{
	const peer_t *one = a, *two = b;

	return one->local->ip_equals(one->local, two->local) &&
		   kernel_cryptomap_pair_host_equals(one->remote, two->remote);
}

/**
 * Destroy a peer.
 */
static void destroy_peer(peer_t *peer)
{
	peer->local->destroy(peer->local);
	peer->remote->destroy(peer->remote);
	free(peer);
}

/**
 * Forget the peers that nothing was tried with for a while. Mutex held.
 */
static void forget_old(private_kernel_cryptomap_silence_t *this, time_t now)
{
	enumerator_t *enumerator;
	peer_t *peer;

	enumerator = this->peers->create_enumerator(this->peers);
	while (enumerator->enumerate(enumerator, NULL, &peer))
	{
		/* an exchange may be under way */
		if (now - peer->last > 10 * (time_t)this->gap)
		{
			this->peers->remove_at(this->peers, enumerator);
			destroy_peer(peer);
		}
	}
	enumerator->destroy(enumerator);
}

METHOD(kernel_cryptomap_silence_t, add, time_t,
	private_kernel_cryptomap_silence_t *this, host_t *local, host_t *remote,
	time_t from)
{
	peer_t key = { .local = local, .remote = remote }, *peer;
	time_t now = time_monotonic(NULL), since;

	this->mutex->lock(this->mutex);
	peer = this->peers->get(this->peers, &key);
	if (!peer)
	{
		forget_old(this, now);
		INIT(peer,
			.local = local->clone(local),
			.remote = remote->clone(remote),
			.since = from,
		);
		this->peers->put(this->peers, peer, peer);
	}
	else if (from - peer->last > (time_t)this->gap)
	{
		peer->since = from;
	}
	peer->last = now;
	since = peer->since;
	this->mutex->unlock(this->mutex);
	return now - since;
}

METHOD(kernel_cryptomap_silence_t, heard, void,
	private_kernel_cryptomap_silence_t *this, host_t *local, host_t *remote)
{
	peer_t key = { .local = local, .remote = remote }, *peer;

	this->mutex->lock(this->mutex);
	peer = this->peers->remove(this->peers, &key);
	if (peer)
	{
		destroy_peer(peer);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_silence_t, destroy, void,
	private_kernel_cryptomap_silence_t *this)
{
	enumerator_t *enumerator;
	peer_t *peer;

	enumerator = this->peers->create_enumerator(this->peers);
	while (enumerator->enumerate(enumerator, NULL, &peer))
	{
		destroy_peer(peer);
	}
	enumerator->destroy(enumerator);
	this->peers->destroy(this->peers);
	this->mutex->destroy(this->mutex);
	free(this);
}

/*
 * See header.
 */
kernel_cryptomap_silence_t *kernel_cryptomap_silence_create(u_int gap)
{
	private_kernel_cryptomap_silence_t *this;

	INIT(this,
		.public = {
			.add = _add,
			.heard = _heard,
			.destroy = _destroy,
		},
		.gap = gap,
		.peers = hashtable_create(hash, equals, 8),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
