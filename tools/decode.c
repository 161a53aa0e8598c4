// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "say.h"

void *kernel_row(void **v, size_t *n, size_t size)
{
	void *bigger = *v;

	/* at powers of two */
	if (!(*n & (*n - 1))) {
		bigger = realloc(*v, (*n ? *n * 2 : 1) * size);
		if (!bigger) {
			say_no_memory();
			return NULL;
		}
	}
	*v = bigger;
	memset((char *)bigger + *n * size, 0, size);
	return (char *)bigger + (*n)++ * size;
}

void decode_network(const struct nlattr *addr_attr, const struct nlattr *wild_attr,
			   int family, struct ios_addr *addr, struct ios_addr *wild)
{
	*addr = nl_addr(addr_attr);
	*wild = nl_addr(wild_attr);
	if (addr->family != family)
		*addr = (struct ios_addr){ .family = family };
	if (wild->family != family)
		*wild = ios_wild(family, addr_attr ? ios_addr_bits(family) : 0);
}

enum ios_df decode_df(const struct nlattr *attr)
{
	switch (nl_u32(attr, UINT32_MAX)) {
	case CRYPTO_MAP_DF_BIT_COPY:
		return IOS_DF_COPY;
	case CRYPTO_MAP_DF_BIT_SET:
		return IOS_DF_SET;
	case CRYPTO_MAP_DF_BIT_CLEAR:
		return IOS_DF_CLEAR;
	}
	return IOS_DF_UNSET;
}

enum ios_frag decode_frag(const struct nlattr *attr)
{
	switch (nl_u32(attr, UINT32_MAX)) {
	case CRYPTO_MAP_FRAGMENTATION_BEFORE_ENCRYPTION:
		return IOS_FRAG_BEFORE;
	case CRYPTO_MAP_FRAGMENTATION_AFTER_ENCRYPTION:
		return IOS_FRAG_AFTER;
	}
	return IOS_FRAG_UNSET;
}

static enum ios_esp_cipher ios_cipher(uint32_t cipher)
{
	switch (cipher) {
	case CRYPTO_MAP_CIPHER_NULL:
		return IOS_ESP_CIPHER_NULL;
	case CRYPTO_MAP_CIPHER_AES_CBC:
		return IOS_ESP_CIPHER_AES;
	case CRYPTO_MAP_CIPHER_AES_GCM:
		return IOS_ESP_CIPHER_GCM;
	case CRYPTO_MAP_CIPHER_AES_CTR:
		return IOS_ESP_CIPHER_CTR;
	case CRYPTO_MAP_CIPHER_AES_GMAC:
		return IOS_ESP_CIPHER_GMAC;
	case CRYPTO_MAP_CIPHER_CHACHA20_POLY1305:
		return IOS_ESP_CIPHER_CHACHA;
	case CRYPTO_MAP_CIPHER_3DES_CBC:
		return IOS_ESP_CIPHER_3DES;
	}
	return IOS_ESP_CIPHER_NONE;
}

static enum ios_esp_auth ios_auth(uint32_t auth)
{
	switch (auth) {
	case CRYPTO_MAP_AUTH_HMAC_SHA1_96:
		return IOS_ESP_AUTH_SHA;
	case CRYPTO_MAP_AUTH_HMAC_SHA2_256_128:
		return IOS_ESP_AUTH_SHA256;
	case CRYPTO_MAP_AUTH_HMAC_SHA2_384_192:
		return IOS_ESP_AUTH_SHA384;
	case CRYPTO_MAP_AUTH_HMAC_SHA2_512_256:
		return IOS_ESP_AUTH_SHA512;
	case CRYPTO_MAP_AUTH_HMAC_MD5_96:
		return IOS_ESP_AUTH_MD5;
	}
	return IOS_ESP_AUTH_NONE;
}

void decode_algs(struct ios_tset *set, const struct nlattr *cipher,
			const struct nlattr *key_bits, const struct nlattr *auth)
{
	set->cipher = ios_cipher(nl_u32(cipher, UINT32_MAX));
	set->auth = ios_auth(nl_u32(auth, UINT32_MAX));
	/* where there is one length only, it is not told */
	if (set->cipher != IOS_ESP_CIPHER_3DES && set->cipher != IOS_ESP_CIPHER_CHACHA)
		set->key_bits = nl_u16(key_bits, 0);
}
