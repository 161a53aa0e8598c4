// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show crypto isakmp sa, show crypto isakmp peers
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "vrf.h"

/* -------------------------------------------------------------------------- SAs */

/*
 * dst and src are those of the negotiation: src is the initiator, whoever asks. An IPv6 address
 * that is longer than its column moves the others.
 */
static void print_isakmp_sa(FILE *f, const struct isakmp_sa *sa)
{
	fprintf(f, "%-15s %-15s %-14s %7u ACTIVE%s\n",
		ip_shown(sa->initiator ? sa->remote : sa->local).s,
		ip_shown(sa->initiator ? sa->local : sa->remote).s, sa->state, sa->conn_id,
		sa->deleted ? " (deleted)" : "");
}

static bool is_ipv6(const struct isakmp_sa *sa)
{
	return strchr(sa->remote, ':');
}

void print_isakmp_sas(FILE *f, const struct isakmp_sas *sas)
{
	size_t i;

	fputs("IPv4 Crypto ISAKMP SA\n", f);
	fputs("dst             src             state          conn-id status\n", f);
	for (i = 0; i < sas->n; i++)
		if (!is_ipv6(&sas->v[i]))
			print_isakmp_sa(f, &sas->v[i]);
	fputs("\nIPv6 Crypto ISAKMP SA\n", f);
	for (i = 0; i < sas->n; i++)
		if (is_ipv6(&sas->v[i]))
			print_isakmp_sa(f, &sas->v[i]);
	fputc('\n', f);
}

/* Days and hours of what is long, else H:M:S, as IOS tells times. */
struct time_text time_text(int64_t seconds)
{
	struct time_text text;
	unsigned long t = seconds > 0 ? seconds : 0;

	if (t >= 7 * 86400)
		snprintf(text.s, sizeof(text.s), "%luw%lud", t / 604800, t / 86400 % 7);
	else if (t >= 86400)
		snprintf(text.s, sizeof(text.s), "%lud%02luh", t / 86400, t / 3600 % 24);
	else
		snprintf(text.s, sizeof(text.s), "%02lu:%02lu:%02lu", t / 3600, t / 60 % 60, t % 60);
	return text;
}

const char *isakmp_capabilities(const struct isakmp_sa *sa)
{
	if (sa->dpd)
		return sa->nat ? "DN" : "D";
	return sa->nat ? "N" : "";
}

/* The name of a VRF is not cut: one that is longer than its column moves the others. */
static void print_isakmp_detail(FILE *f, const struct isakmp_sa *sa)
{
	fprintf(f, "%-5u %-15s %-15s %-6s ACTIVE %-4s %-6s %-4s %-2u %s %s\n", sa->conn_id,
		ip_shown(sa->local).s, ip_shown(sa->remote).s, sa->ivrf, sa->encr, sa->hash,
		sa->auth, sa->group, time_text(sa->lifetime).s, isakmp_capabilities(sa));
	fprintf(f, "       Engine-id:Conn-id =  SW:%u\n\n", sa->conn_id - 1000);
}

/* IOS lists only what is established. */
void print_isakmp_details(FILE *f, const struct isakmp_sas *sas)
{
	static const char head[] =
		"C-id  Local           Remote          I-VRF  Status Encr Hash   Auth DH Lifetime Cap.\n\n";
	const struct isakmp_sa *sa;

	fputs("Codes: C - IKE configuration mode, D - Dead Peer Detection\n"
	      "       K - Keepalives, N - NAT-traversal\n"
	      "       T - cTCP encapsulation, X - IKE Extended Authentication\n"
	      "       psk - Preshared key, rsig - RSA signature\n"
	      "       renc - RSA encryption\n"
	      "IPv4 Crypto ISAKMP SA\n\n", f);
	fputs(head, f);
	for (sa = sas->v; sa < sas->v + sas->n; sa++)
		if (!is_ipv6(sa) && !strcmp(sa->state, "QM_IDLE"))
			print_isakmp_detail(f, sa);
	fputs("IPv6 Crypto ISAKMP SA\n\n", f);
	for (sa = sas->v; sa < sas->v + sas->n; sa++)
		if (is_ipv6(sa) && !strcmp(sa->state, "QM_IDLE"))
			print_isakmp_detail(f, sa);
}

json_t *json_isakmp_sa(const struct isakmp_sa *sa)
{
	json_t *value;

	value = json_pack("{s:I, s:o, s:i, s:s, s:i, s:b, s:s, s:b, s:s, s:i, s:s, s:s, s:i, s:I, s:I, s:b, s:b, s:s}",
			  "conn-id", (json_int_t)sa->conn_id, "local", json_shown(sa->local), "local-port",
			  sa->local_port, "remote", sa->remote, "remote-port", sa->remote_port,
			  "initiator", sa->initiator, "state", sa->state, "deleted", sa->deleted,
			  "encr", sa->encr, "key-bits", sa->key_bits, "hash", sa->hash, "auth",
			  sa->auth, "group", sa->group, "lifetime", (json_int_t)sa->lifetime,
			  "uptime", (json_int_t)sa->uptime, "dpd", sa->dpd, "nat", sa->nat, "id",
			  sa->id);
	if (*sa->ivrf)
		json_object_set_new(value, "ivrf", json_string(sa->ivrf));
	return value;
}

/* The kernel knows where the packets in clear are. Return: whether it told; if not, after saying why */
static bool find_vrfs(struct isakmp_sas *sas)
{
	struct flows flows = { 0 };
	struct nl *nl;
	bool told;

	if (!sas->n)
		return true;
	nl = nl_open();
	if (!nl)
		return false;
	told = !kernel_flows(nl, &flows);
	vrf_find(&flows);
	vrf_find_isakmp(sas, &flows);
	free(flows.v);
	nl_close(nl);
	return told;
}

int run_show_isakmp_sa(const struct args *args)
{
	struct isakmp_sas sas;
	json_t *list;
	size_t i;
	int ret = DONE;

	if (ctl_isakmp_list(&sas, false))
		return REFUSED;
	if ((args->json || args_has(args, "detail")) && !find_vrfs(&sas)) {
		ret = REFUSED;
	} else if (args->json) {
		list = json_array();
		for (i = 0; i < sas.n; i++)
			json_array_append_new(list, json_isakmp_sa(&sas.v[i]));
		ret = json_out(args->out, list);
	} else if (args_has(args, "detail")) {
		print_isakmp_details(args->out, &sas);
	} else {
		print_isakmp_sas(args->out, &sas);
	}
	free(sas.v);
	return ret;
}

/* ------------------------------------------------------------------------ peers */

static int compare_peers(const struct isakmp_sa *a, const struct isakmp_sa *b)
{
	int order = strcmp(a->remote, b->remote);

	if (!order)
		order = (a->remote_port > b->remote_port) - (a->remote_port < b->remote_port);
	return order ? order : strcmp(a->local, b->local);
}

static int compare_sas(const void *a, const void *b)
{
	const struct isakmp_sa *x = *(const struct isakmp_sa *const *)a;
	const struct isakmp_sa *y = *(const struct isakmp_sa *const *)b;
	int order = compare_peers(x, y);

	return order ? order : (x > y) - (x < y);
}

static int compare_places(const void *a, const void *b)
{
	const struct isakmp_sa *x = *(const struct isakmp_sa *const *)a;
	const struct isakmp_sa *y = *(const struct isakmp_sa *const *)b;

	return (x > y) - (x < y);
}

/*
 * The first SA of each peer, in the order of the daemon.
 * Return: them, for free(), and in *n how many; none when memory is exhausted.
 */
static const struct isakmp_sa **first_sas(const struct isakmp_sas *sas, size_t *n)
{
	const struct isakmp_sa **first = calloc(sas->n + 1, sizeof(*first));
	size_t i;

	*n = 0;
	if (!first)
		return NULL;
	for (i = 0; i < sas->n; i++)
		first[i] = &sas->v[i];
	qsort(first, sas->n, sizeof(*first), compare_sas);
	for (i = 0; i < sas->n; i++)
		if (!*n || compare_peers(first[*n - 1], first[i]))
			first[(*n)++] = first[i];
	qsort(first, *n, sizeof(*first), compare_places);
	return first;
}

void print_isakmp_peers(FILE *f, const struct isakmp_sas *sas)
{
	size_t n, i;
	const struct isakmp_sa **first = first_sas(sas, &n);
	struct ip room;

	for (i = 0; i < n; i++) {
		fprintf(f, "Peer: %s Port: %u Local: %s\n", ip_shown(first[i]->remote).s,
			first[i]->remote_port, ip_shown(first[i]->local).s);
		fprintf(f, " Phase1 id: %s\n", id_shown(first[i]->id, &room));
	}
	free(first);
}

static json_t *json_isakmp_peers(const struct isakmp_sas *sas)
{
	size_t n, i;
	const struct isakmp_sa **first = first_sas(sas, &n);
	json_t *list = json_array();

	for (i = 0; i < n; i++)
		json_array_append_new(list,
			json_pack("{s:s, s:i, s:o, s:s}", "peer", first[i]->remote, "peer-port",
				  first[i]->remote_port, "local", json_shown(first[i]->local),
				  "id", first[i]->id));
	free(first);
	return list;
}

int run_show_isakmp_peers(const struct args *args)
{
	struct isakmp_sas sas;
	int ret = DONE;

	if (ctl_isakmp_list(&sas, false))
		return REFUSED;
	if (args->json)
		ret = json_out(args->out, json_isakmp_peers(&sas));
	else
		print_isakmp_peers(args->out, &sas);
	free(sas.v);
	return ret;
}
