/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_acquire.c: telling a peer that an SA is gone, which may have come up
 * while its ISAKMP SA was busy.
 */
#include "plugin.h"
#include "tap.h"

#include "kernel_cryptomap_acquire.h"

/** SPI of the inbound SA, network order */
#define SPI	0x11

static ike_sa_t ike;
static ike_sa_id_t *id;
static host_t *local, *remote;

static kernel_cryptomap_sas_t *sas;

/** DELETEs that were queued, and how often the ISAKMP SA is checked out */
static u_int queued;
static int out;

/** It comes up while the ISAKMP SA is waited for */
static bool comes_up;

METHOD(ike_sa_t, get_version, ike_version_t,
	ike_sa_t *this)
{
	return IKEV1;
}

METHOD(ike_sa_t, get_state, ike_sa_state_t,
	ike_sa_t *this)
{
	return IKE_ESTABLISHED;
}

METHOD(ike_sa_t, get_unique_id, uint32_t,
	ike_sa_t *this)
{
	return 1;
}

METHOD(ike_sa_t, get_id, ike_sa_id_t*,
	ike_sa_t *this)
{
	return id;
}

METHOD(ike_sa_t, get_my_host, host_t*,
	ike_sa_t *this)
{
	return local;
}

METHOD(ike_sa_t, get_other_host, host_t*,
	ike_sa_t *this)
{
	return remote;
}

METHOD(ike_sa_t, queue_task, void,
	ike_sa_t *this, task_t *task)
{
	queued++;
	task->destroy(task);
}

METHOD(ike_sa_manager_t, checkout, ike_sa_t*,
	ike_sa_manager_t *manager, ike_sa_id_t *sought)
{
	kernel_cryptomap_sa_t sa = {
		.inbound = TRUE,
	};

	if (comes_up)
	{
		sas->add(sas, remote, local, SPI, &sa);
	}
	out++;
	return &ike;
}

METHOD(ike_sa_manager_t, checkin, void,
	ike_sa_manager_t *manager, ike_sa_t *ike_sa)
{
	out--;
}

int main()
{
	ike_sa_manager_t manager = {
		.checkout = _checkout,
		.checkin = _checkin,
	};
	kernel_cryptomap_acquire_t *acquire;

	plugin_init();
	charon->ike_sa_manager = &manager;
	id = ike_sa_id_create(IKEV1_MAJOR_VERSION, 1, 2, TRUE);
	local = host_create_from_string("192.0.2.1", 500);
	remote = host_create_from_string("198.51.100.2", 500);
	ike = (ike_sa_t){
		.get_version = _get_version,
		.get_state = _get_state,
		.get_unique_id = _get_unique_id,
		.get_id = _get_id,
		.get_my_host = _get_my_host,
		.get_other_host = _get_other_host,
		.get_peer_cfg = (void*)return_null,
		.queue_task = _queue_task,
		.initiate = (void*)return_null,
	};
	sas = kernel_cryptomap_sas_create();
	acquire = kernel_cryptomap_acquire_create(NULL, sas, NULL, NULL, NULL, NULL);

	tap_ok(!acquire->send_delete(acquire, local, remote, SPI, NULL) && !queued,
		   "nobody is told without an ISAKMP SA");
	acquire->listener->ike_state_change(acquire->listener, &ike, IKE_ESTABLISHED);
	tap_ok(acquire->send_delete(acquire, local, remote, SPI, NULL) && queued == 1,
		   "with one the peer is told that an SA is gone");
	comes_up = TRUE;
	queued = 0;
	tap_ok(acquire->send_delete(acquire, local, remote, SPI, NULL) && !queued,
		   "not if it came up while the ISAKMP SA was busy");
	tap_ok(!out, "it is checked in");

	acquire->destroy(acquire);
	sas->destroy(sas);
	id->destroy(id);
	local->destroy(local);
	remote->destroy(remote);
	plugin_deinit();
	return tap_done();
}
