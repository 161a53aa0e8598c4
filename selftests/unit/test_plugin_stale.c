/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_stale.c: peers that have none of the SAs of before, while
 * there is no kernel module; and orphans of a peer that does not answer.
 */
#include "plugin.h"
#include "tap.h"

#include "kernel_cryptomap_resync.h"
#include "kernel_cryptomap_stale.h"

#include <linux/crypto_map.h>

/** Peers that may wait, of the source. */
#define WAITING_MAX	1024

/** Ports of the peers that orphans were looked for, the first and last one and how many */
static struct {
	uint16_t first, last;
	u_int count;
} forgotten;

/** SPIs of two orphans, and of an outbound SA of charon; network order */
#define SPI_IN	0x11
#define SPI_OUT	0x22
#define SPI_CHARON	0x33

/** UDP port of the peer that the latter is with */
static uint16_t charon_port;

/** What the kernel says about an inbound orphan: when it was used last, or is there for */
static struct {
	uint64_t idle, age;
	uint16_t port;
	/** CRYPTO_MAP_SA_FLAGS_* beside that of orphans */
	uint32_t flags;
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
	mnl_nlmsg_put_extra_header(msg->nlh, sizeof(struct genlmsghdr));
}

METHOD(kernel_cryptomap_socket_t, call_kernel_about_orphan, int,
	kernel_cryptomap_socket_t *socket, kernel_cryptomap_msg_t *msg,
	kernel_cryptomap_reply_t cb, void *user)
{
	const struct nlattr *tb[CRYPTO_MAP_A_SA_MAX + 1];
	char buf[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nlattr *nest;

	kernel_cryptomap_attrs(msg->nlh, tb, CRYPTO_MAP_A_SA_MAX);
	if (orphan.cmd == CRYPTO_MAP_CMD_SA_DEL)
	{
		orphan.deleted++;
		return 0;
	}
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_FLAGS,
					 CRYPTO_MAP_SA_FLAGS_ORPHAN | orphan.flags);
	mnl_attr_put_u16(nlh, CRYPTO_MAP_A_SA_ENCAP_DPORT,
					 htonl(kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_SPI])) ==
					 SPI_CHARON ? charon_port : orphan.port);
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

/** No packet ever came */
#define NEVER UINT64_MAX

/**
 * A peer does not answer for 30 seconds.
 *
 * @return				orphans that go
 */
static u_int count_silent(kernel_cryptomap_stale_t *stale, host_t *local, host_t *remote,
						  uint64_t idle, uint64_t age, uint16_t port)
{
	orphan.idle = idle;
	orphan.age = age;
	orphan.port = port;
	orphan.deleted = 0;
	stale->forget_silent(stale, local, remote, 30);
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
	kernel_cryptomap_stale_t *stale;
	kernel_cryptomap_sa_t out = {};

	sas = kernel_cryptomap_sas_create();
	left = kernel_cryptomap_sas_create();
	stale = kernel_cryptomap_stale_create(&socket, sas, left);
	add_pair(left, local, remote);
	tap_ok(!count_silent(stale, local, remote, 5, 1000, 0),
		   "orphans that packets come by stay, though the peer does not answer");
	tap_ok(!count_silent(stale, local, remote, NEVER, 5, 0),
		   "so do new ones that none came by yet");
	tap_ok(!count_silent(stale, local, remote, 1000, 1000, 4501),
		   "and those of another peer behind its NAT");
	sas->add(sas, local, remote, SPI_CHARON, &out);
	tap_ok(!count_silent(stale, local, remote, 1000, 1000, 0),
		   "and if charon has SAs with the peer, by which it is judged");
	charon_port = 4501;
	tap_ok(count_silent(stale, local, remote, 40, 1000, 0) == 2,
		   "they go if nothing comes, and charon has SAs with another one behind its NAT");
	sas->remove(sas, remote, SPI_CHARON, &out);
	add_pair(left, local, remote);
	tap_ok(count_silent(stale, local, remote, NEVER, 40, 0) == 2, "or nothing ever came");
	add_pair(left, local, remote);
	remote->set_port(remote, 500);
	orphan.flags = CRYPTO_MAP_SA_FLAGS_FOLLOW_PORT;
	tap_ok(!count_silent(stale, local, remote, 1000, 1000, 4500),
		   "not those of a peer behind a NAT, which phase 1 does not reach");
	orphan.flags = 0;
	tap_ok(count_silent(stale, local, remote, 1000, 1000, 4500) == 2,
		   "but those at port 4500 since we are");
	stale->destroy(stale);
	sas->destroy(sas);
	left->destroy(left);
}

int main()
{
	kernel_cryptomap_socket_t socket = {
		.init = _init_message,
		.call = _call_kernel,
	};
	kernel_cryptomap_stale_t *stale;
	kernel_cryptomap_resync_t *resync;
	kernel_cryptomap_sas_t *sas, *left;
	host_t *local, *remote;
	int i;

	plugin_init();
	sas = kernel_cryptomap_sas_create();
	left = kernel_cryptomap_sas_create();
	left->get_of_peer = _look_for;
	stale = kernel_cryptomap_stale_create(&socket, sas, left);
	resync = kernel_cryptomap_resync_create(&socket, sas, left, stale, NULL);
	local = host_create_from_string("192.0.2.1", 0);
	remote = host_create_from_string("198.51.100.2", 0);

	/* each twice: behind a NAT, and phase 1 once more */
	for (i = 0; i < 20000; i++)
	{
		remote->set_port(remote, 1 + i / 2);
		stale->forget(stale, local, remote);
	}
	tap_ok(!run_jobs() && !forgotten.count, "peers wait for a kernel module");
	resync->resync(resync);
	run_jobs();
	tap_ok(forgotten.count == WAITING_MAX && forgotten.last == 10000 &&
		   forgotten.first == 10000 - WAITING_MAX + 1,
		   "there is one: the last %d had waited, %u to %u", forgotten.count,
		   forgotten.first, forgotten.last);
	stale->forget(stale, local, remote);
	tap_ok(run_jobs() == 1 && forgotten.count == WAITING_MAX + 1,
		   "from then on none waits");

	resync->reset(resync);
	run_jobs();
	for (i = 0; i < 3; i++)
	{
		stale->forget(stale, local, remote);
	}
	tap_ok(!run_jobs() && forgotten.count == WAITING_MAX + 1,
		   "without the kernel module they wait again");

	test_silent(local, remote);

	resync->destroy(resync);
	stale->destroy(stale);
	sas->destroy(sas);
	left->destroy(left);
	local->destroy(local);
	remote->destroy(remote);
	plugin_deinit();
	return tap_done();
}
