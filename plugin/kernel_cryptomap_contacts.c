/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_contacts.h"

#include "kernel_cryptomap_filter.h"
#include "kernel_cryptomap_ike_key.h"
#include "kernel_cryptomap_peer.h"

#include <daemon.h>
#include <collections/hashtable.h>
#include <encoding/payloads/notify_payload.h>
#include <threading/mutex.h>

typedef struct private_kernel_cryptomap_contacts_t private_kernel_cryptomap_contacts_t;

struct private_kernel_cryptomap_contacts_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_contacts_t public;

	/**
	 * SAs that charon knows, and those that it left to the kernel.
	 */
	kernel_cryptomap_sas_t *sas, *left;

	/**
	 * Remover of stale orphans.
	 */
	kernel_cryptomap_stale_t *stale;

	/**
	 * contact_t by addresses and identity.
	 */
	hashtable_t *table;

	/**
	 * The same by unique ids of IKE_SAs, whose addresses may change.
	 */
	hashtable_t *said;

	/**
	 * Unique ids of IKE_SAs that it was said in and that are not established
	 * yet, the same as value.
	 */
	hashtable_t *pending;

	/**
	 * Protects all three.
	 */
	mutex_t *mutex;
};

/**
 * A peer that said INITIAL-CONTACT. Exists as long as the IKE_SA. It has an
 * identity, too: peers behind the same NAT have the same address.
 */
typedef struct {
	/** our address and the peer's, when it said it */
	host_t *local, *remote;
	/** what the peer calls itself */
	identification_t *name;
	/** unique id of the IKE_SA that it said it in, 0 while it is made */
	uint32_t unique;
	/** when it did */
	time_t time;
} contact_t;

/**
 * Hash a contact.
 */
static u_int hash(const void *key)
{
	const contact_t *contact = key;

	return contact->name->hash(contact->name,
				chunk_hash_inc(contact->local->get_address(contact->local),
				chunk_hash(contact->remote->get_address(contact->remote))));
}

/**
 * Compare two contacts.
 */
static bool equals(const void *a, const void *b)
{
	const contact_t *one = a, *two = b;

	return one->local->ip_equals(one->local, two->local) &&
		   one->remote->ip_equals(one->remote, two->remote) &&
		   one->name->equals(one->name, two->name);
}

/**
 * Destroy a contact.
 */
static void destroy_contact(contact_t *contact)
{
	contact->local->destroy(contact->local);
	contact->remote->destroy(contact->remote);
	contact->name->destroy(contact->name);
	free(contact);
}

/**
 * Get what is known of the peer of an IKE_SA. Mutex held.
 *
 * @param create		TRUE to create it if need be
 */
static contact_t *get_contact(private_kernel_cryptomap_contacts_t *this,
							  ike_sa_t *ike_sa, bool create)
{
	contact_t *contact, key = {
		.local = ike_sa->get_my_host(ike_sa),
		.remote = ike_sa->get_other_host(ike_sa),
		.name = ike_sa->get_other_id(ike_sa),
	};

	contact = this->table->get(this->table, &key);
	if (!contact && create)
	{
		INIT(contact,
			.local = key.local->clone(key.local),
			.remote = key.remote->clone(key.remote),
			.name = key.name->clone(key.name),
		);
		this->table->put(this->table, contact, contact);
	}
	return contact;
}

/**
 * Forget what a peer said. Mutex held.
 */
static void forget(private_kernel_cryptomap_contacts_t *this,
				   contact_t *contact)
{
	this->table->remove(this->table, contact);
	destroy_contact(contact);
}

/**
 * The peer said INITIAL-CONTACT and has proven who it is. Mutex held.
 */
static void on_contact(private_kernel_cryptomap_contacts_t *this,
					   ike_sa_t *ike_sa)
{
	host_t *remote = ike_sa->get_other_host(ike_sa);
	contact_t *contact, *before;

	contact = get_contact(this, ike_sa, TRUE);
	this->said->remove(this->said, (void*)(uintptr_t)contact->unique);
	contact->unique = ike_sa->get_unique_id(ike_sa);
	before = this->said->put(this->said, kernel_cryptomap_ike_key(ike_sa), contact);
	if (before)
	{	/* it said it at another address */
		forget(this, before);
	}
	contact->time = time_monotonic(NULL);
	DBG1(DBG_IKE, "%H has no SAs of before: INITIAL-CONTACT", remote);
	this->stale->forget(this->stale, contact->local, remote);
}

/**
 * Whether a message is one of phase 1 that proves who its sender is.
 */
static bool is_proof(message_t *message)
{
	exchange_type_t type = message->get_exchange_type(message);

	return (type == ID_PROT || type == AGGRESSIVE) &&
		   (message->get_payload(message, PLV1_HASH) ||
			message->get_payload(message, PLV1_SIGNATURE));
}

/**
 * Whether a message that we send is the last one of main or aggressive mode to a
 * peer that we have neither SAs nor another IKE_SA with.
 */
static bool is_first(private_kernel_cryptomap_contacts_t *this,
					 ike_sa_t *ike_sa, message_t *message)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	host_t *remote = ike_sa->get_other_host(ike_sa);
	identification_t *name;
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);
	bool known;

	if (!is_proof(message) || !id->is_initiator(id) ||
		message->get_notify(message, INITIAL_CONTACT_IKEV1) ||
		this->sas->has_peer(this->sas, remote) ||
		this->left->has_peer(this->left, remote))
	{
		return FALSE;
	}
	/* what the peer calls itself is not known yet: most use their addresses */
	name = identification_create_from_sockaddr(remote->get_sockaddr(remote));
	known = manager->has_contact(manager, ike_sa->get_my_id(ike_sa), name,
								 remote->get_family(remote));
	name->destroy(name);
	return !known;
}

/**
 * Add INITIAL-CONTACT to a message (RFC 2407 4.6.3.3), which charon does only if the
 * identity of the peer is configured.
 */
static void add_contact(ike_sa_t *ike_sa, message_t *message)
{
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);
	notify_payload_t *notify;
	uint64_t spi_i, spi_r;

	spi_i = id->get_initiator_spi(id);
	spi_r = id->get_responder_spi(id);
	notify = notify_payload_create_from_protocol_and_type(PLV1_NOTIFY,
										PROTO_IKE, INITIAL_CONTACT_IKEV1);
	notify->set_spi_data(notify, chunk_cata("cc", chunk_from_thing(spi_i),
											chunk_from_thing(spi_r)));
	message->add_payload(message, &notify->payload_interface);
}

METHOD(listener_t, message_hook, bool,
	private_kernel_cryptomap_contacts_t *this, ike_sa_t *ike_sa,
	message_t *message, bool incoming, bool plain)
{
	if (!plain || ike_sa->get_version(ike_sa) != IKEV1)
	{
		return TRUE;
	}
	if (!incoming)
	{
		if (is_first(this, ike_sa, message))
		{
			add_contact(ike_sa, message);
		}
		return TRUE;
	}
	/* anybody on the path could send this in clear */
	if (!kernel_cryptomap_is_encrypted(message) ||
		!message->get_notify(message, INITIAL_CONTACT_IKEV1))
	{
		return TRUE;
	}
	this->mutex->lock(this->mutex);
	if (ike_sa->get_state(ike_sa) == IKE_ESTABLISHED)
	{	/* else it is not about the peer whose source address it has */
		if (kernel_cryptomap_peer_is_at(ike_sa))
		{
			on_contact(this, ike_sa);
		}
	}
	else
	{
		this->pending->put(this->pending, kernel_cryptomap_ike_key(ike_sa),
						   kernel_cryptomap_ike_key(ike_sa));
	}
	this->mutex->unlock(this->mutex);
	return TRUE;
}

/**
 * An IKE_SA goes. Mutex held.
 */
static void on_destroyed(private_kernel_cryptomap_contacts_t *this,
						 ike_sa_t *ike_sa)
{
	contact_t *contact;

	this->pending->remove(this->pending, kernel_cryptomap_ike_key(ike_sa));
	contact = this->said->remove(this->said, kernel_cryptomap_ike_key(ike_sa));
	if (contact)
	{
		forget(this, contact);
	}
}

METHOD(listener_t, ike_state_change, bool,
	private_kernel_cryptomap_contacts_t *this, ike_sa_t *ike_sa,
	ike_sa_state_t state)
{
	this->mutex->lock(this->mutex);
	if (state == IKE_ESTABLISHED &&
		this->pending->remove(this->pending, kernel_cryptomap_ike_key(ike_sa)))
	{
		on_contact(this, ike_sa);
	}
	else if (state == IKE_DESTROYING)
	{
		on_destroyed(this, ike_sa);
	}
	this->mutex->unlock(this->mutex);
	return TRUE;
}

METHOD(kernel_cryptomap_contacts_t, is_forgotten, bool,
	private_kernel_cryptomap_contacts_t *this, ike_sa_t *ike_sa)
{
	contact_t *contact;
	bool forgotten;

	/* a younger IKE_SA, or one that was on its way then, is of the new life */
	this->mutex->lock(this->mutex);
	contact = get_contact(this, ike_sa, FALSE);
	forgotten = contact && ike_sa->get_unique_id(ike_sa) < contact->unique &&
				ike_sa->get_statistic(ike_sa, STAT_ESTABLISHED) <= contact->time;
	this->mutex->unlock(this->mutex);
	return forgotten;
}

METHOD(kernel_cryptomap_contacts_t, destroy, void,
	private_kernel_cryptomap_contacts_t *this)
{
	enumerator_t *enumerator;
	contact_t *contact;

	enumerator = this->table->create_enumerator(this->table);
	while (enumerator->enumerate(enumerator, NULL, &contact))
	{
		destroy_contact(contact);
	}
	enumerator->destroy(enumerator);
	this->table->destroy(this->table);
	this->said->destroy(this->said);
	this->pending->destroy(this->pending);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_contacts_t *kernel_cryptomap_contacts_create(
										kernel_cryptomap_sas_t *sas,
										kernel_cryptomap_sas_t *left,
										kernel_cryptomap_stale_t *stale)
{
	private_kernel_cryptomap_contacts_t *this;

	INIT(this,
		.public = {
			.listener = {
				.message = _message_hook,
				.ike_state_change = _ike_state_change,
			},
			.is_forgotten = _is_forgotten,
			.destroy = _destroy,
		},
		.sas = sas,
		.left = left,
		.stale = stale,
		.table = hashtable_create(hash, equals, 32),
		.said = hashtable_create(hashtable_hash_ptr, hashtable_equals_ptr, 32),
		.pending = hashtable_create(hashtable_hash_ptr, hashtable_equals_ptr, 8),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
