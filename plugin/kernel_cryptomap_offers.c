/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_offers.h"

#include "kernel_cryptomap_ike_key.h"

#include <daemon.h>
#include <collections/hashtable.h>
#include <encoding/payloads/sa_payload.h>
#include <threading/mutex.h>
#include <threading/thread_value.h>

typedef struct private_kernel_cryptomap_offers_t private_kernel_cryptomap_offers_t;

struct private_kernel_cryptomap_offers_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_offers_t public;

	/**
	 * Phase 1 configuration.
	 */
	kernel_cryptomap_config_t *config;

	/**
	 * Knows which authentication methods were agreed.
	 */
	kernel_cryptomap_methods_t *methods;

	/**
	 * The offer that this thread is working on, kernel_cryptomap_offer_t.
	 */
	thread_value_t *offered;

	/**
	 * Lifetimes of ISAKMP SAs that were agreed, agreed_t by unique id.
	 */
	hashtable_t *lifetimes;

	/**
	 * Protects lifetimes.
	 */
	mutex_t *mutex;
};

/**
 * The lifetime of an ISAKMP SA.
 */
typedef struct {
	/** seconds, the smaller of both sides */
	uint32_t seconds;
	/** what the peer proposed or accepted is more */
	bool less;
} agreed_t;

METHOD(kernel_cryptomap_offers_t, get_lifetime, uint32_t,
	private_kernel_cryptomap_offers_t *this)
{
	ike_sa_t *ike_sa = charon->bus->get_sa(charon->bus);
	agreed_t *agreed;
	uint32_t lifetime = 0;

	if (ike_sa)
	{
		this->mutex->lock(this->mutex);
		agreed = this->lifetimes->get(this->lifetimes,
									  kernel_cryptomap_ike_key(ike_sa));
		lifetime = agreed ? agreed->seconds : 0;
		this->mutex->unlock(this->mutex);
	}
	return lifetime ?: this->config->get_lifetime(this->config, NULL, AUTH_NONE);
}

METHOD(kernel_cryptomap_offers_t, get_less, uint32_t,
	private_kernel_cryptomap_offers_t *this, ike_sa_t *ike_sa)
{
	agreed_t *agreed;
	uint32_t lifetime;

	this->mutex->lock(this->mutex);
	agreed = this->lifetimes->get(this->lifetimes,
								  kernel_cryptomap_ike_key(ike_sa));
	lifetime = agreed && agreed->less ? agreed->seconds : 0;
	this->mutex->unlock(this->mutex);
	return lifetime;
}

METHOD(kernel_cryptomap_offers_t, limit, bool,
	private_kernel_cryptomap_offers_t *this, ike_sa_t *ike_sa,
	uint32_t seconds)
{
	agreed_t *agreed;
	bool limited;

	this->mutex->lock(this->mutex);
	agreed = this->lifetimes->get(this->lifetimes,
								  kernel_cryptomap_ike_key(ike_sa));
	limited = agreed && seconds < agreed->seconds;
	if (limited)
	{
		agreed->seconds = seconds;
	}
	this->mutex->unlock(this->mutex);
	return limited;
}

/**
 * The answer to an offer of ISAKMP policies came or goes: the lifetime is the
 * smaller of the two sides. charon takes that of the initiator, and answers
 * with it.
 */
static void agree_lifetime(private_kernel_cryptomap_offers_t *this,
						   ike_sa_t *ike_sa, sa_payload_t *sa)
{
	linked_list_t *proposals;
	uint32_t mine, offered;
	proposal_t *proposal;
	agreed_t *agreed;

	proposals = sa->get_proposals(sa);
	if (proposals->get_first(proposals, (void**)&proposal) == SUCCESS)
	{
		mine = this->config->get_lifetime(this->config, proposal,
							this->methods->get(this->methods, ike_sa));
		offered = sa->get_lifetime(sa, proposal);
		INIT(agreed,
			.seconds = min(mine, offered ?: mine),
			.less = mine < offered,
		);
		this->mutex->lock(this->mutex);
		agreed = this->lifetimes->put(this->lifetimes,
								kernel_cryptomap_ike_key(ike_sa), agreed);
		this->mutex->unlock(this->mutex);
		free(agreed);
	}
	proposals->destroy_offset(proposals, offsetof(proposal_t, destroy));
}

/**
 * Destroy an offer.
 */
static void destroy_offer(kernel_cryptomap_offer_t *offer)
{
	offer->proposals->destroy_offset(offer->proposals,
									 offsetof(proposal_t, destroy));
	free(offer);
}

/**
 * Keep what a peer proposes in a quick mode.
 */
static void keep_offer(private_kernel_cryptomap_offers_t *this, sa_payload_t *sa)
{
	kernel_cryptomap_offer_t *offer, *last;
	bool udp;

	INIT(offer,
		.mode = sa->get_encap_mode(sa, &udp),
		.proposals = sa->get_proposals(sa),
	);
	last = this->offered->get(this->offered);
	this->offered->set(this->offered, offer);
	if (last)
	{
		destroy_offer(last);
	}
}

METHOD(kernel_cryptomap_offers_t, get_offer, kernel_cryptomap_offer_t*,
	private_kernel_cryptomap_offers_t *this)
{
	return this->offered->get(this->offered);
}

METHOD(listener_t, message_hook, bool,
	private_kernel_cryptomap_offers_t *this, ike_sa_t *ike_sa, message_t *message,
	bool incoming, bool plain)
{
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);
	sa_payload_t *sa;

	if (!plain || ike_sa->get_version(ike_sa) != IKEV1)
	{
		return TRUE;
	}
	sa = (sa_payload_t*)message->get_payload(message, PLV1_SECURITY_ASSOCIATION);
	if (!sa)
	{
		return TRUE;
	}
	switch (message->get_exchange_type(message))
	{
		case QUICK_MODE:
			if (incoming)
			{
				keep_offer(this, sa);
			}
			break;
		case ID_PROT:
		case AGGRESSIVE:
			if (incoming == id->is_initiator(id))
			{
				agree_lifetime(this, ike_sa, sa);
			}
			break;
		default:
			break;
	}
	return TRUE;
}

METHOD(listener_t, ike_state_change, bool,
	private_kernel_cryptomap_offers_t *this, ike_sa_t *ike_sa,
	ike_sa_state_t state)
{
	agreed_t *agreed;

	if (state == IKE_DESTROYING)
	{
		this->mutex->lock(this->mutex);
		agreed = this->lifetimes->remove(this->lifetimes,
										 kernel_cryptomap_ike_key(ike_sa));
		this->mutex->unlock(this->mutex);
		free(agreed);
	}
	return TRUE;
}

METHOD(kernel_cryptomap_offers_t, destroy, void,
	private_kernel_cryptomap_offers_t *this)
{
	enumerator_t *enumerator;
	agreed_t *agreed;

	this->offered->destroy(this->offered);
	enumerator = this->lifetimes->create_enumerator(this->lifetimes);
	while (enumerator->enumerate(enumerator, NULL, &agreed))
	{
		free(agreed);
	}
	enumerator->destroy(enumerator);
	this->lifetimes->destroy(this->lifetimes);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_offers_t *kernel_cryptomap_offers_create(
										kernel_cryptomap_config_t *config,
										kernel_cryptomap_methods_t *methods)
{
	private_kernel_cryptomap_offers_t *this;

	INIT(this,
		.public = {
			.listener = {
				.ike_state_change = _ike_state_change,
				.message = _message_hook,
			},
			.get = _get_offer,
			.get_lifetime = _get_lifetime,
			.get_less = _get_less,
			.limit = _limit,
			.destroy = _destroy,
		},
		.config = config,
		.methods = methods,
		.offered = thread_value_create((thread_cleanup_t)destroy_offer),
		.lifetimes = hashtable_create(hashtable_hash_ptr, hashtable_equals_ptr,
									  32),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
