/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_ALGS_H
#define _CMAP_ALGS_H

/* The algorithms of ESP: what the spec names, as the crypto API knows it. */

#include <linux/types.h>

struct netlink_ext_ack;

#define CMAP_ESP_HDR	8	/* bytes of SPI and sequence number */

/**
 * struct cmap_alg - an ESP cipher and authenticator together
 * @cipher: enum crypto_map_cipher
 * @auth: enum crypto_map_auth
 * @key_bits: cipher key length without salt
 * @salt: bytes of salt after the cipher key
 * @iv: bytes of IV in each packet
 * @block: plaintext is padded to a multiple of this, at least 4 (RFC 4303 2.4)
 * @icv: bytes of integrity check value
 * @auth_key: bytes of authenticator key
 * @esn: extended sequence numbers, see cmap_alg_set_esn()
 * @combined: a combined mode, which authenticates by itself
 * @random_iv: the IV must be unpredictable (CBC), not only unique
 * @weak: for peers that have nothing better
 * @name: name of the AEAD for the crypto API
 */
struct cmap_alg {
	u8	cipher;
	u8	auth;
	u16	key_bits;
	u8	salt;
	u8	iv;
	u8	block;
	u8	icv;
	u8	auth_key;
	bool	esn;
	bool	combined;
	bool	random_iv;
	bool	weak;
	char	name[64];
};

/**
 * cmap_alg_resolve() - look up a combination of algorithms
 * @alg: result
 * @cipher: enum crypto_map_cipher
 * @key_bits: key length without salt
 * @icv_bytes: ICV of a combined mode cipher, 0 for its default
 * @auth: enum crypto_map_auth
 * @extack: told what does not fit
 *
 * Return: 0, -EINVAL, or -EOPNOTSUPP for what the kernel does not have or what
 * failed its self-test.
 */
int cmap_alg_resolve(struct cmap_alg *alg, u8 cipher, u16 key_bits,
		     u8 icv_bytes, u8 auth, struct netlink_ext_ack *extack);

/**
 * cmap_alg_keys() - look up a combination by the length of its keys
 * @alg: result
 * @cipher: enum crypto_map_cipher
 * @icv_bytes: ICV of a combined mode cipher, 0 for its default
 * @auth: enum crypto_map_auth
 * @enc_len: bytes of cipher key, salt included
 * @auth_len: bytes of authenticator key
 * @extack: told what does not fit
 *
 * Return: as cmap_alg_resolve().
 */
int cmap_alg_keys(struct cmap_alg *alg, u8 cipher, u8 icv_bytes, u8 auth,
		  u8 enc_len, u8 auth_len, struct netlink_ext_ack *extack);

/**
 * cmap_alg_set_esn() - use extended sequence numbers
 * @alg: algorithms
 *
 * The high half of the number is authenticated and not sent (RFC 4303 2.2.1).
 */
void cmap_alg_set_esn(struct cmap_alg *alg);

#define CMAP_ALG_NAME_MAX	48

/**
 * struct cmap_alg_row - a cipher with a key length, or an authenticator
 * @is_auth: an authenticator
 * @number: enum crypto_map_cipher or crypto_map_auth
 * @name: name
 * @key_bits: key length without salt
 * @block: block size in bytes, of a cipher
 * @icv: bytes of ICV, the longest one; 0 for a cipher that has none
 * @weak: for peers that have nothing better
 * @state: enum crypto_map_alg_state
 */
struct cmap_alg_row {
	bool		is_auth;
	u8		number;
	const char	*name;
	u16		key_bits;
	u8		block;
	u8		icv;
	bool		weak;
	u8		state;
};

/**
 * cmap_alg_row() - go through all algorithms
 * @i: number from 0
 * @row: result
 *
 * Return: whether there are so many.
 */
bool cmap_alg_row(unsigned int i, struct cmap_alg_row *row);

/**
 * cmap_alg_disable() - never resolve an algorithm again
 * @cipher: enum crypto_map_cipher; what is disabled unless it is the null cipher
 * @auth: enum crypto_map_auth; what is disabled with the null cipher
 * @enc_len: bytes of cipher key, salt included
 * @absent: the kernel does not have it, else it failed
 * @name: set to its name, for a message
 * @size: room in @name
 *
 * The first finding stays: what is absent does not come to fail as well.
 *
 * Context: the self-test, which cmap_selftest_wait() waits for.
 * Return: whether it was not disabled yet.
 */
bool cmap_alg_disable(u8 cipher, u8 auth, u8 enc_len, bool absent, char *name,
		      size_t size);

int cmap_algs_check_keys(u8 cipher, u16 key_bits, u8 auth, u8 enc_len,
			 u8 auth_len, struct netlink_ext_ack *extack);

/**
 * cmap_alg_plain_mtu() - largest packet that fits a path
 * @alg: algorithms
 * @path: MTU of the path in bytes
 * @overhead: bytes of outer IP header and UDP header
 *
 * Return: bytes of plaintext before the ESP trailer, 0 if nothing fits.
 */
u32 cmap_alg_plain_mtu(const struct cmap_alg *alg, u32 path, u32 overhead);

#endif /* _CMAP_ALGS_H */
