/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_TSET_H
#define _CMAP_TSET_H

/*
 * Transform sets: immutable, referenced by configurations and transactions.
 * Readers under RCU reach them through the configuration, which keeps them
 * until a grace period after it was replaced.
 */

#include <linux/refcount.h>
#include <linux/types.h>

#include <uapi/linux/crypto_map.h>

/**
 * struct cmap_tset - a transform set
 * @refs: configurations and transactions that use it
 * @name: name, constant
 * @cipher: enum crypto_map_cipher
 * @key_bits: key length without salt, 0 for the null cipher
 * @icv_bytes: length of the integrity check value of a combined mode, else 0
 * @auth: enum crypto_map_auth
 * @mode: enum crypto_map_mode
 * @require: refuse any other mode
 * @esn: extended sequence numbers
 * @weak: for peers that have nothing better; follows from the algorithms
 */
struct cmap_tset {
	refcount_t	refs;
	char		name[CRYPTO_MAP_NAME_MAX + 1];
	u8		cipher;
	u16		key_bits;
	u8		icv_bytes;
	u8		auth;
	u8		mode;
	bool		require;
	bool		esn;
	bool		weak;
};

bool cmap_tset_equal(const struct cmap_tset *a, const struct cmap_tset *b);
void cmap_tset_get(struct cmap_tset *tset);
void cmap_tset_put(struct cmap_tset *tset);

#endif /* _CMAP_TSET_H */
