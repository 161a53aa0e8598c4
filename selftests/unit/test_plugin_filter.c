/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of a peer's messages charon does not get: plugin/kernel_cryptomap_filter.c, and the
 * notifications in clear that plugin/kernel_cryptomap_exchanges.c ignores.
 */
#include "ike.h"
#include "tap.h"

#include "kernel_cryptomap_exchanges.h"
#include "kernel_cryptomap_filter.h"

#include <encoding/payloads/notify_payload.h>
#include <encoding/payloads/sa_payload.h>
#include <encoding/payloads/vendor_id_payload.h>

/** Vendor IDs of a router: Cisco Unity 1.0, and dead peer detection */
#define UNITY	"\x12\xf5\xf2\x8c\x45\x71\x68\xa9\x70\x2d\x9f\xe2\x74\xcc\x01\x00"
#define DPD	"\xaf\xca\xd7\x13\x68\xa1\xf1\xc9\x6b\x86\x96\xfc\x77\x57\x01\x00"

/** An ISAKMP SA, and messages of it that charon gets */
static test_ike_t ike;
static u_int processed;

/** Type of the first payload of a message */
static uint8_t first;

METHOD(ike_sa_t, process, status_t,
	ike_sa_t *this, message_t *message)
{
	processed++;
	return SUCCESS;
}

METHOD(message_t, get_first_payload_type, payload_type_t,
	message_t *message)
{
	return first;
}

/**
 * Let a message come.
 *
 * @return				whether charon gets it
 */
static bool comes(exchange_type_t exchange, bool encrypted, payload_type_t payload)
{
	message_t *message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	u_int before = processed;

	message->set_exchange_type(message, exchange);
	message->set_source(message, host_create_from_string("198.51.100.2", 500));
	message->get_first_payload_type = _get_first_payload_type;
	set_header(message, encrypted);
	first = payload;
	ike.public.process_message(&ike.public, message);
	message->destroy(message);
	return processed > before;
}

/**
 * Add a vendor ID to a message.
 */
static void add_vendor(message_t *message, char *id)
{
	vendor_id_payload_t *vendor;

	vendor = vendor_id_payload_create_data(PLV1_VENDOR_ID,
										   chunk_clone(chunk_create((u_char*)id, 16)));
	message->add_payload(message, &vendor->payload_interface);
}

/**
 * Count the payloads of a message.
 */
static u_int count(message_t *message)
{
	enumerator_t *enumerator;
	payload_t *payload;
	u_int found = 0;

	enumerator = message->create_payload_enumerator(message);
	while (enumerator->enumerate(enumerator, &payload))
	{
		found++;
	}
	enumerator->destroy(enumerator);
	return found;
}

static void test_filter()
{
	message_t *message;

	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->set_exchange_type(message, ID_PROT);
	add_vendor(message, UNITY);
	add_vendor(message, DPD);
	kernel_cryptomap_filter_listener.message(NULL, &ike.public, message, TRUE, FALSE);
	kernel_cryptomap_filter_listener.message(NULL, &ike.public, message, FALSE, TRUE);
	tap_ok(count(message) == 2, "what is not read yet, or is sent, stays");
	kernel_cryptomap_filter_listener.message(NULL, &ike.public, message, TRUE, TRUE);
	tap_ok(count(message) == 1, "a router is no Unity peer, and does dead peer detection");
	message->destroy(message);

	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->set_exchange_type(message, INFORMATIONAL_V1);
	message->add_notify(message, FALSE, UNITY_LOAD_BALANCE,
						chunk_from_str("\xcb\x00\x71\x01"));
	message->add_notify(message, FALSE, NO_PROPOSAL_CHOSEN, chunk_empty);
	kernel_cryptomap_filter_listener.message(NULL, &ike.public, message, TRUE, TRUE);
	tap_ok(count(message) == 1 && message->get_notify(message, NO_PROPOSAL_CHOSEN),
		   "nobody names another peer");
	message->destroy(message);
}

/**
 * Let a peer offer the same again and again.
 *
 * @return				whether charon gets the offer
 */
static bool is_looked_at(exchange_type_t exchange, protocol_id_t protocol, u_int n)
{
	linked_list_t *proposals = linked_list_create();
	sa_payload_t *sa;
	message_t *message;
	bool looked;

	while (n--)
	{
		proposals->insert_last(proposals,
							   proposal_create_from_string(protocol, "aes128-sha256-modp2048"));
	}
	sa = sa_payload_create_from_proposals_v1(proposals, 3600, 0, AUTH_PSK, MODE_TUNNEL,
											 ENCAP_NONE, 0);
	proposals->destroy_offset(proposals, offsetof(proposal_t, destroy));
	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->set_exchange_type(message, exchange);
	message->set_source(message, host_create_from_string("198.51.100.2", 500));
	message->add_payload(message, (payload_t*)sa);
	kernel_cryptomap_filter_listener.message(NULL, &ike.public, message, TRUE, TRUE);
	looked = message->get_payload(message, PLV1_SECURITY_ASSOCIATION) != NULL;
	message->destroy(message);
	return looked;
}

static void test_offers()
{
	tap_ok(is_looked_at(ID_PROT, PROTO_IKE, 128) && is_looked_at(AGGRESSIVE, PROTO_IKE, 1),
		   "an offer of ISAKMP policies");
	tap_ok(!is_looked_at(ID_PROT, PROTO_IKE, 129) && !is_looked_at(AGGRESSIVE, PROTO_IKE, 350),
		   "not one of more than any peer has");
	tap_ok(is_looked_at(QUICK_MODE, PROTO_ESP, 129), "who is known may offer what it wants");
}

static void test_clear()
{
	kernel_cryptomap_exchanges_t *exchanges = kernel_cryptomap_exchanges_create(NULL, NULL);

	ike.state = IKE_CONNECTING;
	exchanges->listener.ike_state_change(&exchanges->listener, &ike.public,
										 IKE_CONNECTING);
	tap_ok(comes(INFORMATIONAL_V1, FALSE, PLV1_NOTIFY),
		   "a notification in clear while there are no keys");
	ike.state = IKE_ESTABLISHED;
	tap_ok(!comes(INFORMATIONAL_V1, FALSE, PLV1_NOTIFY), "not when there are");
	tap_ok(comes(INFORMATIONAL_V1, TRUE, PLV1_HASH), "one that is encrypted");
	tap_ok(comes(INFORMATIONAL_V1, FALSE, PLV1_FRAGMENT), "a fragment of one");
	tap_ok(comes(ID_PROT, FALSE, PLV1_SECURITY_ASSOCIATION),
		   "another exchange is charon's to judge");
	ike.state = IKE_DELETING;
	tap_ok(!comes(INFORMATIONAL_V1, FALSE, PLV1_NOTIFY), "nor when it is deleted");
	exchanges->listener.ike_state_change(&exchanges->listener, &ike.public,
										 IKE_DESTROYING);
	exchanges->destroy(exchanges);
}

int main()
{
	plugin_init();
	test_ike_init(&ike, 1, "198.51.100.2", 500);
	ike.public.process_message = _process;
	test_filter();
	test_offers();
	test_clear();
	test_ike_deinit(&ike);
	plugin_deinit();
	return tap_done();
}
