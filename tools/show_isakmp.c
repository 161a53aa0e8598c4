// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show crypto isakmp sa, show crypto isakmp peers
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* -------------------------------------------------------------------------- SAs */

/* dst and src are those of the negotiation: src is the initiator, whoever asks. */
static void print_isakmp_sa(FILE *f, const struct isakmp_sa *sa)
{
	fprintf(f, "%-15s %-15s %-14s %7u ACTIVE%s\n",
		ip_shown(sa->initiator ? sa->remote : sa->local).s,
		ip_shown(sa->initiator ? sa->local : sa->remote).s, sa->state, sa->conn_id,
		sa->deleted ? " (deleted)" : "");
}

static void print_isakmp_sa6(FILE *f, const struct isakmp_sa *sa)
{
	fprintf(f, " dst: %s\n", ip_shown(sa->initiator ? sa->remote : sa->local).s);
	fprintf(f, " src: %s\n", ip_shown(sa->initiator ? sa->local : sa->remote).s);
	fprintf(f, " state: %-15s conn-id: %6u status: ACTIVE%s\n\n", sa->state, sa->conn_id,
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
	fputs("\nIPv6 Crypto ISAKMP SA\n\n", f);
	for (i = 0; i < sas->n; i++)
		if (is_ipv6(&sas->v[i]))
			print_isakmp_sa6(f, &sas->v[i]);
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

static void print_isakmp_detail(FILE *f, const struct isakmp_sa *sa)
{
	fprintf(f, "%-5u %-15s %-15s        ACTIVE %-4s %-6s %-4s %-2u %s %s\n", sa->conn_id,
		ip_shown(sa->local).s, ip_shown(sa->remote).s, sa->encr, sa->hash,
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

static json_t *json_isakmp_sa(const struct isakmp_sa *sa)
{
	return json_pack("{s:I, s:o, s:i, s:s, s:i, s:b, s:s, s:b, s:s, s:i, s:s, s:s, s:i, s:I, s:I, s:b, s:b, s:s}",
			 "conn-id", (json_int_t)sa->conn_id, "local", json_shown(sa->local), "local-port",
			 sa->local_port, "remote", sa->remote, "remote-port", sa->remote_port,
			 "initiator", sa->initiator, "state", sa->state, "deleted", sa->deleted,
			 "encr", sa->encr, "key-bits", sa->key_bits, "hash", sa->hash, "auth",
			 sa->auth, "group", sa->group, "lifetime", (json_int_t)sa->lifetime,
			 "uptime", (json_int_t)sa->uptime, "dpd", sa->dpd, "nat", sa->nat, "id",
			 sa->id);
}

int run_show_isakmp_sa(const struct args *args)
{
	struct isakmp_sas sas;
	json_t *list;
	size_t i;
	int ret = DONE;

	if (ctl_isakmp_list(&sas, false))
		return REFUSED;
	if (args->json) {
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

/* A peer is told with its first SA. */
static bool told_before(const struct isakmp_sas *sas, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (!strcmp(sas->v[j].remote, sas->v[i].remote) &&
		    sas->v[j].remote_port == sas->v[i].remote_port &&
		    !strcmp(sas->v[j].local, sas->v[i].local))
			return true;
	return false;
}

void print_isakmp_peers(FILE *f, const struct isakmp_sas *sas)
{
	const struct isakmp_sa *sa;
	size_t i;

	for (i = 0; i < sas->n; i++) {
		sa = &sas->v[i];
		if (told_before(sas, i))
			continue;
		fprintf(f, "Peer: %s Port: %u Local: %s\n", ip_shown(sa->remote).s,
			sa->remote_port, ip_shown(sa->local).s);
		fprintf(f, " Phase1 id: %s\n", sa->id);
	}
}

int run_show_isakmp_peers(const struct args *args)
{
	const struct isakmp_sa *sa;
	struct isakmp_sas sas;
	int ret = DONE;
	json_t *list;
	size_t i;

	if (ctl_isakmp_list(&sas, false))
		return REFUSED;
	if (args->json) {
		list = json_array();
		for (i = 0; i < sas.n; i++) {
			sa = &sas.v[i];
			if (!told_before(&sas, i))
				json_array_append_new(list,
					json_pack("{s:s, s:i, s:o, s:s}", "peer", sa->remote,
						  "peer-port", sa->remote_port, "local",
						  json_shown(sa->local),
						  "id", sa->id));
		}
		ret = json_out(args->out, list);
	} else {
		print_isakmp_peers(args->out, &sas);
	}
	free(sas.v);
	return ret;
}
