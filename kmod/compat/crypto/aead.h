/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_COMPAT_CRYPTO_AEAD_H
#define _CMAP_COMPAT_CRYPTO_AEAD_H

#include_next <crypto/aead.h>
#include <linux/bottom_half.h>
#include <linux/rcupdate.h>
#include <linux/version.h>

struct cmap_req;

static inline void cmap_aead_complete(struct cmap_req *req, int err,
				      void (*done)(struct cmap_req *req,
						   int err))
{
	local_bh_disable();
	rcu_read_lock();
	done(req, err);
	rcu_read_unlock();
	local_bh_enable();
}

/*
 * CMAP_AEAD_COMPLETION() - define a completion callback
 * @name: of the callback
 * @done: void function of (struct cmap_req *, int), called with BH disabled in
 *	an RCU section
 *
 * Until 6.2 a callback got the request, since then what was set as its data.
 */
#if KERNEL_VERSION(6, 3, 0) > LINUX_VERSION_CODE
#define CMAP_AEAD_COMPLETION(name, done)				\
static void name(struct crypto_async_request *base, int err)		\
{									\
	cmap_aead_complete(base->data, err, done);			\
}
#else
#define CMAP_AEAD_COMPLETION(name, done)				\
static void name(void *data, int err)					\
{									\
	cmap_aead_complete(data, err, done);				\
}
#endif

#endif /* _CMAP_COMPAT_CRYPTO_AEAD_H */
