/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_recovery.c: how often a peer is told of an SPI that nobody knows,
 * and phase 1 set up for that.
 */
#include "plugin.h"
#include "tap.h"

#include "kernel_cryptomap_recovery.h"

static time_t now = 1000;

/** Whether crypto isakmp invalid-spi-recovery is configured, and the peer has a key */
static bool configured, has_key;

/** Id of the flow that the peer's address is found by, 0 for that of a dynamic crypto map */
static uint32_t id;

/** Whether there is an IKE_SA at the port that was sent from, and at another one */
static bool is_there, is_elsewhere;

/** How often the peer was told, and phase 1 set up for that */
static u_int told, created;

/* the clock, by -Wl,--wrap */
time_t __wrap_time_monotonic(timeval_t *tv);

time_t __wrap_time_monotonic(timeval_t *tv)
{
	return now;
}

METHOD(kernel_cryptomap_config_t, get_isakmp, void,
	kernel_cryptomap_config_t *this, char *profile, struct ios_isakmp *found)
{
	*found = (struct ios_isakmp){ .invalid_spi_recovery = configured };
}

METHOD(kernel_cryptomap_config_t, refuses, const char*,
	kernel_cryptomap_config_t *this, kernel_cryptomap_ends_t *ends)
{
	return has_key ? NULL : "no key";
}

METHOD(kernel_cryptomap_names_t, find_flow, kernel_cryptomap_flow_t*,
	kernel_cryptomap_names_t *this, host_t *local, host_t *remote,
	traffic_selector_t *local_ts, traffic_selector_t *remote_ts,
	kernel_cryptomap_flow_t *after)
{
	kernel_cryptomap_flow_t *flow;

	INIT(flow,
		.ref = 1,
		.id = id,
		.profile = "",
	);
	return flow;
}

METHOD(kernel_cryptomap_acquire_t, send_delete, bool,
	kernel_cryptomap_acquire_t *this, host_t *local, host_t *remote, uint32_t spi,
	char *profile)
{
	if (remote->get_port(remote) ? is_there : is_elsewhere)
	{
		told++;
		return TRUE;
	}
	created += profile != NULL;
	return profile != NULL;
}

/**
 * Somebody sends with an SPI that nobody knows, ten times a second.
 *
 * @param remote		who
 * @param seconds		how long
 */
static void flood(kernel_cryptomap_recovery_t *recovery, char *remote, u_int seconds)
{
	host_t *local = host_create_from_string("192.0.2.1", 4500);
	host_t *from = host_create_from_string(remote, 4500);
	u_int i;

	told = created = 0;
	for (i = 0; i < 10 * seconds; i++)
	{
		recovery->invalid_spi(recovery, local, from, htonl(4096 + i));
		run_jobs();
		now += i % 10 == 9;
	}
	local->destroy(local);
	from->destroy(from);
}

int main()
{
	kernel_cryptomap_config_t config = {
		.get_isakmp = _get_isakmp,
		.refuses = _refuses,
	};
	kernel_cryptomap_names_t names = {
		.find_flow = _find_flow,
	};
	kernel_cryptomap_acquire_t acquire = {
		.send_delete = _send_delete,
	};
	kernel_cryptomap_recovery_t *recovery;

	plugin_init();
	recovery = kernel_cryptomap_recovery_create(&names, &config, &acquire);
	has_key = TRUE;
	id = 1;

	flood(recovery, "198.51.100.2", 60);
	tap_ok(!told && !created, "no phase 1 without crypto isakmp invalid-spi-recovery");
	configured = TRUE;
	flood(recovery, "198.51.100.2", 1);
	tap_ok(created == 1, "with it, one");
	flood(recovery, "198.51.100.2", 29);
	tap_ok(!created, "and none for 30 seconds");
	flood(recovery, "198.51.100.2", 60);
	tap_ok(created == 2, "then one each");
	flood(recovery, "198.51.100.3", 1);
	tap_ok(created == 1, "another peer does not wait for that");
	id = 0;
	flood(recovery, "198.51.100.4", 60);
	tap_ok(!created, "none with whom only a dynamic crypto map allows");
	id = 1;
	has_key = FALSE;
	flood(recovery, "198.51.100.4", 60);
	tap_ok(!created, "nor with whom there is no key for");
	has_key = TRUE;
	is_there = TRUE;
	flood(recovery, "198.51.100.4", 60);
	tap_ok(told == 60 && !created, "where there is an ISAKMP SA it is told once a second");
	is_there = FALSE;
	is_elsewhere = TRUE;
	flood(recovery, "198.51.100.4", 60);
	tap_ok(told == 60 && !created, "at another port, too");

	recovery->destroy(recovery);
	plugin_deinit();
	return tap_done();
}
