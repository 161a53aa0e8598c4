// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show crypto isakmp sa, show crypto isakmp policy
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "say.h"
#include "ios/model.h"

/* -------------------------------------------------------------------------- SAs */

/* dst and src are those of the negotiation: src is the initiator, whoever asks. */
static void print_isakmp_sa(FILE *f, const struct isakmp_sa *sa)
{
	fprintf(f, "%-15s %-15s %-14s %7u ACTIVE%s\n", sa->initiator ? sa->remote : sa->local,
		sa->initiator ? sa->local : sa->remote, sa->state, sa->conn_id,
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

static const char *detail_auth(const struct isakmp_sa *sa)
{
	return !strcmp(sa->auth, "rsa-sig") ? "rsig" : !strcmp(sa->auth, "pre-share") ? "psk" :
								      sa->auth;
}

static void print_isakmp_detail(FILE *f, const struct isakmp_sa *sa)
{
	fprintf(f, "%-5u %-15s %-15s        ACTIVE %-4s %-6s %-4s %-2u %s %s\n", sa->conn_id,
		ip_shown(sa->local).s, ip_shown(sa->remote).s, sa->encr, sa->hash,
		detail_auth(sa), sa->group, time_text(sa->lifetime).s, isakmp_capabilities(sa));
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
	return json_pack("{s:I, s:s, s:i, s:s, s:i, s:b, s:s, s:b, s:s, s:i, s:s, s:s, s:i, s:I, s:I, s:b, s:b, s:s}",
			 "conn-id", (json_int_t)sa->conn_id, "local", sa->local, "local-port",
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

/* --------------------------------------------------------------------- policies */

static const char *encr_text(const struct ios_policy *policy, char *buf, size_t size)
{
	switch (policy->encr) {
	case IOS_ENCR_DES:
		return "DES - Data Encryption Standard (56 bit keys).";
	case IOS_ENCR_3DES:
		return "Three key triple DES";
	case IOS_ENCR_AES:
		break;
	}
	snprintf(buf, size, "AES - Advanced Encryption Standard (%u bit keys).", policy->key_bits);
	return buf;
}

static const char *hash_text(enum ios_hash hash)
{
	static const char *const text[] = {
		[IOS_HASH_MD5] = "Message Digest 5",
		[IOS_HASH_SHA] = "Secure Hash Standard",
		[IOS_HASH_SHA256] = "Secure Hash Standard 2 (256 bit)",
		[IOS_HASH_SHA384] = "Secure Hash Standard 2 (384 bit)",
		[IOS_HASH_SHA512] = "Secure Hash Standard 2 (512 bit)",
	};

	return text[hash];
}

static const char *auth_text(enum ios_auth auth)
{
	static const char *const text[] = {
		[IOS_AUTH_RSA_SIG] = "Rivest-Shamir-Adleman Signature",
		[IOS_AUTH_RSA_ENCR] = "Rivest-Shamir-Adleman Encryption",
		[IOS_AUTH_PRE_SHARE] = "Pre-Shared Key",
	};

	return text[auth];
}

static const char *group_text(unsigned int group)
{
	switch (group) {
	case 1:
		return "768 bit";
	case 2:
		return "1024 bit";
	case 5:
		return "1536 bit";
	case 14:
		return "2048 bit";
	case 15:
		return "3072 bit";
	case 16:
		return "4096 bit";
	case 19:
		return "256 bit";
	case 20:
		return "384 bit";
	case 21:
		return "521 bit";
	case 24:
		return "2048 bit, 256 bit subgroup";
	}
	return "unknown";
}

void print_isakmp_policies(FILE *f, const struct ios_config *cfg)
{
	const struct ios_policy *policy;
	char buf[64];

	fputs("\nGlobal IKE policy\n", f);
	for (policy = cfg->policies; policy; policy = policy->next) {
		fprintf(f, "Protection suite of priority %u\n", policy->priority);
		fprintf(f, "\tencryption algorithm:\t%s\n", encr_text(policy, buf, sizeof(buf)));
		fprintf(f, "\thash algorithm:\t\t%s\n", hash_text(policy->hash));
		fprintf(f, "\tauthentication method:\t%s\n", auth_text(policy->auth));
		fprintf(f, "\tDiffie-Hellman group:\t#%u (%s)\n", policy->group,
			group_text(policy->group));
		fprintf(f, "\tlifetime:\t\t%u seconds, no volume limit\n", policy->lifetime);
	}
}

/* What the daemon has of phase 1; NULL after saying why. */
static struct ios_config *phase1_config(void)
{
	char *text = ctl_config_get();
	struct ios_config *cfg = text ? ios_new(CTL_MIRROR) : NULL;

	if (text && !cfg)
		say_no_memory();
	if (cfg && !add_phase1(cfg, text)) {
		ios_free(cfg);
		cfg = NULL;
	}
	ios_text_free(text);
	return cfg;
}

static json_t *json_isakmp_policies(const struct ios_config *cfg)
{
	const struct ios_policy *policy;
	json_t *list = json_array();

	for (policy = cfg->policies; policy; policy = policy->next)
		json_array_append_new(list,
			json_pack("{s:i, s:s, s:i, s:s, s:s, s:i, s:i}", "priority",
				  policy->priority, "encr", ios_encr_word(policy->encr),
				  "key-bits", policy->key_bits, "hash",
				  ios_hash_word(policy->hash), "auth", ios_auth_word(policy->auth),
				  "group", policy->group, "lifetime", policy->lifetime));
	return list;
}

int run_show_isakmp_policy(const struct args *args)
{
	return show_model(args, phase1_config(), json_isakmp_policies, print_isakmp_policies);
}

/* ------------------------------------------------------------------------- keys */

/* Whose key it is: a name, an address, or an address with a mask or prefix. */
static void psk_peer(const struct ios_psk *psk, char *buf, size_t size)
{
	struct ios_addr wild = ios_wild(psk->addr.family, psk->prefix);

	if (psk->addr.family == AF_UNSPEC)
		snprintf(buf, size, "%s", psk->hostname);
	else if (psk->prefix == ios_addr_bits(psk->addr.family))
		snprintf(buf, size, "%s", ip_text(&psk->addr).s);
	else
		snprintf(buf, size, psk->addr.family == AF_INET6 ? "%s/%s" : "%s [%s]",
			 ip_text(&psk->addr).s, mask_text(&wild).s);
}

void print_isakmp_keys(FILE *f, const struct ios_config *cfg)
{
	const struct ios_psk *psk;
	char peer[IOS_HOST_MAX + 1];

	fputs("Keyring      Hostname/Address                            Preshared Key\n\n", f);
	for (psk = cfg->psks; psk; psk = psk->next) {
		psk_peer(psk, peer, sizeof(peer));
		fprintf(f, "%-12s %-43s (not shown)\n", "default", peer);
	}
}

static json_t *json_isakmp_keys(const struct ios_config *cfg)
{
	const struct ios_psk *psk;
	char peer[IOS_HOST_MAX + 1];
	json_t *list = json_array();

	for (psk = cfg->psks; psk; psk = psk->next) {
		psk_peer(psk, peer, sizeof(peer));
		json_array_append_new(list, json_pack("{s:s, s:s}", "keyring", "default", "peer",
						      peer));
	}
	return list;
}

int run_show_isakmp_key(const struct args *args)
{
	return show_model(args, phase1_config(), json_isakmp_keys, print_isakmp_keys);
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
					json_pack("{s:s, s:i, s:s, s:s}", "peer", sa->remote,
						  "peer-port", sa->remote_port, "local", sa->local,
						  "id", sa->id));
		}
		ret = json_out(args->out, list);
	} else {
		print_isakmp_peers(args->out, &sas);
	}
	free(sas.v);
	return ret;
}
