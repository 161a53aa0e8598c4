/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_orphans.c: DELETEs of what is with another ISAKMP SA.
 */
#include "ike.h"
#include "tap.h"

#include "kernel_cryptomap_orphans.h"

#include <encoding/payloads/delete_payload.h>

/** SPIs of a CHILD_SA, and of an orphan, network order */
#define SPI_IN	0x11
#define SPI_OUT	0x22
#define SPI_ORPHAN	0x33

/** UDP ports of a peer behind a NAT, and of another one */
#define PORT	1024
#define OTHER_PORT	2048

/** Two ISAKMP SAs, and the CHILD_SA that the second one has */
static test_ike_t old, new;
static test_child_t child;

/** How often the CHILD_SA was destroyed; it is with none of them for so many looks */
static u_int destroyed, away;

/** Orphans that were deleted, and the command that is being written */
static u_int deleted;
static uint8_t command;

METHOD(ike_sa_t, destroy_child_sa, status_t,
	test_ike_t *this, protocol_id_t protocol, uint32_t spi)
{
	destroyed += this == &new && spi == SPI_IN;
	return SUCCESS;
}

METHOD(child_sa_manager_t, checkout, ike_sa_t*,
	child_sa_manager_t *manager, protocol_id_t protocol, uint32_t spi, host_t *dst,
	child_sa_t **child_sa)
{
	if (spi != SPI_OUT || (away && away--))
	{
		return NULL;
	}
	*child_sa = &child.public;
	new.out++;
	return &new.public;
}

METHOD(kernel_cryptomap_socket_t, init_message, void,
	kernel_cryptomap_socket_t *socket, kernel_cryptomap_msg_t *msg, uint8_t cmd,
	bool dump)
{
	command = cmd;
	msg->nlh = mnl_nlmsg_put_header(msg->buf);
	mnl_nlmsg_put_extra_header(msg->nlh, sizeof(struct genlmsghdr));
}

/**
 * What the kernel says about the orphan.
 */
METHOD(kernel_cryptomap_socket_t, call_kernel, int,
	kernel_cryptomap_socket_t *socket, kernel_cryptomap_msg_t *msg,
	kernel_cryptomap_reply_t cb, void *user)
{
	char buf[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	deleted += command == CRYPTO_MAP_CMD_SA_DEL;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_FLAGS, CRYPTO_MAP_SA_FLAGS_ORPHAN);
	mnl_attr_put_u16(nlh, CRYPTO_MAP_A_SA_ENCAP_DPORT, PORT);
	if (cb)
	{
		cb(user, nlh);
	}
	return 0;
}

/**
 * A peer deletes an SA with the first ISAKMP SA.
 */
static void delete(kernel_cryptomap_orphans_t *orphans, uint32_t spi)
{
	delete_payload_t *delete;
	message_t *message;

	destroyed = deleted = 0;
	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->set_exchange_type(message, INFORMATIONAL_V1);
	delete = delete_payload_create(PLV1_DELETE, PROTO_ESP);
	delete->add_spi(delete, spi);
	message->add_payload(message, &delete->payload_interface);
	orphans->listener.message(&orphans->listener, &old.public, message, TRUE, TRUE);
	run_jobs();
	message->destroy(message);
}

static void test_delete(kernel_cryptomap_orphans_t *orphans)
{
	/* phase 1 of the second one is under way, the peer has not told who it is */
	old.state = IKE_REKEYING;
	new.state = IKE_CONNECTING;
	new.name = identification_create_from_string("%any");
	delete(orphans, SPI_OUT);
	tap_ok(destroyed == 1 && child.state == CHILD_DELETED,
		   "what the peer deletes goes, though phase 1 of its ISAKMP SA is under way");
	tap_ok(!new.out, "that is checked in");
	tap_ok(!jobs->get_count(jobs), "once");

	/* the mock leaves it in the table */
	away = 1;
	delete(orphans, SPI_OUT);
	tap_ok(destroyed == 1 && !away && !jobs->get_count(jobs),
		   "a little later, if it is between two ISAKMP SAs");
	away = 10;
	delete(orphans, SPI_OUT);
	tap_ok(!jobs->get_count(jobs) && away == 7 && !destroyed, "but it is not tried for ever");
	away = 0;
}

/**
 * Who deletes is behind the same NAT as who has the SA.
 */
static void test_other_peer(kernel_cryptomap_orphans_t *orphans,
							kernel_cryptomap_sas_t *left)
{
	kernel_cryptomap_sa_t sa = {};

	old.state = IKE_ESTABLISHED;
	child.state = CHILD_INSTALLED;
	new.remote->set_port(new.remote, OTHER_PORT);
	delete(orphans, SPI_OUT);
	tap_ok(!destroyed && child.state == CHILD_INSTALLED && !new.out && !jobs->get_count(jobs),
		   "the SA of another peer behind the NAT stays, before that tells who it is");
	new.state = IKE_ESTABLISHED;
	new.name->destroy(new.name);
	new.name = identification_create_from_string("other.example.org");
	delete(orphans, SPI_OUT);
	tap_ok(!destroyed && child.state == CHILD_INSTALLED && !new.out && !jobs->get_count(jobs),
		   "and after");
	new.name->destroy(new.name);
	new.name = old.name->clone(old.name);
	delete(orphans, SPI_OUT);
	tap_ok(destroyed == 1, "it goes if it is the same peer, at another port meanwhile");

	left->add(left, old.local, old.remote, SPI_ORPHAN, &sa);
	delete(orphans, SPI_ORPHAN);
	tap_ok(deleted == 1, "an orphan goes if the peer deletes it");
	left->add(left, old.local, old.remote, SPI_ORPHAN, &sa);
	old.remote->set_port(old.remote, OTHER_PORT);
	delete(orphans, SPI_ORPHAN);
	tap_ok(!deleted, "not if another one does");
}

/**
 * Make an ISAKMP SA with a peer behind a NAT.
 */
static void init_ike(test_ike_t *ike, uint32_t spi)
{
	test_ike_init(ike, spi, "198.51.100.2", PORT);
	ike->public.get_child_sa = (void*)return_null;
	ike->public.destroy_child_sa = _destroy_child_sa;
}

int main()
{
	kernel_cryptomap_socket_t socket = {
		.init = _init_message,
		.call = _call_kernel,
	};
	child_sa_manager_t child_sa_manager = {
		.checkout = _checkout,
	};
	ike_sa_manager_t ike_sa_manager = {
		.checkin = test_ike_checkin,
	};
	kernel_cryptomap_orphans_t *orphans;
	kernel_cryptomap_turns_t *turns;
	kernel_cryptomap_sas_t *sas, *left;
	kernel_cryptomap_sa_t sa = {};

	plugin_init();
	charon->child_sa_manager = &child_sa_manager;
	charon->ike_sa_manager = &ike_sa_manager;
	bus.child_updown = (void*)nop;
	init_ike(&old, 1);
	init_ike(&new, 3);
	old.name = identification_create_from_string("peer.example.org");
	test_child_init(&child);
	child.spi_in = SPI_IN;
	turns = kernel_cryptomap_turns_create();
	sas = kernel_cryptomap_sas_create();
	left = kernel_cryptomap_sas_create();
	orphans = kernel_cryptomap_orphans_create(&socket, sas, left, NULL, turns);
	sas->add(sas, old.local, old.remote, SPI_OUT, &sa);

	test_delete(orphans);
	test_other_peer(orphans, left);

	orphans->destroy(orphans);
	turns->destroy(turns);
	sas->destroy(sas);
	left->destroy(left);
	test_ike_deinit(&old);
	test_ike_deinit(&new);
	plugin_deinit();
	return tap_done();
}
