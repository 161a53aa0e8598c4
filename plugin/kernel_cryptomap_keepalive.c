/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_keepalive.h"

#include "kernel_cryptomap_child.h"
#include "kernel_cryptomap_ike_key.h"
#include "kernel_cryptomap_peer.h"
#include "kernel_cryptomap_silence.h"

#include <daemon.h>
#include <collections/hashtable.h>
#include <processing/jobs/callback_job.h>
#include <threading/mutex.h>

/** Probes without an answer after which a peer is dead */
#define MISSES_MAX 5
/** Seconds of silence that are enough in any case when exchanges are not answered, with
 * less than as many between two of them */
#define SILENCE_MAX 30
/** Seconds after which it is seen that keepalives are configured */
#define CONFIG_INTERVAL 30

typedef struct private_kernel_cryptomap_keepalive_t private_kernel_cryptomap_keepalive_t;

struct private_kernel_cryptomap_keepalive_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_keepalive_t public;

	/**
	 * Client of the kernel module.
	 */
	kernel_cryptomap_socket_t *socket;

	/**
	 * Phase 1 configuration.
	 */
	kernel_cryptomap_config_t *config;

	/**
	 * Which peers entries are at.
	 */
	kernel_cryptomap_failover_t *failover;

	/**
	 * Remover of stale orphans.
	 */
	kernel_cryptomap_stale_t *stale;

	/**
	 * Peers that do not answer.
	 */
	kernel_cryptomap_silence_t *silence;

	/**
	 * Ids of IKE_SAs that are replaced, by charon's numbers of their successors.
	 */
	hashtable_t *replaced;

	/**
	 * Protects replaced.
	 */
	mutex_t *mutex;
};

/**
 * A job that watches the peer of an IKE_SA, as long as that lives.
 */
typedef struct {
	private_kernel_cryptomap_keepalive_t *this;
	/** id of the IKE_SA */
	ike_sa_id_t *id;
	/** when the first probe was sent that is not answered, 0 for none */
	time_t asked;
	/** when the last probe was sent, or the watch began */
	time_t last;
	/** probes that were not answered */
	u_int misses;
} watch_t;

/**
 * Destroy the data of a job.
 */
CALLBACK(destroy_watch, void,
	watch_t *watch)
{
	watch->id->destroy(watch->id);
	free(watch);
}

/**
 * When the last packet came from the peer of an IKE_SA, and went to it by an IPsec
 * SA. Both are monotonic seconds.
 */
static void get_traffic(ike_sa_t *ike_sa, time_t *in, time_t *out)
{
	enumerator_t *enumerator;
	child_sa_t *child_sa;
	time_t used;

	*in = ike_sa->get_statistic(ike_sa, STAT_INBOUND);
	*out = 0;
	enumerator = ike_sa->create_child_sa_enumerator(ike_sa);
	while (enumerator->enumerate(enumerator, &child_sa))
	{
		child_sa->get_usestats(child_sa, TRUE, &used, NULL, NULL);
		*in = max(*in, used);
		child_sa->get_usestats(child_sa, FALSE, &used, NULL, NULL);
		*out = max(*out, used);
	}
	enumerator->destroy(enumerator);
}

/**
 * Forget the IKE_SA that another one replaces.
 *
 * @return				its id, NULL if it is not known
 */
static ike_sa_id_t *take_replaced(private_kernel_cryptomap_keepalive_t *this,
								  ike_sa_t *ike_sa)
{
	ike_sa_id_t *id;

	this->mutex->lock(this->mutex);
	id = this->replaced->remove(this->replaced, kernel_cryptomap_ike_key(ike_sa));
	this->mutex->unlock(this->mutex);
	return id;
}

/**
 * The peer did not answer a successor: it may use the IKE_SA that is replaced, which is
 * of no use to us.
 */
CALLBACK(replaced_job, job_requeue_t,
	ike_sa_id_t *id)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	ike_sa_t *ike_sa;
	time_t in, out;

	ike_sa = manager->checkout(manager, id);
	if (!ike_sa)
	{
		return JOB_REQUEUE_NONE;
	}
	get_traffic(ike_sa, &in, &out);
	if (ike_sa->get_state(ike_sa) == IKE_REKEYING &&
		time_monotonic(NULL) - in >= SILENCE_MAX)
	{
		manager->checkin_and_destroy(manager, ike_sa);
	}
	else
	{
		manager->checkin(manager, ike_sa);
	}
	return JOB_REQUEUE_NONE;
}

/**
 * The peer of an IKE_SA is dead: so is the IKE_SA that it was to replace.
 */
static void bury_replaced(private_kernel_cryptomap_keepalive_t *this,
						  ike_sa_t *ike_sa)
{
	ike_sa_id_t *id = take_replaced(this, ike_sa);

	if (id)
	{
		lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(replaced_job, id, (void*)id->destroy, NULL));
	}
}

/**
 * The peer of an IKE_SA is dead: nothing of it is left to the kernel, and the
 * entries of its flows go on to their next peers. The IKE_SA is to be destroyed.
 */
static void bury(private_kernel_cryptomap_keepalive_t *this, ike_sa_t *ike_sa)
{
	host_t *remote = ike_sa->get_other_host(ike_sa);
	kernel_cryptomap_flow_t *flow;
	enumerator_t *enumerator;
	child_sa_t *child_sa;
	uint32_t id;

	enumerator = ike_sa->create_child_sa_enumerator(ike_sa);
	while (enumerator->enumerate(enumerator, &child_sa))
	{
		id = kernel_cryptomap_child_flow(child_sa->get_config(child_sa));
		flow = id ? kernel_cryptomap_flow_get(this->socket, id) : NULL;
		if (flow)
		{
			this->failover->failed(this->failover, flow,
				&(kernel_cryptomap_peer_t){ .host = remote });
			kernel_cryptomap_flow_put(flow);
		}
		/* else its SAs would be left as orphans, as when phase 1 expires */
		child_sa->set_state(child_sa, CHILD_DELETING);
	}
	enumerator->destroy(enumerator);
	this->stale->forget(this->stale, ike_sa->get_my_host(ike_sa), remote);
	bury_replaced(this, ike_sa);
}

/**
 * Whether it is time for the first probe.
 */
static bool is_due(watch_t *watch, struct ios_isakmp *isakmp, time_t in,
				   time_t out)
{
	time_t now = time_monotonic(NULL);

	if (isakmp->keepalive_periodic)
	{
		return now - watch->last >= isakmp->keepalive;
	}
	return now - in >= isakmp->keepalive && out > in;
}

/**
 * Seconds until a peer that needs no probe now is looked at again.
 */
static u_int get_delay(watch_t *watch, struct ios_isakmp *isakmp, time_t in)
{
	time_t since = isakmp->keepalive_periodic ? watch->last : in;
	time_t next = since + isakmp->keepalive - time_monotonic(NULL);

	/* one that is idle is overdue */
	return next > 0 ? next : isakmp->keepalive;
}

/**
 * Whether an exchange is under way.
 */
static bool is_busy(ike_sa_t *ike_sa)
{
	enumerator_t *tasks;
	task_t *task;
	bool busy;

	tasks = ike_sa->create_task_enumerator(ike_sa, TASK_QUEUE_ACTIVE);
	busy = tasks->enumerate(tasks, &task);
	tasks->destroy(tasks);
	return busy;
}

/**
 * Look at the peer of an IKE_SA that is checked out.
 *
 * @param isakmp		what was configured
 * @param delay			set to the seconds until this is called again
 * @return				FALSE if the peer is dead
 */
static bool look(watch_t *watch, ike_sa_t *ike_sa, struct ios_isakmp *isakmp,
				 u_int *delay)
{
	time_t in, out;

	get_traffic(ike_sa, &in, &out);
	if (watch->asked && in >= watch->asked)
	{
		watch->asked = 0;
		watch->misses = 0;
	}
	/* charon sends no probe while an exchange is under way, whose
	 * retransmissions find a dead peer */
	if (is_busy(ike_sa))
	{
		*delay = isakmp->keepalive_retry;
		return TRUE;
	}
	if (watch->asked && ++watch->misses >= MISSES_MAX)
	{
		return FALSE;
	}
	if (!watch->asked && !is_due(watch, isakmp, in, out))
	{
		*delay = get_delay(watch, isakmp, in);
		return TRUE;
	}
	watch->last = time_monotonic(NULL);
	if (!watch->asked)
	{
		watch->asked = watch->last;
	}
	ike_sa->send_dpd(ike_sa);
	*delay = isakmp->keepalive_retry;
	return TRUE;
}

/**
 * Seconds until the first look at a peer, or the next one if nothing is to be done.
 */
static u_int get_interval(struct ios_isakmp *isakmp)
{
	return isakmp->keepalive ?: CONFIG_INTERVAL;
}

/**
 * Look at a peer.
 */
CALLBACK(watch_job, job_requeue_t,
	watch_t *watch)
{
	private_kernel_cryptomap_keepalive_t *this = watch->this;
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	struct ios_isakmp isakmp;
	ike_sa_t *ike_sa;
	u_int delay;

	ike_sa = manager->checkout(manager, watch->id);
	if (!ike_sa)
	{
		return JOB_REQUEUE_NONE;
	}
	this->config->get_isakmp(this->config,
							 kernel_cryptomap_peer_profile(ike_sa), &isakmp);
	if (ike_sa->get_state(ike_sa) != IKE_ESTABLISHED)
	{	/* on its way out, its successor is watched itself */
		manager->checkin(manager, ike_sa);
		return JOB_REQUEUE_NONE;
	}
	if (!isakmp.keepalive)
	{	/* but may be configured while the IKE_SA is up */
		manager->checkin(manager, ike_sa);
		watch->asked = 0;
		watch->misses = 0;
		return JOB_RESCHEDULE(get_interval(&isakmp));
	}
	if (!look(watch, ike_sa, &isakmp, &delay))
	{
		DBG1(DBG_IKE, "peer %H is dead: %d probes without an answer",
			 ike_sa->get_other_host(ike_sa), MISSES_MAX);
		bury(this, ike_sa);
		manager->checkin_and_destroy(manager, ike_sa);
		return JOB_REQUEUE_NONE;
	}
	manager->checkin(manager, ike_sa);
	return JOB_RESCHEDULE(delay);
}

/**
 * An IKE_SA is up: watch its peer.
 */
static void schedule_watch(private_kernel_cryptomap_keepalive_t *this,
						   ike_sa_t *ike_sa)
{
	struct ios_isakmp isakmp;
	ike_sa_id_t *id;
	watch_t *watch;

	this->config->get_isakmp(this->config,
							 kernel_cryptomap_peer_profile(ike_sa), &isakmp);
	id = ike_sa->get_id(ike_sa);
	INIT(watch,
		.this = this,
		.id = id->clone(id),
		.last = time_monotonic(NULL),
	);
	lib->scheduler->schedule_job(lib->scheduler, (job_t*)
			callback_job_create(watch_job, watch, destroy_watch, NULL),
			get_interval(&isakmp));
}

METHOD(listener_t, ike_state_change, bool,
	private_kernel_cryptomap_keepalive_t *this, ike_sa_t *ike_sa,
	ike_sa_state_t state)
{
	ike_sa_id_t *id;

	if (ike_sa->get_version(ike_sa) != IKEV1)
	{
		return TRUE;
	}
	if (state == IKE_ESTABLISHED && ike_sa->supports_extension(ike_sa, EXT_DPD))
	{
		schedule_watch(this, ike_sa);
	}
	else if (state == IKE_DESTROYING)
	{
		id = take_replaced(this, ike_sa);
		DESTROY_IF(id);
	}
	return TRUE;
}

METHOD(listener_t, children_migrate, bool,
	private_kernel_cryptomap_keepalive_t *this, ike_sa_t *ike_sa,
	ike_sa_id_t *new, uint32_t unique)
{
	ike_sa_id_t *id;

	/* the successor of one that is renewed here is new, others may be gone already */
	if (new && ike_sa && ike_sa->get_state(ike_sa) == IKE_ESTABLISHED &&
		ike_sa->has_condition(ike_sa, COND_REAUTHENTICATING))
	{
		id = ike_sa->get_id(ike_sa);
		this->mutex->lock(this->mutex);
		id = this->replaced->put(this->replaced, (void*)(uintptr_t)unique,
								 id->clone(id));
		this->mutex->unlock(this->mutex);
		DESTROY_IF(id);
	}
	return TRUE;
}

/**
 * Whether an IKE_SA tells nothing about the peer: somebody may have begun it in its name.
 */
static bool is_anybodys(ike_sa_t *ike_sa)
{
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);

	return ike_sa->get_state(ike_sa) == IKE_CONNECTING && !id->is_initiator(id);
}

METHOD(listener_t, message_hook, bool,
	private_kernel_cryptomap_keepalive_t *this, ike_sa_t *ike_sa,
	message_t *message, bool incoming, bool plain)
{
	if (incoming && plain && ike_sa->get_version(ike_sa) == IKEV1 &&
		!is_anybodys(ike_sa))
	{
		this->silence->heard(this->silence, ike_sa->get_my_host(ike_sa),
							 ike_sa->get_other_host(ike_sa));
	}
	return TRUE;
}

/**
 * A peer whose SAs are all orphans does not answer: if nothing came by them either
 * they go.
 *
 * @param silence		seconds that it has not been heard for
 */
static void give_up_orphans(private_kernel_cryptomap_keepalive_t *this,
							ike_sa_t *ike_sa, time_t silence)
{
	if (silence >= SILENCE_MAX)
	{
		this->stale->forget_silent(this->stale, ike_sa->get_my_host(ike_sa),
								   ike_sa->get_other_host(ike_sa), SILENCE_MAX);
		bury_replaced(this, ike_sa);
	}
}

METHOD(kernel_cryptomap_keepalive_t, given_up, void,
	private_kernel_cryptomap_keepalive_t *this, ike_sa_t *ike_sa)
{
	time_t in, out, silence;
	struct ios_isakmp isakmp;

	this->config->get_isakmp(this->config,
							 kernel_cryptomap_peer_profile(ike_sa), &isakmp);
	if (!isakmp.keepalive || is_anybodys(ike_sa))
	{
		return;
	}
	get_traffic(ike_sa, &in, &out);
	silence = this->silence->add(this->silence, ike_sa->get_my_host(ike_sa),
								 ike_sa->get_other_host(ike_sa), in);
	if (!ike_sa->get_child_count(ike_sa))
	{
		give_up_orphans(this, ike_sa, silence);
		return;
	}
	silence = time_monotonic(NULL) - in;
	if (silence >= min(isakmp.keepalive_retry * MISSES_MAX, SILENCE_MAX))
	{
		DBG1(DBG_IKE, "peer %H is dead: an exchange is not answered, and nothing else "
			 "came", ike_sa->get_other_host(ike_sa));
		bury(this, ike_sa);
	}
}

METHOD(kernel_cryptomap_keepalive_t, destroy, void,
	private_kernel_cryptomap_keepalive_t *this)
{
	enumerator_t *enumerator;
	ike_sa_id_t *id;

	enumerator = this->replaced->create_enumerator(this->replaced);
	while (enumerator->enumerate(enumerator, NULL, &id))
	{
		id->destroy(id);
	}
	enumerator->destroy(enumerator);
	this->replaced->destroy(this->replaced);
	this->silence->destroy(this->silence);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_keepalive_t *kernel_cryptomap_keepalive_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_config_t *config,
										kernel_cryptomap_failover_t *failover,
										kernel_cryptomap_stale_t *stale)
{
	private_kernel_cryptomap_keepalive_t *this;

	INIT(this,
		.public = {
			.listener = {
				.ike_state_change = _ike_state_change,
				.children_migrate = _children_migrate,
				.message = _message_hook,
			},
			.given_up = _given_up,
			.destroy = _destroy,
		},
		.socket = socket,
		.config = config,
		.failover = failover,
		.stale = stale,
		.silence = kernel_cryptomap_silence_create(SILENCE_MAX),
		.replaced = hashtable_create(hashtable_hash_ptr, hashtable_equals_ptr, 8),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
