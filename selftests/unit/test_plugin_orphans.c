/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_orphans.c: peers that have none of the SAs of before, while
 * there is no kernel module; DELETEs of what is with another ISAKMP SA; and orphans of a
 * peer that does not answer.
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

/** What the kernel says about an inbound orphan: when it was used last, or is there for */
static struct {
	uint64_t idle, age;
	uint16_t port;
	/** SAs that are deleted */
	u_int deleted;
	/** the last request */
	uint8_t cmd;
} orphan;

METHOD(kernel_cryptomap_socket_t, init_message, void,
	kernel_cryptomap_socket_t *socket, kernel_cryptomap_msg_t *msg, uint8_t cmd,
	bool dump)
{
	orphan.cmd = cmd;
	msg->nlh = mnl_nlmsg_put_header(msg->buf);
}

METHOD(kernel_cryptomap_socket_t, call_kernel_about_orphan, int,
	kernel_cryptomap_socket_t *socket, kernel_cryptomap_msg_t *msg,
	kernel_cryptomap_reply_t cb, void *user)
{
	char buf[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nlattr *nest;

	if (orphan.cmd == CRYPTO_MAP_CMD_SA_DEL)
	{
		orphan.deleted++;
		return 0;
	}
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_FLAGS, CRYPTO_MAP_SA_FLAGS_ORPHAN);
	mnl_attr_put_u16(nlh, CRYPTO_MAP_A_SA_ENCAP_DPORT, orphan.port);
	nest = mnl_attr_nest_start(nlh, CRYPTO_MAP_A_SA_USED);
	mnl_attr_put_u64(nlh, CRYPTO_MAP_A_LIMITS_SECONDS, orphan.age);
	mnl_attr_nest_end(nlh, nest);
	if (orphan.idle != UINT64_MAX)
	{
		mnl_attr_put_u64(nlh, CRYPTO_MAP_A_SA_IDLE, orphan.idle);
	}
	cb(user, nlh);
	return 0;
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
	tap_ok(!ike.destroyed && run_jobs() == 1 && ike.destroyed == 1 &&
		   !jobs->get_count(jobs), "a little later, if it is between two ISAKMP SAs");
	ike.away = 10;
	ike.destroyed = 0;
	orphans->listener.message(&orphans->listener, &ike.old, message, TRUE, TRUE);
	tap_ok(run_jobs() + run_jobs() + run_jobs() == 3 && !jobs->get_count(jobs) &&
		   ike.away == 7 && !ike.destroyed, "but it is not tried for ever");
	message->destroy(message);
}

/** No packet ever came */
#define NEVER UINT64_MAX

/**
 * A peer does not answer for 30 seconds.
 *
 * @return				orphans that go
 */
static u_int count_silent(kernel_cryptomap_orphans_t *orphans, host_t *local, host_t *remote,
						  uint64_t idle, uint64_t age, uint16_t port)
{
	orphan.idle = idle;
	orphan.age = age;
	orphan.port = port;
	orphan.deleted = 0;
	orphans->forget_silent(orphans, local, remote, 30);
	run_jobs();
	return orphan.deleted;
}

/**
 * Leave two SAs to the kernel.
 */
static void add_pair(kernel_cryptomap_sas_t *left, host_t *local, host_t *remote)
{
	kernel_cryptomap_sa_t in = { .inbound = TRUE }, out = {};

	left->add(left, remote, local, SPI_IN, &in);
	left->add(left, local, remote, SPI_OUT, &out);
}

/**
 * Orphans of a peer that does not answer.
 */
static void test_silent(host_t *local, host_t *remote)
{
	kernel_cryptomap_socket_t socket = {
		.init = _init_message,
		.call = _call_kernel_about_orphan,
	};
	kernel_cryptomap_sas_t *sas, *left;
	kernel_cryptomap_orphans_t *orphans;
	kernel_cryptomap_sa_t out = {};

	sas = kernel_cryptomap_sas_create();
	left = kernel_cryptomap_sas_create();
	orphans = kernel_cryptomap_orphans_create(&socket, sas, left, NULL);
	add_pair(left, local, remote);
	tap_ok(!count_silent(orphans, local, remote, 5, 1000, 0),
		   "orphans that packets come by stay, though the peer does not answer");
	tap_ok(!count_silent(orphans, local, remote, NEVER, 5, 0),
		   "so do new ones that none came by yet");
	tap_ok(!count_silent(orphans, local, remote, 1000, 1000, 4501),
		   "and those of another peer behind its NAT");
	sas->add(sas, local, remote, SPI_OUT + 1, &out);
	tap_ok(!count_silent(orphans, local, remote, 1000, 1000, 0),
		   "and if charon has SAs with the peer, by which it is judged");
	sas->remove(sas, remote, SPI_OUT + 1, &out);
	tap_ok(count_silent(orphans, local, remote, 40, 1000, 0) == 2,
		   "they go if nothing comes");
	add_pair(left, local, remote);
	tap_ok(count_silent(orphans, local, remote, NEVER, 40, 0) == 2, "or nothing ever came");
	orphans->destroy(orphans);
	sas->destroy(sas);
	left->destroy(left);
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
	test_silent(local, remote);

	orphans->destroy(orphans);
	sas->destroy(sas);
	left->destroy(left);
	local->destroy(local);
	remote->destroy(remote);
	plugin_deinit();
	return tap_done();
}
