/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_filter.h"

#include "kernel_cryptomap_methods.h"

#include <daemon.h>
#include <encoding/payloads/notify_payload.h>
#include <encoding/payloads/vendor_id_payload.h>

/** Vendor ID of Cisco Unity, before its version of two bytes */
#define UNITY "\x12\xf5\xf2\x8c\x45\x71\x68\xa9\x70\x2d\x9f\xe2\x74\xcc"
#define UNITY_LEN 16

/** ISAKMP policies that a peer may offer: each is compared with each of ours, before anything
 * is known of the peer, and a first message has room for 350 */
#define OFFERED_MAX 128

/** Where the header of ISAKMP has its flags, and one of them */
#define HEADER_FLAGS 19
#define FLAG_ENCRYPTION 0x01

/**
 * Whether a payload is for clients.
 */
static bool is_for_clients(payload_t *payload)
{
	vendor_id_payload_t *vendor;
	notify_payload_t *notify;
	chunk_t data;

	switch (payload->get_type(payload))
	{
		case PLV1_VENDOR_ID:
			vendor = (vendor_id_payload_t*)payload;
			data = vendor->get_data(vendor);
			return data.len == UNITY_LEN &&
				   memeq(data.ptr, UNITY, sizeof(UNITY) - 1);
		case PLV1_NOTIFY:
			notify = (notify_payload_t*)payload;
			return notify->get_notify_type(notify) == UNITY_LOAD_BALANCE;
		default:
			return FALSE;
	}
}

/**
 * Whether a payload offers more ISAKMP policies than are looked at.
 */
static bool is_too_much(message_t *message, payload_t *payload)
{
	exchange_type_t exchange = message->get_exchange_type(message);
	linked_list_t *transforms;
	int count;

	if ((exchange != ID_PROT && exchange != AGGRESSIVE) ||
		payload->get_type(payload) != PLV1_SECURITY_ASSOCIATION)
	{
		return FALSE;
	}
	transforms = kernel_cryptomap_methods_transforms((sa_payload_t*)payload);
	count = transforms->get_count(transforms);
	transforms->destroy(transforms);
	if (count > OFFERED_MAX)
	{
		DBG1(DBG_IKE, "%#H offers %d ISAKMP policies: more than %d are refused",
			 message->get_source(message), count, OFFERED_MAX);
	}
	return count > OFFERED_MAX;
}

/**
 * Implementation of listener_t.message.
 */
static bool message_hook(listener_t *this, ike_sa_t *ike_sa, message_t *message,
						 bool incoming, bool plain)
{
	enumerator_t *enumerator;
	payload_t *payload;

	if (!incoming || !plain || ike_sa->get_version(ike_sa) != IKEV1)
	{
		return TRUE;
	}
	enumerator = message->create_payload_enumerator(message);
	while (enumerator->enumerate(enumerator, &payload))
	{
		if (is_for_clients(payload) || is_too_much(message, payload))
		{
			message->remove_payload_at(message, enumerator);
			payload->destroy(payload);
		}
	}
	enumerator->destroy(enumerator);
	return TRUE;
}

/*
 * See header.
 */
listener_t kernel_cryptomap_filter_listener = {
	.message = message_hook,
};

/**
 * See header.
 */
bool kernel_cryptomap_is_encrypted(message_t *message)
{
	chunk_t data = message->get_packet_data(message);

	return data.len > HEADER_FLAGS && data.ptr[HEADER_FLAGS] & FLAG_ENCRYPTION;
}
