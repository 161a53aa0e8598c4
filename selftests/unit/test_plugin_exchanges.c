/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_exchanges.c: which messages of a quick mode charon gets, and
 * which are answered with what was sent before.
 */
#include "ike.h"
#include "tap.h"

#include "kernel_cryptomap_exchanges.h"

#include <encoding/payloads/sa_payload.h>

#define MID	4711

/** An ISAKMP SA, messages of it that charon gets, and the state that it sees then */
static test_ike_t ike;
static u_int processed;
static ike_sa_state_t seen;

/** What is in the first two messages of a quick mode: one proposal */
static sa_payload_t sa;
static proposal_t proposal;

/** Bytes of the message that comes, and packets that were sent again */
static u_char bytes[28];
static u_int sent;

METHOD(proposal_t, get_spi, uint64_t,
	proposal_t *this)
{
	return 0x1234;
}

METHOD(sa_payload_t, get_proposals, linked_list_t*,
	sa_payload_t *this)
{
	return linked_list_create_with_items(&proposal, NULL);
}

METHOD(message_t, get_sa, payload_t*,
	message_t *this, payload_type_t type)
{
	return type == PLV1_SECURITY_ASSOCIATION ? &sa.payload_interface : NULL;
}

METHOD(message_t, get_bytes, chunk_t,
	message_t *this)
{
	return chunk_from_thing(bytes);
}

METHOD(message_t, get_packet, packet_t*,
	message_t *this)
{
	return packet_create();
}

METHOD(sender_t, send_packet, void,
	sender_t *this, packet_t *packet)
{
	packet->destroy(packet);
	sent++;
}

static kernel_cryptomap_exchanges_t *exchanges;

/**
 * Create a message of the quick mode.
 *
 * @param request		we began
 */
static message_t *create_message(bool request, bool has_sa)
{
	message_t *message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);

	message->set_exchange_type(message, QUICK_MODE);
	message->set_message_id(message, MID);
	message->set_request(message, request);
	message->get_packet_data = _get_bytes;
	message->get_packet = _get_packet;
	if (has_sa)
	{
		message->get_payload = _get_sa;
	}
	return message;
}

/**
 * charon sends a message.
 */
static void sends(bool request, bool has_sa)
{
	message_t *message = create_message(request, has_sa);

	exchanges->listener.message(&exchanges->listener, &ike.public, message, FALSE,
								TRUE);
	exchanges->listener.message(&exchanges->listener, &ike.public, message, FALSE,
								FALSE);
	message->destroy(message);
}

/**
 * A message comes.
 *
 * @param number		of different messages
 * @param mid			message ID
 * @return				whether charon gets it
 */
static bool comes_of(u_char number, exchange_type_t exchange, uint32_t mid)
{
	message_t *message = create_message(FALSE, TRUE);
	u_int before = processed;

	message->set_exchange_type(message, exchange);
	message->set_message_id(message, mid);
	/* it is encrypted */
	bytes[19] = 1;
	bytes[27] = number;
	ike.public.process_message(&ike.public, message);
	if (processed > before)
	{	/* it is authentic */
		exchanges->listener.message(&exchanges->listener, &ike.public, message, TRUE,
									TRUE);
	}
	message->destroy(message);
	return processed > before;
}

/**
 * A message of the quick mode comes.
 */
static bool comes(u_char number)
{
	return comes_of(number, QUICK_MODE, MID);
}

METHOD(ike_sa_t, process, status_t,
	ike_sa_t *this, message_t *message)
{
	processed++;
	seen = this->get_state(this);
	return SUCCESS;
}

int main()
{
	sender_t sender = {
		.send = _send_packet,
	};

	plugin_init();
	charon->sender = &sender;
	sa.get_proposals = _get_proposals;
	proposal.get_spi = _get_spi;
	proposal.destroy = (void*)nop;
	test_ike_init(&ike, 1, "198.51.100.2", 500);
	ike.public.process_message = _process;
	exchanges = kernel_cryptomap_exchanges_create(NULL, NULL);
	exchanges->listener.ike_state_change(&exchanges->listener, &ike.public,
										 IKE_CONNECTING);

	sends(TRUE, TRUE);
	tap_ok(comes(2), "the second message of a quick mode");
	sends(TRUE, FALSE);
	tap_ok(!comes(2) && sent == 1, "again: it is answered with the third one again");
	tap_ok(!comes(4) && sent == 1, "one more, of a peer that set the commit bit: ignored");
	tap_ok(!comes(2) && sent == 2, "the second once more");

	/* charon refuses one unless it is established, and destroys the ISAKMP SA */
	ike.state = IKE_REKEYING;
	tap_ok(comes_of(5, QUICK_MODE, MID + 1) && seen == IKE_ESTABLISHED,
		   "a quick mode while the ISAKMP SA is being replaced");
	tap_ok(ike.public.get_state(&ike.public) == IKE_REKEYING, "it is for that only");
	tap_ok(comes_of(6, INFORMATIONAL_V1, MID + 2) && seen == IKE_REKEYING,
		   "not for other messages");
	ike.state = IKE_CONNECTING;
	tap_ok(comes_of(7, QUICK_MODE, MID + 3) && seen == IKE_CONNECTING,
		   "nor before phase 1 is complete");

	exchanges->listener.ike_state_change(&exchanges->listener, &ike.public,
										 IKE_DESTROYING);
	tap_ok(ike.public.process_message == _process, "the ISAKMP SA has its own method back");
	exchanges->destroy(exchanges);
	test_ike_deinit(&ike);
	plugin_deinit();
	return tap_done();
}
