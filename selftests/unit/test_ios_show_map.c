// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show crypto map, dynamic-map and ipsec transform-set without a kernel: layouts against literal
 * text.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "examples.h"
#include "printed.h"
#include "tap.h"

/* What few entries have: a default peer, a filter of what is sent, a gateway, keys that are set by hand. */
static void test_map_parts(void)
{
	static const char text[] =
		"crypto ipsec transform-set TS1 esp-null esp-md5-hmac\n"
		"access-list 101 permit ip 10.7.0.0 0.0.255.255 10.9.4.0 0.0.3.255\n"
		"access-list 102 deny icmp any any\naccess-list 103 permit udp any any\n"
		"crypto map M 10 ipsec-isakmp\n set peer 192.0.2.9 default\n set peer 192.0.2.20\n"
		" set transform-set TS1\n match address 101\n"
		" set ip access-group 102 in\n set ip access-group 103 out\n"
		" reverse-route\n set reverse-route gateway 192.0.2.2\n"
		"crypto map M 20 ipsec-manual\n set peer 192.0.2.30\n match address 101\n set transform-set TS1\n"
		" set session-key inbound esp 300 authenticator 00112233445566778899aabbccddeeff\n"
		" set session-key outbound esp 301 authenticator 00112233445566778899aabbccddeeff\n";
	struct ios_config *cfg = ios_parse("t", text, strlen(text), 0);
	struct flows flows = { 0 };
	char *got;
	size_t len;
	FILE *f = open_memstream(&got, &len);

	print_maps(f, cfg, &flows);
	is("show crypto map: what few entries have", f, &got,
	   "Crypto Map IPv4 \"M\" 10 ipsec-isakmp\n"
	   "\tPeer = 192.0.2.9 default\n"
	   "\tPeer = 192.0.2.20\n"
	   "\tExtended IP access list 101\n"
	   "\t    access-list 101 permit ip 10.7.0.0 0.0.255.255 10.9.4.0 0.0.3.255\n"
	   "\tExtended IP access check IN list 102\n"
	   "\t    access-list 102 deny icmp any any\n"
	   "\tExtended IP access check OUT list 103\n"
	   "\t    access-list 103 permit udp any any\n"
	   "\tSecurity association lifetime: 4608000 kilobytes/3600 seconds\n"
	   "\tResponder-Only (Y/N): N\n"
	   "\tPFS (Y/N): N\n"
	   "\tMixed-mode : Disabled\n"
	   "\tTransform sets={ \n"
	   "\t\tTS1:  { esp-null esp-md5-hmac  } , \n"
	   "\t}\n"
	   "\tReverse Route Injection Enabled\n"
	   "\t\tgateway 192.0.2.2\n"
	   "\n"
	   "Crypto Map IPv4 \"M\" 20 ipsec-manual\n"
	   "\tPeer = 192.0.2.30\n"
	   "\tExtended IP access list 101\n"
	   "\t    access-list 101 permit ip 10.7.0.0 0.0.255.255 10.9.4.0 0.0.3.255\n"
	   "\tInbound esp spi: 300,\n"
	   "\t cipher key: (not shown),\n"
	   "\t auth_key: (not shown),\n"
	   "\tOutbound esp spi: 301,\n"
	   "\t cipher key: (not shown),\n"
	   "\t auth_key: (not shown),\n"
	   "\tTransform sets={ \n"
	   "\t\tTS1:  { esp-null esp-md5-hmac  } , \n"
	   "\t}\n"
	   "\tInterfaces using crypto map M:\n"
	   "\n");
	ios_free(cfg);
}

static void test_map(void)
{
	static const char text[] =
		"crypto ipsec transform-set TS1 esp-aes 256 esp-sha256-hmac\n"
		"access-list 10 permit 172.16.191.199\naccess-list 10 deny any log\n"
		"access-list 101 remark not shown\n"
		"access-list 101 permit ip host 1.1.1.1 any\naccess-list 101 deny udp any eq 500 any\n"
		"ip access-list extended TO-BRANCH\n 5 deny ip any host 10.9.4.1\n permit ip 10.7.0.0 0.0.255.255 10.9.4.0 0.0.3.255\n"
		"crypto map BRANCH 10 ipsec-isakmp\n description to B\n set peer 192.0.2.9\n set peer 192.0.2.20\n"
		" set transform-set TS1\n match address TO-BRANCH\n"
		" set ip access-group 101 in\n"
		"crypto map BRANCH 20 ipsec-isakmp\n set peer 192.0.2.30\n set pfs group14\n"
		" set transform-set TS1\n set security-association lifetime seconds 120\n"
		" set security-association idle-time 900 default\n qos pre-classify\n"
		" set security-association level per-host\n"
		" reverse-route remote-peer 192.0.2.1 static\n set reverse-route distance 5\n set reverse-route tag 7\n"
		"interface GigabitEthernet0/1\n netdev eth1\n crypto map BRANCH\n";
	struct ios_config *cfg = ios_parse("t", text, strlen(text), 0);
	struct flow flow = example_flow();
	struct flows flows = { &flow, 1 };
	json_t *value;
	char *got;
	size_t len;
	FILE *f = open_memstream(&got, &len);

	print_maps(f, cfg, &flows);
	is("show crypto map", f, &got,
	   "Crypto Map IPv4 \"BRANCH\" 10 ipsec-isakmp\n"
	   "\tDescription: to B\n"
	   "\tPeer = 192.0.2.9\n"
	   "\tPeer = 192.0.2.20\n"
	   "\tExtended IP access list TO-BRANCH\n"
	   "\t    access-list TO-BRANCH deny ip any host 10.9.4.1\n"
	   "\t    access-list TO-BRANCH permit ip 10.7.0.0 0.0.255.255 10.9.4.0 0.0.3.255\n"
	   "\tExtended IP access check IN list 101\n"
	   "\t    access-list 101 permit ip host 1.1.1.1 any\n"
	   "\t    access-list 101 deny udp any eq isakmp any\n"
	   "\tCurrent peer: 192.0.2.9\n"
	   "\tSecurity association lifetime: 4608000 kilobytes/3600 seconds\n"
	   "\tResponder-Only (Y/N): N\n"
	   "\tPFS (Y/N): N\n"
	   "\tMixed-mode : Disabled\n"
	   "\tTransform sets={ \n"
	   "\t\tTS1:  { esp-256-aes esp-sha256-hmac  } , \n"
	   "\t}\n"
	   "\n"
	   "Crypto Map IPv4 \"BRANCH\" 20 ipsec-isakmp\n"
	   "\tWARNING: This crypto map is in an incomplete state!\n"
	   "\t\t(missing peer or access-list definitions)\n"
	   "\tPeer = 192.0.2.30\n"
	   "\tNo matching address list set.\n"
	   "\tCurrent peer: 192.0.2.30\n"
	   "\tSecurity association lifetime: 4608000 kilobytes/120 seconds\n"
	   "\tSecurity association idletime: 900 seconds default\n"
	   "\tSecurity association level: per-host\n"
	   "\tResponder-Only (Y/N): N\n"
	   "\tPFS (Y/N): Y\n"
	   "\tDH group:  group14\n"
	   "\tMixed-mode : Disabled\n"
	   "\tTransform sets={ \n"
	   "\t\tTS1:  { esp-256-aes esp-sha256-hmac  } , \n"
	   "\t}\n"
	   "\tReverse Route Injection Enabled (static)\n"
	   "\t\tremote peer via 192.0.2.1\n"
	   "\t\tdistance 5\n"
	   "\t\ttag 7\n"
	   "\tQOS pre-classification\n"
	   "\tInterfaces using crypto map BRANCH:\n"
	   "\t\tGigabitEthernet0/1\n"
	   "\n");

	f = open_memstream(&got, &len);
	value = json_maps(cfg, &flows, &(struct attachments){ 0 });
	has_json("show crypto map --json: the peer in use", value,
		 "\"description\": \"to B\", \"current-peer\": \"192.0.2.9\"}");
	has_json("show crypto map --json: the first one", value, "\"current-peer\": \"192.0.2.30\"}");
	json_decref(value);
	print_tsets(f, cfg);
	is("show crypto ipsec transform-set", f, &got,
	   "Transform set default: { esp-aes esp-sha-hmac  }\n"
	   "   will negotiate = { Transport,  },\n"
	   "\n"
	   "Transform set TS1: { esp-256-aes esp-sha256-hmac  }\n"
	   "   will negotiate = { Tunnel,  },\n"
	   "\n");

	f = open_memstream(&got, &len);
	print_ipsec_lifetime(f, cfg);
	is("show crypto ipsec security-association", f, &got,
	   "Security association lifetime: 4608000 kilobytes/3600 seconds\n");
	cfg->ipsec.idle = 60;
	cfg->ipsec.life_kilobytes = 0;
	f = open_memstream(&got, &len);
	print_ipsec_lifetime(f, cfg);
	is("the same with an idle time and without a volume", f, &got,
	   "Security association lifetime: Kilobyte Volume Rekey has been disabled/3600 seconds\n"
	   "Security association idletime: 60 seconds\n");

	ios_acl_find(cfg, "101", AF_INET)->aces->next->hits = 1;
	ios_acl_find(cfg, "101", AF_INET)->aces->next->next->hits = 164;
	f = open_memstream(&got, &len);
	print_access_lists(f, cfg);
	is("show access-lists", f, &got,
	   "Standard IP access list 10\n"
	   "    10 permit 172.16.191.199\n"
	   "    20 deny   any log\n"
	   "Extended IP access list 101\n"
	   "    10 permit ip host 1.1.1.1 any (1 match)\n"
	   "    20 deny udp any eq isakmp any (164 matches)\n"
	   "Extended IP access list TO-BRANCH\n"
	   "    5 deny ip any host 10.9.4.1\n"
	   "    15 permit ip 10.7.0.0 0.0.255.255 10.9.4.0 0.0.3.255\n");
	ios_free(cfg);
}

/* The set that there is without a definition, what names it, and another one of its name. */
static void test_builtin(void)
{
	static const struct {
		const char *what, *text, *wanted;
	} t[] = {
		{ "nobody names it", "",
		  "[{\"name\": \"default\", \"transform\": \"esp-aes esp-sha-hmac\", \"mode\": \"transport\", "
		  "\"require\": false, \"esn\": false, \"weak\": false, \"built-in\": true}]" },
		{ "an entry names it",
		  "crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set default\n",
		  "[{\"name\": \"default\", \"transform\": \"esp-aes esp-sha-hmac\", \"mode\": \"transport\", "
		  "\"require\": false, \"esn\": false, \"weak\": false, \"built-in\": true}]" },
		{ "another one", "crypto ipsec transform-set default esp-gcm\n",
		  "[{\"name\": \"default\", \"transform\": \"esp-gcm\", \"mode\": \"tunnel\", "
		  "\"require\": false, \"esn\": false, \"weak\": false, \"built-in\": false}]" },
	};
	struct ios_config *cfg;
	json_t *value;
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(*t); i++) {
		cfg = ios_parse("t", t[i].text, strlen(t[i].text), 0);
		value = json_tsets(cfg);
		has_json(t[i].what, value, t[i].wanted);
		json_decref(value);
		ios_free(cfg);
	}
}

static void test_dynamic(void)
{
	static const char text[] =
		"crypto ipsec transform-set TS1 esp-aes 256 esp-sha256-hmac\n"
		"access-list 101 permit ip 10.7.0.0 0.0.255.255 any\n"
		"crypto dynamic-map D 10\n set transform-set TS1\n match address 101\n"
		"crypto dynamic-map D 20\n set transform-set TS1\n set pfs group14\n"
		"crypto map VPN 65535 ipsec-isakmp dynamic D\n"
		"interface GigabitEthernet0/1\n netdev eth1\n crypto map VPN\n";
	static const char incomplete[] =
		"access-list 101 permit ip 10.7.0.0 0.0.255.255 any\n"
		"crypto dynamic-map E 7\n description not yet\n match address 101\n";
	struct ios_config *bare = ios_parse("t", incomplete, strlen(incomplete), 0);
	struct ios_config *cfg = ios_parse("t", text, strlen(text), 0);
	struct isakmp_sas isakmp = { 0 };
	struct attachments none = { 0 };
	struct flow flow = example_flow();
	struct flows flows = { &flow, 1 };
	struct sas sas = { 0 };
	json_t *value;
	char *got;
	size_t len;
	FILE *f;

	strcpy(flow.map, "VPN");
	strcpy(flow.dynamic, "D");
	flow.entry_seq = 65535;
	flow.dynamic_seq = 20;
	f = open_memstream(&got, &len);
	print_maps(f, cfg, &flows);
	fclose(f);
	tap_ok(strstr(got, "Crypto Map IPv4 \"VPN\" 65535 ipsec-isakmp\n"
			   "\tDynamic map template tag: D\n"
			   "\n"
			   "Crypto Map IPv4 \"VPN\" 65536 ipsec-isakmp\n"
			   "\tPeer = 192.0.2.9\n"
			   "\tExtended IP access list \n"
			   "\t    access-list  permit ip 10.7.0.0 0.0.255.255 10.9.4.0 0.0.3.255\n"
			   "\t    dynamic (created from dynamic map D/20)\n"
			   "\tCurrent peer: 192.0.2.9\n"
			   "\tSecurity association lifetime: ") &&
	       strstr(got, "\tDH group:  group14\n"), "show crypto map: dynamic");
	free(got);
	value = json_maps(cfg, &flows, &none);
	has_json("show crypto map --json: dynamic", value,
		 "{\"seq\": 65535, \"kind\": \"dynamic\", \"complete\": true, \"dynamic-map\": \"D\"}, "
		 "{\"seq\": 65536, \"kind\": \"temporary\", \"complete\": true, \"peers\": [\"192.0.2.9\"], "
		 "\"transform-sets\": [\"TS1\"], \"lifetime-seconds\": 3600, \"lifetime-kilobytes\": 4608000, "
		 "\"pfs-group\": 14, \"current-peer\": \"192.0.2.9\", \"dynamic-map\": \"D\", \"dynamic-seq\": 20, "
		 "\"flow\": 7, \"local-ident\": {\"address\": \"10.7.0.0\", \"mask\": \"255.255.0.0\"}, "
		 "\"remote-ident\": {\"address\": \"10.9.4.0\", \"mask\": \"255.255.252.0\"}, \"protocol\": 0, "
		 "\"local-port\": 0, \"remote-port\": 0}]");
	json_decref(value);

	flow.dynamic_seq = 10;
	flow.selector = (struct selector){
		.local = addr("10.7.1.1"), .local_wild = addr("0.0.0.0"), .local_port = 500,
		.remote = addr("0.0.0.0"), .remote_wild = addr("255.255.255.255"), .protocol = 17,
	};
	f = open_memstream(&got, &len);
	print_maps(f, cfg, &flows);
	fclose(f);
	tap_ok(strstr(got, "access-list  permit udp host 10.7.1.1 eq isakmp any\n"),
	       "show crypto map: dynamic, of a host and a port");
	free(got);
	value = json_maps(cfg, &flows, &none);
	tap_ok(!json_object_get(json_array_get(json_object_get(json_array_get(value, 0), "entries"), 1), "acl"),
	       "show crypto map --json: dynamic, no access list is its own");
	json_decref(value);
	flow.dynamic_seq = 20;

	f = open_memstream(&got, &len);
	print_dynamics(f, cfg);
	fclose(f);
	tap_ok(strstr(got, "Crypto Map Template\"D\" 10\n"
			   "\tExtended IP access list 101\n"
			   "\t    access-list 101 permit ip 10.7.0.0 0.0.255.255 any\n"
			   "\tSecurity association lifetime: ") == got &&
	       strstr(got, "\t}\n"
			   "\n"
			   "Crypto Map Template\"D\" 20\n"
			   "\tNo matching address list set.\n"
			   "\tSecurity association lifetime: "), "show crypto dynamic-map");
	free(got);

	f = open_memstream(&got, &len);
	print_dynamics(f, bare);
	fclose(f);
	tap_ok(strstr(got, "Crypto Map Template\"E\" 7\n"
			   "\tDescription: not yet\n"
			   "\tWARNING: This crypto map is in an incomplete state!\n"
			   "\t\t(missing transform set or access-list definitions)\n"
			   "\tExtended IP access list 101\n") == got, "show crypto dynamic-map: an incomplete entry");
	free(got);
	ios_free(bare);

	f = open_memstream(&got, &len);
	print_sessions(f, &flows, &sas, &isakmp, NULL, NULL, SESSION_PLAIN);
	print_ipsec_sas(f, &flows, &sas, &none, false);
	fclose(f);
	tap_ok(strstr(got, "Active SAs: 0, origin: dynamic crypto map\n"), "origin of a dynamic flow");
	tap_ok(strstr(got, "     PERMIT, flags={}\n"), "flags of a dynamic flow");
	free(got);
	ios_free(cfg);
}

int main(void)
{
	test_map();
	test_map_parts();
	test_builtin();
	test_dynamic();
	return tap_done();
}
