/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_recent.h"

#include <threading/mutex.h>

/** Pairs that are remembered; each has its place, given by the addresses */
#define PLACES 1024

typedef struct private_kernel_cryptomap_recent_t private_kernel_cryptomap_recent_t;

/**
 * A pair of addresses.
 */
typedef struct {
	/** the addresses, NULL if there are none */
	host_t *local, *remote;
	/** when it was added */
	time_t time;
} place_t;

struct private_kernel_cryptomap_recent_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_recent_t public;

	/**
	 * How long pairs are remembered.
	 */
	u_int seconds;

	/**
	 * The pairs.
	 */
	place_t places[PLACES];

	/**
	 * Protects places.
	 */
	mutex_t *mutex;
};

/**
 * The place of a pair.
 */
static place_t *get_place(private_kernel_cryptomap_recent_t *this,
						  host_t *local, host_t *remote)
{
	u_int hash;

	hash = chunk_hash_inc(local->get_address(local),
						  chunk_hash(remote->get_address(remote)));
	return &this->places[hash % PLACES];
}

METHOD(kernel_cryptomap_recent_t, has, bool,
	private_kernel_cryptomap_recent_t *this, host_t *local, host_t *remote)
{
	place_t *place;
	bool found;

	this->mutex->lock(this->mutex);
	place = get_place(this, local, remote);
	found = place->local &&
			time_monotonic(NULL) - place->time < this->seconds &&
			place->local->ip_equals(place->local, local) &&
			place->remote->ip_equals(place->remote, remote);
	this->mutex->unlock(this->mutex);
	return found;
}

METHOD(kernel_cryptomap_recent_t, add, void,
	private_kernel_cryptomap_recent_t *this, host_t *local, host_t *remote)
{
	place_t *place;

	this->mutex->lock(this->mutex);
	place = get_place(this, local, remote);
	DESTROY_IF(place->local);
	DESTROY_IF(place->remote);
	place->local = local->clone(local);
	place->remote = remote->clone(remote);
	place->time = time_monotonic(NULL);
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_recent_t, destroy, void,
	private_kernel_cryptomap_recent_t *this)
{
	u_int i;

	for (i = 0; i < PLACES; i++)
	{
		DESTROY_IF(this->places[i].local);
		DESTROY_IF(this->places[i].remote);
	}
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_recent_t *kernel_cryptomap_recent_create(u_int seconds)
{
	private_kernel_cryptomap_recent_t *this;

	INIT(this,
		.public = {
			.has = _has,
			.add = _add,
			.destroy = _destroy,
		},
		.seconds = seconds,
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
