/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_twins.h"

#include <daemon.h>
#include <collections/linked_list.h>
#include <encoding/payloads/vendor_id_payload.h>
#include <processing/jobs/adopt_children_job.h>
#include <threading/mutex.h>

/** Seconds by which the two sides may differ about what overlapped: a first message
 * may be lost */
#define SLACK 5
/** Seconds after which the one that stays takes over */
#define ADOPT_DELAY 1
/** Vendor ID of daemons with this rule, before what told_t has */
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
 * What a daemon with this rule tells with the SA payload of phase 1.
 */
typedef struct {
	/** number of this instance of it, 0 for a daemon without this rule */
	uint64_t instance;
	/** initiator cookie of the youngest IKE_SA that it had up with the same peer, 0 for
	 * none */
	uint64_t known;
} told_t;

/**
 * An IKE_SA that may have a twin.
 */
typedef struct {
	/** charon's number */
	uint32_t unique;
	/** when it was begun */
	time_t created;
	/** the peer's first message came */
	bool heard;
	/** number of the peer's instance, 0 for a peer without this rule */
	uint64_t instance;
	/** initiator cookie of the youngest one that was up for whom started this one, 0 for
	 * none */
	uint64_t known;
	/** charon let another one adopt what it had, and deletes it */
	bool superseded;
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
 * Find the entry of an IKE_SA that is up by its configuration. Mutex held.
 */
static young_t *find_configured(private_kernel_cryptomap_twins_t *this,
								peer_cfg_t *peer_cfg)
{
	young_t *current, *found = NULL;
	enumerator_t *enumerator;

	enumerator = this->young->create_enumerator(this->young);
	while (!found && enumerator->enumerate(enumerator, &current))
	{
		if (current->established && current->peer_cfg == peer_cfg)
		{
			found = current;
		}
	}
	enumerator->destroy(enumerator);
	return found;
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
 * Find the entry of an IKE_SA, or make one: it is begun. Mutex held.
 */
static young_t *find_or_add(private_kernel_cryptomap_twins_t *this,
							ike_sa_t *ike_sa)
{
	young_t *young;

	young = find(this, ike_sa);
	if (!young)
	{
		INIT(young,
			.unique = ike_sa->get_unique_id(ike_sa),
			.created = time_monotonic(NULL),
		);
		this->young->insert_last(this->young, young);
	}
	return young;
}

/**
 * The peer of an IKE_SA tells who speaks. What comes with an SA payload in a later
 * message may be of somebody else.
 */
static void on_told(private_kernel_cryptomap_twins_t *this, ike_sa_t *ike_sa,
					told_t told)
{
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);
	young_t *young;

	this->mutex->lock(this->mutex);
	young = find_or_add(this, ike_sa);
	if (!young->heard)
	{
		young->heard = TRUE;
		young->instance = told.instance;
		if (!id->is_initiator(id))
		{
			young->known = told.known;
		}
	}
	this->mutex->unlock(this->mutex);
}

/**
 * An IKE_SA is begun.
 */
static void on_created(private_kernel_cryptomap_twins_t *this,
					   ike_sa_t *ike_sa)
{
	this->mutex->lock(this->mutex);
	find_or_add(this, ike_sa);
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
 * Whether an IKE_SA was up for whom started another one, which is its successor.
 */
static bool is_known(young_t *young, young_t *successor)
{
	return successor->known &&
		   successor->known == young->id->get_initiator_spi(young->id);
}

/**
 * Whether two IKE_SAs were started by both sides at once. That one was there before
 * the first message of the other one came means that this message was lost before,
 * or that the peer was restarted and does not know the former: it depends on
 * whether the same instance speaks. One that has a successor already is not the twin
 * of another one.
 */
static bool are_twins(young_t *a, young_t *b)
{
	int slack = a->instance ? SLACK : 0;

	return a->established && b->established &&
		   !a->superseded && !b->superseded &&
		   !is_known(a, b) && !is_known(b, a) &&
		   a->instance == b->instance &&
		   a->created <= b->established + slack &&
		   b->created <= a->established + slack &&
		   a->id->is_initiator(a->id) != b->id->is_initiator(b->id) &&
		   a->local->equals(a->local, b->local) &&
		   a->remote->equals(a->remote, b->remote);
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
			if (are_twins(young, current))
			{
				resolve(young, current);
			}
			else if (current->established &&
					 current->established + 2 * SLACK < young->created)
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
 * An IKE_SA is on its way out.
 */
static void on_gone(private_kernel_cryptomap_twins_t *this, ike_sa_t *ike_sa)
{
	young_t *young;

	this->mutex->lock(this->mutex);
	young = find(this, ike_sa);
	if (young)
	{
		forget(this, young);
	}
	this->mutex->unlock(this->mutex);
}

/**
 * Find the initiator cookie of the youngest IKE_SA that is up with the peer of another
 * one. Mutex held.
 *
 * @return				0 if there is none
 */
static uint64_t get_known(private_kernel_cryptomap_twins_t *this,
						  ike_sa_t *ike_sa)
{
	host_t *local = ike_sa->get_my_host(ike_sa);
	host_t *remote = ike_sa->get_other_host(ike_sa);
	enumerator_t *enumerator;
	uint64_t known = 0;
	young_t *current;

	enumerator = this->young->create_enumerator(this->young);
	while (enumerator->enumerate(enumerator, &current))
	{
		if (current->established &&
			current->local->equals(current->local, local) &&
			current->remote->equals(current->remote, remote))
		{
			known = current->id->get_initiator_spi(current->id);
		}
	}
	enumerator->destroy(enumerator);
	return known;
}

METHOD(listener_t, children_migrate, bool,
	private_kernel_cryptomap_twins_t *this, ike_sa_t *ike_sa,
	ike_sa_id_t *new, uint32_t unique)
{
	young_t *young;

	if (new && ike_sa)
	{
		this->mutex->lock(this->mutex);
		young = find(this, ike_sa);
		if (young)
		{
			young->superseded = TRUE;
		}
		this->mutex->unlock(this->mutex);
	}
	return TRUE;
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
 * Tell the peer who speaks, and what is up with it.
 */
static void add_vendor_id(private_kernel_cryptomap_twins_t *this,
						  ike_sa_t *ike_sa, message_t *message)
{
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);
	vendor_id_payload_t *payload;
	told_t told;
	chunk_t data;

	this->mutex->lock(this->mutex);
	told.instance = get_instance(this);
	told.known = get_known(this, ike_sa);
	if (id->is_initiator(id))
	{
		find_or_add(this, ike_sa)->known = told.known;
	}
	this->mutex->unlock(this->mutex);
	if (told.instance)
	{
		data = chunk_cat("cc", chunk_from_str(VENDOR_ID), chunk_from_thing(told));
		payload = vendor_id_payload_create_data(PLV1_VENDOR_ID, data);
		message->add_payload(message, &payload->payload_interface);
	}
}

/**
 * What the peer tells, nothing if it has no such vendor ID.
 */
static told_t get_vendor_id(message_t *message)
{
	chunk_t data, prefix = chunk_from_str(VENDOR_ID);
	vendor_id_payload_t *vendor;
	enumerator_t *enumerator;
	payload_t *payload;
	told_t told = {};

	enumerator = message->create_payload_enumerator(message);
	while (!told.instance && enumerator->enumerate(enumerator, &payload))
	{
		if (payload->get_type(payload) == PLV1_VENDOR_ID)
		{
			vendor = (vendor_id_payload_t*)payload;
			data = vendor->get_data(vendor);
			if (data.len == prefix.len + sizeof(told) &&
				memeq(data.ptr, prefix.ptr, prefix.len))
			{
				memcpy(&told, data.ptr + prefix.len, sizeof(told));
			}
		}
	}
	enumerator->destroy(enumerator);
	return told;
}

METHOD(listener_t, message_hook, bool,
	private_kernel_cryptomap_twins_t *this, ike_sa_t *ike_sa,
	message_t *message, bool incoming, bool plain)
{
	/* vendor IDs come with the SA payload */
	if (!plain || ike_sa->get_version(ike_sa) != IKEV1 ||
		(message->get_exchange_type(message) != ID_PROT &&
		 message->get_exchange_type(message) != AGGRESSIVE) ||
		!message->get_payload(message, PLV1_SECURITY_ASSOCIATION))
	{
		return TRUE;
	}
	if (incoming)
	{
		on_told(this, ike_sa, get_vendor_id(message));
	}
	else
	{
		add_vendor_id(this, ike_sa, message);
	}
	return TRUE;
}

METHOD(kernel_cryptomap_twins_t, stays, bool,
	private_kernel_cryptomap_twins_t *this, ike_sa_t *ike_sa,
	peer_cfg_t *other)
{
	young_t *young, *successor;
	bool stays = FALSE;

	this->mutex->lock(this->mutex);
	successor = find_configured(this, other);
	if (successor)
	{
		young = find(this, ike_sa);
		stays = successor->superseded || (young && young->twin == successor->unique);
	}
	this->mutex->unlock(this->mutex);
	return stays;
}

METHOD(kernel_cryptomap_twins_t, has_rule, bool,
	private_kernel_cryptomap_twins_t *this, uint32_t unique)
{
	young_t *young;
	bool has;

	this->mutex->lock(this->mutex);
	young = find_unique(this, unique);
	has = young && young->instance;
	this->mutex->unlock(this->mutex);
	return has;
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
				.children_migrate = _children_migrate,
				.ike_state_change = _ike_state_change,
				.message = _message_hook,
			},
			.stays = _stays,
			.has_rule = _has_rule,
			.destroy = _destroy,
		},
		.young = linked_list_create(),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
