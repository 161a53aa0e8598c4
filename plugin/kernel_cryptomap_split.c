/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_split.h"

#include "kernel_cryptomap_checkin.h"
#include "kernel_cryptomap_filter.h"

#include <daemon.h>
#include <collections/linked_list.h>
#include <encoding/payloads/delete_payload.h>
#include <encoding/payloads/notify_payload.h>
#include <processing/jobs/callback_job.h>
#include <sa/ikev1/tasks/informational.h>

/**
 * What charon may follow of a message, in the order in which it is to be done. An
 * IKE_SA that is deleted takes its CHILD_SAs with it, as if the peer still had them.
 */
typedef enum {
	/** probes: only the task manager answers them */
	PROBE,
	ERROR,
	DELETE_CHILD,
	DELETE_IKE,
	/** what can stay with any of the others */
	OTHER,
} kind_t;

/**
 * What follows a message, for a job.
 */
typedef struct {
	/** id of the IKE_SA */
	ike_sa_id_t *id;
	/** its other parts, message_t */
	linked_list_t *messages;
} split_job_t;

/**
 * Destroy the data of a job.
 */
CALLBACK(destroy_job, void,
	split_job_t *job)
{
	job->messages->destroy_offset(job->messages, offsetof(message_t, destroy));
	job->id->destroy(job->id);
	free(job);
}

/**
 * Have charon do what a message says.
 */
static status_t process(ike_sa_t *ike_sa, message_t *message)
{
	informational_t *task;
	status_t status;

	task = informational_create(ike_sa, NULL);
	status = task->task.process(&task->task, message);
	task->task.destroy(&task->task);
	return status;
}

/**
 * Do what the other parts of a message say.
 */
CALLBACK(split_job, job_requeue_t,
	split_job_t *job)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	status_t status = SUCCESS;
	enumerator_t *enumerator;
	message_t *message;
	ike_sa_t *ike_sa;

	ike_sa = manager->checkout(manager, job->id);
	if (!ike_sa)
	{
		return JOB_REQUEUE_NONE;
	}
	enumerator = job->messages->create_enumerator(job->messages);
	while (status == SUCCESS && enumerator->enumerate(enumerator, &message))
	{
		status = process(ike_sa, message);
	}
	enumerator->destroy(enumerator);
	if (status == SUCCESS)
	{	/* an error may have ended the quick mode that others wait for */
		status = ike_sa->initiate(ike_sa, NULL, NULL);
	}
	kernel_cryptomap_checkin(ike_sa, status);
	return JOB_REQUEUE_NONE;
}

/**
 * The kind of a payload.
 */
static kind_t get_kind(payload_t *payload)
{
	delete_payload_t *delete;
	notify_payload_t *notify;
	notify_type_t type;

	switch (payload->get_type(payload))
	{
		case PLV1_NOTIFY:
			notify = (notify_payload_t*)payload;
			type = notify->get_notify_type(notify);
			if (type == DPD_R_U_THERE || type == DPD_R_U_THERE_ACK)
			{
				return PROBE;
			}
			return type < INITIAL_CONTACT ? ERROR : OTHER;
		case PLV1_DELETE:
			delete = (delete_payload_t*)payload;
			return delete->get_protocol_id(delete) == PROTO_IKE ? DELETE_IKE :
																  DELETE_CHILD;
		default:
			return OTHER;
	}
}

/**
 * The kind of payload in a message that is to be followed first.
 */
static kind_t get_first(message_t *message)
{
	enumerator_t *enumerator;
	payload_t *payload;
	kind_t first = OTHER;

	enumerator = message->create_payload_enumerator(message);
	while (enumerator->enumerate(enumerator, &payload))
	{
		first = min(first, get_kind(payload));
	}
	enumerator->destroy(enumerator);
	return first;
}

/**
 * Take the payloads of one kind from a message.
 *
 * @return				message of those, NULL if there are none
 */
static message_t *take_kind(message_t *message, kind_t kind)
{
	enumerator_t *enumerator;
	message_t *part = NULL;
	payload_t *payload;

	enumerator = message->create_payload_enumerator(message);
	while (enumerator->enumerate(enumerator, &payload))
	{
		if (get_kind(payload) != kind)
		{
			continue;
		}
		if (!part)
		{
			part = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
			part->set_exchange_type(part, INFORMATIONAL_V1);
		}
		message->remove_payload_at(message, enumerator);
		part->add_payload(part, payload);
	}
	enumerator->destroy(enumerator);
	return part;
}

/**
 * Implementation of listener_t.message.
 */
static bool message_hook(listener_t *this, ike_sa_t *ike_sa, message_t *message,
						 bool incoming, bool plain)
{
	ike_sa_state_t state = ike_sa->get_state(ike_sa);
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);
	linked_list_t *messages;
	message_t *part;
	split_job_t *job;
	kind_t kind;

	if (!incoming || !plain ||
		message->get_exchange_type(message) != INFORMATIONAL_V1 ||
		(state != IKE_ESTABLISHED && state != IKE_REKEYING) ||
		!kernel_cryptomap_is_encrypted(message))
	{
		return TRUE;
	}
	messages = linked_list_create();
	for (kind = get_first(message) + 1; kind < OTHER; kind++)
	{
		part = take_kind(message, kind);
		if (part)
		{
			messages->insert_last(messages, part);
		}
	}
	if (!messages->get_count(messages))
	{
		messages->destroy(messages);
		return TRUE;
	}
	INIT(job,
		.id = id->clone(id),
		.messages = messages,
	);
	/* before anything new is negotiated with an IKE_SA that goes */
	lib->processor->queue_job(lib->processor, (job_t*)
			callback_job_create_with_prio(split_job, job, destroy_job, NULL,
										  JOB_PRIO_HIGH));
	return TRUE;
}

/*
 * See header.
 */
listener_t kernel_cryptomap_split_listener = {
	.message = message_hook,
};
