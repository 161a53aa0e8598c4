/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_outcome.h"

#include "kernel_cryptomap_adopt.h"
#include "kernel_cryptomap_child.h"
#include "kernel_cryptomap_peer.h"

#include <daemon.h>
#include <collections/array.h>
#include <encoding/payloads/notify_payload.h>
#include <processing/jobs/callback_job.h>

typedef struct private_kernel_cryptomap_outcome_t private_kernel_cryptomap_outcome_t;

struct private_kernel_cryptomap_outcome_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_outcome_t public;

	/**
	 * Flows under negotiation and their IKE_SAs.
	 */
	kernel_cryptomap_pairs_t *pairs;
};

/**
 * Destroy tasks.
 */
CALLBACK(destroy_tasks, void,
	array_t *tasks)
{
	array_destroy_offset(tasks, offsetof(task_t, destroy));
}

/**
 * What is left to do about tasks is to destroy them.
 */
CALLBACK(tasks_job, job_requeue_t,
	array_t *tasks)
{
	return JOB_REQUEUE_NONE;
}

/**
 * Take the quick modes off a queue of tasks. A job destroys them: one that is
 * under way has an SPI, which is given back to the kernel.
 */
static void take_quick_modes(ike_sa_t *ike_sa, task_queue_t queue)
{
	enumerator_t *enumerator;
	array_t *tasks = NULL;
	task_t *task;

	enumerator = ike_sa->create_task_enumerator(ike_sa, queue);
	while (enumerator->enumerate(enumerator, &task))
	{
		if (task->get_type(task) == TASK_QUICK_MODE)
		{
			ike_sa->remove_task(ike_sa, enumerator);
			array_insert_create(&tasks, ARRAY_TAIL, task);
		}
	}
	enumerator->destroy(enumerator);
	if (tasks)
	{
		lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(tasks_job, tasks, destroy_tasks, NULL));
	}
}

/**
 * Drop the quick modes of an IKE_SA that is on its way out. charon would set
 * up another one for them by itself; the kernel asks again for flows that are
 * still wanted. They fail when the IKE_SA is destroyed.
 */
static void drop_quick_modes(ike_sa_t *ike_sa)
{
	take_quick_modes(ike_sa, TASK_QUEUE_ACTIVE);
	take_quick_modes(ike_sa, TASK_QUEUE_QUEUED);
}

METHOD(listener_t, ike_state_change, bool,
	private_kernel_cryptomap_outcome_t *this, ike_sa_t *ike_sa,
	ike_sa_state_t state)
{
	uint32_t unique = ike_sa->get_unique_id(ike_sa);

	if (ike_sa->get_version(ike_sa) != IKEV1)
	{
		return TRUE;
	}
	switch (state)
	{
		case IKE_ESTABLISHED:
			this->pairs->established(this->pairs, ike_sa->get_my_host(ike_sa),
									 ike_sa->get_other_host(ike_sa),
									 kernel_cryptomap_peer_profile(ike_sa),
									 ike_sa->get_id(ike_sa), unique);
			break;
		case IKE_DELETING:
			drop_quick_modes(ike_sa);
			this->pairs->unusable(this->pairs, unique);
			break;
		case IKE_REKEYING:
			/* of what is queued charon starts nothing any more */
			take_quick_modes(ike_sa, TASK_QUEUE_QUEUED);
			this->pairs->unusable(this->pairs, unique);
			this->pairs->redecide(this->pairs, unique);
			break;
		case IKE_DESTROYING:
			this->pairs->destroyed(this->pairs, unique);
			break;
		default:
			break;
	}
	return TRUE;
}

METHOD(listener_t, ike_update, bool,
	private_kernel_cryptomap_outcome_t *this, ike_sa_t *ike_sa, host_t *local,
	host_t *remote)
{
	if (ike_sa->get_version(ike_sa) == IKEV1)
	{
		this->pairs->moved(this->pairs, ike_sa->get_unique_id(ike_sa), remote);
	}
	return TRUE;
}

METHOD(listener_t, children_migrate, bool,
	private_kernel_cryptomap_outcome_t *this, ike_sa_t *ike_sa,
	ike_sa_id_t *new, uint32_t unique)
{
	if (new && ike_sa && ike_sa->get_version(ike_sa) == IKEV1)
	{
		this->pairs->migrated(this->pairs, ike_sa->get_my_host(ike_sa),
							  ike_sa->get_other_host(ike_sa),
							  kernel_cryptomap_peer_profile(ike_sa),
							  ike_sa->get_unique_id(ike_sa), new, unique,
							  !ike_sa->get_child_count(ike_sa));
	}
	return TRUE;
}

/**
 * A quick mode starts, or a CHILD_SA that the peer negotiated is about to be
 * installed: what comes in through that may be answered before there is a way
 * out.
 */
METHOD(listener_t, narrow, bool,
	private_kernel_cryptomap_outcome_t *this, ike_sa_t *ike_sa,
	child_sa_t *child_sa, narrow_hook_t type, linked_list_t *local,
	linked_list_t *remote)
{
	uint32_t id, unique, child;

	id = kernel_cryptomap_child_flow(child_sa->get_config(child_sa));
	if (!id || !ike_sa)
	{
		return TRUE;
	}
	unique = ike_sa->get_unique_id(ike_sa);
	child = child_sa->get_unique_id(child_sa);
	switch (type)
	{
		case NARROW_INITIATOR_PRE_AUTH:
			this->pairs->started(this->pairs, id, unique, child);
			break;
		case NARROW_RESPONDER_POST:
			this->pairs->respond(this->pairs, id, unique, child);
			break;
		default:
			break;
	}
	return TRUE;
}

/**
 * A CHILD_SA comes up with an IKE_SA that may have a successor, as its peer does not
 * know yet, or has another one in mind: the successor adopts it, before the IKE_SA
 * goes.
 */
static void on_installed(private_kernel_cryptomap_outcome_t *this,
						 ike_sa_t *ike_sa)
{
	ike_sa_id_t *id;
	bool established;

	id = this->pairs->get_successor(this->pairs, ike_sa->get_unique_id(ike_sa),
									&established);
	if (id)
	{
		kernel_cryptomap_adopt(ike_sa->get_id(ike_sa), id, established);
		id->destroy(id);
	}
}

METHOD(listener_t, child_state_change, bool,
	private_kernel_cryptomap_outcome_t *this, ike_sa_t *ike_sa,
	child_sa_t *child_sa, child_sa_state_t state)
{
	uint32_t id;

	id = kernel_cryptomap_child_flow(child_sa->get_config(child_sa));
	if (!id || !ike_sa)
	{
		return TRUE;
	}
	if (state == CHILD_INSTALLED &&
		child_sa->get_state(child_sa) == CHILD_INSTALLING)
	{
		this->pairs->end(this->pairs, id);
		on_installed(this, ike_sa);
	}
	else if (state == CHILD_DESTROYING)
	{
		switch (child_sa->get_state(child_sa))
		{
			case CHILD_CREATED:
			case CHILD_INSTALLING:
				this->pairs->fail(this->pairs, id,
								  child_sa->get_unique_id(child_sa));
				break;
			default:
				break;
		}
	}
	return TRUE;
}

METHOD(listener_t, message_hook, bool,
	private_kernel_cryptomap_outcome_t *this, ike_sa_t *ike_sa,
	message_t *message, bool incoming, bool plain)
{
	notify_payload_t *notify;
	enumerator_t *enumerator;
	notify_type_t type;
	payload_t *payload;
	char reason[128];

	if (!plain || !incoming || ike_sa->get_version(ike_sa) != IKEV1)
	{
		return TRUE;
	}
	enumerator = message->create_payload_enumerator(message);
	while (enumerator->enumerate(enumerator, &payload))
	{
		if (payload->get_type(payload) != PLV1_NOTIFY)
		{
			continue;
		}
		notify = (notify_payload_t*)payload;
		type = notify->get_notify_type(notify);
		if (type < INITIAL_CONTACT)
		{
			snprintf(reason, sizeof(reason), "the peer answers %N",
					 notify_type_names, type);
			this->pairs->set_reason(this->pairs,
								ike_sa->get_unique_id(ike_sa), reason, TRUE);
		}
	}
	enumerator->destroy(enumerator);
	return TRUE;
}

METHOD(listener_t, alert, bool,
	private_kernel_cryptomap_outcome_t *this, ike_sa_t *ike_sa, alert_t alert,
	va_list args)
{
	const char *reason = NULL;

	if (!ike_sa || ike_sa->get_version(ike_sa) != IKEV1)
	{
		return TRUE;
	}
	switch (alert)
	{
		case ALERT_RETRANSMIT_SEND_TIMEOUT:
			reason = "the peer does not answer";
			drop_quick_modes(ike_sa);
			break;
		case ALERT_PARSE_ERROR_BODY:
			reason = "a message can't be decrypted, the pre-shared keys may "
					 "differ";
			break;
		case ALERT_LOCAL_AUTH_FAILED:
		case ALERT_PEER_AUTH_FAILED:
			reason = "authentication failed";
			break;
		default:
			break;
	}
	if (reason)
	{
		this->pairs->set_reason(this->pairs, ike_sa->get_unique_id(ike_sa),
								reason, FALSE);
	}
	return TRUE;
}

METHOD(kernel_cryptomap_outcome_t, destroy, void,
	private_kernel_cryptomap_outcome_t *this)
{
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_outcome_t *kernel_cryptomap_outcome_create(
										kernel_cryptomap_pairs_t *pairs)
{
	private_kernel_cryptomap_outcome_t *this;

	INIT(this,
		.public = {
			.listener = {
				.ike_state_change = _ike_state_change,
				.ike_update = _ike_update,
				.children_migrate = _children_migrate,
				.narrow = _narrow,
				.child_state_change = _child_state_change,
				.message = _message_hook,
				.alert = _alert,
			},
			.destroy = _destroy,
		},
		.pairs = pairs,
	);
	return &this->public;
}
