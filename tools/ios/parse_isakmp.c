// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crypto isakmp: policies and globals; and the words after "crypto".
 */
#include <stdio.h>

#include "parse.h"

/* -------------------------------------------------------------------- policies */

static void policy_encr(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "3des", .id = IOS_ENCR_3DES, .help = "triple DES, 168 bits" },
		{ .word = "aes", .id = IOS_ENCR_AES, .help = "AES" },
		{ .word = "des", .id = IOS_ENCR_DES, .help = "DES, 56 bits" },
	};
	static const struct slip slips[] = {
		{ "aes-192", ASA "IOS has aes 192" }, { "aes-256", ASA "IOS has aes 256" },
		{ "aes-cbc-128", "which is of IKEv2; a policy has aes" },
		{ "aes-cbc-192", "which is of IKEv2; a policy has aes 192" },
		{ "aes-cbc-256", "which is of IKEv2; a policy has aes 256" },
		{ "aes128", "a blank is missing: aes 128" }, { "aes192", "a blank is missing: aes 192" },
		{ "aes256", "a blank is missing: aes 256" },
	};
	const struct kw *kw;
	uint16_t bits;

	if (p->negate) {
		p->policy->encr = IOS_ENCR_DES;
		p->policy->key_bits = 56;
		return;
	}
	if (known_slip(p, slips, ARRAY_SIZE(slips)))
		return;
	kw = kw_next(p, table, ARRAY_SIZE(table));
	if (!kw)
		return;
	bits = kw->id == IOS_ENCR_DES ? 56 : 168;
	if (kw->id == IOS_ENCR_AES)
		bits = next_key_bits(p);
	if (!end_of_line(p))
		return;
	p->policy->encr = kw->id;
	p->policy->key_bits = bits;
}

static void policy_hash(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "md5", .id = IOS_HASH_MD5, .help = "MD5" },
		{ .word = "sha", .id = IOS_HASH_SHA, .help = "SHA-1" },
		{ .word = "sha256", .id = IOS_HASH_SHA256, .help = "SHA-2, 256 bits" },
		{ .word = "sha384", .id = IOS_HASH_SHA384, .help = "SHA-2, 384 bits" },
		{ .word = "sha512", .id = IOS_HASH_SHA512, .help = "SHA-2, 512 bits" },
	};
	const struct kw *kw;

	if (p->negate) {
		p->policy->hash = IOS_HASH_SHA;
		return;
	}
	kw = kw_next(p, table, ARRAY_SIZE(table));
	if (kw && end_of_line(p))
		p->policy->hash = kw->id;
}

static void policy_authentication(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "ecdsa-sig", .id = IOS_AUTH_ECDSA_SIG },
		{ .word = "pre-share", .id = IOS_AUTH_PRE_SHARE, .help = "pre-shared keys" },
		{ .word = "rsa-encr", .id = IOS_AUTH_RSA_ENCR },
		{ .word = "rsa-sig", .id = IOS_AUTH_RSA_SIG, .help = "RSA signatures" },
	};
	const struct kw *kw;

	if (p->negate) {
		p->policy->auth = IOS_AUTH_RSA_SIG;
		return;
	}
	kw = kw_next(p, table, ARRAY_SIZE(table));
	if (kw && end_of_line(p))
		p->policy->auth = kw->id;
}

static void policy_group(struct parser *p)
{
	static const uint16_t groups[] = { 1, 2, 5, 14, 15, 16, 19, 20, 21, 24 };
	const struct tok *t;
	uint64_t number;
	char word[8];
	size_t i;

	if (p->negate) {
		p->policy->group = 1;
		return;
	}
	t = tok_next(p);
	for (i = 0; !t && i < ARRAY_SIZE(groups); i++) {
		snprintf(word, sizeof(word), "%u", groups[i]);
		tell(p, IOS_WORD_KEYWORD, word, "Diffie-Hellman group %u", groups[i]);
	}
	for (i = 0; tok_number(t, &number) && i < ARRAY_SIZE(groups); i++)
		if (groups[i] == number)
			break;
	if (!tok_number(t, &number) || i == ARRAY_SIZE(groups))
		p_expected(p, t, "a group: 1, 2, 5, 14, 15, 16, 19, 20, 21 or 24");
	else if (end_of_line(p))
		p->policy->group = number;
}

static void policy_lifetime(struct parser *p)
{
	uint32_t seconds;

	if (p->negate)
		p->policy->lifetime = 86400;
	else if (next_number(p, "a lifetime in seconds", 60, 86400, &seconds) && end_of_line(p))
		p->policy->lifetime = seconds;
}

static const struct kw policy_table[] = {
	{ .word = "authentication", .run = policy_authentication, .help = "how peers authenticate" },
	{ .word = "encryption", .run = policy_encr, .help = "cipher" },
	{ .word = "group", .run = policy_group, .help = "Diffie-Hellman group" },
	{ .word = "hash", .run = policy_hash, .help = "hash" },
	{ .word = "lifetime", .run = policy_lifetime, .help = "lifetime of the ISAKMP SA" },
};

const char policy_expected[] = "authentication, encryption, group, hash or lifetime";

bool policy_line(struct parser *p)
{
	return kw_run(p, policy_table, ARRAY_SIZE(policy_table));
}

static void isakmp_policy(struct parser *p)
{
	struct ios_policy *policy;
	uint32_t priority;

	heads_section(p);
	if (!next_number(p, "a priority", 1, 10000, &priority) || !end_of_line(p))
		return;
	policy = ios_policy_find(p->cfg, priority);
	if (p->negate) {
		if (policy)
			ios_policy_remove(p->cfg, policy);
		return;
	}
	if (!policy) {
		policy = ios_policy_get(p->cfg, priority);
		if (!policy) {
			no_memory(p);
			return;
		}
		policy->line = p->line.no;
	}
	p->policy = policy;
	open_section(p, MODE_POLICY);
}

/* --------------------------------------------------------------------- globals */

static void isakmp_keepalive(struct parser *p)
{
	struct ios_isakmp *isakmp = &p->cfg->isakmp;
	uint32_t interval, retry = 2;
	bool periodic;

	if (p->negate) {
		isakmp->keepalive = 0;
		isakmp->keepalive_retry = 2;
		isakmp->keepalive_periodic = false;
		return;
	}
	if (!next_number(p, "an interval in seconds", 10, 3600, &interval))
		return;
	offer_number(p, 2, 60, "a retry interval in seconds");
	if (tok_peek(p) && tok_digits(tok_peek(p)) &&
	    !next_number(p, "a retry interval in seconds", 2, 60, &retry))
		return;
	periodic = option_word(p, "periodic", 1, "ask whether there is traffic or not");
	if (!periodic)
		option_word(p, "on-demand", 1, "ask when traffic has no answer");
	if (!end_of_line(p))
		return;
	isakmp->keepalive = interval;
	isakmp->keepalive_retry = retry;
	isakmp->keepalive_periodic = periodic;
}

static void isakmp_nat(struct parser *p)
{
	static const struct kw table[] = { { .word = "keepalive", .help = "keepalives through NAT" } };
	uint32_t seconds;

	if (!kw_next(p, table, ARRAY_SIZE(table)))
		return;
	if (p->negate)
		p->cfg->isakmp.nat_keepalive = 0;
	else if (next_number(p, "an interval in seconds", 5, 3600, &seconds) && end_of_line(p))
		p->cfg->isakmp.nat_keepalive = seconds;
}

static void isakmp_identity(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "address", .id = IOS_IDENTITY_ADDRESS,
		  .help = "the address of the interface" },
		{ .word = "dn", .id = IOS_IDENTITY_DN, .help = "the name in the certificate" },
		{ .word = "hostname", .id = IOS_IDENTITY_HOSTNAME, .help = "the host name" },
	};
	const struct kw *kw;

	if (p->negate) {
		p->cfg->isakmp.identity = IOS_IDENTITY_ADDRESS;
		return;
	}
	kw = kw_next(p, table, ARRAY_SIZE(table));
	if (kw && end_of_line(p))
		p->cfg->isakmp.identity = kw->id;
}

static void isakmp_aggressive(struct parser *p)
{
	static const struct kw table[] = { { .word = "disable", .help = "not to take part in it" } };

	if (kw_next(p, table, ARRAY_SIZE(table)) && end_of_line(p))
		p->cfg->isakmp.no_aggressive = !p->negate;
}

static void isakmp_spi_recovery(struct parser *p)
{
	if (end_of_line(p))
		p->cfg->isakmp.invalid_spi_recovery = !p->negate;
}

static void isakmp_enable(struct parser *p)
{
	if (end_of_line(p))
		p->cfg->isakmp.disabled = p->negate && !p->reset;
}

static void isakmp_client(struct parser *p)
{
	unsupported(p, "remote access clients (EzVPN) are");
}

static void isakmp_default(struct parser *p)
{
	static const struct kw table[] = { { .word = "policy" } };

	if (kw_next(p, table, ARRAY_SIZE(table)) && end_of_line(p))
		p->cfg->isakmp.no_default_policy = p->negate && !p->reset;
}

static void isakmp_other(struct parser *p)
{
	unsupported_setting(p, "crypto isakmp ", "");
}

static const struct kw isakmp_table[] = {
	{ .word = "aggressive-mode", .run = isakmp_aggressive, .help = "aggressive mode" },
	{ .word = "client", .run = isakmp_client },
	{ .word = "default", .run = isakmp_default },
	{ .word = "diagnose", .run = isakmp_other },
	{ .word = "disconnect-revoked-peers", .run = isakmp_other },
	{ .word = "enable", .run = isakmp_enable, .help = "ISAKMP" },
	{ .word = "fragmentation", .run = isakmp_other },
	{ .word = "identity", .run = isakmp_identity, .help = "what this side is known by" },
	{ .word = "invalid-spi-recovery", .run = isakmp_spi_recovery,
	  .help = "tell peers of SPIs that are not known" },
	{ .word = "keepalive", .run = isakmp_keepalive, .help = "dead peer detection" },
	{ .word = "key", .run = parse_isakmp_key, .help = "a pre-shared key" },
	{ .word = "nat", .run = isakmp_nat, .help = "NAT traversal" },
	{ .word = "peer", .run = parse_isakmp_peer, .help = "settings of a peer" },
	{ .word = "performance", .run = isakmp_other },
	{ .word = "policy", .run = isakmp_policy, .help = "a policy of phase 1" },
	{ .word = "profile", .run = parse_isakmp_profile,
	  .help = "identities of peers, and how they are talked to" },
	{ .word = "xauth", .run = isakmp_other },
};

void parse_isakmp(struct parser *p)
{
	kw_run_next(p, isakmp_table, ARRAY_SIZE(isakmp_table));
}

/* ------------------------------------------------------------- crypto <anything> */

static const struct kw crypto_table[] = {
	/* an older spelling of pki */
	{ .word = "ca", .min = 2, .run = parse_pki },
	{ .word = "dynamic-map", .min = 2, .run = parse_dynamic,
	  .help = "a dynamic crypto map, for peers that are not known before" },
	{ .word = "ipsec", .min = 2, .run = parse_ipsec,
	  .help = "transform sets and settings of IPsec" },
	{ .word = "isakmp", .min = 2, .run = parse_isakmp,
	  .help = "policies, keys and settings of ISAKMP" },
	{ .word = "keyring", .min = 4, .run = parse_keyring, .help = "pre-shared keys of profiles" },
	{ .word = "map", .min = 2, .run = parse_map, .help = "a crypto map" },
	{ .word = "pki", .min = 3, .run = parse_pki, .help = "certificates" },
};

static const struct kw crypto_others[] = {
	{ .word = "aaa", .text = "AAA (crypto aaa) is" },
	{ .word = "call", .text = "call admission control is" },
	{ .word = "ctcp", .text = "IPsec in TCP (cTCP) is" },
	{ .word = "eap", .text = "EAP is" },
	{ .word = "engine", .text = "crypto engine settings are" },
	{ .word = "gdoi", .text = "GDOI (GET VPN) is" },
	{ .word = "gikev2", .text = "G-IKEv2 (GET VPN) is" },
	{ .word = "gkm", .text = "GKM (GET VPN) is" },
	{ .word = "identity", .text = "crypto identity is", .help = "what this side is known by" },
	{ .word = "ikev2", .text = "IKEv2 is" },
	{ .word = "key", .text = "RSA keys (crypto key) are" },
	{ .word = "logging", .text = "crypto logging is" },
	{ .word = "mib", .text = "crypto mib is" },
	{ .word = "provisioning", .text = "crypto provisioning is" },
	{ .word = "signaling", .text = "TLS of SIP (crypto signaling) is" },
	{ .word = "skip-client", .text = "session key import (crypto skip-client) is" },
	{ .word = "ssl", .text = "SSL VPN is" },
	{ .word = "tls-tunnel", .text = "a TLS tunnel is" },
	{ .word = "vpn", .text = "crypto vpn is" },
	{ .word = "wui", .text = "crypto wui is" },
	{ .word = "xauth", .text = "extended authentication is" },
};

bool crypto_own_word(const struct tok *t)
{
	bool ambiguous;

	return kw_match(crypto_table, ARRAY_SIZE(crypto_table), t, &ambiguous);
}

bool crypto_word(const struct tok *t)
{
	bool ambiguous;

	return crypto_own_word(t) ||
	       kw_match(crypto_others, ARRAY_SIZE(crypto_others), t, &ambiguous);
}

static void crypto_other(struct parser *p)
{
	static const struct slip slips[] = { { "ikev1", ASA "IOS has crypto isakmp" } };
	const struct tok *t = tok_peek(p);
	const struct kw *kw;
	bool ambiguous;

	kw = kw_match(crypto_others, ARRAY_SIZE(crypto_others), t, &ambiguous);
	if (kw)
		unsupported(p, kw->text);
	else if (t && t->len == 1)
		kw_next(p, crypto_table, ARRAY_SIZE(crypto_table));
	else if (!known_slip(p, slips, ARRAY_SIZE(slips)))
		p_expected(p, t, "%sdynamic-map, ipsec, isakmp, keyring, map or pki",
			   t ? "" : "one of ");
}

void parse_crypto(struct parser *p)
{
	const struct kw *kw;
	bool ambiguous;

	kw = kw_peek(p, crypto_table, ARRAY_SIZE(crypto_table), &ambiguous);
	if (kw)
		kw_run_next(p, crypto_table, ARRAY_SIZE(crypto_table));
	else
		crypto_other(p);
}
