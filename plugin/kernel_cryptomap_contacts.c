/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_contacts.h"

#include <daemon.h>
#include <collections/hashtable.h>
#include <threading/mutex.h>

/** Where the header of ISAKMP has its flags, and one of them */
#define HEADER_FLAGS 19
#define FLAG_ENCRYPTION 0x01

typedef struct private_kernel_cryptomap_contacts_t private_kernel_cryptomap_contacts_t;

struct private_kernel_cryptomap_contacts_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_contacts_t public;

	/**
	 * Keeper of SAs that charon does not know.
	 */
	kernel_cryptomap_orphans_t *orphans;

	/**
	 * contact_t by addresses.
	 */
	hashtable_t *table;

	/**
	 * Protects table.
	 */
	mutex_t *mutex;
};

/**
 * A peer that said INITIAL-CONTACT. Exists as long as the IKE_SA.
 */
typedef struct {
	/** our address and the peer's */
	host_t *local, *remote;
	/** unique id of the IKE_SA that it said it in, 0 for none */
	uint32_t unique;
	/** when it did */
	time_t time;
	/** unique id of one that it said it in, but which is not established yet */
	uint32_t pending;
} contact_t;

/**
 * Hash a contact.
 */
static u_int hash(const void *key)
{
	const contact_t *contact = key;

	return chunk_hash_inc(contact->local->get_address(contact->local),
				chunk_hash(contact->remote->get_address(contact->remote)));
}

/**
 * Compare two contacts.
 */
static bool equals(const void *a, const void *b)
{
	const contact_t *one = a, *two = b;

	return one->local->ip_equals(one->local, two->local) &&
		   one->remote->ip_equals(one->remote, two->remote);
}

/**
 * Destroy a contact.
 */
static void destroy_contact(contact_t *contact)
{
	contact->local->destroy(contact->local);
	contact->remote->destroy(contact->remote);
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
	};

	contact = this->table->get(this->table, &key);
	if (!contact && create)
	{
		INIT(contact,
			.local = key.local->clone(key.local),
			.remote = key.remote->clone(key.remote),
		);
		this->table->put(this->table, contact, contact);
	}
	return contact;
}

/**
 * The peer said INITIAL-CONTACT and has proven who it is.
 */
static void on_contact(private_kernel_cryptomap_contacts_t *this,
					   ike_sa_t *ike_sa, contact_t *contact)
{
	contact->unique = ike_sa->get_unique_id(ike_sa);
	contact->pending = 0;
	contact->time = time_monotonic(NULL);
	DBG1(DBG_IKE, "%H has no SAs of before: INITIAL-CONTACT", contact->remote);
	this->orphans->forget(this->orphans, contact->local, contact->remote);
}

/**
 * Whether a message came encrypted (RFC 2408 3.1): charon takes notifies in
 * clear, too, and anybody on the path could send this one.
 */
static bool is_encrypted(message_t *message)
{
	chunk_t data = message->get_packet_data(message);

	return data.len > HEADER_FLAGS && data.ptr[HEADER_FLAGS] & FLAG_ENCRYPTION;
}

METHOD(listener_t, message_hook, bool,
	private_kernel_cryptomap_contacts_t *this, ike_sa_t *ike_sa,
	message_t *message, bool incoming, bool plain)
{
	contact_t *contact;

	if (!incoming || !plain || ike_sa->get_version(ike_sa) != IKEV1 ||
		!is_encrypted(message) ||
		!message->get_notify(message, INITIAL_CONTACT_IKEV1))
	{
		return TRUE;
	}
	this->mutex->lock(this->mutex);
	contact = get_contact(this, ike_sa, TRUE);
	if (ike_sa->get_state(ike_sa) == IKE_ESTABLISHED)
	{
		on_contact(this, ike_sa, contact);
	}
	else
	{
		contact->pending = ike_sa->get_unique_id(ike_sa);
	}
	this->mutex->unlock(this->mutex);
	return TRUE;
}

/**
 * An IKE_SA goes. Mutex held.
 */
static void on_destroyed(private_kernel_cryptomap_contacts_t *this,
						 ike_sa_t *ike_sa, contact_t *contact)
{
	uint32_t unique = ike_sa->get_unique_id(ike_sa);

	if (contact->unique == unique)
	{
		contact->unique = 0;
	}
	if (contact->pending == unique)
	{
		contact->pending = 0;
	}
	if (!contact->unique && !contact->pending)
	{
		this->table->remove(this->table, contact);
		destroy_contact(contact);
	}
}

METHOD(listener_t, ike_state_change, bool,
	private_kernel_cryptomap_contacts_t *this, ike_sa_t *ike_sa,
	ike_sa_state_t state)
{
	contact_t *contact;

	this->mutex->lock(this->mutex);
	contact = get_contact(this, ike_sa, FALSE);
	if (contact && state == IKE_ESTABLISHED &&
		contact->pending == ike_sa->get_unique_id(ike_sa))
	{
		on_contact(this, ike_sa, contact);
	}
	else if (contact && state == IKE_DESTROYING)
	{
		on_destroyed(this, ike_sa, contact);
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
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_contacts_t *kernel_cryptomap_contacts_create(
										kernel_cryptomap_orphans_t *orphans)
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
		.orphans = orphans,
		.table = hashtable_create(hash, equals, 32),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
