/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_rekeys.h"

#include "kernel_cryptomap_child.h"
#include "kernel_cryptomap_exchanges.h"

#include <daemon.h>
#include <processing/jobs/callback_job.h>

/** Seconds until the next try, doubled with each failure */
#define RETRY_TIME 2
/** Failures after which a CHILD_SA is left to expire */
#define FAILURES_MAX 5
/** Seconds after which an adopted CHILD_SA is renewed: its new IKE_SA has it then, and
 * the old one is there for ten */
#define RENEW_TIME 1

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
};

/**
 * A CHILD_SA, for a job.
 */
typedef struct {
	/** inbound SPI, network order */
	uint32_t spi;
	/** our address */
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
 * Rekey a CHILD_SA. The IKE_SA is checked in.
 */
static void rekey(ike_sa_t *ike_sa, child_sa_t *child_sa)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;

	if (ike_sa->rekey_child_sa(ike_sa, PROTO_ESP,
							child_sa->get_spi(child_sa, TRUE)) == DESTROY_ME)
	{
		manager->checkin_and_destroy(manager, ike_sa);
	}
	else
	{
		manager->checkin(manager, ike_sa);
	}
}

/**
 * Rekey a CHILD_SA that looks as if it were being rekeyed. The IKE_SA is checked
 * in.
 */
static job_requeue_t rekey_again(ike_sa_t *ike_sa, child_sa_t *child_sa)
{
	if (kernel_cryptomap_has_quick_mode(ike_sa, TASK_QUEUE_ACTIVE) ||
		kernel_cryptomap_has_quick_mode(ike_sa, TASK_QUEUE_PASSIVE) ||
		kernel_cryptomap_has_quick_mode(ike_sa, TASK_QUEUE_QUEUED))
	{	/* it may be the one that rekeys this CHILD_SA after all */
		charon->ike_sa_manager->checkin(charon->ike_sa_manager, ike_sa);
		return JOB_RESCHEDULE(RETRY_TIME);
	}
	DBG1(DBG_CFG, "rekeying %s again", child_sa->get_name(child_sa));
	child_sa->set_state(child_sa, CHILD_INSTALLED);
	rekey(ike_sa, child_sa);
	return JOB_REQUEUE_NONE;
}

/**
 * It is time for a try.
 */
CALLBACK(rekey_job, job_requeue_t,
	child_job_t *job)
{
	child_sa_t *child_sa;
	ike_sa_state_t state;
	ike_sa_t *ike_sa;

	ike_sa = charon->child_sa_manager->checkout(charon->child_sa_manager,
									PROTO_ESP, job->spi, job->dst, &child_sa);
	if (!ike_sa)
	{
		return JOB_REQUEUE_NONE;
	}
	state = ike_sa->get_state(ike_sa);
	if (state == IKE_ESTABLISHED || state == IKE_CONNECTING)
	{
		switch (child_sa->get_state(child_sa))
		{
			case CHILD_REKEYING:
				return rekey_again(ike_sa, child_sa);
			case CHILD_INSTALLED:
				DBG1(DBG_CFG, "renewing %s, which the peer may have with another "
					 "IKE_SA", child_sa->get_name(child_sa));
				rekey(ike_sa, child_sa);
				return JOB_REQUEUE_NONE;
			default:
				break;
		}
	}
	charon->ike_sa_manager->checkin(charon->ike_sa_manager, ike_sa);
	return JOB_REQUEUE_NONE;
}

/**
 * Have a CHILD_SA rekeyed later.
 */
static void schedule(ike_sa_t *ike_sa, child_sa_t *child_sa, u_int delay)
{
	host_t *local = ike_sa->get_my_host(ike_sa);
	child_job_t *job;

	INIT(job,
		.spi = child_sa->get_spi(child_sa, TRUE),
		.dst = local->clone(local),
	);
	lib->scheduler->schedule_job(lib->scheduler, (job_t*)
			callback_job_create(rekey_job, job, destroy_job, NULL), delay);
}

/**
 * A quick mode failed: look whether it rekeyed a CHILD_SA.
 */
static void on_failure(ike_sa_t *ike_sa, uint32_t flow)
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
			schedule(ike_sa, child_sa, RETRY_TIME << (failures - 1));
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
	}
	else if (state == CHILD_DESTROYING &&
			 (old == CHILD_CREATED || old == CHILD_INSTALLING) &&
			 ike_sa->get_state(ike_sa) != IKE_DESTROYING)
	{
		on_failure(ike_sa, flow);
	}
	return TRUE;
}

/**
 * Seconds until a CHILD_SA that gets another IKE_SA is rekeyed, 0 if it need not be.
 *
 * @param renew			the peer may lose it with its own one
 */
static u_int get_delay(child_sa_t *child_sa, bool renew)
{
	switch (child_sa->get_state(child_sa))
	{
		case CHILD_REKEYING:
			/* its quick mode stays behind */
			return RETRY_TIME;
		case CHILD_INSTALLED:
			return renew ? RENEW_TIME : 0;
		default:
			return 0;
	}
}

METHOD(listener_t, children_migrate, bool,
	private_kernel_cryptomap_rekeys_t *this, ike_sa_t *ike_sa,
	ike_sa_id_t *new, uint32_t unique)
{
	enumerator_t *enumerator;
	child_sa_t *child_sa;
	bool renew;
	u_int delay;

	if (!new || !ike_sa)
	{
		return TRUE;
	}
	/* not what reauthentication here makes of its own */
	renew = !ike_sa->has_condition(ike_sa, COND_REAUTHENTICATING) &&
			!this->twins->has_rule(this->twins, unique);
	enumerator = ike_sa->create_child_sa_enumerator(ike_sa);
	while (enumerator->enumerate(enumerator, &child_sa))
	{
		delay = get_delay(child_sa, renew);
		if (delay && kernel_cryptomap_child_flow(child_sa->get_config(child_sa)))
		{
			schedule(ike_sa, child_sa, delay);
		}
	}
	enumerator->destroy(enumerator);
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
											kernel_cryptomap_twins_t *twins)
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
	);
	return &this->public;
}
