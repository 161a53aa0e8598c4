// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show crypto ipsec sa, show crypto ipsec transform-set
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "ios/print.h"
#include "vrf.h"

/* IOS counts connections of its software engine from 2000. */
#define CONN_ID_BASE 2000

/* ------------------------------------------------------------------------- text */

/* Larval SAs have no keys yet and IOS does not show them. */
static bool shown_sa(const struct sa *sa, enum crypto_map_sa_dir dir)
{
	return sa->dir == dir && sa->state != CRYPTO_MAP_SA_STATE_LARVAL;
}

static const char *sa_status(const struct sa *sa)
{
	return sa->state == CRYPTO_MAP_SA_STATE_STANDBY ? "STANDBY(STANDBY)" : "ACTIVE(ACTIVE)";
}

static void print_timing(FILE *f, const struct sa *sa)
{
	if (sa->flags & CRYPTO_MAP_SA_FLAGS_MANUAL) {
		fputs("        no sa timing\n", f);
		return;
	}
	if (sa->hard_bytes) {
		fprintf(f, "        sa timing: remaining key lifetime (k/sec): (%" PRIu64 "/%" PRIu64 ")\n",
			sa_kilobytes_left(sa), sa_seconds_left(sa));
		return;
	}
	fprintf(f, "        sa timing: remaining key lifetime (sec): %" PRIu64 "\n",
		sa_seconds_left(sa));
	fputs("        Kilobyte Volume Rekey has been disabled\n", f);
}

static unsigned int iv_size(const struct sa *sa)
{
	switch (sa->transform.cipher) {
	case IOS_ESP_CIPHER_AES:
		return 16;
	case IOS_ESP_CIPHER_GCM:
	case IOS_ESP_CIPHER_GMAC:
	case IOS_ESP_CIPHER_3DES:
	case IOS_ESP_CIPHER_CTR:
	case IOS_ESP_CIPHER_CHACHA:
		return 8;
	default:
		return 0;
	}
}

static void print_sa(FILE *f, const struct flow *flow, const struct sa *sa, bool detail)
{
	char transforms[128];

	ios_tset_text(transforms, sizeof(transforms), &sa->transform, true);
	fprintf(f, "      spi: 0x%X(%u)\n", sa->spi, sa->spi);
	fprintf(f, "        transform: %s ,\n", transforms);
	fprintf(f, "        in use settings ={%s%s, %s}\n",
		sa->mode == CRYPTO_MAP_MODE_TRANSPORT ? "Transport" : "Tunnel",
		sa->encap_dport ? " UDP-Encaps" : "",
		sa->flags & CRYPTO_MAP_SA_FLAGS_ESN ? "esn" : "");
	fprintf(f, "        conn id: %u, flow_id: SW:%u, sibling_flags 80000040, crypto map: %s\n",
		CONN_ID_BASE + sa->id, sa->id, flow->map);
	print_timing(f, sa);
	fprintf(f, "        IV size: %u bytes\n", iv_size(sa));
	fprintf(f, "        replay detection support: %c", sa->replay_window ? 'Y' : 'N');
	/* readers of the detailed form count on it; the other one does not tell the default */
	if (sa->replay_window && (detail || sa->replay_window != 64))
		fprintf(f, "  replay window size: %u", sa->replay_window);
	fprintf(f, "\n        Status: %s\n", sa_status(sa));
}

static void print_direction(FILE *f, const struct flow *flow, const struct sas *sas,
			    enum crypto_map_sa_dir dir, bool detail)
{
	const char *word = dir == CRYPTO_MAP_SA_DIR_IN ? "inbound" : "outbound";
	const struct sa *sa;
	size_t n;

	fprintf(f, "\n     %s esp sas:\n", word);
	for (sa = sas_of_flow(sas, flow->id, &n); n; n--, sa++)
		if (shown_sa(sa, dir))
			print_sa(f, flow, sa, detail);
	fprintf(f, "\n     %s ah sas:\n\n     %s pcp sas:\n", word, word);
}

/* The outbound SA in use, or NULL. */
static const struct sa *current_sa(const struct flow *flow, const struct sas *sas)
{
	const struct sa *sa;
	size_t n;

	for (sa = sas_of_flow(sas, flow->id, &n); n; n--, sa++)
		if (flow->out_spi && shown_sa(sa, CRYPTO_MAP_SA_DIR_OUT) &&
		    sa->spi == flow->out_spi)
			return sa;
	return NULL;
}

static uint32_t device_mtu(const struct flow *flow, const struct attachments *attachments)
{
	size_t i;

	for (i = 0; i < attachments->n; i++)
		if (!strcmp(attachments->v[i].ifname, flow->ifname) && attachments->v[i].mtu)
			return attachments->v[i].mtu;
	return flow->mtu;
}

static void print_ident(FILE *f, const char *side, const struct ios_addr *addr,
			const struct ios_addr *wild, uint8_t protocol, uint16_t port)
{
	fprintf(f, "   %s ident (addr/mask/prot/port): (%s/%s/%u/%u)\n", side, ip_text(addr).s,
		mask_text(wild).s, protocol, port);
}

/* Of IPv6 IOS writes two lines, and another word. */
static void print_ends(FILE *f, const struct flow *flow, uint32_t ip_mtu)
{
	bool six = flow->remote.family == AF_INET6;
	const char *ip = six ? "ipv6" : "ip";

	fprintf(f, "     local crypto endpt.: %s,%sremote crypto endpt.: %s\n",
		ip_text(&flow->local).s, six ? "\n     " : " ", ip_text(&flow->remote).s);
	fprintf(f, "     plaintext mtu %u, path mtu %u, %s mtu %u, %s mtu idb %s\n",
		flow->plain_mtu ? flow->plain_mtu : flow->mtu, flow->mtu, ip, ip_mtu, ip,
		flow->label);
}

/* The missing colons and the double "#" are IOS's. */
static void print_errors(FILE *f, const uint64_t *n)
{
	fprintf(f, "    #pkts no sa (send) %" PRIu64 ", #pkts invalid sa (rcv) %" PRIu64 "\n",
		n[ERROR_NO_SA], n[ERROR_INVALID_SA]);
	fprintf(f, "    #pkts encaps failed (send) %" PRIu64 ", #pkts decaps failed (rcv) %" PRIu64 "\n",
		n[ERROR_ENCAPS], n[ERROR_DECAPS]);
	fprintf(f, "    #pkts invalid prot (recv) %" PRIu64 ", #pkts verify failed: %" PRIu64 "\n",
		n[ERROR_PROTOCOL], n[ERROR_VERIFY]);
	fprintf(f, "    #pkts invalid identity (recv) %" PRIu64 ", #pkts invalid len (rcv) %" PRIu64 "\n",
		n[ERROR_IDENTITY], n[ERROR_LENGTH]);
	fprintf(f, "    #pkts replay rollover (send): %" PRIu64 ", #pkts replay rollover (rcv) 0\n",
		n[ERROR_ROLLOVER]);
	fprintf(f, "    ##pkts replay failed (rcv): %" PRIu64 "\n", n[ERROR_REPLAY]);
	fputs("    #pkts tagged (send): 0, #pkts untagged (rcv): 0\n", f);
	fputs("    #pkts not tagged (send): 0, #pkts not untagged (rcv): 0\n", f);
	fprintf(f, "    #pkts internal err (send): %" PRIu64 ", #pkts internal err (recv) %" PRIu64 "\n\n",
		n[ERROR_INTERNAL_OUT], n[ERROR_INTERNAL_IN]);
}

static void print_flow(FILE *f, const struct flow *flow, const struct sas *sas, uint32_t ip_mtu,
		       bool detail)
{
	const struct selector *sel = &flow->selector;
	const struct sa *sa = sas ? current_sa(flow, sas) : NULL;
	struct ip room;

	fprintf(f, "\n   protected vrf: %s\n", flow_vrf(flow));
	print_ident(f, "local ", &sel->local, &sel->local_wild, sel->protocol, sel->local_port);
	print_ident(f, "remote", &sel->remote, &sel->remote_wild, sel->protocol, sel->remote_port);
	fprintf(f, "   current_peer %s port %u\n", flow_peer(flow, &room), flow->remote_port);
	fprintf(f, "     PERMIT, flags={%s}\n", *flow->dynamic ? "" : "origin_is_acl,");
	fprintf(f, "    #pkts encaps: %" PRIu64 ", #pkts encrypt: %" PRIu64 ", #pkts digest: %" PRIu64 "\n",
		flow->traffic.out_packets, flow->traffic.out_packets, flow->traffic.out_packets);
	fprintf(f, "    #pkts decaps: %" PRIu64 ", #pkts decrypt: %" PRIu64 ", #pkts verify: %" PRIu64 "\n",
		flow->traffic.in_packets, flow->traffic.in_packets, flow->traffic.in_packets);
	fputs("    #pkts compressed: 0, #pkts decompressed: 0\n", f);
	fputs("    #pkts not compressed: 0, #pkts compr. failed: 0\n", f);
	fputs("    #pkts not decompressed: 0, #pkts decompress failed: 0\n", f);
	if (detail)
		print_errors(f, flow->errors);
	else
		fprintf(f, "    #send errors %" PRIu64 ", #recv errors %" PRIu64 "\n\n",
			flow->traffic.send_errors, flow->traffic.recv_errors);
	if (!sas)
		return;
	print_ends(f, flow, ip_mtu);
	fprintf(f, "     current outbound spi: 0x%X(%u)\n", flow->out_spi, flow->out_spi);
	if (sa && sa->pfs_group)
		fprintf(f, "     PFS (Y/N): Y, DH group: group%u\n", sa->pfs_group);
	else
		fputs("     PFS (Y/N): N, DH group: none\n", f);
	print_direction(f, flow, sas, CRYPTO_MAP_SA_DIR_IN, detail);
	print_direction(f, flow, sas, CRYPTO_MAP_SA_DIR_OUT, detail);
}

void print_ipsec_sas(FILE *f, const struct flows *flows, const struct sas *sas,
		     const struct attachments *attachments, bool detail)
{
	const struct flow *flow, *before;
	size_t i;

	if (!flows->n)
		fputs("\nNo SAs found\n", f);
	for (i = 0; i < flows->n; i++) {
		flow = &flows->v[i];
		before = i ? flow - 1 : NULL;
		if (!before || strcmp(before->ifname, flow->ifname) ||
		    strcmp(before->map, flow->map))
			fprintf(f, "\ninterface: %s\n    Crypto map tag: %s, local addr %s\n",
				flow->label, flow->map, ip_text(&flow->local).s);
		print_flow(f, flow, sas, device_mtu(flow, attachments), detail);
	}
}

/* ------------------------------------------------------------------------- JSON */

static json_t *json_sa(const struct sa *sa)
{
	static const char *const state[] = { "larval", "standby", "active", "retiring" };
	char transforms[128];
	json_t *value;

	ios_tset_text(transforms, sizeof(transforms), &sa->transform, true);
	value = json_pack("{s:I, s:s, s:o, s:o, s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:i, s:I, s:I, s:I, s:I}",
			  "spi", (json_int_t)sa->spi, "direction",
			  sa->dir == CRYPTO_MAP_SA_DIR_IN ? "in" : "out", "local",
			  json_ip(&sa->local), "remote", json_ip(&sa->remote), "state",
			  sa->state < 4 ? state[sa->state] : "unknown", "mode",
			  sa->mode == CRYPTO_MAP_MODE_TRANSPORT ? "transport" : "tunnel",
			  "transform", transforms, "udp-encaps", sa->encap_dport != 0, "initiator",
			  !!(sa->flags & CRYPTO_MAP_SA_FLAGS_INITIATOR), "orphan",
			  !!(sa->flags & CRYPTO_MAP_SA_FLAGS_ORPHAN), "esn",
			  !!(sa->flags & CRYPTO_MAP_SA_FLAGS_ESN), "pfs-group", sa->pfs_group,
			  "replay-window", (json_int_t)sa->replay_window, "conn-id",
			  (json_int_t)(CONN_ID_BASE + sa->id), "packets",
			  (json_int_t)sa->used_packets, "bytes", (json_int_t)sa->used_bytes);
	if (sa->hard_seconds)
		json_object_set_new(value, "seconds-left", json_integer(sa_seconds_left(sa)));
	if (sa->hard_bytes)
		json_object_set_new(value, "kilobytes-left", json_integer(sa_kilobytes_left(sa)));
	if (sa->tfc_pad)
		json_object_set_new(value, "tfc-pad", json_integer(sa->tfc_pad));
	if (sa->used)
		json_object_set_new(value, "idle-seconds", json_integer(sa->idle));
	return value;
}

static json_t *json_errors(const uint64_t *n)
{
	static const char *const key[FLOW_ERRORS] = {
		[ERROR_NO_SA] = "no-sa", [ERROR_INVALID_SA] = "invalid-sa",
		[ERROR_ENCAPS] = "encaps-failed", [ERROR_DECAPS] = "decaps-failed",
		[ERROR_PROTOCOL] = "invalid-protocol", [ERROR_VERIFY] = "verify-failed",
		[ERROR_IDENTITY] = "invalid-identity", [ERROR_LENGTH] = "invalid-length",
		[ERROR_ROLLOVER] = "replay-rollover", [ERROR_REPLAY] = "replay-failed",
		[ERROR_INTERNAL_OUT] = "internal-send", [ERROR_INTERNAL_IN] = "internal-recv",
	};
	json_t *value = json_object();
	size_t i;

	for (i = 0; i < FLOW_ERRORS; i++)
		json_object_set_new(value, key[i], json_integer(n[i]));
	return value;
}

json_t *json_flow(const struct flow *flow, const struct sas *sas)
{
	static const char *const state[] = { "idle", "acquiring", "up" };
	const struct selector *sel = &flow->selector;
	json_t *value, *list = json_array();
	const struct sa *sa;
	size_t n;

	for (sa = sas_of_flow(sas, flow->id, &n); n; n--, sa++)
		json_array_append_new(list, json_sa(sa));
	value = json_pack("{s:I, s:b, s:s, s:s, s:s, s:i, s:s, s:I, s:s, s:o, s:o, s:i, s:i, s:i, s:o, s:o, s:i}",
			  "flow", (json_int_t)flow->id, "narrow", flow->narrow, "interface",
			  flow->label, "device", flow->ifname, "map", flow->map, "seq", flow->entry_seq, "acl", flow->acl,
			  "ace", (json_int_t)flow->ace_seq, "state",
			  flow->state < 3 ? state[flow->state] : "unknown", "local-ident",
			  json_network(&sel->local, &sel->local_wild), "remote-ident",
			  json_network(&sel->remote, &sel->remote_wild), "protocol", sel->protocol,
			  "local-port", sel->local_port, "remote-port", sel->remote_port, "local",
			  json_ip(&flow->local), "peer", json_ip(&flow->remote), "peer-port",
			  flow->remote_port);
	if (!value) {
		json_decref(list);
		return NULL;
	}
	if (*flow->vrf)
		json_object_set_new(value, "vrf", json_string(flow->vrf));
	if (*flow->peer_name)
		json_object_set_new(value, "peer-name", json_string(flow->peer_name));
	if (*flow->dynamic) {
		json_object_set_new(value, "dynamic-map", json_string(flow->dynamic));
		json_object_set_new(value, "dynamic-seq", json_integer(flow->dynamic_seq));
	}
	if (flow->per_host)
		json_object_set_new(value, "per-host", json_true());
	if (flow->permit)
		json_object_set_new(value, "permit-flow", json_integer(flow->permit));
	json_object_set_new(value, "drops", json_errors(flow->errors));
	json_object_update_new(value,
		json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "encaps",
			  (json_int_t)flow->traffic.out_packets, "encaps-bytes",
			  (json_int_t)flow->traffic.out_bytes, "decaps", (json_int_t)flow->traffic.in_packets,
			  "decaps-bytes", (json_int_t)flow->traffic.in_bytes, "send-errors",
			  (json_int_t)flow->traffic.send_errors, "recv-errors",
			  (json_int_t)flow->traffic.recv_errors, "held", (json_int_t)flow->held, "path-mtu",
			  (json_int_t)flow->mtu, "plaintext-mtu", (json_int_t)flow->plain_mtu,
			  "outbound-spi", (json_int_t)flow->out_spi, "sas", list));
	return value;
}

static bool wanted(const struct args *args, const struct flow *flow)
{
	const char *peer = args_value(args, "ADDRESS"), *map = args_value(args, "NAME");
	const char *label = args_value(args, "INTERFACE");
	struct ios_addr addr;

	if (peer)
		return parse_address(peer, &addr) && ios_addr_same(&flow->remote, &addr);
	if (map)
		return !strcmp(flow->map, map);
	return !label || interface_is(label, flow->ifname, flow->label);
}

/* Leaves the flows that a command asks for. */
static void keep_flows(const struct args *args, struct flows *flows)
{
	size_t i, n = 0;

	for (i = 0; i < flows->n; i++)
		if (wanted(args, &flows->v[i]))
			flows->v[n++] = flows->v[i];
	flows->n = n;
}

int run_show_ipsec_sa(const struct args *args)
{
	struct attachments attachments = { 0 };
	struct flows flows = { 0 };
	struct sas sas = { 0 };
	int ret = REFUSED;
	struct nl *nl;
	json_t *list;
	size_t i;

	nl = nl_open();
	if (!nl)
		return REFUSED;
	if (!kernel_flows(nl, &flows) && !kernel_sas(nl, &sas) &&
	    !kernel_attachments(nl, &attachments)) {
		ret = DONE;
		keep_flows(args, &flows);
		vrf_find(&flows);
		if (args->json) {
			list = json_array();
			for (i = 0; i < flows.n; i++)
				json_array_append_new(list, json_flow(&flows.v[i], &sas));
			ret = json_out(args->out, list);
		} else {
			print_ipsec_sas(args->out, &flows,
					args_has(args, "identity") ? NULL : &sas, &attachments,
					args_has(args, "detail"));
		}
	}
	free(flows.v);
	free(sas.v);
	free(attachments.v);
	nl_close(nl);
	return ret;
}

/* --------------------------------------------------------------------- lifetimes */

void print_lifetime(FILE *f, uint32_t kilobytes, uint32_t seconds)
{
	if (kilobytes)
		fprintf(f, "Security association lifetime: %u kilobytes/%u seconds\n", kilobytes,
			seconds);
	else
		fprintf(f, "Security association lifetime: Kilobyte Volume Rekey has been disabled/%u seconds\n",
			seconds);
}

void print_ipsec_lifetime(FILE *f, const struct ios_config *cfg)
{
	print_lifetime(f, cfg->ipsec.life_kilobytes, cfg->ipsec.life_seconds);
	if (cfg->ipsec.idle)
		fprintf(f, "Security association idletime: %u seconds\n", cfg->ipsec.idle);
}

int run_show_lifetime(const struct args *args)
{
	struct ios_config *cfg = kernel_config_once();
	int ret = DONE;

	if (!cfg)
		return REFUSED;
	if (args->json)
		ret = json_out(args->out, json_pack("{s:I, s:I, s:I}", "lifetime-seconds",
					 (json_int_t)cfg->ipsec.life_seconds, "lifetime-kilobytes",
					 (json_int_t)cfg->ipsec.life_kilobytes, "idle-seconds",
					 (json_int_t)cfg->ipsec.idle));
	else
		print_ipsec_lifetime(args->out, cfg);
	ios_free(cfg);
	return ret;
}

/* --------------------------------------------------------------- transform sets */

/* The first set, which is the built-in one unless another has its name, or the one behind @set; or NULL. */
static const struct ios_tset *next_tset(const struct ios_config *cfg, const struct ios_tset *set)
{
	if (!set && !ios_tset_find(cfg, ios_builtin_tset.name))
		return &ios_builtin_tset;
	return set && set != &ios_builtin_tset ? set->next : cfg->tsets;
}

static bool is_builtin(const struct ios_tset *set)
{
	return !strcmp(set->name, ios_builtin_tset.name) && ios_tset_same(set, &ios_builtin_tset);
}

/* Without "require" the initiator may also offer tunnel mode. */
static const char *modes(const struct ios_tset *set)
{
	return set->transport ? "Transport" : "Tunnel";
}

void print_tsets(FILE *f, const struct ios_config *cfg)
{
	const struct ios_tset *set;
	char transforms[128];

	for (set = next_tset(cfg, NULL); set; set = next_tset(cfg, set)) {
		ios_tset_text(transforms, sizeof(transforms), set, true);
		fprintf(f, "Transform set %s: { %s  }\n", set->name, transforms);
		fprintf(f, "   will negotiate = { %s,  },\n\n", modes(set));
	}
}

json_t *json_tsets(const struct ios_config *cfg)
{
	const struct ios_tset *set;
	json_t *list = json_array();
	char transforms[128];

	for (set = next_tset(cfg, NULL); set; set = next_tset(cfg, set)) {
		ios_tset_text(transforms, sizeof(transforms), set, true);
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:b, s:b, s:b, s:b}", "name", set->name,
				  "transform", transforms, "mode",
				  set->transport ? "transport" : "tunnel", "require", set->require,
				  "esn", set->esn, "weak", ios_tset_weak(set) != NULL, "built-in",
				  is_builtin(set)));
	}
	return list;
}

int run_show_tset(const struct args *args)
{
	return show_model(args, kernel_config_once(), json_tsets, print_tsets);
}
