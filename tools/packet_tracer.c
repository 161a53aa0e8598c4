// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * packet-tracer: what would become of a packet, decided by the kernel module.
 */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "packet.h"
#include "trace.h"

/* ------------------------------------------------------------------------- text */

/* The head of a phase, up to what the configuration says. */
static void phase(FILE *f, int *n, const char *type, const char *subtype, bool allow)
{
	fprintf(f, "%sPhase: %d\nType: %s\nSubtype: %s\nResult: %s\nConfig:\n", *n ? "\n" : "",
		*n + 1, type, subtype, allow ? "ALLOW" : "DROP");
	++*n;
}

static void print_entry_name(FILE *f, const char *map, uint16_t seq, uint16_t dynamic_seq)
{
	fprintf(f, "crypto map %s %u", map, seq);
	if (dynamic_seq)
		fprintf(f, ", entry %u of its dynamic crypto map", dynamic_seq);
}

/* What a crypto map wants of the packet. */
static void print_decision(FILE *f, const struct trace *t, const char *map)
{
	size_t i;

	for (i = 0; i < t->n_denies; i++) {
		print_entry_name(f, map, t->deny[i].seq, t->deny[i].dynamic_seq);
		fprintf(f, ": denied by access list %s, entry %u\n", t->deny[i].acl, t->deny[i].ace);
	}
	if (!t->seq) {
		fputs("no entry wants it protected\n", f);
		return;
	}
	print_entry_name(f, map, t->seq, t->dynamic_seq);
	if (t->reason == CRYPTO_MAP_DROP_REASON_FRAGMENT_PORT)
		fputs(": it cannot be told whether it is permitted", f);
	else
		fputs(": permitted", f);
	if (*t->acl)
		fprintf(f, " by access list %s, entry %u", t->acl, t->ace);
	else
		fputs(" by what the peer negotiated", f);
	fputc('\n', f);
}

/* An entry of the map where it arrives wants it protected: it is not routed. */
static bool refused(const struct trace *t)
{
	return t->result == CRYPTO_MAP_TRACE_RESULT_DROP && t->seq && !*t->out_ifname;
}

static void print_input(FILE *f, const struct trace *t, int *n)
{
	if (!*t->in_map)
		return;
	phase(f, n, "CRYPTO-MAP", "clear-text", !refused(t));
	fprintf(f, "interface %s\n crypto map %s\nAdditional Information:\n", t->in, t->in_map);
	if (t->exempt)
		fputs("not held against it: outer packet of IPsec, or neighbour discovery\n", f);
	else if (refused(t))
		print_decision(f, t, t->in_map);
	else
		fputs("mirrored, no entry wants it protected\n", f);
}

static void print_route(FILE *f, const struct trace *t, int *n)
{
	bool found = t->result != CRYPTO_MAP_TRACE_RESULT_UNROUTABLE;

	phase(f, n, "ROUTE-LOOKUP", "Resolve Egress Interface", found);
	fputs("Additional Information:\n", f);
	if (!found)
		fputs("not forwarded: no route, reverse path filter, or forwarding is off\n", f);
	else if (!*t->out_ifname)
		fputs("for this host\n", f);
	else if (t->gateway.family == AF_UNSPEC)
		fprintf(f, "connected, egress interface %s\n", t->out);
	else
		fprintf(f, "next hop %s, egress interface %s\n", ip_text(&t->gateway).s, t->out);
}

static void print_output(FILE *f, const struct trace *t, int *n)
{
	if (!*t->out_map)
		return;
	phase(f, n, "CRYPTO-MAP", "classify",
	      t->result != CRYPTO_MAP_TRACE_RESULT_DROP || t->has_flow);
	fprintf(f, "interface %s\n crypto map %s\nAdditional Information:\n", t->out, t->out_map);
	print_decision(f, t, t->out_map);
}

static void print_filter(FILE *f, const struct trace *t, int *n)
{
	if (!*t->filter)
		return;
	phase(f, n, "ACCESS-LIST", "crypto map access-group out", t->filter_permits);
	fprintf(f, "set ip access-group %s out\nAdditional Information:\n", t->filter);
	if (t->filter_ace)
		fprintf(f, "%s by entry %u\n", t->filter_permits ? "permitted" : "denied",
			t->filter_ace);
	else
		fputs("no entry permits it\n", f);
}

static void print_sa(FILE *f, const struct trace *t)
{
	const struct sa *sa = &t->sa;

	fprintf(f, "flow %u, peer %s, spi 0x%X(%u), %s\n", t->flow.id, ip_text(&sa->remote).s,
		sa->spi, sa->spi, sa->mode == CRYPTO_MAP_MODE_TRANSPORT ? "transport" : "tunnel");
	if (t->plain_mtu)
		fprintf(f, "plaintext mtu %u, path mtu %u\n", t->plain_mtu, t->flow.mtu);
	if (t->fragmented)
		fprintf(f, "fragmented %s encryption\n", t->after_encryption ? "after" : "before");
}

/* With level per-host the SA will be one of a flow that is not there yet. */
static void print_no_sa(FILE *f, const struct trace *t)
{
	bool waits = t->result == CRYPTO_MAP_TRACE_RESULT_HOLD;

	fprintf(f, "flow %u, peer %s, no SA", t->flow.id, ip_text(&t->flow.remote).s);
	if (waits)
		fprintf(f, ": the packet waits for one%s",
			t->flow.per_host ? ", of a flow of its two hosts" : "");
	fputc('\n', f);
}

static void print_vpn(FILE *f, const struct trace *t, int *n)
{
	bool out = *t->out_ifname;

	if (!t->has_sa && !(t->has_flow && out && (!*t->filter || t->filter_permits)))
		return;
	phase(f, n, "VPN", out ? "encrypt" : "decrypt", t->result != CRYPTO_MAP_TRACE_RESULT_DROP);
	print_entry_name(f, t->flow.map, t->flow.entry_seq, t->flow.dynamic_seq);
	fputs("\nAdditional Information:\n", f);
	if (t->flow.permit) {
		fputs("flow of two hosts: ", f);
		print_permit(f, &t->flow.selector);
		fputc('\n', f);
	}
	if (t->has_sa)
		print_sa(f, t);
	else
		print_no_sa(f, t);
	if (t->result == CRYPTO_MAP_TRACE_RESULT_DECRYPT) {
		fputs("what is in it has to be: ", f);
		print_permit(f, &t->flow.selector);
		fputs(", mirrored\n", f);
	}
}

static const char *action(const struct trace *t)
{
	switch (t->result) {
	case CRYPTO_MAP_TRACE_RESULT_DROP:
		return "drop";
	case CRYPTO_MAP_TRACE_RESULT_CLEAR:
		return "allow, in clear";
	case CRYPTO_MAP_TRACE_RESULT_PROTECT:
		return "allow, as ESP";
	case CRYPTO_MAP_TRACE_RESULT_HOLD:
		return "hold, until an SA is negotiated";
	case CRYPTO_MAP_TRACE_RESULT_DECRYPT:
		return "allow, decrypted";
	case CRYPTO_MAP_TRACE_RESULT_LARVAL:
		return "hold, until the keys of its SA are there";
	case CRYPTO_MAP_TRACE_RESULT_XFRM:
		return "allow, to XFRM";
	case CRYPTO_MAP_TRACE_RESULT_DELIVER:
		return "allow, to this host";
	case CRYPTO_MAP_TRACE_RESULT_UNROUTABLE:
		return "drop, not forwarded";
	}
	return "unknown";
}

void print_trace(FILE *f, const struct trace *t)
{
	const char *name, *text;
	int n = 0;

	print_input(f, t, &n);
	if (!refused(t)) {
		print_route(f, t, &n);
		print_output(f, t, &n);
		print_filter(f, t, &n);
		print_vpn(f, t, &n);
	}
	fprintf(f, "\nResult:\ninput-interface: %s\n", t->in);
	if (*t->out_ifname)
		fprintf(f, "output-interface: %s\n", t->out);
	fprintf(f, "Action: %s\n", action(t));
	if (t->result == CRYPTO_MAP_TRACE_RESULT_DROP) {
		name = drop_reason(t->reason, &text);
		fprintf(f, "Drop-reason: (%s) %s\n", name, text);
	}
}

/* ------------------------------------------------------------------------- JSON */

static void json_entry_name(json_t *value, uint16_t seq, uint16_t dynamic_seq, const char *acl,
			    uint32_t ace)
{
	json_object_set_new(value, "seq", json_integer(seq));
	if (dynamic_seq)
		json_object_set_new(value, "dynamic-seq", json_integer(dynamic_seq));
	if (*acl) {
		json_object_set_new(value, "acl", json_string(acl));
		json_object_set_new(value, "ace", json_integer(ace));
	}
}

static json_t *json_denies(const struct trace *t)
{
	json_t *list = json_array(), *value;
	size_t i;

	for (i = 0; i < t->n_denies; i++) {
		value = json_object();
		json_entry_name(value, t->deny[i].seq, t->deny[i].dynamic_seq, t->deny[i].acl,
				t->deny[i].ace);
		json_array_append_new(list, value);
	}
	return list;
}

static json_t *json_filter(const struct trace *t)
{
	json_t *value = json_pack("{s:s, s:b}", "acl", t->filter, "permits", t->filter_permits);

	if (t->filter_ace)
		json_object_set_new(value, "ace", json_integer(t->filter_ace));
	return value;
}

json_t *json_trace(const struct trace *t)
{
	static const char *const result[] = {
		[CRYPTO_MAP_TRACE_RESULT_DROP] = "drop",
		[CRYPTO_MAP_TRACE_RESULT_CLEAR] = "clear",
		[CRYPTO_MAP_TRACE_RESULT_PROTECT] = "protect",
		[CRYPTO_MAP_TRACE_RESULT_HOLD] = "hold",
		[CRYPTO_MAP_TRACE_RESULT_DECRYPT] = "decrypt",
		[CRYPTO_MAP_TRACE_RESULT_LARVAL] = "larval",
		[CRYPTO_MAP_TRACE_RESULT_XFRM] = "xfrm",
		[CRYPTO_MAP_TRACE_RESULT_DELIVER] = "deliver",
		[CRYPTO_MAP_TRACE_RESULT_UNROUTABLE] = "unroutable",
	};
	struct sa sa = t->sa;
	struct sas sas = { &sa, t->has_sa };
	json_t *value;

	value = json_pack("{s:s, s:s, s:b, s:o}", "result",
			  t->result < sizeof(result) / sizeof(*result) ? result[t->result] :
									 "unknown",
			  "input-interface", t->in, "exempt", t->exempt, "denies", json_denies(t));
	if (t->result == CRYPTO_MAP_TRACE_RESULT_DROP)
		json_object_set_new(value, "reason", json_string(drop_reason(t->reason, NULL)));
	if (*t->in_map)
		json_object_set_new(value, "input-map", json_string(t->in_map));
	if (*t->out_ifname) {
		json_object_set_new(value, "output-interface", json_string(t->out));
		json_object_set_new(value, "output-device", json_string(t->out_ifname));
		json_object_set_new(value, "gateway", json_ip(&t->gateway));
	}
	if (*t->out_map)
		json_object_set_new(value, "output-map", json_string(t->out_map));
	if (t->seq)
		json_entry_name(value, t->seq, t->dynamic_seq, t->acl, t->ace);
	if (*t->filter)
		json_object_set_new(value, "access-group-out", json_filter(t));
	if (t->has_flow)
		json_object_set_new(value, "flow", json_flow(&t->flow, &sas));
	if (t->plain_mtu)
		json_object_set_new(value, "plaintext-mtu", json_integer(t->plain_mtu));
	if (t->fragmented)
		json_object_set_new(value, "fragmentation",
				    json_string(t->after_encryption ? "after-encryption" :
								      "before-encryption"));
	return value;
}

/* ---------------------------------------------------------------------- command */

static uint32_t number_of(const struct args *args, const char *name)
{
	const char *word = args_value(args, name);
	uint32_t number = 0;

	if (word && !parse_small(word, UINT16_MAX, &number))
		parse_number(word, &number);
	return number;
}

/* Puts a word of access lists, which have it in this family, in the place of a number. */
static bool protocol_of(const char *word, int family, uint8_t *protocol)
{
	int proto = word ? ios_protocol_word(family, word) : 0;
	uint32_t number;

	if (!word || parse_small(word, UINT8_MAX, &number))
		return true;
	if (proto < 0)
		fprintf(stderr, "cryptomap: access lists of %s have no protocol '%s'\n",
			family == AF_INET6 ? "IPv6" : "IPv4", word);
	*protocol = proto;
	return proto >= 0;
}

/* The same of an ICMP type, and of the code that some words name as well. */
static bool icmp_of(const char *word, int family, struct packet *packet)
{
	int type, code = IOS_ICMP_ANY;
	uint32_t number;

	if (!word || parse_small(word, UINT8_MAX, &number))
		return true;
	type = ios_icmp_word(family, word, &code);
	if (type < 0)
		fprintf(stderr, "cryptomap: access lists of %s have no ICMP type '%s'\n",
			family == AF_INET6 ? "IPv6" : "IPv4", word);
	else if (code != IOS_ICMP_ANY && code != packet->code)
		fprintf(stderr, "cryptomap: the code of '%s' is %d\n", word, code);
	packet->type = type;
	return type >= 0 && (code == IOS_ICMP_ANY || code == packet->code);
}

static uint16_t port_of(const struct args *args, const char *name)
{
	const char *word = args_value(args, name);
	int port = word ? ios_port_word(args_has(args, "tcp") ? IPPROTO_TCP : IPPROTO_UDP, word) : -1;

	return port < 0 ? (uint16_t)number_of(args, name) : port;
}

/* The packet of a command. Return: its length, 0 after saying why there is none. */
static size_t packet_of(const struct args *args, uint8_t *buf)
{
	struct packet packet = {
		.protocol = number_of(args, "PROTOCOL"),
		.sport = port_of(args, "SOURCE-PORT"), .dport = port_of(args, "DESTINATION-PORT"),
		.type = number_of(args, "TYPE"), .code = number_of(args, "CODE"),
		.spi = number_of(args, "SPI"),
		.in_udp = args_has(args, "esp") && args_has(args, "udp"), .size = number_of(args, "BYTES"),
		.df = args_has(args, "df"),
	};
	size_t len;

	parse_address(args_value(args, "SOURCE"), &packet.src);
	parse_address(args_value(args, "DESTINATION"), &packet.dst);
	if (packet.src.family != packet.dst.family) {
		fputs("cryptomap: source and destination are of different address families\n", stderr);
		return 0;
	}
	if (!protocol_of(args_value(args, "PROTOCOL"), packet.dst.family, &packet.protocol) ||
	    !icmp_of(args_value(args, "TYPE"), packet.dst.family, &packet))
		return 0;
	if (args_has(args, "tcp"))
		packet.protocol = IPPROTO_TCP;
	else if (args_has(args, "esp"))
		packet.protocol = IPPROTO_ESP;
	else if (args_has(args, "udp"))
		packet.protocol = IPPROTO_UDP;
	else if (args_has(args, "icmp"))
		packet.protocol = packet.dst.family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	len = packet_build(&packet, buf);
	if (!len)
		fprintf(stderr, "cryptomap: a packet of %u bytes cannot be such a one\n", packet.size);
	return len;
}

/* Device of an interface by either of its names. */
static const char *device_of(const struct attachments *attachments, const char *name)
{
	size_t i;

	for (i = 0; i < attachments->n; i++)
		if (interface_is(name, attachments->v[i].ifname, attachments->v[i].label))
			return attachments->v[i].ifname;
	return name;
}

/* Name to show of a device. */
static const char *label_of(const struct attachments *attachments, const char *ifname)
{
	size_t i;

	for (i = 0; i < attachments->n; i++)
		if (!strcmp(attachments->v[i].ifname, ifname))
			return attachments->v[i].label;
	return ifname;
}

int run_packet_tracer(const struct args *args)
{
	static uint8_t buf[PACKET_MAX];
	struct attachments attachments = { 0 };
	size_t len = packet_of(args, buf);
	struct trace trace;
	const char *dev;
	int ret = REFUSED;
	struct nl *nl;

	if (!len)
		return USAGE;
	nl = nl_open();
	if (!nl)
		return REFUSED;
	if (kernel_attachments(nl, &attachments))
		goto out;
	dev = device_of(&attachments, args_value(args, "INTERFACE"));
	if (strlen(dev) >= sizeof(trace.out_ifname)) {
		fprintf(stderr, "cryptomap: no interface %s\n", dev);
		goto out;
	}
	if (kernel_trace(nl, dev, buf, len, &trace) < 0)
		goto out;
	snprintf(trace.in, sizeof(trace.in), "%s", label_of(&attachments, dev));
	snprintf(trace.out, sizeof(trace.out), "%s", label_of(&attachments, trace.out_ifname));
	ret = DONE;
	if (args->json)
		ret = json_out(args->out, json_trace(&trace));
	else
		print_trace(args->out, &trace);
out:
	free(attachments.v);
	nl_close(nl);
	return ret;
}
