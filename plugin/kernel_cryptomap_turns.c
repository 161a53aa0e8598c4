/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_turns.h"

#include "kernel_cryptomap_pair.h"

#include <library.h>
#include <collections/hashtable.h>
#include <collections/linked_list.h>
#include <processing/jobs/callback_job.h>
#include <threading/mutex.h>

typedef struct private_kernel_cryptomap_turns_t private_kernel_cryptomap_turns_t;

struct private_kernel_cryptomap_turns_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_turns_t public;

	/**
	 * Peers that there are jobs for, peer_t by address.
	 */
	hashtable_t *peers;

	/**
	 * Protects peers and what is in them.
	 */
	mutex_t *mutex;
};

/**
 * A peer. Exists until its last job was run.
 */
typedef struct {
	private_kernel_cryptomap_turns_t *this;
	/** its address */
	host_t *remote;
	/** jobs that wait, job_t */
	linked_list_t *jobs;
} peer_t;

/**
 * Destroy a peer.
 */
static void destroy_peer(peer_t *peer)
{
	peer->jobs->destroy_offset(peer->jobs, offsetof(job_t, destroy));
	peer->remote->destroy(peer->remote);
	free(peer);
}

/**
 * Take the next job of a peer, which is forgotten if there is none.
 */
static job_t *take_job(peer_t *peer)
{
	private_kernel_cryptomap_turns_t *this = peer->this;
	job_t *job;

	this->mutex->lock(this->mutex);
	if (peer->jobs->remove_first(peer->jobs, (void**)&job) != SUCCESS)
	{
		job = NULL;
		this->peers->remove(this->peers, peer->remote);
		destroy_peer(peer);
	}
	this->mutex->unlock(this->mutex);
	return job;
}

/**
 * A job for later.
 */
typedef struct {
	private_kernel_cryptomap_turns_t *this;
	/** the peer's address */
	host_t *remote;
	/** NULL once it is queued */
	job_t *job;
} later_t;

/**
 * Destroy the data of a job for later.
 */
CALLBACK(destroy_later, void,
	later_t *later)
{
	later->remote->destroy(later->remote);
	DESTROY_IF(later->job);
	free(later);
}

/**
 * Defined below: queue a job.
 */
static void enqueue(private_kernel_cryptomap_turns_t *this, host_t *remote,
					job_t *job);

/**
 * It is time for a job.
 */
CALLBACK(later_job, job_requeue_t,
	later_t *later)
{
	enqueue(later->this, later->remote, later->job);
	later->job = NULL;
	return JOB_REQUEUE_NONE;
}

/**
 * Queue a job later.
 */
static void queue_later(private_kernel_cryptomap_turns_t *this, host_t *remote,
						job_t *job, u_int delay)
{
	later_t *later;

	INIT(later,
		.this = this,
		.remote = remote->clone(remote),
		.job = job,
	);
	lib->scheduler->schedule_job(lib->scheduler, (job_t*)
			callback_job_create(later_job, later, destroy_later, NULL), delay);
}

/**
 * Run the next job of a peer. Then it is the turn of whatever else charon has to do.
 */
CALLBACK(next_job, job_requeue_t,
	peer_t *peer)
{
	job_t *job = take_job(peer);
	job_requeue_t requeue;

	if (!job)
	{
		return JOB_REQUEUE_NONE;
	}
	requeue = job->execute(job);
	if (requeue.type == JOB_REQUEUE_TYPE_SCHEDULE &&
		requeue.schedule == JOB_SCHEDULE)
	{
		queue_later(peer->this, peer->remote, job, requeue.time.rel);
	}
	else
	{
		job->destroy(job);
	}
	return JOB_REQUEUE_FAIR;
}

/*
 * Described above.
 */
static void enqueue(private_kernel_cryptomap_turns_t *this, host_t *remote,
					job_t *job)
{
	peer_t *peer;
	bool new;

	this->mutex->lock(this->mutex);
	peer = this->peers->get(this->peers, remote);
	new = !peer;
	if (new)
	{
		INIT(peer,
			.this = this,
			.remote = remote->clone(remote),
			.jobs = linked_list_create(),
		);
		this->peers->put(this->peers, peer->remote, peer);
	}
	peer->jobs->insert_last(peer->jobs, job);
	if (new)
	{
		lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(next_job, peer, NULL, NULL));
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_turns_t, queue, void,
	private_kernel_cryptomap_turns_t *this, host_t *remote, job_t *job,
	u_int delay)
{
	if (delay)
	{
		queue_later(this, remote, job, delay);
	}
	else
	{
		enqueue(this, remote, job);
	}
}

METHOD(kernel_cryptomap_turns_t, destroy, void,
	private_kernel_cryptomap_turns_t *this)
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
kernel_cryptomap_turns_t *kernel_cryptomap_turns_create()
{
	private_kernel_cryptomap_turns_t *this;

	INIT(this,
		.public = {
			.queue = _queue,
			.destroy = _destroy,
		},
		.peers = hashtable_create(kernel_cryptomap_pair_host_hash,
								  kernel_cryptomap_pair_host_equals, 32),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
