/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_twins.h"

#include <daemon.h>
#include <collections/linked_list.h>
#include <encoding/payloads/delete_payload.h>
#include <encoding/payloads/vendor_id_payload.h>
#include <processing/jobs/adopt_children_job.h>
#include <threading/mutex.h>

/** Seconds by which the two sides may differ about what overlapped: a first message
 * may be lost */
#define SLACK 5
/** Seconds after which the one that stays takes over */
#define ADOPT_DELAY 1
/** Seconds after which charon deletes one that has a successor */
#define DELETE_DELAY 10
/** Vendor ID of daemons with this rule, before the number of the instance */
#define VENDOR_ID "cryptomap daemon"

typedef struct private_kernel_cryptomap_twins_t private_kernel_cryptomap_twins_t;

struct private_kernel_cryptomap_twins_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_twins_t public;

	/**
	 * IKE_SAs that are not established, or just now, young_t.
	 */
	linked_list_t *young;

	/**
	 * Number of this instance of the daemon, 0 until it is needed.
	 */
	uint64_t instance;

	/**
	 * Protects young and instance.
	 */
	mutex_t *mutex;
};

/**
 * An IKE_SA that may have a twin.
 */
typedef struct {
	/** charon's number */
	uint32_t unique;
	/** when it was begun */
	time_t created;
	/** number of the peer's instance, 0 for a peer without this rule */
	uint64_t instance;
	/** when it was established, 0 before; what follows is valid from then on */
	time_t established;
	/** id in the IKE_SA manager */
	ike_sa_id_t *id;
	/** addresses and ports */
	host_t *local, *remote;
	/** its configuration, of which only the address counts: it is of no other IKE_SA
	 * that is as young */
	peer_cfg_t *peer_cfg;
	/** charon's number of the twin that goes, 0 if it has none or goes itself */
	uint32_t twin;
	/** it is the successor of another one; valid from the start on */
	bool heir;
	/** there are others, and it is not known yet in which of them the peer has its
	 * CHILD_SAs */
	bool undecided;
	/** since then this side negotiated on it */
	bool used;
} young_t;

/**
 * Destroy an entry.
 */
static void destroy_young(young_t *young)
{
	DESTROY_IF(young->id);
	DESTROY_IF(young->local);
	DESTROY_IF(young->remote);
	free(young);
}

/**
 * Find the entry of an IKE_SA by charon's number. Mutex held.
 */
static young_t *find_unique(private_kernel_cryptomap_twins_t *this,
							uint32_t unique)
{
	young_t *current, *found = NULL;
	enumerator_t *enumerator;

	enumerator = this->young->create_enumerator(this->young);
	while (!found && enumerator->enumerate(enumerator, &current))
	{
		if (current->unique == unique)
		{
			found = current;
		}
	}
	enumerator->destroy(enumerator);
	return found;
}

/**
 * Find the entry of an IKE_SA. Mutex held.
 */
static young_t *find(private_kernel_cryptomap_twins_t *this, ike_sa_t *ike_sa)
{
	return find_unique(this, ike_sa->get_unique_id(ike_sa));
}

/**
 * Forget an entry. Mutex held.
 */
static void forget(private_kernel_cryptomap_twins_t *this, young_t *young)
{
	this->young->remove(this->young, young, NULL);
	destroy_young(young);
}

/**
 * Find the entry of an IKE_SA by charon's number, or make one: it is begun. Mutex
 * held.
 */
static young_t *find_or_add(private_kernel_cryptomap_twins_t *this,
							uint32_t unique)
{
	young_t *young;

	young = find_unique(this, unique);
	if (!young)
	{
		INIT(young,
			.unique = unique,
			.created = time_monotonic(NULL),
		);
		this->young->insert_last(this->young, young);
	}
	return young;
}

/**
 * An IKE_SA is begun.
 */
static void on_created(private_kernel_cryptomap_twins_t *this,
					   ike_sa_t *ike_sa)
{
	this->mutex->lock(this->mutex);
	find_or_add(this, ike_sa->get_unique_id(ike_sa));
	this->mutex->unlock(this->mutex);
}

/**
 * Whether an IKE_SA stays rather than its twin. Both sides know the cookies alike;
 * addresses they don't if there is a NAT. A peer without this rule may do as charon
 * does, and take the one that we started.
 */
static bool is_first(young_t *young, young_t *twin)
{
	if (!young->instance)
	{
		return young->id->is_initiator(young->id);
	}
	return be64toh(young->id->get_initiator_spi(young->id)) <
		   be64toh(twin->id->get_initiator_spi(twin->id));
}

/**
 * Whether two IKE_SAs are established with the same peer, and it is the same instance.
 */
static bool are_siblings(young_t *a, young_t *b)
{
	return a->established && b->established &&
		   a->instance == b->instance &&
		   a->local->equals(a->local, b->local) &&
		   a->remote->equals(a->remote, b->remote);
}

/**
 * Whether of two IKE_SAs one was begun while the other one was, or in some seconds after
 * that.
 */
static bool have_overlapped(young_t *a, young_t *b, int seconds)
{
	return a->created <= b->established + seconds &&
		   b->created <= a->established + seconds;
}

/**
 * Whether two IKE_SAs were started by both sides at once. That one was there before
 * the first message of the other one came means that this message was lost before,
 * or that the peer was restarted and does not know the former: it depends on
 * whether the same instance speaks.
 */
static bool are_twins(young_t *a, young_t *b)
{
	return are_siblings(a, b) &&
		   have_overlapped(a, b, a->instance ? SLACK : 0) &&
		   a->id->is_initiator(a->id) != b->id->is_initiator(b->id);
}

/**
 * Whether two IKE_SAs may be successors of the same one. charon as the peer moves its
 * CHILD_SAs when it starts a successor, and closes them when that is deleted. While the
 * predecessor is there it may start another one, without any. So it can't be told which
 * of the two has them there. A peer with this plugin goes on with what was closed.
 */
static bool are_rivals(young_t *a, young_t *b)
{
	return are_siblings(a, b) && !a->instance &&
		   (a->undecided || b->undecided ||
			((a->heir || b->heir) &&
			 have_overlapped(a, b, DELETE_DELAY + SLACK)));
}

/**
 * Let the IKE_SA of two that stays have the CHILD_SAs and quick modes of the
 * other one, which is deleted then.
 */
static void resolve(young_t *a, young_t *b)
{
	young_t *first = is_first(a, b) ? a : b;

	first->twin = first == a ? b->unique : a->unique;
	DBG1(DBG_IKE, "both sides started phase 1 with %H at once: IKE_SA [%u] stays",
		 first->remote, first->unique);
	/* the manager knows whose an IKE_SA is when it has been checked in */
	lib->scheduler->schedule_job(lib->scheduler, (job_t*)
						adopt_children_job_create(first->id), ADOPT_DELAY);
}

/**
 * An IKE_SA is established: look for its twin, and forget those that are too old
 * to be one.
 */
static void on_established(private_kernel_cryptomap_twins_t *this,
						   ike_sa_t *ike_sa)
{
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);
	host_t *local = ike_sa->get_my_host(ike_sa);
	host_t *remote = ike_sa->get_other_host(ike_sa);
	time_t now = time_monotonic(NULL);
	enumerator_t *enumerator;
	young_t *young, *current;

	this->mutex->lock(this->mutex);
	young = find(this, ike_sa);
	if (young && !young->established)
	{
		young->established = now;
		young->id = id->clone(id);
		young->local = local->clone(local);
		young->remote = remote->clone(remote);
		young->peer_cfg = ike_sa->get_peer_cfg(ike_sa);
		enumerator = this->young->create_enumerator(this->young);
		while (enumerator->enumerate(enumerator, &current))
		{
			if (current == young)
			{
				continue;
			}
			if (are_rivals(young, current))
			{
				young->undecided = current->undecided = TRUE;
			}
			else if (are_twins(young, current))
			{
				resolve(young, current);
			}
			else if (current->established && !current->undecided &&
					 current->established + DELETE_DELAY + SLACK < young->created)
			{
				this->young->remove_at(this->young, enumerator);
				destroy_young(current);
			}
		}
		enumerator->destroy(enumerator);
	}
	this->mutex->unlock(this->mutex);
}

/**
 * Let an IKE_SA be the successor of those among which it was not decided, but for those
 * on which this side negotiated. Mutex held.
 *
 * @return				how many it succeeds
 */
static u_int decide(private_kernel_cryptomap_twins_t *this, young_t *young)
{
	enumerator_t *enumerator;
	young_t *current;
	u_int count = 0;

	young->undecided = FALSE;
	enumerator = this->young->create_enumerator(this->young);
	while (enumerator->enumerate(enumerator, &current))
	{
		if (current->undecided && !current->used && are_siblings(young, current))
		{
			current->undecided = FALSE;
			count++;
		}
	}
	enumerator->destroy(enumerator);
	return count;
}

/**
 * An IKE_SA is on its way out. Of those among which it was not decided another one may
 * be alone then.
 */
static void on_gone(private_kernel_cryptomap_twins_t *this, ike_sa_t *ike_sa)
{
	young_t *young, *current, *other = NULL;
	enumerator_t *enumerator;
	u_int others = 0;

	this->mutex->lock(this->mutex);
	young = find(this, ike_sa);
	if (young && young->undecided)
	{
		enumerator = this->young->create_enumerator(this->young);
		while (enumerator->enumerate(enumerator, &current))
		{
			if (current != young && current->undecided &&
				are_siblings(young, current))
			{
				other = current;
				others++;
			}
		}
		enumerator->destroy(enumerator);
		if (others == 1)
		{
			decide(this, other);
		}
	}
	if (young)
	{
		forget(this, young);
	}
	this->mutex->unlock(this->mutex);
}

/**
 * Somebody negotiates on an IKE_SA, or closes what was negotiated: the peer does where it
 * has its CHILD_SAs, and where this side does it has some then.
 */
static void on_used(private_kernel_cryptomap_twins_t *this, ike_sa_t *ike_sa,
					bool incoming)
{
	young_t *young;
	u_int count;

	this->mutex->lock(this->mutex);
	young = find(this, ike_sa);
	if (young && young->undecided && incoming)
	{
		DBG1(DBG_IKE, "%H uses IKE_SA [%u]: it is the successor of others",
			 young->remote, young->unique);
		/* a job ends with the first one that has CHILD_SAs */
		for (count = decide(this, young); count; count--)
		{
			lib->processor->queue_job(lib->processor, (job_t*)
									  adopt_children_job_create(young->id));
		}
	}
	else if (young && young->undecided)
	{
		young->used = TRUE;
	}
	this->mutex->unlock(this->mutex);
}

METHOD(listener_t, ike_state_change, bool,
	private_kernel_cryptomap_twins_t *this, ike_sa_t *ike_sa,
	ike_sa_state_t state)
{
	if (ike_sa->get_version(ike_sa) != IKEV1)
	{
		return TRUE;
	}
	switch (state)
	{
		case IKE_CONNECTING:
			on_created(this, ike_sa);
			break;
		case IKE_ESTABLISHED:
			on_established(this, ike_sa);
			break;
		case IKE_REKEYING:
		case IKE_DELETING:
		case IKE_DESTROYING:
			on_gone(this, ike_sa);
			break;
		default:
			break;
	}
	return TRUE;
}

/**
 * Get the number of this instance. Mutex held.
 *
 * @return				0 if there are no random numbers
 */
static uint64_t get_instance(private_kernel_cryptomap_twins_t *this)
{
	rng_t *rng;

	if (!this->instance)
	{
		rng = lib->crypto->create_rng(lib->crypto, RNG_WEAK);
		if (!rng || !rng->get_bytes(rng, sizeof(this->instance),
									(void*)&this->instance))
		{
			this->instance = 0;
		}
		DESTROY_IF(rng);
	}
	return this->instance;
}

/**
 * Tell the peer who speaks.
 */
static void add_vendor_id(private_kernel_cryptomap_twins_t *this,
						  message_t *message)
{
	vendor_id_payload_t *payload;
	uint64_t instance;
	chunk_t data;

	this->mutex->lock(this->mutex);
	instance = get_instance(this);
	this->mutex->unlock(this->mutex);
	if (instance)
	{
		data = chunk_cat("cc", chunk_from_str(VENDOR_ID),
						 chunk_from_thing(instance));
		payload = vendor_id_payload_create_data(PLV1_VENDOR_ID, data);
		message->add_payload(message, &payload->payload_interface);
	}
}

/**
 * The number of the instance that speaks, 0 if it has none.
 */
static uint64_t get_vendor_id(message_t *message)
{
	chunk_t data, prefix = chunk_from_str(VENDOR_ID);
	vendor_id_payload_t *vendor;
	enumerator_t *enumerator;
	uint64_t instance = 0;
	payload_t *payload;

	enumerator = message->create_payload_enumerator(message);
	while (!instance && enumerator->enumerate(enumerator, &payload))
	{
		if (payload->get_type(payload) == PLV1_VENDOR_ID)
		{
			vendor = (vendor_id_payload_t*)payload;
			data = vendor->get_data(vendor);
			if (data.len == prefix.len + sizeof(instance) &&
				memeq(data.ptr, prefix.ptr, prefix.len))
			{
				memcpy(&instance, data.ptr + prefix.len, sizeof(instance));
			}
		}
	}
	enumerator->destroy(enumerator);
	return instance;
}

/**
 * Whether a message closes CHILD_SAs.
 */
static bool has_child_delete(message_t *message)
{
	delete_payload_t *delete;

	delete = (delete_payload_t*)message->get_payload(message, PLV1_DELETE);
	return delete && delete->get_protocol_id(delete) != PROTO_IKE;
}

/**
 * A message of phase 1 has an SA payload, with which vendor IDs come.
 */
static void on_proposals(private_kernel_cryptomap_twins_t *this,
						 ike_sa_t *ike_sa, message_t *message, bool incoming)
{
	if (incoming)
	{
		this->mutex->lock(this->mutex);
		find_or_add(this, ike_sa->get_unique_id(ike_sa))->instance =
													get_vendor_id(message);
		this->mutex->unlock(this->mutex);
	}
	else
	{
		add_vendor_id(this, message);
	}
}

METHOD(listener_t, message_hook, bool,
	private_kernel_cryptomap_twins_t *this, ike_sa_t *ike_sa,
	message_t *message, bool incoming, bool plain)
{
	bool proposals;

	if (!plain || ike_sa->get_version(ike_sa) != IKEV1)
	{
		return TRUE;
	}
	proposals = message->get_payload(message, PLV1_SECURITY_ASSOCIATION) != NULL;
	switch (message->get_exchange_type(message))
	{
		case ID_PROT:
		case AGGRESSIVE:
			if (proposals)
			{
				on_proposals(this, ike_sa, message, incoming);
			}
			break;
		case QUICK_MODE:
			if (proposals && message->get_request(message))
			{
				on_used(this, ike_sa, incoming);
			}
			break;
		case INFORMATIONAL_V1:
			if (incoming && has_child_delete(message))
			{
				on_used(this, ike_sa, TRUE);
			}
			break;
		default:
			break;
	}
	return TRUE;
}

METHOD(listener_t, children_migrate, bool,
	private_kernel_cryptomap_twins_t *this, ike_sa_t *ike_sa,
	ike_sa_id_t *new, uint32_t unique)
{
	if (new && ike_sa && ike_sa->get_version(ike_sa) == IKEV1)
	{
		this->mutex->lock(this->mutex);
		find_or_add(this, unique)->heir = TRUE;
		this->mutex->unlock(this->mutex);
	}
	return TRUE;
}

METHOD(kernel_cryptomap_twins_t, stays, bool,
	private_kernel_cryptomap_twins_t *this, ike_sa_t *ike_sa,
	peer_cfg_t *other)
{
	young_t *young, *twin = NULL;
	bool stays;

	this->mutex->lock(this->mutex);
	young = find(this, ike_sa);
	if (young && young->twin)
	{
		twin = find_unique(this, young->twin);
	}
	stays = (twin && twin->peer_cfg == other) || (young && young->undecided);
	this->mutex->unlock(this->mutex);
	return stays;
}

METHOD(kernel_cryptomap_twins_t, destroy, void,
	private_kernel_cryptomap_twins_t *this)
{
	this->young->destroy_function(this->young, (void*)destroy_young);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_twins_t *kernel_cryptomap_twins_create()
{
	private_kernel_cryptomap_twins_t *this;

	INIT(this,
		.public = {
			.listener = {
				.ike_state_change = _ike_state_change,
				.message = _message_hook,
				.children_migrate = _children_migrate,
			},
			.stays = _stays,
			.destroy = _destroy,
		},
		.young = linked_list_create(),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
