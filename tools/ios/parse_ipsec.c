// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crypto ipsec: transform sets and the settings that entries inherit.
 */
#include <string.h>

#include "parse.h"

/* -------------------------------------------------------------- transform sets */

enum part { PART_CIPHER, PART_AUTH, PART_AH, PART_LZS };

/* The part of a set that a word belongs to; .id is its value. */
static const struct transform {
	const char *word;
	enum part part;
	int id;
	bool sizes;		/* 128, 192 or 256 may follow */
	const char *help;
} transforms[] = {
	{ "ah-md5-hmac", PART_AH, IOS_AH_MD5, false, NULL },
	{ "ah-sha-hmac", PART_AH, IOS_AH_SHA, false, NULL },
	{ "ah-sha256-hmac", PART_AH, IOS_AH_SHA256, false, NULL },
	{ "ah-sha384-hmac", PART_AH, IOS_AH_SHA384, false, NULL },
	{ "ah-sha512-hmac", PART_AH, IOS_AH_SHA512, false, NULL },
	{ "comp-lzs", PART_LZS, 0, false, NULL },
	{ "esp-3des", PART_CIPHER, IOS_ESP_CIPHER_3DES, false, "triple DES" },
	{ "esp-aes", PART_CIPHER, IOS_ESP_CIPHER_AES, true, "AES in CBC mode" },
	{ "esp-des", PART_CIPHER, IOS_ESP_CIPHER_DES, false, NULL },
	{ "esp-gcm", PART_CIPHER, IOS_ESP_CIPHER_GCM, true, "AES-GCM, which authenticates as well" },
	{ "esp-gmac", PART_CIPHER, IOS_ESP_CIPHER_GMAC, true, "AES-GMAC: authentication only" },
	{ "esp-md5-hmac", PART_AUTH, IOS_ESP_AUTH_MD5, false, "HMAC-MD5" },
	{ "esp-null", PART_CIPHER, IOS_ESP_CIPHER_NULL, false, "no encryption" },
	{ "esp-seal", PART_CIPHER, IOS_ESP_CIPHER_SEAL, false, NULL },
	{ "esp-sha-hmac", PART_AUTH, IOS_ESP_AUTH_SHA, false, "HMAC-SHA-1" },
	{ "esp-sha256-hmac", PART_AUTH, IOS_ESP_AUTH_SHA256, false, "HMAC-SHA-256" },
	{ "esp-sha384-hmac", PART_AUTH, IOS_ESP_AUTH_SHA384, false, "HMAC-SHA-384" },
	{ "esp-sha512-hmac", PART_AUTH, IOS_ESP_AUTH_SHA512, false, "HMAC-SHA-512" },
};

/* Those whose part is not seen yet. */
static void offer_transforms(struct parser *p, unsigned int seen)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(transforms); i++)
		if (transforms[i].help && !(seen & 1u << transforms[i].part))
			offer_word(p, transforms[i].word, transforms[i].help);
}

static const struct transform *next_transform(struct parser *p)
{
	/* those with the number in front are how show has them */
	static const struct slip slips[] = {
		{ "esp-aes-128", ASA "IOS has esp-aes" },
		{ "esp-aes-192", ASA "IOS has esp-aes 192" },
		{ "esp-aes-256", ASA "IOS has esp-aes 256" },
		{ "esp-aes-gcm", ASA "IOS has esp-gcm" },
		{ "esp-aes-gcm-256", ASA "IOS has esp-gcm 256" },
		{ "esp-gcm-128", "for which IOS has esp-gcm" },
		{ "esp-gcm-256", "for which IOS has esp-gcm 256" },
		{ "esp-192-aes", "for which a configuration has esp-aes 192" },
		{ "esp-256-aes", "for which a configuration has esp-aes 256" },
	};
	struct kw table[ARRAY_SIZE(transforms)];
	const struct kw *kw;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(transforms); i++)
		table[i] = (struct kw){ .word = transforms[i].word, .id = i,
					.help = transforms[i].help };
	if (known_slip(p, slips, ARRAY_SIZE(slips)))
		return NULL;
	kw = kw_next(p, table, ARRAY_SIZE(table));
	return kw ? &transforms[kw->id] : NULL;
}

uint16_t next_key_bits(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "128", .min = 3, .id = 128, .help = "bits of the key" },
		{ .word = "192", .min = 3, .id = 192, .help = "bits of the key" },
		{ .word = "256", .min = 3, .id = 256, .help = "bits of the key" },
	};
	const struct kw *kw;
	bool ambiguous;

	kw = kw_peek(p, table, ARRAY_SIZE(table), &ambiguous);
	if (!kw)
		return 128;
	p->pos++;
	return kw->id;
}

/* The transforms of one set, in any order. */
static void read_transforms(struct parser *p, struct ios_tset *set)
{
	const struct transform *transform;
	unsigned int seen = 0;

	do {
		transform = next_transform(p);
		if (!transform)
			return;
		if (seen & 1u << transform->part) {
			p_fail(p, "'%s' is a second transform of its kind", transform->word);
			return;
		}
		seen |= 1u << transform->part;
		switch (transform->part) {
		case PART_CIPHER:
			set->cipher = transform->id;
			break;
		case PART_AUTH:
			set->auth = transform->id;
			break;
		case PART_AH:
			set->ah = transform->id;
			break;
		case PART_LZS:
			set->comp_lzs = true;
			break;
		}
		if (transform->sizes)
			set->key_bits = next_key_bits(p);
	} while (tok_peek(p));
	offer_transforms(p, seen);

	if ((set->cipher == IOS_ESP_CIPHER_GCM || set->cipher == IOS_ESP_CIPHER_GMAC) &&
	    set->auth != IOS_ESP_AUTH_NONE)
		p_fail(p, "esp-gcm and esp-gmac authenticate by themselves: no esp-...-hmac with them");
	else if (set->cipher == IOS_ESP_CIPHER_NULL && set->auth == IOS_ESP_AUTH_NONE)
		p_fail(p, "esp-null needs an esp-...-hmac");
	else if (set->comp_lzs && !(seen & ~(1u << PART_LZS)))
		p_fail(p, "comp-lzs alone protects nothing");
}

static void ipsec_tset(struct parser *p)
{
	struct ios_tset *set, parsed = { 0 };
	const char *lacks;
	char name[IOS_NAME_MAX + 1];

	heads_section(p);
	if (!next_name(p, "the name of a transform set", name))
		return;
	set = ios_tset_find(p->cfg, name);
	if (p->negate) {
		if (set)
			ios_tset_remove(p->cfg, set);
		return;
	}
	if (tok_peek(p) || !set)
		read_transforms(p, &parsed);
	if (!end_of_line(p))
		return;

	if (!set || parsed.cipher || parsed.auth || parsed.ah) {
		set = ios_tset_get(p->cfg, name);
		if (!set) {
			no_memory(p);
			return;
		}
		set->line = p->line.no;
		set->cipher = parsed.cipher;
		set->key_bits = parsed.key_bits;
		set->auth = parsed.auth;
		set->ah = parsed.ah;
		set->comp_lzs = parsed.comp_lzs;
		lacks = ios_tset_lacks(set);
		set->usable = !lacks;
		if (lacks)
			p_warn(p, "transform set '%s' cannot be used: %s not supported in this version",
			       name, lacks);
	}
	p->tset = set;
	open_section(p, MODE_TSET);
}

const char *ios_tset_lacks(const struct ios_tset *set)
{
	if (set->ah != IOS_AH_NONE)
		return "AH is";
	if (set->comp_lzs)
		return "comp-lzs is";
	switch (set->cipher) {
	case IOS_ESP_CIPHER_NONE:
		return "ESP without a cipher keyword (write esp-null) is";
	case IOS_ESP_CIPHER_DES:
		return "esp-des is";
	case IOS_ESP_CIPHER_SEAL:
		return "esp-seal is";
	case IOS_ESP_CIPHER_NULL:
	case IOS_ESP_CIPHER_AES:
	case IOS_ESP_CIPHER_3DES:
	case IOS_ESP_CIPHER_CTR:
		if (set->auth == IOS_ESP_AUTH_NONE)
			return "encryption without an esp-...-hmac is";
		break;
	case IOS_ESP_CIPHER_GCM:
	case IOS_ESP_CIPHER_GMAC:
	case IOS_ESP_CIPHER_CHACHA:
		break;
	}
	return NULL;
}

const char *ios_tset_weak(const struct ios_tset *set)
{
	if (set->cipher == IOS_ESP_CIPHER_3DES)
		return set->auth == IOS_ESP_AUTH_MD5 ? "esp-3des and esp-md5-hmac are" :
						       "esp-3des is";
	return set->auth == IOS_ESP_AUTH_MD5 ? "esp-md5-hmac is" : NULL;
}

static void tset_mode(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "transport", .id = 1, .help = "the addresses stay in clear" },
		{ .word = "tunnel", .id = 0, .help = "whole packets are encrypted" },
	};
	const struct kw *kw;
	bool require;

	if (p->negate) {
		p->tset->transport = p->tset->require = false;
		return;
	}
	kw = kw_next(p, table, ARRAY_SIZE(table));
	if (!kw)
		return;
	require = kw->id && option_word(p, "require", 1, "no other mode is taken");
	if (!end_of_line(p))
		return;
	p->tset->transport = kw->id;
	p->tset->require = require;
}

static void tset_esn(struct parser *p)
{
	if (end_of_line(p))
		p->tset->esn = !p->negate;
}

const char tset_expected[] = "esn or mode";

bool tset_line(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "esn", .min = 2, .run = tset_esn, .help = "extended sequence numbers" },
		{ .word = "mode", .run = tset_mode, .help = "transport or tunnel mode" },
	};

	return kw_run(p, table, ARRAY_SIZE(table));
}

/* --------------------------------------------------------------------- globals */

static void life_seconds(struct parser *p)
{
	uint32_t seconds = 3600;

	if (p->negate ||
	    (next_number(p, "a lifetime in seconds", 120, 86400, &seconds) && end_of_line(p)))
		p->cfg->ipsec.life_seconds = seconds;
}

static void life_days(struct parser *p)
{
	uint32_t days;

	if (p->negate)
		p->cfg->ipsec.life_seconds = 3600;
	else if (next_number(p, "a lifetime in days", 1, 1, &days) && end_of_line(p))
		p->cfg->ipsec.life_seconds = days * 86400;
}

static void life_kilobytes(struct parser *p)
{
	uint32_t kilobytes = 4608000;

	if (!p->negate && option_word(p, "disable", 1, "no end by volume"))
		kilobytes = 0;
	else if (!p->negate &&
		 !next_number(p, "a lifetime in kilobytes, or disable", 2560, UINT32_MAX,
			      &kilobytes))
		return;
	if (p->negate || end_of_line(p))
		p->cfg->ipsec.life_kilobytes = kilobytes;
}

static void sa_lifetime(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "days", .run = life_days, .help = "lifetime in days" },
		{ .word = "kilobytes", .run = life_kilobytes, .help = "lifetime in kilobytes" },
		{ .word = "seconds", .run = life_seconds, .help = "lifetime in seconds" },
	};

	kw_run_next(p, table, ARRAY_SIZE(table));
}

/* {window-size N | disable} for the globals and for entries */
static bool replay_words(struct parser *p, uint32_t *window)
{
	static const struct kw table[] = {
		{ .word = "disable", .id = 0, .help = "no replay detection" },
		{ .word = "window-size", .id = 1, .help = "packets that may be late" },
	};
	const struct kw *kw = kw_next(p, table, ARRAY_SIZE(table));

	*window = 0;
	if (!kw)
		return false;
	if (!kw->id)
		return end_of_line(p);
	if (!next_number(p, "a window size", 64, 1024, window))
		return false;
	if (*window & (*window - 1)) {
		p_fail(p, "unexpected window size %u; expected 64, 128, 256, 512 or 1024", *window);
		return false;
	}
	return end_of_line(p);
}

static void sa_replay(struct parser *p)
{
	uint32_t window = 64;

	if (p->negate || replay_words(p, &window))
		p->cfg->ipsec.replay = window;
}

void df_words(struct parser *p, enum ios_df *df, enum ios_df none)
{
	static const struct kw table[] = {
		{ .word = "clear", .id = IOS_DF_CLEAR, .help = "clear it" },
		{ .word = "copy", .id = IOS_DF_COPY, .help = "copy that of the packet" },
		{ .word = "set", .id = IOS_DF_SET, .help = "set it" },
	};
	const struct kw *kw;

	if (p->negate) {
		*df = none;
		return;
	}
	kw = kw_next(p, table, ARRAY_SIZE(table));
	if (kw && end_of_line(p))
		*df = kw->id;
}

void frag_words(struct parser *p, enum ios_frag *frag, enum ios_frag none)
{
	static const struct kw table[] = {
		{ .word = "after-encryption", .id = IOS_FRAG_AFTER, .help = "fragments of ESP" },
		{ .word = "before-encryption", .id = IOS_FRAG_BEFORE, .help = "ESP of fragments" },
	};
	const struct kw *kw;

	if (p->negate) {
		*frag = none;
		return;
	}
	kw = kw_next(p, table, ARRAY_SIZE(table));
	if (kw && end_of_line(p))
		*frag = kw->id;
}

static void ipsec_df(struct parser *p)
{
	df_words(p, &p->cfg->ipsec.df, IOS_DF_COPY);
}

static void sa_idle(struct parser *p)
{
	uint32_t idle = 0;

	if (p->negate || (next_number(p, "an idle time in seconds", 60, 86400, &idle) && end_of_line(p)))
		p->cfg->ipsec.idle = idle;
}

static void sa_ecn(struct parser *p)
{
	if (!skip_word(p, "discard", 1))
		unsupported(p, "security-association ecn is");
}

static void sa_dummy(struct parser *p)
{
	unsupported(p, "traffic flow confidentiality (dummy packets) is");
}

static void sa_multi(struct parser *p)
{
	unsupported(p, "security-association multi-sn is");
}

static void ipsec_sa(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "dummy", .run = sa_dummy },
		{ .word = "ecn", .run = sa_ecn },
		{ .word = "idle-time", .run = sa_idle,
		  .help = "how long an SA may carry no packets" },
		{ .word = "lifetime", .run = sa_lifetime, .help = "lifetime of SAs" },
		{ .word = "multi-sn", .run = sa_multi },
		{ .word = "replay", .run = sa_replay, .help = "replay detection" },
	};

	kw_run_next(p, table, ARRAY_SIZE(table));
}

static void ipsec_profile(struct parser *p)
{
	unsupported(p, "IPsec profiles (tunnel protection) are");
}

static void ipsec_client(struct parser *p)
{
	unsupported(p, "the EzVPN client is");
}

static void ipsec_server(struct parser *p)
{
	unsupported(p, "the EzVPN server is");
}

static void ipsec_fragmentation(struct parser *p)
{
	frag_words(p, &p->cfg->ipsec.frag, IOS_FRAG_BEFORE);
}

static void ipsec_nat(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "spi-matching" },
		{ .word = "udp-encapsulation", .id = 1, .help = "ESP in UDP, when it is needed" },
	};
	const struct kw *kw;

	kw = kw_next(p, table, ARRAY_SIZE(table));
	if (!kw || (kw->id && (!p->negate || p->reset)))
		return;
	p->negate = kw->id ? false : p->negate;
	unsupported(p, "NAT traversal other than by UDP encapsulation is");
}

static void ipsec_deny(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "clear", .id = 1 },
		{ .word = "drop", .id = 1 },
		{ .word = "jump", .id = 0, .help = "go on with the next entry" },
	};
	const struct kw *kw = p->negate ? NULL : kw_next(p, table, ARRAY_SIZE(table));

	if (p->negate || (kw && end_of_line(p)))
		problem_undo(p, PROBLEM_MAPS, "", 0, "ipv4-deny");
	if (!p->failed && kw && kw->id)
		problem_map(p, PROBLEM_MAPS, "", 0, "ipv4-deny",
			    "a deny that does not go on with the next entry (ipv4-deny %s) is", kw->word);
}

static void ipsec_optional(struct parser *p)
{
	unsupported(p, "passive mode (crypto ipsec optional) is");
}

/* The built-in transform set, which is made only when an entry names it: there is nothing to turn off. */
static void ipsec_default(struct parser *p)
{
	static const struct kw table[] = { { .word = "transform-set" } };

	if (kw_next(p, table, ARRAY_SIZE(table)))
		end_of_line(p);
}

static void ipsec_exclude(struct parser *p)
{
	unsupported(p, "lawful interception (crypto ipsec exclude) is");
}

static void ipsec_ike(struct parser *p)
{
	unsupported(p, "a check that IKE SAs are as strong as IPsec SAs (crypto ipsec ike) is");
}

void parse_ipsec(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "client", .run = ipsec_client },
		{ .word = "default", .min = 3, .run = ipsec_default },
		{ .word = "df-bit", .run = ipsec_df, .help = "the bit don't-fragment of ESP" },
		{ .word = "exclude", .run = ipsec_exclude },
		{ .word = "fragmentation", .run = ipsec_fragmentation,
		  .help = "when packets that are too large are cut" },
		{ .word = "ike", .min = 3, .run = ipsec_ike },
		{ .word = "ipv4-deny", .run = ipsec_deny, .help = "what a deny does" },
		{ .word = "nat-transparency", .run = ipsec_nat, .help = "NAT traversal" },
		{ .word = "optional", .run = ipsec_optional },
		{ .word = "profile", .run = ipsec_profile },
		{ .word = "security-association", .run = ipsec_sa,
		  .help = "lifetime, idle time and replay window of SAs" },
		{ .word = "server", .min = 3, .run = ipsec_server },
		{ .word = "transform-set", .run = ipsec_tset, .help = "how packets are protected" },
	};

	static const struct slip slips[] = {
		{ "ikev1", ASA "IOS has no such word before transform-set" },
		{ "ikev2", ASA "IOS has crypto ipsec transform-set for both" },
	};

	if (!known_slip(p, slips, ARRAY_SIZE(slips)))
		kw_run_next(p, table, ARRAY_SIZE(table));
}

/* ------------------------------------------------- the same settings of an entry */

static void entry_life_seconds(struct parser *p)
{
	uint32_t seconds = 0;

	if (p->negate ||
	    (next_number(p, "a lifetime in seconds", 120, 2592000, &seconds) && end_of_line(p)))
		p->entry->life_seconds = seconds;
}

static void entry_life_days(struct parser *p)
{
	uint32_t days = 0;

	if (p->negate || (next_number(p, "a lifetime in days", 1, 30, &days) && end_of_line(p)))
		p->entry->life_seconds = days * 86400;
}

static void entry_life_kilobytes(struct parser *p)
{
	uint32_t kilobytes = IOS_KB_UNSET;

	if (!p->negate && option_word(p, "disable", 1, "no end by volume"))
		kilobytes = 0;
	else if (!p->negate &&
		 !next_number(p, "a lifetime in kilobytes, or disable", 2560, UINT32_MAX,
			      &kilobytes))
		return;
	if (p->negate || end_of_line(p))
		p->entry->life_kilobytes = kilobytes;
}

static void entry_lifetime(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "days", .run = entry_life_days, .help = "lifetime in days" },
		{ .word = "kilobytes", .run = entry_life_kilobytes,
		  .help = "lifetime in kilobytes" },
		{ .word = "seconds", .run = entry_life_seconds, .help = "lifetime in seconds" },
	};

	kw_run_next(p, table, ARRAY_SIZE(table));
}

static void entry_replay(struct parser *p)
{
	uint32_t window = IOS_REPLAY_UNSET;

	if (p->negate || replay_words(p, &window))
		p->entry->replay = window;
}

static void entry_df(struct parser *p)
{
	df_words(p, &p->entry->df, IOS_DF_UNSET);
}

static void entry_idle(struct parser *p)
{
	bool preferred = false;
	uint32_t idle = 0;

	if (!p->negate) {
		if (!next_number(p, "an idle time in seconds", 60, 86400, &idle))
			return;
		preferred = option_word(p, "default", 1, "go to the default peer then");
		if (!end_of_line(p))
			return;
	}
	p->entry->idle = idle;
	p->entry->idle_default = preferred;
}

static void entry_level(struct parser *p)
{
	static const struct kw table[] = { { .word = "per-host", .help = "each pair of hosts" } };

	if (kw_next(p, table, ARRAY_SIZE(table)) && end_of_line(p))
		p->entry->per_host = !p->negate;
}

void parse_entry_sa(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "dfbit", .run = entry_df, .help = "the bit don't-fragment of ESP" },
		{ .word = "dummy", .run = sa_dummy },
		{ .word = "ecn", .run = sa_ecn },
		{ .word = "idle-time", .run = entry_idle,
		  .help = "how long an SA may carry no packets" },
		{ .word = "level", .run = entry_level, .help = "what has SAs of its own" },
		{ .word = "lifetime", .run = entry_lifetime, .help = "lifetime of SAs" },
		{ .word = "replay", .run = entry_replay, .help = "replay detection" },
	};

	kw_run_next(p, table, ARRAY_SIZE(table));
}
