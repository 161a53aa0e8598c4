/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A flow and an SA of it, for tests of layouts.
 */
#ifndef UNIT_EXAMPLES_H
#define UNIT_EXAMPLES_H

#include <arpa/inet.h>
#include <string.h>

#include "cli.h"

static inline struct ios_addr addr(const char *text)
{
	struct ios_addr a = { .family = strchr(text, ':') ? AF_INET6 : AF_INET };

	inet_pton(a.family, text, a.bytes);
	return a;
}

static inline struct flow example_flow(void)
{
	return (struct flow){
		.id = 7, .ifname = "eth1", .label = "GigabitEthernet0/1", .map = "BRANCH",
		.acl = "TO-BRANCH", .entry_seq = 10, .ace_seq = 10,
		.selector = {
			.local = addr("10.7.0.0"), .local_wild = addr("0.0.255.255"),
			.remote = addr("10.9.4.0"), .remote_wild = addr("0.0.3.255"),
		},
		.local = addr("198.51.100.7"), .remote = addr("192.0.2.9"), .remote_port = 500,
		.out_spi = 0x5A01C3D, .mtu = 1500, .plain_mtu = 1438, .traffic.out_packets = 41,
		.traffic.in_packets = 39, .traffic.send_errors = 1,
	};
}

static inline struct sa example_sa(enum crypto_map_sa_dir dir, uint32_t spi, uint32_t id)
{
	return (struct sa){
		.spi = spi, .dir = dir, .flow_id = 7, .state = CRYPTO_MAP_SA_STATE_ACTIVE,
		.transform = { .cipher = IOS_ESP_CIPHER_AES, .key_bits = 256,
			       .auth = IOS_ESP_AUTH_SHA256 },
		.replay_window = 64, .hard_seconds = 3600, .hard_bytes = 4355200000,
		.used_seconds = 209, .used_bytes = 96500, .id = id,
	};
}

#endif
