// SPDX-License-Identifier: GPL-2.0-only
/* Keyed AEAD transforms, and the memory of crypto requests. */

#include <crypto/aead.h>
#include <crypto/authenc.h>
#include <linux/percpu.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "aead.h"
#include "algs.h"

/* Enough for the transforms of x86 with a packet of full page fragments. */
#define CMAP_REQ_BLOCK	2048

/*
 * At most one free block a CPU. Taking and giving are single atomic steps with
 * respect to this CPU, so softirqs, threads and asynchronous completions on
 * other CPUs need no lock: whoever finds the slot empty allocates, whoever finds
 * it full frees.
 */
static DEFINE_PER_CPU(void *, cmap_req_block);

static int cmap_aead_setkey_authenc(struct crypto_aead *tfm,
				    const struct cmap_alg *alg, const u8 *enc,
				    const u8 *auth)
{
	unsigned int enc_len = alg->key_bits / 8 + alg->salt;
	struct crypto_authenc_key_param *param;
	unsigned int len;
	struct rtattr *rta;
	u8 *key, *p;
	int err;

	len = RTA_SPACE(sizeof(*param)) + alg->auth_key + enc_len;
	key = kmalloc(len, GFP_KERNEL);
	if (!key)
		return -ENOMEM;

	p = key;
	rta = (void *)p;
	rta->rta_type = CRYPTO_AUTHENC_KEYA_PARAM;
	rta->rta_len = RTA_LENGTH(sizeof(*param));
	param = RTA_DATA(rta);
	param->enckeylen = cpu_to_be32(enc_len);
	p += RTA_SPACE(sizeof(*param));
	memcpy(p, auth, alg->auth_key);
	p += alg->auth_key;
	memcpy(p, enc, enc_len);

	err = crypto_aead_setkey(tfm, key, len);
	kfree_sensitive(key);
	return err;
}

struct crypto_aead *cmap_aead_create(const struct cmap_alg *alg, const u8 *enc,
				     const u8 *auth)
{
	struct crypto_aead *tfm;
	int err;

	tfm = crypto_alloc_aead(alg->name, 0, 0);
	if (IS_ERR(tfm))
		return tfm;

	if (alg->auth_key)
		err = cmap_aead_setkey_authenc(tfm, alg, enc, auth);
	else
		err = crypto_aead_setkey(tfm, enc,
					 alg->key_bits / 8 + alg->salt);
	if (!err)
		err = crypto_aead_setauthsize(tfm, alg->icv);
	if (err) {
		crypto_free_aead(tfm);
		return ERR_PTR(err);
	}
	return tfm;
}

struct cmap_req *cmap_req_alloc(struct crypto_aead *tfm, unsigned int nents)
{
	size_t aead_at, sg_at, size;
	struct cmap_req *req;
	void *mem = NULL;

	aead_at = ALIGN(sizeof(*req), crypto_tfm_ctx_alignment());
	sg_at = ALIGN(aead_at + sizeof(struct aead_request) +
		      crypto_aead_reqsize(tfm), __alignof__(struct scatterlist));
	size = sg_at + nents * sizeof(struct scatterlist);

	if (size <= CMAP_REQ_BLOCK) {
		mem = this_cpu_xchg(cmap_req_block, NULL);
		size = CMAP_REQ_BLOCK;
	}
	if (!mem)
		mem = kmalloc(size, GFP_ATOMIC);
	if (!mem)
		return NULL;

	req = mem;
	req->aead = mem + aead_at;
	req->sg = mem + sg_at;
	req->esn = NULL;
	aead_request_set_tfm(req->aead, tfm);
	return req;
}

void cmap_req_free(struct cmap_req *req)
{
	/* a larger block serves as well as one of the usual size */
	if (this_cpu_cmpxchg(cmap_req_block, NULL, req))
		kfree(req);
}

/* Called when no request can be made any more. */
void cmap_req_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		kfree(per_cpu(cmap_req_block, cpu));
}
