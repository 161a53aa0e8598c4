/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_contacts.c: INITIAL-CONTACT of a peer whose address changes.
 */
#include "plugin.h"
#include "tap.h"

#include "kernel_cryptomap_contacts.h"

/**
 * An ISAKMP SA.
 */
typedef struct {
	ike_sa_t public;
	ike_sa_state_t state;
	uint32_t unique;
	host_t *remote;
} ike_t;

static host_t *local;
static identification_t *name;

/** How often orphans were looked for */
static u_int forgotten;

METHOD(ike_sa_t, get_version, ike_version_t,
	ike_t *this)
{
	return IKEV1;
}

METHOD(ike_sa_t, get_state, ike_sa_state_t,
	ike_t *this)
{
	return this->state;
}

METHOD(ike_sa_t, get_unique_id, uint32_t,
	ike_t *this)
{
	return this->unique;
}

METHOD(ike_sa_t, get_my_host, host_t*,
	ike_t *this)
{
	return local;
}

METHOD(ike_sa_t, get_other_host, host_t*,
	ike_t *this)
{
	return this->remote;
}

METHOD(ike_sa_t, get_other_id, identification_t*,
	ike_t *this)
{
	return name;
}

METHOD(ike_sa_t, get_statistic, uint32_t,
	ike_t *this, statistic_t kind)
{
	return 0;
}

METHOD(kernel_cryptomap_stale_t, forget, void,
	kernel_cryptomap_stale_t *stale, host_t *me, host_t *remote)
{
	forgotten++;
}

/**
 * Move an ISAKMP SA on.
 */
static void set_state(kernel_cryptomap_contacts_t *contacts, ike_t *ike,
					  ike_sa_state_t state)
{
	contacts->listener.ike_state_change(&contacts->listener, &ike->public, state);
	ike->state = state;
}

/**
 * A peer says INITIAL-CONTACT, and phase 1 is complete.
 */
static void say(kernel_cryptomap_contacts_t *contacts, ike_t *ike, bool encrypted)
{
	message_t *message;

	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->add_notify(message, FALSE, INITIAL_CONTACT_IKEV1, chunk_empty);
	set_header(message, encrypted);
	contacts->listener.message(&contacts->listener, &ike->public, message, TRUE,
							   TRUE);
	message->destroy(message);
	set_state(contacts, ike, IKE_ESTABLISHED);
}

/**
 * Create an ISAKMP SA.
 */
static ike_t *create_ike(uint32_t unique)
{
	ike_t *ike;

	INIT(ike,
		.public = {
			.get_version = _get_version,
			.get_state = _get_state,
			.get_unique_id = _get_unique_id,
			.get_my_host = _get_my_host,
			.get_other_host = _get_other_host,
			.get_other_id = _get_other_id,
			.get_statistic = _get_statistic,
		},
		.state = IKE_CONNECTING,
		.unique = unique,
		.remote = host_create_from_string("198.51.100.2", 4500),
	);
	return ike;
}

/**
 * Destroy one.
 */
static void destroy_ike(kernel_cryptomap_contacts_t *contacts, ike_t *ike)
{
	set_state(contacts, ike, IKE_DESTROYING);
	ike->remote->destroy(ike->remote);
	free(ike);
}

int main()
{
	kernel_cryptomap_stale_t stale = {
		.forget = _forget,
	};
	kernel_cryptomap_contacts_t *contacts;
	ike_t *before, *said;

	plugin_init();
	local = host_create_from_string("192.0.2.1", 4500);
	name = identification_create_from_string("branch.example");
	contacts = kernel_cryptomap_contacts_create(NULL, NULL, &stale);
	before = create_ike(1);
	said = create_ike(2);

	say(contacts, said, FALSE);
	tap_ok(!forgotten, "in clear it means nothing");
	destroy_ike(contacts, said);

	said = create_ike(3);
	say(contacts, said, TRUE);
	tap_ok(forgotten == 1 && contacts->is_forgotten(contacts, &before->public) &&
		   !contacts->is_forgotten(contacts, &said->public),
		   "the peer has none of the SAs of before");
	destroy_ike(contacts, said);
	tap_ok(!contacts->is_forgotten(contacts, &before->public),
		   "it is known for as long as the ISAKMP SA that it said it in");

	said = create_ike(4);
	say(contacts, said, TRUE);
	said->remote->destroy(said->remote);
	said->remote = host_create_from_string("198.51.100.3", 4500);
	destroy_ike(contacts, said);
	tap_ok(!contacts->is_forgotten(contacts, &before->public),
		   "no longer, too, if it moved meanwhile");

	destroy_ike(contacts, before);
	contacts->destroy(contacts);
	local->destroy(local);
	name->destroy(name);
	plugin_deinit();
	return tap_done();
}
