/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_methods.h"

#include "compat.h"
#include "kernel_cryptomap_ike_key.h"

#include <daemon.h>
#include <collections/hashtable.h>
#include <encoding/payloads/proposal_substructure.h>
#include <encoding/payloads/sa_payload.h>
#include <encoding/payloads/transform_attribute.h>
#include <encoding/payloads/transform_substructure.h>
#include <threading/mutex.h>

/** Authentication methods in ISAKMP, RFC 2409 appendix A */
#define ISAKMP_PSK 1
#define ISAKMP_RSA 3
/** What is no encryption algorithm in ISAKMP */
#define NO_ENCRYPTION 0

typedef struct private_kernel_cryptomap_methods_t private_kernel_cryptomap_methods_t;

struct private_kernel_cryptomap_methods_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_methods_t public;

	/**
	 * Methods that were agreed, auth_method_t by unique id.
	 */
	hashtable_t *methods;

	/**
	 * Protects methods.
	 */
	mutex_t *mutex;
};

METHOD(kernel_cryptomap_methods_t, get, auth_method_t,
	private_kernel_cryptomap_methods_t *this, ike_sa_t *ike_sa)
{
	auth_method_t method;

	this->mutex->lock(this->mutex);
	method = (uintptr_t)this->methods->get(this->methods,
											 kernel_cryptomap_ike_key(ike_sa));
	this->mutex->unlock(this->mutex);
	return method;
}

/**
 * Forget the method of an IKE_SA.
 */
static void forget(private_kernel_cryptomap_methods_t *this, ike_sa_t *ike_sa)
{
	this->mutex->lock(this->mutex);
	this->methods->remove(this->methods, kernel_cryptomap_ike_key(ike_sa));
	this->mutex->unlock(this->mutex);
}

/**
 * Whether this side started phase 1.
 */
static bool is_initiator(ike_sa_t *ike_sa)
{
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);

	return id->is_initiator(id);
}

/**
 * See header.
 */
auth_method_t kernel_cryptomap_methods_first(ike_cfg_t *ike_cfg)
{
	auth_method_t method = AUTH_NONE;
	linked_list_t *proposals;
	proposal_t *first;

	proposals = ike_cfg_proposals(ike_cfg);
	if (proposals->get_first(proposals, (void**)&first) == SUCCESS)
	{
		method = first->get_number(first);
	}
	proposals->destroy_offset(proposals, offsetof(proposal_t, destroy));
	return method;
}

/*
 * See header.
 */
linked_list_t *kernel_cryptomap_methods_transforms(sa_payload_t *sa)
{
	enumerator_t *substructures, *enumerator;
	proposal_substructure_t *substructure;
	transform_substructure_t *transform;
	linked_list_t *list;

	list = linked_list_create();
	substructures = sa->create_substructure_enumerator(sa);
	while (substructures->enumerate(substructures, &substructure))
	{
		enumerator = substructure->create_substructure_enumerator(substructure);
		while (enumerator->enumerate(enumerator, &transform))
		{
			list->insert_last(list, transform);
		}
		enumerator->destroy(enumerator);
	}
	substructures->destroy(substructures);
	return list;
}

/**
 * An attribute of a transform, NULL if it has none of this type.
 */
static transform_attribute_t *get_attribute(transform_substructure_t *transform,
											transform_attribute_type_t type)
{
	transform_attribute_t *attribute, *found = NULL;
	enumerator_t *enumerator;

	enumerator = transform->create_attribute_enumerator(transform);
	while (!found && enumerator->enumerate(enumerator, &attribute))
	{
		if (attribute->get_attribute_type(attribute) == type)
		{
			found = attribute;
		}
	}
	enumerator->destroy(enumerator);
	return found;
}

/**
 * Change the value of an attribute in place: the SA payload is hashed as it was sent,
 * and must not be replaced.
 */
static void set_attribute(transform_substructure_t *transform,
						  transform_attribute_type_t type, uint16_t value)
{
	transform_attribute_t *attribute = get_attribute(transform, type);
	chunk_t bytes;

	bytes = attribute ? attribute->get_value_chunk(attribute) : chunk_empty;
	if (bytes.len < sizeof(value))
	{
		return;
	}
	/* the short form is a number, the long one bytes of the message */
	if (bytes.len == sizeof(value) &&
		*(uint16_t*)bytes.ptr == attribute->get_value(attribute))
	{
		*(uint16_t*)bytes.ptr = value;
		return;
	}
	memset(bytes.ptr, 0, bytes.len);
	htoun16(bytes.ptr + bytes.len - sizeof(value), value);
}

/**
 * The authentication method of a transform, AUTH_NONE for others than ours.
 */
static auth_method_t get_method(transform_substructure_t *transform)
{
	transform_attribute_t *attribute;

	attribute = get_attribute(transform, TATTR_PH1_AUTH_METHOD);
	switch (attribute ? attribute->get_value(attribute) : 0)
	{
		case ISAKMP_PSK:
			return AUTH_PSK;
		case ISAKMP_RSA:
			return AUTH_RSA;
		default:
			return AUTH_NONE;
	}
}

/**
 * Find a proposal that is a policy of ours.
 *
 * @param policy		our policy
 * @param offered		the peer's, proposal_t
 * @param transforms	those that the peer's are in
 * @param by_method		whether the authentication method must be the same, too
 * @return				transform, NULL if there is none
 */
static transform_substructure_t *find_transform(proposal_t *policy,
												linked_list_t *offered,
												linked_list_t *transforms,
												bool by_method)
{
	transform_substructure_t *transform, *found = NULL;
	enumerator_t *proposals, *enumerator;
	proposal_t *proposal;

	proposals = offered->create_enumerator(offered);
	enumerator = transforms->create_enumerator(transforms);
	while (!found && proposals->enumerate(proposals, &proposal) &&
		   enumerator->enumerate(enumerator, &transform))
	{
		if (policy->matches(policy, proposal, 0) &&
			(!by_method || get_method(transform) == policy->get_number(policy)))
		{
			found = transform;
		}
	}
	enumerator->destroy(enumerator);
	proposals->destroy(proposals);
	return found;
}

/**
 * Choose the first of our policies that a peer offers.
 *
 * @param own			our policies, proposal_t
 * @param transforms	transforms of the peer
 * @param method		set to its method
 * @param other			set to whether one has but another method
 * @return				transform, NULL if none is acceptable
 */
static transform_substructure_t *choose(linked_list_t *own, sa_payload_t *sa,
										linked_list_t *transforms,
										auth_method_t *method, bool *other)
{
	transform_substructure_t *found = NULL;
	linked_list_t *offered;
	enumerator_t *enumerator;
	proposal_t *policy;

	*other = FALSE;
	offered = sa->get_proposals(sa);
	/* of another protocol there are more of these than of those */
	if (offered->get_count(offered) != transforms->get_count(transforms))
	{
		offered->destroy_offset(offered, offsetof(proposal_t, destroy));
		return NULL;
	}
	enumerator = own->create_enumerator(own);
	while (!found && enumerator->enumerate(enumerator, &policy))
	{
		*method = policy->get_number(policy);
		found = find_transform(policy, offered, transforms, TRUE);
		*other |= !found && find_transform(policy, offered, transforms, FALSE);
	}
	enumerator->destroy(enumerator);
	offered->destroy_offset(offered, offsetof(proposal_t, destroy));
	return found;
}

/**
 * Make of what a peer offers an offer of one transform.
 *
 * @param transforms	transforms of the peer
 * @param chosen		the one that stays, NULL for none
 * @param method		its method
 */
static void leave_one(linked_list_t *transforms,
					  transform_substructure_t *chosen, auth_method_t method)
{
	transform_substructure_t *transform;
	enumerator_t *enumerator;

	enumerator = transforms->create_enumerator(transforms);
	while (enumerator->enumerate(enumerator, &transform))
	{
		if (transform != chosen)
		{
			set_attribute(transform, TATTR_PH1_ENCRYPTION_ALGORITHM,
						  NO_ENCRYPTION);
		}
		/* charon reads that of the first one */
		set_attribute(transform, TATTR_PH1_AUTH_METHOD,
					  method == AUTH_RSA ? ISAKMP_RSA : ISAKMP_PSK);
	}
	enumerator->destroy(enumerator);
}

/**
 * Have main mode go on with another method than the one that it began with. It takes
 * that from the configuration when it builds its first message, which is built
 * once more, and is the same.
 */
static void begin_again(ike_sa_t *ike_sa)
{
	host_t *me = ike_sa->get_my_host(ike_sa);
	host_t *other = ike_sa->get_other_host(ike_sa);
	task_t *task, *found = NULL;
	enumerator_t *enumerator;
	message_t *message;

	enumerator = ike_sa->create_task_enumerator(ike_sa, TASK_QUEUE_ACTIVE);
	while (!found && enumerator->enumerate(enumerator, &task))
	{
		if (task->get_type(task) == TASK_MAIN_MODE)
		{
			found = task;
		}
	}
	enumerator->destroy(enumerator);
	if (found)
	{
		message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
		message->set_exchange_type(message, ID_PROT);
		message->set_source(message, me->clone(me));
		message->set_destination(message, other->clone(other));
		found->migrate(found, ike_sa);
		found->build(found, message);
		message->destroy(message);
	}
}

/**
 * A peer offers policies, or answers with the one that it accepts.
 */
static void agree(private_kernel_cryptomap_methods_t *this, ike_sa_t *ike_sa,
				  sa_payload_t *sa, bool main_mode)
{
	ike_cfg_t *ike_cfg = ike_sa->get_ike_cfg(ike_sa);
	transform_substructure_t *chosen;
	auth_method_t method = AUTH_NONE;
	linked_list_t *own, *transforms;
	bool other;

	own = ike_cfg_proposals(ike_cfg);
	transforms = kernel_cryptomap_methods_transforms(sa);
	chosen = choose(own, sa, transforms, &method, &other);
	if (chosen)
	{
		leave_one(transforms, chosen, method);
		this->mutex->lock(this->mutex);
		this->methods->put(this->methods, kernel_cryptomap_ike_key(ike_sa),
						   (void*)(uintptr_t)method);
		this->mutex->unlock(this->mutex);
		if (main_mode && is_initiator(ike_sa) &&
			method != kernel_cryptomap_methods_first(ike_cfg))
		{
			begin_again(ike_sa);
		}
	}
	else if (other)
	{
		DBG1(DBG_CFG, "peer %H has no ISAKMP policy of ours with the same "
			 "authentication method", ike_sa->get_other_host(ike_sa));
		leave_one(transforms, NULL, AUTH_PSK);
	}
	transforms->destroy(transforms);
	own->destroy_offset(own, offsetof(proposal_t, destroy));
}

/**
 * The SA payload of a message of phase 1, NULL if it is none or has none.
 */
static sa_payload_t *get_sa(ike_sa_t *ike_sa, message_t *message)
{
	exchange_type_t exchange = message->get_exchange_type(message);

	if (ike_sa->get_version(ike_sa) != IKEV1 || !ike_sa->get_ike_cfg(ike_sa) ||
		(exchange != ID_PROT && exchange != AGGRESSIVE))
	{
		return NULL;
	}
	return (sa_payload_t*)message->get_payload(message,
											   PLV1_SECURITY_ASSOCIATION);
}

METHOD(listener_t, hear, bool,
	private_kernel_cryptomap_methods_t *this, ike_sa_t *ike_sa,
	message_t *message, bool incoming, bool plain)
{
	sa_payload_t *sa;

	sa = plain ? get_sa(ike_sa, message) : NULL;
	if (!sa)
	{
		return TRUE;
	}
	if (!incoming && is_initiator(ike_sa))
	{
		forget(this, ike_sa);
	}
	/* what comes later is no answer to an offer */
	if (incoming && get(this, ike_sa) == AUTH_NONE)
	{
		agree(this, ike_sa, sa,
			  message->get_exchange_type(message) == ID_PROT);
	}
	return TRUE;
}

/**
 * Write the method of each policy into the offer of this side.
 */
METHOD(listener_t, speak, bool,
	listener_t *this, ike_sa_t *ike_sa, message_t *message, bool incoming,
	bool plain)
{
	proposal_substructure_t *substructure;
	enumerator_t *policies, *enumerator;
	transform_substructure_t *transform;
	linked_list_t *own, *transforms;
	proposal_t *policy;
	sa_payload_t *sa;

	sa = !incoming && plain && is_initiator(ike_sa) ? get_sa(ike_sa, message) :
													  NULL;
	if (!sa)
	{
		return TRUE;
	}
	own = ike_cfg_proposals(ike_sa->get_ike_cfg(ike_sa));
	transforms = kernel_cryptomap_methods_transforms(sa);
	policies = own->create_enumerator(own);
	enumerator = transforms->create_enumerator(transforms);
	while (policies->enumerate(policies, &policy) &&
		   enumerator->enumerate(enumerator, &transform))
	{
		set_attribute(transform, TATTR_PH1_AUTH_METHOD,
					  policy->get_number(policy) == AUTH_RSA ? ISAKMP_RSA :
															   ISAKMP_PSK);
	}
	enumerator->destroy(enumerator);
	policies->destroy(policies);
	transforms->destroy(transforms);
	own->destroy_offset(own, offsetof(proposal_t, destroy));
	/* the number of our proposals is a method, on the wire it is the first one */
	enumerator = sa->create_substructure_enumerator(sa);
	if (enumerator->enumerate(enumerator, &substructure))
	{
		substructure->set_proposal_number(substructure, 1);
	}
	enumerator->destroy(enumerator);
	return TRUE;
}

METHOD(listener_t, ike_state_change, bool,
	private_kernel_cryptomap_methods_t *this, ike_sa_t *ike_sa,
	ike_sa_state_t state)
{
	if (state == IKE_DESTROYING)
	{
		forget(this, ike_sa);
	}
	return TRUE;
}

METHOD(kernel_cryptomap_methods_t, destroy, void,
	private_kernel_cryptomap_methods_t *this)
{
	this->methods->destroy(this->methods);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_methods_t *kernel_cryptomap_methods_create()
{
	private_kernel_cryptomap_methods_t *this;

	INIT(this,
		.public = {
			.incoming = {
				.ike_state_change = _ike_state_change,
				.message = _hear,
			},
			.outgoing = {
				.message = _speak,
			},
			.get = _get,
			.destroy = _destroy,
		},
		.methods = hashtable_create(hashtable_hash_ptr, hashtable_equals_ptr,
									32),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
