// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What show commands print with --json, whole and value by value, of a kernel module and a
 * daemon that are made here. Numbers and names differ from each other, so that no value can
 * stand in another one's place.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "examples.h"
#include "no_module.h"
#include "printed.h"
#include "tap.h"
#include "vrf.h"

static const char config[] =
	"crypto ipsec security-association lifetime seconds 7200\n"
	"crypto ipsec security-association lifetime kilobytes 5000\n"
	"crypto ipsec security-association idle-time 600\n"
	"crypto ipsec transform-set T1 esp-aes 256 esp-sha256-hmac\n mode transport require\n"
	"crypto ipsec transform-set T2 esp-gcm 192\n esn\n"
	"crypto ipsec transform-set T3 esp-3des esp-md5-hmac\n"
	"ip access-list extended TO-B\n 10 permit ip 10.7.0.0 0.0.255.255 10.9.4.0 0.0.3.255\n"
	" 20 remark the rest\n 30 deny ip any any\n"
	"ipv6 access-list SIX\n sequence 15 permit ipv6 any host 2001:db8::1\n"
	"access-list 101 permit ip any any\n"
	"access-list 102 permit udp any any\n"
	"crypto dynamic-map D 5\n set transform-set T2\n match address TO-B\n set pfs group19\n"
	"crypto map M 10 ipsec-isakmp\n description to B\n set peer 192.0.2.9\n set peer 192.0.2.20\n"
	" set transform-set T1 T2\n match address TO-B\n set pfs group14\n"
	" set ip access-group 101 in\n set ip access-group 102 out\n"
	" set security-association lifetime seconds 3600\n"
	" set security-association lifetime kilobytes 4000\n"
	" set security-association idle-time 900 default\n set security-association level per-host\n"
	" set security-association dfbit clear\n qos pre-classify\n"
	" reverse-route remote-peer 192.0.2.1 static\n set reverse-route distance 6\n"
	" set reverse-route tag 8\n set reverse-route gateway 192.0.2.2\n"
	"crypto map M 20 ipsec-manual\n set peer 192.0.2.30\n set transform-set T1\n"
	" set session-key inbound esp 300 cipher 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	" authenticator 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
	" set session-key outbound esp 301 cipher 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	" authenticator 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
	" match address 101\n"
	"crypto map M 30 ipsec-isakmp dynamic D\n"
	"interface GigabitEthernet0/1\n netdev eth1\n crypto map M\n crypto ipsec df-bit set\n"
	" crypto ipsec fragmentation after-encryption\n";

static const char phase1[] =
	"crypto isakmp policy 10\n encr aes 256\n hash sha384\n authentication rsa-encr\n group 24\n"
	" lifetime 7000\n"
	"crypto isakmp policy 20\n encr 3des\n hash md5\n authentication pre-share\n group 5\n"
	" lifetime 60\n";

/* The first one has everything, of the second one the peer is known by name alone. */
static struct flows make_flows(void)
{
	struct flows flows = { calloc(2, sizeof(struct flow)), 2 };
	struct flow *flow = flows.v;
	size_t i;

	flow[0] = example_flow();
	flow[0].entry_seq = 30;
	flow[0].ace_seq = 31;
	strcpy(flow[0].map, "M");
	strcpy(flow[0].vrf, "red");
	strcpy(flow[0].dynamic, "D");
	flow[0].dynamic_seq = 5;
	flow[0].per_host = true;
	flow[0].permit = 6;
	flow[0].state = CRYPTO_MAP_FLOW_STATE_UP;
	flow[0].selector.protocol = 17;
	flow[0].selector.local_port = 1001;
	flow[0].selector.remote_port = 1002;
	flow[0].remote_port = 4501;
	flow[0].out_spi = 0x1002;
	flow[0].up_seconds = 777;
	flow[0].traffic = (struct traffic){ 41, 4100, 39, 3900, 3, 4 };
	for (i = 0; i < FLOW_ERRORS; i++)
		flow[0].errors[i] = 101 + i;
	flow[0].held = 11;
	flow[1] = (struct flow){
		.id = 8, .ifname = "eth1", .label = "GigabitEthernet0/1", .map = "M", .acl = "TO-B",
		.entry_seq = 10, .ace_seq = 20, .state = CRYPTO_MAP_FLOW_STATE_ACQUIRING, .narrow = true,
		.selector = flow[0].selector, .peer_name = "b.example.org", .remote_port = 500, .mtu = 1400,
	};
	return flows;
}

/* Of the first flow, one in each state. */
static struct sas make_sas(void)
{
	struct sas sas = { calloc(4, sizeof(struct sa)), 4 };
	struct sa *sa = sas.v;
	size_t i;

	for (i = 0; i < 4; i++) {
		sa[i] = example_sa(i & 1 ? CRYPTO_MAP_SA_DIR_OUT : CRYPTO_MAP_SA_DIR_IN, 0x1001 + i, 3 + i);
		sa[i].local = addr("198.51.100.7");
		sa[i].remote = addr("192.0.2.9");
		sa[i].used_packets = 51 + i;
		sa[i].used_bytes = 96500 + i;
	}
	sa[0].flags = CRYPTO_MAP_SA_FLAGS_INITIATOR;
	sa[0].pfs_group = 14;
	sa[0].tfc_pad = 1300;
	sa[0].used = true;
	sa[0].idle = 17;
	sa[1].encap_dport = 4500;
	sa[1].mode = CRYPTO_MAP_MODE_TRANSPORT;
	sa[1].transform = (struct ios_tset){ .cipher = IOS_ESP_CIPHER_GCM, .key_bits = 256 };
	sa[1].replay_window = 1024;
	sa[1].hard_seconds = 7209;
	sa[1].hard_bytes = 9000000;
	sa[2].state = CRYPTO_MAP_SA_STATE_STANDBY;
	sa[2].flags = CRYPTO_MAP_SA_FLAGS_ORPHAN;
	sa[2].hard_seconds = sa[2].hard_bytes = 0;
	sa[3].state = CRYPTO_MAP_SA_STATE_RETIRING;
	sa[3].flags = CRYPTO_MAP_SA_FLAGS_ESN;
	sa[3].hard_seconds = sa[3].hard_bytes = 0;
	return sas;
}

/* No two of what is true or false are the same in all of them. */
static struct isakmp_sas make_isakmp(void)
{
	static const struct isakmp_sa sa[] = {
		{ .conn_id = 1001, .local = "198.51.100.7", .local_port = 501, .remote = "192.0.2.9",
		  .remote_port = 502, .initiator = true, .state = "QM_IDLE", .encr = "aes", .hash = "sha256",
		  .auth = "psk", .key_bits = 256, .group = 14, .lifetime = 85267, .uptime = 901, .nat = true,
		  .id = "b.example.org" },
		{ .conn_id = 1002, .local = "%any", .local_port = 503, .remote = "192.0.2.20",
		  .remote_port = 504, .state = "MM_NO_STATE", .deleted = true, .nat = true, .encr = "3des",
		  .hash = "md5", .auth = "rsig", .key_bits = 168, .group = 5, .lifetime = 61, .uptime = 62 },
		{ .conn_id = 1003, .local = "198.51.100.7", .local_port = 505, .remote = "192.0.2.9",
		  .remote_port = 506, .state = "MM_KEY_EXCH", .dpd = true, .encr = "des", .hash = "sha",
		  .auth = "renc", .key_bits = 56, .group = 2, .lifetime = 71, .uptime = 72, .id = "other" },
	};
	struct isakmp_sas sas = { malloc(sizeof(sa)), sizeof(sa) / sizeof(*sa) };

	memcpy(sas.v, sa, sizeof(sa));
	return sas;
}

/* ----------------------------------------------------- in place of module and daemon */

int __wrap_kernel_stats(struct nl *nl, struct stats *stats);
int __wrap_kernel_algs(struct nl *nl, struct algs *algs);
int __wrap_kernel_attachments(struct nl *nl, struct attachments *attachments);
int __wrap_kernel_flows(struct nl *nl, struct flows *flows);
int __wrap_kernel_sas(struct nl *nl, struct sas *sas);
struct ios_config *__wrap_kernel_config(struct nl *nl);
struct ios_config *__wrap_kernel_config_once(void);
int __wrap_ctl_isakmp_list(struct isakmp_sas *sas, bool quiet);
char *__wrap_ctl_config_get(void);
void __wrap_vrf_find(struct flows *flows);

int __wrap_kernel_stats(struct nl *nl, struct stats *stats)
{
	size_t i;

	(void)nl;
	*stats = (struct stats){ .sas = 4, .flows = 2, .held = 11, .version = "1.5" };
	for (i = 0; i < DROP_REASONS_MAX; i++) {
		stats->drop[i] = 1000 + i;
		stats->drop_total[i] = 2000 + i;
	}
	return 0;
}

int __wrap_kernel_algs(struct nl *nl, struct algs *algs)
{
	static const struct alg alg[] = {
		{ "aes-gcm", true, 256, 16, false, CRYPTO_MAP_ALG_STATE_PASSED },
		{ "hmac-md5-96", false, 128, 12, true, CRYPTO_MAP_ALG_STATE_ABSENT },
		{ "3des-cbc", true, 168, 0, true, CRYPTO_MAP_ALG_STATE_FAILED },
	};

	(void)nl;
	*algs = (struct algs){ malloc(sizeof(alg)), sizeof(alg) / sizeof(*alg) };
	memcpy(algs->v, alg, sizeof(alg));
	return 0;
}

int __wrap_kernel_attachments(struct nl *nl, struct attachments *attachments)
{
	(void)nl;
	*attachments = (struct attachments){ calloc(1, sizeof(struct attachment)), 1 };
	*attachments->v = (struct attachment){
		.ifname = "eth1", .label = "GigabitEthernet0/1", .map = "M", .rules = 21, .indexed = 22,
		.tables = 23, .longest = 24, .worst = 25, .bytes = 26,
	};
	return 0;
}

int __wrap_kernel_flows(struct nl *nl, struct flows *flows)
{
	(void)nl;
	*flows = make_flows();
	return 0;
}

int __wrap_kernel_sas(struct nl *nl, struct sas *sas)
{
	(void)nl;
	*sas = make_sas();
	return 0;
}

struct ios_config *__wrap_kernel_config(struct nl *nl)
{
	struct ios_config *cfg = ios_parse("t", config, strlen(config), 0);

	(void)nl;
	ios_acl_find(cfg, "TO-B", AF_INET)->aces->hits = 91;
	ios_acl_find(cfg, "SIX", AF_INET6)->aces->hits = 92;
	return cfg;
}

struct ios_config *__wrap_kernel_config_once(void)
{
	return __wrap_kernel_config(NULL);
}

int __wrap_ctl_isakmp_list(struct isakmp_sas *sas, bool quiet)
{
	(void)quiet;
	*sas = make_isakmp();
	return 0;
}

char *__wrap_ctl_config_get(void)
{
	return strdup(phase1);
}

/* The flows have them already. */
void __wrap_vrf_find(struct flows *flows)
{
	(void)flows;
}

/* ------------------------------------------------------------------------ commands */

/* What a command prints as JSON, or NULL. */
static json_t *answer(const char *line)
{
	struct input input = { .offset = 3 };
	json_error_t error;
	char copy[256], *got, *word;
	json_t *value;
	size_t len;
	int ret;

	snprintf(input.line, sizeof(input.line), "%s --json", line);
	snprintf(copy, sizeof(copy), "%s --json", line);
	for (word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
		input.column[input.n] = word - copy;
		input.word[input.n++] = word;
	}
	input.err = stdout;
	input.out = open_memstream(&got, &len);
	ret = execute(&input, false);
	fclose(input.out);
	value = ret == DONE ? json_loads(got, JSON_REJECT_DUPLICATES, &error) : NULL;
	free(got);
	return value;
}

/* JSON is wanted with ' in place of " here. */
static json_t *wanted_json(const char *text)
{
	char *copy = strdup(text), *c;
	json_error_t error;
	json_t *value;

	for (c = copy; *c; c++)
		if (*c == '\'')
			*c = '"';
	value = json_loads(copy, JSON_REJECT_DUPLICATES, &error);
	if (!value)
		printf("# wanted is no JSON: %s at byte %d\n", error.text, error.position);
	free(copy);
	return value;
}

#define IDENTS \
	"'local-ident': {'address': '10.7.0.0', 'mask': '255.255.0.0'}," \
	"'remote-ident': {'address': '10.9.4.0', 'mask': '255.255.252.0'}," \
	"'protocol': 17, 'local-port': 1001, 'remote-port': 1002,"
#define CLASSIFIER \
	"'classifier': {'rules': 21, 'indexed': 22, 'tables': 23, 'longest': 24, 'worst': 25, 'bytes': 26}"
#define SESSION_ISAKMP \
	"'isakmp-sas': [{'conn-id': 1001, 'local': '198.51.100.7', 'local-port': 501, 'remote': '192.0.2.9'," \
	"  'remote-port': 502, 'active': true, 'id': 'b.example.org', 'lifetime': 85267, 'uptime': 901," \
	"  'dpd': false, 'nat': true}," \
	" {'conn-id': 1003, 'local': '198.51.100.7', 'local-port': 505, 'remote': '192.0.2.9'," \
	"  'remote-port': 506, 'active': false, 'id': 'other', 'lifetime': 71, 'uptime': 72, 'dpd': true," \
	"  'nat': false}],"
#define SESSION_FLOW \
	"'protocol': 17, 'local': '10.7.0.0', 'local-mask': '255.255.0.0', 'local-port': 1001," \
	"'remote': '10.9.4.0', 'remote-mask': '255.255.252.0', 'remote-port': 1002,"

static void test_commands(void)
{
	static const struct {
		const char *line, *wanted;
	} t[] = {
		{ "show crypto isakmp sa",
		  "[{'conn-id': 1001, 'local': '198.51.100.7', 'local-port': 501, 'remote': '192.0.2.9',"
		  "  'remote-port': 502, 'initiator': true, 'state': 'QM_IDLE', 'deleted': false, 'encr': 'aes',"
		  "  'key-bits': 256, 'hash': 'sha256', 'auth': 'psk', 'group': 14, 'lifetime': 85267,"
		  "  'uptime': 901, 'dpd': false, 'nat': true, 'id': 'b.example.org', 'ivrf': 'red'},"
		  " {'conn-id': 1002, 'local': null, 'local-port': 503, 'remote': '192.0.2.20',"
		  "  'remote-port': 504, 'initiator': false, 'state': 'MM_NO_STATE', 'deleted': true,"
		  "  'encr': '3des', 'key-bits': 168, 'hash': 'md5', 'auth': 'rsig', 'group': 5, 'lifetime': 61,"
		  "  'uptime': 62, 'dpd': false, 'nat': true, 'id': ''},"
		  " {'conn-id': 1003, 'local': '198.51.100.7', 'local-port': 505, 'remote': '192.0.2.9',"
		  "  'remote-port': 506, 'initiator': false, 'state': 'MM_KEY_EXCH', 'deleted': false,"
		  "  'encr': 'des', 'key-bits': 56, 'hash': 'sha', 'auth': 'renc', 'group': 2, 'lifetime': 71,"
		  "  'uptime': 72, 'dpd': true, 'nat': false, 'id': 'other', 'ivrf': 'red'}]" },
		{ "show crypto isakmp policy",
		  "[{'priority': 10, 'encr': 'aes', 'key-bits': 256, 'hash': 'sha384', 'auth': 'rsa-encr',"
		  "  'group': 24, 'lifetime': 7000},"
		  " {'priority': 20, 'encr': '3des', 'key-bits': 168, 'hash': 'md5', 'auth': 'pre-share',"
		  "  'group': 5, 'lifetime': 60}]" },
		{ "show crypto isakmp peers",
		  "[{'peer': '192.0.2.9', 'peer-port': 502, 'local': '198.51.100.7', 'id': 'b.example.org'},"
		  " {'peer': '192.0.2.20', 'peer-port': 504, 'local': null, 'id': ''},"
		  " {'peer': '192.0.2.9', 'peer-port': 506, 'local': '198.51.100.7', 'id': 'other'}]" },
		{ "show crypto ipsec sa",
		  "[{'flow': 7, 'narrow': false, 'interface': 'GigabitEthernet0/1', 'device': 'eth1', 'map': 'M',"
		  "  'seq': 30, 'acl': 'TO-BRANCH', 'ace': 31, 'state': 'up'," IDENTS
		  "  'local': '198.51.100.7', 'peer': '192.0.2.9', 'peer-port': 4501, 'vrf': 'red',"
		  "  'dynamic-map': 'D', 'dynamic-seq': 5, 'per-host': true, 'permit-flow': 6,"
		  "  'drops': {'no-sa': 101, 'invalid-sa': 102, 'encaps-failed': 103, 'decaps-failed': 104,"
		  "   'invalid-protocol': 105, 'verify-failed': 106, 'invalid-identity': 107,"
		  "   'invalid-length': 108, 'replay-rollover': 109, 'replay-failed': 110,"
		  "   'internal-send': 111, 'internal-recv': 112},"
		  "  'encaps': 41, 'encaps-bytes': 4100, 'decaps': 39, 'decaps-bytes': 3900, 'send-errors': 3,"
		  "  'recv-errors': 4, 'held': 11, 'path-mtu': 1500, 'plaintext-mtu': 1438, 'outbound-spi': 4098,"
		  "  'sas': [{'spi': 4097, 'direction': 'in', 'local': '198.51.100.7', 'remote': '192.0.2.9',"
		  "    'state': 'active', 'mode': 'tunnel', 'transform': 'esp-256-aes esp-sha256-hmac',"
		  "    'udp-encaps': false, 'initiator': true, 'orphan': false, 'esn': false, 'pfs-group': 14,"
		  "    'replay-window': 64, 'conn-id': 2003, 'packets': 51, 'bytes': 96500, 'seconds-left': 3391,"
		  "    'kilobytes-left': 4355103, 'tfc-pad': 1300, 'idle-seconds': 17},"
		  "   {'spi': 4098, 'direction': 'out', 'local': '198.51.100.7', 'remote': '192.0.2.9',"
		  "    'state': 'active', 'mode': 'transport', 'transform': 'esp-gcm 256', 'udp-encaps': true,"
		  "    'initiator': false, 'orphan': false, 'esn': false, 'pfs-group': 0, 'replay-window': 1024,"
		  "    'conn-id': 2004, 'packets': 52, 'bytes': 96501, 'seconds-left': 7000,"
		  "    'kilobytes-left': 8903},"
		  "   {'spi': 4099, 'direction': 'in', 'local': '198.51.100.7', 'remote': '192.0.2.9',"
		  "    'state': 'standby', 'mode': 'tunnel', 'transform': 'esp-256-aes esp-sha256-hmac',"
		  "    'udp-encaps': false, 'initiator': false, 'orphan': true, 'esn': false, 'pfs-group': 0,"
		  "    'replay-window': 64, 'conn-id': 2005, 'packets': 53, 'bytes': 96502},"
		  "   {'spi': 4100, 'direction': 'out', 'local': '198.51.100.7', 'remote': '192.0.2.9',"
		  "    'state': 'retiring', 'mode': 'tunnel', 'transform': 'esp-256-aes esp-sha256-hmac',"
		  "    'udp-encaps': false, 'initiator': false, 'orphan': false, 'esn': true, 'pfs-group': 0,"
		  "    'replay-window': 64, 'conn-id': 2006, 'packets': 54, 'bytes': 96503}]},"
		  " {'flow': 8, 'narrow': true, 'interface': 'GigabitEthernet0/1', 'device': 'eth1', 'map': 'M',"
		  "  'seq': 10, 'acl': 'TO-B', 'ace': 20, 'state': 'acquiring'," IDENTS
		  "  'local': null, 'peer': null, 'peer-port': 500, 'peer-name': 'b.example.org',"
		  "  'drops': {'no-sa': 0, 'invalid-sa': 0, 'encaps-failed': 0, 'decaps-failed': 0,"
		  "   'invalid-protocol': 0, 'verify-failed': 0, 'invalid-identity': 0, 'invalid-length': 0,"
		  "   'replay-rollover': 0, 'replay-failed': 0, 'internal-send': 0, 'internal-recv': 0},"
		  "  'encaps': 0, 'encaps-bytes': 0, 'decaps': 0, 'decaps-bytes': 0, 'send-errors': 0,"
		  "  'recv-errors': 0, 'held': 0, 'path-mtu': 1400, 'plaintext-mtu': 0, 'outbound-spi': 0,"
		  "  'sas': []}]" },
		{ "show crypto ipsec security-association",
		  "{'lifetime-seconds': 7200, 'lifetime-kilobytes': 5000, 'idle-seconds': 600}" },
		{ "show crypto ipsec transform-set",
		  "[{'name': 'default', 'transform': 'esp-aes esp-sha-hmac', 'mode': 'transport',"
		  "  'require': false, 'esn': false, 'weak': false, 'built-in': true},"
		  " {'name': 'T1', 'transform': 'esp-256-aes esp-sha256-hmac', 'mode': 'transport',"
		  "  'require': true, 'esn': false, 'weak': false, 'built-in': false},"
		  " {'name': 'T2', 'transform': 'esp-gcm 192', 'mode': 'tunnel', 'require': false,"
		  "  'esn': true, 'weak': false, 'built-in': false},"
		  " {'name': 'T3', 'transform': 'esp-3des esp-md5-hmac', 'mode': 'tunnel', 'require': false,"
		  "  'esn': false, 'weak': true, 'built-in': false}]" },
		{ "show crypto map",
		  "[{'name': 'M', 'family': 'IPv4', 'entries': ["
		  "  {'seq': 10, 'kind': 'ipsec-isakmp', 'complete': true, 'peers': ['192.0.2.9', '192.0.2.20'],"
		  "   'transform-sets': ['T1', 'T2'], 'lifetime-seconds': 3600, 'lifetime-kilobytes': 4000,"
		  "   'pfs-group': 14, 'acl': 'TO-B', 'access-group-in': '101', 'access-group-out': '102',"
		  "   'idle-seconds': 900, 'idle-default': true, 'per-host': true, 'qos-pre-classify': true,"
		  "   'reverse-route': {'static': true, 'remote-peer': '192.0.2.1', 'gateway': '192.0.2.2',"
		  "    'distance': 6, 'tag': 8},"
		  "   'df-bit': 'clear', 'description': 'to B', 'current-peer': '192.0.2.9'},"
		  "  {'seq': 20, 'kind': 'ipsec-manual', 'complete': true, 'peers': ['192.0.2.30'],"
		  "   'transform-sets': ['T1'], 'lifetime-seconds': 7200, 'lifetime-kilobytes': 5000,"
		  "   'pfs-group': 0, 'acl': '101', 'idle-seconds': 600, 'current-peer': '192.0.2.30'},"
		  "  {'seq': 30, 'kind': 'dynamic', 'complete': true, 'dynamic-map': 'D'},"
		  "  {'seq': 65536, 'kind': 'temporary', 'complete': true, 'peers': ['192.0.2.9'],"
		  "   'transform-sets': ['T2'], 'lifetime-seconds': 7200, 'lifetime-kilobytes': 5000,"
		  "   'pfs-group': 19, 'idle-seconds': 600, 'current-peer': '192.0.2.9', 'dynamic-map': 'D',"
		  IDENTS "'dynamic-seq': 5, 'flow': 7}],"
		  " 'interfaces': [{'name': 'GigabitEthernet0/1', 'device': 'eth1', 'df-bit': 'set',"
		  "  'fragmentation': 'after-encryption'," CLASSIFIER "}]}]" },
		{ "show crypto dynamic-map",
		  "[{'name': 'D', 'entries': ["
		  "  {'seq': 5, 'kind': 'template', 'complete': true, 'peers': [], 'transform-sets': ['T2'],"
		  "   'lifetime-seconds': 7200, 'lifetime-kilobytes': 5000, 'pfs-group': 19, 'acl': 'TO-B',"
		  "   'idle-seconds': 600}]}]" },
		{ "show crypto session",
		  "[{'interface': 'GigabitEthernet0/1', 'device': 'eth1', 'status': 'DOWN', 'peer': null,"
		  "  'peer-port': 500, 'peer-name': 'b.example.org', 'isakmp-sas': [],"
		  "  'flows': [{'flow': 8," SESSION_FLOW "'active-sas': 0, 'encaps': 0, 'decaps': 0,"
		  "   'send-errors': 0, 'recv-errors': 0}]},"
		  " {'interface': 'GigabitEthernet0/1', 'device': 'eth1', 'status': 'UP-ACTIVE',"
		  "  'peer': '192.0.2.9', 'peer-port': 4501, 'uptime': 901, 'vrf': 'red'," SESSION_ISAKMP
		  "  'flows': [{'flow': 7," SESSION_FLOW "'active-sas': 4, 'encaps': 41, 'decaps': 39,"
		  "   'send-errors': 3, 'recv-errors': 4, 'in-seconds-left': 3391, 'in-kilobytes-left': 4355103,"
		  "   'out-seconds-left': 7000, 'out-kilobytes-left': 8903, 'dynamic-map': 'D'}]}]" },
		{ "show crypto engine",
		  "{'version': '1.5', 'sas': 4, 'flows': 2, 'held': 11, 'algorithms': ["
		  "  {'name': 'aes-gcm', 'kind': 'cipher', 'key-bits': 256, 'icv-bytes': 16, 'weak': false,"
		  "   'self-test': 'passed'},"
		  "  {'name': 'hmac-md5-96', 'kind': 'authenticator', 'key-bits': 128, 'icv-bytes': 12,"
		  "   'weak': true, 'self-test': 'absent'},"
		  "  {'name': '3des-cbc', 'kind': 'cipher', 'key-bits': 168, 'icv-bytes': 0, 'weak': true,"
		  "   'self-test': 'failed'}]}" },
		{ "show crypto ruleset",
		  "[{'interface': 'GigabitEthernet0/1', 'device': 'eth1', 'map': 'M'," CLASSIFIER "}]" },
		{ "show access-lists",
		  "[{'name': '101', 'family': 'IPv4', 'entries': ["
		  "   {'seq': 10, 'rule': 'permit ip any any', 'matches': 0}]},"
		  " {'name': '102', 'family': 'IPv4', 'entries': ["
		  "   {'seq': 10, 'rule': 'permit udp any any', 'matches': 0}]},"
		  " {'name': 'TO-B', 'family': 'IPv4', 'entries': ["
		  "   {'seq': 10, 'rule': 'permit ip 10.7.0.0 0.0.255.255 10.9.4.0 0.0.3.255', 'matches': 91},"
		  "   {'seq': 20, 'remark': 'the rest'}, {'seq': 30, 'rule': 'deny ip any any', 'matches': 0}]},"
		  " {'name': 'SIX', 'family': 'IPv6', 'entries': ["
		  "   {'seq': 15, 'rule': 'permit ipv6 any host 2001:DB8::1', 'matches': 92}]}]" },
	};
	json_t *got, *wanted;
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(*t); i++) {
		got = answer(t[i].line);
		wanted = wanted_json(t[i].wanted);
		if (!tap_ok(got && json_equal(got, wanted), "%s --json", t[i].line)) {
			printf("# got:\n");
			json_dumpf(got, stdout, JSON_SORT_KEYS | JSON_INDENT(1));
			printf("\n# wanted:\n");
			json_dumpf(wanted, stdout, JSON_SORT_KEYS | JSON_INDENT(1));
			printf("\n");
		}
		json_decref(got);
		json_decref(wanted);
	}
}

/* Each reason has its own counter. */
static void test_drops(void)
{
	json_t *value = answer("show drops");
	uint32_t i, right = 0;

	for (i = 0; i < drop_reasons(); i++)
		right += json_integer_value(json_object_get(value, drop_reason(i, NULL))) == 1000 + i;
	tap_ok(right == drop_reasons() && json_object_size(value) == right,
	       "show drops --json: %u of %u reasons have their counters", right, drop_reasons());
	json_decref(value);
}

int main(void)
{
	test_commands();
	test_drops();
	return tap_done();
}
