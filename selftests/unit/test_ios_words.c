// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is said of a word that is none of those that may stand there: the word, and which
 * ones may.
 */
#include <string.h>

#include "ios_diags.h"

static const char *last_line(const char *text)
{
	const char *newline = strrchr(text, '\n');

	return newline ? newline + 1 : text;
}

/* A line that ends too soon: what was expected there. */
static void test_short_lines(void)
{
	static const struct {
		const char *line, *part;
	} shorts[] = {
		{ "crypto isakmp policy", "a priority was expected (1-10000)" },
		{ "crypto isakmp", "one of aggressive-mode, " },
		{ "crypto", "one of dynamic-map, ipsec, isakmp, keyring, map or pki was expected" },
		{ "crypto isakmp policy 1\n group", "a group was expected: 1, 2, 5," },
		{ "crypto isakmp key K address", "the address of a peer was expected" },
		{ "crypto isakmp key K hostname", "a host name was expected" },
		{ "crypto ipsec default", "transform-set was expected" },
		{ "crypto map M 1 ipsec-isakmp\n set peer", "the IPv4 address of a peer was expected" },
		{ "object-group network N\n 10.0.0.0", "a mask was expected" },
		{ "object-group network N\n host", "an address after host was expected (not a name)" },
		{ "object-group service S\n tcp eq", "a port was expected" },
		{ "access-list 101 permit", "a protocol was expected: a number (0-255) or ip, tcp," },
		{ "access-list 101 permit tcp any", "a destination was expected: any, host," },
		{ "access-list 101 permit ip host", "an address after host was expected (not a name)" },
		{ "access-list 101 permit ip any 10.0.0.0", "a wildcard mask was expected" },
		{ "access-list 101 permit udp any any eq", "a port was expected" },
		{ "access-list 101 permit ip any any dscp", "a DSCP was expected (0-63, af11, ef, ...)" },
		{ "access-list 1 permit", "a source was expected: any, host or an address" },
		{ "ipv6 access-list A\n permit ipv6 any", "a destination was expected: any, host," },
	};
	char text[128], part[128];
	struct ios_config *cfg;
	size_t i;

	for (i = 0; i < sizeof(shorts) / sizeof(*shorts); i++) {
		snprintf(text, sizeof(text), "%s\n", shorts[i].line);
		snprintf(part, sizeof(part), "the line ends where %s", shorts[i].part);
		cfg = parse(text);
		if (!tap_ok(any_diag(cfg, IOS_ERROR, part) || any_diag(cfg, IOS_WARNING, part),
			    "too short: %s", last_line(shorts[i].line)))
			show_diags(cfg);
		ios_free(cfg);
	}
}

/* A word in place of those that may follow, none of which must. */
static void test_optional_words(void)
{
	static const struct {
		const char *line, *part;
	} words[] = {
		{ "crypto isakmp policy 1\n encr aes 255", "'255'; expected 128, 192, 256 or the end of" },
		{ "crypto isakmp policy 1\n encr aes 256 x", "'x'; expected the end of the line" },
		{ "crypto isakmp policy 1\n encr 3des 168", "'168'; expected the end of the line" },
		{ "crypto ipsec transform-set T esp-aes 255", "'255'; expected 128, 192, 256, ah-md5-hmac, " },
		{ "crypto ipsec transform-set T esp-3des 168", "'168'; expected ah-md5-hmac, " },
		{ "crypto isakmp keepalive 10 often",
		  "expected a retry interval in seconds (2-60), periodic, on-demand or the end of" },
		{ "crypto isakmp keepalive 10 5 often", "'often'; expected periodic, on-demand or the end" },
		{ "crypto isakmp key K address 192.0.2.1 255.255.255",
		  "expected the mask of a network of peers, no-xauth or the end of the line" },
		{ "crypto isakmp profile P\n keepalive 10 5", "'5'; expected retry or the end of the line" },
		{ "crypto isakmp profile P\n self-identity address ip", "expected ipv6 or the end" },
		{ "crypto keyring R vfr V", "'vfr'; expected vrf or the end of the line" },
		{ "crypto map M 1 ipsec-isakmp dynamik D", "'dynamik'; expected dynamic or the end of" },
		{ "crypto map M 1 ipsec-isakmp\n set peer 192.0.2.1 defualt", "expected default or the end" },
		{ "crypto map M 1 ipsec-isakmp\n set peer b.example x", "expected dynamic, default or the end" },
		{ "crypto map M 1 ipsec-isakmp\n set security-association idle-time 60 defualt",
		  "expected default or the end of the line" },
		{ "crypto map M 1 ipsec-isakmp\n reverse-route statik",
		  "'statik'; expected static, remote-peer or the end of the line" },
		{ "crypto map M 1 ipsec-isakmp\n reverse-route remote-peer 192.0.2.1 x",
		  "expected gateway, static or the end" },
		{ "crypto ipsec transform-set T esp-aes esp-sha-hmac\n mode transport x",
		  "expected require or the end of the line" },
		{ "crypto pki trustpoint T\n key file /k pasword P", "expected password or the end" },
		{ "object-group service S\n tcp sorce eq 80", "'sorce'; expected a port" },
		{ "object-group service S\n icmp x", "'x'; expected an ICMP type (0-255) or the end" },
		{ "access-list 1 permit any lgo", "'lgo'; expected log or the end of the line" },
		{ "access-list 101 permit ip any any x",
		  "'x'; expected dscp, fragments, log, log-input, precedence, tos, ttl or the end of" },
		{ "access-list 101 permit icmp any any ehco",
		  "'ehco'; expected an ICMP type (0-255), dscp, fragments, " },
		{ "access-list 101 permit tcp any any 80", "'80'; expected eq, gt, lt, neq, range, ack, dscp, " },
		{ "access-list 101 permit tcp any any eq 80 htp", "'htp'; expected a port (0-65535), ack, dscp, " },
		{ "access-list 101 permit tcp any any range 80 90 91", "'91'; expected ack, dscp, " },
		{ "ipv6 access-list A\n permit ipv6 any any sqe", "'sqe'; expected sequence, dscp, fragments, " },
	};
	char text[128], part[128];
	struct ios_config *cfg;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		snprintf(text, sizeof(text), "%s\n", words[i].line);
		snprintf(part, sizeof(part), "%s", words[i].part);
		cfg = parse(text);
		if (!tap_ok(any_diag(cfg, IOS_ERROR, part) || any_diag(cfg, IOS_WARNING, part),
			    "%s", last_line(words[i].line)))
			show_diags(cfg);
		ios_free(cfg);
	}
}

int main(void)
{
	test_optional_words();
	test_short_lines();
	return tap_done();
}
