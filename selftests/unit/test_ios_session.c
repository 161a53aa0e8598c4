// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tool without a kernel: what it shows of phase 1 and of sessions against literal
 * text, and the status of a session.
 */
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "cli.h"
#include "examples.h"
#include "printed.h"
#include "tap.h"
#include "vrf.h"

static void test_isakmp_sa(void)
{
	struct isakmp_sa sa[] = {
		{ .conn_id = 1003, .local = "198.51.100.7", .remote = "192.0.2.9",
		  .initiator = true, .state = "QM_IDLE" },
		{ .conn_id = 1002, .local = "192.0.2.20", .remote = "198.51.100.7",
		  .state = "MM_NO_STATE", .deleted = true },
	};
	struct isakmp_sas sas = { sa, 2 };
	char *got;
	size_t len;
	FILE *f = open_memstream(&got, &len);

	print_isakmp_sas(f, &sas);
	is("show crypto isakmp sa: dst and src by role", f, &got,
	   "IPv4 Crypto ISAKMP SA\n"
	   "dst             src             state          conn-id status\n"
	   "192.0.2.9       198.51.100.7    QM_IDLE           1003 ACTIVE\n"
	   "192.0.2.20      198.51.100.7    MM_NO_STATE       1002 ACTIVE (deleted)\n"
	   "\n"
	   "IPv6 Crypto ISAKMP SA\n"
	   "\n");

	/* before it is known from where the peer is reached */
	strcpy(sa[0].local, "%any");
	strcpy(sa[1].remote, "2001:db8::20");
	strcpy(sa[1].local, "%any6");
	f = open_memstream(&got, &len);
	print_isakmp_sas(f, &sas);
	fclose(f);
	tap_ok(strstr(got, "\n192.0.2.9       0.0.0.0         QM_IDLE           1003 ACTIVE\n") &&
	       strstr(got, "\n::              2001:DB8::20    MM_NO_STATE       1002 ACTIVE (deleted)\n"),
	       "show crypto isakmp sa: without an address of this side");
	free(got);
}

static void test_policy(void)
{
	static const char text[] =
		"crypto isakmp policy 10\n encr aes 256\n hash sha256\n authentication pre-share\n"
		" group 14\ncrypto isakmp policy 20\n encr 3des\n hash md5\n lifetime 60\n"
		"crypto isakmp policy 30\n group 5\n";
	struct ios_config *cfg = ios_parse("t", text, strlen(text), IOS_PHASE1_ONLY);
	char *got;
	size_t len;
	FILE *f = open_memstream(&got, &len);

	print_isakmp_policies(f, cfg);
	is("show crypto isakmp policy", f, &got,
	   "\n"
	   "Global IKE policy\n"
	   "Protection suite of priority 10\n"
	   "\tencryption algorithm:\tAES - Advanced Encryption Standard (256 bit keys).\n"
	   "\thash algorithm:\t\tSecure Hash Standard 2 (256 bit)\n"
	   "\tauthentication method:\tPre-Shared Key\n"
	   "\tDiffie-Hellman group:\t#14 (2048 bit)\n"
	   "\tlifetime:\t\t86400 seconds, no volume limit\n"
	   "Protection suite of priority 20\n"
	   "\tencryption algorithm:\tThree key triple DES\n"
	   "\thash algorithm:\t\tMessage Digest 5\n"
	   "\tauthentication method:\tRivest-Shamir-Adleman Signature\n"
	   "\tDiffie-Hellman group:\t#1 (768 bit)\n"
	   "\tlifetime:\t\t60 seconds, no volume limit\n"
	   "Protection suite of priority 30\n"
	   "\tencryption algorithm:\tDES - Data Encryption Standard (56 bit keys).\n"
	   "\thash algorithm:\t\tSecure Hash Standard\n"
	   "\tauthentication method:\tRivest-Shamir-Adleman Signature\n"
	   "\tDiffie-Hellman group:\t#5 (1536 bit)\n"
	   "\tlifetime:\t\t86400 seconds, no volume limit\n");
	ios_free(cfg);

	cfg = ios_parse("t", "", 0, IOS_PHASE1_ONLY);
	f = open_memstream(&got, &len);
	print_isakmp_policies(f, cfg);
	fclose(f);
	tap_ok(!strncmp(got, "\nDefault IKE policy\nProtection suite of priority 65507\n", 55) &&
	       strstr(got, "Protection suite of priority 65508\n"
		      "\tencryption algorithm:\tAES - Advanced Encryption Standard (128 bit keys).\n"
		      "\thash algorithm:\t\tSecure Hash Standard\n"
		      "\tauthentication method:\tPre-Shared Key\n"
		      "\tDiffie-Hellman group:\t#5 (1536 bit)\n"
		      "\tlifetime:\t\t86400 seconds, no volume limit\n"
		      "Protection suite of priority 65509\n") &&
	       strstr(got, "priority 65514\n\tencryption algorithm:\tThree key triple DES\n"),
	       "without any the default ones");
	free(got);
	f = open_memstream(&got, &len);
	print_isakmp_defaults(f, cfg);
	fclose(f);
	tap_ok(!strncmp(got, "\nDefault protection suite of priority 65507\n\tencryption", 55) &&
	       strstr(got, "Default protection suite of priority 65514\n"), "show crypto isakmp default policy");
	free(got);
	cfg->isakmp.no_default_policy = true;
	f = open_memstream(&got, &len);
	print_isakmp_defaults(f, cfg);
	print_isakmp_policies(f, cfg);
	is("turned off", f, &got, "\nGlobal IKE policy\n");
	ios_free(cfg);
}

/* IOS's words for each hash, authentication and group, and for DES and each length of AES. */
static void test_policy_words(void)
{
	static const struct {
		const char *line, *wanted;
	} t[] = {
		{ "encr des", "encryption algorithm:\tDES - Data Encryption Standard (56 bit keys)." },
		{ "encr 3des", "encryption algorithm:\tThree key triple DES" },
		{ "encr aes", "encryption algorithm:\tAES - Advanced Encryption Standard (128 bit keys)." },
		{ "encr aes 192", "encryption algorithm:\tAES - Advanced Encryption Standard (192 bit keys)." },
		{ "hash md5", "hash algorithm:\t\tMessage Digest 5" },
		{ "hash sha", "hash algorithm:\t\tSecure Hash Standard" },
		{ "hash sha256", "hash algorithm:\t\tSecure Hash Standard 2 (256 bit)" },
		{ "hash sha384", "hash algorithm:\t\tSecure Hash Standard 2 (384 bit)" },
		{ "hash sha512", "hash algorithm:\t\tSecure Hash Standard 2 (512 bit)" },
		{ "authentication rsa-sig", "authentication method:\tRivest-Shamir-Adleman Signature" },
		{ "authentication rsa-encr", "authentication method:\tRivest-Shamir-Adleman Encryption" },
		{ "authentication pre-share", "authentication method:\tPre-Shared Key" },
		{ "group 1", "Diffie-Hellman group:\t#1 (768 bit)" },
		{ "group 2", "Diffie-Hellman group:\t#2 (1024 bit)" },
		{ "group 5", "Diffie-Hellman group:\t#5 (1536 bit)" },
		{ "group 14", "Diffie-Hellman group:\t#14 (2048 bit)" },
		{ "group 15", "Diffie-Hellman group:\t#15 (3072 bit)" },
		{ "group 16", "Diffie-Hellman group:\t#16 (4096 bit)" },
		{ "group 19", "Diffie-Hellman group:\t#19 (256 bit)" },
		{ "group 20", "Diffie-Hellman group:\t#20 (384 bit)" },
		{ "group 21", "Diffie-Hellman group:\t#21 (521 bit)" },
		{ "group 24", "Diffie-Hellman group:\t#24 (2048 bit, 256 bit subgroup)" },
	};
	char text[128], wanted[128], *got;
	struct ios_config *cfg;
	size_t i, len;
	FILE *f;

	for (i = 0; i < sizeof(t) / sizeof(*t); i++) {
		snprintf(text, sizeof(text), "crypto isakmp policy 10\n %s\n", t[i].line);
		snprintf(wanted, sizeof(wanted), "\n\t%s\n", t[i].wanted);
		cfg = ios_parse("t", text, strlen(text), IOS_PHASE1_ONLY);
		f = open_memstream(&got, &len);
		print_isakmp_policies(f, cfg);
		fclose(f);
		if (!tap_ok(strstr(got, wanted), "show crypto isakmp policy: %s", t[i].line))
			printf("# %s\n", got);
		free(got);
		ios_free(cfg);
	}
}

static void test_status(void)
{
	tap_ok(!strcmp(session_status(true, false, true), "UP-ACTIVE"), "IKE and IPsec SAs");
	tap_ok(!strcmp(session_status(true, true, true), "UP-ACTIVE"), "one of two IKE SAs is enough");
	tap_ok(!strcmp(session_status(true, false, false), "UP-IDLE"), "IKE SA alone");
	tap_ok(!strcmp(session_status(false, true, true), "UP-NO-IKE"), "IPsec SAs, IKE not ready");
	tap_ok(!strcmp(session_status(false, false, true), "UP-NO-IKE"), "IPsec SAs alone");
	tap_ok(!strcmp(session_status(false, true, false), "DOWN-NEGOTIATING"), "IKE not ready");
	tap_ok(!strcmp(session_status(false, false, false), "DOWN"), "nothing");
}

/* The first flow's device is in one, those of the others are in none. */
static void test_vrf(struct flows *flows, const struct sas *sas, const struct isakmp_sas *isakmp)
{
	json_t *list;
	char *got;
	size_t len;
	FILE *f;

	strcpy(flows->v[0].vrf, "red");
	f = open_memstream(&got, &len);
	print_sessions(f, flows, sas, isakmp, NULL, NULL, SESSION_DETAIL);
	fclose(f);
	tap_ok(strstr(got, "\nPeer: 192.0.2.9 port 500 fvrf: red ivrf: red\n") &&
	       strstr(got, "\nPeer: 192.0.2.20 port 500 fvrf: (none) ivrf: (none)\n"),
	       "the VRF of a session is that of its device");
	free(got);
	f = open_memstream(&got, &len);
	print_sessions(f, flows, sas, isakmp, NULL, NULL, SESSION_BRIEF);
	fclose(f);
	tap_ok(strstr(got, "        K - No IKE\nivrf = red\nPeer  ") &&
	       strstr(got, "\nivrf = (none)\nPeer  "), "session brief has those of each VRF below it");
	free(got);
	list = json_sessions(flows, sas, isakmp, NULL, NULL);
	tap_ok(!strcmp(json_string_value(json_object_get(json_array_get(list, 0), "vrf")), "red") &&
	       !json_object_get(json_array_get(list, 1), "vrf"), "and so has JSON");
	json_decref(list);
	flows->v[0].vrf[0] = '\0';
}

/* One in a VRF, one in none, one from another address, and one whose flow has none yet. */
static void test_isakmp_vrf(struct flows *flows)
{
	struct isakmp_sa ike[] = {
		{ .conn_id = 1001, .local = "198.51.100.7", .remote = "192.0.2.9" },
		{ .conn_id = 1002, .local = "198.51.100.7", .remote = "192.0.2.20" },
		{ .conn_id = 1003, .local = "203.0.113.7", .remote = "192.0.2.9" },
		{ .conn_id = 1004, .local = "198.51.100.7", .remote = "192.0.2.30" },
		{ .conn_id = 1005, .local = "2001:db8::7", .remote = "2001:db8::9" },
		{ .conn_id = 1006, .local = "", .remote = "192.0.2.9" },
	};
	static const char *const ivrf[] = { "red", "", "", "operations-room", "red", "" };
	struct isakmp_sas sas = { ike, 6 };
	struct flow flow[] = { flows->v[0], flows->v[1], flows->v[2], flows->v[0], flows->v[0] };
	struct flows more = { flow, 5 };
	size_t i, len, right = 0;
	json_t *value;
	char *got;
	FILE *f;

	strcpy(flow[0].vrf, "red");
	strcpy(flow[2].vrf, "red");
	/* it has no address of its own yet */
	flow[3].local = (struct ios_addr){ 0 };
	flow[3].remote = addr("192.0.2.30");
	strcpy(flow[3].vrf, "operations-room");
	flow[4].local = addr("2001:db8::7");
	flow[4].remote = addr("2001:db8::9");
	strcpy(flow[4].vrf, "red");
	vrf_find_isakmp(&sas, &more);
	for (i = 0; i < sas.n; i++)
		right += !strcmp(ike[i].ivrf, ivrf[i]);
	tap_ok(right == sas.n, "the inside VRF of an ISAKMP SA is that of the flows between its ends");

	for (i = 0; i < sas.n; i++) {
		strcpy(ike[i].state, "QM_IDLE");
		strcpy(ike[i].encr, "aes");
		strcpy(ike[i].hash, "sha256");
		strcpy(ike[i].auth, "psk");
		ike[i].group = 14;
	}
	f = open_memstream(&got, &len);
	print_isakmp_details(f, &sas);
	fclose(f);
	tap_ok(strstr(got, "C-id  Local           Remote          I-VRF  Status Encr Hash   Auth DH Lifetime Cap.\n"
			   "\n"
			   "1001  198.51.100.7    192.0.2.9       red    ACTIVE aes  sha256 psk  14 ") &&
	       strstr(got, "\n1002  198.51.100.7    192.0.2.20             ACTIVE aes  sha256 psk  14 "),
	       "show crypto isakmp sa detail has it in its column");
	tap_ok(strstr(got, "\n1004  198.51.100.7    192.0.2.30      operations-room ACTIVE aes  sha256 psk  14 "),
	       "and a long name whole");
	free(got);
	value = json_isakmp_sa(&ike[0]);
	tap_ok(!strcmp(json_string_value(json_object_get(value, "ivrf")), "red"), "and so has JSON");
	json_decref(value);
	value = json_isakmp_sa(&ike[1]);
	tap_ok(value && !json_object_get(value, "ivrf"), "if there is one");
	json_decref(value);
}

/* What the kernel says of a device that has a master of this kind. */
static uint32_t vrf_of(const char *kind)
{
	char buf[512] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nlattr *info;

	nlh->nlmsg_type = RTM_NEWLINK;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, "eth0");
	if (!kind)
		return vrf_of_link(nlh);
	mnl_attr_put_u32(nlh, IFLA_MASTER, 7);
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "veth");
	mnl_attr_put_strz(nlh, IFLA_INFO_SLAVE_KIND, kind);
	mnl_attr_nest_end(nlh, info);
	return vrf_of_link(nlh);
}

static void test_link(void)
{
	tap_ok(vrf_of("vrf") == 7, "a device in a VRF");
	tap_ok(!vrf_of("bridge") && !vrf_of(NULL), "one on a bridge, or on its own, is in none");
}

static void test_description(const struct flows *flows, const struct sas *sas,
			     const struct isakmp_sas *isakmp)
{
	static const char text[] =
		"crypto isakmp peer address 192.0.2.9\n description to B (green), room 7\n"
		"crypto isakmp peer address 192.0.2.20\ncrypto isakmp peer hostname c.example.org\n"
		" description by name\n";
	struct ios_config *cfg = ios_parse("t", text, strlen(text), IOS_PHASE1_ONLY);
	json_t *value = json_sessions(flows, sas, isakmp, cfg, NULL);
	const char *said;
	char *got;
	size_t len;
	FILE *f = open_memstream(&got, &len);

	print_sessions(f, flows, sas, isakmp, cfg, NULL, SESSION_DETAIL);
	fclose(f);
	tap_ok(strstr(got, "Peer: 192.0.2.9 port 500 fvrf: (none) ivrf: (none)\n"
			   "      Desc: to B (green), room 7\n") &&
	       strstr(got, "Peer: 192.0.2.20 port 500 fvrf: (none) ivrf: (none)\n"
			   "      Desc: (none)\n"), "show crypto session detail: descriptions of peers");
	free(got);
	said = json_string_value(json_object_get(json_array_get(value, 0), "description"));
	tap_ok(said && !strcmp(said, "to B (green), room 7") &&
	       !json_object_get(json_array_get(value, 1), "description"), "and with --json");
	json_decref(value);

	strcpy(flows->v[0].peer_name, "c.example.org");
	flows->v[0].remote.v4.s_addr ^= 1;
	value = json_sessions(flows, sas, isakmp, cfg, NULL);
	said = json_string_value(json_object_get(json_array_get(value, 2), "description"));
	tap_ok(said && !strcmp(said, "by name"), "of a peer that is configured by name");
	flows->v[0].remote.v4.s_addr ^= 1;
	*flows->v[0].peer_name = '\0';
	json_decref(value);
	ios_free(cfg);
}

static void test_session(void)
{
	struct flow flow[3] = { example_flow(), example_flow(), example_flow() };
	struct sa sa[2] = {
		example_sa(CRYPTO_MAP_SA_DIR_IN, 0xB0E405F8, 3),
		example_sa(CRYPTO_MAP_SA_DIR_OUT, 0x5A01C3D, 4),
	};
	struct isakmp_sa ike[] = {
		{ .conn_id = 1001, .local = "198.51.100.7", .local_port = 500,
		  .remote = "192.0.2.9", .remote_port = 500, .initiator = true, .state = "QM_IDLE" },
		{ .conn_id = 1000, .local = "198.51.100.7", .local_port = 500,
		  .remote = "192.0.2.9", .remote_port = 500, .state = "QM_IDLE", .deleted = true },
		{ .conn_id = 1002, .local = "198.51.100.7", .local_port = 500,
		  .remote = "192.0.2.20", .remote_port = 500, .state = "MM_KEY_EXCH" },
	};
	struct isakmp_sas isakmp = { ike, 3 };
	struct flows flows = { flow, 3 };
	struct sas sas = { sa, 2 };
	char *got;
	size_t len, i;
	FILE *f = open_memstream(&got, &len);

	/* two peers, the flows of one of them apart from each other */
	flow[1].id = 8;
	flow[1].entry_seq = 20;
	flow[1].remote = addr("192.0.2.20");
	flow[2].id = 9;
	flow[2].ace_seq = 20;
	flow[2].selector.local_wild = addr("0.0.0.0");
	flow[2].selector.protocol = 47;
	print_sessions(f, &flows, &sas, &isakmp, NULL, NULL, SESSION_PLAIN);
	is("show crypto session", f, &got,
	   "Crypto session current status\n"
	   "\n"
	   "Interface: GigabitEthernet0/1\n"
	   "Session status: UP-ACTIVE     \n"
	   "Peer: 192.0.2.9 port 500 \n"
	   "  Session ID: 0  \n"
	   "  IKEv1 SA: local 198.51.100.7/500 remote 192.0.2.9/500 Active \n"
	   "  IPSEC FLOW: permit ip 10.7.0.0/255.255.0.0 10.9.4.0/255.255.252.0 \n"
	   "        Active SAs: 2, origin: crypto map\n"
	   "  IPSEC FLOW: permit 47 host 10.7.0.0 10.9.4.0/255.255.252.0 \n"
	   "        Active SAs: 0, origin: crypto map\n"
	   "\n"
	   "Interface: GigabitEthernet0/1\n"
	   "Session status: DOWN-NEGOTIATING\n"
	   "Peer: 192.0.2.20 port 500 \n"
	   "  Session ID: 0  \n"
	   "  IKEv1 SA: local 198.51.100.7/500 remote 192.0.2.20/500 Inactive \n"
	   "  IPSEC FLOW: permit ip 10.7.0.0/255.255.0.0 10.9.4.0/255.255.252.0 \n"
	   "        Active SAs: 0, origin: crypto map\n");

	/* it goes on when one of the two kinds of SAs is replaced by younger ones */
	ike[0].uptime = 3600;
	flow[0].up_seconds = 7 * 86400;
	flow[2].up_seconds = 20;
	f = open_memstream(&got, &len);
	print_sessions(f, &flows, &sas, &isakmp, NULL, NULL, SESSION_DETAIL);
	fclose(f);
	tap_ok(strstr(got, "\nUptime: 1w0d\nSession status: UP-ACTIVE") &&
	       strstr(got, "\nInterface: GigabitEthernet0/1\nSession status: DOWN-NEGOTIATING\n"),
	       "up for as long as its flow");
	free(got);
	flow[0].up_seconds = 10;
	f = open_memstream(&got, &len);
	print_sessions(f, &flows, &sas, &isakmp, NULL, NULL, SESSION_DETAIL);
	fclose(f);
	tap_ok(strstr(got, "\nUptime: 01:00:00\nSession status: UP-ACTIVE"),
	       "up for as long as its ISAKMP SA");
	free(got);

	test_description(&flows, &sas, &isakmp);
	test_vrf(&flows, &sas, &isakmp);
	test_isakmp_vrf(&flows);
	test_link();

	/* the daemon is away */
	isakmp.n = 0;
	flows.n = 1;
	f = open_memstream(&got, &len);
	print_sessions(f, &flows, &sas, &isakmp, NULL, NULL, SESSION_DETAIL);
	fclose(f);
	tap_ok(strstr(got, "\nUptime: 00:00:10\nSession status: UP-NO-IKE\n"), "without phase 1, too");
	free(got);
	f = open_memstream(&got, &len);
	print_sessions(f, &flows, &sas, &isakmp, NULL, NULL, SESSION_PLAIN);
	fclose(f);
	tap_ok(strstr(got, "Session status: UP-NO-IKE\n") && !strstr(got, "IKEv1 SA"),
	       "SAs without a daemon");
	free(got);

	sas.n = 0;
	f = open_memstream(&got, &len);
	print_sessions(f, &flows, &sas, &isakmp, NULL, NULL, SESSION_PLAIN);
	fclose(f);
	tap_ok(strstr(got, "Session status: DOWN\n"), "no blanks behind another status");
	free(got);

	/* peers whose names are not resolved */
	flows.n = 3;
	for (i = 0; i < 3; i++) {
		flow[i].remote = (struct ios_addr){ 0 };
		strcpy(flow[i].peer_name, i == 1 ? "b.example.org" : "a.example.org");
	}
	f = open_memstream(&got, &len);
	print_sessions(f, &flows, &sas, &isakmp, NULL, NULL, SESSION_PLAIN);
	is("show crypto session: peers that are known by name alone", f, &got,
	   "Crypto session current status\n"
	   "\n"
	   "Interface: GigabitEthernet0/1\n"
	   "Session status: DOWN\n"
	   "Peer: a.example.org port 500 \n"
	   "  IPSEC FLOW: permit ip 10.7.0.0/255.255.0.0 10.9.4.0/255.255.252.0 \n"
	   "        Active SAs: 0, origin: crypto map\n"
	   "  IPSEC FLOW: permit 47 host 10.7.0.0 10.9.4.0/255.255.252.0 \n"
	   "        Active SAs: 0, origin: crypto map\n"
	   "\n"
	   "Interface: GigabitEthernet0/1\n"
	   "Session status: DOWN\n"
	   "Peer: b.example.org port 500 \n"
	   "  IPSEC FLOW: permit ip 10.7.0.0/255.255.0.0 10.9.4.0/255.255.252.0 \n"
	   "        Active SAs: 0, origin: crypto map\n");
}

static void test_keys(void)
{
	static const char text[] =
		"crypto isakmp key SECRET-1 address 192.0.2.9\n"
		"crypto isakmp key SECRET-2 address 10.0.0.0 255.0.0.0\n"
		"crypto isakmp key SECRET-3 hostname b.example\n"
		"crypto isakmp key SECRET-4 address 0.0.0.0\n"
		"crypto isakmp key SECRET-5 address ipv6 2001:db8:1234:5678:9abc:def0:1234:0/120\n";
	struct ios_config *cfg = ios_parse("t", text, strlen(text), IOS_PHASE1_ONLY);
	json_t *value = json_isakmp_keys(cfg);
	char *got;
	size_t len;
	FILE *f = open_memstream(&got, &len);

	has_json("show crypto isakmp key --json", value,
		 "[{\"keyring\": \"default\", \"peer\": \"192.0.2.9\", \"mask\": \"255.255.255.255\"}, "
		 "{\"keyring\": \"default\", \"peer\": \"10.0.0.0\", \"mask\": \"255.0.0.0\"}, "
		 "{\"keyring\": \"default\", \"peer\": \"b.example\"}, "
		 "{\"keyring\": \"default\", \"peer\": \"0.0.0.0\", \"mask\": \"0.0.0.0\"}, "
		 "{\"keyring\": \"default\", \"peer\": \"2001:db8:1234:5678:9abc:def0:1234:0\", \"mask\": 120}]");
	json_decref(value);
	print_isakmp_keys(f, cfg);
	is("show crypto isakmp key", f, &got,
	   "Keyring      Hostname/Address                            Preshared Key\n"
	   "\n"
	   "default      192.0.2.9                                   (not shown)\n"
	   "default      10.0.0.0       [255.0.0.0      ]            (not shown)\n"
	   "default      b.example                                   (not shown)\n"
	   "default      0.0.0.0        [0.0.0.0        ]            (not shown)\n"
	   "default      2001:DB8:1234:5678:9ABC:DEF0:1234:0/120     (not shown)\n");
	ios_free(cfg);
}

static void test_profiles(void)
{
	static const char text[] =
		"crypto isakmp profile P\n match identity address ipv6 2001:DB8:B::/48\n"
		" match identity address 10.0.0.0 255.0.0.0\n match identity host Gw.example\n"
		" local-address 2001:DB8::1\n initiate mode aggressive\n"
		"crypto isakmp profile Q\n match identity group G\n";
	struct ios_config *cfg = ios_parse("t", text, strlen(text), IOS_PHASE1_ONLY);
	json_t *value = json_isakmp_profiles(cfg);
	char *got;
	size_t len;
	FILE *f = open_memstream(&got, &len);

	has_json("show crypto isakmp profile --json: identities", value,
		 "[{\"kind\": \"ipv6-address\", \"value\": \"2001:db8:b::/48\"}, "
		 "{\"kind\": \"ip-address\", \"value\": \"10.0.0.0 255.0.0.0\"}, "
		 "{\"kind\": \"fqdn\", \"value\": \"Gw.example\"}]");
	has_json("show crypto isakmp profile --json: local address", value,
		 "\"local-address\": \"2001:db8::1\"");
	has_json("show crypto isakmp profile --json: aggressive mode", value, "\"aggressive\": true");
	json_decref(value);
	print_isakmp_profiles(f, cfg);
	is("show crypto isakmp profile", f, &got,
	   "IKEv1 PROFILE P\n"
	   "  Identities matched are:\n"
	   "    ipv6-address 2001:DB8:B::/48\n"
	   "    ip-address 10.0.0.0 255.0.0.0\n"
	   "    fqdn Gw.example\n"
	   "  keyring(s): default\n"
	   "  trustpoint(s): <all>\n"
	   "  Initiates in aggressive mode\n"
	   "\n"
	   "IKEv1 PROFILE Q\n"
	   "  Identities matched are:\n"
	   "    group G\n"
	   "  keyring(s): default\n"
	   "  trustpoint(s): <all>\n"
	   "\n");
	ios_free(cfg);
}

static void count_right(const struct flow *flow, const char *status, void *data)
{
	static const char *const wanted[] = { "UP-IDLE", "DOWN", "DOWN-NEGOTIATING", "DOWN" };
	unsigned int *right = data;

	*right += !strcmp(status, wanted[flow->id % 4]);
}

/*
 * Of four peers the first has an ISAKMP SA; one has none but with another address of
 * ours, one an unfinished one, and that of the last is deleted.
 */
static void test_many_sessions(void)
{
	enum { N = 1000 };
	struct isakmp_sas isakmp = { calloc(N, sizeof(struct isakmp_sa)), N };
	struct flows flows = { .v = calloc(N, sizeof(struct flow)), .n = N };
	unsigned int right = 0, i;
	struct sas sas = { 0 };

	for (i = 0; i < N; i++) {
		struct flow *flow = &flows.v[i];
		struct isakmp_sa *ike = &isakmp.v[N - 1 - i];

		snprintf(ike->remote, sizeof(ike->remote), "10.0.%u.%u", i >> 8, i & 255);
		strcpy(ike->local, i % 4 == 1 ? "192.0.2.2" : "192.0.2.1");
		strcpy(ike->state, i % 4 == 2 ? "MM_KEY_EXCH" : "QM_IDLE");
		ike->deleted = i % 4 == 3;
		*flow = (struct flow){ .id = i, .local = addr("192.0.2.1"),
				       .remote = addr(ike->remote) };
	}
	each_session(&flows, &sas, &isakmp, count_right, &right);
	tap_ok(right == N, "status of each of many sessions");
	free(isakmp.v);
	free(flows.v);
}

int main(void)
{
	test_isakmp_sa();
	test_policy();
	test_policy_words();
	test_status();
	test_session();
	test_many_sessions();
	test_keys();
	test_profiles();
	return tap_done();
}
