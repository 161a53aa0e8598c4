// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/algs.c: combinations of algorithms, and what fits a path. */

#include <string.h>

#include <linux/netlink.h>
#include <uapi/linux/crypto_map.h>

#include "algs.h"
#include "tap.h"

#define CBC	CRYPTO_MAP_CIPHER_AES_CBC
#define GCM	CRYPTO_MAP_CIPHER_AES_GCM
#define CTR	CRYPTO_MAP_CIPHER_AES_CTR
#define GMAC	CRYPTO_MAP_CIPHER_AES_GMAC
#define CHACHA	CRYPTO_MAP_CIPHER_CHACHA20_POLY1305
#define DES3	CRYPTO_MAP_CIPHER_3DES_CBC
#define NONE	CRYPTO_MAP_CIPHER_NULL
#define SHA1	CRYPTO_MAP_AUTH_HMAC_SHA1_96
#define SHA256	CRYPTO_MAP_AUTH_HMAC_SHA2_256_128
#define SHA384	CRYPTO_MAP_AUTH_HMAC_SHA2_384_192
#define SHA512	CRYPTO_MAP_AUTH_HMAC_SHA2_512_256
#define MD5	CRYPTO_MAP_AUTH_HMAC_MD5_96

static struct netlink_ext_ack extack;

static bool refused(u8 cipher, u16 bits, u8 icv, u8 auth, const char *text)
{
	struct cmap_alg alg;

	extack.text[0] = 0;
	return cmap_alg_resolve(&alg, cipher, bits, icv, auth, &extack) < 0 &&
	       strstr(extack.text, text);
}

static void test_combinations(void)
{
	struct cmap_alg alg;

	tap_ok(!cmap_alg_resolve(&alg, CBC, 256, 0, SHA256, &extack) &&
	       !strcmp(alg.name, "authenc(hmac(sha256),cbc(aes))") &&
	       alg.iv == 16 && alg.block == 16 && alg.icv == 16 &&
	       alg.auth_key == 32 && alg.random_iv && !alg.salt,
	       "AES-CBC with SHA2-256");
	tap_ok(!cmap_alg_resolve(&alg, GCM, 192, 16, CRYPTO_MAP_AUTH_NONE,
				 &extack) &&
	       !strcmp(alg.name, "rfc4106(gcm(aes))") && alg.iv == 8 &&
	       alg.block == 4 && alg.icv == 16 && alg.salt == 4 &&
	       !alg.random_iv, "AES-GCM-192");
	tap_ok(!cmap_alg_resolve(&alg, NONE, 0, 0, SHA512, &extack) &&
	       !strcmp(alg.name, "authenc(hmac(sha512),ecb(cipher_null))") &&
	       !alg.iv && alg.block == 4 && alg.icv == 32,
	       "no encryption with SHA2-512");
	tap_ok(refused(CBC, 160, 0, SHA1, "no 160 bit key") &&
	       refused(CBC, 0, 0, SHA1, "no 0 bit key") &&
	       refused(NONE, 128, 0, SHA1, "no 128 bit key"),
	       "key lengths that do not exist");
	tap_ok(refused(CBC, 128, 0, CRYPTO_MAP_AUTH_NONE, "needs") &&
	       refused(NONE, 0, 0, CRYPTO_MAP_AUTH_NONE, "needs"),
	       "nothing goes without integrity");
	tap_ok(refused(GCM, 128, 0, SHA1, "authenticates itself"),
	       "a combined mode takes no authenticator");
	tap_ok(refused(GCM, 128, 4, CRYPTO_MAP_AUTH_NONE, "no ICV of 4") &&
	       refused(GCM, 128, 13, CRYPTO_MAP_AUTH_NONE, "no ICV of 13") &&
	       refused(GCM, 128, 20, CRYPTO_MAP_AUTH_NONE, "no ICV of 20") &&
	       refused(GMAC, 128, 12, CRYPTO_MAP_AUTH_NONE, "no ICV of 12") &&
	       refused(CHACHA, 256, 8, CRYPTO_MAP_AUTH_NONE, "no ICV of 8") &&
	       refused(CBC, 128, 16, SHA1, "no ICV of 16"),
	       "ICV lengths that do not exist");
	tap_ok(refused(99, 128, 0, SHA1, "no such") &&
	       refused(CBC, 128, 0, 99, "no such"), "numbers out of range");
}

/* What each cipher says for each of its key lengths. */
static void test_ciphers(void)
{
	static const struct {
		u8 cipher, auth, icv;
		u16 bits;
		const char *name;
		struct cmap_alg want;
	} rows[] = {
		{ GCM, 0, 8, 128, "rfc4106(gcm(aes))",
		  { .salt = 4, .iv = 8, .block = 4, .icv = 8 } },
		{ GCM, 0, 12, 256, "rfc4106(gcm(aes))",
		  { .salt = 4, .iv = 8, .block = 4, .icv = 12 } },
		{ GCM, 0, 0, 256, "rfc4106(gcm(aes))",
		  { .salt = 4, .iv = 8, .block = 4, .icv = 16 } },
		{ CTR, SHA256, 0, 128, "authenc(hmac(sha256),rfc3686(ctr(aes)))",
		  { .salt = 4, .iv = 8, .block = 4, .icv = 16, .auth_key = 32 } },
		{ CTR, SHA1, 12, 256, "authenc(hmac(sha1),rfc3686(ctr(aes)))",
		  { .salt = 4, .iv = 8, .block = 4, .icv = 12, .auth_key = 20 } },
		{ GMAC, 0, 16, 192, "rfc4543(gcm(aes))",
		  { .salt = 4, .iv = 8, .block = 4, .icv = 16 } },
		{ CHACHA, 0, 0, 256, "rfc7539esp(chacha20,poly1305)",
		  { .salt = 4, .iv = 8, .block = 4, .icv = 16 } },
		{ DES3, SHA1, 0, 192, "authenc(hmac(sha1),cbc(des3_ede))",
		  { .iv = 8, .block = 8, .icv = 12, .auth_key = 20,
		    .random_iv = true, .weak = true } },
		{ CBC, MD5, 0, 128, "authenc(hmac(md5),cbc(aes))",
		  { .iv = 16, .block = 16, .icv = 12, .auth_key = 16,
		    .random_iv = true, .weak = true } },
	};
	const struct cmap_alg *want;
	struct cmap_alg alg;
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		want = &rows[i].want;
		tap_ok(!cmap_alg_resolve(&alg, rows[i].cipher, rows[i].bits,
					 rows[i].icv, rows[i].auth, &extack) &&
		       !strcmp(alg.name, rows[i].name) &&
		       alg.salt == want->salt && alg.iv == want->iv &&
		       alg.block == want->block && alg.icv == want->icv &&
		       alg.auth_key == want->auth_key &&
		       alg.combined == !rows[i].auth &&
		       alg.random_iv == want->random_iv &&
		       alg.weak == want->weak, "%s, %u bits, ICV of %u",
		       rows[i].name, rows[i].bits, want->icv);
	}
	tap_ok(refused(CHACHA, 128, 0, 0, "no 128 bit key") &&
	       refused(DES3, 128, 0, SHA1, "no 128 bit key") &&
	       refused(CTR, 320, 0, SHA1, "no 320 bit key"),
	       "key lengths that these do not have");
	tap_ok(refused(CTR, 128, 0, 0, "needs") &&
	       refused(DES3, 192, 0, 0, "needs") &&
	       refused(GMAC, 128, 0, SHA1, "authenticates itself") &&
	       refused(CHACHA, 256, 0, MD5, "authenticates itself"),
	       "which of these take an authenticator");
}

static void test_esn(void)
{
	struct cmap_alg alg, plain;

	cmap_alg_resolve(&plain, CBC, 256, 0, SHA256, &extack);
	alg = plain;
	cmap_alg_set_esn(&alg);
	tap_ok(alg.esn && !plain.esn &&
	       !strcmp(alg.name, "authencesn(hmac(sha256),cbc(aes))") &&
	       alg.iv == plain.iv && alg.icv == plain.icv,
	       "extended sequence numbers with an authenticator");
	cmap_alg_resolve(&alg, GCM, 256, 0, 0, &extack);
	cmap_alg_set_esn(&alg);
	tap_ok(alg.esn && !strcmp(alg.name, "rfc4106(gcm(aes))"),
	       "and with a combined mode");
	cmap_alg_resolve(&alg, CTR, 256, 0, SHA512, &extack);
	cmap_alg_set_esn(&alg);
	tap_ok(!strcmp(alg.name, "authencesn(hmac(sha512),rfc3686(ctr(aes)))"),
	       "the longest name");
}

static void test_keys(void)
{
	struct cmap_alg alg;

	tap_ok(!cmap_alg_keys(&alg, GCM, 0, CRYPTO_MAP_AUTH_NONE, 20, 0,
			      &extack) && alg.key_bits == 128,
	       "a GCM key holds its salt");
	tap_ok(cmap_alg_keys(&alg, GCM, 0, CRYPTO_MAP_AUTH_NONE, 16, 0,
			     &extack) < 0 &&
	       cmap_alg_keys(&alg, GCM, 0, CRYPTO_MAP_AUTH_NONE, 3, 0,
			     &extack) < 0, "and is refused without");
	tap_ok(!cmap_alg_keys(&alg, CTR, 0, SHA1, 36, 20, &extack) &&
	       alg.key_bits == 256 &&
	       !cmap_alg_keys(&alg, CHACHA, 0, 0, 36, 0, &extack) &&
	       !cmap_alg_keys(&alg, GMAC, 0, 0, 28, 0, &extack) &&
	       alg.key_bits == 192 &&
	       !cmap_alg_keys(&alg, DES3, 0, MD5, 24, 16, &extack),
	       "keys of the other ciphers");
	tap_ok(cmap_alg_keys(&alg, CBC, 0, SHA1, 16, 19, &extack) < 0 &&
	       strstr(extack.text, "20 bytes, not 19"),
	       "an authenticator key of the wrong length");
	tap_ok(cmap_algs_check_keys(CBC, 256, SHA1, 16, 20, &extack) < 0 &&
	       !cmap_algs_check_keys(CBC, 128, SHA1, 16, 20, &extack),
	       "a key that is not of its transform set");
}

/* Values of real routers: outer IPv4 header, 8 more for ESP in UDP. */
static void test_plain_mtu(void)
{
	static const struct {
		const char *what;
		u8 cipher, auth;
		u16 bits;
		u32 path, overhead, ip, want;
	} rows[] = {
		{ "AES-256 SHA-256 tunnel", CBC, SHA256, 256, 1500, 20, 0, 1438 },
		{ "AES-128 SHA-1 tunnel", CBC, SHA1, 128, 1500, 20, 0, 1438 },
		{ "GCM-256 tunnel", GCM, 0, 256, 1500, 20, 0, 1446 },
		{ "GCM-256 tunnel, jumbo", GCM, 0, 256, 9184, 20, 0, 9130 },
		{ "AES-256 SHA-1 transport in UDP", CBC, SHA1, 256, 1500, 28, 20, 1442 },
		{ "AES-256 SHA-256 transport", CBC, SHA256, 256, 1500, 20, 20, 1458 },
		{ "GCM-256 transport in UDP over IPv6", GCM, 0, 256, 1480, 48, 40, 1438 },
		{ "3DES SHA-1 tunnel", DES3, SHA1, 192, 1500, 20, 0, 1446 },
		{ "3DES MD5 transport", DES3, MD5, 192, 1500, 20, 20, 1466 },
		{ "GMAC tunnel", GMAC, 0, 128, 1500, 20, 0, 1446 },
		{ "CTR SHA-256 tunnel", CTR, SHA256, 128, 1500, 20, 0, 1446 },
		{ "ChaCha20 tunnel", CHACHA, 0, 256, 1500, 20, 0, 1446 },
		{ "nothing fits", CBC, SHA512, 256, 68, 20, 0, 0 },
	};
	struct cmap_alg alg;
	unsigned int i;
	u32 got;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cmap_alg_resolve(&alg, rows[i].cipher, rows[i].bits, 0,
				 rows[i].auth, &extack);
		got = cmap_alg_plain_mtu(&alg, rows[i].path, rows[i].overhead);
		tap_ok(got + rows[i].ip == rows[i].want, "plaintext mtu: %s",
		       rows[i].what);
	}
}

int main(void)
{
	test_combinations();
	test_ciphers();
	test_esn();
	test_keys();
	test_plain_mtu();
	return tap_done();
}
