/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_deletes.c: DELETEs of ISAKMP SAs that come with another one.
 */
#include "ike.h"
#include "tap.h"

#include "kernel_cryptomap_deletes.h"

#include <encoding/payloads/delete_payload.h>

/** The one that the peer has, and the one that it deletes */
static test_ike_t ike, other;

/** How often the other one was destroyed */
static u_int destroyed;

METHOD(ike_sa_manager_t, checkout, ike_sa_t*,
	ike_sa_manager_t *manager, ike_sa_id_t *id)
{
	/* as charon does for one without the second cookie */
	if (id->get_initiator_spi(id) != other.id->get_initiator_spi(other.id) ||
		(id->get_responder_spi(id) && !id->equals(id, other.id)))
	{
		return NULL;
	}
	other.out++;
	return &other.public;
}

METHOD(ike_sa_manager_t, checkin_and_destroy, void,
	ike_sa_manager_t *manager, ike_sa_t *ike_sa)
{
	destroyed += ike_sa == &other.public && other.state == IKE_DELETING;
	other.out--;
}

/**
 * Make an ISAKMP SA.
 */
static void init_ike(test_ike_t *this, uint32_t spi, char *remote, char *name)
{
	test_ike_init(this, spi, remote, 500);
	this->public.reestablish = (void*)return_null;
	this->name = identification_create_from_string(name);
}

/**
 * The peer deletes an ISAKMP SA with the first one.
 *
 * @return				whether the other one goes
 */
static bool is_deleted(uint64_t spi_i, uint64_t spi_r, bool encrypted)
{
	delete_payload_t *delete;
	message_t *message;

	destroyed = 0;
	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->set_exchange_type(message, INFORMATIONAL_V1);
	set_header(message, encrypted);
	delete = delete_payload_create(PLV1_DELETE, PROTO_IKE);
	delete->set_ike_spi(delete, spi_i, spi_r);
	message->add_payload(message, &delete->payload_interface);
	kernel_cryptomap_deletes_listener.message(NULL, &ike.public, message, TRUE, TRUE);
	run_jobs();
	message->destroy(message);
	return destroyed == 1;
}

/** Cookies of both */
#define SPI			10
#define OTHER_SPI	20

int main()
{
	ike_sa_manager_t manager = {
		.checkout = _checkout,
		.checkin = test_ike_checkin,
		.checkin_and_destroy = _checkin_and_destroy,
	};

	plugin_init();
	charon->ike_sa_manager = &manager;
	bus.ike_updown = (void*)nop;
	init_ike(&ike, SPI, "198.51.100.2", "r2.example.net");
	init_ike(&other, OTHER_SPI, "198.51.100.2", "r2.example.net");

	tap_ok(is_deleted(OTHER_SPI, OTHER_SPI + 1, TRUE),
		   "what the peer deletes with another ISAKMP SA goes");
	other.state = IKE_REKEYING;
	tap_ok(is_deleted(OTHER_SPI, OTHER_SPI + 1, TRUE), "while it is replaced, too");
	other.state = IKE_ESTABLISHED;
	tap_ok(!is_deleted(OTHER_SPI, OTHER_SPI + 1, FALSE), "not by a message in clear");
	tap_ok(!is_deleted(OTHER_SPI, 0, TRUE), "or with half of its cookies");
	tap_ok(!is_deleted(SPI, SPI + 1, TRUE) && !jobs->get_count(jobs),
		   "that of itself is charon's");
	other.state = IKE_CONNECTING;
	tap_ok(!is_deleted(OTHER_SPI, OTHER_SPI + 1, TRUE),
		   "nor that of one that is not up");
	test_ike_deinit(&other);
	init_ike(&other, OTHER_SPI, "198.51.100.2", "r3.example.net");
	tap_ok(!is_deleted(OTHER_SPI, OTHER_SPI + 1, TRUE),
		   "of somebody else at the same address");
	test_ike_deinit(&other);
	init_ike(&other, OTHER_SPI, "198.51.100.3", "r2.example.net");
	tap_ok(!is_deleted(OTHER_SPI, OTHER_SPI + 1, TRUE),
		   "or of whoever has its name elsewhere");
	tap_ok(!other.out, "all are checked in");

	test_ike_deinit(&ike);
	test_ike_deinit(&other);
	plugin_deinit();
	return tap_done();
}
