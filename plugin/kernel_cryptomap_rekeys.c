/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_rekeys.h"

#include "compat.h"
#include "kernel_cryptomap_checkin.h"
#include "kernel_cryptomap_child.h"
#include "kernel_cryptomap_exchanges.h"

#include <daemon.h>
#include <collections/array.h>
#include <collections/hashtable.h>
#include <processing/jobs/callback_job.h>
#include <sa/ikev1/tasks/quick_mode.h>

/** Seconds until the next try, doubled with each failure */
#define RETRY_TIME 2
/** Failures after which a CHILD_SA is left to expire */
#define FAILURES_MAX 5
/** Seconds after which adopted CHILD_SAs are renewed: their new IKE_SA has them then, and
 * the old one is there for ten */
#define RENEW_TIME 1
/** Quick modes that an IKE_SA has at most when it gets another one to renew a CHILD_SA:
 * others need not wait for all of them... */
#define RENEWALS_MAX 16
/** ...and milliseconds until there may be less */
#define PACE_TIME 100

typedef struct private_kernel_cryptomap_rekeys_t private_kernel_cryptomap_rekeys_t;

struct private_kernel_cryptomap_rekeys_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_rekeys_t public;

	/**
	 * Knows peers that have this plugin.
	 */
	kernel_cryptomap_twins_t *twins;

	/**
	 * Has jobs about SAs of a peer run one at a time.
	 */
	kernel_cryptomap_turns_t *turns;
};

/**
 * A CHILD_SA, for a job.
 */
typedef struct {
	/** SPI of either SA, network order */
	uint32_t spi;
	/** its destination */
	host_t *dst;
} child_job_t;

/**
 * Destroy the data of a job.
 */
CALLBACK(destroy_job, void,
	child_job_t *job)
{
	job->dst->destroy(job->dst);
	free(job);
}

/**
 * Get the only traffic selector of one side of a CHILD_SA, NULL if it has none.
 */
static traffic_selector_t *get_ts(child_sa_t *child_sa, bool local)
{
	enumerator_t *enumerator;
	traffic_selector_t *ts;

	enumerator = child_sa->create_ts_enumerator(child_sa, local);
	if (!enumerator->enumerate(enumerator, &ts))
	{
		ts = NULL;
	}
	enumerator->destroy(enumerator);
	return ts;
}

/**
 * Hash a CHILD_SA by what it protects.
 */
static u_int hash(const void *key)
{
	child_sa_t *child_sa = (child_sa_t*)key;
	traffic_selector_t *ts = get_ts(child_sa, FALSE);
	u_int flow = kernel_cryptomap_child_flow(child_sa->get_config(child_sa));

	return ts ? ts->hash(ts, flow) : flow;
}

/**
 * Compare traffic selectors, of which there may be none.
 */
static bool ts_equals(traffic_selector_t *a, traffic_selector_t *b)
{
	return a && b ? a->equals(a, b) : a == b;
}

/**
 * Whether two CHILD_SAs protect the same.
 */
static bool equals(const void *a, const void *b)
{
	child_sa_t *one = (child_sa_t*)a, *other = (child_sa_t*)b;

	return kernel_cryptomap_child_flow(one->get_config(one)) ==
				kernel_cryptomap_child_flow(other->get_config(other)) &&
		   ts_equals(get_ts(one, FALSE), get_ts(other, FALSE)) &&
		   ts_equals(get_ts(one, TRUE), get_ts(other, TRUE));
}

/**
 * Rekey a CHILD_SA. charon's own way takes it for redundant if another one protects the
 * same that is to be rekeyed later by the clock, and leaves it to expire: that may be older,
 * out of use and about to go, as after both ends rekeyed at once, and the volume of this one
 * be used up. The IKE_SA is checked in.
 */
static void rekey(ike_sa_t *ike_sa, child_sa_t *child_sa)
{
	child_cfg_t *config = child_sa->get_config(child_sa);
	quick_mode_t *task;

	task = quick_mode_create(ike_sa, config->get_ref(config), get_ts(child_sa, TRUE),
							 get_ts(child_sa, FALSE) QUICK_MODE_SEQ);
	task->use_reqid(task, child_sa->get_reqid(child_sa));
	task->rekey(task, child_sa->get_spi(child_sa, TRUE));
	child_sa->set_state(child_sa, CHILD_REKEYING);
	ike_sa->queue_task(ike_sa, &task->task);
	kernel_cryptomap_checkin(ike_sa, ike_sa->initiate(ike_sa, NULL, NULL));
}

/**
 * Whether there is a younger CHILD_SA that protects the same.
 */
static bool is_renewed(ike_sa_t *ike_sa, child_sa_t *child_sa)
{
	enumerator_t *enumerator;
	child_sa_t *current;
	bool found = FALSE;

	enumerator = ike_sa->create_child_sa_enumerator(ike_sa);
	while (!found && enumerator->enumerate(enumerator, &current))
	{
		found = current->get_state(current) == CHILD_INSTALLED &&
				current->get_unique_id(current) > child_sa->get_unique_id(child_sa) &&
				equals(current, child_sa);
	}
	enumerator->destroy(enumerator);
	return found;
}

/**
 * Rekey a CHILD_SA whose quick mode may have failed, or been done with another IKE_SA. The
 * IKE_SA is checked in.
 */
static void rekey_unless_done(ike_sa_t *ike_sa, child_sa_t *child_sa)
{
	if (is_renewed(ike_sa, child_sa))
	{
		child_sa->set_state(child_sa, CHILD_REKEYED);
		charon->ike_sa_manager->checkin(charon->ike_sa_manager, ike_sa);
		return;
	}
	rekey(ike_sa, child_sa);
}

/**
 * Whether an IKE_SA has a quick mode, which may rekey any of its CHILD_SAs.
 */
static bool has_quick_mode(ike_sa_t *ike_sa)
{
	return kernel_cryptomap_quick_modes(ike_sa, TASK_QUEUE_ACTIVE) ||
		   kernel_cryptomap_quick_modes(ike_sa, TASK_QUEUE_PASSIVE) ||
		   kernel_cryptomap_quick_modes(ike_sa, TASK_QUEUE_QUEUED);
}

/**
 * Rekey a CHILD_SA that looks as if it were being rekeyed. The IKE_SA is checked
 * in.
 */
static job_requeue_t rekey_again(ike_sa_t *ike_sa, child_sa_t *child_sa)
{
	if (has_quick_mode(ike_sa))
	{	/* it may be the one that rekeys this CHILD_SA after all */
		charon->ike_sa_manager->checkin(charon->ike_sa_manager, ike_sa);
		return JOB_RESCHEDULE(RETRY_TIME);
	}
	DBG1(DBG_CFG, "rekeying %s again", child_sa->get_name(child_sa));
	rekey_unless_done(ike_sa, child_sa);
	return JOB_REQUEUE_NONE;
}

/**
 * Whether an IKE_SA can have quick modes.
 */
static bool is_usable(ike_sa_t *ike_sa)
{
	ike_sa_state_t state = ike_sa->get_state(ike_sa);

	return state == IKE_ESTABLISHED || state == IKE_CONNECTING;
}

/**
 * Check out the IKE_SA of a CHILD_SA.
 */
static ike_sa_t *checkout(uint32_t spi, host_t *dst, child_sa_t **child_sa)
{
	return charon->child_sa_manager->checkout(charon->child_sa_manager, PROTO_ESP,
											  spi, dst, child_sa);
}

/**
 * The kernel wants a CHILD_SA renewed.
 */
CALLBACK(soft_job, job_requeue_t,
	child_job_t *job)
{
	child_sa_t *child_sa;
	ike_sa_t *ike_sa;

	ike_sa = checkout(job->spi, job->dst, &child_sa);
	if (!ike_sa)
	{
		return JOB_REQUEUE_NONE;
	}
	if (child_sa->get_state(child_sa) == CHILD_INSTALLED)
	{
		rekey(ike_sa, child_sa);
	}
	else
	{
		charon->ike_sa_manager->checkin(charon->ike_sa_manager, ike_sa);
	}
	return JOB_REQUEUE_NONE;
}

/*
 * See header.
 */
job_t *kernel_cryptomap_rekeys_create_job(uint32_t spi, host_t *dst)
{
	child_job_t *job;

	INIT(job,
		.spi = spi,
		.dst = dst->clone(dst),
	);
	return (job_t*)callback_job_create(soft_job, job, destroy_job, NULL);
}

/**
 * It is time for another try.
 */
CALLBACK(rekey_job, job_requeue_t,
	child_job_t *job)
{
	child_sa_t *child_sa;
	ike_sa_t *ike_sa;

	ike_sa = checkout(job->spi, job->dst, &child_sa);
	if (!ike_sa)
	{
		return JOB_REQUEUE_NONE;
	}
	if (is_usable(ike_sa) && child_sa->get_state(child_sa) == CHILD_REKEYING)
	{
		return rekey_again(ike_sa, child_sa);
	}
	charon->ike_sa_manager->checkin(charon->ike_sa_manager, ike_sa);
	return JOB_REQUEUE_NONE;
}

/**
 * Have a CHILD_SA rekeyed later.
 */
static void schedule(private_kernel_cryptomap_rekeys_t *this, ike_sa_t *ike_sa,
					 child_sa_t *child_sa, u_int delay)
{
	host_t *local = ike_sa->get_my_host(ike_sa);
	child_job_t *job;

	INIT(job,
		.spi = child_sa->get_spi(child_sa, TRUE),
		.dst = local->clone(local),
	);
	this->turns->queue(this->turns, ike_sa->get_other_host(ike_sa), (job_t*)
			callback_job_create(rekey_job, job, destroy_job, NULL), delay);
}

/**
 * A CHILD_SA that was adopted.
 */
typedef struct {
	/** inbound SPI, network order */
	uint32_t spi;
	/** a quick mode was to renew it, which may have stayed behind with the other IKE_SA */
	bool behind;
} adopted_t;

/**
 * Those that are to be renewed, for a job.
 */
typedef struct {
	/** adopted_t, those with a quick mode last */
	array_t *adopted;
	/** our address */
	host_t *dst;
	/** quick modes that were adopted, too, are done */
	bool quiet;
	/** the IKE_SA that adopted them, if those that it had before are to be renewed, too;
	 * NULL once they are among the others */
	ike_sa_id_t *heir;
} renew_job_t;

/**
 * Destroy the data of a job.
 */
CALLBACK(destroy_renew, void,
	renew_job_t *job)
{
	array_destroy(job->adopted);
	job->dst->destroy(job->dst);
	DESTROY_IF(job->heir);
	free(job);
}

/**
 * Renew a CHILD_SA, unless that was done meanwhile. The IKE_SA is checked in.
 */
static void renew(ike_sa_t *ike_sa, child_sa_t *child_sa, bool behind)
{
	child_sa_state_t state = child_sa->get_state(child_sa);

	if (!is_usable(ike_sa) || (state != CHILD_INSTALLED &&
							   !(behind && state == CHILD_REKEYING)))
	{
		charon->ike_sa_manager->checkin(charon->ike_sa_manager, ike_sa);
		return;
	}
	DBG1(DBG_CFG, "renewing %s, which the peer may have with another IKE_SA",
		 child_sa->get_name(child_sa));
	if (state == CHILD_REKEYING)
	{
		rekey_unless_done(ike_sa, child_sa);
	}
	else
	{
		rekey(ike_sa, child_sa);
	}
}

/**
 * Whether it is too early to renew a CHILD_SA: its IKE_SA is busy, or goes, and the next
 * one is to adopt it.
 */
static bool is_early(renew_job_t *job, ike_sa_t *ike_sa, bool behind)
{
	if (ike_sa->get_state(ike_sa) == IKE_REKEYING)
	{
		return TRUE;
	}
	if (behind && !job->quiet)
	{
		job->quiet = !has_quick_mode(ike_sa);
		return !job->quiet;
	}
	return kernel_cryptomap_quick_modes(ike_sa, TASK_QUEUE_QUEUED) >= RENEWALS_MAX;
}

/**
 * Whether a CHILD_SA is one of ours in this state.
 */
static bool is_of_flow(child_sa_t *child_sa, child_sa_state_t state)
{
	return child_sa->get_state(child_sa) == state &&
		   kernel_cryptomap_child_flow(child_sa->get_config(child_sa));
}

/**
 * Note the youngest of those CHILD_SAs in one state that protect the same.
 *
 * @param youngest		child_sa_t => child_sa_t; what is in it in another state stays
 */
static void find_youngest(ike_sa_t *ike_sa, child_sa_state_t state,
						  hashtable_t *youngest)
{
	enumerator_t *enumerator;
	child_sa_t *child_sa, *other;

	enumerator = ike_sa->create_child_sa_enumerator(ike_sa);
	while (enumerator->enumerate(enumerator, &child_sa))
	{
		if (is_of_flow(child_sa, state))
		{
			other = youngest->get(youngest, child_sa);
			if (!other || other->get_state(other) == state)
			{
				youngest->put(youngest, child_sa, child_sa);
			}
		}
	}
	enumerator->destroy(enumerator);
}

/**
 * Collect CHILD_SAs in one state of an IKE_SA that are to be renewed with another one. Of
 * those that protect the same, as there are after both ends rekeyed at once, one is
 * enough: else they would never get less.
 *
 * @param youngest		those that stand for others, of states before as well
 */
static void collect(ike_sa_t *ike_sa, child_sa_state_t state,
					hashtable_t *youngest, array_t *array)
{
	enumerator_t *enumerator;
	child_sa_t *child_sa;
	adopted_t adopted;

	find_youngest(ike_sa, state, youngest);
	enumerator = ike_sa->create_child_sa_enumerator(ike_sa);
	while (enumerator->enumerate(enumerator, &child_sa))
	{
		if (is_of_flow(child_sa, state) &&
			youngest->get(youngest, child_sa) == child_sa)
		{
			adopted = (adopted_t){
				.spi = child_sa->get_spi(child_sa, TRUE),
				.behind = state == CHILD_REKEYING,
			};
			array_insert(array, ARRAY_TAIL, &adopted);
		}
	}
	enumerator->destroy(enumerator);
}

/**
 * Collect the CHILD_SAs that the heir has.
 */
static void collect_of_heir(renew_job_t *job)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	hashtable_t *youngest;
	ike_sa_t *ike_sa;

	ike_sa = manager->checkout(manager, job->heir);
	if (ike_sa)
	{
		youngest = hashtable_create(hash, equals, 32);
		collect(ike_sa, CHILD_INSTALLED, youngest, job->adopted);
		youngest->destroy(youngest);
		manager->checkin(manager, ike_sa);
	}
	job->heir->destroy(job->heir);
	job->heir = NULL;
}

/**
 * Renew adopted CHILD_SAs as fast as the peer answers.
 */
CALLBACK(renew_job, job_requeue_t,
	renew_job_t *job)
{
	child_sa_t *child_sa;
	adopted_t adopted;
	ike_sa_t *ike_sa;

	if (job->heir)
	{
		collect_of_heir(job);
	}
	while (array_get(job->adopted, ARRAY_HEAD, &adopted))
	{
		ike_sa = checkout(adopted.spi, job->dst, &child_sa);
		if (ike_sa && is_early(job, ike_sa, adopted.behind))
		{
			charon->ike_sa_manager->checkin(charon->ike_sa_manager, ike_sa);
			return JOB_RESCHEDULE_MS(PACE_TIME);
		}
		array_remove(job->adopted, ARRAY_HEAD, NULL);
		if (ike_sa)
		{
			renew(ike_sa, child_sa, adopted.behind);
		}
	}
	return JOB_REQUEUE_NONE;
}

/**
 * A quick mode failed: look whether it rekeyed a CHILD_SA.
 */
static void on_failure(private_kernel_cryptomap_rekeys_t *this,
					   ike_sa_t *ike_sa, uint32_t flow)
{
	enumerator_t *enumerator;
	child_sa_t *child_sa;
	child_cfg_t *config;
	u_int failures;

	enumerator = ike_sa->create_child_sa_enumerator(ike_sa);
	while (enumerator->enumerate(enumerator, &child_sa))
	{
		config = child_sa->get_config(child_sa);
		if (child_sa->get_state(child_sa) != CHILD_REKEYING ||
			kernel_cryptomap_child_flow(config) != flow)
		{
			continue;
		}
		failures = kernel_cryptomap_child_rekeyed(config, FALSE);
		if (failures <= FAILURES_MAX)
		{
			schedule(this, ike_sa, child_sa, RETRY_TIME << (failures - 1));
		}
		else
		{
			DBG1(DBG_CFG, "rekeying %s failed %u times, it is left to expire",
				 child_sa->get_name(child_sa), failures);
		}
	}
	enumerator->destroy(enumerator);
}

METHOD(listener_t, child_state_change, bool,
	private_kernel_cryptomap_rekeys_t *this, ike_sa_t *ike_sa,
	child_sa_t *child_sa, child_sa_state_t state)
{
	child_cfg_t *config = child_sa->get_config(child_sa);
	child_sa_state_t old = child_sa->get_state(child_sa);
	uint32_t flow;

	flow = kernel_cryptomap_child_flow(config);
	if (!flow || !ike_sa)
	{
		return TRUE;
	}
	if (state == CHILD_INSTALLED && old == CHILD_INSTALLING)
	{
		kernel_cryptomap_child_rekeyed(config, TRUE);
		child_sa_tell_reqid(child_sa);
	}
	else if (state == CHILD_DESTROYING &&
			 (old == CHILD_CREATED || old == CHILD_INSTALLING) &&
			 ike_sa->get_state(ike_sa) != IKE_DESTROYING)
	{
		on_failure(this, ike_sa, flow);
	}
	return TRUE;
}

METHOD(listener_t, children_migrate, bool,
	private_kernel_cryptomap_rekeys_t *this, ike_sa_t *ike_sa,
	ike_sa_id_t *new, uint32_t unique)
{
	ike_sa_id_t *id = ike_sa ? ike_sa->get_id(ike_sa) : NULL;
	u_int delay = RETRY_TIME;
	hashtable_t *youngest;
	renew_job_t *job;
	host_t *local;

	if (!new || !ike_sa)
	{
		return TRUE;
	}
	local = ike_sa->get_my_host(ike_sa);
	INIT(job,
		.adopted = array_create(sizeof(adopted_t), 0),
		.dst = local->clone(local),
	);
	youngest = hashtable_create(hash, equals, 32);
	/* the peer may lose them with this IKE_SA; not when it is replaced from here, by one
	 * that the peer did not answer yet */
	if (new->get_responder_spi(new) &&
		!this->twins->has_rule(this->twins, unique))
	{
		collect(ike_sa, CHILD_INSTALLED, youngest, job->adopted);
		delay = RENEW_TIME;
		if (new->is_initiator(new) && !id->is_initiator(id))
		{	/* both were started at once: so may both have been that renew a third one,
			 * of which each side moved its CHILD_SAs to its own */
			job->heir = new->clone(new);
		}
	}
	/* a quick mode that is under way may be done yet */
	collect(ike_sa, CHILD_REKEYING, youngest, job->adopted);
	youngest->destroy(youngest);
	lib->scheduler->schedule_job(lib->scheduler, (job_t*)
			callback_job_create(renew_job, job, destroy_renew, NULL), delay);
	return TRUE;
}

METHOD(kernel_cryptomap_rekeys_t, destroy, void,
	private_kernel_cryptomap_rekeys_t *this)
{
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_rekeys_t *kernel_cryptomap_rekeys_create(
											kernel_cryptomap_twins_t *twins,
											kernel_cryptomap_turns_t *turns)
{
	private_kernel_cryptomap_rekeys_t *this;

	INIT(this,
		.public = {
			.listener = {
				.child_state_change = _child_state_change,
				.children_migrate = _children_migrate,
			},
			.destroy = _destroy,
		},
		.twins = twins,
		.turns = turns,
	);
	return &this->public;
}
