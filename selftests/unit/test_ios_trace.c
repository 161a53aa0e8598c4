// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * packet-tracer without a kernel: the packets that it makes, and how it tells what
 * became of them.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "cli.h"
#include "packet.h"
#include "printed.h"
#include "tap.h"
#include "trace.h"

static struct ios_addr addr(const char *text)
{
	struct ios_addr a;

	parse_address(text, &a);
	return a;
}

/* The bytes of a packet against literal ones, of which it may have more zeros. */
static void builds(const char *what, struct packet packet, const char *src, const char *dst,
		   size_t len, const char *wanted, size_t n)
{
	static uint8_t buf[PACKET_MAX];
	size_t got;

	packet.src = addr(src);
	packet.dst = addr(dst);
	got = packet_build(&packet, buf);
	tap_ok(got == len && !memcmp(buf, wanted, n), "%s (%zu bytes)", what, got);
}

#define BYTES(text) text, sizeof(text) - 1

/* Words of access lists for the numbers of a packet. */
static void test_words(void)
{
	static const struct {
		const char *word;
		int proto, port;
	} ports[] = {
		{ "isakmp", IPPROTO_UDP, 500 }, { "non500-isakmp", IPPROTO_UDP, 4500 },
		{ "NON500", IPPROTO_UDP, 4500 }, { "domain", IPPROTO_UDP, 53 },
		{ "domain", IPPROTO_TCP, 53 }, { "www", IPPROTO_TCP, 80 }, { "echo", IPPROTO_TCP, 7 },
		{ "www", IPPROTO_UDP, -1 }, { "isakmp", IPPROTO_TCP, -1 }, { "n", IPPROTO_UDP, -1 },
		{ "", IPPROTO_UDP, -1 }, { "80", IPPROTO_TCP, -1 },
	};
	static const struct {
		const char *word;
		int proto4, proto6;
	} protocols[] = {
		{ "gre", 47, -1 }, { "esp", 50, 50 }, { "ahp", 51, 51 }, { "eigrp", 88, -1 },
		{ "ospf", 89, -1 }, { "icmp", 1, 58 }, { "ip", -1, -1 }, { "ipv6", -1, -1 },
		{ "", -1, -1 }, { "0", -1, -1 }, { "bogus", -1, -1 },
	};
	int code = 0;
	size_t i;

	for (i = 0; i < sizeof(ports) / sizeof(*ports); i++)
		tap_ok(ios_port_word(ports[i].proto, ports[i].word) == ports[i].port, "port '%s' of %s",
		       ports[i].word, ports[i].proto == IPPROTO_TCP ? "TCP" : "UDP");
	for (i = 0; i < sizeof(protocols) / sizeof(*protocols); i++)
		tap_ok(ios_protocol_word(AF_INET, protocols[i].word) == protocols[i].proto4 &&
		       ios_protocol_word(AF_INET6, protocols[i].word) == protocols[i].proto6,
		       "protocol '%s'", protocols[i].word);
	tap_ok(ios_icmp_word(AF_INET, "echo", &code) == 8 && code == IOS_ICMP_ANY, "ICMP type 'echo'");
	tap_ok(ios_icmp_word(AF_INET, "port-unreachable", &code) == 3 && code == 3, "ICMP type with a code");
	tap_ok(ios_icmp_word(AF_INET6, "echo-request", &code) == 128, "ICMPv6 type 'echo-request'");
	tap_ok(ios_icmp_word(AF_INET6, "echo", &code) < 0, "ICMPv6 type of which there are two");
}

static void test_packets(void)
{
	builds("TCP", (struct packet){ .protocol = IPPROTO_TCP, .sport = 1000, .dport = 443 },
	       "10.1.0.2", "10.2.0.2", 40,
	       BYTES("\x45\0\0\x28\0\0\0\0\x40\x06\0\0\x0a\x01\0\x02\x0a\x02\0\x02"
		     "\x03\xe8\x01\xbb\0\0\0\0\0\0\0\0\x50\x02\0\0\0\0\0\0"));
	builds("UDP with DF and size",
	       (struct packet){ .protocol = IPPROTO_UDP, .sport = 1, .dport = 2, .size = 1500, .df = true },
	       "10.1.0.2", "10.2.0.2", 1500,
	       BYTES("\x45\0\x05\xdc\0\0\x40\0\x40\x11\0\0\x0a\x01\0\x02\x0a\x02\0\x02"
		     "\0\x01\0\x02\x05\xc8\0\0\0\0"));
	builds("ESP", (struct packet){ .protocol = IPPROTO_ESP, .spi = 0x1001 }, "10.1.0.2",
	       "10.2.0.2", 28,
	       BYTES("\x45\0\0\x1c\0\0\0\0\x40\x32\0\0\x0a\x01\0\x02\x0a\x02\0\x02"
		     "\0\0\x10\x01\0\0\0\x01"));
	builds("ESP in UDP",
	       (struct packet){ .protocol = IPPROTO_ESP, .spi = 0x1001, .in_udp = true, .sport = 4500,
				.dport = 4501 }, "10.1.0.2", "10.2.0.2", 36,
	       BYTES("\x45\0\0\x24\0\0\0\0\x40\x11\0\0\x0a\x01\0\x02\x0a\x02\0\x02"
		     "\x11\x94\x11\x95\0\x10\0\0\0\0\x10\x01\0\0\0\x01"));
	builds("ICMPv6", (struct packet){ .protocol = IPPROTO_ICMPV6, .type = 128, .code = 3 },
	       "fd01::2", "fd02::2", 48,
	       BYTES("\x60\0\0\0\0\x08\x3a\x40\xfd\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\x02"
		     "\xfd\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\x80\x03\0\0"));
	builds("another protocol", (struct packet){ .protocol = 47 }, "10.1.0.2", "10.2.0.2", 28,
	       BYTES("\x45\0\0\x1c\0\0\0\0\x40\x2f"));
	builds("the smallest size", (struct packet){ .protocol = IPPROTO_TCP, .size = 40 },
	       "10.1.0.2", "10.2.0.2", 40, "", 0);
	builds("less than its headers", (struct packet){ .protocol = IPPROTO_TCP, .size = 39 },
	       "10.1.0.2", "10.2.0.2", 0, "", 0);
	builds("the largest size", (struct packet){ .protocol = IPPROTO_TCP, .size = 65531 },
	       "fd01::2", "fd02::2", 65531, "", 0);
	builds("too large", (struct packet){ .protocol = IPPROTO_TCP, .size = 65532 }, "fd01::2",
	       "fd02::2", 0, "", 0);
}

static void prints(const char *what, const struct trace *trace, const char *wanted)
{
	char *got;
	size_t len;
	FILE *f = open_memstream(&got, &len);

	print_trace(f, trace);
	is(what, f, &got, wanted);
}

/* The same of a part. */
static void prints_part(const char *what, const struct trace *trace, const char *wanted)
{
	char *got;
	size_t len;
	FILE *f = open_memstream(&got, &len);

	print_trace(f, trace);
	fclose(f);
	if (!tap_ok(strstr(got, wanted), "%s", what))
		printf("# %s\n", got);
	free(got);
}

static struct trace example(void)
{
	return (struct trace){
		.in = "GigabitEthernet0/0", .result = CRYPTO_MAP_TRACE_RESULT_PROTECT,
		.out_ifname = "eth1", .out = "GigabitEthernet0/1", .gateway = addr("198.51.100.1"),
		.out_map = "VPN", .deny = { { .seq = 10, .acl = "A", .ace = 20 } }, .n_denies = 1,
		.seq = 20, .acl = "B", .ace = 30, .filter = "OUT", .filter_ace = 5,
		.filter_permits = true, .has_flow = true, .has_sa = true,
		.flow = { .id = 7, .ifname = "eth1", .label = "GigabitEthernet0/1", .map = "VPN",
			  .acl = "B", .entry_seq = 20, .ace_seq = 30, .remote = addr("192.0.2.9"),
			  .mtu = 1500 },
		.sa = { .spi = 0x1001, .dir = CRYPTO_MAP_SA_DIR_OUT, .flow_id = 7,
			.remote = addr("192.0.2.9") },
		.plain_mtu = 1446, .fragmented = true,
	};
}

#define ROUTED \
	"Phase: 1\nType: ROUTE-LOOKUP\nSubtype: Resolve Egress Interface\nResult: ALLOW\nConfig:\n" \
	"Additional Information:\nnext hop 198.51.100.1, egress interface GigabitEthernet0/1\n\n"
#define CLASSIFIED \
	"Phase: 2\nType: CRYPTO-MAP\nSubtype: classify\nResult: ALLOW\nConfig:\n" \
	"interface GigabitEthernet0/1\n crypto map VPN\nAdditional Information:\n" \
	"crypto map VPN 10: denied by access list A, entry 20\n" \
	"crypto map VPN 20: permitted by access list B, entry 30\n\n"

static void test_text(void)
{
	struct trace trace = example();

	prints("protected", &trace, ROUTED CLASSIFIED
	       "Phase: 3\nType: ACCESS-LIST\nSubtype: crypto map access-group out\nResult: ALLOW\nConfig:\n"
	       "set ip access-group OUT out\nAdditional Information:\npermitted by entry 5\n\n"
	       "Phase: 4\nType: VPN\nSubtype: encrypt\nResult: ALLOW\nConfig:\n"
	       "crypto map VPN 20\nAdditional Information:\n"
	       "flow 7, peer 192.0.2.9, spi 0x1001(4097), tunnel\n"
	       "plaintext mtu 1446, path mtu 1500\nfragmented before encryption\n\n"
	       "Result:\ninput-interface: GigabitEthernet0/0\noutput-interface: GigabitEthernet0/1\n"
	       "Action: allow, as ESP\n");

	trace.sa.mode = CRYPTO_MAP_MODE_TRANSPORT;
	trace.after_encryption = true;
	prints_part("transport mode, fragmented after encryption", &trace,
		    "\nflow 7, peer 192.0.2.9, spi 0x1001(4097), transport\n"
		    "plaintext mtu 1446, path mtu 1500\nfragmented after encryption\n");

	trace.result = CRYPTO_MAP_TRACE_RESULT_DROP;
	trace.reason = CRYPTO_MAP_DROP_REASON_ACCESS_GROUP_OUT;
	trace.filter_permits = false;
	trace.filter_ace = 0;
	trace.has_sa = false;
	prints("filtered", &trace, ROUTED CLASSIFIED
	       "Phase: 3\nType: ACCESS-LIST\nSubtype: crypto map access-group out\nResult: DROP\nConfig:\n"
	       "set ip access-group OUT out\nAdditional Information:\nno entry permits it\n\n"
	       "Result:\ninput-interface: GigabitEthernet0/0\noutput-interface: GigabitEthernet0/1\n"
	       "Action: drop\n"
	       "Drop-reason: (access-group-out) out, an access list of the crypto map entry does not "
	       "permit it (IOS set ip access-group out); the sender was told\n");

	trace = (struct trace){
		.in = "eth1", .in_map = "VPN", .result = CRYPTO_MAP_TRACE_RESULT_DROP,
		.reason = CRYPTO_MAP_DROP_REASON_CLEAR_TEXT, .seq = 10, .dynamic_seq = 5, .acl = "A",
		.ace = 20,
	};
	prints("clear text, by a template", &trace,
	       "Phase: 1\nType: CRYPTO-MAP\nSubtype: clear-text\nResult: DROP\nConfig:\n"
	       "interface eth1\n crypto map VPN\nAdditional Information:\n"
	       "crypto map VPN 10, entry 5 of its dynamic crypto map: permitted by access list A, entry 20\n\n"
	       "Result:\ninput-interface: eth1\nAction: drop\n"
	       "Drop-reason: (clear-text) in, clear text that a crypto map wants protected\n");
}

/* What becomes of a packet: in the text, and in JSON. */
static void test_results(void)
{
	static const struct {
		enum crypto_map_trace_result result;
		const char *action, *word;
	} t[] = {
		{ CRYPTO_MAP_TRACE_RESULT_DROP, "drop", "drop" },
		{ CRYPTO_MAP_TRACE_RESULT_CLEAR, "allow, in clear", "clear" },
		{ CRYPTO_MAP_TRACE_RESULT_PROTECT, "allow, as ESP", "protect" },
		{ CRYPTO_MAP_TRACE_RESULT_HOLD, "hold, until an SA is negotiated", "hold" },
		{ CRYPTO_MAP_TRACE_RESULT_DECRYPT, "allow, decrypted", "decrypt" },
		{ CRYPTO_MAP_TRACE_RESULT_LARVAL, "hold, until the keys of its SA are there", "larval" },
		{ CRYPTO_MAP_TRACE_RESULT_XFRM, "allow, to XFRM", "xfrm" },
		{ CRYPTO_MAP_TRACE_RESULT_DELIVER, "allow, to this host", "deliver" },
		{ CRYPTO_MAP_TRACE_RESULT_UNROUTABLE, "drop, not forwarded", "unroutable" },
	};
	struct trace trace = { .in = "eth0" };
	char wanted[128];
	json_t *value;
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(*t); i++) {
		trace.result = t[i].result;
		snprintf(wanted, sizeof(wanted), "\nResult:\ninput-interface: eth0\nAction: %s\n", t[i].action);
		prints_part(t[i].action, &trace, wanted);
		value = json_trace(&trace);
		snprintf(wanted, sizeof(wanted),
			 "{\"result\": \"%s\", \"input-interface\": \"eth0\", \"exempt\": false, \"denies\": []",
			 t[i].word);
		has_json(t[i].word, value, wanted);
		json_decref(value);
	}
}

static void test_json(void)
{
	struct trace trace = example();
	json_t *value = json_trace(&trace);

	has_json("JSON: from the result to what decides", value,
		 "{\"result\": \"protect\", \"input-interface\": \"GigabitEthernet0/0\", \"exempt\": false, "
		 "\"denies\": [{\"seq\": 10, \"acl\": \"A\", \"ace\": 20}], "
		 "\"output-interface\": \"GigabitEthernet0/1\", \"output-device\": \"eth1\", "
		 "\"gateway\": \"198.51.100.1\", \"output-map\": \"VPN\", \"seq\": 20, \"acl\": \"B\", \"ace\": 30, "
		 "\"access-group-out\": {\"acl\": \"OUT\", \"permits\": true, \"ace\": 5}, \"flow\": {\"flow\": 7, ");
	has_json("JSON: sizes", value,
		 "\"plaintext-mtu\": 1446, \"fragmentation\": \"before-encryption\"}");
	tap_ok(!strcmp(json_string_value(json_object_get(value, "result")), "protect"), "JSON: result");
	tap_ok(json_array_size(json_object_get(json_object_get(value, "flow"), "sas")) == 1,
	       "JSON: the one SA");
	tap_ok(json_integer_value(json_object_get(value, "plaintext-mtu")) == 1446, "JSON: MTU");
	tap_ok(!json_object_get(value, "reason"), "JSON: no reason without a drop");
	json_decref(value);

	trace.after_encryption = true;
	value = json_trace(&trace);
	has_json("JSON: fragmented after encryption", value, "\"fragmentation\": \"after-encryption\"}");
	json_decref(value);

	trace = (struct trace){
		.in = "eth1", .in_map = "VPN", .exempt = true, .result = CRYPTO_MAP_TRACE_RESULT_DROP,
		.reason = CRYPTO_MAP_DROP_REASON_REPLAY, .seq = 10, .dynamic_seq = 5, .acl = "A", .ace = 20,
		.out_ifname = "eth2", .out = "eth2",
	};
	value = json_trace(&trace);
	has_json("JSON: exempt, dropped, by a template, to a neighbour", value,
		 "{\"result\": \"drop\", \"input-interface\": \"eth1\", \"exempt\": true, \"denies\": [], "
		 "\"reason\": \"replay\", \"input-map\": \"VPN\", \"output-interface\": \"eth2\", "
		 "\"output-device\": \"eth2\", \"gateway\": null, \"seq\": 10, \"dynamic-seq\": 5, "
		 "\"acl\": \"A\", \"ace\": 20}");
	json_decref(value);
}

int main(void)
{
	test_words();
	test_packets();
	test_text();
	test_results();
	test_json();
	return tap_done();
}
