// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/vectors.c: the known answers, and that a wrong one is seen. */

#include <errno.h>
#include <string.h>

#include <linux/netlink.h>
#include <uapi/linux/crypto_map.h>

#include "algs.h"
#include "tap.h"
#include "vectors.h"

#define BUF	512

static struct netlink_ext_ack extack;

/* Every vector has the lengths that its algorithms want. */
static void test_lengths(void)
{
	const struct cmap_vector *v;
	struct cmap_alg alg;
	unsigned int i;
	bool good;

	for (i = 0; i < cmap_n_vectors; i++) {
		v = &cmap_vectors[i];
		good = !cmap_alg_keys(&alg, v->cipher, v->icv, v->auth,
				      v->enc.len, v->auth_key.len, &extack);
		tap_ok(good && v->iv.len == alg.iv &&
		       v->sealed.len == v->plain.len + alg.icv &&
		       cmap_vector_len(v) <= BUF, "%s: %s%s", v->source,
		       alg.name, v->esn ? ", ESN" : "");
	}
}

static bool has_vector(const struct cmap_alg_row *row)
{
	const struct cmap_vector *v;
	struct cmap_alg alg;
	unsigned int i;

	for (i = 0; i < cmap_n_vectors; i++) {
		v = &cmap_vectors[i];
		cmap_alg_keys(&alg, v->cipher, v->icv, v->auth, v->enc.len,
			      v->auth_key.len, &extack);
		if (row->is_auth ? v->auth == row->number :
				   v->cipher == row->number &&
				   alg.key_bits == row->key_bits)
			return true;
	}
	return false;
}

static void test_complete(void)
{
	struct cmap_alg_row row;
	unsigned int i, missing = 0;

	for (i = 0; cmap_alg_row(i, &row); i++)
		if (!has_vector(&row)) {
			printf("# no vector: %s %u\n", row.name, row.key_bits);
			missing++;
		}
	tap_ok(i == 20 && !missing, "every algorithm has a known answer");
}

/* Whatever single bit of an answer is wrong, it is seen. */
static void test_wrong(void)
{
	const struct cmap_vector *v;
	bool right = true, seen = true;
	unsigned int i, bit;
	u8 esp[BUF];

	for (i = 0; i < cmap_n_vectors; i++) {
		v = &cmap_vectors[i];
		memset(esp, 0, sizeof(esp));
		cmap_vector_put(v, esp, true);
		right = right && cmap_vector_is(v, esp, true);
		for (bit = 0; bit < cmap_vector_len(v) * 8; bit++) {
			esp[bit / 8] ^= 1 << bit % 8;
			seen = seen && !cmap_vector_is(v, esp, true);
			esp[bit / 8] ^= 1 << bit % 8;
		}
		cmap_vector_put(v, esp, false);
		right = right && cmap_vector_is(v, esp, false);
		for (bit = 0; bit < (8u + v->iv.len + v->plain.len) * 8; bit++) {
			esp[bit / 8] ^= 1 << bit % 8;
			seen = seen && !cmap_vector_is(v, esp, false);
			esp[bit / 8] ^= 1 << bit % 8;
		}
	}
	tap_ok(right, "right answers are taken");
	tap_ok(seen, "one wrong bit anywhere is seen, encrypted or not");
}

static bool refused(u8 cipher, u16 bits, u8 auth, const char *text)
{
	struct cmap_alg alg;

	return cmap_alg_resolve(&alg, cipher, bits, 0, auth, &extack) ==
	       -EOPNOTSUPP && !strcmp(extack.text, text);
}

static u8 state_of(bool is_auth, u8 number, u16 bits)
{
	struct cmap_alg_row row;
	unsigned int i;

	for (i = 0; cmap_alg_row(i, &row); i++)
		if (row.is_auth == is_auth && row.number == number &&
		    row.key_bits == bits)
			return row.state;
	return 99;
}

static void test_disable(void)
{
	char name[CMAP_ALG_NAME_MAX];
	struct cmap_alg alg;

	tap_ok(cmap_alg_disable(CRYPTO_MAP_CIPHER_CHACHA20_POLY1305, 0, 36,
				true, name, sizeof(name)) &&
	       !cmap_alg_disable(CRYPTO_MAP_CIPHER_CHACHA20_POLY1305, 0, 36,
				 false, name, sizeof(name)),
	       "the first finding stays");
	tap_ok(!strcmp(name, "chacha20-poly1305 with 256 bit keys"),
	       "a name for the log");
	tap_ok(refused(CRYPTO_MAP_CIPHER_CHACHA20_POLY1305, 256, 0,
		       "this kernel has no chacha20-poly1305") &&
	       state_of(false, CRYPTO_MAP_CIPHER_CHACHA20_POLY1305, 256) ==
	       CRYPTO_MAP_ALG_STATE_ABSENT, "what is absent is refused");

	cmap_alg_disable(CRYPTO_MAP_CIPHER_AES_GCM, 0, 28, false, name,
			 sizeof(name));
	tap_ok(refused(CRYPTO_MAP_CIPHER_AES_GCM, 192, 0,
		       "aes-gcm failed its self-test") &&
	       state_of(false, CRYPTO_MAP_CIPHER_AES_GCM, 192) ==
	       CRYPTO_MAP_ALG_STATE_FAILED &&
	       !cmap_alg_resolve(&alg, CRYPTO_MAP_CIPHER_AES_GCM, 256, 0, 0,
				 &extack) &&
	       !cmap_alg_resolve(&alg, CRYPTO_MAP_CIPHER_AES_GCM, 128, 0, 0,
				 &extack),
	       "what failed is refused, with this key length only");

	cmap_alg_disable(CRYPTO_MAP_CIPHER_NULL, CRYPTO_MAP_AUTH_HMAC_MD5_96, 0,
			 false, name, sizeof(name));
	tap_ok(!strcmp(name, "hmac-md5-96") &&
	       refused(CRYPTO_MAP_CIPHER_AES_CBC, 128,
		       CRYPTO_MAP_AUTH_HMAC_MD5_96,
		       "hmac-md5-96 failed its self-test") &&
	       state_of(true, CRYPTO_MAP_AUTH_HMAC_MD5_96, 128) ==
	       CRYPTO_MAP_ALG_STATE_FAILED &&
	       !cmap_alg_resolve(&alg, CRYPTO_MAP_CIPHER_NULL, 0, 0,
				 CRYPTO_MAP_AUTH_HMAC_SHA1_96, &extack),
	       "an authenticator that failed, with every cipher");
}

int main(void)
{
	test_lengths();
	test_complete();
	test_wrong();
	test_disable();
	return tap_done();
}
