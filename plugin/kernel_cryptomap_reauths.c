/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_reauths.h"

#include "kernel_cryptomap_checkin.h"
#include "kernel_cryptomap_exchanges.h"
#include "kernel_cryptomap_filter.h"
#include "kernel_cryptomap_lifetimes.h"
#include "kernel_cryptomap_who.h"

#include <daemon.h>
#include <processing/jobs/callback_job.h>
#include <processing/jobs/delete_ike_sa_job.h>
#include <processing/jobs/rekey_ike_sa_job.h>
#include <sa/ikev1/tasks/informational.h>

/** This part of the time between reauthentication and the end is left when
 * reauthentication is put off no more: the peer's end may be as much earlier than what
 * it said as a stock charon varies it */
#define LAST_PART 2
/** Seconds that there are for reauthentication at least, as charon has it */
#define SECONDS_MIN 10
/** Seconds after which the peer is told: it can't read that before the last message of
 * phase 1, and packets come in any order */
#define TELL_TIME 1
/** Seconds after which an IKE_SA supersedes others: a stock charon deletes these after 10 */
#define SUPERSEDED_TIME 30

typedef struct private_kernel_cryptomap_reauths_t private_kernel_cryptomap_reauths_t;

struct private_kernel_cryptomap_reauths_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_reauths_t public;

	/**
	 * Knows which lifetimes were agreed.
	 */
	kernel_cryptomap_offers_t *offers;
};

/**
 * Seconds from now to a time that charon tells.
 */
static uint32_t get_delay(uint32_t at)
{
	time_t now = time_monotonic(NULL);

	return at > now ? at - now : 0;
}

/**
 * An IKE_SA is about to end. If it still has CHILD_SAs it has no successor: they would
 * go with it.
 */
CALLBACK(last_job, job_requeue_t,
	ike_sa_id_t *id)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	status_t status = SUCCESS;
	ike_sa_t *ike_sa;

	ike_sa = manager->checkout(manager, id);
	if (!ike_sa)
	{
		return JOB_REQUEUE_NONE;
	}
	if (ike_sa->get_state(ike_sa) == IKE_ESTABLISHED &&
		ike_sa->get_child_count(ike_sa))
	{
		DBG1(DBG_IKE, "the ISAKMP SA with %H ends in %u seconds, it is renewed while "
			 "an IPsec SA is being negotiated", ike_sa->get_other_host(ike_sa),
			 get_delay(ike_sa->get_statistic(ike_sa, STAT_DELETE)));
		status = ike_sa->reauth(ike_sa);
	}
	kernel_cryptomap_checkin(ike_sa, status);
	return JOB_REQUEUE_NONE;
}

/**
 * Have an IKE_SA renewed in any case before it ends.
 */
static void schedule_last(ike_sa_t *ike_sa)
{
	uint32_t end = ike_sa->get_statistic(ike_sa, STAT_DELETE);
	peer_cfg_t *peer_cfg = ike_sa->get_peer_cfg(ike_sa);
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);

	if (end)
	{
		end -= peer_cfg->get_over_time(peer_cfg) / LAST_PART;
		lib->scheduler->schedule_job(lib->scheduler, (job_t*)
				callback_job_create(last_job, id->clone(id), (void*)id->destroy,
									NULL), get_delay(end));
	}
}

/**
 * An IKE_SA ends earlier than charon thinks. What it planned does no harm: of one that
 * has a successor it does nothing.
 */
static void bring_forward(ike_sa_t *ike_sa)
{
	peer_cfg_t *peer_cfg = ike_sa->get_peer_cfg(ike_sa);
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);
	uint32_t reauth, end;

	reauth = ike_sa->get_statistic(ike_sa, STAT_ESTABLISHED) +
			 peer_cfg->get_reauth_time(peer_cfg, TRUE);
	end = reauth + peer_cfg->get_over_time(peer_cfg);
	end = max(end, (uint32_t)time_monotonic(NULL) + SECONDS_MIN);
	ike_sa->set_statistic(ike_sa, STAT_REAUTH, reauth);
	ike_sa->set_statistic(ike_sa, STAT_DELETE, end);
	lib->scheduler->schedule_job(lib->scheduler, (job_t*)
					rekey_ike_sa_job_create(id, TRUE), get_delay(reauth));
	lib->scheduler->schedule_job(lib->scheduler, (job_t*)
					delete_ike_sa_job_create(id, TRUE), get_delay(end));
	schedule_last(ike_sa);
}

METHOD(listener_t, message_hook, bool,
	private_kernel_cryptomap_reauths_t *this, ike_sa_t *ike_sa,
	message_t *message, bool incoming, bool plain)
{
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);
	uint32_t seconds;

	/* anybody can send it in clear */
	if (!incoming || !plain || ike_sa->get_version(ike_sa) != IKEV1 ||
		!id->is_initiator(id) || !kernel_cryptomap_is_encrypted(message))
	{
		return TRUE;
	}
	seconds = kernel_cryptomap_lifetimes_told(message);
	if (seconds && this->offers->limit(this->offers, ike_sa, seconds))
	{
		DBG1(DBG_IKE, "%H has a lifetime of %u seconds for the ISAKMP SA",
			 ike_sa->get_other_host(ike_sa), seconds);
		if (ike_sa->get_state(ike_sa) == IKE_ESTABLISHED)
		{
			bring_forward(ike_sa);
		}
	}
	return TRUE;
}

/**
 * An IKE_SA, for a job.
 */
typedef struct {
	private_kernel_cryptomap_reauths_t *this;
	/** its id */
	ike_sa_id_t *id;
} tell_job_t;

/**
 * Destroy the data of a job.
 */
CALLBACK(destroy_tell, void,
	tell_job_t *job)
{
	job->id->destroy(job->id);
	free(job);
}

/**
 * Tell the peer that started phase 1 of our lifetime. The IKE_SA is checked in.
 */
static void tell(ike_sa_t *ike_sa, uint32_t seconds)
{
	informational_t *task;

	task = informational_create(ike_sa,
				kernel_cryptomap_lifetimes_tell(ike_sa->get_id(ike_sa), seconds));
	ike_sa->queue_task(ike_sa, &task->task);
	kernel_cryptomap_checkin(ike_sa, ike_sa->initiate(ike_sa, NULL, NULL));
}

/**
 * It is time to tell the peer, if there is something to tell.
 */
CALLBACK(tell_job, job_requeue_t,
	tell_job_t *job)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	kernel_cryptomap_offers_t *offers = job->this->offers;
	ike_sa_t *ike_sa;
	uint32_t seconds;

	ike_sa = manager->checkout(manager, job->id);
	if (!ike_sa)
	{
		return JOB_REQUEUE_NONE;
	}
	seconds = offers->get_less(offers, ike_sa);
	if (seconds && ike_sa->get_state(ike_sa) == IKE_ESTABLISHED)
	{
		tell(ike_sa, seconds);
	}
	else
	{
		manager->checkin(manager, ike_sa);
	}
	return JOB_REQUEUE_NONE;
}

/**
 * Have the peer that started phase 1 told of a smaller lifetime.
 */
static void schedule_tell(private_kernel_cryptomap_reauths_t *this,
						  ike_sa_t *ike_sa)
{
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);
	tell_job_t *job;

	if (!id->is_initiator(id) && this->offers->get_less(this->offers, ike_sa))
	{
		INIT(job,
			.this = this,
			.id = id->clone(id),
		);
		lib->scheduler->schedule_job(lib->scheduler, (job_t*)
				callback_job_create(tell_job, job, destroy_tell, NULL), TELL_TIME);
	}
}

/**
 * Whether one IKE_SA has nothing that another one with the same peer, which came up later,
 * does not have: we replaced it, or it has no CHILD_SAs while the other one does.
 *
 * @param at			when the other one came up, and charon's number of it
 * @param in_use		it has CHILD_SAs
 */
static bool is_superseded(ike_sa_t *ike_sa, kernel_cryptomap_who_t *who,
						  uint32_t at, uint32_t unique, bool in_use)
{
	uint32_t own = ike_sa->get_statistic(ike_sa, STAT_ESTABLISHED);
	ike_sa_state_t state = ike_sa->get_state(ike_sa);

	if (ike_sa->get_version(ike_sa) != IKEV1 || own > at ||
		(own == at && ike_sa->get_unique_id(ike_sa) > unique))
	{
		return FALSE;
	}
	return (state == IKE_REKEYING || (state == IKE_ESTABLISHED && in_use)) &&
		   !ike_sa->get_child_count(ike_sa) &&
		   !kernel_cryptomap_quick_modes(ike_sa, TASK_QUEUE_ACTIVE) &&
		   !kernel_cryptomap_quick_modes(ike_sa, TASK_QUEUE_QUEUED) &&
		   kernel_cryptomap_who_is(who, ike_sa);
}

/**
 * An IKE_SA has been up for some time: those that it supersedes go. charon has the side
 * delete them that did not start it, by a message that may be lost: they would stay until
 * they expire.
 */
CALLBACK(superseded_job, job_requeue_t,
	ike_sa_id_t *id)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	kernel_cryptomap_who_t *who;
	enumerator_t *others;
	uint32_t at, unique;
	status_t status;
	ike_sa_t *ike_sa;
	host_t *remote;
	bool in_use;

	ike_sa = manager->checkout(manager, id);
	if (!ike_sa)
	{
		return JOB_REQUEUE_NONE;
	}
	at = ike_sa->get_statistic(ike_sa, STAT_ESTABLISHED);
	unique = ike_sa->get_unique_id(ike_sa);
	in_use = ike_sa->get_child_count(ike_sa);
	who = kernel_cryptomap_who_create(ike_sa);
	remote = ike_sa->get_other_host(ike_sa);
	/* a list of their ids, as they are now */
	others = manager->create_id_enumerator(manager, ike_sa->get_my_id(ike_sa),
										   ike_sa->get_other_eap_id(ike_sa),
										   remote->get_family(remote));
	manager->checkin(manager, ike_sa);
	while (others->enumerate(others, &id))
	{
		ike_sa = manager->checkout(manager, id);
		if (ike_sa)
		{
			status = SUCCESS;
			if (ike_sa->get_unique_id(ike_sa) != unique &&
				is_superseded(ike_sa, who, at, unique, in_use))
			{
				DBG1(DBG_IKE, "IKE_SA [%u] with %H is superseded by [%u]",
					 ike_sa->get_unique_id(ike_sa), who->remote, unique);
				status = ike_sa->delete(ike_sa, FALSE);
			}
			kernel_cryptomap_checkin(ike_sa, status);
		}
	}
	others->destroy(others);
	kernel_cryptomap_who_destroy(who);
	return JOB_REQUEUE_NONE;
}

/**
 * Have those looked for that an IKE_SA supersedes.
 */
static void schedule_superseded(ike_sa_t *ike_sa)
{
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);

	lib->scheduler->schedule_job(lib->scheduler, (job_t*)
			callback_job_create(superseded_job, id->clone(id), (void*)id->destroy,
								NULL), SUPERSEDED_TIME);
}

METHOD(listener_t, ike_state_change, bool,
	private_kernel_cryptomap_reauths_t *this, ike_sa_t *ike_sa,
	ike_sa_state_t state)
{
	if (state == IKE_ESTABLISHED && ike_sa->get_version(ike_sa) == IKEV1 &&
		ike_sa->get_state(ike_sa) == IKE_CONNECTING)
	{
		schedule_last(ike_sa);
		schedule_tell(this, ike_sa);
		schedule_superseded(ike_sa);
	}
	return TRUE;
}

METHOD(kernel_cryptomap_reauths_t, destroy, void,
	private_kernel_cryptomap_reauths_t *this)
{
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_reauths_t *kernel_cryptomap_reauths_create(
											kernel_cryptomap_offers_t *offers)
{
	private_kernel_cryptomap_reauths_t *this;

	INIT(this,
		.public = {
			.listener = {
				.ike_state_change = _ike_state_change,
				.message = _message_hook,
			},
			.destroy = _destroy,
		},
		.offers = offers,
	);
	return &this->public;
}
