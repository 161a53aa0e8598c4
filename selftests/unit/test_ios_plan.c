// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a load would change, and which SAs would go.
 */
#include <string.h>

#include "cli.h"
#include "examples.h"
#include "printed.h"
#include "tap.h"
#include "transaction.h"

int main(void)
{
	static const char wanted[] =
		"ISAKMP policies, settings or keys: changed\n"
		"global crypto ipsec settings: changed\n"
		"ip access-list TO-B: changed\n"
		"ipv6 access-list SIX: removed\n"
		"object-group NETS: changed\n"
		"crypto ipsec transform-set TS: added\n"
		"crypto map M: added\n"
		"crypto map M 20: added\n"
		"interface eth1, crypto map M: added\n"
		"flow on GigabitEthernet0/1, crypto map M 10, access list TO-B 30: removed, its permit is not in the access list, or not about it, any more\n"
		"    10.7.0.0/255.255.0.0/6/0 -> 10.9.4.0/255.255.252.0/6/80\n"
		"    inbound SA, spi 0x1001(4097), peer 192.0.2.9: removed\n"
		"flow on eth2, crypto map M 11, access list TO-C 10: loses SAs, the crypto map entry has not this peer any more\n"
		"    10.7.0.0/255.255.0.0/6/0 -> 10.9.4.0/255.255.252.0/6/80\n"
		"    outbound SA, spi 0x1002(4098), peer 192.0.2.9: removed\n"
		"flows: 1 kept, 2 added, 3 removed\n"
		"SAs: 4 removed\n";
	struct selector sel = {
		.local = addr("10.7.0.0"), .local_wild = addr("0.0.255.255"),
		.remote = addr("10.9.4.0"), .remote_wild = addr("0.0.3.255"),
		.protocol = 6, .remote_port = 80,
	};
	struct planned rows[] = {
		{ .object = CRYPTO_MAP_CHANGE_OBJECT_GLOBALS,
		  .action = CRYPTO_MAP_CHANGE_ACTION_CHANGED },
		{ .object = CRYPTO_MAP_CHANGE_OBJECT_ACL, .name = "TO-B", .family = AF_INET,
		  .action = CRYPTO_MAP_CHANGE_ACTION_CHANGED },
		{ .object = CRYPTO_MAP_CHANGE_OBJECT_ACL, .name = "SIX", .family = AF_INET6,
		  .action = CRYPTO_MAP_CHANGE_ACTION_REMOVED },
		{ .object = CRYPTO_MAP_CHANGE_OBJECT_ACL, .name = "NETS",
		  .action = CRYPTO_MAP_CHANGE_ACTION_CHANGED },
		{ .object = CRYPTO_MAP_CHANGE_OBJECT_TSET, .name = "TS" },
		{ .object = CRYPTO_MAP_CHANGE_OBJECT_MAP, .name = "M" },
		{ .object = CRYPTO_MAP_CHANGE_OBJECT_ENTRY, .name = "M", .seq = 20 },
		{ .object = CRYPTO_MAP_CHANGE_OBJECT_ATTACH, .name = "M", .ifname = "eth1" },
		{ .object = CRYPTO_MAP_CHANGE_OBJECT_FLOW, .name = "M", .seq = 10,
		  .action = CRYPTO_MAP_CHANGE_ACTION_REMOVED, .ifname = "eth1",
		  .label = "GigabitEthernet0/1", .flow_id = 7, .acl = "TO-B", .ace_seq = 30,
		  .selector = sel, .why = CRYPTO_MAP_REMOVAL_ACE_GONE },
		{ .object = CRYPTO_MAP_CHANGE_OBJECT_SA, .flow_id = 7, .spi = 4097,
		  .dir = CRYPTO_MAP_SA_DIR_IN, .local = addr("198.51.100.7"),
		  .remote = addr("192.0.2.9"), .action = CRYPTO_MAP_CHANGE_ACTION_REMOVED,
		  .why = CRYPTO_MAP_REMOVAL_ACE_GONE },
		{ .object = CRYPTO_MAP_CHANGE_OBJECT_FLOW, .name = "M", .seq = 11,
		  .action = CRYPTO_MAP_CHANGE_ACTION_CHANGED, .ifname = "eth2", .label = "eth2",
		  .flow_id = 8, .acl = "TO-C", .ace_seq = 10, .selector = sel,
		  .why = CRYPTO_MAP_REMOVAL_PEER_GONE },
		{ .object = CRYPTO_MAP_CHANGE_OBJECT_SA, .flow_id = 8, .spi = 4098,
		  .dir = CRYPTO_MAP_SA_DIR_OUT, .local = addr("198.51.100.7"),
		  .remote = addr("192.0.2.9"), .action = CRYPTO_MAP_CHANGE_ACTION_REMOVED,
		  .why = CRYPTO_MAP_REMOVAL_PEER_GONE },
	};
	struct change change = { 1, 2, 3, 4 };
	struct plan plan = { rows, sizeof(rows) / sizeof(*rows) };
	json_t *value = json_plan(&plan, &change, false);
	const char *why = "";
	json_int_t spi = 0;
	size_t len;
	char *got;
	FILE *f;

	f = open_memstream(&got, &len);
	print_plan(f, &plan, &change, true);
	is("load --dry-run", f, &got, wanted);

	tap_ok(json_array_size(json_object_get(value, "changes")) == 8 &&
	       json_array_size(json_object_get(value, "flows")) == 2 &&
	       json_integer_value(json_object_get(value, "sas-removed")) == 4,
	       "load --dry-run: JSON has every object and flow");
	json_unpack(json_array_get(json_object_get(value, "flows"), 1), "{s:s, s:[{s:I}]}", "why",
		    &why, "sas", "spi", &spi);
	tap_ok(!strcmp(why, "peer-gone") && spi == 4098, "load --dry-run: JSON has SAs in their flow");
	json_decref(value);
	return tap_done();
}
