// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show crypto isakmp sa, show crypto isakmp policy
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

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
		ret = json_out(list);
	} else {
		print_isakmp_sas(stdout, &sas);
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

int run_show_isakmp_policy(const struct args *args)
{
	char *text = ctl_config_get();
	const struct ios_policy *policy;
	struct ios_config *cfg;
	json_t *list;
	int ret = DONE;

	if (!text)
		return REFUSED;
	cfg = ios_parse(CTL_MIRROR, text, strlen(text), IOS_PHASE1_ONLY);
	ios_text_free(text);
	if (!cfg) {
		fputs("cryptomap: out of memory\n", stderr);
		return REFUSED;
	}
	if (args->json) {
		list = json_array();
		for (policy = cfg->policies; policy; policy = policy->next)
			json_array_append_new(list,
				json_pack("{s:i, s:s, s:i, s:s, s:s, s:i, s:i}", "priority",
					  policy->priority, "encr", ios_encr_word(policy->encr),
					  "key-bits", policy->key_bits, "hash",
					  ios_hash_word(policy->hash), "auth",
					  ios_auth_word(policy->auth), "group", policy->group,
					  "lifetime", policy->lifetime));
		ret = json_out(list);
	} else {
		print_isakmp_policies(stdout, cfg);
	}
	ios_free(cfg);
	return ret;
}
