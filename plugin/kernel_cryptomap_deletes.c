/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_deletes.h"

#include "kernel_cryptomap_checkin.h"
#include "kernel_cryptomap_filter.h"
#include "kernel_cryptomap_peer.h"
#include "kernel_cryptomap_who.h"

#include <daemon.h>
#include <collections/linked_list.h>
#include <encoding/payloads/delete_payload.h>
#include <processing/jobs/callback_job.h>
#include <sa/ikev1/tasks/isakmp_delete.h>

/** ISAKMP SAs that are deleted by one message */
#define DELETES_MAX 16

/**
 * ISAKMP SAs that a peer deletes, for a job.
 */
typedef struct {
	/** their ids, ike_sa_id_t */
	linked_list_t *ids;
	/** the peer */
	kernel_cryptomap_who_t *who;
} deletes_job_t;

/**
 * Destroy the data of a job.
 */
CALLBACK(destroy_job, void,
	deletes_job_t *job)
{
	job->ids->destroy_offset(job->ids, offsetof(ike_sa_id_t, destroy));
	kernel_cryptomap_who_destroy(job->who);
	free(job);
}

/**
 * Whether an IKE_SA is up, and has an id: charon finds one that has no second cookie yet
 * by the first one.
 */
static bool is_up(ike_sa_t *ike_sa, ike_sa_id_t *id)
{
	ike_sa_state_t state = ike_sa->get_state(ike_sa);

	return ike_sa->get_version(ike_sa) == IKEV1 &&
		   (state == IKE_ESTABLISHED || state == IKE_REKEYING) &&
		   id->equals(id, ike_sa->get_id(ike_sa));
}

/**
 * Have charon do what it does when a DELETE comes with the IKE_SA itself.
 */
static status_t process_delete(ike_sa_t *ike_sa, ike_sa_id_t *id)
{
	delete_payload_t *delete;
	isakmp_delete_t *task;
	message_t *message;
	status_t status;

	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->set_exchange_type(message, INFORMATIONAL_V1);
	delete = delete_payload_create(PLV1_DELETE, PROTO_IKE);
	delete->set_ike_spi(delete, id->get_initiator_spi(id), id->get_responder_spi(id));
	message->add_payload(message, &delete->payload_interface);
	task = isakmp_delete_create(ike_sa, FALSE);
	status = task->task.process(&task->task, message);
	task->task.destroy(&task->task);
	message->destroy(message);
	return status;
}

/**
 * A peer deleted ISAKMP SAs with another one.
 */
CALLBACK(deletes_job, job_requeue_t,
	deletes_job_t *job)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	enumerator_t *enumerator;
	status_t status;
	ike_sa_t *ike_sa;
	ike_sa_id_t *id;

	enumerator = job->ids->create_enumerator(job->ids);
	while (enumerator->enumerate(enumerator, &id))
	{
		ike_sa = manager->checkout(manager, id);
		if (ike_sa)
		{
			status = SUCCESS;
			if (is_up(ike_sa, id) && kernel_cryptomap_who_is(job->who, ike_sa))
			{
				DBG1(DBG_IKE, "%H deleted IKE_SA [%u], with another one",
					 job->who->remote, ike_sa->get_unique_id(ike_sa));
				status = process_delete(ike_sa, id);
			}
			kernel_cryptomap_checkin(ike_sa, status);
		}
	}
	enumerator->destroy(enumerator);
	return JOB_REQUEUE_NONE;
}

/**
 * Collect the ids of other IKE_SAs that a message deletes.
 */
static linked_list_t *collect_ids(ike_sa_t *ike_sa, message_t *message)
{
	ike_sa_id_t *id, *mine = ike_sa->get_id(ike_sa);
	linked_list_t *ids = linked_list_create();
	enumerator_t *enumerator;
	delete_payload_t *delete;
	payload_t *payload;
	uint64_t spi_i, spi_r;

	enumerator = message->create_payload_enumerator(message);
	while (ids->get_count(ids) < DELETES_MAX &&
		   enumerator->enumerate(enumerator, &payload))
	{
		delete = (delete_payload_t*)payload;
		if (payload->get_type(payload) == PLV1_DELETE &&
			delete->get_ike_spi(delete, &spi_i, &spi_r))
		{
			id = ike_sa_id_create(IKEV1_MAJOR_VERSION, spi_i, spi_r, FALSE);
			if (id->equals(id, mine))
			{
				id->destroy(id);
			}
			else
			{
				ids->insert_last(ids, id);
			}
		}
	}
	enumerator->destroy(enumerator);
	return ids;
}

/**
 * Implementation of listener_t.message.
 */
static bool message_hook(listener_t *this, ike_sa_t *ike_sa, message_t *message,
						 bool incoming, bool plain)
{
	linked_list_t *ids;
	deletes_job_t *job;

	/* a peer with another source address than its own does not speak for the one that
	 * has it */
	if (!incoming || !plain ||
		message->get_exchange_type(message) != INFORMATIONAL_V1 ||
		!is_up(ike_sa, ike_sa->get_id(ike_sa)) ||
		!kernel_cryptomap_is_encrypted(message) ||
		!kernel_cryptomap_peer_is_at(ike_sa))
	{
		return TRUE;
	}
	ids = collect_ids(ike_sa, message);
	if (!ids->get_count(ids))
	{
		ids->destroy(ids);
		return TRUE;
	}
	INIT(job,
		.ids = ids,
		.who = kernel_cryptomap_who_create(ike_sa),
	);
	lib->processor->queue_job(lib->processor, (job_t*)
			callback_job_create(deletes_job, job, destroy_job, NULL));
	return TRUE;
}

/*
 * See header.
 */
listener_t kernel_cryptomap_deletes_listener = {
	.message = message_hook,
};
