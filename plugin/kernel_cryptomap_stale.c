/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_stale.h"

#include "kernel_cryptomap_left.h"

#include <daemon.h>
#include <collections/array.h>
#include <collections/linked_list.h>
#include <processing/jobs/callback_job.h>
#include <threading/mutex.h>

/** Peers that are kept for after the first comparison: while there is no kernel module
 * they come for as long as that takes, but then there are no SAs of before either */
#define WAITING_MAX 1024

typedef struct private_kernel_cryptomap_stale_t private_kernel_cryptomap_stale_t;

struct private_kernel_cryptomap_stale_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_stale_t public;

	/**
	 * Client of the kernel module.
	 */
	kernel_cryptomap_socket_t *socket;

	/**
	 * SAs that charon knows.
	 */
	kernel_cryptomap_sas_t *sas;

	/**
	 * SAs that it left to the kernel.
	 */
	kernel_cryptomap_sas_t *left;

	/**
	 * Charon was compared with the kernel since the module is there.
	 */
	bool compared;

	/**
	 * Peers that have none of the SAs of before, for after that, peer_job_t,
	 * WAITING_MAX at most.
	 */
	linked_list_t *waiting;

	/**
	 * Protects compared and waiting.
	 */
	mutex_t *mutex;
};

/**
 * A peer, for a job.
 */
typedef struct {
	private_kernel_cryptomap_stale_t *this;
	/** where its SAs are; it owns the hosts */
	kernel_cryptomap_left_t ends;
	/** nothing is to have come by orphans for so many seconds */
	u_int silence;
} peer_job_t;

/**
 * Create the data of a job.
 */
static peer_job_t *create_job(private_kernel_cryptomap_stale_t *this,
							  host_t *local, host_t *remote, u_int silence)
{
	kernel_cryptomap_left_t ends = {
		.socket = this->socket,
		.sas = this->sas,
		.left = this->left,
		.local = local,
		.remote = remote,
	};
	peer_job_t *job;

	INIT(job,
		.this = this,
		.ends = kernel_cryptomap_left_clone(&ends),
		.silence = silence,
	);
	return job;
}

/**
 * Destroy the data of a job.
 */
CALLBACK(destroy_job, void,
	peer_job_t *job)
{
	kernel_cryptomap_left_clear(&job->ends);
	free(job);
}

/**
 * Whether an SA is an orphan with the peer of a job.
 *
 * @param info			set to what the kernel says about it
 */
static bool is_with_peer(peer_job_t *job, uint32_t spi, uint32_t dir,
						 kernel_cryptomap_left_info_t *info)
{
	return kernel_cryptomap_left_get(&job->ends, spi, dir, info) &&
		   info->flags & CRYPTO_MAP_SA_FLAGS_ORPHAN &&
		   kernel_cryptomap_left_is_at(&job->ends, info);
}

/**
 * A peer has none of the SAs of before: remove an SA if it is an orphan.
 */
static void forget_sa(peer_job_t *job, uint32_t spi, uint32_t dir)
{
	kernel_cryptomap_left_info_t info;

	if (is_with_peer(job, spi, dir, &info))
	{
		DBG1(DBG_KNL, "removing orphaned SA %.8x, unknown to %H", ntohl(spi),
			 job->ends.remote);
		kernel_cryptomap_left_remove(&job->ends, spi, dir);
	}
}

/**
 * Whether a packet came by one of some SAs in the time of a job.
 */
static bool is_heard(peer_job_t *job, array_t *names)
{
	kernel_cryptomap_sa_name_t name;
	kernel_cryptomap_left_info_t info;
	int i;

	for (i = 0; i < array_count(names); i++)
	{
		array_get(names, i, &name);
		if (name.inbound &&
			is_with_peer(job, name.spi, CRYPTO_MAP_SA_DIR_IN, &info) &&
			info.idle < job->silence)
		{
			return TRUE;
		}
	}
	return FALSE;
}

/**
 * Whether charon has SAs with the peer of a job, not only with others behind its NAT.
 */
static bool has_sas(peer_job_t *job)
{
	kernel_cryptomap_sas_t *sas = job->this->sas;
	kernel_cryptomap_left_info_t info;
	kernel_cryptomap_sa_name_t name;
	array_t *names;
	bool found = FALSE;

	names = sas->get_of_peer(sas, job->ends.remote);
	while (array_remove(names, ARRAY_HEAD, &name))
	{
		found = found ||
				(!name.inbound &&
				 kernel_cryptomap_left_get(&job->ends, name.spi,
										   CRYPTO_MAP_SA_DIR_OUT, &info) &&
				 kernel_cryptomap_left_is_at(&job->ends, &info));
		name.dst->destroy(name.dst);
	}
	array_destroy(names);
	return found;
}

/**
 * Whether the orphans of a peer stay: those of one that does not answer, but may be there.
 * Whether it is there is seen by the SAs of charon, if there are any.
 */
static bool is_spared(peer_job_t *job, array_t *names)
{
	return job->silence && (has_sas(job) || is_heard(job, names));
}

/**
 * A peer has none of the SAs of before: remove the orphans.
 */
CALLBACK(forget_job, job_requeue_t,
	peer_job_t *job)
{
	private_kernel_cryptomap_stale_t *this = job->this;
	kernel_cryptomap_sa_name_t name;
	array_t *names;
	bool spared;

	names = this->left->get_of_peer(this->left, job->ends.remote);
	spared = is_spared(job, names);
	while (array_remove(names, ARRAY_HEAD, &name))
	{
		if (!spared)
		{
			forget_sa(job, name.spi, name.inbound ? CRYPTO_MAP_SA_DIR_IN
												  : CRYPTO_MAP_SA_DIR_OUT);
		}
		name.dst->destroy(name.dst);
	}
	array_destroy(names);
	return JOB_REQUEUE_NONE;
}

/**
 * Have the orphans of a peer removed.
 *
 * @param job			consumed
 */
static void queue_forget(peer_job_t *job)
{
	lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(forget_job, job, destroy_job, NULL));
}

METHOD(kernel_cryptomap_stale_t, set_compared, void,
	private_kernel_cryptomap_stale_t *this, bool compared)
{
	peer_job_t *job;

	this->mutex->lock(this->mutex);
	this->compared = compared;
	while (compared &&
		   this->waiting->remove_first(this->waiting, (void**)&job) == SUCCESS)
	{
		queue_forget(job);
	}
	this->mutex->unlock(this->mutex);
}

/**
 * Whether a peer waits for the first comparison already. Mutex held.
 */
static bool is_waiting(private_kernel_cryptomap_stale_t *this, peer_job_t *job)
{
	host_t *local = job->ends.local, *remote = job->ends.remote;
	enumerator_t *enumerator;
	peer_job_t *current;
	bool found = FALSE;

	enumerator = this->waiting->create_enumerator(this->waiting);
	while (!found && enumerator->enumerate(enumerator, &current))
	{
		found = local->ip_equals(local, current->ends.local) &&
				remote->equals(remote, current->ends.remote);
	}
	enumerator->destroy(enumerator);
	return found;
}

/**
 * Let a peer wait for the first comparison, rather than the one that has waited the
 * longest if there are too many. Mutex held.
 *
 * @param job			consumed
 */
static void add_waiting(private_kernel_cryptomap_stale_t *this, peer_job_t *job)
{
	peer_job_t *oldest;

	this->waiting->insert_last(this->waiting, job);
	if (this->waiting->get_count(this->waiting) > WAITING_MAX &&
		this->waiting->remove_first(this->waiting, (void**)&oldest) == SUCCESS)
	{
		destroy_job(oldest);
	}
}

METHOD(kernel_cryptomap_stale_t, forget, void,
	private_kernel_cryptomap_stale_t *this, host_t *local, host_t *remote)
{
	peer_job_t *job = create_job(this, local, remote, 0);

	this->mutex->lock(this->mutex);
	if (this->compared)
	{
		queue_forget(job);
	}
	else if (!is_waiting(this, job))
	{
		add_waiting(this, job);
	}
	else
	{
		destroy_job(job);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_stale_t, forget_silent, void,
	private_kernel_cryptomap_stale_t *this, host_t *local, host_t *remote,
	u_int seconds)
{
	queue_forget(create_job(this, local, remote, seconds));
}

METHOD(kernel_cryptomap_stale_t, destroy, void,
	private_kernel_cryptomap_stale_t *this)
{
	this->waiting->destroy_function(this->waiting, destroy_job);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_stale_t *kernel_cryptomap_stale_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_sas_t *sas,
										kernel_cryptomap_sas_t *left)
{
	private_kernel_cryptomap_stale_t *this;

	INIT(this,
		.public = {
			.forget = _forget,
			.forget_silent = _forget_silent,
			.set_compared = _set_compared,
			.destroy = _destroy,
		},
		.socket = socket,
		.sas = sas,
		.left = left,
		.waiting = linked_list_create(),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
