/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_orphans.c: peers that have none of the SAs of before, while
 * there is no kernel module.
 */
#include "plugin.h"
#include "tap.h"

#include "kernel_cryptomap_orphans.h"

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

	orphans->destroy(orphans);
	sas->destroy(sas);
	left->destroy(left);
	local->destroy(local);
	remote->destroy(remote);
	plugin_deinit();
	return tap_done();
}
