/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_adopt.h"

#include <daemon.h>
#include <collections/linked_list.h>
#include <processing/jobs/adopt_children_job.h>
#include <processing/jobs/callback_job.h>

/**
 * An IKE_SA and its successor, for a job.
 */
typedef struct {
	/** their ids */
	ike_sa_id_t *old, *successor;
	/** the successor is established */
	bool established;
} adopt_job_t;

/**
 * Destroy the data of a job.
 */
CALLBACK(destroy_job, void,
	adopt_job_t *job)
{
	job->old->destroy(job->old);
	job->successor->destroy(job->successor);
	free(job);
}

/**
 * Take the CHILD_SAs off an IKE_SA that is being replaced.
 *
 * @param unique		charon's number of the successor
 */
static linked_list_t *take_children(ike_sa_t *ike_sa, ike_sa_id_t *successor,
									uint32_t unique)
{
	linked_list_t *children = linked_list_create();
	enumerator_t *enumerator;
	child_sa_t *child_sa;

	if (!ike_sa->get_child_count(ike_sa))
	{
		return children;
	}
	charon->bus->children_migrate(charon->bus, successor, unique);
	enumerator = ike_sa->create_child_sa_enumerator(ike_sa);
	while (enumerator->enumerate(enumerator, &child_sa))
	{
		ike_sa->remove_child_sa(ike_sa, enumerator);
		children->insert_last(children, child_sa);
	}
	enumerator->destroy(enumerator);
	return children;
}

/**
 * Give CHILD_SAs to an IKE_SA.
 */
static void give_children(ike_sa_t *ike_sa, linked_list_t *children)
{
	child_sa_t *child_sa;

	while (children->remove_first(children, (void**)&child_sa) == SUCCESS)
	{
		DBG1(DBG_IKE, "adopting %s, which came up with the IKE_SA before",
			 child_sa->get_name(child_sa));
		ike_sa->add_child_sa(ike_sa, child_sa);
	}
	charon->bus->children_migrate(charon->bus, NULL, 0);
}

/**
 * Get charon's number of an IKE_SA that may have CHILD_SAs.
 *
 * @return				0 if there is none
 */
static uint32_t get_unique(ike_sa_id_t *id)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	uint32_t unique = 0;
	ike_sa_t *ike_sa;

	ike_sa = manager->checkout(manager, id);
	if (ike_sa)
	{
		if (ike_sa->get_state(ike_sa) == IKE_CONNECTING ||
			ike_sa->get_state(ike_sa) == IKE_ESTABLISHED)
		{
			unique = ike_sa->get_unique_id(ike_sa);
		}
		manager->checkin(manager, ike_sa);
	}
	return unique;
}

/**
 * Let the successor adopt CHILD_SAs. charon's own job does not find an IKE_SA that is
 * being replaced: it had none when that began.
 */
static void adopt(adopt_job_t *job)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	linked_list_t *children;
	ike_sa_t *ike_sa;
	uint32_t unique;

	unique = get_unique(job->successor);
	ike_sa = unique ? manager->checkout(manager, job->old) : NULL;
	if (!ike_sa)
	{
		return;
	}
	children = take_children(ike_sa, job->successor, unique);
	manager->checkin(manager, ike_sa);
	if (children->get_count(children))
	{
		ike_sa = manager->checkout(manager, job->successor);
		if (ike_sa)
		{
			give_children(ike_sa, children);
			manager->checkin(manager, ike_sa);
		}
	}
	/* without an IKE_SA they become orphans */
	children->destroy_offset(children, offsetof(child_sa_t, destroy));
}

/**
 * A CHILD_SA came up with an IKE_SA that has a successor.
 */
CALLBACK(adopt_job, job_requeue_t,
	adopt_job_t *job)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	ike_sa_state_t state;
	ike_sa_t *ike_sa;

	ike_sa = manager->checkout(manager, job->old);
	if (!ike_sa)
	{
		return JOB_REQUEUE_NONE;
	}
	state = ike_sa->get_state(ike_sa);
	manager->checkin(manager, ike_sa);
	if (state == IKE_REKEYING)
	{
		adopt(job);
	}
	else if (job->established)
	{
		lib->processor->queue_job(lib->processor, (job_t*)
								  adopt_children_job_create(job->successor));
	}
	return JOB_REQUEUE_NONE;
}

/*
 * See header.
 */
void kernel_cryptomap_adopt(ike_sa_id_t *old, ike_sa_id_t *successor,
							bool established)
{
	adopt_job_t *job;

	INIT(job,
		.old = old->clone(old),
		.successor = successor->clone(successor),
		.established = established,
	);
	/* before the IKE_SA goes */
	lib->processor->queue_job(lib->processor, (job_t*)
			callback_job_create_with_prio(adopt_job, job, destroy_job, NULL,
										  JOB_PRIO_HIGH));
}
