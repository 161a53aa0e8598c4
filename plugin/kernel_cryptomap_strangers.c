/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_strangers.h"

#include <threading/mutex.h>

/** Strangers that are remembered; each has its place, given by its address */
#define PLACES 1024

typedef struct private_kernel_cryptomap_strangers_t private_kernel_cryptomap_strangers_t;

/**
 * A stranger.
 */
typedef struct {
	/** addresses, NULL if there is nobody */
	host_t *local, *remote;
	/** second in which it was found to be one */
	time_t time;
} stranger_t;

struct private_kernel_cryptomap_strangers_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_strangers_t public;

	/**
	 * The strangers.
	 */
	stranger_t places[PLACES];

	/**
	 * Protects places.
	 */
	mutex_t *mutex;
};

/**
 * The place of a stranger.
 */
static stranger_t *get_place(private_kernel_cryptomap_strangers_t *this,
							 host_t *local, host_t *remote)
{
	u_int hash;

	hash = chunk_hash_inc(local->get_address(local),
						  chunk_hash(remote->get_address(remote)));
	return &this->places[hash % PLACES];
}

METHOD(kernel_cryptomap_strangers_t, has, bool,
	private_kernel_cryptomap_strangers_t *this, host_t *local, host_t *remote)
{
	stranger_t *stranger;
	bool found;

	this->mutex->lock(this->mutex);
	stranger = get_place(this, local, remote);
	found = stranger->local && stranger->time == time_monotonic(NULL) &&
			stranger->local->ip_equals(stranger->local, local) &&
			stranger->remote->ip_equals(stranger->remote, remote);
	this->mutex->unlock(this->mutex);
	return found;
}

METHOD(kernel_cryptomap_strangers_t, add, void,
	private_kernel_cryptomap_strangers_t *this, host_t *local, host_t *remote)
{
	stranger_t *stranger;

	this->mutex->lock(this->mutex);
	stranger = get_place(this, local, remote);
	DESTROY_IF(stranger->local);
	DESTROY_IF(stranger->remote);
	stranger->local = local->clone(local);
	stranger->remote = remote->clone(remote);
	stranger->time = time_monotonic(NULL);
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_strangers_t, destroy, void,
	private_kernel_cryptomap_strangers_t *this)
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
kernel_cryptomap_strangers_t *kernel_cryptomap_strangers_create()
{
	private_kernel_cryptomap_strangers_t *this;

	INIT(this,
		.public = {
			.has = _has,
			.add = _add,
			.destroy = _destroy,
		},
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
