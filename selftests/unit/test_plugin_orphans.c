/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_orphans.c: peers that have none of the SAs of before, while
 * there is no kernel module; and DELETEs of what is with another ISAKMP SA.
 */
#include "plugin.h"
#include "tap.h"

#include "kernel_cryptomap_orphans.h"

#include <encoding/payloads/delete_payload.h>

/** Peers that may wait, of the source. */
#define WAITING_MAX	1024

/** Ports of the peers that orphans were looked for, the first and last one and how many */
static struct {
	uint16_t first, last;
	u_int count;
} forgotten;

METHOD(kernel_cryptomap_socket_t, init_message, void,
	kernel_cryptomap_socket_t *socket, kernel_cryptomap_msg_t *msg, uint8_t cmd,
	bool dump)
{
	msg->nlh = mnl_nlmsg_put_header(msg->buf);
}

METHOD(kernel_cryptomap_socket_t, call_kernel, int,
	kernel_cryptomap_socket_t *socket, kernel_cryptomap_msg_t *msg,
	kernel_cryptomap_reply_t cb, void *user)
{
	return 0;
}

METHOD(kernel_cryptomap_sas_t, look_for, array_t*,
	kernel_cryptomap_sas_t *sas, host_t *remote)
{
	forgotten.last = remote->get_port(remote);
	if (!forgotten.count++)
	{
		forgotten.first = forgotten.last;
	}
	return array_create(sizeof(kernel_cryptomap_sa_name_t), 0);
}

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
	if (spi != SPI_OUT)
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
	message->destroy(message);
	run_jobs();
	tap_ok(ike.destroyed == 1 && ike.state == CHILD_DELETED,
		   "what the peer deletes goes, though phase 1 of its ISAKMP SA is under way");
	tap_ok(!ike.out, "that is checked in");
}

int main()
{
	kernel_cryptomap_socket_t socket = {
		.init = _init_message,
		.call = _call_kernel,
	};
	kernel_cryptomap_orphans_t *orphans;
	kernel_cryptomap_sas_t *sas, *left;
	host_t *local, *remote;
	int i;

	plugin_init();
	sas = kernel_cryptomap_sas_create();
	left = kernel_cryptomap_sas_create();
	left->get_of_peer = _look_for;
	orphans = kernel_cryptomap_orphans_create(&socket, sas, left, NULL);
	local = host_create_from_string("192.0.2.1", 0);
	remote = host_create_from_string("198.51.100.2", 0);

	/* each twice: behind a NAT, and phase 1 once more */
	for (i = 0; i < 20000; i++)
	{
		remote->set_port(remote, 1 + i / 2);
		orphans->forget(orphans, local, remote);
	}
	tap_ok(!run_jobs() && !forgotten.count, "peers wait for a kernel module");
	orphans->resync(orphans);
	run_jobs();
	tap_ok(forgotten.count == WAITING_MAX && forgotten.last == 10000 &&
		   forgotten.first == 10000 - WAITING_MAX + 1,
		   "there is one: the last %d had waited, %u to %u", forgotten.count,
		   forgotten.first, forgotten.last);
	orphans->forget(orphans, local, remote);
	tap_ok(run_jobs() == 1 && forgotten.count == WAITING_MAX + 1,
		   "from then on none waits");

	orphans->reset(orphans);
	run_jobs();
	for (i = 0; i < 3; i++)
	{
		orphans->forget(orphans, local, remote);
	}
	tap_ok(!run_jobs() && forgotten.count == WAITING_MAX + 1,
		   "without the kernel module they wait again");

	ike.local = local;
	ike.remote = remote;
	test_delete(orphans, sas);

	orphans->destroy(orphans);
	sas->destroy(sas);
	left->destroy(left);
	local->destroy(local);
	remote->destroy(remote);
	plugin_deinit();
	return tap_done();
}
