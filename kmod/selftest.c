// SPDX-License-Identifier: GPL-2.0-only
/* Known answers of the algorithms, asked for when the module is loaded. */

#include <crypto/aead.h>
#include <linux/crypto.h>
#include <linux/err.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include <uapi/linux/crypto_map.h>

#include "aead.h"
#include "algs.h"
#include "net.h"
#include "selftest.h"
#include "vectors.h"

/* Bytes before the ESP header that must be there again at the end. */
#define CMAP_SELFTEST_HEAD	0xa5

/*
 * One pass through the crypto API over a buffer with the packet after four bytes
 * of something else, as cmap_esp_output() and cmap_esp_input() make it.
 */
static int cmap_selftest_crypt(struct crypto_aead *tfm,
			       const struct cmap_alg *alg,
			       const struct cmap_vector *v, u8 *esp,
			       bool encrypt)
{
	unsigned int spare = cmap_alg_spare(alg);
	DECLARE_CRYPTO_WAIT(wait);
	struct cmap_req *req;
	int err;

	req = cmap_req_alloc(tfm, 1);
	if (!req)
		return -ENOMEM;
	sg_init_one(req->sg, esp - spare, spare + cmap_vector_len(v));
	memcpy(req->iv, esp + CMAP_ESP_HDR, alg->iv);
	if (alg->esn)
		cmap_req_insert_seqhi(req, esp, v->seq >> 32);
	aead_request_set_callback(req->aead, CRYPTO_TFM_REQ_MAY_BACKLOG |
				  CRYPTO_TFM_REQ_MAY_SLEEP, crypto_req_done,
				  &wait);
	cmap_req_set_crypt(req, alg, encrypt ? v->plain.len : v->sealed.len);
	err = crypto_wait_req(encrypt ? crypto_aead_encrypt(req->aead) :
					crypto_aead_decrypt(req->aead), &wait);
	cmap_req_remove_seqhi(req);
	cmap_req_free(req);
	return err;
}

/* Return: 0, -EILSEQ for a wrong answer, or an error of the crypto API. */
static int cmap_selftest_answers(struct crypto_aead *tfm,
				 const struct cmap_alg *alg,
				 const struct cmap_vector *v, u8 *esp)
{
	unsigned int len = cmap_vector_len(v);
	int err;

	cmap_vector_put(v, esp, false);
	err = cmap_selftest_crypt(tfm, alg, v, esp, true);
	if (err)
		return err;
	if (!cmap_vector_is(v, esp, true))
		return -EILSEQ;

	err = cmap_selftest_crypt(tfm, alg, v, esp, false);
	if (err)
		return err;
	if (!cmap_vector_is(v, esp, false))
		return -EILSEQ;

	cmap_vector_put(v, esp, true);
	esp[len - 1] ^= 1;
	err = cmap_selftest_crypt(tfm, alg, v, esp, false);
	return err == -EBADMSG ? 0 : err ?: -EILSEQ;
}

static int cmap_selftest_vector(const struct cmap_vector *v)
{
	unsigned int len = cmap_vector_len(v);
	u8 head[sizeof(__be32)];
	struct crypto_aead *tfm;
	struct cmap_alg alg;
	u8 *buf;
	int err;

	err = cmap_alg_keys(&alg, v->cipher, v->icv, v->auth, v->enc.len,
			    v->auth_key.len, NULL);
	if (err)
		return err;
	if (v->esn)
		cmap_alg_set_esn(&alg);
	if (v->iv.len != alg.iv || v->sealed.len != v->plain.len + alg.icv)
		return -EILSEQ;

	tfm = cmap_aead_create(&alg, (const u8 *)v->enc.data,
			       (const u8 *)v->auth_key.data);
	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	err = -ENOMEM;
	buf = kmalloc(sizeof(head) + len, GFP_KERNEL);
	if (buf) {
		memset(head, CMAP_SELFTEST_HEAD, sizeof(head));
		memcpy(buf, head, sizeof(head));
		err = cmap_selftest_answers(tfm, &alg, v, buf + sizeof(head));
		if (!err && memcmp(buf, head, sizeof(head)))
			err = -EILSEQ;
		kfree(buf);
	}
	crypto_free_aead(tfm);
	return err;
}

static void cmap_selftest_judge(const struct cmap_vector *v)
{
	int err = cmap_selftest_vector(v);
	char name[CMAP_ALG_NAME_MAX];

	if (!err)
		return;
	if (err == -ENOENT && v->esn) {
		pr_info("crypto_map: this kernel has no extended sequence numbers for what has known answer %s\n",
			v->source);
		return;
	}
	if (!cmap_alg_disable(v->cipher, v->auth, v->enc.len, err == -ENOENT,
			      name, sizeof(name)))
		return;
	if (err == -ENOENT)
		pr_info("crypto_map: this kernel has no %s\n", name);
	else
		pr_err("crypto_map: %s is disabled: known answer of %s: error %d\n",
		       name, v->source, err);
}

static void cmap_selftest_work_fn(struct work_struct *work)
{
	unsigned int i;

	for (i = 0; i < cmap_n_vectors; i++)
		cmap_selftest_judge(&cmap_vectors[i]);
}

static DECLARE_WORK(cmap_selftest_work, cmap_selftest_work_fn);

void cmap_selftest_start(void)
{
	queue_work(cmap_wq, &cmap_selftest_work);
}

void cmap_selftest_wait(void)
{
	flush_work(&cmap_selftest_work);
}
