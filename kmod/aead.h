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

#include "algs.h"

struct cmap_sa;
struct net_device;
struct sk_buff;

#define CMAP_IV_MAX	16

/**
 * struct cmap_req - one packet in the crypto API
 * @sa: its SA, holds a reference
 * @skb: the packet
 * @dev: input, the device it came from, holds a reference; output, NULL
 * @seq: sequence number, with the high half if extended
 * @esn: where cmap_req_insert_seqhi() changed the packet, else NULL
 * @esn_saved: what was there
 * @iv: IV as the crypto API wants it; may be changed by it
 * @aead: the request
 * @sg: scatterlist
 */
struct cmap_req {
	struct cmap_sa		*sa;
	struct sk_buff		*skb;
	struct net_device	*dev;
	u64			seq;
	__be32			*esn;
	__be32			esn_saved;
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

/* Bytes before the ESP header that the crypto API gets to see. */
static inline unsigned int cmap_alg_spare(const struct cmap_alg *alg)
{
	return alg->esn ? sizeof(__be32) : 0;
}

/**
 * cmap_req_set_crypt() - describe a packet to the crypto API
 * @req: request; @sg begins cmap_alg_spare() bytes before the ESP header, @iv is
 *	set
 * @alg: algorithms
 * @len: bytes after the IV: plaintext with trailer, or ciphertext and ICV
 */
static inline void cmap_req_set_crypt(struct cmap_req *req,
				      const struct cmap_alg *alg,
				      unsigned int len)
{
	aead_request_set_crypt(req->aead, req->sg, req->sg, len, req->iv);
	aead_request_set_ad(req->aead, cmap_alg_spare(alg) +
			    CMAP_ESP_HDR + alg->iv);
}

/**
 * cmap_req_insert_seqhi() - put the high half of the sequence number in
 * @req: request
 * @esp: ESP header, with cmap_alg_spare() bytes of the packet before it
 * @seqhi: high half
 *
 * The associated data with extended sequence numbers is SPI, high half, low
 * half. The SPI moves into the four bytes before the header for as long as the
 * packet is in the crypto API; cmap_req_remove_seqhi() undoes that.
 */
static inline void cmap_req_insert_seqhi(struct cmap_req *req, void *esp,
					 u32 seqhi)
{
	__be32 *word = esp;

	req->esn = word - 1;
	req->esn_saved = word[-1];
	word[-1] = word[0];
	word[0] = cpu_to_be32(seqhi);
}

static inline void cmap_req_remove_seqhi(struct cmap_req *req)
{
	__be32 *word = req->esn;

	if (!word)
		return;
	word[1] = word[0];
	word[0] = req->esn_saved;
}

void cmap_req_exit(void);

#endif /* _CMAP_AEAD_H */
