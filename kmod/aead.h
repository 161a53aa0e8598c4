/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_AEAD_H
#define _CMAP_AEAD_H

/*
 * Keyed transforms and the memory of requests.
 *
 * The raw AEADs are used, without an IV generator: the IV is made here, lies in
 * the packet, and is authenticated as associated data (SPI, sequence number,
 * IV). So one packet needs one request and no inner copy.
 */

#include <crypto/aead.h>
#include <linux/scatterlist.h>
#include <linux/types.h>

struct cmap_alg;
struct cmap_sa;
struct net_device;
struct sk_buff;

#define CMAP_IV_MAX	16

/**
 * struct cmap_req - one packet in the crypto API
 * @sa: its SA, holds a reference
 * @skb: the packet
 * @dev: input, the device it came from, holds a reference; output, NULL
 * @iv: IV as the crypto API wants it; may be changed by it
 * @aead: the request
 * @sg: scatterlist
 */
struct cmap_req {
	struct cmap_sa		*sa;
	struct sk_buff		*skb;
	struct net_device	*dev;
	u8			iv[CMAP_IV_MAX];
	struct aead_request	*aead;
	struct scatterlist	*sg;
};

/**
 * cmap_aead_create() - allocate and key a transform
 * @alg: algorithms
 * @enc: cipher key with salt
 * @auth: authenticator key; length as @alg says
 *
 * Context: may sleep.
 * Return: transform or ERR_PTR(-ENOENT if the kernel has no such algorithm,
 * -ENOMEM, ...).
 */
struct crypto_aead *cmap_aead_create(const struct cmap_alg *alg, const u8 *enc,
				     const u8 *auth);

/**
 * cmap_req_alloc() - memory for a request
 * @tfm: transform
 * @nents: scatterlist entries
 *
 * Served from one block a CPU when it is free, which is nearly always when
 * crypto is synchronous.
 *
 * Context: any.
 * Return: request or NULL.
 */
struct cmap_req *cmap_req_alloc(struct crypto_aead *tfm, unsigned int nents);
void cmap_req_free(struct cmap_req *req);

void cmap_req_exit(void);

#endif /* _CMAP_AEAD_H */
