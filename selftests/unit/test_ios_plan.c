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

/* of both flows, in JSON */
#define IDENTS \
	"\"local-ident\": {\"address\": \"10.7.0.0\", \"mask\": \"255.255.0.0\"}, " \
	"\"remote-ident\": {\"address\": \"10.9.4.0\", \"mask\": \"255.255.252.0\"}, " \
	"\"protocol\": 6, \"local-port\": 81, \"remote-port\": 80, "

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
		"crypto dynamic-map D: removed\n"
		"crypto dynamic-map D 5: changed\n"
		"interface eth1, crypto map M: added\n"
		"flow on GigabitEthernet0/1, crypto map M 10, access list TO-B 30: removed, its permit is not in the access list, or not about it, any more\n"
		"    10.7.0.0/255.255.0.0/6/81 -> 10.9.4.0/255.255.252.0/6/80\n"
		"    inbound SA, spi 0x1001(4097), peer 192.0.2.9: removed\n"
		"flow on eth2, crypto map M 11, access list TO-C 10: loses SAs, the crypto map entry has not this peer any more\n"
		"    10.7.0.0/255.255.0.0/6/81 -> 10.9.4.0/255.255.252.0/6/80\n"
		"    outbound SA, spi 0x1002(4098), peer 192.0.2.9: removed\n"
		"flows: 1 kept, 2 added, 3 removed\n"
		"SAs: 4 removed\n";
	struct selector sel = {
		.local = addr("10.7.0.0"), .local_wild = addr("0.0.255.255"),
		.remote = addr("10.9.4.0"), .remote_wild = addr("0.0.3.255"),
		.protocol = 6, .local_port = 81, .remote_port = 80,
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
		{ .object = CRYPTO_MAP_CHANGE_OBJECT_DYNAMIC_MAP, .name = "D",
		  .action = CRYPTO_MAP_CHANGE_ACTION_REMOVED },
		{ .object = CRYPTO_MAP_CHANGE_OBJECT_TEMPLATE, .name = "D", .seq = 5,
		  .action = CRYPTO_MAP_CHANGE_ACTION_CHANGED },
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
	size_t len;
	char *got;
	FILE *f;

	f = open_memstream(&got, &len);
	print_plan(f, &plan, &change, true);
	is("load --dry-run", f, &got, wanted);

	has_json("load --dry-run: JSON has every object", value,
		 "{\"isakmp-changed\": false, \"changes\": ["
		 "{\"object\": \"globals\", \"action\": \"changed\"}, "
		 "{\"object\": \"access-list\", \"action\": \"changed\", \"name\": \"TO-B\", \"family\": \"IPv4\"}, "
		 "{\"object\": \"access-list\", \"action\": \"removed\", \"name\": \"SIX\", \"family\": \"IPv6\"}, "
		 "{\"object\": \"object-group\", \"action\": \"changed\", \"name\": \"NETS\"}, "
		 "{\"object\": \"transform-set\", \"action\": \"added\", \"name\": \"TS\"}, "
		 "{\"object\": \"map\", \"action\": \"added\", \"name\": \"M\"}, "
		 "{\"object\": \"entry\", \"action\": \"added\", \"name\": \"M\", \"seq\": 20}, "
		 "{\"object\": \"dynamic-map\", \"action\": \"removed\", \"name\": \"D\"}, "
		 "{\"object\": \"dynamic-map entry\", \"action\": \"changed\", \"name\": \"D\", \"seq\": 5}, "
		 "{\"object\": \"interface\", \"action\": \"added\", \"name\": \"M\", \"device\": \"eth1\"}], ");
	has_json("load --dry-run: JSON has a flow that is removed, with its SA", value,
		 "\"flows\": [{\"flow\": 7, \"interface\": \"GigabitEthernet0/1\", \"device\": \"eth1\", "
		 "\"map\": \"M\", \"seq\": 10, \"acl\": \"TO-B\", \"ace\": 30, " IDENTS
		 "\"removed\": true, \"why\": \"ace-gone\", \"sas\": [{\"spi\": 4097, \"direction\": \"in\", "
		 "\"local\": \"198.51.100.7\", \"peer\": \"192.0.2.9\"}]}, ");
	has_json("load --dry-run: JSON has one that stays, and the numbers", value,
		 "{\"flow\": 8, \"interface\": \"eth2\", \"device\": \"eth2\", "
		 "\"map\": \"M\", \"seq\": 11, \"acl\": \"TO-C\", \"ace\": 10, " IDENTS
		 "\"removed\": false, \"why\": \"peer-gone\", \"sas\": [{\"spi\": 4098, \"direction\": \"out\", "
		 "\"local\": \"198.51.100.7\", \"peer\": \"192.0.2.9\"}]}], "
		 "\"flows-kept\": 1, \"flows-added\": 2, \"flows-removed\": 3, \"sas-removed\": 4}");
	json_decref(value);
	return tap_done();
}
