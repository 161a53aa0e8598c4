/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_orphans.c: DELETEs of what is with another ISAKMP SA.
 */
#include "plugin.h"
#include "tap.h"

#include "kernel_cryptomap_orphans.h"

#include <encoding/payloads/delete_payload.h>

/** SPIs of a CHILD_SA, network order */
#define SPI_IN	0x11
#define SPI_OUT	0x22

/**
 * Two ISAKMP SAs, and the CHILD_SA that the second one has.
 */
static struct {
	ike_sa_t old, new;
	host_t *local, *remote;
	child_sa_t child;
	child_sa_state_t state;
	/** how often it was destroyed, and the second one is checked out */
	u_int destroyed;
	int out;
	/** it is with none of them for so many looks */
	u_int away;
} ike;

METHOD(ike_sa_t, get_state, ike_sa_state_t,
	ike_sa_t *this)
{
	/* phase 1 of the second one is under way */
	return this == &ike.old ? IKE_REKEYING : IKE_CONNECTING;
}

METHOD(ike_sa_t, get_my_host, host_t*,
	ike_sa_t *this)
{
	return ike.local;
}

METHOD(ike_sa_t, get_other_host, host_t*,
	ike_sa_t *this)
{
	return ike.remote;
}

METHOD(ike_sa_t, destroy_child_sa, status_t,
	ike_sa_t *this, protocol_id_t protocol, uint32_t spi)
{
	ike.destroyed += this == &ike.new && spi == SPI_IN;
	return SUCCESS;
}

METHOD(child_sa_t, set_state, void,
	child_sa_t *this, child_sa_state_t state)
{
	ike.state = state;
}

METHOD(child_sa_t, get_spi, uint32_t,
	child_sa_t *this, bool inbound)
{
	return inbound ? SPI_IN : SPI_OUT;
}

METHOD(child_sa_manager_t, checkout, ike_sa_t*,
	child_sa_manager_t *manager, protocol_id_t protocol, uint32_t spi, host_t *dst,
	child_sa_t **child_sa)
{
	if (spi != SPI_OUT || (ike.away && ike.away--))
	{
		return NULL;
	}
	*child_sa = &ike.child;
	ike.out++;
	return &ike.new;
}

METHOD(ike_sa_manager_t, checkin, void,
	ike_sa_manager_t *manager, ike_sa_t *ike_sa)
{
	ike.out--;
}

/**
 * The peer deletes an SA with the ISAKMP SA that is being replaced.
 */
static void test_delete(kernel_cryptomap_orphans_t *orphans, kernel_cryptomap_sas_t *sas)
{
	child_sa_manager_t child_sa_manager = {
		.checkout = _checkout,
	};
	ike_sa_manager_t ike_sa_manager = {
		.checkin = _checkin,
	};
	kernel_cryptomap_sa_t sa = {};
	delete_payload_t *delete;
	message_t *message;

	charon->child_sa_manager = &child_sa_manager;
	charon->ike_sa_manager = &ike_sa_manager;
	bus.child_updown = (void*)nop;
	ike.old = ike.new = (ike_sa_t){
		.get_state = _get_state,
		.get_my_host = _get_my_host,
		.get_other_host = _get_other_host,
		.get_peer_cfg = (void*)return_null,
		.get_child_sa = (void*)return_null,
		.destroy_child_sa = _destroy_child_sa,
	};
	ike.child = (child_sa_t){
		.get_name = (void*)return_null,
		.get_spi = _get_spi,
		.set_state = _set_state,
	};
	sas->add(sas, ike.local, ike.remote, SPI_OUT, &sa);

	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->set_exchange_type(message, INFORMATIONAL_V1);
	delete = delete_payload_create(PLV1_DELETE, PROTO_ESP);
	delete->add_spi(delete, SPI_OUT);
	message->add_payload(message, &delete->payload_interface);
	orphans->listener.message(&orphans->listener, &ike.old, message, TRUE, TRUE);
	run_jobs();
	tap_ok(ike.destroyed == 1 && ike.state == CHILD_DELETED,
		   "what the peer deletes goes, though phase 1 of its ISAKMP SA is under way");
	tap_ok(!ike.out, "that is checked in");
	tap_ok(!jobs->get_count(jobs), "once");

	/* the mock leaves it in the table */
	ike.away = 1;
	ike.destroyed = 0;
	orphans->listener.message(&orphans->listener, &ike.old, message, TRUE, TRUE);
	run_jobs();
	tap_ok(ike.destroyed == 1 && !ike.away && !jobs->get_count(jobs),
		   "a little later, if it is between two ISAKMP SAs");
	ike.away = 10;
	ike.destroyed = 0;
	orphans->listener.message(&orphans->listener, &ike.old, message, TRUE, TRUE);
	run_jobs();
	tap_ok(!jobs->get_count(jobs) && ike.away == 7 && !ike.destroyed,
		   "but it is not tried for ever");
	message->destroy(message);
}

int main()
{
	kernel_cryptomap_orphans_t *orphans;
	kernel_cryptomap_turns_t *turns;
	kernel_cryptomap_sas_t *sas, *left;

	plugin_init();
	turns = kernel_cryptomap_turns_create();
	sas = kernel_cryptomap_sas_create();
	left = kernel_cryptomap_sas_create();
	orphans = kernel_cryptomap_orphans_create(NULL, sas, left, NULL, turns);
	ike.local = host_create_from_string("192.0.2.1", 0);
	ike.remote = host_create_from_string("198.51.100.2", 0);

	test_delete(orphans, sas);

	orphans->destroy(orphans);
	turns->destroy(turns);
	sas->destroy(sas);
	left->destroy(left);
	ike.local->destroy(ike.local);
	ike.remote->destroy(ike.remote);
	plugin_deinit();
	return tap_done();
}
