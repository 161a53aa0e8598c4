/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_acquire.c: telling a peer that an SA is gone, which may have come up
 * while its ISAKMP SA was busy.
 */
#include "ike.h"
#include "tap.h"

#include "kernel_cryptomap_acquire.h"

/** SPI of the inbound SA, network order */
#define SPI	0x11

static test_ike_t ike;

static kernel_cryptomap_sas_t *sas;

/** DELETEs that were queued */
static u_int queued;

/** It comes up while the ISAKMP SA is waited for */
static bool comes_up;

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
		sas->add(sas, ike.remote, ike.local, SPI, &sa);
	}
	ike.out++;
	return &ike.public;
}

int main()
{
	ike_sa_manager_t manager = {
		.checkout = _checkout,
		.checkin = test_ike_checkin,
	};
	kernel_cryptomap_acquire_t *acquire;

	plugin_init();
	charon->ike_sa_manager = &manager;
	test_ike_init(&ike, 1, "198.51.100.2", 500);
	ike.public.queue_task = _queue_task;
	ike.public.initiate = (void*)return_null;
	sas = kernel_cryptomap_sas_create();
	acquire = kernel_cryptomap_acquire_create(NULL, sas, NULL, NULL, NULL, NULL);

	tap_ok(!acquire->send_delete(acquire, ike.local, ike.remote, SPI, NULL) && !queued,
		   "nobody is told without an ISAKMP SA");
	acquire->listener->ike_state_change(acquire->listener, &ike.public, IKE_ESTABLISHED);
	tap_ok(acquire->send_delete(acquire, ike.local, ike.remote, SPI, NULL) && queued == 1,
		   "with one the peer is told that an SA is gone");
	comes_up = TRUE;
	queued = 0;
	tap_ok(acquire->send_delete(acquire, ike.local, ike.remote, SPI, NULL) && !queued,
		   "not if it came up while the ISAKMP SA was busy");
	tap_ok(!ike.out, "it is checked in");

	acquire->destroy(acquire);
	sas->destroy(sas);
	test_ike_deinit(&ike);
	plugin_deinit();
	return tap_done();
}
