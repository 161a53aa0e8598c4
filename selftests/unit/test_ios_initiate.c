// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test crypto map without a kernel: which entries are refused and why, and what is told
 * of each permit.
 */
#include <stdlib.h>
#include <string.h>

#include "initiate.h"
#include "printed.h"
#include "tap.h"

static const char text[] =
	"crypto isakmp policy 1\n encr aes\n hash sha256\n authentication pre-share\n group 14\n"
	"crypto isakmp key k address 0.0.0.0\n"
	"crypto ipsec transform-set TS esp-gcm\n"
	"ip access-list extended A\n"
	" 10 permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255\n"
	" 20 deny ip 10.1.1.0 0.0.0.255 any\n"
	" 30 permit ip 10.1.2.0 0.0.0.255 10.2.0.0 0.0.0.255\n"
	"ip access-list extended NOTHING\n deny ip any any\n"
	"crypto dynamic-map D 1\n set transform-set TS\n"
	"crypto map M 10 ipsec-isakmp\n set peer 192.0.2.9\n set transform-set TS\n match address A\n"
	"crypto map M 20 ipsec-isakmp\n set transform-set TS\n match address A\n"
	"crypto map M 30 ipsec-isakmp\n set peer 192.0.2.9\n set transform-set TS\n"
	"crypto map M 40 ipsec-isakmp\n set peer 192.0.2.9\n set transform-set TS\n match address B\n"
	"crypto map M 50 ipsec-isakmp\n set peer 192.0.2.9\n set transform-set TS\n match address NOTHING\n"
	"crypto map M 60 ipsec-isakmp\n set peer 192.0.2.9\n match address A\n"
	"crypto map M 70 ipsec-manual\n set peer 192.0.2.9\n match address A\n"
	"crypto map M 80 ipsec-isakmp dynamic D\n"
	"crypto map OFF 10 ipsec-isakmp\n set peer 192.0.2.9\n set transform-set TS\n match address A\n"
	"interface eth0\n crypto map M\n";

/* What is said of an entry; NULL: it is found. */
static void entry_is(const struct ios_config *cfg, const char *map, uint16_t seq, bool up,
		     const char *wanted)
{
	const struct ios_entry *entry;
	char *got, what[64];
	size_t len;
	FILE *f = open_memstream(&got, &len);

	snprintf(what, sizeof(what), "%s %u %s", map, seq, up ? "up" : "down");
	entry = initiate_entry(cfg, map, seq, up, f);
	tap_ok(!entry == !!wanted, "%s: %s", what, wanted ? "refused" : "found");
	is(what, f, &got, wanted ? wanted : "");
}

static void test_entries(const struct ios_config *cfg)
{
	entry_is(cfg, "M", 10, true, NULL);
	entry_is(cfg, "M", 10, false, NULL);
	entry_is(cfg, "N", 10, true, "cryptomap: there is no crypto map N\n");
	entry_is(cfg, "D", 1, true,
		 "cryptomap: D is a dynamic crypto map: only peers can begin what it is for\n");
	entry_is(cfg, "M", 11, false, "cryptomap: crypto map M has no entry 11\n");
	entry_is(cfg, "M", 20, true, "cryptomap: crypto map M 20: it has no peer\n");
	entry_is(cfg, "M", 20, false, NULL);
	entry_is(cfg, "M", 30, true, "cryptomap: crypto map M 30: it has no access list\n");
	entry_is(cfg, "M", 40, true, "cryptomap: crypto map M 40: access list B is not there\n");
	entry_is(cfg, "M", 50, true, "cryptomap: crypto map M 50: access list NOTHING permits nothing\n");
	entry_is(cfg, "M", 60, true, "cryptomap: crypto map M 60: it is not complete\n");
	entry_is(cfg, "M", 70, true,
		 "cryptomap: crypto map M 70: its keys are set by hand, and its SAs are there as long as it is\n");
	entry_is(cfg, "M", 70, false,
		 "cryptomap: crypto map M 70: its keys are set by hand, and its SAs are there as long as it is\n");
	entry_is(cfg, "M", 80, true,
		 "cryptomap: crypto map M 80: only peers can begin what they negotiate by dynamic crypto map D\n");
	entry_is(cfg, "M", 80, false, NULL);
	entry_is(cfg, "OFF", 10, true, "cryptomap: crypto map OFF 10: the crypto map is on no interface\n");
}

static void test_denies(const struct ios_config *cfg)
{
	char *got;
	size_t len;
	FILE *f = open_memstream(&got, &len);

	initiate_denies(f, cfg, "M", ios_entry_find(cfg, ios_map_find(cfg, "M"), 10));
	is("a deny", f, &got, "crypto map M 10, access list A 20: deny, nothing to negotiate\n");
}

static struct flow flow_of(uint32_t id, uint32_t ace, uint8_t third)
{
	struct flow flow = {
		.id = id, .map = "M", .entry_seq = 10, .acl = "A", .ace_seq = ace, .label = "eth0",
		.ifname = "eth9",
		.selector = {
			.local = { .family = AF_INET, .bytes = { 10, 1, third } },
			.local_wild = { .family = AF_INET, .bytes = { 0, 0, 0, 255 } },
			.remote = { .family = AF_INET, .bytes = { 10, 2 } },
			.remote_wild = { .family = AF_INET, .bytes = { 0, 0, 0, 255 } },
		},
	};

	return flow;
}

static void event(struct initiation *in, uint8_t cmd, uint32_t id, uint32_t state,
		  const char *reason)
{
	char buf[512] = "";
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	genl->cmd = cmd;
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_FLOW_ID, id);
	if (reason)
		mnl_attr_put_strz(nlh, CRYPTO_MAP_A_FLOW_REASON, reason);
	else
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_FLOW_STATE, state);
	initiate_event(nlh, in);
}

/* Three flows, the last of which charon was not asked for. */
static void begin(struct initiation *in)
{
	*in = (struct initiation){ .flows = { .v = calloc(3, sizeof(struct flow)), .n = 3 } };
	in->flows.v[0] = flow_of(7, 10, 0);
	in->flows.v[1] = flow_of(2, 30, 2);
	in->flows.v[2] = flow_of(3, 40, 3);
	tap_ok(initiate_begin(in) && in->left == 3, "three flows");
	in->asked[0] = true;
	in->asked[1] = true;
}

static void test_json(const struct ios_config *cfg)
{
	const struct ios_entry *entry = ios_entry_find(cfg, ios_map_find(cfg, "M"), 10);
	struct initiation in;
	char *got;
	size_t len;
	FILE *f = open_memstream(&got, &len);

	begin(&in);
	in.json = json_array();
	in.flows.v[0].selector.protocol = IPPROTO_UDP;
	in.flows.v[0].selector.local_port = 1001;
	in.flows.v[0].selector.remote_port = 1002;
	event(&in, CRYPTO_MAP_CMD_FAIL_NTF, 2, 0, "the peer does not answer");
	event(&in, CRYPTO_MAP_CMD_FLOW_NTF, 7, CRYPTO_MAP_FLOW_STATE_UP, NULL);
	tap_ok(in.left == 1 && in.failed == 1, "two are done, one failed");
	json_dumpf(in.json, f, JSON_COMPACT);
	json_decref(in.json);
	in.json = initiate_denies_json(cfg, "M", entry);
	json_dumpf(in.json, f, JSON_COMPACT);
	is("JSON", f, &got,
	   "[{\"interface\":\"eth0\",\"device\":\"eth9\",\"acl\":\"A\",\"ace\":30,\"flow\":2,"
	   "\"local-ident\":{\"address\":\"10.1.2.0\",\"mask\":\"255.255.255.0\"},"
	   "\"remote-ident\":{\"address\":\"10.2.0.0\",\"mask\":\"255.255.255.0\"},"
	   "\"protocol\":0,\"local-port\":0,\"remote-port\":0,\"result\":\"failed\","
	   "\"reason\":\"the peer does not answer\"},"
	   "{\"interface\":\"eth0\",\"device\":\"eth9\",\"acl\":\"A\",\"ace\":10,\"flow\":7,"
	   "\"local-ident\":{\"address\":\"10.1.0.0\",\"mask\":\"255.255.255.0\"},"
	   "\"remote-ident\":{\"address\":\"10.2.0.0\",\"mask\":\"255.255.255.0\"},"
	   "\"protocol\":17,\"local-port\":1001,\"remote-port\":1002,\"result\":\"up\"}]"
	   "[{\"acl\":\"A\",\"ace\":20}]");
	initiate_free(&in);
}

/* Each result has its word, and counts as failed or does not. */
static void test_outcomes(void)
{
	static const struct {
		enum outcome outcome;
		const char *word, *text;
		bool failed;
	} t[] = {
		{ OUTCOME_UP, "up", "up", false },
		{ OUTCOME_WAS_UP, "was-up", "was up already", false },
		{ OUTCOME_FAILED, "failed", "failed: ", true },
		{ OUTCOME_PER_HOST, "per-host", "with level per-host only packets say for which hosts SAs are", true },
		{ OUTCOME_LATE, "timeout", "not up after 65 seconds", true },
		{ OUTCOME_NOT_ASKED, "not-asked", "not asked for: a negotiation has just failed", true },
		{ OUTCOME_INTERRUPTED, "interrupted", "interrupted", true },
	};
	char wanted[256], *got;
	struct initiation in;
	size_t i, len;

	for (i = 0; i < sizeof(t) / sizeof(*t); i++) {
		begin(&in);
		in.json = json_array();
		initiate_end(&in, 0, t[i].outcome, NULL);
		snprintf(wanted, sizeof(wanted), "\"result\": \"%s\"}]", t[i].word);
		has_json(t[i].word, in.json, wanted);
		tap_ok(in.failed == t[i].failed, "%s: %s", t[i].word, t[i].failed ? "failed" : "did not fail");
		in.out = open_memstream(&got, &len);
		initiate_end(&in, 1, t[i].outcome, NULL);
		snprintf(wanted, sizeof(wanted),
			 "crypto map M 10, access list A 30, interface eth0, "
			 "permit ip 10.1.2.0/255.255.255.0 10.2.0.0/255.255.255.0: %s\n", t[i].text);
		is(t[i].text, in.out, &got, wanted);
		initiate_free(&in);
	}
}

static void test_events(void)
{
	struct initiation in;
	char *got;
	size_t len;

	begin(&in);
	in.out = open_memstream(&got, &len);
	event(&in, CRYPTO_MAP_CMD_FLOW_NTF, 9, CRYPTO_MAP_FLOW_STATE_UP, NULL);
	event(&in, CRYPTO_MAP_CMD_FLOW_NTF, 7, CRYPTO_MAP_FLOW_STATE_IDLE, NULL);
	event(&in, CRYPTO_MAP_CMD_FAIL_NTF, 3, 0, "an older one");
	tap_ok(in.left == 3, "others, and what ended before, are none of it");
	event(&in, CRYPTO_MAP_CMD_FLOW_NTF, 7, CRYPTO_MAP_FLOW_STATE_UP, NULL);
	event(&in, CRYPTO_MAP_CMD_FLOW_NTF, 7, CRYPTO_MAP_FLOW_STATE_UP, NULL);
	event(&in, CRYPTO_MAP_CMD_FAIL_NTF, 2, 0, "the peer does not answer");
	initiate_end(&in, 2, OUTCOME_LATE, NULL);
	tap_ok(!in.left && in.failed == 2, "all are done, two failed");
	is("what is told", in.out, &got,
	   "crypto map M 10, access list A 10, interface eth0, permit ip 10.1.0.0/255.255.255.0 10.2.0.0/255.255.255.0: up\n"
	   "crypto map M 10, access list A 30, interface eth0, permit ip 10.1.2.0/255.255.255.0 10.2.0.0/255.255.255.0: failed: the peer does not answer\n"
	   "crypto map M 10, access list A 40, interface eth0, permit ip 10.1.3.0/255.255.255.0 10.2.0.0/255.255.255.0: not up after 65 seconds\n");
	initiate_free(&in);
}

int main(void)
{
	struct ios_config *cfg = ios_parse("t", text, strlen(text), 0);

	test_entries(cfg);
	test_denies(cfg);
	test_events();
	test_json(cfg);
	test_outcomes();
	ios_free(cfg);
	return tap_done();
}
