// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tool without a kernel: layouts against literal text.
 */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "examples.h"
#include "printed.h"
#include "tap.h"
#include "transaction.h"

static void test_ipsec_sa(void)
{
	static const char wanted[] =
		"\n"
		"interface: GigabitEthernet0/1\n"
		"    Crypto map tag: BRANCH, local addr 198.51.100.7\n"
		"\n"
		"   protected vrf: (none)\n"
		"   local  ident (addr/mask/prot/port): (10.7.0.0/255.255.0.0/0/0)\n"
		"   remote ident (addr/mask/prot/port): (10.9.4.0/255.255.252.0/0/0)\n"
		"   current_peer 192.0.2.9 port 500\n"
		"     PERMIT, flags={origin_is_acl,}\n"
		"    #pkts encaps: 41, #pkts encrypt: 41, #pkts digest: 41\n"
		"    #pkts decaps: 39, #pkts decrypt: 39, #pkts verify: 39\n"
		"    #pkts compressed: 0, #pkts decompressed: 0\n"
		"    #pkts not compressed: 0, #pkts compr. failed: 0\n"
		"    #pkts not decompressed: 0, #pkts decompress failed: 0\n"
		"    #send errors 1, #recv errors 0\n"
		"\n"
		"     local crypto endpt.: 198.51.100.7, remote crypto endpt.: 192.0.2.9\n"
		"     plaintext mtu 1438, path mtu 1500, ip mtu 1500, ip mtu idb GigabitEthernet0/1\n"
		"     current outbound spi: 0x5A01C3D(94379069)\n"
		"     PFS (Y/N): N, DH group: none\n"
		"\n"
		"     inbound esp sas:\n"
		"      spi: 0xB0E405F8(2967733752)\n"
		"        transform: esp-256-aes esp-sha256-hmac ,\n"
		"        in use settings ={Tunnel, }\n"
		"        conn id: 2003, flow_id: SW:3, sibling_flags 80000040, crypto map: BRANCH\n"
		"        sa timing: remaining key lifetime (k/sec): (4355103/3391)\n"
		"        IV size: 16 bytes\n"
		"        replay detection support: Y\n"
		"        Status: ACTIVE(ACTIVE)\n"
		"\n"
		"     inbound ah sas:\n"
		"\n"
		"     inbound pcp sas:\n"
		"\n"
		"     outbound esp sas:\n"
		"      spi: 0x5A01C3D(94379069)\n"
		"        transform: esp-gcm 256 ,\n"
		"        in use settings ={Transport UDP-Encaps, }\n"
		"        conn id: 2004, flow_id: SW:4, sibling_flags 80000040, crypto map: BRANCH\n"
		"        sa timing: remaining key lifetime (sec): 3391\n"
		"        Kilobyte Volume Rekey has been disabled\n"
		"        IV size: 8 bytes\n"
		"        replay detection support: Y  replay window size: 1024\n"
		"        Status: ACTIVE(ACTIVE)\n"
		"\n"
		"     outbound ah sas:\n"
		"\n"
		"     outbound pcp sas:\n"
		"\n"
		"   protected vrf: (none)\n"
		"   local  ident (addr/mask/prot/port): (10.7.1.1/255.255.255.255/47/0)\n"
		"   remote ident (addr/mask/prot/port): (10.9.4.0/255.255.252.0/47/0)\n"
		"   current_peer 192.0.2.9 port 4500\n"
		"     PERMIT, flags={origin_is_acl,}\n"
		"    #pkts encaps: 0, #pkts encrypt: 0, #pkts digest: 0\n"
		"    #pkts decaps: 0, #pkts decrypt: 0, #pkts verify: 0\n"
		"    #pkts compressed: 0, #pkts decompressed: 0\n"
		"    #pkts not compressed: 0, #pkts compr. failed: 0\n"
		"    #pkts not decompressed: 0, #pkts decompress failed: 0\n"
		"    #send errors 0, #recv errors 0\n"
		"\n"
		"     local crypto endpt.: 198.51.100.7, remote crypto endpt.: 192.0.2.9\n"
		"     plaintext mtu 1500, path mtu 1500, ip mtu 1500, ip mtu idb GigabitEthernet0/1\n"
		"     current outbound spi: 0x0(0)\n"
		"     PFS (Y/N): N, DH group: none\n"
		"\n"
		"     inbound esp sas:\n"
		"\n"
		"     inbound ah sas:\n"
		"\n"
		"     inbound pcp sas:\n"
		"\n"
		"     outbound esp sas:\n"
		"\n"
		"     outbound ah sas:\n"
		"\n"
		"     outbound pcp sas:\n";
	struct flow flow[2] = { example_flow(), example_flow() };
	struct sa sa[3] = {
		example_sa(CRYPTO_MAP_SA_DIR_IN, 0xB0E405F8, 3),
		example_sa(CRYPTO_MAP_SA_DIR_OUT, 0x5A01C3D, 4),
		example_sa(CRYPTO_MAP_SA_DIR_IN, 0x1234, 5),
	};
	struct attachments attachments = { 0 };
	struct flows flows = { flow, 2 };
	struct sas sas = { sa, 3 };
	char *got;
	size_t len;
	FILE *f;

	sa[1].transform.cipher = IOS_ESP_CIPHER_GCM;
	sa[1].transform.auth = IOS_ESP_AUTH_NONE;
	sa[1].mode = CRYPTO_MAP_MODE_TRANSPORT;
	sa[1].encap_dport = 4500;
	sa[1].hard_bytes = 0;
	sa[1].replay_window = 1024;
	sa[2].state = CRYPTO_MAP_SA_STATE_LARVAL;
	flow[1].id = 8;
	flow[1].selector.local = addr("10.7.1.1");
	flow[1].selector.local_wild = addr("0.0.0.0");
	flow[1].selector.protocol = 47;
	flow[1].remote_port = 4500;
	flow[1].out_spi = flow[1].plain_mtu = 0;
	flow[1].traffic.out_packets = flow[1].traffic.in_packets = flow[1].traffic.send_errors = 0;

	f = open_memstream(&got, &len);
	print_ipsec_sas(f, &flows, &sas, &attachments, false);
	is("show crypto ipsec sa", f, &got, wanted);

	sa[1].pfs_group = 14;
	strcpy(flow[1].vrf, "red");
	f = open_memstream(&got, &len);
	print_ipsec_sas(f, &flows, &sas, &attachments, false);
	fclose(f);
	tap_ok(strstr(got, "     PFS (Y/N): Y, DH group: group14\n"), "PFS of the SA in use");
	tap_ok(strstr(got, "\n   protected vrf: (none)\n") && strstr(got, "\n   protected vrf: red\n"),
	       "the VRF of each flow's device");
	free(got);

	sa[0].flags = CRYPTO_MAP_SA_FLAGS_MANUAL;
	sa[0].replay_window = 0;
	f = open_memstream(&got, &len);
	print_ipsec_sas(f, &flows, &sas, &attachments, false);
	fclose(f);
	tap_ok(strstr(got, "        no sa timing\n") &&
	       strstr(got, "        replay detection support: N\n"), "SA of manual keys");
	free(got);
}

/* The part of show crypto ipsec sa that each cipher has, an SA that waits for its turn, and the device. */
static void test_ipsec_sa_parts(void)
{
	static const struct {
		enum ios_esp_cipher cipher;
		unsigned int iv;
	} t[] = {
		{ IOS_ESP_CIPHER_NULL, 0 }, { IOS_ESP_CIPHER_AES, 16 }, { IOS_ESP_CIPHER_GCM, 8 },
		{ IOS_ESP_CIPHER_3DES, 8 }, { IOS_ESP_CIPHER_GMAC, 8 }, { IOS_ESP_CIPHER_CTR, 8 },
		{ IOS_ESP_CIPHER_CHACHA, 8 },
	};
	struct sa sa[2] = {
		example_sa(CRYPTO_MAP_SA_DIR_IN, 0x1001, 3), example_sa(CRYPTO_MAP_SA_DIR_OUT, 0x1002, 4),
	};
	struct attachment on[] = {
		{ "eth0", "GigabitEthernet0/0", "BRANCH", .mtu = 1300 },
		{ "eth1", "GigabitEthernet0/1", "BRANCH", .mtu = 1400 },
	};
	struct attachments attachments = { on, 2 };
	struct flow flow = example_flow();
	struct flows flows = { &flow, 1 };
	struct sas sas = { sa, 1 };
	char wanted[64], *got, *out;
	size_t len, i;
	FILE *f;

	for (i = 0; i < sizeof(t) / sizeof(*t); i++) {
		sa[0].transform.cipher = t[i].cipher;
		snprintf(wanted, sizeof(wanted), "        IV size: %u bytes\n", t[i].iv);
		f = open_memstream(&got, &len);
		print_ipsec_sas(f, &flows, &sas, &attachments, false);
		fclose(f);
		tap_ok(strstr(got, wanted), "show crypto ipsec sa: IV of cipher %d", t[i].cipher);
		free(got);
	}

	sas.n = 2;
	sa[1].state = CRYPTO_MAP_SA_STATE_STANDBY;
	f = open_memstream(&got, &len);
	print_ipsec_sas(f, &flows, &sas, &attachments, false);
	fclose(f);
	out = strstr(got, "     outbound esp sas:\n");
	tap_ok(out && strstr(out, "\n        Status: STANDBY(STANDBY)\n") && !strstr(out, "ACTIVE(ACTIVE)") &&
	       strstr(got, "\n        Status: ACTIVE(ACTIVE)\n") < out, "show crypto ipsec sa: an SA in standby");
	tap_ok(strstr(got, "     plaintext mtu 1438, path mtu 1500, ip mtu 1400, ip mtu idb GigabitEthernet0/1\n"),
	       "show crypto ipsec sa: the MTU of the device");
	free(got);
	on[1].mtu = 0;
	f = open_memstream(&got, &len);
	print_ipsec_sas(f, &flows, &sas, &attachments, false);
	fclose(f);
	tap_ok(strstr(got, "     plaintext mtu 1438, path mtu 1500, ip mtu 1500, ip mtu idb GigabitEthernet0/1\n"),
	       "show crypto ipsec sa: a device that is not there");
	free(got);
}

static void test_nothing(void)
{
	struct ios_config *cfg = ios_new("t");
	struct attachments none = { 0 };
	struct flows flows = { 0 };
	struct sas sas = { 0 };
	char *got;
	size_t len;
	FILE *f;

	f = open_memstream(&got, &len);
	print_ipsec_sas(f, &flows, &sas, &none, false);
	is("show crypto ipsec sa without a flow", f, &got, "\nNo SAs found\n");
	f = open_memstream(&got, &len);
	print_maps(f, cfg, &flows);
	is("show crypto map without one", f, &got, "No crypto maps found.\n");
	ios_free(cfg);
}

static void test_ipv6(void)
{
	static const char text[] =
		"crypto ipsec transform-set TS1 esp-aes 256 esp-sha256-hmac\n"
		"ipv6 access-list SIX\n remark not shown\n permit ipv6 2001:db8:7::/48 2001:db8:9::/48\n"
		" sequence 25 deny icmp any host 2001:db8:9::1 echo-request\n"
		"crypto map ipv6 M6 10 ipsec-isakmp\n set peer 2001:db8::9\n set transform-set TS1\n"
		" match address SIX\ninterface eth1\n ipv6 crypto map M6\n";
	struct ios_config *cfg = ios_parse("t", text, strlen(text), 0);
	struct flow flow[2] = { example_flow(), example_flow() };
	struct isakmp_sa ike[] = {
		{ .conn_id = 1001, .local = "2001:db8::7", .local_port = 500, .remote = "2001:db8::9",
		  .remote_port = 500, .initiator = true, .state = "QM_IDLE", .id = "2001:db8::9" },
		{ .conn_id = 1002, .local = "2001:db8::7", .remote = "2001:db8::a", .state = "MM_NO_STATE",
		  .deleted = true },
	};
	struct isakmp_sas isakmp = { ike, 2 };
	struct attachments attachments = { 0 };
	struct flows flows = { flow, 2 };
	struct sas sas = { 0 };
	char *got, *ends;
	size_t len;
	FILE *f;

	flow[1].selector = (struct selector){
		.local = addr("2001:db8:7::"), .local_wild = ios_wild(AF_INET6, 48),
		.remote = addr("2001:db8:9::1"), .remote_wild = ios_wild(AF_INET6, 128),
	};
	strcpy(flow[1].map, "M6");
	flow[1].local = addr("2001:db8::7");
	flow[1].remote = addr("2001:db8::9");

	f = open_memstream(&got, &len);
	print_isakmp_sas(f, &isakmp);
	is("show crypto isakmp sa: IPv6", f, &got,
	   "IPv4 Crypto ISAKMP SA\n"
	   "dst             src             state          conn-id status\n"
	   "\n"
	   "IPv6 Crypto ISAKMP SA\n"
	   "2001:DB8::9     2001:DB8::7     QM_IDLE           1001 ACTIVE\n"
	   "2001:DB8::7     2001:DB8::A     MM_NO_STATE       1002 ACTIVE (deleted)\n"
	   "\n");

	f = open_memstream(&got, &len);
	print_ipsec_sas(f, &flows, &sas, &attachments, false);
	fclose(f);
	ends = strstr(got, "\ninterface: GigabitEthernet0/1\n"
			   "    Crypto map tag: M6, local addr 2001:DB8::7\n"
			   "\n"
			   "   protected vrf: (none)\n"
			   "   local  ident (addr/mask/prot/port): (2001:DB8:7::/48/0/0)\n"
			   "   remote ident (addr/mask/prot/port): (2001:DB8:9::1/128/0/0)\n"
			   "   current_peer 2001:DB8::9 port 500\n");
	tap_ok(ends, "show crypto ipsec sa: IPv6, a second map on the interface");
	tap_ok(ends && strstr(ends, "     local crypto endpt.: 2001:DB8::7,\n"
				    "     remote crypto endpt.: 2001:DB8::9\n"
				    "     plaintext mtu 1438, path mtu 1500, ipv6 mtu 1500, ipv6 mtu idb GigabitEthernet0/1\n"),
	       "show crypto ipsec sa: IPv6 ends");
	free(got);

	f = open_memstream(&got, &len);
	print_sessions(f, &flows, &sas, &isakmp, NULL, NULL, SESSION_PLAIN);
	fclose(f);
	tap_ok(strstr(got, "Session status: UP-IDLE\n"
			   "Peer: 2001:DB8::9 port 500 \n"
			   "  Session ID: 0  \n"
			   "  IKEv1 SA: local 2001:DB8::7/500\n"
			   "          remote 2001:DB8::9/500 Active \n"
			   "  IPSEC FLOW: permit ipv6 2001:DB8:7::/48 host 2001:DB8:9::1 \n"
			   "        Active SAs: 0, origin: crypto map\n"), "show crypto session: IPv6");
	free(got);

	f = open_memstream(&got, &len);
	print_sessions(f, &flows, &sas, &isakmp, NULL, NULL, SESSION_DETAIL);
	fclose(f);
	tap_ok(strstr(got, "      Phase1_id: 2001:DB8::9\n"), "show crypto session detail: IPv6");
	free(got);
	f = open_memstream(&got, &len);
	print_sessions(f, &flows, &sas, &isakmp, NULL, NULL, SESSION_BRIEF);
	fclose(f);
	tap_ok(strstr(got, "2001:DB8::9     Gi0/1                        2001:DB8::9              00:00:00 UI\n"),
	       "show crypto session brief: IPv6");
	free(got);
	f = open_memstream(&got, &len);
	print_isakmp_peers(f, &isakmp);
	fclose(f);
	tap_ok(strstr(got, "Peer: 2001:DB8::9 Port: 500 Local: 2001:DB8::7\n Phase1 id: 2001:DB8::9\n"),
	       "show crypto isakmp peers: IPv6");
	free(got);

	f = open_memstream(&got, &len);
	print_maps(f, cfg, &flows);
	fclose(f);
	tap_ok(strstr(got, "Crypto Map IPv6 \"M6\" 10 ipsec-isakmp\n"
			   "\tPeer = 2001:DB8::9\n"
			   "\tIPv6 access list SIX\n"
			   "\t    permit ipv6 2001:DB8:7::/48 2001:DB8:9::/48 sequence 10\n"
			   "\t    deny icmp any host 2001:DB8:9::1 echo-request sequence 25\n"
			   "\tCurrent peer: 2001:DB8::9\n") &&
	       strstr(got, "\tInterfaces using crypto map M6:\n\t\teth1\n"), "show crypto map: IPv6");
	free(got);

	cfg->acls->aces->next->hits = 5;
	f = open_memstream(&got, &len);
	print_access_lists(f, cfg);
	is("show access-lists: IPv6", f, &got,
	   "IPv6 access list SIX\n"
	   "    permit ipv6 2001:DB8:7::/48 2001:DB8:9::/48 (5 matches) sequence 10\n"
	   "    deny icmp any host 2001:DB8:9::1 echo-request sequence 25\n");
	ios_free(cfg);
}

/* A file, with a zero behind it, for free(). */
static char *whole_file(const char *path)
{
	char *text = calloc(1, 1 << 20);
	FILE *f = fopen(path, "r");

	if (!f || !fread(text, 1, (1 << 20) - 1, f))
		exit(1);
	fclose(f);
	return text;
}

/* The next name of an enumeration of the specification, at the text after the one before. */
static bool next_name(const char **at, char *name)
{
	const char *end = strstr(*at, "\n  -\n"), *next = strstr(*at, "        name: ");

	if (!next || (end && next > end))
		return false;
	*at = next + strlen("        name: ");
	return sscanf(*at, "%63s", name) == 1;
}

/* The words of the specification that JSON has are documented, and those of reasons are its own. */
static void test_json_words(void)
{
	static const char *const enums[] = {
		"alg-state", "sa-dir", "sa-state", "flow-state", "expire-kind", "fragmentation",
		"change-action", "removal", "trace-result",
	};
	char *spec = whole_file(TOP "/uapi/specs/crypto_map.yaml");
	char *doc = whole_file(TOP "/docs/json.md");
	char head[80], name[64], quoted[80];
	struct change change = { 0 };
	const char *at, *why;
	json_t *value;
	size_t i, n;

	for (i = 0; i < sizeof(enums) / sizeof(*enums); i++) {
		snprintf(head, sizeof(head), "\n    name: %s\n", enums[i]);
		at = strstr(spec, head);
		for (n = 0; at && next_name(&at, name); n++) {
			snprintf(quoted, sizeof(quoted), "`%s`", name);
			tap_ok(strstr(doc, quoted), "docs/json.md has %s of %s", name, enums[i]);
			if (strcmp(enums[i], "removal"))
				continue;
			value = json_plan(&(struct plan){ &(struct planned){
				.object = CRYPTO_MAP_CHANGE_OBJECT_FLOW, .why = n }, 1 }, &change, false);
			why = "";
			json_unpack(json_array_get(json_object_get(value, "flows"), 0), "{s:s}", "why", &why);
			tap_ok(!strcmp(why, name), "load --dry-run: JSON tells %s", name);
			json_decref(value);
		}
		tap_ok(n, "there is %s", enums[i]);
	}
	free(spec);
	free(doc);
}

/*
 * The forms that say more, read back with the expressions that readers of IOS's
 * output use for them.
 */
static void reads(const char *what, const char *text, const char *expression)
{
	regex_t regex;

	if (regcomp(&regex, expression, REG_EXTENDED | REG_NEWLINE | REG_NOSUB)) {
		tap_ok(false, "expression of: %s", what);
		return;
	}
	if (!tap_ok(!regexec(&regex, text, 0, NULL, 0), "%s", what))
		printf("%s\n", text);
	regfree(&regex);
}

static void test_detail(void)
{
	struct isakmp_sa ike = {
		.conn_id = 1003, .local = "198.51.100.7", .remote = "192.0.2.9", .local_port = 500,
		.remote_port = 500, .state = "QM_IDLE", .encr = "aes", .hash = "sha256",
		.auth = "psk", .group = 14, .lifetime = 85267, .uptime = 90061, .dpd = true,
		.id = "192.0.2.9",
	};
	struct isakmp_sas isakmp = { &ike, 1 };
	struct sa sa[2] = {
		example_sa(CRYPTO_MAP_SA_DIR_IN, 0xB0E405F8, 3),
		example_sa(CRYPTO_MAP_SA_DIR_OUT, 0x5A01C3D, 4),
	};
	struct attachments none = { 0 };
	struct flow flow = example_flow();
	struct flows flows = { &flow, 1 };
	struct sas sas = { sa, 2 };
	struct ios_addr other = addr("192.0.2.10");
	const char *wanted;
	json_t *value;
	size_t len, i;
	char *got;
	FILE *f;

	f = open_memstream(&got, &len);
	print_isakmp_details(f, &isakmp);
	fclose(f);
	reads("show crypto isakmp sa detail", got,
	      "^[0-9]+ +[0-9.]+ +[0-9.]+ +ACTIVE (des|3des|aes) +sha256 +(psk|rsig|renc) +14 23:41:07 D$");
	tap_ok(strstr(got, "IPv4 Crypto ISAKMP SA\n"
			   "\n"
			   "C-id  Local           Remote          I-VRF  Status Encr Hash   Auth DH Lifetime Cap.\n"
			   "\n"
			   "1003  198.51.100.7    192.0.2.9              ACTIVE aes  sha256 psk  14 23:41:07 D\n"
			   "       Engine-id:Conn-id =  SW:3\n"
			   "\n"
			   "IPv6 Crypto ISAKMP SA\n"), "show crypto isakmp sa detail, byte by byte");
	free(got);

	for (i = 0; i < FLOW_ERRORS; i++)
		flow.errors[i] = 11 + i;
	f = open_memstream(&got, &len);
	print_ipsec_sas(f, &flows, &sas, &none, true);
	fclose(f);
	tap_ok(strstr(got, "    #pkts not decompressed: 0, #pkts decompress failed: 0\n"
			   "    #pkts no sa (send) 11, #pkts invalid sa (rcv) 12\n"
			   "    #pkts encaps failed (send) 13, #pkts decaps failed (rcv) 14\n"
			   "    #pkts invalid prot (recv) 15, #pkts verify failed: 16\n"
			   "    #pkts invalid identity (recv) 17, #pkts invalid len (rcv) 18\n"
			   "    #pkts replay rollover (send): 19, #pkts replay rollover (rcv) 0\n"
			   "    ##pkts replay failed (rcv): 20\n"
			   "    #pkts tagged (send): 0, #pkts untagged (rcv): 0\n"
			   "    #pkts not tagged (send): 0, #pkts not untagged (rcv): 0\n"
			   "    #pkts internal err (send): 21, #pkts internal err (recv) 22\n"
			   "\n"
			   "     local crypto endpt.: "), "show crypto ipsec sa detail");
	free(got);

	f = open_memstream(&got, &len);
	sa[1].flags |= CRYPTO_MAP_SA_FLAGS_ESN;
	sa[1].encap_dport = 4500;
	print_ipsec_sas(f, &flows, &sas, &none, false);
	fclose(f);
	tap_ok(strstr(got, "        in use settings ={Tunnel UDP-Encaps, esn}\n") &&
	       strstr(got, "        in use settings ={Tunnel, }\n"),
	       "show crypto ipsec sa: extended sequence numbers");
	free(got);

	f = open_memstream(&got, &len);
	print_ipsec_sas(f, &flows, NULL, &none, false);
	fclose(f);
	tap_ok(strstr(got, "#send errors 1, #recv errors 0\n") && !strstr(got, "esp sas"),
	       "show crypto ipsec sa identity");
	free(got);

	f = open_memstream(&got, &len);
	print_sessions(f, &flows, &sas, &isakmp, NULL, NULL, SESSION_DETAIL);
	fclose(f);
	tap_ok(strstr(got, "Interface: GigabitEthernet0/1\n"
			   "Uptime: 1d01h\n"
			   "Session status: UP-ACTIVE     \n"
			   "Peer: 192.0.2.9 port 500 fvrf: (none) ivrf: (none)\n"
			   "      Phase1_id: 192.0.2.9\n"
			   "      Desc: (none)\n"
			   "  Session ID: 0  \n"
			   "  IKEv1 SA: local 198.51.100.7/500 remote 192.0.2.9/500 Active \n"
			   "          Capabilities:D connid:1003 lifetime:23:41:07\n"
			   "  IPSEC FLOW: permit ip 10.7.0.0/255.255.0.0 10.9.4.0/255.255.252.0 \n"
			   "        Active SAs: 2, origin: crypto map\n"
			   "        Inbound:  #pkts dec'ed 39 drop 0 life (KB/Sec) 4355103/3391\n"
			   "        Outbound: #pkts enc'ed 41 drop 1 life (KB/Sec) 4355103/3391\n"),
	       "show crypto session detail");
	free(got);
	value = json_sessions(&flows, &sas, &isakmp, NULL, NULL);
	wanted = "{\"conn-id\": 1003, \"local\": \"198.51.100.7\", \"local-port\": 500, \"remote\": \"192.0.2.9\", "
		 "\"remote-port\": 500, \"active\": true, \"id\": \"192.0.2.9\", \"lifetime\": 85267, "
		 "\"uptime\": 90061, \"dpd\": true, \"nat\": false}";
	has_json("show crypto session --json: ISAKMP SA", value, wanted);
	wanted = "\"active-sas\": 2, \"encaps\": 41, \"decaps\": 39, \"send-errors\": 1, \"recv-errors\": 0, "
		 "\"in-seconds-left\": 3391, \"in-kilobytes-left\": 4355103, \"out-seconds-left\": 3391, "
		 "\"out-kilobytes-left\": 4355103}";
	has_json("show crypto session --json: flow", value, wanted);
	json_decref(value);
	strcpy(ike.state, "MM_SA_SETUP");
	*ike.id = '\0';
	f = open_memstream(&got, &len);
	print_sessions(f, &flows, &sas, &isakmp, NULL, NULL, SESSION_DETAIL);
	fclose(f);
	tap_ok(strstr(got, "Peer: 192.0.2.9 port 500 fvrf: (none) ivrf: (none)\n"
			   "      Desc: (none)\n"
			   "      Phase1_id: (none)\n"
			   "  Session ID: 0  \n"
			   "  IKEv1 SA: local 198.51.100.7/500 remote 192.0.2.9/500 Inactive \n"
			   "          Capabilities:D connid:1003 lifetime:0\n"),
	       "show crypto session detail: an ISAKMP SA that is not established");
	free(got);
	strcpy(ike.state, "QM_IDLE");
	strcpy(ike.id, "192.0.2.9");

	f = open_memstream(&got, &len);
	print_sessions(f, &flows, &sas, &isakmp, NULL, &other, SESSION_PLAIN);
	is("show crypto session remote: another peer", f, &got, "Crypto session current status\n");

	f = open_memstream(&got, &len);
	print_sessions(f, &flows, &sas, &isakmp, NULL, NULL, SESSION_BRIEF);
	is("show crypto session brief", f, &got,
	   "Status: A- Active, U - Up, D - Down, I - Idle, S - Standby, N - Negotiating \n"
	   "        K - No IKE\nivrf = (none)\n"
	   "Peer            I/F          Username        Group/Phase1_id          Uptime   Status\n"
	   "192.0.2.9       Gi0/1                        192.0.2.9                1d01h    UA\n");

	f = open_memstream(&got, &len);
	print_isakmp_peers(f, &isakmp);
	is("show crypto isakmp peers", f, &got,
	   "Peer: 192.0.2.9 Port: 500 Local: 198.51.100.7\n Phase1 id: 192.0.2.9\n");
}

static void test_version(void)
{
	struct version version = { .module = "1.0", .kernel = "6.1.0-9-amd64", .host = "gw" };
	char *got;
	size_t len;
	FILE *f = open_memstream(&got, &len);

	print_version(f, &version);
	is("show version", f, &got,
	   "cryptomap Software (LINUX-6.1.0-9-amd64), Version unreleased, kernel module 1.0\n\n"
	   "gw uptime is 0 minutes\n");
	version.uptime = 31536000 + 2 * 86400 + 3600 + 120 + 59;
	f = open_memstream(&got, &len);
	print_version(f, &version);
	fclose(f);
	tap_ok(strstr(got, "\ngw uptime is 1 year, 0 weeks, 2 days, 1 hour, 2 minutes\n"), "uptime");
	free(got);
}

/* Each reason of a drop is one of IOS's counters; outbound ones are about packets that leave. */
static void test_errors(void)
{
	static const struct {
		enum crypto_map_drop_reason reason;
		enum flow_error error;
	} t[] = {
		{ CRYPTO_MAP_DROP_REASON_NO_SA, ERROR_NO_SA },
		{ CRYPTO_MAP_DROP_REASON_NO_DAEMON, ERROR_NO_SA },
		{ CRYPTO_MAP_DROP_REASON_NO_SA_MANUAL, ERROR_NO_SA },
		{ CRYPTO_MAP_DROP_REASON_NO_SA_DYNAMIC, ERROR_NO_SA },
		{ CRYPTO_MAP_DROP_REASON_ACQUIRE_FAILED, ERROR_NO_SA },
		{ CRYPTO_MAP_DROP_REASON_ACQUIRE_TIMEOUT, ERROR_NO_SA },
		{ CRYPTO_MAP_DROP_REASON_HOLD_FULL, ERROR_NO_SA },
		{ CRYPTO_MAP_DROP_REASON_LARVAL_FULL, ERROR_INVALID_SA },
		{ CRYPTO_MAP_DROP_REASON_IN_SA_EXPIRED, ERROR_INVALID_SA },
		{ CRYPTO_MAP_DROP_REASON_BAD_NEXT_HEADER, ERROR_PROTOCOL },
		{ CRYPTO_MAP_DROP_REASON_AUTH_FAILED, ERROR_VERIFY },
		{ CRYPTO_MAP_DROP_REASON_SELECTOR_MISMATCH, ERROR_IDENTITY },
		{ CRYPTO_MAP_DROP_REASON_INNER_FRAGMENT, ERROR_IDENTITY },
		{ CRYPTO_MAP_DROP_REASON_BAD_LENGTH, ERROR_LENGTH },
		{ CRYPTO_MAP_DROP_REASON_SEQ_EXHAUSTED, ERROR_ROLLOVER },
		{ CRYPTO_MAP_DROP_REASON_REPLAY, ERROR_REPLAY },
		{ CRYPTO_MAP_DROP_REASON_ZERO_SEQUENCE, ERROR_REPLAY },
		{ CRYPTO_MAP_DROP_REASON_OUT_NO_MEMORY, ERROR_INTERNAL_OUT },
		{ CRYPTO_MAP_DROP_REASON_OUT_CRYPTO_ERROR, ERROR_INTERNAL_OUT },
		{ CRYPTO_MAP_DROP_REASON_OUT_CRYPTO_BUSY, ERROR_INTERNAL_OUT },
		{ CRYPTO_MAP_DROP_REASON_IN_NO_MEMORY, ERROR_INTERNAL_IN },
		{ CRYPTO_MAP_DROP_REASON_IN_CRYPTO_ERROR, ERROR_INTERNAL_IN },
		{ CRYPTO_MAP_DROP_REASON_IN_CRYPTO_BUSY, ERROR_INTERNAL_IN },
		{ CRYPTO_MAP_DROP_REASON_RECEIVE_QUEUE, ERROR_INTERNAL_IN },
		{ CRYPTO_MAP_DROP_REASON_HOST_PAIR_LIMIT, ERROR_NO_SA },
		{ CRYPTO_MAP_DROP_REASON_HOOKS_GONE, ERROR_ENCAPS },
		{ CRYPTO_MAP_DROP_REASON_CLEAR_TEXT, ERROR_DECAPS },
	};
	bool told[FLOW_ERRORS] = { false };
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(*t); i++) {
		told[t[i].error] = true;
		tap_ok(flow_error(t[i].reason) == t[i].error, "counter of drop reason %d", t[i].reason);
	}
	for (i = 0; i < FLOW_ERRORS; i++)
		tap_ok(told[i], "counter %zu has a reason", i);
	tap_ok(flow_error(UINT32_MAX) == ERROR_DECAPS, "a reason that is not known is counted");
}

static void test_engine(void)
{
	struct alg alg[] = {
		{ "aes-cbc", true, 256, 0, false, CRYPTO_MAP_ALG_STATE_PASSED },
		{ "hmac-md5-96", false, 128, 12, true, CRYPTO_MAP_ALG_STATE_ABSENT },
	};
	struct attachment a = { "eth1", "GigabitEthernet0/1", "M", .rules = 3, .indexed = 4,
				.tables = 5, .longest = 6, .worst = 7, .bytes = 4096 };
	struct attachments attachments = { &a, 1 };
	struct stats stats = { .sas = 2, .flows = 1, .version = "0.1" };
	struct algs algs = { alg, 2 };
	char *got;
	size_t len;
	FILE *f = open_memstream(&got, &len);

	print_engine(f, &algs, &stats);
	is("show crypto engine", f, &got,
	   "crypto_map 0.1, software engine\n"
	   "SAs: 2, flows: 1, packets that wait for an SA: 0\n"
	   "\n"
	   "algorithm              kind           key bits ICV bytes  self-test\n"
	   "aes-cbc                cipher              256         0  passed\n"
	   "hmac-md5-96            authenticator       128        12  absent, weak\n");

	f = open_memstream(&got, &len);
	print_ruleset(f, &attachments);
	is("show crypto ruleset", f, &got,
	   "interface            crypto map                rules    indexed  tables  longest  worst        bytes\n"
	   "GigabitEthernet0/1   M                             3          4       5        6      7         4096\n");
}

int main(void)
{
	test_ipsec_sa();
	test_ipsec_sa_parts();
	test_nothing();
	test_ipv6();
	test_json_words();
	test_detail();
	test_version();
	test_errors();
	test_engine();
	return tap_done();
}
