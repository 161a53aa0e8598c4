/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_contacts.c: INITIAL-CONTACT of a peer whose address changes.
 */
#include "ike.h"
#include "tap.h"

#include "kernel_cryptomap_contacts.h"

/** How often orphans were looked for */
static u_int forgotten;

METHOD(kernel_cryptomap_stale_t, forget, void,
	kernel_cryptomap_stale_t *stale, host_t *me, host_t *remote)
{
	forgotten++;
}

/**
 * Move an ISAKMP SA on.
 */
static void set_state(kernel_cryptomap_contacts_t *contacts, test_ike_t *ike,
					  ike_sa_state_t state)
{
	contacts->listener.ike_state_change(&contacts->listener, &ike->public, state);
	ike->state = state;
}

/**
 * A peer says INITIAL-CONTACT, and phase 1 is complete.
 */
static void say(kernel_cryptomap_contacts_t *contacts, test_ike_t *ike, bool encrypted)
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
static test_ike_t *create_ike(uint32_t unique)
{
	test_ike_t *ike;

	INIT(ike);
	test_ike_init(ike, unique, "198.51.100.2", 4500);
	ike->state = IKE_CONNECTING;
	ike->name = identification_create_from_string("branch.example");
	return ike;
}

/**
 * Destroy one.
 */
static void destroy_ike(kernel_cryptomap_contacts_t *contacts, test_ike_t *ike)
{
	set_state(contacts, ike, IKE_DESTROYING);
	test_ike_deinit(ike);
	free(ike);
}

int main()
{
	kernel_cryptomap_stale_t stale = {
		.forget = _forget,
	};
	kernel_cryptomap_contacts_t *contacts;
	test_ike_t *before, *said;

	plugin_init();
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
	plugin_deinit();
	return tap_done();
}
