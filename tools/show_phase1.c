// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show crypto isakmp policy, key and profile: the configuration of phase 1
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "say.h"
#include "ios/model.h"

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
		[IOS_AUTH_ECDSA_SIG] = "Elliptic Curve Digital Signature",
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

static void print_policies(FILE *f, const char *suite, const struct ios_policy *policy)
{
	char buf[64];

	for (; policy; policy = policy->next) {
		fprintf(f, "%s of priority %u\n", suite, policy->priority);
		fprintf(f, "\tencryption algorithm:\t%s\n", encr_text(policy, buf, sizeof(buf)));
		fprintf(f, "\thash algorithm:\t\t%s\n", hash_text(policy->hash));
		fprintf(f, "\tauthentication method:\t%s\n", auth_text(policy->auth));
		fprintf(f, "\tDiffie-Hellman group:\t#%u (%s)\n", policy->group,
			group_text(policy->group));
		fprintf(f, "\tlifetime:\t\t%u seconds, no volume limit\n", policy->lifetime);
	}
}

void print_isakmp_policies(FILE *f, const struct ios_config *cfg)
{
	const struct ios_policy *policy = ios_policies(cfg);

	fprintf(f, "\n%s IKE policy\n", policy && !cfg->policies ? "Default" : "Global");
	print_policies(f, "Protection suite", policy);
}

/* Nothing when they are turned off. */
static const struct ios_policy *default_policies(const struct ios_config *cfg)
{
	return cfg->isakmp.no_default_policy ? NULL : ios_default_policies();
}

void print_isakmp_defaults(FILE *f, const struct ios_config *cfg)
{
	const struct ios_policy *policy = default_policies(cfg);

	if (policy)
		fputc('\n', f);
	print_policies(f, "Default protection suite", policy);
}

struct ios_config *phase1_config(void)
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

static json_t *json_policies(const struct ios_policy *policy)
{
	json_t *list = json_array();

	for (; policy; policy = policy->next)
		json_array_append_new(list,
			json_pack("{s:i, s:s, s:i, s:s, s:s, s:i, s:i}", "priority",
				  policy->priority, "encr", ios_encr_word(policy->encr),
				  "key-bits", policy->key_bits, "hash",
				  ios_hash_word(policy->hash), "auth", ios_auth_word(policy->auth),
				  "group", policy->group, "lifetime", policy->lifetime));
	return list;
}

static json_t *json_isakmp_policies(const struct ios_config *cfg)
{
	return json_policies(ios_policies(cfg));
}

int run_show_isakmp_policy(const struct args *args)
{
	return show_model(args, phase1_config(), json_isakmp_policies, print_isakmp_policies);
}

static json_t *json_isakmp_defaults(const struct ios_config *cfg)
{
	return json_policies(default_policies(cfg));
}

int run_show_isakmp_default(const struct args *args)
{
	return show_model(args, phase1_config(), json_isakmp_defaults, print_isakmp_defaults);
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
		snprintf(buf, size, psk->addr.family == AF_INET6 ? "%s/%s" : "%-15s[%-15s]",
			 ip_text(&psk->addr).s, mask_text(&wild).s);
}

static void print_keys(FILE *f, const char *ring, const struct ios_psk *psk)
{
	char peer[IOS_HOST_MAX + 1];

	for (; psk; psk = psk->next) {
		psk_peer(psk, peer, sizeof(peer));
		fprintf(f, "%-12s %-43s (not shown)\n", ring, peer);
	}
}

void print_isakmp_keys(FILE *f, const struct ios_config *cfg)
{
	const struct ios_keyring *ring;

	fputs("Keyring      Hostname/Address                            Preshared Key\n\n", f);
	print_keys(f, IOS_KEYRING_DEFAULT, cfg->psks);
	for (ring = cfg->keyrings; ring; ring = ring->next)
		print_keys(f, ring->name, ring->psks);
}

static json_t *json_key(const char *ring, const struct ios_psk *psk)
{
	struct ios_addr wild = ios_wild(psk->addr.family, psk->prefix);

	if (psk->addr.family == AF_UNSPEC)
		return json_pack("{s:s, s:s}", "keyring", ring, "peer", psk->hostname);
	return json_pack("{s:s, s:o, s:o}", "keyring", ring, "peer", json_ip(&psk->addr), "mask",
			 json_mask(&wild));
}

static void json_keys(json_t *list, const char *ring, const struct ios_psk *psk)
{
	for (; psk; psk = psk->next)
		json_array_append_new(list, json_key(ring, psk));
}

json_t *json_isakmp_keys(const struct ios_config *cfg)
{
	const struct ios_keyring *ring;
	json_t *list = json_array();

	json_keys(list, IOS_KEYRING_DEFAULT, cfg->psks);
	for (ring = cfg->keyrings; ring; ring = ring->next)
		json_keys(list, ring->name, ring->psks);
	return list;
}

int run_show_isakmp_key(const struct args *args)
{
	return show_model(args, phase1_config(), json_isakmp_keys, print_isakmp_keys);
}

/* --------------------------------------------------------------------- profiles */

/* An identity that peers of a profile have: its kind, and itself. */
static const char *match_text(const struct ios_match *match, char *buf, size_t size)
{
	struct ios_addr wild = ios_wild(match->id.addr.family, match->prefix);

	if (match->id.kind != IOS_ID_ADDRESS)
		snprintf(buf, size, "%s", match->id.text);
	else if (match->id.addr.family == AF_INET)
		snprintf(buf, size, "%s %s", ip_text(&match->id.addr).s, mask_text(&wild).s);
	else
		snprintf(buf, size, "%s/%u", ip_text(&match->id.addr).s, match->prefix);
	return buf;
}

static const char *match_kind(const struct ios_match *match)
{
	switch (match->id.kind) {
	case IOS_ID_ADDRESS:
		return match->id.addr.family == AF_INET ? "ip-address" : "ipv6-address";
	case IOS_ID_USER:
		return match->domain ? "user-fqdn domain" : "user-fqdn";
	case IOS_ID_GROUP:
		return "group";
	default:
		return match->domain ? "fqdn domain" : "fqdn";
	}
}

static void print_profile(FILE *f, const struct ios_profile *profile)
{
	const struct ios_match *match;
	char text[IOS_HOST_MAX + 1];
	size_t i;

	fprintf(f, "IKEv1 PROFILE %s\n", profile->name);
	if (profile->description)
		fprintf(f, "  Description: %s\n", profile->description);
	fputs("  Identities matched are:\n", f);
	for (match = profile->matches; match; match = match->next)
		fprintf(f, "    %s %s%s%s\n", match_kind(match),
			match_text(match, text, sizeof(text)), *match->vrf ? " " : "", match->vrf);
	for (i = 0; i < profile->n_cert_maps; i++)
		fprintf(f, "    certificate map %s\n", profile->cert_maps[i]);
	fputs("  keyring(s):", f);
	for (i = 0; i < profile->n_keyrings; i++)
		fprintf(f, " %s", profile->keyrings[i]);
	fprintf(f, "%s\n", profile->n_keyrings ? "" : " " IOS_KEYRING_DEFAULT);
	fputs("  trustpoint(s):", f);
	for (i = 0; i < profile->n_trustpoints; i++)
		fprintf(f, " %s", profile->trustpoints[i]);
	fprintf(f, "%s\n", profile->n_trustpoints ? "" : " <all>");
	if (profile->aggressive)
		fputs("  Initiates in aggressive mode\n", f);
}

/* Leaves the profile of one name. */
static void keep_profile(struct ios_config *cfg, const char *name)
{
	struct ios_profile *profile, *next;

	for (profile = cfg->profiles; profile; profile = next) {
		next = profile->next;
		if (strcmp(profile->name, name))
			ios_profile_remove(cfg, profile);
	}
}

void print_isakmp_profiles(FILE *f, const struct ios_config *cfg)
{
	const struct ios_profile *profile;

	for (profile = cfg->profiles; profile; profile = profile->next) {
		print_profile(f, profile);
		fputc('\n', f);
	}
}

static json_t *json_names(const char names[][IOS_NAME_MAX + 1], size_t n)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < n; i++)
		json_array_append_new(list, json_string(names[i]));
	return list;
}

/* As text has it, but for the case of IPv6 addresses. */
static json_t *json_match(const struct ios_match *match)
{
	char text[IOS_HOST_MAX + 1], *c;

	match_text(match, text, sizeof(text));
	for (c = text; match->id.kind == IOS_ID_ADDRESS && *c; c++)
		*c = tolower((unsigned char)*c);
	return json_pack("{s:s, s:s}", "kind", match_kind(match), "value", text);
}

static json_t *json_isakmp_profile(const struct ios_profile *profile)
{
	json_t *matches = json_array(), *value;
	const struct ios_match *match;

	for (match = profile->matches; match; match = match->next)
		json_array_append_new(matches, json_match(match));
	value = json_pack("{s:s, s:o, s:o, s:o, s:o, s:b}", "name", profile->name,
			  "match-identity", matches, "match-certificate",
			  json_names(profile->cert_maps, profile->n_cert_maps), "keyrings",
			  json_names(profile->keyrings, profile->n_keyrings), "trustpoints",
			  json_names(profile->trustpoints, profile->n_trustpoints), "aggressive",
			  profile->aggressive);
	if (*profile->local.ifname)
		json_object_set_new(value, "local-address", json_string(profile->local.ifname));
	else if (profile->local.addr.family)
		json_object_set_new(value, "local-address", json_ip(&profile->local.addr));
	if (profile->description)
		json_object_set_new(value, "description", json_string(profile->description));
	return value;
}

json_t *json_isakmp_profiles(const struct ios_config *cfg)
{
	const struct ios_profile *profile;
	json_t *list = json_array();

	for (profile = cfg->profiles; profile; profile = profile->next)
		json_array_append_new(list, json_isakmp_profile(profile));
	return list;
}

int run_show_isakmp_profile(const struct args *args)
{
	const char *name = args_value(args, "NAME");
	struct ios_config *cfg = phase1_config();

	if (cfg && name)
		keep_profile(cfg, name);
	return show_model(args, cfg, json_isakmp_profiles, print_isakmp_profiles);
}
