/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_peer.c: a peer that stays while phase 1 is configured again
 * and again; and how long charon waits for one that does not answer probes.
 */
#include "plugin.h"
#include "tap.h"

#include "kernel_cryptomap_peer.h"

/** What the clock says, and the number of the configuration. */
static time_t now = 1000;
static u_int generation = 1;

/** ISAKMP policies that are there, made of configurations */
static int policies;

/* the clock, by -Wl,--wrap */
time_t __wrap_time_monotonic(timeval_t *tv);

time_t __wrap_time_monotonic(timeval_t *tv)
{
	return now;
}

METHOD(ike_cfg_t, destroy_ike_cfg, void,
	ike_cfg_t *ike_cfg)
{
	policies--;
	free(ike_cfg);
}

METHOD(kernel_cryptomap_config_t, get_generation, u_int,
	kernel_cryptomap_config_t *config)
{
	return generation;
}

METHOD(kernel_cryptomap_config_t, create_ike_cfg, ike_cfg_t*,
	kernel_cryptomap_config_t *config, kernel_cryptomap_ends_t *ends,
	bool aggressive, bool started)
{
	ike_cfg_t *ike_cfg;

	policies++;
	INIT(ike_cfg,
		.destroy = _destroy_ike_cfg,
	);
	return ike_cfg;
}

METHOD(kernel_cryptomap_config_t, get_self, identification_t*,
	kernel_cryptomap_config_t *config, kernel_cryptomap_ends_t *ends,
	bool aggressive)
{
	return identification_create_from_string("192.0.2.1");
}

METHOD(kernel_cryptomap_config_t, get_isakmp, void,
	kernel_cryptomap_config_t *config, char *profile, struct ios_isakmp *isakmp)
{
	*isakmp = (struct ios_isakmp){
		.keepalive = 10,
		.keepalive_retry = 2,
	};
}

/**
 * charon's judgement comes after the fifth probe, and the end of an exchange that was
 * begun before that.
 */
static void test_dpd_timeout(peer_cfg_t *peer)
{
	settings_t *settings = lib->settings;
	uint32_t timeout;

	settings->set_int(settings, "%s.retransmit_tries", 3, lib->ns);
	timeout = peer->get_dpd_timeout(peer);
	tap_ok(timeout > 5 * 2 + 47 && timeout < 100,
		   "a peer has the time of an exchange: %u seconds", timeout);
	settings->set_int(settings, "%s.retransmit_tries", 5, lib->ns);
	timeout = peer->get_dpd_timeout(peer);
	tap_ok(timeout > 5 * 2 + 165 && timeout < 200, "with more tries more: %u seconds",
		   timeout);
	settings->set_int(settings, "%s.retransmit_limit", 10, lib->ns);
	timeout = peer->get_dpd_timeout(peer);
	tap_ok(timeout > 5 * 2 + 51 && timeout < 80, "less if a try is limited: %u seconds",
		   timeout);
	settings->set_int(settings, "%s.retransmit_limit", 0, lib->ns);
	settings->set_int(settings, "%s.retransmit_tries", 1000, lib->ns);
	timeout = peer->get_dpd_timeout(peer);
	/* charon counts milliseconds */
	tap_ok(timeout > 3600 && timeout < UINT32_MAX / 1000, "and not for ever: %u seconds",
		   timeout);
}

int main()
{
	kernel_cryptomap_config_t config = {
		.get_generation = _get_generation,
		.create_ike_cfg = _create_ike_cfg,
		.get_self = _get_self,
		.create_rsa_auth = (void*)return_null,
		.get_isakmp = _get_isakmp,
	};
	kernel_cryptomap_peer_context_t context = {
		.config = &config,
	};
	kernel_cryptomap_ends_t ends = {
		.profile = "",
	};
	ike_cfg_t *first, *last;
	peer_cfg_t *peer;

	plugin_init();
	ends.local = host_create_from_string("192.0.2.1", 0);
	ends.remote = host_create_from_string("198.51.100.2", 0);
	peer = kernel_cryptomap_peer_create(&context, &ends, FALSE, TRUE);

	first = peer->get_ike_cfg(peer);
	tap_ok(peer->get_ike_cfg(peer) == first && policies == 1,
		   "made once for a configuration");
	for (generation = 2; generation <= 10; generation++)
	{
		now++;
		last = peer->get_ike_cfg(peer);
	}
	tap_ok(last != first && policies == 10, "who has borrowed of old ones keeps them");
	for (; generation <= 1000; generation++)
	{
		now += 3600;
		peer->get_ike_cfg(peer);
	}
	tap_ok(policies == 2, "but not for a year of loads: %d are there", policies);

	test_dpd_timeout(peer);

	peer->destroy(peer);
	tap_ok(!policies, "none is there without the peer");
	ends.local->destroy(ends.local);
	ends.remote->destroy(ends.remote);
	plugin_deinit();
	return tap_done();
}
