/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_deletes.c: DELETEs of ISAKMP SAs that come with another one.
 */
#include "plugin.h"
#include "tap.h"

#include "kernel_cryptomap_deletes.h"

#include <encoding/payloads/delete_payload.h>

/**
 * An ISAKMP SA.
 */
typedef struct {
	ike_sa_t public;
	ike_sa_state_t state;
	ike_sa_id_t *id;
	host_t *remote;
	identification_t *name;
} ike_t;

/** The one that the peer has, and the one that it deletes */
static ike_t ike, other;

static host_t *local;

/** How often the other one is checked out, and was destroyed */
static int out;
static u_int destroyed;

METHOD(ike_sa_t, get_state, ike_sa_state_t,
	ike_t *this)
{
	return this->state;
}

METHOD(ike_sa_t, set_state, void,
	ike_t *this, ike_sa_state_t state)
{
	this->state = state;
}

METHOD(ike_sa_t, get_id, ike_sa_id_t*,
	ike_t *this)
{
	return this->id;
}

METHOD(ike_sa_t, get_version, ike_version_t,
	ike_t *this)
{
	return IKEV1;
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
	return this->name;
}

METHOD(ike_sa_manager_t, checkout, ike_sa_t*,
	ike_sa_manager_t *manager, ike_sa_id_t *id)
{
	/* as charon does for one without the second cookie */
	if (id->get_initiator_spi(id) != other.id->get_initiator_spi(other.id) ||
		(id->get_responder_spi(id) && !id->equals(id, other.id)))
	{
		return NULL;
	}
	out++;
	return &other.public;
}

METHOD(ike_sa_manager_t, checkin, void,
	ike_sa_manager_t *manager, ike_sa_t *ike_sa)
{
	out--;
}

METHOD(ike_sa_manager_t, checkin_and_destroy, void,
	ike_sa_manager_t *manager, ike_sa_t *ike_sa)
{
	destroyed += ike_sa == &other.public && other.state == IKE_DELETING;
	out--;
}

/**
 * An ISAKMP SA.
 */
static ike_t create_ike(uint64_t spi, char *remote, char *name)
{
	return (ike_t){
		.public = {
			.get_state = (void*)_get_state,
			.set_state = (void*)_set_state,
			.get_id = (void*)_get_id,
			.get_version = (void*)_get_version,
			.get_my_host = (void*)_get_my_host,
			.get_other_host = (void*)_get_other_host,
			.get_my_id = (void*)_get_other_id,
			.get_other_id = (void*)_get_other_id,
			.get_peer_cfg = (void*)return_null,
			.get_name = (void*)return_null,
			.get_unique_id = (void*)return_null,
			.reestablish = (void*)return_null,
		},
		.state = IKE_ESTABLISHED,
		.id = ike_sa_id_create(IKEV1_MAJOR_VERSION, spi, spi + 1, TRUE),
		.remote = host_create_from_string(remote, 500),
		.name = identification_create_from_string(name),
	};
}

/**
 * Destroy one.
 */
static void destroy_ike(ike_t *this)
{
	this->id->destroy(this->id);
	this->remote->destroy(this->remote);
	this->name->destroy(this->name);
}

/**
 * The peer deletes an ISAKMP SA with the first one.
 *
 * @return				whether the other one goes
 */
static bool is_deleted(kernel_cryptomap_deletes_t *deletes, uint64_t spi_i, uint64_t spi_r,
					   bool encrypted)
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
	deletes->listener.message(&deletes->listener, &ike.public, message, TRUE, TRUE);
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
		.checkin = _checkin,
		.checkin_and_destroy = _checkin_and_destroy,
	};
	kernel_cryptomap_deletes_t *deletes;

	plugin_init();
	charon->ike_sa_manager = &manager;
	bus.ike_updown = (void*)nop;
	local = host_create_from_string("192.0.2.1", 500);
	ike = create_ike(SPI, "198.51.100.2", "r2.example.net");
	other = create_ike(OTHER_SPI, "198.51.100.2", "r2.example.net");
	deletes = kernel_cryptomap_deletes_create();

	tap_ok(is_deleted(deletes, OTHER_SPI, OTHER_SPI + 1, TRUE),
		   "what the peer deletes with another ISAKMP SA goes");
	other.state = IKE_REKEYING;
	tap_ok(is_deleted(deletes, OTHER_SPI, OTHER_SPI + 1, TRUE), "while it is replaced, too");
	other.state = IKE_ESTABLISHED;
	tap_ok(!is_deleted(deletes, OTHER_SPI, OTHER_SPI + 1, FALSE), "not by a message in clear");
	tap_ok(!is_deleted(deletes, OTHER_SPI, 0, TRUE), "or with half of its cookies");
	tap_ok(!is_deleted(deletes, SPI, SPI + 1, TRUE) && !jobs->get_count(jobs),
		   "that of itself is charon's");
	other.state = IKE_CONNECTING;
	tap_ok(!is_deleted(deletes, OTHER_SPI, OTHER_SPI + 1, TRUE),
		   "nor that of one that is not up");
	destroy_ike(&other);
	other = create_ike(OTHER_SPI, "198.51.100.2", "r3.example.net");
	tap_ok(!is_deleted(deletes, OTHER_SPI, OTHER_SPI + 1, TRUE),
		   "of somebody else at the same address");
	destroy_ike(&other);
	other = create_ike(OTHER_SPI, "198.51.100.3", "r2.example.net");
	tap_ok(!is_deleted(deletes, OTHER_SPI, OTHER_SPI + 1, TRUE),
		   "or of whoever has its name elsewhere");
	tap_ok(!out, "all are checked in");

	deletes->destroy(deletes);
	destroy_ike(&ike);
	destroy_ike(&other);
	local->destroy(local);
	plugin_deinit();
	return tap_done();
}
