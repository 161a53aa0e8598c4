/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_VECTORS_H
#define _CMAP_VECTORS_H

/*
 * Known answers: ESP packets of known keys. Free of the crypto API, so that the
 * comparison is tested on the host.
 */

#include <linux/types.h>

/**
 * struct cmap_bytes - a constant string of bytes
 * @data: bytes, NULL for none
 * @len: length
 */
struct cmap_bytes {
	const char	*data;
	u16		len;
};

/**
 * struct cmap_vector - an ESP packet, in clear and protected
 * @source: who says so
 * @cipher: enum crypto_map_cipher
 * @auth: enum crypto_map_auth
 * @icv: bytes of ICV of a combined mode
 * @esn: extended sequence numbers
 * @spi: host byte order
 * @seq: sequence number
 * @enc: cipher key with salt
 * @auth_key: authenticator key
 * @iv: IV
 * @plain: what is encrypted, trailer included
 * @sealed: the same encrypted, and the ICV
 */
struct cmap_vector {
	const char		*source;
	u8			cipher;
	u8			auth;
	u8			icv;
	bool			esn;
	u32			spi;
	u64			seq;
	struct cmap_bytes	enc;
	struct cmap_bytes	auth_key;
	struct cmap_bytes	iv;
	struct cmap_bytes	plain;
	struct cmap_bytes	sealed;
};

extern const struct cmap_vector cmap_vectors[];
extern const unsigned int cmap_n_vectors;

/**
 * cmap_vector_len() - length of the packet with its ICV
 * @v: vector
 */
unsigned int cmap_vector_len(const struct cmap_vector *v);

/**
 * cmap_vector_put() - write the packet
 * @v: vector
 * @esp: room for cmap_vector_len() bytes, from the ESP header on
 * @sealed: as it is on the wire, or with its payload in clear
 */
void cmap_vector_put(const struct cmap_vector *v, u8 *esp, bool sealed);

/**
 * cmap_vector_is() - compare with the packet
 * @v: vector
 * @esp: bytes from the ESP header on
 * @sealed: as it is on the wire, or decrypted, where the ICV does not count
 */
bool cmap_vector_is(const struct cmap_vector *v, const u8 *esp, bool sealed);

#endif /* _CMAP_VECTORS_H */
