// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/algs.c: combinations of algorithms, and what fits a path. */

#include <string.h>

#include <linux/netlink.h>
#include <uapi/linux/crypto_map.h>

#include "algs.h"
#include "tap.h"

#define CBC	CRYPTO_MAP_CIPHER_AES_CBC
#define GCM	CRYPTO_MAP_CIPHER_AES_GCM
#define NONE	CRYPTO_MAP_CIPHER_NULL
#define SHA1	CRYPTO_MAP_AUTH_HMAC_SHA1_96
#define SHA256	CRYPTO_MAP_AUTH_HMAC_SHA2_256_128
#define SHA384	CRYPTO_MAP_AUTH_HMAC_SHA2_384_192
#define SHA512	CRYPTO_MAP_AUTH_HMAC_SHA2_512_256

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
	tap_ok(refused(GCM, 128, 12, CRYPTO_MAP_AUTH_NONE, "no ICV of 12"),
	       "an ICV length that does not exist");
	tap_ok(refused(99, 128, 0, SHA1, "no such") &&
	       refused(CBC, 128, 0, 99, "no such"), "numbers out of range");
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
	test_keys();
	test_plain_mtu();
	return tap_done();
}
