// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * metrics: counters and gauges in the text format of Prometheus.
 *
 * Labels have few values: states, drop reasons, interfaces with their crypto map. Those of
 * flows and peers, of which there may be many, come with "detail" only.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "say.h"
#include "file.h"
#include "http.h"
#include "metrics.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))
/* Prometheus gives a scrape up after 10 */
#define DAEMON_SECONDS 3

/* What is counted of packets, by the end of the metric's name. */
static const struct {
	const char *name;
	const char *help;
	size_t offset;
} traffic[] = {
	{ "transmit_packets", "Packets that were encrypted", offsetof(struct traffic, out_packets) },
	{ "transmit_bytes", "Bytes of them before encryption", offsetof(struct traffic, out_bytes) },
	{ "transmit_errors", "Packets that were to be encrypted and were dropped",
	  offsetof(struct traffic, send_errors) },
	{ "receive_packets", "Packets that were decrypted", offsetof(struct traffic, in_packets) },
	{ "receive_bytes", "Bytes of them after decryption", offsetof(struct traffic, in_bytes) },
	{ "receive_errors", "Packets of a peer that were dropped",
	  offsetof(struct traffic, recv_errors) },
};

static uint64_t counter(const struct traffic *t, size_t i)
{
	uint64_t value;

	memcpy(&value, (const char *)t + traffic[i].offset, sizeof(value));
	return value;
}

/* --------------------------------------------------------------------- the format */

static void family(FILE *f, const char *name, const char *type, const char *help)
{
	fprintf(f, "# HELP cryptomap_%s %s.\n# TYPE cryptomap_%s %s\n", name, help, name, type);
}

/* struct label - a label of a sample; its value may be any text */
struct label {
	const char *name;
	const char *value;
};

static void escaped(FILE *f, const char *s)
{
	for (; *s; s++) {
		if (*s == '\n')
			fputs("\\n", f);
		else
			fprintf(f, "%s%c", *s == '"' || *s == '\\' ? "\\" : "", *s);
	}
}

static void sample(FILE *f, const char *name, const struct label *label, size_t n, uint64_t value)
{
	size_t i;

	fprintf(f, "cryptomap_%s", name);
	for (i = 0; i < n; i++) {
		fprintf(f, "%c%s=\"", i ? ',' : '{', label[i].name);
		escaped(f, label[i].value);
		fputc('"', f);
	}
	fprintf(f, "%s %" PRIu64 "\n", n ? "}" : "", value);
}

#define SAMPLE(f, name, value, ...)							\
	sample(f, name, (const struct label[]){ __VA_ARGS__ },				\
	       COUNT(((const struct label[]){ __VA_ARGS__ })), value)

/* ------------------------------------------------------------------------- states */

static void print_isakmp(FILE *f, const struct metrics *m)
{
	static const char *const states[] = {
		"MM_NO_STATE", "MM_SA_SETUP", "MM_KEY_EXCH", "MM_KEY_AUTH", "AG_NO_STATE",
		"AG_INIT_EXCH", "AG_AUTH", "QM_IDLE",
	};
	size_t i, j, n;

	family(f, "ike_daemon_up", "gauge", "Whether charon answers");
	sample(f, "ike_daemon_up", NULL, 0, m->daemon);
	family(f, "isakmp_sas", "gauge", "ISAKMP SAs by state");
	for (i = 0; i < COUNT(states); i++) {
		for (n = j = 0; j < m->isakmp.n; j++)
			n += !m->isakmp.v[j].deleted && !strcmp(m->isakmp.v[j].state, states[i]);
		SAMPLE(f, "isakmp_sas", n, { "state", states[i] });
	}
}

static void print_sas(FILE *f, const struct metrics *m)
{
	static const char *const direction[] = {
		[CRYPTO_MAP_SA_DIR_IN] = "inbound", [CRYPTO_MAP_SA_DIR_OUT] = "outbound",
	};
	static const char *const state[] = {
		[CRYPTO_MAP_SA_STATE_LARVAL] = "larval", [CRYPTO_MAP_SA_STATE_STANDBY] = "standby",
		[CRYPTO_MAP_SA_STATE_ACTIVE] = "active", [CRYPTO_MAP_SA_STATE_RETIRING] = "retiring",
	};
	size_t n[COUNT(direction)][COUNT(state)] = { 0 }, i, j;

	for (i = 0; i < m->sas.n; i++)
		if (m->sas.v[i].dir < COUNT(direction) && m->sas.v[i].state < COUNT(state))
			n[m->sas.v[i].dir][m->sas.v[i].state]++;
	family(f, "ipsec_sas", "gauge", "IPsec SAs by direction and state");
	for (i = 0; i < COUNT(direction); i++)
		for (j = 0; j < COUNT(state); j++)
			SAMPLE(f, "ipsec_sas", n[i][j], { "direction", direction[i] },
			       { "state", state[j] });
}

static void print_flows(FILE *f, const struct metrics *m)
{
	static const char *const state[] = {
		[CRYPTO_MAP_FLOW_STATE_IDLE] = "idle",
		[CRYPTO_MAP_FLOW_STATE_ACQUIRING] = "acquiring",
		[CRYPTO_MAP_FLOW_STATE_UP] = "up",
	};
	size_t n[COUNT(state)] = { 0 }, i;

	for (i = 0; i < m->flows.n; i++)
		if (m->flows.v[i].state < COUNT(state))
			n[m->flows.v[i].state]++;
	family(f, "flows", "gauge", "Flows (what a permit of an access list protects) by state");
	for (i = 0; i < COUNT(state); i++)
		SAMPLE(f, "flows", n[i], { "state", state[i] });
	family(f, "held_packets", "gauge", "Packets that wait for an SA");
	sample(f, "held_packets", NULL, 0, m->stats.held);
}

static void print_drops(FILE *f, const struct metrics *m)
{
	uint32_t i;

	family(f, "dropped_packets_total", "counter", "Dropped packets by reason");
	for (i = 0; i < drop_reasons(); i++)
		SAMPLE(f, "dropped_packets_total", m->stats.drop_total[i],
		       { "reason", drop_reason(i, NULL) });
}

/* ----------------------------------------------------------------------- sessions */

static const char *const statuses[] = {
	"UP-ACTIVE", "UP-IDLE", "UP-NO-IKE", "DOWN-NEGOTIATING", "DOWN",
};

/* @data: how many sessions have each status */
static void count_session(const struct flow *flow, const char *status, void *data)
{
	unsigned int *n = data;
	size_t i;

	(void)flow;
	for (i = 0; i < COUNT(statuses); i++)
		n[i] += !strcmp(statuses[i], status);
}

static void print_statuses(FILE *f, const struct metrics *m)
{
	unsigned int n[COUNT(statuses)] = { 0 };
	size_t i;

	family(f, "sessions", "gauge", "Sessions (pairs of interface and peer) by status");
	/* once for all of them: each looks for its ISAKMP SAs among all */
	each_session(&m->flows, &m->sas, &m->isakmp, count_session, n);
	for (i = 0; i < COUNT(statuses); i++)
		SAMPLE(f, "sessions", n[i], { "status", statuses[i] });
}

static void print_session_up(const struct flow *flow, const char *status, void *data)
{
	struct ip room;

	SAMPLE((FILE *)data, "session_up", !strncmp(status, "UP", 2), { "interface", flow->label },
	       { "peer", flow_peer(flow, &room) });
}

/* ------------------------------------------------------------- interfaces, flows */

static void print_interfaces(FILE *f, const struct metrics *m)
{
	static const char *const name[] = { "interface_up", "ruleset_rules", "ruleset_bytes" };
	static const char *const help[] = {
		"Whether the device of an interface with a crypto map is there",
		"Rules that packets of an interface are looked up in", "Memory that they take",
	};
	const struct attachment *a;
	size_t i, j;

	for (i = 0; i < COUNT(name); i++) {
		family(f, name[i], "gauge", help[i]);
		for (j = 0; j < m->attachments.n; j++) {
			a = &m->attachments.v[j];
			SAMPLE(f, name[i], i == 0 ? !!a->mtu : i == 1 ? a->rules : a->bytes,
			       { "interface", a->label }, { "map", a->map });
		}
	}
}

static void print_traffic(FILE *f, const struct metrics *m)
{
	const struct attachment *a;
	size_t i, j;
	char name[64];

	for (i = 0; i < COUNT(traffic); i++) {
		snprintf(name, sizeof(name), "%s_total", traffic[i].name);
		family(f, name, "counter", traffic[i].help);
		for (j = 0; j < m->attachments.n; j++) {
			a = &m->attachments.v[j];
			SAMPLE(f, name, counter(&a->traffic, i), { "interface", a->label }, { "map", a->map });
		}
	}
}

/* What a flow protects, as show crypto ipsec sa has it. */
static const char *ident(char *room, size_t size, const struct ios_addr *addr,
			 const struct ios_addr *wild, uint8_t protocol, uint16_t port)
{
	snprintf(room, size, "%s/%s/%u/%u", ip_text(addr).s, mask_text(wild).s, protocol, port);
	return room;
}

/*
 * The samples of one counter. They are not added up: a flow that goes takes its own counter
 * along, which would go back in a sum of several.
 */
static void print_flow_counter(FILE *f, size_t i, const struct flows *flows)
{
	char name[64], id[16], entry[8], local[128], remote[128];
	const struct selector *sel;
	const struct flow *flow;
	struct ip peer;
	size_t j;

	snprintf(name, sizeof(name), "flow_%s_total", traffic[i].name);
	family(f, name, "counter", traffic[i].help);
	for (j = 0; j < flows->n; j++) {
		flow = &flows->v[j];
		sel = &flow->selector;
		snprintf(id, sizeof(id), "%u", flow->id);
		snprintf(entry, sizeof(entry), "%u", flow->entry_seq);
		SAMPLE(f, name, counter(&flow->traffic, i), { "interface", flow->label },
		       { "map", flow->map }, { "entry", entry }, { "flow", id },
		       { "local", ident(local, sizeof(local), &sel->local, &sel->local_wild,
					sel->protocol, sel->local_port) },
		       { "remote", ident(remote, sizeof(remote), &sel->remote, &sel->remote_wild,
					 sel->protocol, sel->remote_port) },
		       { "peer", flow->remote.family || *flow->peer_name ? flow_peer(flow, &peer) : "" });
	}
}

static void print_detail(FILE *f, const struct metrics *m)
{
	size_t i;

	for (i = 0; i < COUNT(traffic); i++)
		print_flow_counter(f, i, &m->flows);
	family(f, "session_up", "gauge", "Whether the session of an interface and a peer is up");
	each_session(&m->flows, &m->sas, &m->isakmp, print_session_up, f);
}

void print_metrics(FILE *f, const struct metrics *m, bool detail)
{
	family(f, "build_info", "gauge", "Version of the kernel module");
	SAMPLE(f, "build_info", 1, { "version", m->stats.version });
	print_isakmp(f, m);
	print_sas(f, m);
	print_flows(f, m);
	print_statuses(f, m);
	print_drops(f, m);
	print_interfaces(f, m);
	print_traffic(f, m);
	if (detail)
		print_detail(f, m);
}

/* ------------------------------------------------------------------------ command */

static void metrics_free(struct metrics *m)
{
	free(m->isakmp.v);
	free(m->flows.v);
	free(m->sas.v);
	free(m->attachments.v);
}

/* Return: 0 or a negative errno after saying why; metrics_free() in any case */
static int metrics_read(struct metrics *m)
{
	struct nl *nl = nl_open();
	int ret;

	*m = (struct metrics){ 0 };
	if (!nl)
		return -ENOENT;
	/* a daemon that is there and does not answer is down as well */
	ctl_set_patience(DAEMON_SECONDS);
	m->daemon = !ctl_isakmp_list(&m->isakmp, true);
	ctl_set_patience(0);
	ret = kernel_stats(nl, &m->stats);
	if (!ret)
		ret = kernel_attachments(nl, &m->attachments);
	if (!ret)
		ret = kernel_flows(nl, &m->flows);
	if (!ret)
		ret = kernel_sas(nl, &m->sas);
	nl_close(nl);
	return ret;
}

/* The text, for free(); NULL after saying why. */
static char *metrics_text(bool detail)
{
	struct metrics m;
	char *text = NULL;
	FILE *f = NULL;
	size_t len;

	if (!metrics_read(&m)) {
		f = open_memstream(&text, &len);
		if (f)
			print_metrics(f, &m, detail);
		if (!f || fclose(f)) {
			say_no_memory();
			free(text);
			text = NULL;
		}
	}
	metrics_free(&m);
	return text;
}

int run_metrics(const struct args *args)
{
	bool detail = args_has(args, "detail");
	char *text = NULL;
	int ret = 0;

	if (args_has(args, "http") && !http_request(0, "/metrics", args->out))
		return REFUSED;
	text = metrics_text(detail);
	if (args_has(args, "http"))
		http_answer(args->out, text);
	else if (text && args->textfile)
		ret = file_replace(args->textfile, text, 0644);
	else if (text)
		fputs(text, args->out);
	if (!text)
		ret = -1;
	free(text);
	return ret ? REFUSED : DONE;
}
