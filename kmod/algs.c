// SPDX-License-Identifier: GPL-2.0-only
/* Table of ESP algorithms. */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/netlink.h>
#include <linux/string.h>

#include <uapi/linux/crypto_map.h>

#include "algs.h"

#define CMAP_ESP_TAIL	2

/**
 * struct cmap_cipher - an ESP cipher
 * @name: name for messages
 * @api: name of the mode for the crypto API
 * @min_bits: shortest key
 * @max_bits: longest key; keys in between go in steps of 64 bits
 * @salt: bytes of salt after the key
 * @iv: bytes of IV
 * @block: block size in bytes
 * @min_icv: shortest ICV of a combined mode; longer ones go in steps of 4 bytes
 * @icv: longest ICV of a combined mode, the default; else 0
 * @random_iv: the IV must be unpredictable
 * @weak: for peers that have nothing better
 */
struct cmap_cipher {
	const char	*name;
	const char	*api;
	u16		min_bits;
	u16		max_bits;
	u8		salt;
	u8		iv;
	u8		block;
	u8		min_icv;
	u8		icv;
	bool		random_iv;
	bool		weak;
};

static const struct cmap_cipher cmap_ciphers[] = {
	[CRYPTO_MAP_CIPHER_NULL] = {
		.name = "null", .api = "ecb(cipher_null)", .block = 4,
	},
	[CRYPTO_MAP_CIPHER_AES_CBC] = {
		.name = "aes-cbc", .api = "cbc(aes)",
		.min_bits = 128, .max_bits = 256, .iv = 16, .block = 16,
		.random_iv = true,
	},
	[CRYPTO_MAP_CIPHER_AES_GCM] = {
		.name = "aes-gcm", .api = "rfc4106(gcm(aes))",
		.min_bits = 128, .max_bits = 256, .salt = 4, .iv = 8,
		.block = 4, .min_icv = 8, .icv = 16,
	},
	[CRYPTO_MAP_CIPHER_AES_CTR] = {
		.name = "aes-ctr", .api = "rfc3686(ctr(aes))",
		.min_bits = 128, .max_bits = 256, .salt = 4, .iv = 8,
		.block = 4,
	},
	[CRYPTO_MAP_CIPHER_AES_GMAC] = {
		.name = "aes-gmac", .api = "rfc4543(gcm(aes))",
		.min_bits = 128, .max_bits = 256, .salt = 4, .iv = 8,
		.block = 4, .min_icv = 16, .icv = 16,
	},
	[CRYPTO_MAP_CIPHER_CHACHA20_POLY1305] = {
		.name = "chacha20-poly1305",
		.api = "rfc7539esp(chacha20,poly1305)",
		.min_bits = 256, .max_bits = 256, .salt = 4, .iv = 8,
		.block = 4, .min_icv = 16, .icv = 16,
	},
	[CRYPTO_MAP_CIPHER_3DES_CBC] = {
		.name = "3des-cbc", .api = "cbc(des3_ede)",
		.min_bits = 192, .max_bits = 192, .iv = 8, .block = 8,
		.random_iv = true, .weak = true,
	},
};

/**
 * struct cmap_auth - an ESP authenticator
 * @name: name for messages
 * @api: name for the crypto API
 * @key: bytes of key
 * @icv: bytes of ICV after truncation
 * @weak: for peers that have nothing better
 */
struct cmap_auth {
	const char	*name;
	const char	*api;
	u8		key;
	u8		icv;
	bool		weak;
};

static const struct cmap_auth cmap_auths[] = {
	[CRYPTO_MAP_AUTH_NONE]			= { "none", "", 0, 0 },
	[CRYPTO_MAP_AUTH_HMAC_SHA1_96]		= { "hmac-sha1-96",
						    "hmac(sha1)", 20, 12 },
	[CRYPTO_MAP_AUTH_HMAC_SHA2_256_128]	= { "hmac-sha2-256-128",
						    "hmac(sha256)", 32, 16 },
	[CRYPTO_MAP_AUTH_HMAC_SHA2_384_192]	= { "hmac-sha2-384-192",
						    "hmac(sha384)", 48, 24 },
	[CRYPTO_MAP_AUTH_HMAC_SHA2_512_256]	= { "hmac-sha2-512-256",
						    "hmac(sha512)", 64, 32 },
	[CRYPTO_MAP_AUTH_HMAC_MD5_96]		= { "hmac-md5-96",
						    "hmac(md5)", 16, 12, true },
};

#define CMAP_KEY_LENGTHS	3	/* of AES */

/*
 * What the self-test found, enum crypto_map_alg_state. Written by it, constant
 * after cmap_selftest_wait().
 */
static u8 cmap_cipher_states[ARRAY_SIZE(cmap_ciphers)][CMAP_KEY_LENGTHS];
static u8 cmap_auth_states[ARRAY_SIZE(cmap_auths)];

static unsigned int cmap_key_lengths(const struct cmap_cipher *c)
{
	return (c->max_bits - c->min_bits) / 64 + 1;
}

static u8 *cmap_cipher_state(u8 cipher, u16 key_bits)
{
	const struct cmap_cipher *c = &cmap_ciphers[cipher];

	return &cmap_cipher_states[cipher][(key_bits - c->min_bits) / 64];
}

bool cmap_alg_row(unsigned int i, struct cmap_alg_row *row)
{
	const struct cmap_cipher *c;
	const struct cmap_auth *a;
	u8 n;

	memset(row, 0, sizeof(*row));
	for (n = 0; n < ARRAY_SIZE(cmap_ciphers); n++) {
		c = &cmap_ciphers[n];
		if (i < cmap_key_lengths(c)) {
			row->number = n;
			row->name = c->name;
			row->key_bits = c->min_bits + i * 64;
			row->block = c->block;
			row->icv = c->icv;
			row->weak = c->weak;
			row->state = *cmap_cipher_state(n, row->key_bits);
			return true;
		}
		i -= cmap_key_lengths(c);
	}
	if (i >= ARRAY_SIZE(cmap_auths) - 1)
		return false;
	n = CRYPTO_MAP_AUTH_NONE + 1 + i;
	a = &cmap_auths[n];
	row->is_auth = true;
	row->number = n;
	row->name = a->name;
	row->key_bits = a->key * 8;
	row->icv = a->icv;
	row->weak = a->weak;
	row->state = cmap_auth_states[n];
	return true;
}

bool cmap_alg_disable(u8 cipher, u8 auth, u8 enc_len, bool absent, char *name,
		      size_t size)
{
	const struct cmap_cipher *c = &cmap_ciphers[cipher];
	u16 key_bits = (enc_len - c->salt) * 8;
	u8 *state;

	if (cipher == CRYPTO_MAP_CIPHER_NULL) {
		state = &cmap_auth_states[auth];
		snprintf(name, size, "%s", cmap_auths[auth].name);
	} else {
		state = cmap_cipher_state(cipher, key_bits);
		snprintf(name, size, "%s with %u bit keys", c->name, key_bits);
	}
	if (*state != CRYPTO_MAP_ALG_STATE_PASSED)
		return false;
	*state = absent ? CRYPTO_MAP_ALG_STATE_ABSENT :
			  CRYPTO_MAP_ALG_STATE_FAILED;
	return true;
}

static int cmap_alg_check_state(u8 state, const char *name,
				struct netlink_ext_ack *extack)
{
	switch (state) {
	case CRYPTO_MAP_ALG_STATE_PASSED:
		return 0;
	case CRYPTO_MAP_ALG_STATE_ABSENT:
		NL_SET_ERR_MSG_FMT(extack, "this kernel has no %s", name);
		break;
	default:
		NL_SET_ERR_MSG_FMT(extack, "%s failed its self-test", name);
	}
	return -EOPNOTSUPP;
}

static bool cmap_key_bits_valid(const struct cmap_cipher *c, u16 bits)
{
	if (!c->max_bits)
		return !bits;
	return bits >= c->min_bits && bits <= c->max_bits && !(bits % 64);
}

/* Whether an ICV goes with a cipher and an authenticator; 0 is the default. */
static bool cmap_icv_valid(const struct cmap_cipher *c,
			   const struct cmap_auth *a, u8 bytes)
{
	if (!bytes)
		return true;
	if (!c->icv)
		return bytes == a->icv;
	return bytes >= c->min_icv && bytes <= c->icv && !(bytes % 4);
}

int cmap_alg_resolve(struct cmap_alg *alg, u8 cipher, u16 key_bits,
		     u8 icv_bytes, u8 auth, struct netlink_ext_ack *extack)
{
	const struct cmap_cipher *c;
	const struct cmap_auth *a;
	int err;

	if (cipher >= ARRAY_SIZE(cmap_ciphers) ||
	    auth >= ARRAY_SIZE(cmap_auths)) {
		NL_SET_ERR_MSG(extack, "no such cipher or authenticator");
		return -EINVAL;
	}
	c = &cmap_ciphers[cipher];
	a = &cmap_auths[auth];

	if (!cmap_key_bits_valid(c, key_bits)) {
		NL_SET_ERR_MSG_FMT(extack, "cipher %s has no %u bit key",
				   c->name, key_bits);
		return -EINVAL;
	}
	if (c->icv && auth != CRYPTO_MAP_AUTH_NONE) {
		NL_SET_ERR_MSG_FMT(extack, "cipher %s authenticates itself, %s does not go with it",
				   c->name, a->name);
		return -EINVAL;
	}
	if (!c->icv && auth == CRYPTO_MAP_AUTH_NONE) {
		NL_SET_ERR_MSG_FMT(extack, "cipher %s needs an authenticator",
				   c->name);
		return -EINVAL;
	}
	if (!cmap_icv_valid(c, a, icv_bytes)) {
		NL_SET_ERR_MSG_FMT(extack, "%s has no ICV of %u bytes",
				   c->icv ? c->name : a->name, icv_bytes);
		return -EINVAL;
	}

	err = cmap_alg_check_state(*cmap_cipher_state(cipher, key_bits),
				   c->name, extack) ?:
	      cmap_alg_check_state(cmap_auth_states[auth], a->name, extack);
	if (err)
		return err;

	memset(alg, 0, sizeof(*alg));
	alg->cipher = cipher;
	alg->auth = auth;
	alg->key_bits = key_bits;
	alg->salt = c->salt;
	alg->iv = c->iv;
	alg->block = c->block;
	alg->icv = icv_bytes ?: c->icv ?: a->icv;
	alg->auth_key = a->key;
	alg->combined = c->icv;
	alg->random_iv = c->random_iv;
	alg->weak = c->weak || a->weak;
	if (alg->combined)
		strscpy(alg->name, c->api, sizeof(alg->name));
	else
		snprintf(alg->name, sizeof(alg->name), "authenc(%s,%s)",
			 a->api, c->api);
	return 0;
}

void cmap_alg_set_esn(struct cmap_alg *alg)
{
	alg->esn = true;
	/* combined modes take the high half as part of the associated data */
	if (!alg->combined)
		snprintf(alg->name, sizeof(alg->name), "authencesn(%s,%s)",
			 cmap_auths[alg->auth].api,
			 cmap_ciphers[alg->cipher].api);
}

int cmap_alg_keys(struct cmap_alg *alg, u8 cipher, u8 icv_bytes, u8 auth,
		  u8 enc_len, u8 auth_len, struct netlink_ext_ack *extack)
{
	u8 salt = cipher < ARRAY_SIZE(cmap_ciphers) ?
		  cmap_ciphers[cipher].salt : 0;
	int err;

	if (enc_len < salt) {
		NL_SET_ERR_MSG_FMT(extack, "cipher key lacks its %u bytes of salt",
				   salt);
		return -EINVAL;
	}
	err = cmap_alg_resolve(alg, cipher, (enc_len - salt) * 8, icv_bytes,
			       auth, extack);
	if (err)
		return err;
	if (auth_len != alg->auth_key) {
		NL_SET_ERR_MSG_FMT(extack, "authenticator %s has a key of %u bytes, not %u",
				   cmap_auths[auth].name, alg->auth_key,
				   auth_len);
		return -EINVAL;
	}
	return 0;
}

int cmap_algs_check_keys(u8 cipher, u16 key_bits, u8 auth, u8 enc_len,
			 u8 auth_len, struct netlink_ext_ack *extack)
{
	struct cmap_alg alg;
	int err;

	err = cmap_alg_keys(&alg, cipher, 0, auth, enc_len, auth_len, extack);
	if (err)
		return err;
	if (alg.key_bits != key_bits) {
		NL_SET_ERR_MSG_FMT(extack, "cipher key has %u bits, the transform set %u",
				   alg.key_bits, key_bits);
		return -EINVAL;
	}
	return 0;
}

u32 cmap_alg_plain_mtu(const struct cmap_alg *alg, u32 path, u32 overhead)
{
	u32 fixed = overhead + CMAP_ESP_HDR + alg->iv + alg->icv;

	if (path < fixed + alg->block)
		return 0;
	return rounddown(path - fixed, (u32)alg->block) - CMAP_ESP_TAIL;
}
